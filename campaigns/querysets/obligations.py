"""What is owed, and what was received."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from campaigns.actors import Actor
from campaigns.enums import RECEIVED_OBLIGATIONS
from campaigns.querysets.people import CampaignOwned

M = TypeVar("M", bound=models.Model)


class ObligationQuerySet(CampaignOwned[M]):
    """What departments owe."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, own ones to departments, those of which copies are received to the receivers."""
        mine = self.of_campaign(actor).standing()
        if actor.oversees:
            return mine
        seen = Q(department_id__in=actor.departments)
        if actor.receives:
            seen |= Q(kind__in=sorted(RECEIVED_OBLIGATIONS))
        return mine.filter(seen)

    def standing(self) -> Self:
        """Return what is owed: all but what was dropped because what asked for it was withdrawn."""
        return self.filter(dropped_at__isnull=True)

    def open(self) -> Self:
        """Return what is owed and not met yet."""
        return self.standing().filter(met_at__isnull=True)


class ReceiptQuerySet(CampaignOwned[M]):
    """Receipts of copies."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers and receivers, own ones to departments."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees or actor.receives else mine.filter(department_id__in=actor.departments)
