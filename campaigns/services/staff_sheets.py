"""Staff lists and classes brought in by sheet: new rows, changed rows, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import StaffCategory
from campaigns.facts import ShownRow, UnderstoodRow, Written
from campaigns.models import Campaign, Department, ImportBatch, Posting, StaffMember, StudentClass
from campaigns.services.sheet_rows import Change, error_of, mark_of, totals_of
from campaigns.services.staff import (
    add_class,
    add_posting,
    add_staff_member,
    update_class,
    update_staff_member,
)
from campaigns.services.taking_back import changed_since, class_state, member_state, posting_state, take_back
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.text import squeeze


@dataclass(frozen=True)
class StaffRow:
    """One person with a posting; without a first day the season's counts, or the posting there is."""

    number: str
    name: str
    category: StaffCategory
    department: Department
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class ClassRow:
    """One class and its department."""

    name: str
    department: Department


class _Staff:
    """What the campaign has for these numbers already. Three queries."""

    def __init__(self, campaign: Campaign, numbers: set[str]) -> None:
        members = StaffMember.objects.filter(campaign=campaign, number__in=numbers).select_related("user")
        self.members = {member.number: member for member in members.prefetch_related("postings")}
        users = User.objects.filter(staff_number__in=numbers, memberships__campaign=campaign).distinct()
        self.users = {user.staff_number: user for user in users}

    def user_of(self, number: str, member: StaffMember | None) -> User | None:
        """Return the account to link: the one linked, else the campaign's account of this number."""
        if member is not None and member.user_id is not None:
            return member.user
        return self.users.get(number)


