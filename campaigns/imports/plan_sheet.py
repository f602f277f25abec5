"""The Excel template of a plan, brought back in: its parts and its items, every error at its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from campaigns.calculations.plans import understood_due
from campaigns.facts import Column, SheetContent, SheetError, SheetRow
from campaigns.facts.plan_readings import PROSE_FIELDS, ReadItem, ReadPart, ReadPlan, ReadProblem
from campaigns.imports.sheet import read_sheets
from campaigns.imports.values import RowReader
from campaigns.imports.word_items import with_words
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.paper_readings import BETWEEN, OnTable
from campaigns.services.paper_parts import MAXIMUM_SECTION_TITLE, MAXIMUM_TEXT
from campaigns.services.plan_items import MAXIMUM_DOCUMENT, MAXIMUM_DUE, MAXIMUM_RESPONSIBLE, MAXIMUM_TITLE
from qualityseason.errors import Refused
from qualityseason.text import clean, squeeze

PARTS_SHEET, ITEMS_SHEET = "方案正文", "实施条目"
MAXIMUM_ROWS = 200
PART_COLUMNS = (
    Column(
        "title", "部分", hint=gettext_lazy("The season's parts stand here already. Other titles make new sections.")
    ),
    Column("text", "正文", hint=gettext_lazy("As many lines as you like: Alt+Enter begins a new one.")),
)
ITEM_COLUMNS = (
    Column("title", "条目", ("实施条目名称",), hint=gettext_lazy("What is to be done, in a few words.")),
    Column("measure", "举措", ("实施举措", "措施"), hint=gettext_lazy("How it is done, concretely.")),
    Column("standard", "标准", ("工作标准",), hint=gettext_lazy("By what it is measured.")),
    Column("outcome", "效果", ("预期效果", "目标"), hint=gettext_lazy("What comes of it.")),
    Column("incentive", "奖惩", ("奖惩办法",), hint=gettext_lazy("What follows for those who do it and who do not.")),
    Column(
        "service",
        "主动服务协调配合",
        ("服务协调配合", "服务、协调、配合"),
        hint=gettext_lazy("For whom, with whom, and what is asked of either."),
    ),
    Column(
        "duties",
        "对应职责",
        ("对应岗位职责",),
        optional=True,
        hint=gettext_lazy("Numbers of the duties served, one comma between two; they stand on the third sheet."),
        example="1、3",
    ),
    Column(
        "cooperating",
        "配合部门",
        optional=True,
        hint=gettext_lazy("Names of the departments that cooperate, one comma between two."),
    ),
    Column("responsible", "责任人", optional=True, hint=gettext_lazy("Who answers for it.")),
    Column(
        "due",
        "完成时间",
        optional=True,
        hint=gettext_lazy("A day, or words such as every Monday."),
        example="2009-11-30",
    ),
    Column(
        "quality_document",
        "体系文件",
        optional=True,
        hint=gettext_lazy("The quality-system document it is held against, if there is one."),
    ),
    Column(
        "uuid",
        "标识",
        optional=True,
        hint=gettext_lazy("By this the portal knows the item again. Leave it as it is, and empty for new items."),
    ),
)


def read_plan_sheet(file: BinaryIO, *, table: OnTable, book: DepartmentBook) -> ReadPlan:
    """Return what the template says; with any problem nothing of it is for use.

    Raises Refused on the field `files` where the workbook as a whole cannot be taken.
    """
    try:
        items = read_sheets(file, ITEM_COLUMNS, maximum_rows=MAXIMUM_ROWS)
        parts = read_sheets(file, PART_COLUMNS, maximum_rows=MAXIMUM_ROWS)
    except Refused as refusal:
        raise Refused(refusal.sentence, field="files", code=refusal.refusal_code) from refusal
    titles = _sheet_titles(file)
    problems = list(items.errors if _was_found(items) or ITEMS_SHEET in titles else ())
    problems += parts.errors if _was_found(parts) or PARTS_SHEET in titles else ()
    if not _was_found(items) and not _was_found(parts) and not problems:
        problems += items.errors
    problems = [error for error in problems if not _is_only_empty(error, items, parts)]
    taken_parts = _parts(parts.rows, table, problems)
    taken_items = _items(items.rows, table, book, problems)
    listed = tuple(ReadProblem(error.sentence, error.place) for error in problems)
    return ReadPlan(parts=tuple(taken_parts), items=tuple(taken_items), problems=listed)


def _sheet_titles(file: BinaryIO) -> set[str]:
    workbook = load_workbook(file, read_only=True, keep_links=False)
    titles = set(workbook.sheetnames)
    workbook.close()
    return titles


def _was_found(content: SheetContent) -> bool:
    return bool(content.rows) or any(error.row for error in content.errors)


def _is_only_empty(error: SheetError, *contents: SheetContent) -> bool:
    """Whether the error says only that a sheet has headings and no rows, while the other has some."""
    return not error.sheet and any(content.rows for content in contents)


def _parts(rows: Sequence[SheetRow], table: OnTable, problems: list[SheetError]) -> list[ReadPart]:
    codes = {squeeze(part.title): part.code for part in table.parts if part.code}
    found: list[ReadPart] = []
    for row in rows:
        reader = RowReader(row, PART_COLUMNS)
        title = reader.text("title", maximum=MAXIMUM_SECTION_TITLE)
        text = reader.text("text", maximum=MAXIMUM_TEXT, required=False, prose=True)
        code = codes.get(squeeze(title), "")
        if any(squeeze(part.title) == squeeze(title) for part in found):
            reader.refuse("title", _("This part stands there twice. Bring the two rows together."))
        problems += reader.errors
        if text or code:
            found.append(ReadPart(code, title, text))
    return found


def _items(
    rows: Sequence[SheetRow], table: OnTable, book: DepartmentBook, problems: list[SheetError]
) -> list[ReadItem]:
    numbers = {label.split(" ", 1)[0]: label for _uuid, label in table.duties}
    known = {item.uuid for item in table.items}
    found: list[ReadItem] = []
    seen: set[str] = set()
    for row in rows:
        reader = RowReader(row, ITEM_COLUMNS)
        values = {name: reader.text(name, maximum=MAXIMUM_TEXT, required=False, prose=True) for name in PROSE_FIELDS}
        duties = reader.parts("duties") if isinstance(row.cells.get("duties"), str) else _number(row, reader)
        for number in duties:
            if number not in numbers:
                reader.refuse(
                    "duties", _("There is no duty numbered %(number)s; see the third sheet.") % {"number": number}
                )
        departments = reader.departments("cooperating", book)
        uuid = reader.text("uuid", maximum=36, required=False)
        if uuid and (uuid in seen or uuid not in known):
            reader.refuse("uuid", _("This mark is not one of an item of this plan. Empty the cell for a new item."))
        seen.add(uuid)
        item = ReadItem(
            title=reader.text("title", maximum=MAXIMUM_TITLE),
            responsible=reader.text("responsible", maximum=MAXIMUM_RESPONSIBLE, required=False),
            due=_due(reader),
            quality_document=reader.text("quality_document", maximum=MAXIMUM_DOCUMENT, required=False),
            duties=BETWEEN.join(duties),
            cooperating=BETWEEN.join(department.name for department in departments),
            uuid=uuid,
        )
        problems += reader.errors
        found.append(with_words(item, values))
    return found


def _number(row: SheetRow, reader: RowReader) -> list[str]:
    """Return a single number that the cell holds as a figure."""
    text = reader.text("duties", maximum=MAXIMUM_DUE, required=False)
    return [text] if text else []


def _due(reader: RowReader) -> str:
    value = reader.row.cells.get("due")
    if value is None:
        return ""
    if not isinstance(value, str):
        day = reader.day("due", required=False)
        return day.isoformat() if day else ""
    text = reader.text("due", maximum=MAXIMUM_DUE, required=False)
    try:
        day, words = understood_due(text)
    except ValueError:
        reader.refuse("due", _("%(value)s is not a date. Write it like 2009-11-06.") % {"value": clean(text)[:40]})
        return ""
    return day.isoformat() if day else words
