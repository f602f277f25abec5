"""What departments do during the implementation months: overseers see all, a department what concerns it."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from campaigns.actors import Actor
from campaigns.enums import NominationState, Role, TaskState
from campaigns.querysets.people import CampaignOwned
from campaigns.querysets.records import OverseenQuerySet

M = TypeVar("M", bound=models.Model)


class EvidenceQuerySet(OverseenQuerySet[M]):
    """Evidence: overseers see all, a department its own."""

    def standing(self) -> Self:
        """Return what is not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def unfiled(self) -> Self:
        """Return what proves nothing yet: the inbox."""
        return self.standing().filter(links__isnull=True)


class ExchangeQuerySet(CampaignOwned[M]):
    """Exchanges of experience: events for the whole college."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all events of the actor's campaign."""
        return self.of_campaign(actor)


class ExchangePresenterQuerySet(models.QuerySet[M]):
    """Who presents at exchanges."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the presenters of all events of the actor's campaign."""
        return self.filter(exchange__campaign_id=actor.campaign_id)


class CircularQuerySet(CampaignOwned[M]):
    """Circulars: overseers see all, a department those that went to it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those addressed to their departments and not withdrawn."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        return mine.filter(
            recipients__department_id__in=actor.departments,
            recipients__removed_at__isnull=True,
            withdrawn_at__isnull=True,
        ).distinct()


class CircularRecipientQuerySet(models.QuerySet[M]):
    """What departments did with circulars."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those of the own departments."""
        mine = self.filter(circular__campaign_id=actor.campaign_id)
        if actor.oversees:
            return mine
        return mine.standing().filter(department_id__in=actor.departments)

    def standing(self) -> Self:
        """Return the rows that count: neither they nor the circular were taken back."""
        return self.filter(removed_at__isnull=True, circular__withdrawn_at__isnull=True)


class AssignmentQuerySet(OverseenQuerySet[M]):
    """Assignments: overseers see all, a department its own."""

    def standing(self) -> Self:
        """Return those not withdrawn."""
        return self.exclude(state=TaskState.WITHDRAWN)


class AssignmentReportQuerySet(models.QuerySet[M]):
    """Reports of assignments."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those of the own departments."""
        mine = self.filter(assignment__campaign_id=actor.campaign_id)
        return mine if actor.oversees else mine.filter(assignment__department_id__in=actor.departments)


class ProblemQuerySet(CampaignOwned[M]):
    """Problems: overseers see all, a department those it raised and those that name it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those raised by or naming the own departments."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        own = Q(raising_department_id__in=actor.departments)
        named = Q(answers__department_id__in=actor.departments) & ~Q(answers__state=TaskState.WITHDRAWN)
        return mine.filter(own | named).distinct()

    def standing(self) -> Self:
        """Return those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class ProblemAnswerQuerySet(models.QuerySet[M]):
    """Answers: a department named sees its own alone, the one that raised the problem all of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others the own ones and those to the problems they raised."""
        mine = self.filter(problem__campaign_id=actor.campaign_id)
        if actor.oversees:
            return mine
        own = Q(department_id__in=actor.departments) & ~Q(state=TaskState.WITHDRAWN)
        return mine.filter(own | Q(problem__raising_department_id__in=actor.departments))

    def standing(self) -> Self:
        """Return those that count."""
        return self.exclude(state=TaskState.WITHDRAWN).filter(problem__withdrawn_at__isnull=True)


class ProblemPersonQuerySet(models.QuerySet[M]):
    """Persons a problem concerns: for the department that answers, office and team alone."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to office and team, to others those of the answers of their own departments."""
        mine = self.filter(answer__problem__campaign_id=actor.campaign_id, removed_at__isnull=True)
        if actor.is_team or actor.has(Role.OFFICE):
            return mine
        return mine.filter(answer__department_id__in=actor.departments)


