"""The list of honours: workbook, Word text, paper. What stands there was decided by the query."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.enums import NominationState
from campaigns.exports import honours_words as words
from campaigns.exports.official_word import FANG, HEI, cells, face, new_document, paragraph
from campaigns.exports.paper_day import paper_day
from campaigns.queries.honours_list import HonoursList
from qualityseason.exports.cells import Value, inert
from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from qualityseason.exports.tables import Table, write_tables

OFFICE_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Format:
    """A form of the list: its ending, its type, and what writes it."""

    suffix: str
    media_type: str
    write: Callable[[HonoursList, Path], object]


@dataclass(frozen=True)
class Wording:
    """What the list says around its rows, in Chinese whoever asked."""

    title: str
    notes: tuple[str, ...]
    signers: tuple[str, ...]
    signature: str
    day: str


def file_name(facts: HonoursList, suffix: str) -> str:
    """Return what the file is called."""
    what = words.CHOSEN if facts.only_chosen else words.NOMINATIONS
    day = facts.listed_on.isoformat()
    return words.FILE % {"season": facts.season, "what": what, "day": day, "suffix": suffix}


def made_of(facts: HonoursList, form: Format) -> bytes:
    """Return the list in that form."""
    with tempfile.TemporaryDirectory(prefix="honours-") as folder:
        path = Path(folder) / f"honours.{form.suffix}"
        form.write(facts, path)
        return path.read_bytes()


def state_of(state: str) -> str:
    """Return the fixed word for the state of a nomination."""
    return words.STATES[NominationState(state)]


def write_workbook(facts: HonoursList, path: Path) -> None:
    """Write who is commended, and all nominations with reasons and states on a sheet of their own."""
    said = _wording(facts)
    chosen: list[list[Value]] = [[row.honour, row.name, row.department] for row in facts.chosen]
    tables = [Table(words.CHOSEN, [(words.HONOUR, 16), (words.NAME, 14), (words.DEPARTMENT, 30)], chosen)]
    if not facts.only_chosen:
        tables.append(_nominations(facts))
    tables.append(Table(words.NOTES, [(words.NOTES, 100)], [[note] for note in said.notes]))
    write_tables(path, tables, heading=said.title, college=facts.college, landscape=not facts.only_chosen)


def _nominations(facts: HonoursList) -> Table:
    columns = [(words.HONOUR, 16), (words.DEPARTMENT, 26), (words.NAME, 12), (words.NUMBER, 12)]
    columns += [(words.STATE, 10), (words.REASONS, 90)]
    rows: list[list[Value]] = [
        [row.honour, row.department, row.name, row.number, state_of(row.state), row.reasons] for row in facts.rows
    ]
    return Table(words.NOMINATIONS, columns, rows)


def write_word(facts: HonoursList, path: Path) -> None:
    """Write the list as a Word text with places to sign."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    said = _wording(facts)
    document = new_document(title=said.title, author=facts.college)
    for text, name, size in ((facts.issuer, FANG, 16), (said.title, HEI, 22)):
        heading = document.add_paragraph()
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        face(heading.add_run(inert(text)), name, size)
    if not facts.only_chosen:
        face(document.add_paragraph().add_run(words.CHOSEN), HEI, 16)
    head: tuple[str, ...] = (words.HONOUR, words.NAME, words.DEPARTMENT)
    _table(document, head, (40, 40, 76), [(row.honour, row.name, row.department) for row in facts.chosen])
    if not facts.only_chosen:
        face(document.add_paragraph().add_run(words.NOMINATIONS), HEI, 16)
        head = (words.HONOUR, words.DEPARTMENT, words.NAME, words.STATE, words.REASONS)
        rows = [(row.honour, row.department, row.name, state_of(row.state), row.reasons) for row in facts.rows]
        _table(document, head, (24, 32, 22, 20, 58), rows)
    for note in said.notes:
        paragraph(document, note)
    for signer in said.signers:
        document.add_paragraph(f"{inert(signer)}{said.signature}{'_' * 14}    {said.day}{'_' * 10}")
    document.save(str(path))


def _table(document: Any, head: tuple[str, ...], widths: tuple[int, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    cells(table.rows[0].cells, head, HEI)
    for row in rows:
        cells(table.add_row().cells, row, FANG)
    for line in table.rows:
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = Mm(width)


def write_pdf(facts: HonoursList, path: Path) -> int:
    """Print the list, with places to sign; returns its pages. Raises Refused naming what the system lacks."""
    paper = load_paper("campaigns/paper.css")
    said = _wording(facts)
    rows = [(row, state_of(row.state)) for row in facts.rows]
    with translation.override(PAPER_LANGUAGE):
        context = {"facts": facts, "rows": rows, "said": said, "words": words}
        html = render_to_string("campaigns/honours_paper.html", context)
    return paper.print(html, path)


def _wording(facts: HonoursList) -> Wording:
    with translation.override(PAPER_LANGUAGE):
        counts = "、".join(
            _("%(honour)s: %(count)d") % {"honour": honour, "count": sum(row.honour == honour for row in facts.chosen)}
            for honour in facts.honours
        )
        notes = [
            _("Decided by the leading group on %(day)s.") % {"day": paper_day(day)} for day in facts.decided_on
        ] or [_("The leading group has not decided yet.")]
        if facts.chosen:
            notes.append(_("Commended: %(counts)s.") % {"counts": counts})
        if not facts.only_chosen:
            notes.append(_("For the office and the leading group; who is not commended is not made known."))
        title = _("%(season)s: commended persons") if facts.only_chosen else _("%(season)s: nominations for honours")
        return Wording(
            title=title % {"season": facts.season},
            notes=tuple(notes),
            signers=(_("Campaign office"), _("Leading group")),
            signature=_("(signature):"),
            day=_("Date:"),
        )


FORMATS = {
    "xlsx": Format("xlsx", f"{OFFICE_XML}.spreadsheetml.sheet", write_workbook),
    "docx": Format("docx", f"{OFFICE_XML}.wordprocessingml.document", write_word),
    "pdf": Format("pdf", "application/pdf", write_pdf),
}
