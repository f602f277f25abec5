"""Chainable questions about one campaign-side model; sight is `visible_to(actor)`, dates are always passed in."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from campaigns.actors import Actor
from campaigns.enums import Role

M = TypeVar("M", bound=models.Model)


class CampaignOwned(models.QuerySet[M]):
    """Rows that belong to one campaign."""

    def of_campaign(self, actor: Actor) -> Self:
        """Return the rows of the actor's campaign."""
        return self.filter(campaign_id=actor.campaign_id)


class DatedQuerySet(CampaignOwned[M]):
    """Rows that hold from a day until a day (until is open when null, and still counts itself)."""

    def current(self, *, on: date) -> Self:
        """Return the rows that hold on that day."""
        return self.filter(Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class DepartmentQuerySet(CampaignOwned[M]):
    """Departments; their names are no secret inside the campaign."""

    def visible_to(self, actor: Actor) -> Self:
        """Return every department of the actor's campaign."""
        return self.of_campaign(actor)

    def statement_visible_to(self, actor: Actor) -> Self:
        """Return the departments whose statement the actor may open: all for overseers, own ones for the rest."""
        return self.of_campaign(actor) if actor.oversees else self.of_campaign(actor).filter(pk__in=actor.departments)


class ResponsibilityQuerySet(CampaignOwned[M]):
    """Responsibilities, kept and read by the campaign office alone."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all rows to the office, none to others."""
        return self.of_campaign(actor) if actor.has(Role.OFFICE) else self.none()


class InterestQuerySet(DatedQuerySet[M]):
    """Declared interests, kept and read by the campaign office alone."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all rows to the office, none to others."""
        return self.of_campaign(actor) if actor.has(Role.OFFICE) else self.none()


class DelegationQuerySet(DatedQuerySet[M]):
    """What heads handed to others for some days."""

    def in_force(self, *, on: date) -> Self:
        """Return those of that day whose head still heads the department then."""
        heading = Q(head__memberships__ends_on__isnull=True) | Q(head__memberships__ends_on__gte=on)
        return (
            self.current(on=on)
            .filter(
                heading,
                head__memberships__role=Role.HEAD,
                head__memberships__department_id=F("department_id"),
                head__memberships__starts_on__lte=on,
            )
            .distinct()
        )

    def visible_to(self, actor: Actor) -> Self:
        """Return all to the office, to heads and liaisons those of their departments."""
        mine = self.of_campaign(actor)
        return mine if actor.has(Role.OFFICE) else mine.filter(department_id__in=actor.departments)


class MembershipQuerySet(DatedQuerySet[M]):
    """Memberships; a head sees those of the own department."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to the office, to a head those of the departments headed."""
        if actor.has(Role.OFFICE):
            return self.of_campaign(actor)
        return self.of_campaign(actor).filter(department_id__in=actor.headed)


class StaffMemberQuerySet(CampaignOwned[M]):
    """The staff list of the whole college."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to office and team, to heads and liaisons those ever posted to their departments."""
        if actor.has(Role.OFFICE) or actor.is_team:
            return self.of_campaign(actor)
        return self.of_campaign(actor).filter(postings__department_id__in=actor.departments).distinct()


class StudentClassQuerySet(CampaignOwned[M]):
    """Classes of students."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all to office and team, to heads and liaisons those of their departments."""
        if actor.has(Role.OFFICE) or actor.is_team:
            return self.of_campaign(actor)
        return self.of_campaign(actor).filter(department_id__in=actor.departments)


class ImportBatchQuerySet(CampaignOwned[M]):
    """Imports: the office's of people, the team's of deductions; each reader those of the kinds it may bring in."""

    def visible_to(self, actor: Actor, *, kinds: frozenset[str]) -> Self:
        """Return the batches of `kinds` in the actor's campaign."""
        return self.of_campaign(actor).filter(kind__in=kinds)
