"""The ranking on paper: WeasyPrint, loaded when first needed, one font configuration for the whole process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from qualityseason.errors import Refused
from qualityseason.pdf_libraries import ONLY_SLOWER, missing_packages
from scoring.calculations import ZERO
from scoring.exports import words
from scoring.exports.heading import PAPER_LANGUAGE, heading_of
from scoring.queries.exports import ExportFacts
from scoring.queries.ranking import BlockRanking

TEMPLATE = "scoring/ranking_pdf.html"
STYLESHEET = "scoring/ranking_pdf.css"
ROOMY = 18  # rows that fit on one page in larger type


def write_pdf(facts: ExportFacts, path: Path) -> None:
    """Write the ranking of all blocks to `path`; raises Refused naming what the system lacks."""
    engine = load_engine()
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(TEMPLATE, paper_context(facts))
    engine.print(html, path)


def load_engine() -> Engine:
    """Return what prints; raises Refused with a sentence where the system lacks libraries or Chinese fonts."""
    missing = [package for package in missing_packages() if package not in ONLY_SLOWER]
    if missing:
        raise _refusal(", ".join(missing))
    try:
        return Engine.shared()
    except OSError as error:
        raise _refusal(str(error).splitlines()[0]) from error


def _refusal(missing: str) -> Refused:
    return Refused(
        _("No PDF can be made here yet: the system lacks %(missing)s. The workbook works without it.")
        % {"missing": missing},
        code="pdf_unavailable",
    )


class Engine:
    """WeasyPrint with our stylesheet, parsed once, in place of its own for any web page."""

    def __init__(self) -> None:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
        source = render_to_string(STYLESHEET)
        style = CSS(string=source, font_config=fonts, url_fetcher=_fetch_nothing)

        class Paper(HTML):
            def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
                return []

        self._paper, self._options = Paper, {"stylesheets": [style], "font_config": fonts}

    @classmethod
    @cache
    def shared(cls) -> Engine:
        """Return the engine of this process."""
        return cls()

    def print(self, html: str, path: Path) -> None:
        """Write the page as PDF."""
        with _collector_paused():
            self._paper(string=html, url_fetcher=_fetch_nothing).write_pdf(path, **self._options)


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


def _fetch_nothing(url: str, *args: Any, **options: Any) -> Any:
    raise ValueError(f"a paper fetches nothing: {url}")


def paper_context(facts: ExportFacts) -> dict[str, Any]:
    """Return the ranking as the template wants it: every row a tuple of ready strings."""
    ranking = facts.ranking
    parts = [(category.name, _short(category.full)) for category in ranking.categories]
    return asdict(heading_of(facts)) | {
        "rank": words.RANK,
        "department": words.DEPARTMENT,
        "total": words.TOTAL,
        "parts": parts,
        "full": _short(ranking.full),
        "blocks": [_section(block) for block in ranking.blocks],
        "signatures": [_("Head of the assessment team"), _("Campaign office"), _("Leading group")],
    }


def _section(block: BlockRanking) -> dict[str, Any]:
    waiting = sum((row.pending for row in block.rows if row.pending), ZERO)
    rows = [
        (str(row.rank), row.department, tuple([str(score) for score in row.scores]), str(row.total))
        for row in block.rows
    ]
    return {"name": block.name, "rows": rows, "waiting": str(waiting) if waiting else "", "roomy": len(rows) <= ROOMY}


def _short(points: Decimal) -> str:
    return format(points.normalize(), "f") if points == points.to_integral_value() else str(points)
