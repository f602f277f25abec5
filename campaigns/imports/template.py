"""An empty sheet to fill in: headings on the first sheet, what each column takes on the second."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.facts import Column

EXPLANATION = "说明"  # the second sheet's name, fixed like the columns'
MAXIMUM_TITLE = 31  # characters of a sheet's name
FILLABLE = 500  # rows prepared as text
GREY = PatternFill("solid", fgColor="FFF1F2F4")
LINE = Border(bottom=Side(style="thin", color="FF9B1C1C"))
NARROW, WIDE = 14, 28


def make_template(columns: Sequence[Column], *, title: str) -> bytes:
    """Return an .xlsx with the columns of one kind; all visible, and taken by its own import once filled in."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)  # noqa: S101  # a new workbook has one
    sheet.title = title[:MAXIMUM_TITLE]
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(1, place, column.heading)
        cell.font, cell.fill, cell.border = Font(bold=True), GREY, LINE
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = WIDE if len(str(column.hint)) > 40 else NARROW
        for row in range(2, FILLABLE + 2):  # text, so that neither zeros nor dates are changed by the program
            sheet.cell(row, place).number_format = "@"
    sheet.freeze_panes = "A2"
    _explain(workbook.create_sheet(EXPLANATION), columns)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _explain(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """One line per column: never all headings in one row, which would make it a sheet to read."""
    sheet.append([_("Column"), _("What to write"), _("Example"), _("Needed")])
    for cell in sheet[1]:
        cell.font, cell.fill, cell.border = Font(bold=True), GREY, LINE
    for column in columns:
        needed = _("may be left out") if column.optional else _("yes")
        sheet.append([column.heading, str(column.hint), column.example, needed])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCD", (16, 60, 24, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
