"""The plan contest: judges see what they judge, overseers the table, everybody the awards."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from campaigns.actors import Actor
from campaigns.enums import ContestState, Role
from campaigns.querysets.people import CampaignOwned

M = TypeVar("M", bound=models.Model)


class ContestQuerySet(CampaignOwned[M]):
    """Contests."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the contest to overseers and judges, to departments once it is awarded."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees or actor.judges else mine.filter(state=ContestState.AWARDED)


class ContestEntryQuerySet(models.QuerySet[M]):
    """Plans in a contest."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the entries to overseers and judges, to departments once the contest is awarded."""
        mine = self.filter(contest__campaign_id=actor.campaign_id)
        return mine if actor.oversees or actor.judges else mine.filter(contest__state=ContestState.AWARDED)


class BallotQuerySet(models.QuerySet[M]):
    """What judges gave."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to office, leading group and team lead (none about departments of own interest), own to judges."""
        mine = self.filter(entry__contest__campaign_id=actor.campaign_id)
        if actor.has(Role.OFFICE, Role.LEADERSHIP, Role.TEAM_LEAD):
            return mine.exclude(entry__plan__department_id__in=actor.interests)
        return mine.filter(judge_id=actor.user_id)


class DecisionQuerySet(CampaignOwned[M]):
    """Decisions of the leading group."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, none to others."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.none()


class VolumeQuerySet(CampaignOwned[M]):
    """Compiled volumes."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, none to others."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.none()
