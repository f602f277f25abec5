"""A compiled volume: cover, contents, each text with its appended files, the missing departments; one PDF.

Every page bears its place in the file as its number, so that the contents, the paper and a reader's page box agree.
Texts are printed one by one, each from the page on which it comes to stand; the contents last, when all are known. Its
length is known before, because a number never moves a line of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject

from campaigns.calculations.plan_text import is_split
from campaigns.exports.appendices import Appendix, prepare_appendix
from campaigns.facts.plans import PlanContent
from campaigns.queries.volume_values import VolumeEntry, VolumeFacts, VolumeKind
from qualityseason.errors import Refused
from qualityseason.exports.paper import PAPER_LANGUAGE, Paper, load_paper
from qualityseason.exports.word import word_as_html

STYLESHEET = "campaigns/volume.css"
UNKNOWN = 888  # stands for a number while the contents are printed for their length
LINK = "volume:"  # the address a line of the contents is printed with, until it leads to its page


@dataclass(frozen=True)
class Source:
    """Where the maker gets what an entry says and where a content lies; exports ask no query."""

    content: Callable[[VolumeEntry], PlanContent]
    place: Callable[[str], Path]


@dataclass(frozen=True)
class Line:
    """A line of the contents, and of the outline: a block's heading (no page) or what stands on a page."""

    text: str
    page: int = 0
    title: str = ""


@dataclass
class _Piece:
    """A finished file of pages, and the outline entry its first page gets ('' none)."""

    path: Path
    pages: int
    line: Line | None = None
    block: str = ""


