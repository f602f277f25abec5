"""The plan of a department as detectors take it: what was submitted, how it was marked, which duties it serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from campaigns.enums import ObligationKind
from campaigns.facts import PlanContent
from campaigns.models import Department, Duty, PlanItem, PlanMark, PlanVersion
from qualityseason.clock import day_of
from scoring.facts import FileFact, papers
from scoring.facts.papers import MarkFact, PlanFacts, PlanText
from scoring.queries.sources.owed import owed_of


def read_plan(department: Department, on: date) -> PlanFacts:
    """Return all about the plan of a department; a draft is no plan. Six queries, five where no duty came over.

    Duties that came over from a department that ended are served by its plan too.
    """
    duties = Duty.objects.filter(department=department, ended_at__isnull=True).order_by("pk")
    marks = list(PlanMark.objects.standing().filter(plan__department=department).select_related("plan"))
    versions = PlanVersion.objects.select_related("plan").order_by("number")
    own = list(versions.filter(plan__department=department))
    texts = {row.pk: _text(row) for row in own}
    served = PlanItem.objects.filter(duties__department=department, duties__ended_at__isnull=True)
    came_over = list(served.exclude(plan__department=department).values_list("duties__uuid", "plan_id"))
    others = versions.filter(plan__in={plan for _duty, plan in came_over})
    texts_elsewhere = {row.plan_id: _text(row) for row in others}  # the latest version of each
    elsewhere: dict[UUID, list[str]] = defaultdict(list)
    for duty, plan in came_over:
        if plan in texts_elsewhere:
            elsewhere[duty] += [label for item in texts_elsewhere[plan].items for label in item.duties]
    return PlanFacts(
        uuid=own[-1].plan.uuid if own else None,
        texts=tuple(texts.values()),
        marks=tuple(_mark(mark, texts) for mark in marks),
        duties=tuple(
            papers.Duty(duty.uuid, duty.number, duty.text, duty.source, page=department.uuid) for duty in duties
        ),
        elsewhere={duty: tuple(labels) for duty, labels in elsewhere.items()},
        owed=owed_of(department, ObligationKind.PLAN_ELECTRONIC),
    )


def word_of(content: PlanContent) -> FileFact | None:
    """Return the Word file that is the official text of a plan or summary."""
    return FileFact(content.word_name, content.word_sha256) if content.word_sha256 else None


def _text(row: PlanVersion) -> PlanText:
    content = PlanContent.from_json(row.content)
    return PlanText(row.number, day_of(row.submitted_at), content.title, content.items, word_of(content))


def _mark(mark: PlanMark, texts: Mapping[int, PlanText]) -> MarkFact:
    text = texts[mark.version_id]
    return MarkFact(
        mark.uuid,
        mark.reason,
        day_of(mark.at),
        text.number,
        mark.note,
        mark.reviewed_on,
        text.submitted_on,
        text.item(str(mark.target)),
        page=mark.plan.uuid,
    )


SOURCES: dict[str, Callable[[Department, date], Any]] = {"plan": read_plan}
LINKS: dict[str, str] = {
    papers.ItemFact.kind: "campaigns:plan",
    papers.VersionFact.kind: "campaigns:plan",
    papers.MarkFact.kind: "campaigns:plan",
    papers.Owed.kind: "campaigns:obligation",
}
