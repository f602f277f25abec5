"""The staff list with its dated postings, and the classes. The only writers of these rows, sheets included."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.enums import StaffCategory
from campaigns.models import Campaign, Department, Posting, StaffMember, StudentClass
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.text import clean, fingerprint, squeeze

MAXIMUM_NUMBER = 32
MAXIMUM_NAME = 64


def version_of(row: StaffMember | StudentClass) -> str:
    """Return a short mark of what the row says now; an edit form carries it, so that a stale edit is seen."""
    said = _member_state(row) if isinstance(row, StaffMember) else _class_state(row)
    words = [str(value) for value in said.values()]
    return fingerprint(words)


@transaction.atomic
def add_staff_member(
    campaign: Campaign,
    *,
    number: str,
    name: str,
    category: str,
    user: User | None = None,
    by_id: int | None,
    at: datetime | None,
) -> StaffMember:
    """Return a new person of the staff list; raises Refused at `number`, `name`, `category` or `user`."""
    _lock(campaign.pk)
    member = StaffMember(campaign=campaign)
    _fill_member(member, number=number, name=name, category=category, user=user)
    member.save()
    _record("staff.add", member, by_id=by_id, at=at, after=_member_state(member))
    return member


@transaction.atomic
def add_posted_member(
    campaign: Campaign,
    *,
    number: str,
    name: str,
    category: str,
    user: User | None,
    department: Department,
    starts_on: date,
    by_id: int | None,
    at: datetime | None,
) -> StaffMember:
    """Return a new person of the staff list with the first posting, both or neither; raises Refused as its parts."""
    member = add_staff_member(campaign, number=number, name=name, category=category, user=user, by_id=by_id, at=at)
    add_posting(member, department=department, starts_on=starts_on, by_id=by_id, at=at)
    return member


@transaction.atomic
def update_staff_member(
    member: StaffMember,
    *,
    version: str | None,
    number: str,
    name: str,
    category: str,
    user: User | None,
    by_id: int | None,
    at: datetime | None,
) -> StaffMember:
    """Change a person of the staff list; with another `version` than the row's (None: any) it is refused as stale."""
    _lock(member.campaign_id)
    member = StaffMember.objects.select_related("campaign").get(pk=member.pk)
    if version is not None and version != version_of(member):
        now = {"number": member.number, "name": member.name, "category": StaffCategory(member.category).label}
        message = _("Somebody else saved meanwhile: %(number)s, %(name)s, %(category)s. Send again to replace it.")
        raise Refused(message % now, code="stale", existing=member)
    before = _member_state(member)
    _fill_member(member, number=number, name=name, category=category, user=user)
    if _member_state(member) != before:
        member.save(update_fields=["number", "name", "squeezed_name", "category", "user"])
        _record("staff.edit", member, by_id=by_id, at=at, before=before, after=_member_state(member))
    return member


def _fill_member(member: StaffMember, *, number: str, name: str, category: str, user: User | None) -> None:
    number, name = clean(number), clean(name)
    if not 0 < len(number) <= MAXIMUM_NUMBER:
        raise Refused(_("Give the staff number, at most 32 characters."), field="number", code="number")
    if not 0 < len(name) <= MAXIMUM_NAME:
        raise Refused(_("Give the name, at most 64 characters."), field="name", code="name")
    if category not in StaffCategory:
        raise Refused(_("Choose the category."), field="category", code="category")
    others = StaffMember.objects.filter(campaign=member.campaign).exclude(pk=member.pk)
    taken = others.filter(number=number).first()
    if taken is not None:
        message = _("%(person)s has this number.") % {"person": taken.name}
        raise Refused(message, field="number", code="taken", existing=taken)
    linked = others.filter(user=user).first() if user is not None else None
    if linked is not None:
        message = _("This account belongs to %(person)s of the staff list.") % {"person": str(linked)}
        raise Refused(message, field="user", code="linked", existing=linked)
    member.number, member.name, member.squeezed_name = number, name, squeeze(name)
    member.category, member.user = category, user


def _member_state(member: StaffMember) -> dict[str, Any]:
    return {
        "number": member.number,
        "name": member.name,
        "category": member.category,
        "user_id": member.user_id,
    }


