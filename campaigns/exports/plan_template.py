"""The Excel template of a plan, filled with what the plan says now; its own import takes it back unchanged."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.facts import Column
from campaigns.imports.plan_sheet import ITEM_COLUMNS, ITEMS_SHEET, PART_COLUMNS, PARTS_SHEET
from campaigns.imports.template import EXPLANATION
from campaigns.queries.paper_readings import BETWEEN, OnTable

LOOKUP_SHEET = "职责与部门"  # fixed, like the names of the columns
EMPTY_ROWS = 60  # prepared below what is there
WIDTHS = {"title": 24, "text": 90, "duties": 10, "cooperating": 18, "responsible": 12, "due": 14, "uuid": 12}
WIDE, LISTED = 34, 60
GREY = PatternFill("solid", fgColor="FFF1F2F4")
LINE = Border(bottom=Side(style="thin", color="FF9B1C1C"))
WRAPPED = Alignment(wrap_text=True, vertical="top")
FAINT = Font(color="FFAAAAAA", size=8)


def make_plan_template(table: OnTable) -> bytes:
    """Return the .xlsx: a sheet of parts, one of items, one to look duties and departments up, one that explains."""
    workbook = Workbook()
    parts = workbook.active
    assert isinstance(parts, Worksheet)  # noqa: S101  # a new workbook has one
    parts.title = PARTS_SHEET
    _fill(parts, PART_COLUMNS, [[part.title, part.fields["text"]] for part in table.parts])
    numbers = {uuid: label.split(" ", 1)[0] for uuid, label in table.duties}
    items = workbook.create_sheet(ITEMS_SHEET)
    rows = []
    for item in table.items:
        said = dict(item.fields) | {"uuid": item.uuid}
        said["duties"] = BETWEEN.join(numbers[uuid] for uuid in item.fields["duties"] if uuid in numbers)
        rows.append([said[column.key] for column in ITEM_COLUMNS])
    _fill(items, ITEM_COLUMNS, rows)
    _look_up(workbook.create_sheet(LOOKUP_SHEET), table)
    _explain(workbook.create_sheet(EXPLANATION), (*PART_COLUMNS, *ITEM_COLUMNS))
    _offer(parts, "A", [part.title for part in table.parts if part.code])
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    for place, column in enumerate(columns, start=1):
        _say(sheet, 1, place, column.heading, head=True)
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.key, WIDE)
    for number in range(len(rows) + EMPTY_ROWS):
        row = rows[number] if number < len(rows) else [""] * len(columns)
        for place, text in enumerate(row, start=1):
            _say(sheet, number + 2, place, text)
            if columns[place - 1].key == "uuid":
                sheet.cell(number + 2, place).font = FAINT
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.print_title_rows = "1:1"


def _say(sheet: Worksheet, row: int, place: int, text: str, *, head: bool = False) -> None:
    """Write text that stays text: no formula, no control character, zeros and days as typed."""
    cell = sheet.cell(row, place)
    cell.number_format = "@"
    cell.alignment = WRAPPED
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
        cell.data_type = "s"
    if head:
        cell.font, cell.fill, cell.border = Font(bold=True), GREY, LINE


def _look_up(sheet: Worksheet, table: OnTable) -> None:
    """List the duties and the departments one below the other: they are for reading and never brought in."""
    lines = [_("Duties of the department, by number"), *(label for _uuid, label in table.duties), ""]
    lines += [_("Departments that may cooperate"), *table.departments]
    for number, line in enumerate(lines, start=1):
        _say(sheet, number, 1, line, head=number in (1, len(table.duties) + 3))
    sheet.column_dimensions["A"].width = LISTED


def _explain(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for place, heading in enumerate((_("Column"), _("What to write"), _("Example"), _("Needed")), start=1):
        _say(sheet, 1, place, heading, head=True)
    for number, column in enumerate(columns, start=2):
        needed = _("may be left out") if column.optional else _("yes")
        for place, text in enumerate((column.heading, str(column.hint), column.example, needed), start=1):
            _say(sheet, number, place, text)
    for letter, width in zip("ABCD", (20, 60, 16, 14), strict=True):
        sheet.column_dimensions[letter].width = width


def _offer(sheet: Worksheet, letter: str, titles: Sequence[str]) -> None:
    """Let a list of the season's parts drop down; other titles are taken too."""
    listed = ",".join(title.replace(",", "") for title in titles)
    if not listed or len(listed) > 250:  # what Excel holds in a list
        return
    choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}2:{letter}{EMPTY_ROWS}")
    sheet.add_data_validation(choice)
