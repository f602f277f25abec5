"""Who is what in a campaign: memberships, declared interests, responsibilities. The only writers of these rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.enums import DEPARTMENT_ROLES, Role
from campaigns.models import Campaign, Department, Interest, Membership, Responsibility
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_REASON = 200


@transaction.atomic
def add_membership(
    campaign: Campaign,
    *,
    user: User,
    role: str,
    department: Department | None,
    starts_on: date,
    ends_on: date | None = None,
    by_id: int | None,
    at: datetime | None,
) -> Membership:
    """Return a new membership of `user`; a head or liaison needs the department, the others may belong to one.

    Raises Refused at `department`, `role`, `starts_on` or `ends_on`; `existing` is the membership in the way.
    """
    _lock(campaign)
    if role in DEPARTMENT_ROLES and department is None:
        raise Refused(_("Heads and liaisons need their department."), field="department", code="department")
    _check_own(campaign, department)
    _check_order(starts_on, ends_on)
    same = Membership.objects.filter(campaign=campaign, user=user, role=role, department=department)
    overlapping = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    standing = overlapping.first()
    if standing is not None:
        message = _("%(person)s already is this in that time.") % {"person": user.display_name}
        raise Refused(message, field="role", code="already", existing=standing)
    membership = Membership.objects.create(
        campaign=campaign, user=user, role=role, department=department, starts_on=starts_on, ends_on=ends_on
    )
    after = {"user": user.username, "role": role, "from": starts_on, "until": ends_on}
    _record("membership.add", membership, by_id=by_id, at=at, after=after)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, ends_on: date, by_id: int | None, at: datetime | None) -> Membership:
    """Let `ends_on` be the membership's last day; raises Refused when no office account would be left after it."""
    _lock(membership.campaign)
    membership.refresh_from_db(fields=["ends_on"])
    if membership.ends_on is not None and membership.ends_on <= ends_on:
        message = _("It already ends on %(day)s.") % {"day": membership.ends_on.isoformat()}
        raise Refused(message, field="ends_on", code="ended")
    _check_order(membership.starts_on, ends_on)
    if membership.role == Role.OFFICE and not _office_after(membership, ends_on):
        message = _("This is the last account of the campaign office; appoint another one first.")
        raise Refused(message, code="last-office")
    before = {"until": membership.ends_on}
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    _record("membership.end", membership, by_id=by_id, at=at, before=before, after={"until": ends_on})
    return membership


def _office_after(membership: Membership, ends_on: date) -> bool:
    """Whether another open, usable office account is there on the next day."""
    others = Membership.objects.filter(
        campaign_id=membership.campaign_id, role=Role.OFFICE, ends_on__isnull=True, user__is_active=True
    )
    return others.exclude(pk=membership.pk).filter(starts_on__lte=ends_on + timedelta(days=1)).exists()


@transaction.atomic
def add_interest(
    campaign: Campaign,
    *,
    user: User,
    department: Department,
    reason: str,
    starts_on: date,
    by_id: int | None,
    at: datetime,
) -> Interest:
    """Return a declared interest of `user` in `department`: no act for or against it from `starts_on` on.

    Raises Refused at `starts_on` for a day that is over: what was done on it was lawful.
    """
    _lock(campaign)
    _check_own(campaign, department)
    reason = tidy(reason)
    if not 0 < len(reason) <= MAXIMUM_REASON:
        raise Refused(_("Say why in at most 200 characters."), field="reason", code="reason")
    if starts_on < day_of(at):
        message = _("An interest is declared from %(day)s on at the earliest; what was done before stands.")
        raise Refused(message % {"day": day_of(at).isoformat()}, field="starts_on", code="past")
    standing = Interest.objects.filter(user=user, department=department, ends_on__isnull=True).first()
    if standing is not None:
        raise Refused(_("This interest is declared already."), field="department", code="already", existing=standing)
    interest = Interest.objects.create(
        campaign=campaign, user=user, department=department, reason=reason, starts_on=starts_on
    )
    after = {"user": user.username, "reason": reason, "from": starts_on}
    _record("interest.add", interest, by_id=by_id, at=at, after=after)
    return interest


@transaction.atomic
def end_interest(interest: Interest, *, ends_on: date, by_id: int | None, at: datetime | None) -> Interest:
    """Let `ends_on` be the last day of a declared interest."""
    _lock(interest.campaign)
    interest.refresh_from_db(fields=["ends_on"])
    if interest.ends_on is not None:
        message = _("It already ends on %(day)s.") % {"day": interest.ends_on.isoformat()}
        raise Refused(message, field="ends_on", code="ended")
    _check_order(interest.starts_on, ends_on)
    interest.ends_on = ends_on
    interest.save(update_fields=["ends_on"])
    _record("interest.end", interest, by_id=by_id, at=at, before={"until": None}, after={"until": ends_on})
    return interest


@transaction.atomic
def add_responsibility(
    campaign: Campaign,
    *,
    code: str,
    department: Department | None,
    user: User | None,
    by_id: int | None,
    at: datetime | None,
) -> Responsibility:
    """Give a responsibility to a department or to a user, to exactly one of them."""
    _lock(campaign)
    if (department is None) == (user is None):
        message = _("Name either a department or a person.")
        raise Refused(message, field="department", code="holder")
    _check_own(campaign, department)
    responsibility, made = Responsibility.objects.get_or_create(
        campaign=campaign, code=code, department=department, user=user
    )
    if not made:
        message = _("They already have this responsibility.")
        raise Refused(message, field="code", code="already", existing=responsibility)
    after = {"code": code, "user": user.username if user else None}
    _record("responsibility.add", responsibility, by_id=by_id, at=at, after=after)
    return responsibility


@transaction.atomic
def remove_responsibility(responsibility: Responsibility, *, by_id: int | None, at: datetime | None) -> None:
    """Take a responsibility away."""
    before = {"code": responsibility.code, "user_id": responsibility.user_id}
    _record("responsibility.remove", responsibility, by_id=by_id, at=at, before=before)
    responsibility.delete()


def _lock(campaign: Campaign) -> None:
    """Let one change of people after the other in (two offices must not end each other)."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def _check_own(campaign: Campaign, department: Department | None) -> None:
    if department is not None and department.campaign_id != campaign.pk:
        raise Refused(_("This department is not of this season."), field="department", code="foreign")


def _check_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        message = _("The last day cannot come before the first, %(day)s.") % {"day": starts_on.isoformat()}
        raise Refused(message, field="ends_on", code="order")


def _record(
    act: str, row: Membership | Interest | Responsibility, *, by_id: int | None, at: datetime | None, **states: object
) -> None:
    audit.record(
        act,
        row,
        by_id=by_id,
        campaign_id=row.campaign_id,
        department_id=row.department_id,
        at=at,
        **states,  # type: ignore[arg-type]  # before and after
    )
