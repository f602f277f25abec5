"""What leaves the house on paper: WeasyPrint, loaded when first needed, one font configuration for the process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from qualityseason.errors import Refused
from qualityseason.pdf_libraries import ONLY_SLOWER, missing_packages

PAPER_LANGUAGE = "zh-hans"  # what leaves the house for signature is Chinese, whoever asked for it


def load_paper(stylesheet: str) -> Paper:
    """Return what prints with that stylesheet, a template's name; raises Refused where libraries or fonts lack."""
    missing = [package for package in missing_packages() if package not in ONLY_SLOWER]
    if missing:
        raise _refusal(", ".join(missing))
    try:
        return Paper.of(stylesheet)
    except OSError as error:
        raise _refusal(str(error).splitlines()[0]) from error


def _refusal(missing: str) -> Refused:
    return Refused(
        _("No PDF can be made here yet: the system lacks %(missing)s. The workbook works without it.")
        % {"missing": missing},
        code="pdf_unavailable",
    )


class Paper:
    """WeasyPrint with one stylesheet of ours, parsed once, in place of its own for any web page."""

    def __init__(self, stylesheet: str) -> None:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
        self._fetcher = _fetcher()
        style = CSS(string=render_to_string(stylesheet), font_config=fonts, url_fetcher=self._fetcher)

        class Page(HTML):
            def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
                return []

        self._page, self._options = Page, {"stylesheets": [style], "font_config": fonts}

    @classmethod
    @cache
    def of(cls, stylesheet: str) -> Paper:
        """Return the paper of this process with that stylesheet."""
        return cls(stylesheet)

    def print(self, html: str, path: Path) -> int:
        """Write the page as PDF; returns how many pages it has."""
        with _collector_paused():
            document = self._page(string=html, url_fetcher=self._fetcher).render(**self._options)
            document.write_pdf(path)
        return len(document.pages)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for garbage among the hundred thousand boxes of a page: a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _fetcher() -> Any:
    """Return what fetches for WeasyPrint, which leaves out what is refused and goes on."""
    from weasyprint.urls import URLFetcher

    class Inside(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            _fetch_nothing(url)
            return super().fetch(url, headers)

    return Inside(allowed_protocols={"data"})


def _fetch_nothing(url: str) -> None:
    """Refuse every address but pictures, made of points, that came inside the page itself."""
    if not url.startswith(("data:image/png;", "data:image/jpeg;")):
        raise ValueError(f"a paper fetches nothing: {url[:80]}")
