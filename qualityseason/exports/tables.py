"""A workbook of plain tables: inert text, real dates and numbers, set up for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from qualityseason.exports.cells import Sheet, Style, Value, lines_of
from qualityseason.exports.styles import Styles

A4 = 9
FORBIDDEN_IN_TITLES = str.maketrans(r"\/*?:[]'", "________")
MARGIN_ROOM, MARGIN_SIZE = 75, 9  # characters of one part of a header; Excel stops at 255 with all three


@dataclass(frozen=True)
class Table:
    """One sheet: its title, headings with the width of each column in characters, and rows of values."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Value]]


def write_tables(path: Path, tables: Sequence[Table], *, heading: str, college: str, landscape: bool = False) -> None:
    """Write the tables as sheets of one workbook to `path`; heading and college stand over every printed page."""
    workbook = Workbook(write_only=True)
    workbook.properties.creator, workbook.properties.title = college, heading
    workbook.properties.language = "zh-CN"
    sheets = [Sheet(workbook, table.title.translate(FORBIDDEN_IN_TITLES)[:31]) for table in tables]
    for sheet in sheets:
        workbook._add_sheet(sheet)  # type: ignore[attr-defined]  # create_sheet would make openpyxl's own kind
    styles = Styles(workbook, sheets[0])
    try:
        for sheet, table in zip(sheets, tables, strict=True):
            _fill(sheet, table, styles, heading=heading, college=college, landscape=landscape)
        workbook.save(path)
    except BaseException:
        for sheet in sheets:
            sheet.discard()
        raise


def _fill(sheet: Sheet, table: Table, styles: Styles, *, heading: str, college: str, landscape: bool) -> None:
    widths = [width for _heading, width in table.columns]
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width + 2
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    for part, text in ((sheet.oddHeader.left, college), (sheet.oddHeader.center, heading)):
        part.text, part.size = text[:MARGIN_ROOM].replace("&", "&&"), MARGIN_SIZE
    sheet.oddFooter.center.text = "— &P —"
    sheet.add([text for text, _width in table.columns], [styles.head] * len(widths))
    for row in table.rows:
        lines = max(
            (lines_of(value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str)),
            default=1,
        )
        sheet.add(row, [_style_of(value, styles) for value in row], lines=lines)


def _style_of(value: Value, styles: Styles) -> Style:
    if isinstance(value, date):
        return styles.day
    if isinstance(value, Decimal):
        return styles.points
    return styles.whole if isinstance(value, int) else styles.prose
