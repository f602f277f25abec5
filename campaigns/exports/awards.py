"""The award list of the plan contest: workbook, Word text, paper. What stands there was decided by the query."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.exports import awards_words as words
from campaigns.exports.official_word import FANG, HEI, cells, face, new_document, paragraph
from campaigns.exports.paper_day import paper_day
from campaigns.queries.contest_awards import AwardList
from qualityseason.exports.cells import Value, inert
from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from qualityseason.exports.tables import Table, write_tables

OFFICE_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Format:
    """A form of the award list: its ending, its type, and what writes it."""

    suffix: str
    media_type: str
    write: Callable[[AwardList, Path], object]


@dataclass(frozen=True)
class Wording:
    """What the list says around its rows, in Chinese whoever asked."""

    title: str
    basis: str
    notes: tuple[str, ...]
    signers: tuple[str, ...]
    signature: str
    day: str


def file_name(facts: AwardList, suffix: str) -> str:
    """Return what the file is called."""
    return words.FILE % {"season": facts.season, "day": facts.awarded_on.isoformat(), "suffix": suffix}


def made_of(facts: AwardList, form: Format) -> bytes:
    """Return the list in that form."""
    with tempfile.TemporaryDirectory(prefix="awards-") as folder:
        path = Path(folder) / f"awards.{form.suffix}"
        form.write(facts, path)
        return path.read_bytes()


def write_workbook(facts: AwardList, path: Path) -> None:
    """Write the prizes, with all that the reader may know of the judging on sheets of their own."""
    said = _wording(facts)
    columns = [(words.PRIZE, 14), (words.RANK, 8), (words.DEPARTMENT, 26), (words.PLAN, 60)]
    rows: list[list[Value]] = [[each.prize, each.rank, each.department, each.title] for each in facts.awards]
    if facts.sees_table:
        columns.append((words.MEAN, 10))
        for row, award in zip(rows, facts.awards, strict=True):
            row.append(award.mean)
    tables = [Table(words.AWARDS, columns, rows)]
    if facts.sees_table:
        tables += [_standing(facts), _ballots(facts)]
    tables.append(Table(words.NOTES, [(words.NOTES, 100)], [[note] for note in (said.basis, *said.notes)]))
    write_tables(path, tables, heading=said.title, college=facts.college, landscape=True)


def _standing(facts: AwardList) -> Table:
    columns = [(words.RANK, 8), (words.DEPARTMENT, 26), (words.BLOCK, 20), (words.PLAN, 50)]
    columns += [(words.MEAN, 10), (words.SPREAD, 10), (words.JUDGES, 8), (words.PRIZE, 14)]
    rows: list[list[Value]] = [
        [row.rank, row.department, row.block, row.title, row.mean, row.spread, row.given or None, row.prize or ""]
        for row in facts.rows
    ]
    return Table(words.TABLE, columns, rows)


def _ballots(facts: AwardList) -> Table:
    columns = [(words.DEPARTMENT, 26), (words.JUDGE, 12), *((criterion, 12) for criterion in facts.criteria)]
    columns += [(words.JUDGE_MEAN, 10), (words.COUNTS, 12), (words.COMMENT, 60)]
    rows: list[list[Value]] = [
        [
            row.department,
            ballot.judge,
            *(ballot.points.get(criterion) for criterion in facts.criteria),
            ballot.mean,
            words.YES if ballot.counts else words.NO_INTEREST,
            ballot.comment,
        ]
        for row in facts.rows
        for ballot in row.ballots
    ]
    return Table(words.BALLOTS, columns, rows)


def write_word(facts: AwardList, path: Path) -> None:
    """Write the list as a Word text: title 22 pt, body and table in Fangsong, places to sign."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    said = _wording(facts)
    document = new_document(title=said.title, author=facts.college)
    for text, name, size in ((facts.issuer, FANG, 16), (said.title, HEI, 22)):
        heading = document.add_paragraph()
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        face(heading.add_run(inert(text)), name, size)
    paragraph(document, said.basis)
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    cells(table.rows[0].cells, (words.PRIZE, words.DEPARTMENT, words.PLAN), HEI)
    for award in facts.awards:
        cells(table.add_row().cells, (award.prize, award.department, award.title), FANG)
    for row in table.rows:
        for cell, width in zip(row.cells, (Mm(26), Mm(48), Mm(82)), strict=True):
            cell.width = width
    for note in said.notes:
        paragraph(document, note)
    for signer in said.signers:
        document.add_paragraph(f"{inert(signer)}{said.signature}{'_' * 14}    {said.day}{'_' * 10}")
    document.save(str(path))


def write_pdf(facts: AwardList, path: Path) -> int:
    """Print the list, with places to sign; returns its pages. Raises Refused naming what the system lacks."""
    paper = load_paper("campaigns/paper.css")
    said = _wording(facts)
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string("campaigns/awards_paper.html", {"facts": facts, "said": said, "words": words})
    return paper.print(html, path)


def _wording(facts: AwardList) -> Wording:
    with translation.override(PAPER_LANGUAGE):
        day = paper_day(facts.awarded_on)
        counts = "、".join(
            _("%(prize)s: %(count)d") % {"prize": prize.name, "count": prize.count} for prize in facts.prizes
        )
        basis = _(
            "The plans of all blocks were judged together for %(criteria)s; prizes: %(counts)s. Awarded on %(day)s."
        )
        notes = [_("Equal scores share a rank (1-2-2-4); inside one class of prize they share the prize.")]
        notes += [
            _("The tie at rank %(rank)d was decided by the leading group on %(day)s.")
            % {"rank": rank, "day": paper_day(decided_on)}
            for rank, decided_on in facts.decided
        ]
        return Wording(
            title=_("%(season)s: award list of the plan contest") % {"season": facts.season},
            basis=basis % {"criteria": "、".join(facts.criteria), "counts": counts, "day": day},
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
