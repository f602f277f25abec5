"""Reads of delegations: those of the own departments with past ones, and who may be named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from campaigns.actors import Actor
from campaigns.enums import DEPARTMENT_ROLES, Role
from campaigns.models import Delegation, Membership
from qualityseason.models import User


@dataclass(frozen=True)
class DelegationRow:
    """One delegation; ``state`` is a word for the state partial: pending, done (in force) or withdrawn (over)."""

    uuid: UUID
    department: str
    head: str
    delegate: str
    starts_on: date
    ends_on: date
    state: str
    may_end: bool


@dataclass(frozen=True)
class DelegationLists:
    """Delegations that hold or will, and those that are over."""

    ahead: tuple[DelegationRow, ...]
    over: tuple[DelegationRow, ...]


def delegation_lists(actor: Actor, *, on: date) -> DelegationLists:
    """Return the delegations the actor sees, latest first. One query."""
    rows = [
        DelegationRow(
            delegation.uuid,
            delegation.department.name,
            delegation.head.display_name,
            delegation.delegate.display_name,
            delegation.starts_on,
            delegation.ends_on,
            "withdrawn" if delegation.ends_on < on else "pending" if delegation.starts_on > on else "done",
            delegation.ends_on >= on and may_hand_over(actor, delegation.department_id),
        )
        for delegation in Delegation.objects.visible_to(actor).select_related("department", "head", "delegate")
    ]
    return DelegationLists(
        tuple(row for row in rows if row.ends_on >= on), tuple(row for row in rows if row.ends_on < on)
    )


def may_hand_over(actor: Actor, department_id: int) -> bool:
    """Whether the actor hands over for the department: its head, or the office on the head's behalf (回避 apart)."""
    if department_id in actor.headed:
        return True
    return actor.has(Role.OFFICE) and not actor.is_interested_in(department_id)


def possible_delegates(actor: Actor, *, on: date) -> QuerySet[Membership]:
    """Return heads and liaisons of the departments the actor heads, the actor apart. Asked when the form is shown."""
    members = Membership.objects.filter(campaign_id=actor.campaign_id, department_id__in=actor.headed)
    members = members.filter(role__in=sorted(DEPARTMENT_ROLES), user__is_active=True).current(on=on)
    return members.exclude(user_id=actor.user_id).select_related("user", "department").order_by("department", "user")


def members_of(department_id: int, *, roles: frozenset[Role], on: date) -> QuerySet[User]:
    """Return the accounts with one of `roles` in the department on that day."""
    members = Membership.objects.filter(department_id=department_id, role__in=sorted(roles)).current(on=on)
    return User.objects.filter(pk__in=members.values("user_id"), is_active=True)
