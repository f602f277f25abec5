"""Records of departments: overseers see all, a department its own."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from campaigns.actors import Actor
from campaigns.enums import ProposalState, Role
from campaigns.querysets.people import CampaignOwned

M = TypeVar("M", bound=models.Model)


class OverseenQuerySet(CampaignOwned[M]):
    """Records with a department (study sessions, duties, leaders)."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those of the own departments."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.filter(department_id__in=actor.departments)


class SessionPartQuerySet(models.QuerySet[M]):
    """Rows below a study session: sittings, invitations, roll, suggestions."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of the sessions the actor sees."""
        mine = self.filter(session__campaign_id=actor.campaign_id)
        return mine if actor.oversees else mine.filter(session__department_id__in=actor.departments)


class ProposalQuerySet(CampaignOwned[M]):
    """Changes of staff list and duties a department proposes."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to the office, to heads and liaisons those of their departments."""
        mine = self.of_campaign(actor)
        return mine if actor.has(Role.OFFICE) else mine.filter(Q(department_id__in=actor.departments))

    def open(self) -> Self:
        """Return those not decided yet."""
        return self.filter(state=ProposalState.PROPOSED)