class VolumeMaker:
    """Makes one volume in a folder of its own."""

    def __init__(self, facts: VolumeFacts, source: Source, folder: Path, *, day: str) -> None:
        self._facts, self._source, self._folder, self._day = facts, source, folder, day
        self._paper: Paper = load_paper(STYLESHEET)
        self._pieces: list[_Piece] = []

    def make(self, target: Path, progress: Callable[[int, int], None]) -> int:
        """Write the volume to `target`; returns its pages. Raises Refused naming what the system lacks."""
        total = len(self._facts.entries) + 2
        with translation.override(PAPER_LANGUAGE):
            progress(0, total)
            front = self._print_front(self._lines(dict.fromkeys(self._facts.entries, UNKNOWN), UNKNOWN))
            starts: dict[VolumeEntry, int] = {}
            page = front + 1
            for done, entry in enumerate(self._facts.entries, start=1):
                starts[entry] = page
                page += self._add_entry(entry, page)
                progress(done, total)
            missing_at = page
            if self._is_missing:
                self._add("missing", self._missing_title, page, facts=self._facts)
            lines = self._lines(starts, missing_at)
            if self._print_front(lines) != front:
                raise RuntimeError("the numbers have changed the length of the contents")
            progress(total - 1, total)
            pages = self._bind(target, lines)
            progress(total, total)
        return pages

    def _lines(self, starts: dict[VolumeEntry, int], missing_at: int) -> list[Line]:
        lines, block = [], ""
        for entry in self._facts.entries:
            if entry.block != block:
                block = entry.block
                lines.append(Line(block))
            lines.append(Line(entry.department, starts[entry], entry.title))
        if self._is_missing:
            lines.append(Line(self._missing_title, missing_at))
        return lines

    @property
    def _is_missing(self) -> bool:
        return bool(self._facts.missing or self._facts.missing_pieces)

    @property
    def _missing_title(self) -> str:
        if self._facts.kind == VolumeKind.SUMMARIES:
            return _("What is missing")
        return _("Departments without an approved plan")

    def _print_front(self, lines: list[Line]) -> int:
        context = {"facts": self._facts, "lines": lines, "day": self._day, "link": LINK}
        return self._print("front", self._folder / "front.pdf", 1, context)

    def _add_entry(self, entry: VolumeEntry, page: int) -> int:
        content = self._source.content(entry)
        number = len(self._pieces)
        files = [
            prepare_appendix(file, self._source.place(file.sha256), self._folder / f"file-{number}-{place}.pdf")
            for place, file in enumerate(content.files)
        ]
        word_html, problem = self._word(content)
        context = {
            "plan": replace(content, files=()),
            "department": entry.department,
            "files": files,
            "word_html": word_html,
            "word_problem": problem,
        }
        pages = self._add("plan", entry.department, page, block=entry.block, **context)
        for place, file in enumerate(files, start=1):
            if file.path is not None:
                self._stamp(entry, file, place, page + pages)
                self._pieces.append(_Piece(file.path, file.pages, Line(file.name)))
                pages += file.pages
        return pages

    def _word(self, content: PlanContent) -> tuple[str, str]:
        """Return the Word text of an entry that is not split into items and parts, or why it cannot be printed."""
        if not content.word_sha256 or is_split(content):
            return "", ""
        try:
            return word_as_html(self._source.place(content.word_sha256)), ""
        except Refused as refused:
            return "", str(refused.sentence)
        except OSError:
            return "", _("it is missing")

    def _stamp(self, entry: VolumeEntry, file: Appendix, place: int, page: int) -> None:
        """Put running head and page number on the pages of an appended file."""
        assert file.path is not None  # noqa: S101  # the caller asked
        stamps = self._folder / "stamps.pdf"
        context = {"plan": entry, "file": file, "place": place, "sheets": range(file.pages)}
        self._print("appendix", stamps, page, context)
        writer = PdfWriter(clone_from=str(file.path))
        with stamps.open("rb") as opened:
            for sheet, stamp in zip(writer.pages, PdfReader(opened).pages, strict=True):
                sheet.merge_page(stamp)
            writer.write(file.path)

    def _add(self, template: str, text: str, page: int, *, block: str = "", **context: Any) -> int:
        path = self._folder / f"piece-{len(self._pieces)}.pdf"
        pages = self._print(template, path, page, context)
        self._pieces.append(_Piece(path, pages, Line(text, page), block))
        return pages

    def _print(self, template: str, path: Path, page: int, context: dict[str, Any]) -> int:
        """Print from that page number on; even numbers stand on the left."""
        common = {"college": self._facts.college, "season": self._facts.season}
        place = {"first_page": page, "side": "right" if page % 2 else "left"}
        html = render_to_string(f"campaigns/volume_{template}.html", common | place | context)
        return self._paper.print(html, path)

    def _bind(self, target: Path, lines: list[Line]) -> int:
        writer = PdfWriter()
        writer.append(str(self._folder / "front.pdf"), import_outline=False)
        self._lead_to_pages(writer)
        block, parent, plan = "", None, None
        for piece in self._pieces:
            start = len(writer.pages)
            writer.append(str(piece.path), import_outline=False)
            if piece.line is None:
                continue
            if not piece.line.page:  # an appended file belongs to the plan before it
                writer.add_outline_item(title=piece.line.text, page_number=start, parent=plan)
                continue
            if piece.block != block:
                block = piece.block
                parent = writer.add_outline_item(title=block, page_number=start) if block else None
            plan = writer.add_outline_item(title=piece.line.text, page_number=start, parent=parent)
        title = (
            _("%(season)s: compiled plans")
            if self._facts.kind == VolumeKind.PLANS
            else _("%(season)s: compiled summaries")
        )
        title %= {"season": self._facts.season}
        writer.add_metadata({"/Title": title, "/Author": self._facts.college})
        writer.write(target)
        return len(writer.pages)

    def _lead_to_pages(self, writer: PdfWriter) -> None:
        """Make the lines of the contents lead to their pages, which are there by the time anybody reads."""
        for page in writer.pages:
            for reference in page.get("/Annots", ArrayObject()):
                annotation = reference.get_object()
                address = str(annotation.get("/A", {}).get("/URI", ""))
                if address.startswith(LINK):
                    del annotation["/A"]
                    number = int(address.removeprefix(LINK)) - 1
                    annotation[NameObject("/Dest")] = ArrayObject([NumberObject(number), NameObject("/Fit")])