@transaction.atomic
def add_posting(
    member: StaffMember,
    *,
    department: Department,
    starts_on: date,
    ends_on: date | None = None,
    by_id: int | None,
    at: datetime | None,
) -> Posting:
    """Post a person to a department from a day on; the open posting before ends the day before.

    Raises Refused at `starts_on`, `ends_on` or `department` where two postings would overlap.
    """
    member = StaffMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    if department.campaign_id != member.campaign_id:
        raise Refused(_("This department is not of this season."), field="department", code="foreign")
    if ends_on is not None and ends_on < starts_on:
        message = _("The last day cannot come before the first, %(day)s.") % {"day": starts_on.isoformat()}
        raise Refused(message, field="ends_on", code="order")
    former = Posting.objects.filter(staff_member=member, starts_on__lt=starts_on, ends_on__isnull=True).first()
    if former is not None and former.department_id == department.pk:
        message = _("The person is posted there already, since %(day)s.") % {"day": former.starts_on.isoformat()}
        raise Refused(message, field="department", code="already", existing=former)
    _refuse_overlap(member, starts_on, ends_on, former)
    if former is not None:
        former.ends_on = starts_on - timedelta(days=1)
        former.save(update_fields=["ends_on"])
        _record("posting.end", former, by_id=by_id, at=at, before={"until": None}, after={"until": former.ends_on})
    posting = Posting.objects.create(
        campaign_id=member.campaign_id,
        staff_member=member,
        department=department,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    after = {"staff_member": member.uuid, "from": starts_on, "until": ends_on}
    _record("posting.add", posting, by_id=by_id, at=at, after=after)
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, ends_on: date, by_id: int | None, at: datetime | None) -> Posting:
    """Let `ends_on` be the last day of a posting; raises Refused at `ends_on`."""
    StaffMember.objects.select_for_update(no_key=True).get(pk=posting.staff_member_id)
    posting = Posting.objects.get(pk=posting.pk)
    if posting.ends_on is not None and posting.ends_on <= ends_on:
        message = _("It already ends on %(day)s.") % {"day": posting.ends_on.isoformat()}
        raise Refused(message, field="ends_on", code="ended")
    if ends_on < posting.starts_on:
        message = _("The last day cannot come before the first, %(day)s.") % {"day": posting.starts_on.isoformat()}
        raise Refused(message, field="ends_on", code="order")
    before = {"until": posting.ends_on}
    posting.ends_on = ends_on
    posting.save(update_fields=["ends_on"])
    _record("posting.end", posting, by_id=by_id, at=at, before=before, after={"until": ends_on})
    return posting


def _refuse_overlap(member: StaffMember, starts_on: date, ends_on: date | None, former: Posting | None) -> None:
    others = Posting.objects.filter(staff_member=member)
    if former is not None:
        others = others.exclude(pk=former.pk)
    others = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        others = others.filter(starts_on__lte=ends_on)
    standing = others.select_related("department").first()
    if standing is not None:
        words = {"department": standing.department.name, "day": standing.starts_on.isoformat()}
        message = _("This overlaps the posting to %(department)s that begins on %(day)s.") % words
        raise Refused(message, field="starts_on", code="overlap", existing=standing)


@transaction.atomic
def add_class(
    campaign: Campaign, *, name: str, department: Department, by_id: int | None, at: datetime | None
) -> StudentClass:
    """Return a new class; raises Refused at `name` or `department`."""
    _lock(campaign.pk)
    student_class = StudentClass(campaign=campaign)
    _fill_class(student_class, name=name, department=department)
    student_class.save()
    _record("class.add", student_class, by_id=by_id, at=at, after=_class_state(student_class))
    return student_class


@transaction.atomic
def update_class(
    student_class: StudentClass,
    *,
    version: str | None,
    name: str,
    department: Department,
    by_id: int | None,
    at: datetime | None,
) -> StudentClass:
    """Change a class; with another `version` than the row's (None: any) it is refused as stale."""
    _lock(student_class.campaign_id)
    student_class = StudentClass.objects.select_related("campaign", "department").get(pk=student_class.pk)
    if version is not None and version != version_of(student_class):
        now = {"name": student_class.name, "department": student_class.department.name}
        message = _("Somebody else saved meanwhile: %(name)s, %(department)s. Send again to replace it.")
        raise Refused(message % now, code="stale", existing=student_class)
    before = _class_state(student_class)
    _fill_class(student_class, name=name, department=department)
    if _class_state(student_class) != before:
        student_class.save(update_fields=["name", "squeezed_name", "department"])
        _record("class.edit", student_class, by_id=by_id, at=at, before=before, after=_class_state(student_class))
    return student_class


def _fill_class(student_class: StudentClass, *, name: str, department: Department) -> None:
    name = clean(name)
    if not 0 < len(name) <= MAXIMUM_NAME:
        raise Refused(_("Give the name, at most 64 characters."), field="name", code="name")
    if department.campaign_id != student_class.campaign_id:
        raise Refused(_("This department is not of this season."), field="department", code="foreign")
    others = StudentClass.objects.filter(campaign=student_class.campaign).exclude(pk=student_class.pk)
    taken = others.filter(squeezed_name=squeeze(name)).first()
    if taken is not None:
        raise Refused(_("There is a class of this name."), field="name", code="taken", existing=taken)
    student_class.name, student_class.squeezed_name, student_class.department = name, squeeze(name), department


def _class_state(student_class: StudentClass) -> dict[str, Any]:
    return {"name": student_class.name, "department_id": student_class.department_id}


def _lock(campaign_id: int) -> None:
    """Let one change of the lists after the other in, so that a number or name taken meanwhile is seen."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def _record(
    act: str,
    row: StaffMember | Posting | StudentClass,
    *,
    by_id: int | None,
    at: datetime | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    department_id = None if isinstance(row, StaffMember) else row.department_id
    audit.record(
        act,
        row,
        by_id=by_id,
        campaign_id=row.campaign_id,
        department_id=department_id,
        at=at,
        before=before,
        after=after,
    )
