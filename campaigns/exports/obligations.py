"""What is owed as a workbook, and as a text for the college's chat group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.enums import ObligationState
from campaigns.exports import words
from campaigns.queries.chase import ChaseItem
from campaigns.queries.obligation_matrix import ColumnSum, Matrix, MatrixBlock, MatrixRow, RecordSum
from campaigns.queries.obligations import OwedRow
from qualityseason.clock import day_of
from qualityseason.exports.cells import Value
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.exports.tables import Table, write_tables

NAMED = 8  # departments that are thanked by name


def write_obligations(matrix: Matrix, path: Path, *, heading: str, college: str) -> None:
    """Write the matrix and its rows one by one to `path`."""
    write_tables(path, [_matrix_table(matrix), _rows_table(matrix)], heading=heading, college=college, landscape=True)


def _matrix_table(matrix: Matrix) -> Table:
    fixed = list(zip(words.MATRIX_COLUMNS, (8, 22, 16, 12, 12), strict=True))
    dated = [(_heading(column), 18) for column in matrix.columns]
    summed = [(words.RECORDS % column.name, 14) for column in matrix.records]
    rows: list[list[Value]] = [
        [
            block.name,
            row.department,
            row.telephone,
            words.BETWEEN.join(row.heads),
            words.BETWEEN.join(row.liaisons),
            *(
                words.BESIDE.join(_cell(each, column) for each in cell) or None
                for cell, column in zip(row.cells, matrix.columns, strict=True)
            ),
            *(_sum(each) if each else None for each in row.records),
        ]
        for block, row in _rows(matrix)
    ]
    return Table(words.MATRIX, fixed + dated + summed, rows)


def _rows_table(matrix: Matrix) -> Table:
    columns = list(zip(words.ROW_COLUMNS, (8, 22, 30, 12, 12, 12, 16, 10, 10), strict=True))
    rows: list[list[Value]] = [
        [
            block.name,
            row.department,
            cell.name,
            cell.due_on,
            cell.extended_to,
            day_of(cell.met_at) if cell.met_at else None,
            _state(cell),
            cell.days_late or None,
            cell.days_left if cell.state == ObligationState.OPEN else None,
        ]
        for block, row in _rows(matrix)
        for cell in row.rows
    ]
    return Table(words.ROWS, columns, rows)


def _rows(matrix: Matrix) -> list[tuple[MatrixBlock, MatrixRow]]:
    return [(block, row) for block in matrix.blocks for row in block.rows]


def _heading(column: ColumnSum) -> str:
    return words.DUE % (column.name, column.due_on.isoformat()) if column.is_milestone else column.name


def _cell(cell: OwedRow, column: ColumnSum) -> str:
    return _state(cell) if column.is_milestone else f"{cell.kind.label} {_state(cell)}"


def _sum(record: RecordSum) -> str:
    return words.SUM % {"total": record.total, "open": record.open, "overdue": record.overdue}


def _state(cell: OwedRow) -> str:
    text = words.STATES[cell.state]
    if cell.state == ObligationState.MET:
        return text
    return text % (cell.days_left if cell.state == ObligationState.OPEN else cell.days_late)


def chase_text(items: Sequence[ChaseItem], *, campaign: str, on: date, with_more_time: bool) -> str:
    """Return the text for the chat group, Chinese whoever asks for it; '' when there is nothing to ask for."""
    asked = [item for item in items if item.missing or (with_more_time and item.more_time)]
    if not asked:
        return ""
    with translation.override(PAPER_LANGUAGE):
        greeting = _("Dear heads and liaisons, this is where %(campaign)s stands on %(day)s:")
        parts = [greeting % {"campaign": campaign, "day": _day(on)}]
        parts += [_item(number, item, with_more_time=with_more_time) for number, item in enumerate(asked, start=1)]
        parts.append(
            _("Whoever has done it meanwhile may pass over this. If there is a difficulty, call us. Thank you!")
        )
        parts.append(_("The campaign office"))
        return "\n\n".join(parts)


def _item(number: int, item: ChaseItem, *, with_more_time: bool) -> str:
    lines = [f"{number}. {_asked(item)}"]
    if item.missing:
        missing = _("Not yet (%(number)s): %(names)s")
        lines.append(missing % {"number": len(item.missing), "names": words.BETWEEN.join(item.missing)})
    if with_more_time and item.more_time:
        each = [
            _("%(department)s (until %(day)s)") % {"department": department, "day": _day(day)}
            for department, day in item.more_time
        ]
        lines.append(_("Has more time: %(names)s") % {"names": words.BETWEEN.join(each)})
    if item.done:
        lines.append(_thanks(item.done))
    return "\n".join(lines)


def _asked(item: ChaseItem) -> str:
    if item.due_on is None:
        return item.name
    said: dict[str, object] = {"name": item.name, "day": _day(item.due_on)}
    if item.days_late:
        text = ngettext(
            "%(name)s: was due by %(day)s, %(days)s day overdue",
            "%(name)s: was due by %(day)s, %(days)s days overdue",
            item.days_late,
        )
        return text % (said | {"days": item.days_late})
    if item.days_left == 0:
        return _("%(name)s: due today, %(day)s, until 24:00") % said
    text = ngettext(
        "%(name)s: due by %(day)s, %(days)s day left",
        "%(name)s: due by %(day)s, %(days)s days left",
        item.days_left,
    )
    return text % (said | {"days": item.days_left})


def _thanks(done: Sequence[str]) -> str:
    if len(done) <= NAMED:
        return _("Done, thank you: %(names)s") % {"names": words.BETWEEN.join(done)}
    return ngettext(
        "%(number)s department has done it, thank you!", "%(number)s departments have done it, thank you!", len(done)
    ) % {"number": len(done)}


def _day(day: date) -> str:
    said = {"month": day.month, "day": day.day, "weekday": date_format(day, "l")}
    return _("%(month)d/%(day)d (%(weekday)s)") % said