def write_staff(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Add and update people by staff number; another department ends the former posting the day before."""
    written = Written()
    staff = _Staff(batch.campaign, {item.values.number for item in rows})
    for item in rows:
        try:
            changes = _write_person(batch.campaign, item.values, staff, by=by, at=at)
        except Refused as refused:
            written.errors.append(error_of(item, refused, {"user": "number"}))
            continue
        written.changes += changes
        values: StaffRow = item.values
        cells = (
            values.number,
            values.name,
            str(values.category.label),
            values.department.name,
            values.starts_on.isoformat() if values.starts_on else "",
            values.ends_on.isoformat() if values.ends_on else "",
        )
        written.shown.append(ShownRow(item.row.sheet, item.row.number, cells, mark_of(changes, "staff")))
    written.totals = totals_of(written)
    return written


def write_classes(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Add classes and correct the department of known ones."""
    written = Written()
    names = {squeeze(item.values.name) for item in rows}
    found = StudentClass.objects.filter(campaign=batch.campaign, squeezed_name__in=names)
    known = {student_class.squeezed_name: student_class for student_class in found}
    for item in rows:
        values: ClassRow = item.values
        try:
            changes = _write_class(batch.campaign, values, known.get(squeeze(values.name)), by=by, at=at)
        except Refused as refused:
            written.errors.append(error_of(item, refused, {}))
            continue
        written.changes += changes
        cells = (values.name, values.department.name)
        written.shown.append(ShownRow(item.row.sheet, item.row.number, cells, mark_of(changes, "class")))
    written.totals = totals_of(written)
    return written


def withdraw_staff(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """Take new people and postings away and put changed ones back; raises Refused when something rests on them."""
    for change in reversed(batch.changes):
        if "posting" in change:
            posting = Posting.objects.select_related("staff_member").filter(uuid=change["posting"]).first()
            take_back(posting, change, posting_state, by=by, at=at)
        else:
            member = StaffMember.objects.filter(uuid=change["staff"]).first()
            if member is not None and change["before"] is None and member.postings.exists():
                raise changed_since(str(member))
            take_back(member, change, member_state, by=by, at=at)


def withdraw_classes(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """Take new classes away and put changed ones back; raises Refused when something rests on them."""
    for change in reversed(batch.changes):
        student_class = StudentClass.objects.filter(uuid=change["class"]).first()
        take_back(student_class, change, class_state, by=by, at=at)


def _write_person(campaign: Campaign, values: StaffRow, staff: _Staff, *, by: Actor, at: datetime) -> list[Change]:
    member = staff.members.get(values.number)
    user = staff.user_of(values.number, member)
    said: dict[str, Any] = {"number": values.number, "name": values.name, "category": values.category, "user": user}
    changes: list[Change] = []
    if member is None:
        member = add_staff_member(campaign, **said, by_id=by.user_id, at=at)
        changes.append({"staff": str(member.uuid), "before": None, "after": member_state(member)})
        postings: list[Posting] = []
    else:
        postings = list(member.postings.all())
        before = member_state(member)
        wanted = (values.name, values.category.value, user.pk if user else None)
        if (member.name, member.category, member.user_id) != wanted:
            member = update_staff_member(member, version=None, **said, by_id=by.user_id, at=at)
            changes.append({"staff": str(member.uuid), "before": before, "after": member_state(member)})
    return changes + _write_posting(campaign, member, values, postings, by=by, at=at)


def _write_posting(
    campaign: Campaign, member: StaffMember, values: StaffRow, postings: list[Posting], *, by: Actor, at: datetime
) -> list[Change]:
    here = [posting for posting in postings if posting.department_id == values.department.pk]
    if values.starts_on is None and here:
        return _end_posting(here[-1], values.ends_on, by=by, at=at)
    if values.starts_on is None and postings:
        raise Refused(
            _("Say from which day the person belongs to the new department."), field="starts_on", code="start"
        )
    day = values.starts_on or campaign.facts_from
    covering = [p for p in here if p.starts_on <= day and (p.ends_on is None or p.ends_on >= day)]
    if covering:
        return _end_posting(covering[-1], values.ends_on, by=by, at=at)
    open_ones = [(p, posting_state(p)) for p in postings if p.ends_on is None and p.starts_on < day]
    made = add_posting(
        member, department=values.department, starts_on=day, ends_on=values.ends_on, by_id=by.user_id, at=at
    )
    changes: list[Change] = []
    for posting, before in open_ones:
        posting.refresh_from_db()
        changes.append({"posting": str(posting.uuid), "before": before, "after": posting_state(posting)})
    return [*changes, {"posting": str(made.uuid), "before": None, "after": posting_state(made)}]


def _end_posting(posting: Posting, ends_on: date | None, *, by: Actor, at: datetime) -> list[Change]:
    if ends_on is None or ends_on == posting.ends_on:
        return []
    if ends_on < posting.starts_on:
        message = _("The last day cannot come before the first, %(day)s.") % {"day": posting.starts_on.isoformat()}
        raise Refused(message, field="ends_on", code="order")
    others = Posting.objects.filter(staff_member_id=posting.staff_member_id).exclude(pk=posting.pk)
    if others.filter(starts_on__gt=posting.starts_on, starts_on__lte=ends_on).exists():
        raise Refused(_("This would overlap a later posting."), field="ends_on", code="overlap")
    before = posting_state(posting)
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    after = posting_state(posting)
    audit.record(
        "posting.end", posting, by_id=by.user_id, campaign_id=posting.campaign_id, at=at, before=before, after=after
    )
    return [{"posting": str(posting.uuid), "before": before, "after": after}]


def _write_class(
    campaign: Campaign, values: ClassRow, known: StudentClass | None, *, by: Actor, at: datetime
) -> list[Change]:
    if known is None:
        made = add_class(campaign, name=values.name, department=values.department, by_id=by.user_id, at=at)
        return [{"class": str(made.uuid), "before": None, "after": class_state(made)}]
    if known.department_id == values.department.pk:
        return []
    before = class_state(known)
    known = update_class(known, version=None, name=known.name, department=values.department, by_id=by.user_id, at=at)
    return [{"class": str(known.uuid), "before": before, "after": class_state(known)}]
