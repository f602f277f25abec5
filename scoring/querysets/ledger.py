"""Chainable questions about one scoring-side model; sight is `visible_to(actor)`."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from campaigns.actors import Actor
from campaigns.querysets import CampaignOwned
from scoring.enums import FindingState, Proof

M = TypeVar("M", bound=models.Model)
ABOUT_MENDING = Q(
    rule__mendable=True, proof=Proof.PROVEN, state__in=[FindingState.OPEN, FindingState.GONE]
)  # of a finding


class RuleVersionQuerySet(models.QuerySet[M]):
    """Versions of rules; the one in force is chosen by the day of the fact."""

    def in_force(self, *, on: date) -> Self:
        """Return for each rule its latest version valid on that day."""
        later = self.model._default_manager.filter(rule_id=models.OuterRef("rule_id"), valid_from__lte=on)
        return self.filter(pk=models.Subquery(later.order_by("-valid_from", "-number").values("pk")[:1]))


class DeductionQuerySet(CampaignOwned[M]):
    """Lines of the ledger."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what the actor may know of.

        Overseers see every line, those of a department of own interest only once confirmed; a department sees what
        it is charged from the confirmation on.
        """
        mine = self.of_campaign(actor)
        if not actor.oversees:
            return mine.filter(charged_id__in=actor.departments, confirmed_at__isnull=False)
        if actor.interests:
            return mine.exclude(
                Q(charged_id__in=actor.interests) | Q(visited_id__in=actor.interests), confirmed_at__isnull=True
            )
        return mine

    def standing(self) -> Self:
        """Return the lines not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def confirmed(self) -> Self:
        """Return the lines that count: confirmed and not withdrawn."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True)

    def recorded(self) -> Self:
        """Return the lines that wait for a second person."""
        return self.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True)

    def happened_by(self, day: date | None) -> Self:
        """Return the lines of facts up to that day (all when None)."""
        return self if day is None else self.filter(happened_on__lte=day)

    def awaiting(self, actor: Actor) -> Self:
        """Return the recorded lines this actor may confirm: not own, no interest."""
        return (
            self.visible_to(actor)
            .recorded()
            .exclude(recorded_by_id=actor.user_id)
            .exclude(Q(charged_id__in=actor.interests) | Q(visited_id__in=actor.interests))
        )


class TallyQuerySet(CampaignOwned[M]):
    """Stored sums per department and category."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, own departments' to the rest."""
        return (
            self.of_campaign(actor)
            if actor.oversees
            else self.of_campaign(actor).filter(department_id__in=actor.departments)
        )


class InspectionQuerySet(CampaignOwned[M]):
    """Inspections."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers (those of own interest once ended), to departments their own once ended."""
        mine = self.of_campaign(actor)
        if not actor.oversees:
            return mine.filter(department_id__in=actor.departments, ended_at__isnull=False)
        if actor.interests:
            return mine.exclude(department_id__in=actor.interests, ended_at__isnull=True)
        return mine

    def files_visible_to(self, actor: Actor) -> Self:
        """Return those whose files the actor may open: like the notes they are the team's own, and may tell of a line
        that waits; what a department is to see is attached to the deduction.
        """
        return self.visible_to(actor).exclude(department_id__in=actor.interests) if actor.oversees else self.none()


class FindingQuerySet(CampaignOwned[M]):
    """What the records show by themselves."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers; to a department, and of one of own interest, only what mending is about."""
        mine = self.of_campaign(actor)
        if not actor.oversees:
            return mine.filter(charged_id__in=actor.departments).about_mending()
        if actor.interests:
            return mine.filter(~Q(charged_id__in=actor.interests) | ABOUT_MENDING)
        return mine

    def about_mending(self) -> Self:
        """Return what a department is told of: proven, and still to be mended or mended."""
        return self.filter(ABOUT_MENDING)

    def decidable_by(self, actor: Actor) -> Self:
        """Return those the actor may charge or dismiss: open ones of departments without own interest."""
        if not actor.is_team:
            return self.none()
        return self.visible_to(actor).filter(state=FindingState.OPEN).exclude(charged_id__in=actor.interests)

    def proposed(self) -> Self:
        """Return what waits for a decision: open and proven."""
        return self.filter(state=FindingState.OPEN, proof=Proof.PROVEN)


class AnnouncementQuerySet(CampaignOwned[M]):
    """From when on the portal's records count."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all of the actor's campaign: they are told to everybody."""
        return self.of_campaign(actor)

    def standing(self) -> Self:
        """Return those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)
