"""Classes of students and the departments they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import TEACHING_KINDS, ImportKind
from campaigns.facts import Column, SheetError, SheetRow, UnderstoodRow
from campaigns.hooks import ImportKindSpec
from campaigns.imports.values import RowReader
from campaigns.models import Campaign, Department, StudentClass
from campaigns.queries.departments import DepartmentBook
from campaigns.services.class_sheets import ClassRow, withdraw_classes, write_classes
from campaigns.services.staff import MAXIMUM_NAME
from qualityseason.text import squeeze

COLUMNS = (
    Column("name", "班级", aliases=("班级名称", "班名"), hint=gettext_lazy("The name of the class.")),
    Column(
        "department",
        "部门",
        aliases=("系部", "所属系部", "所属部门"),
        hint=gettext_lazy("The department the class belongs to."),
    ),
)


def understand(campaign: Campaign, rows: Sequence[SheetRow]) -> tuple[list[UnderstoodRow], list[SheetError]]:
    """Return the rows in our terms and the errors of single cells. One query."""
    book = DepartmentBook(campaign)
    seen: dict[str, int] = {}
    understood: list[UnderstoodRow] = []
    errors: list[SheetError] = []
    for row in rows:
        reader = RowReader(row, COLUMNS)
        name = reader.text("name", maximum=MAXIMUM_NAME)
        key = squeeze(name)
        if key in seen:
            reader.refuse("name", _("This class stands in row %(row)d already.") % {"row": seen[key]})
        elif key:
            seen[key] = row.number
        department = reader.department("department", book)
        errors += reader.errors
        if department is not None and reader.is_sound:
            understood.append(UnderstoodRow(row, ClassRow(name, department), (key, department.name)))
    return understood, errors


def examples(campaign: Campaign) -> dict[str, str]:
    """Return a class of the campaign, or one its departments might have."""
    known = StudentClass.objects.filter(campaign=campaign).select_related("department").first()
    if known is not None:
        return {"name": known.name, "department": known.department.name}
    department = Department.objects.filter(campaign=campaign, kind__in=TEACHING_KINDS).first()
    if department is None:
        return {}
    return {"name": f"{department.name}{campaign.starts_on:%y}01", "department": department.name}


SPEC = ImportKindSpec(
    kind=ImportKind.CLASSES,
    columns=COLUMNS,
    shown=tuple(column.heading for column in COLUMNS),
    understand=understand,
    write=write_classes,
    withdraw=withdraw_classes,
    examples=examples,
)
