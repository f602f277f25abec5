"""Undoing what an import of people did, row by row: only what nobody has touched since."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Posting, StaffMember, StudentClass
from campaigns.services.sheet_rows import Change
from qualityseason.errors import Refused
from qualityseason.services import audit


def member_state(member: StaffMember) -> Change:
    """Return what a withdrawal compares and puts back."""
    return {
        "name": member.name,
        "squeezed_name": member.squeezed_name,
        "category": member.category,
        "user_id": member.user_id,
    }


def posting_state(posting: Posting) -> Change:
    """Return what a withdrawal compares and puts back."""
    ends_on = posting.ends_on.isoformat() if posting.ends_on else None
    return {"department_id": posting.department_id, "starts_on": posting.starts_on.isoformat(), "ends_on": ends_on}


def class_state(student_class: StudentClass) -> Change:
    """Return what a withdrawal compares and puts back."""
    return {
        "name": student_class.name,
        "squeezed_name": student_class.squeezed_name,
        "department_id": student_class.department_id,
    }


def take_back(
    row: StaffMember | Posting | StudentClass | None, change: Change, state: Any, *, by: Actor, at: datetime
) -> None:
    """Undo one change of an import: delete what it made, put back what it altered; raises Refused if that is stale."""
    if row is None:
        if change["before"] is None:
            return  # somebody took it away already
        raise changed_since("")
    if state(row) != change["after"]:
        raise changed_since(str(row.staff_member if isinstance(row, Posting) else row))
    _audit("import.undo", row, by=by, at=at, before=change["after"], after=change["before"])
    if change["before"] is None:
        try:
            row.delete()
        except ProtectedError as error:
            raise Refused(
                _("%(name)s is named by other records; the import cannot be withdrawn.") % {"name": str(row)},
                code="in_use",
            ) from error
        return
    for name, value in change["before"].items():
        setattr(row, name, date.fromisoformat(value) if name in ("starts_on", "ends_on") and value else value)
    row.save(update_fields=[name.removesuffix("_id") for name in change["before"]])


def changed_since(name: str) -> Refused:
    """Return the refusal for something that was changed after the import."""
    return Refused(
        _("%(name)s was changed after this import; the import cannot be withdrawn.") % {"name": name}, code="changed"
    )


def _audit(
    act: str, row: StaffMember | Posting | StudentClass, *, by: Actor, at: datetime, before: Any, after: Any
) -> None:
    audit.record(act, row, by_id=by.user_id, campaign_id=row.campaign_id, at=at, before=before, after=after)
