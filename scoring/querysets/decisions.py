"""Notices, appeals, supplements, benchmarks, results on public notice and published."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from campaigns.actors import Actor
from campaigns.querysets import CampaignOwned
from scoring.enums import AppealState, PublicationState, SupplementState

M = TypeVar("M", bound=models.Model)


class NoticeQuerySet(CampaignOwned[M]):
    """Printed notices handed to departments."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to departments their own."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.filter(department_id__in=actor.departments)


class AppealQuerySet(CampaignOwned[M]):
    """Appeals: they concern confirmed lines alone, which a department and its staff know of."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to departments their own, and always to the author."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        return mine.filter(Q(department_id__in=actor.departments) | Q(appealed_by_id=actor.user_id))

    def pending(self) -> Self:
        """Return those that wait for a ruling."""
        return self.filter(state=AppealState.PENDING)


class SupplementQuerySet(CampaignOwned[M]):
    """Supplements to the rulebook."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those adopted."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.filter(state=SupplementState.ADOPTED)

    def adopted(self) -> Self:
        """Return those in force."""
        return self.filter(state=SupplementState.ADOPTED)


class InterpretationQuerySet(CampaignOwned[M]):
    """How the head of the team reads the rules; told to everybody."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all of the actor's campaign."""
        return self.of_campaign(actor)

    def standing(self, *, on: date | None = None) -> Self:
        """Return those not withdrawn, and by that day in force."""
        rows = self.filter(withdrawn_at__isnull=True)
        return rows if on is None else rows.filter(valid_from__lte=on)


class BenchmarkQuerySet(CampaignOwned[M]):
    """The fullest marks."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, none to others: they tell what another department lost."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.none()

    def standing(self) -> Self:
        """Return those in force."""
        return self.filter(superseded_at__isnull=True)


class DisplayQuerySet(CampaignOwned[M]):
    """Results on public notice; what of one a department reads is up to its visibility."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to departments those not withdrawn."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.standing()

    def standing(self) -> Self:
        """Return those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class ObjectionQuerySet(CampaignOwned[M]):
    """Objections to results on public notice."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to departments their own, and always to who entered one."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        return mine.filter(Q(department_id__in=actor.departments) | Q(entered_by_id=actor.user_id))

    def unanswered(self) -> Self:
        """Return those that wait for an answer."""
        return self.filter(answered_at__isnull=True)


class PublicationQuerySet(CampaignOwned[M]):
    """Publications; what of one a department reads is up to its visibility."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to departments those confirmed."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.confirmed()

    def confirmed(self) -> Self:
        """Return those that two people signed."""
        return self.filter(state=PublicationState.CONFIRMED)

    def current(self) -> Self:
        """Return the confirmed one that no later confirmed one replaces."""
        return self.confirmed().exclude(corrections__state=PublicationState.CONFIRMED)
