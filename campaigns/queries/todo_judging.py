"""What waits for a word of those who gave it, raised it or decide on it: reports, answers, summaries, nominations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import (
    Issuer,
    NominationState,
    PlanState,
    ReceiptKind,
    ResponsibilityCode,
    Role,
    SummaryKind,
    TaskState,
)
from campaigns.models import Assignment, Campaign, Nomination, ProblemAnswer, Receipt, Summary, SummaryVersion
from campaigns.policy import can_receive
from campaigns.queries.todo_item import Todo, together
from qualityseason.clock import day_of

Found = list[tuple[str, str]]  # name, url
Address = Callable[..., str]


def judging(campaign: Campaign, actor: Actor, *, at: datetime) -> list[Todo]:
    """Return what the actor accepts or sends back, reviews, shortlists or confirms, never of own interest.

    A query for each sort the actor's roles have: four for the office, one for others, two for the leading group.
    """

    def address(name: str, *args: object) -> str:
        return reverse(f"campaigns:{name}", args=[campaign.slug, *args])

    on = day_of(at)
    items: list[Todo] = []
    if actor.has(Role.OFFICE, Role.LEADERSHIP):
        reported = _reported(actor, address)
        items += together(_("Reported assignments to accept"), reported, url=address("assignments"), on=on)
    if actor.has(Role.OFFICE) or actor.is_team or actor.departments:
        answers = _answers(actor, address)
        items += together(_("Answers to problems to accept"), answers, url=address("problems"), on=on)
    if actor.has(Role.OFFICE):
        summaries = _summaries(actor, address)
        items += together(_("Summaries to review"), summaries, url=address("summaries"), on=on)
        nominated = _nominated(actor, address)
        items += together(_("Nominations for the short list"), nominated, url=address("honours"), on=on)
    if can_receive(actor, ResponsibilityCode.ELECTRONIC_RECEIVER):
        copies = _copies(actor, address)
        items += together(_("Summaries to confirm as received"), copies, url=address("summaries"), on=on)
    return items


def _reported(actor: Actor, address: Address) -> Found:
    reported = Assignment.objects.visible_to(actor).filter(state=TaskState.REPORTED)
    if not actor.has(Role.OFFICE):
        reported = reported.filter(issuer=Issuer.LEADING_GROUP)
    rows = reported.exclude(department_id__in=actor.interests).order_by("due_on", "pk")
    names = rows.values_list("uuid", "department__name", "title")
    return [(f"{name} {title}", address("assignment", uuid)) for uuid, name, title in names]


def _answers(actor: Actor, address: Address) -> Found:
    """Return the answers to problems one raised; office and head of the team those to all."""
    answers = ProblemAnswer.objects.visible_to(actor).standing().filter(state=TaskState.REPORTED)
    if not actor.has(Role.OFFICE, Role.TEAM_LEAD):
        raised = Q(problem__raised_by_id=actor.user_id) | Q(problem__raising_department_id__in=actor.departments)
        answers = answers.filter(raised)
    own = actor.interests | actor.departments
    rows = answers.exclude(department_id__in=own).order_by("answered_on", "pk")
    names = rows.values_list("problem__uuid", "department__name", "problem__title")
    return [(f"{name} {title}", address("problem", uuid)) for uuid, name, title in names]


def _summaries(actor: Actor, address: Address) -> Found:
    waiting = Summary.objects.visible_to(actor).filter(state=PlanState.SUBMITTED)
    rows = waiting.exclude(department_id__in=actor.interests).order_by("submitted_at", "pk")
    kinds = dict(SummaryKind.choices)
    names = rows.values_list("uuid", "department__name", "kind")
    return [(f"{name} {kinds[kind]}", address("summary-review", uuid)) for uuid, name, kind in names]


def _nominated(actor: Actor, address: Address) -> Found:
    waiting = Nomination.objects.visible_to(actor).filter(state=NominationState.NOMINATED)
    rows = waiting.exclude(department_id__in=actor.interests).order_by("nominated_at", "pk")
    names = rows.values_list("uuid", "department__name", "person__name")
    return [(f"{name} {person}", address("nomination", uuid)) for uuid, name, person in names]


def _copies(actor: Actor, address: Address) -> Found:
    later = SummaryVersion.objects.filter(summary=OuterRef("summary"), number__gt=OuterRef("number"))
    confirmed = Receipt.objects.filter(summary_version=OuterRef("pk"), kind=ReceiptKind.ELECTRONIC)
    versions = SummaryVersion.objects.visible_to(actor).filter(~Exists(later), ~Exists(confirmed))
    kinds = dict(SummaryKind.choices)
    rows = versions.order_by("submitted_at", "pk").values_list(
        "summary__uuid", "number", "summary__department__name", "summary__kind"
    )
    return [(f"{name} {kinds[kind]}", address("summary-version", uuid, number)) for uuid, number, name, kind in rows]
