"""The rows of a register as a workbook, in the columns its own import takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import translation

from campaigns.exports.register_words import FILE, NO, YES
from campaigns.models import RegisterRow
from campaigns.registers import Reading, RegisterColumn, RegisterSpec
from campaigns.registers.spec import EXCUSE
from qualityseason.exports.cells import Value
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.exports.tables import Table, write_tables

NARROW, WIDE = 12, 24
WIDE_READINGS = frozenset({Reading.TERM, Reading.TEXT})


def make_register(spec: RegisterSpec, rows: Iterable[RegisterRow], *, college: str) -> bytes:
    """Return the rows, loaded with their relations, as an .xlsx; brought in again it changes nothing."""
    with translation.override(PAPER_LANGUAGE):
        title = str(spec.kind.label)
    wide = {column.key for column in (*spec.columns, *EXCUSE) if column.reading in WIDE_READINGS}
    columns = [(column.heading, WIDE if column.key in wide else NARROW) for column in spec.sheet_columns]
    table = Table(title, columns, [_values(spec, row) for row in rows])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write_tables(path, [table], heading=title, college=college, landscape=True)
        return path.read_bytes()


def file_name(spec: RegisterSpec, *, on: date) -> str:
    """Return what the workbook is called."""
    with translation.override(PAPER_LANGUAGE):
        return FILE % {"register": spec.kind.label, "day": on.isoformat()}


def _values(spec: RegisterSpec, row: RegisterRow) -> list[Value]:
    values: list[Value] = []
    for column in (*spec.columns, *EXCUSE):
        said: Any = getattr(row, column.key)
        if column.reading is Reading.PERSON:
            values += [said.number, said.name, row.department.name]
        elif column.reading is Reading.STUDENT_CLASS:
            values += [said.name, row.department.name]
        else:
            values.append(_value(column, said))
    return values


def _value(column: RegisterColumn, said: Any) -> Value:
    if said is None:
        return None
    if column.reading is Reading.TRUTH:
        return YES if said else NO
    if column.reading in (Reading.PER_CENT, Reading.MARK) and 0 < said <= 1:
        return f"{said}%"  # a bare 0.5 might mean a half
    if isinstance(said, Decimal | int | date):
        kept: Value = said
        return kept
    return str(said.name) if column.reading in (Reading.TERM, Reading.DEPARTMENT) else str(said)
