"""A head hands submitting and appealing to a named person for some days. The only writer of these rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import DEPARTMENT_ROLES, Role
from campaigns.models import Delegation, Department, PlanEvent
from campaigns.queries.delegations import may_hand_over, members_of
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import User
from qualityseason.services import audit

LONGEST = timedelta(days=366)


@transaction.atomic
def give_delegation(
    department: Department,
    *,
    head: User,
    delegate: User,
    starts_on: date,
    ends_on: date,
    by: Actor,
    at: datetime,
) -> Delegation:
    """Let `delegate` submit and appeal for the department from `starts_on` to `ends_on`, both counted.

    The same again returns the one given first. Raises Refused at `head`, `delegate`, `starts_on` or `ends_on`.
    """
    _require(by, department.pk)
    if by.user_id != head.pk and not by.has(Role.OFFICE):
        raise PermissionDenied
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    _check_days(starts_on, ends_on, today=day_of(at))
    _check_people(department, head, delegate, on=starts_on)
    held = Delegation.objects.filter(department=department, head=head, delegate=delegate)
    standing = held.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if standing is not None:
        if (standing.starts_on, standing.ends_on) == (starts_on, ends_on):
            return standing
        words = {
            "person": delegate.display_name,
            "first": standing.starts_on.isoformat(),
            "last": standing.ends_on.isoformat(),
        }
        message = _("%(person)s holds it from %(first)s to %(last)s already. End that first, or choose other days.")
        raise Refused(message % words, field="starts_on", code="already", existing=standing)
    delegation = Delegation.objects.create(
        campaign_id=department.campaign_id,
        department=department,
        head=head,
        delegate=delegate,
        starts_on=starts_on,
        ends_on=ends_on,
        given_at=at,
    )
    _record("delegation.give", delegation, by=by, at=at, after=_state(delegation))
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, ends_on: date, by: Actor, at: datetime) -> None:
    """Let `ends_on` be the last day, yesterday at the earliest: then it ends at once.

    One that would end before its first day is taken back as a whole, unless the delegate has used it already.
    """
    _require(by, delegation.department_id)
    found = Delegation.objects.select_for_update(of=("self",), no_key=True).filter(pk=delegation.pk).first()
    if found is None:
        return  # taken back already
    yesterday = day_of(at) - timedelta(days=1)
    if ends_on < yesterday:
        message = _("What was done until yesterday stands: choose %(day)s or later.") % {"day": yesterday.isoformat()}
        raise Refused(message, field="ends_on", code="past")
    if ends_on >= found.ends_on:
        message = _("It already ends on %(day)s.") % {"day": found.ends_on.isoformat()}
        raise Refused(message, field="ends_on", code="ended")
    before = _state(found)
    if ends_on < found.starts_on:
        _take_back(found, by=by, at=at)
        return
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    _record("delegation.end", found, by=by, at=at, before=before, after=_state(found))


def _take_back(delegation: Delegation, *, by: Actor, at: datetime) -> None:
    acts = PlanEvent.objects.filter(
        plan__department_id=delegation.department_id,
        by_id=delegation.delegate_id,
        on_behalf_of_id=delegation.head_id,
        at__gte=delegation.given_at,
    )
    if acts.exists():
        message = _("It has been used today already; let it end today.")
        raise Refused(message, field="ends_on", code="used")
    _record("delegation.take-back", delegation, by=by, at=at, before=_state(delegation))
    delegation.delete()


def _require(by: Actor, department_id: int) -> None:
    if may_hand_over(by, department_id):
        return
    if by.has(Role.OFFICE):
        raise ConflictOfInterest(_("You have an interest in this department: somebody else of the office enters it."))
    raise PermissionDenied


def _check_days(starts_on: date, ends_on: date, *, today: date) -> None:
    if starts_on < today:
        message = _("Hand over from today on, %(day)s: what was done before was not handed over.")
        raise Refused(message % {"day": today.isoformat()}, field="starts_on", code="past")
    if ends_on < starts_on:
        message = _("The last day cannot come before the first, %(day)s.") % {"day": starts_on.isoformat()}
        raise Refused(message, field="ends_on", code="order")
    if ends_on - starts_on > LONGEST:
        raise Refused(_("Hand over for a year at most. Check the year."), field="ends_on", code="long")


def _check_people(department: Department, head: User, delegate: User, *, on: date) -> None:
    words = {"department": department.name, "day": on.isoformat()}
    if not members_of(department.pk, roles=frozenset({Role.HEAD}), on=on).filter(pk=head.pk).exists():
        message = _("%(person)s is not head of %(department)s on %(day)s.")
        raise Refused(message % (words | {"person": head.display_name}), field="head", code="no_head")
    if head.pk == delegate.pk:
        raise Refused(_("Name somebody else: a head needs no delegation."), field="delegate", code="self")
    if not members_of(department.pk, roles=DEPARTMENT_ROLES, on=on).filter(pk=delegate.pk).exists():
        message = _("%(person)s is neither head nor liaison of %(department)s on %(day)s.")
        raise Refused(message % (words | {"person": delegate.display_name}), field="delegate", code="stranger")


def _state(delegation: Delegation) -> dict[str, object]:
    return {
        "head_id": delegation.head_id,
        "delegate_id": delegation.delegate_id,
        "from": delegation.starts_on,
        "until": delegation.ends_on,
    }


def _record(act: str, delegation: Delegation, *, by: Actor, at: datetime, **states: dict[str, object]) -> None:
    audit.record(
        act,
        delegation,
        by_id=by.user_id,
        campaign_id=delegation.campaign_id,
        department_id=delegation.department_id,
        at=at,
        **states,
    )