class PolicyPartQuerySet(models.QuerySet[M]):
    """Contents of policies."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those of the own departments."""
        mine = self.filter(policy__campaign_id=actor.campaign_id)
        return mine if actor.oversees else mine.filter(policy__department_id__in=actor.departments)


class ServiceWorkQuerySet(CampaignOwned[M]):
    """Service work: overseers see all, a department what it did and what was done for it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others what their departments did or received."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        received = Q(visited_id__in=actor.departments, withdrawn_at__isnull=True)
        return mine.filter(Q(department_id__in=actor.departments) | received)

    def standing(self) -> Self:
        """Return what is not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class MonthlyReportQuerySet(CampaignOwned[M]):
    """Monthly reports: overseers see all, a department its own and those addressed to it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others the own ones and those they receive."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        return mine.filter(Q(department_id__in=actor.departments) | Q(addressee_id__in=actor.departments))


class RecommendationQuerySet(CampaignOwned[M]):
    """Recommendations: overseers see all, departments those they made and those that praise them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others those made by or praising the own departments."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        praised = Q(recommended_id__in=actor.departments, withdrawn_at__isnull=True)
        return mine.filter(Q(department_id__in=actor.departments) | praised)

    def standing(self) -> Self:
        """Return those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class MeasurementQuerySet(CampaignOwned[M]):
    """Measured values of the season's objectives: known to everybody in it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all values of the actor's campaign."""
        return self.of_campaign(actor)

    def standing(self) -> Self:
        """Return those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class NominationQuerySet(CampaignOwned[M]):
    """Nominations: overseers see all, a department its own, everybody those chosen."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to overseers, to others the own ones and those chosen."""
        mine = self.of_campaign(actor)
        if actor.oversees:
            return mine
        return mine.filter(Q(department_id__in=actor.departments) | Q(state=NominationState.CHOSEN))

    def files_visible_to(self, actor: Actor) -> Self:
        """Return those whose reasons and files the actor opens: all for overseers, the own ones for others."""
        mine = self.of_campaign(actor)
        return mine if actor.oversees else mine.filter(department_id__in=actor.departments)


class ReminderQuerySet(CampaignOwned[M]):
    """Reminders: the office sees all, everybody the own messages."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to the office, to others the messages they got."""
        mine = self.of_campaign(actor)
        return mine if actor.has(Role.OFFICE) else mine.filter(user_id=actor.user_id)


class DepartmentChangeQuerySet(CampaignOwned[M]):
    """Changes of departments: no secret inside the campaign."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all changes of the actor's campaign."""
        return self.of_campaign(actor)


class SummaryQuerySet(CampaignOwned[M]):
    """Closing summaries and materials: a department's own until submitted, then read by overseers and receivers."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to the office, own ones to departments, to overseers and receivers those submitted."""
        mine = self.of_campaign(actor)
        if actor.has(Role.OFFICE):
            return mine
        seen = Q(department_id__in=actor.departments)
        if actor.oversees or actor.receives:
            seen |= Q(submitted_at__isnull=False)
        return mine.filter(seen)


class SummaryVersionQuerySet(models.QuerySet[M]):
    """What was submitted of summaries."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all versions to overseers and receivers, own ones to departments."""
        mine = self.filter(summary__campaign_id=actor.campaign_id)
        if actor.oversees or actor.receives:
            return mine
        return mine.filter(summary__department_id__in=actor.departments)


class RegisterQuerySet(CampaignOwned[M]):
    """Rows of a register: for its keeper, team and office, and the person's and the organising department."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all rows to keeper, team and office, to others those about or organised by the own departments."""
        mine = self.of_campaign(actor)
        register = self.model.REGISTER  # type: ignore[attr-defined]  # every model of a register names its own
        if actor.has(Role.OFFICE) or actor.is_team or register in actor.keeps:
            return mine
        seen = Q(department_id__in=actor.departments)
        if any(field.name == "organiser" for field in self.model._meta.get_fields()):
            seen |= Q(organiser_id__in=actor.departments)
        return mine.filter(seen)

    def standing(self) -> Self:
        """Return the rows not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)
