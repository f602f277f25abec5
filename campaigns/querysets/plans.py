"""Plans: a department's own until submitted; then its submitted versions are read by those who assess and receive."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.querysets.people import CampaignOwned

M = TypeVar("M", bound=models.Model)


class PlanQuerySet(CampaignOwned[M]):
    """Plans of departments."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to the office, own ones to departments, to overseers and receivers those submitted,
        to judges those in the contest."""
        mine = self.of_campaign(actor)
        if actor.has(Role.OFFICE):
            return mine
        seen = Q(department_id__in=actor.departments)
        if actor.oversees or actor.receives:
            seen |= Q(submitted_at__isnull=False)
        if actor.judges:
            seen |= Q(entries__isnull=False)
        return mine.filter(seen).distinct()


class PlanVersionQuerySet(models.QuerySet[M]):
    """What was submitted."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all versions to office, overseers and receivers, own ones to departments, to judges those entered."""
        mine = self.filter(plan__campaign_id=actor.campaign_id)
        if actor.oversees or actor.receives:
            return mine
        seen = Q(plan__department_id__in=actor.departments)
        if actor.judges:
            seen |= Q(entries__isnull=False)
        return mine.filter(seen).distinct()


class PlanMarkQuerySet(models.QuerySet[M]):
    """What assessors noted on items, before anybody is charged."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the marks to team and office, none about departments of own interest."""
        mine = self.filter(plan__campaign_id=actor.campaign_id)
        if not (actor.is_team or actor.has(Role.OFFICE)):
            return mine.none()
        return mine.exclude(plan__department_id__in=actor.interests)

    def standing(self) -> Self:
        """Return the marks not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)
