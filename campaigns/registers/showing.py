"""How values of registers are shown, on pages and as the text of a form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import StaffMember
from campaigns.registers.spec import Reading, RegisterColumn


def shown(column: RegisterColumn, value: Any) -> str:
    """Return a value as a page shows it; '' where nothing is said."""
    if value is None or value == "":
        return ""
    if column.reading is Reading.TRUTH:
        return _("yes") if value else _("no")
    if column.reading is Reading.PER_CENT:
        return f"{Decimal(value):.2f}%"
    if column.reading in (Reading.HOURS, Reading.MARK):
        return f"{Decimal(value):.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value.name) if column.reading in (Reading.TERM, Reading.DEPARTMENT) else str(value)


def typed(column: RegisterColumn, value: Any) -> str:
    """Return a value as the field of a form holds it."""
    if column.reading is Reading.TRUTH:
        return {True: "yes", False: "no"}.get(value, "")
    if column.reading is Reading.TERM:
        return str(value.code) if value else ""
    if column.reading is Reading.DEPARTMENT:
        return str(value.uuid) if value else ""
    if isinstance(value, StaffMember):
        return f"{value.name}({value.number})"
    return shown(column, value)
