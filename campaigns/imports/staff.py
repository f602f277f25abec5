"""Staff lists: who serves the college, as what, and in which department."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import ImportKind, StaffCategory
from campaigns.facts import Column, SheetError, SheetRow, UnderstoodRow
from campaigns.hooks import ImportKindSpec
from campaigns.imports.values import RowReader
from campaigns.models import Campaign, Department
from campaigns.queries.departments import DepartmentBook
from campaigns.services.staff import MAXIMUM_NAME, MAXIMUM_NUMBER
from campaigns.services.staff_sheets import StaffRow, withdraw_staff, write_staff
from qualityseason.text import squeeze

COLUMNS = (
    Column(
        "number",
        "工号",
        aliases=("职工号", "教工号", "教职工号"),
        as_text=True,
        hint=gettext_lazy("Set the column to text, so that leading zeros stay."),
        example="00123",
    ),
    Column("name", "姓名", hint=gettext_lazy("The person's name."), example="张伟"),
    Column(
        "category",
        "类别",
        aliases=("人员类别",),
        hint=gettext_lazy("How the person serves: full-time, part-time or external teacher, or not teaching."),
        example="专职教师",
    ),
    Column("department", "部门", aliases=("所在部门", "所属部门"), hint=gettext_lazy("The department.")),
    Column(
        "starts_on",
        "任职开始",
        aliases=("任职开始日期",),
        hint=gettext_lazy("First day there; may stay empty for the beginning of the season."),
    ),
    Column(
        "ends_on",
        "任职结束",
        aliases=("任职结束日期",),
        optional=True,
        hint=gettext_lazy("Last day there, if there is one."),
    ),
)
CATEGORIES = {
    "专职教师": StaffCategory.FULL_TIME,
    "专职": StaffCategory.FULL_TIME,
    "兼职教师": StaffCategory.PART_TIME,
    "兼职": StaffCategory.PART_TIME,
    "外聘教师": StaffCategory.EXTERNAL,
    "外聘老师": StaffCategory.EXTERNAL,
    "外聘": StaffCategory.EXTERNAL,
    "非教学": StaffCategory.NON_TEACHING,
    "非教学人员": StaffCategory.NON_TEACHING,
}


def understand(campaign: Campaign, rows: Sequence[SheetRow]) -> tuple[list[UnderstoodRow], list[SheetError]]:
    """Return the rows in our terms and the errors of single cells. One query."""
    book = DepartmentBook(campaign)
    seen: dict[str, int] = {}
    understood: list[UnderstoodRow] = []
    errors: list[SheetError] = []
    for row in rows:
        reader = RowReader(row, COLUMNS)
        values = _values(reader, book, seen)
        errors += reader.errors
        if values is not None and reader.is_sound:
            understood.append(UnderstoodRow(row, values, canonical(values)))
    return understood, errors


def canonical(values: StaffRow) -> tuple[str, ...]:
    """Return what is the same for every spelling of the same row."""
    days = (day.isoformat() if day else "" for day in (values.starts_on, values.ends_on))
    return (values.number, squeeze(values.name), values.category.value, values.department.name, *days)


def _values(reader: RowReader, book: DepartmentBook, seen: dict[str, int]) -> StaffRow | None:
    number = reader.text("number", maximum=MAXIMUM_NUMBER)
    if number in seen:
        message = _(
            "This number stands in row %(row)d already. A number belongs to one person: correct or delete a row."
        )
        reader.refuse("number", message % {"row": seen[number]})
    elif number:
        seen[number] = reader.row.number
    name = reader.text("name", maximum=MAXIMUM_NAME)
    category = _category(reader)
    department = reader.listed_department("department", book)
    starts_on = reader.day("starts_on", required=False)
    ends_on = reader.day("ends_on", required=False)
    if category is None or department is None:
        return None
    return StaffRow(number, name, category, department, starts_on, ends_on)


def _category(reader: RowReader) -> StaffCategory | None:
    word = reader.text("category", maximum=32)
    category = CATEGORIES.get(squeeze(word))
    if word and category is None:
        known = "、".join(dict.fromkeys(str(choice.label) for choice in StaffCategory))
        reader.refuse("category", _("%(word)s is no category; there are %(known)s.") % {"word": word, "known": known})
    return category


def examples(campaign: Campaign) -> dict[str, str]:
    """Return a department of the campaign and its first day."""
    department = Department.objects.filter(campaign=campaign).first()
    return {"department": department.name if department else "", "starts_on": campaign.facts_from.isoformat()}


SPEC = ImportKindSpec(
    kind=ImportKind.STAFF,
    columns=COLUMNS,
    shown=tuple(column.heading for column in COLUMNS),
    understand=understand,
    write=write_staff,
    withdraw=withdraw_staff,
    examples=examples,
)
