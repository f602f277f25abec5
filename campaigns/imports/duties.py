"""Duties of all departments, from the document that gives them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import ImportKind
from campaigns.facts import Column, SheetError, SheetRow, UnderstoodRow
from campaigns.hooks import ImportKindSpec
from campaigns.imports.values import RowReader
from campaigns.models import Campaign, Department
from campaigns.queries.departments import DepartmentBook
from campaigns.services.duties import MAXIMUM_NUMBER, MAXIMUM_SOURCE, MAXIMUM_TEXT
from campaigns.services.duty_sheets import DutyRow, withdraw_duties, write_duties
from qualityseason.text import squeeze

COLUMNS = (
    Column(
        "department",
        "部门",
        aliases=("部门名称", "所属部门"),
        hint=gettext_lazy("The department the duty is given to."),
    ),
    Column(
        "number",
        "编号",
        aliases=("序号", "职责编号"),
        hint=gettext_lazy("The duty's number in the document; each once per department."),
        example="1",
    ),
    Column("text", "职责", aliases=("岗位职责", "职责内容"), hint=gettext_lazy("The duty, as the document says it.")),
    Column(
        "source",
        "来源",
        aliases=("依据", "文件"),
        optional=True,
        hint=gettext_lazy("The document that gives the duty."),
    ),
    Column(
        "is_sample",
        "样例",
        aliases=("是否样例",),
        optional=True,
        hint=gettext_lazy("Yes where the text is only a sample, not the document's own; else empty."),
    ),
)
YES = frozenset({"是", "样例", "√", "y", "yes", "1", "1.0", "true"})
NO = frozenset({"", "否", "不是", "n", "no", "0.0", "false"})


def understand(campaign: Campaign, rows: Sequence[SheetRow]) -> tuple[list[UnderstoodRow], list[SheetError]]:
    """Return the rows in our terms and the errors of single cells. One query."""
    book = DepartmentBook(campaign)
    seen: dict[tuple[int, str], int] = {}
    understood: list[UnderstoodRow] = []
    errors: list[SheetError] = []
    for row in rows:
        reader = RowReader(row, COLUMNS)
        values = _values(reader, book, seen)
        errors += reader.errors
        if values is not None and reader.is_sound:
            understood.append(UnderstoodRow(row, values, canonical(values)))
    return understood, errors


def canonical(values: DutyRow) -> tuple[str, ...]:
    """Return what is the same for every spelling of the same row."""
    sample = "sample" if values.is_sample else ""
    return (values.department.name, values.number, squeeze(values.text), squeeze(values.source), sample)


def _values(reader: RowReader, book: DepartmentBook, seen: dict[tuple[int, str], int]) -> DutyRow | None:
    department = reader.listed_department("department", book)
    number = reader.text("number", maximum=MAXIMUM_NUMBER)
    text = reader.text("text", maximum=MAXIMUM_TEXT, prose=True)
    source = reader.text("source", maximum=MAXIMUM_SOURCE, required=False, prose=True)
    is_sample = _truth(reader)
    if department is None:
        return None
    if number and (department.pk, number) in seen:
        words = {"number": number, "row": seen[department.pk, number]}
        message = _("Duty %(number)s of this department stands in row %(row)d already. Renumber one.")
        reader.refuse("number", message % words)
    elif number:
        seen[department.pk, number] = reader.row.number
    return DutyRow(department, number, text, source, is_sample)


def _truth(reader: RowReader) -> bool:
    word = squeeze(reader.row.cells.get("is_sample"))
    if word not in YES | NO:
        reader.refuse("is_sample", _("Write yes or no here, or leave the cell empty."))
    return word in YES


def examples(campaign: Campaign) -> dict[str, str]:
    """Return a department of the campaign, and a duty as anybody has it."""
    department = Department.objects.filter(campaign=campaign).first()
    return {"department": department.name if department else "", "text": "做好本部门日常工作", "is_sample": "否"}


SPEC = ImportKindSpec(
    kind=ImportKind.DUTIES,
    columns=COLUMNS,
    shown=tuple(column.heading for column in COLUMNS),
    understand=understand,
    write=write_duties,
    withdraw=withdraw_duties,
    examples=examples,
)
