"""Undoing what an import of people did: only what nobody has touched since, and no interest that counted is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import ProtectedError, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Department, Interest, Posting, StaffMember, StudentClass
from campaigns.services.people import add_interest
from campaigns.services.sheet_rows import CHUNK, Change
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import User

Row = StaffMember | Posting | StudentClass


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


def take_back(rows: QuerySet[Any], changes: Iterable[Change], key: str, state: Callable[[Any], Change]) -> None:
    """Undo an import's changes named by `key`: delete what it made, put back what it altered.

    Raises Refused when something was changed since or is named by other records. A few queries at any length.
    """
    mine = [change for change in changes if key in change]
    found = {str(row.uuid): row for row in rows.filter(uuid__in=[change[key] for change in mine])}
    doomed: list[Row] = []
    altered: dict[tuple[str, ...], list[Row]] = {}
    for change in mine:
        row = found.get(change[key])
        if row is None and change["before"] is None:
            continue  # somebody took it away already
        if row is None or state(row) != change["after"]:
            raise changed_since(row)
        if change["before"] is None:
            doomed.append(row)
            continue
        for name, value in change["before"].items():
            setattr(row, name, date.fromisoformat(value) if name in ("starts_on", "ends_on") and value else value)
        altered.setdefault(tuple(name.removesuffix("_id") for name in change["before"]), []).append(row)
    _delete(rows, doomed)
    for fields, group in altered.items():
        rows.model._default_manager.bulk_update(group, fields, batch_size=CHUNK)


def changed_since(row: Row | None) -> Refused:
    """Return the refusal for something that was changed after the import."""
    return Refused(
        _("%(name)s was changed after this import; the import cannot be withdrawn.") % {"name": _name(row)},
        code="changed",
    )


@contextmanager
def keep_interests(campaign: Campaign, *, by: Actor, at: datetime) -> Iterator[None]:
    """Declare what used accounts lose meanwhile: a department that counted as an interest counts on."""
    before = _counted(campaign, until=day_of(at) - timedelta(days=1))
    yield
    lost = before - _counted(campaign, until=date.max)
    users = User.objects.in_bulk({user_id for user_id, _department_id in lost})
    departments = Department.objects.in_bulk({department_id for _user_id, department_id in lost})
    for user_id, department_id in sorted(lost):
        add_interest(
            campaign,
            user=users[user_id],
            department=departments[department_id],
            reason=_("Belonged there until the list was withdrawn."),
            starts_on=day_of(at),
            by_id=by.user_id,
            at=at,
        )


def _counted(campaign: Campaign, *, until: date) -> set[tuple[int, int]]:
    """Return (user, department) of the interests of accounts in use that began by that day."""
    held = Q(ends_on__isnull=True) | Q(ends_on__gte=campaign.facts_from)
    postings = Posting.objects.filter(held, campaign=campaign, starts_on__lte=until)
    posted = postings.filter(staff_member__user__last_login__isnull=False)
    interests = Interest.objects.filter(campaign=campaign, ends_on__isnull=True, starts_on__lte=until)
    declared = interests.filter(user__last_login__isnull=False)
    return {
        *posted.order_by().values_list("staff_member__user_id", "department_id"),
        *declared.order_by().values_list("user_id", "department_id"),
    }


def _delete(rows: QuerySet[Any], doomed: Sequence[Row]) -> None:
    for start in range(0, len(doomed), CHUNK):
        chunk = doomed[start : start + CHUNK]
        try:
            rows.filter(pk__in=[row.pk for row in chunk]).delete()
        except ProtectedError as error:
            raise Refused(
                _("%(name)s is named by other records; the import cannot be withdrawn.")
                % {"name": _name(_named_by(error, chunk))},
                code="in_use",
            ) from error


def _named_by(error: ProtectedError, rows: Sequence[Row]) -> Row | None:
    by_pk = {row.pk: row for row in rows}
    for record in error.protected_objects:
        for field in record._meta.fields:
            row = by_pk.get(getattr(record, field.attname)) if field.related_model is type(rows[0]) else None
            if row is not None:
                return row
    return None


def _name(row: Row | None) -> str:
    return str(row.staff_member if isinstance(row, Posting) else row or "")
