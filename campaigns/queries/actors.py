"""Loading the actor: a fixed number of queries per request."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value

from campaigns.actors import Actor
from campaigns.enums import DEPARTMENT_ROLES, Role
from campaigns.models import Campaign, Delegation, Department, Interest, Membership, Posting, Responsibility
from qualityseason.models import User
from qualityseason.text import parse_uuid


def load_actor(user: User, campaign: Campaign, *, on: date) -> Actor | None:
    """Return who `user` is in `campaign` on that day, or None without any membership then. Three queries.

    Interests are every department belonged to at any time this season (membership or posting of the linked staff
    member) and those declared that hold on that day.
    """
    rows = list(
        Membership.objects.filter(campaign=campaign, user=user).values_list(
            "role", "department_id", "starts_on", "ends_on", "department__name"
        )
    )
    current = [row for row in rows if row[2] <= on and (row[3] is None or row[3] >= on)]
    if not current:
        return None
    others = list(_other_departments(user, campaign, on=on))
    interests = {row[1] for row in rows if row[1] is not None} | {pk for pk, is_delegated in others if not is_delegated}
    departments = frozenset(row[1] for row in current if row[0] in DEPARTMENT_ROLES)
    held = Responsibility.objects.filter(
        Q(user=user) | Q(department_id__in=departments), campaign=campaign
    ).values_list("code", flat=True)
    return Actor(
        user_id=user.pk,
        campaign_id=campaign.pk,
        department_names=tuple(sorted({row[4] for row in current if row[4] is not None})),
        roles=frozenset(row[0] for row in current),
        departments=departments,
        headed=frozenset(row[1] for row in current if row[0] == Role.HEAD),
        interests=frozenset(interests),
        responsibilities=frozenset(held),
        delegated=frozenset(pk for pk, is_delegated in others if is_delegated) & departments,
    )


def seen_as(actor: Actor, department: str) -> Actor | None:
    """Return who the head of that department (uuid as text) would be, for somebody of the office who looks as such.

    None where the actor may not look, or the department is not there. Two queries.
    """
    uuid = parse_uuid(department)
    if uuid is None or not actor.has(Role.OFFICE):
        return None
    found = Department.objects.visible_to(actor).filter(uuid=uuid).first()
    if found is None:
        return None
    held = Responsibility.objects.filter(campaign_id=actor.campaign_id, department=found)
    own = frozenset({found.pk})
    return Actor(
        user_id=actor.user_id,
        campaign_id=actor.campaign_id,
        department_names=(found.name,),
        roles=DEPARTMENT_ROLES,
        departments=own,
        headed=own,
        interests=own,
        responsibilities=frozenset(held.values_list("code", flat=True)),
        seeing_as=found.pk,
    )


def _other_departments(user: User, campaign: Campaign, *, on: date) -> QuerySet[Any, Any]:
    """Return (department, False) for interests besides memberships, (department, True) for what heads handed over."""
    declared = Interest.objects.filter(campaign=campaign, user=user).current(on=on)
    posted = Posting.objects.filter(campaign=campaign, staff_member__user=user).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=campaign.facts_from)
    )
    handed_over = Delegation.objects.filter(campaign=campaign, delegate=user).in_force(on=on)
    return _marked(declared, False).union(_marked(posted, False), _marked(handed_over, True))


def _marked(rows: QuerySet[Any, Any], is_delegated: bool) -> QuerySet[Any, Any]:
    return rows.order_by().values_list("department_id", Value(is_delegated))


def campaigns_of(user: User) -> QuerySet[Campaign]:
    """Return the campaigns the user has a membership in, latest first."""
    return Campaign.objects.filter(memberships__user=user).distinct().order_by("-starts_on")
