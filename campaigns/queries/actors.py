"""Loading the actor: a fixed number of queries per request."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from campaigns.actors import Actor
from campaigns.enums import DEPARTMENT_ROLES, Role
from campaigns.models import Campaign, Interest, Membership, Posting, Responsibility
from qualityseason.models import User


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
    interests = {row[1] for row in rows if row[1] is not None} | set(_interests(user, campaign, on=on))
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
    )


def _interests(user: User, campaign: Campaign, *, on: date) -> QuerySet[Any, int]:
    declared = (
        Interest.objects.filter(campaign=campaign, user=user).current(on=on).values_list("department_id", flat=True)
    )
    posted = (
        Posting.objects.filter(campaign=campaign, staff_member__user=user)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=campaign.facts_from))
        .values_list("department_id", flat=True)
    )
    return declared.order_by().union(posted.order_by())


def campaigns_of(user: User) -> QuerySet[Campaign]:
    """Return the campaigns the user has a membership in, latest first."""
    return Campaign.objects.filter(memberships__user=user).distinct().order_by("-starts_on")
