"""The one table of papers: which kind leaves in which format, and what writes it. Writers load when they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from campaigns.models import Department
from qualityseason.clock import day_of
from qualityseason.services.jobs import Progress
from scoring.enums import PaperKind
from scoring.exports.result_paper import PaperHead
from scoring.facts.results import Result, Statement
from scoring.queries.commendations import named_from
from scoring.queries.papers import PaperSource

OFFICE_XML = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE_XML}.wordprocessingml.document",
    "xlsx": f"{OFFICE_XML}.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Order:
    """One paper to be written: the frozen result, what it was frozen for, and for papers of one department whose."""

    result: Result
    source: PaperSource
    head: PaperHead
    statement: Statement | None
    department: Department | None
    at: datetime

    @property
    def own(self) -> Statement:
        """The statement of the department the paper is about."""
        if self.statement is None:
            raise ValueError("a paper of one department has its statement")
        return self.statement

    @property
    def number(self) -> int:
        """The number of the publication, 0 for a public notice."""
        return (self.source.publication.number or 0) if self.source.publication is not None else 0

    @property
    def published_on(self) -> date:
        """The day of the publication."""
        publication = self.source.publication
        decided_at = publication.decided_at if publication is not None else None
        return day_of(decided_at or self.result.taken_at)


Writer = Callable[[Order, Path, Progress], None]


def formats_of(kind: PaperKind) -> tuple[str, ...]:
    """Return in which formats a paper leaves."""
    return tuple(format for of, format in WRITERS if of == kind)


def _display(order: Order, path: Path, progress: Progress) -> None:
    from scoring.exports.display_pdf import Posting, write_display

    display = order.source.display
    if display is None:
        raise ValueError("the sheet is of a public notice")
    posting = Posting(display.starts_on, display.ends_on, display.visibility, display.note)
    write_display(order.result, path, posting=posting, head=order.head)


def _statement(order: Order, path: Path, progress: Progress) -> None:
    from scoring.exports.statement_pdf import write_statement

    write_statement(order.own, path, head=order.head)


def _confirmation(order: Order, path: Path, progress: Progress) -> None:
    from scoring.exports.confirmation_pdf import write_confirmation

    publication = order.source.publication
    write_confirmation(
        order.result,
        order.own,
        path,
        head=order.head,
        shows_rank=order.source.shows_ranks,
        sign_until=publication.sign_until if publication is not None else None,
    )


def _annex(order: Order, path: Path, progress: Progress) -> None:
    from scoring.exports.annex_pdf import write_annex

    write_annex(order.result, order.own, path, head=order.head)


def _workbook(order: Order, path: Path, progress: Progress) -> None:
    from scoring.exports.frozen_book import write_frozen_book

    write_frozen_book(order.result, path, head=order.head)


def _dossier(order: Order, path: Path, progress: Progress) -> None:
    from qualityseason.services.files import place_of
    from scoring.exports.dossier import write_dossier
    from scoring.queries.dossier import load_dossier

    if order.department is None:
        raise ValueError("a dossier is of one department")
    facts = load_dossier(order.department, order.own)
    write_dossier(order.result, order.own, facts, path, head=order.head, place=place_of, progress=progress)


def _conversion(order: Order, path: Path, progress: Progress) -> None:
    from scoring.exports.conversion_sheet import write_conversion

    write_conversion(order.result, path, code=order.head.code, address=order.head.address)


def _letter(kind: PaperKind, format: str) -> Writer:
    def write(order: Order, path: Path, progress: Progress) -> None:
        from scoring.exports.official_docx import write_letter_docx
        from scoring.exports.official_pdf import write_letter_pdf
        from scoring.exports.official_texts import awards_of, brief_of, bulletin_of

        said: Any = {"head": order.head, "number": order.number, "published_on": order.published_on}
        if kind == PaperKind.AWARDS:
            publication = order.source.publication
            named = named_from(publication) if publication is not None else None
            letter = awards_of(order.result, named=named, **said)
        else:
            letter = (bulletin_of if kind == PaperKind.BULLETIN else brief_of)(order.result, **said)
        if format == "docx":
            write_letter_docx(letter, path)
        else:
            write_letter_pdf(letter, path)

    return write


WRITERS: dict[tuple[PaperKind, str], Writer] = {
    (PaperKind.DISPLAY, "pdf"): _display,
    (PaperKind.STATEMENT, "pdf"): _statement,
    (PaperKind.CONFIRMATION, "pdf"): _confirmation,
    (PaperKind.ANNEX, "pdf"): _annex,
    (PaperKind.CONVERSION, "xlsx"): _conversion,
    **{
        (kind, format): _letter(kind, format)
        for kind in (PaperKind.BULLETIN, PaperKind.AWARDS, PaperKind.BRIEF)
        for format in ("docx", "pdf")
    },
    (PaperKind.WORKBOOK, "xlsx"): _workbook,
    (PaperKind.DOSSIER, "zip"): _dossier,
}
