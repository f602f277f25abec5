"""What a department's evidence may prove: the open and standing things of that very department."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.calculations.guessing import Candidate, Tick
from campaigns.calculations.months import first_day_of_month
from campaigns.enums import OPEN_TASKS, EvidenceTarget
from campaigns.models import (
    Assignment,
    Campaign,
    CircularRecipient,
    Department,
    Duty,
    Exchange,
    PlanItem,
    PolicyItem,
    ProblemAnswer,
    Recommendation,
)
from qualityseason.clock import day_of
from qualityseason.text import NO_UUID, clean, parse_uuid

BY_NAME = frozenset({EvidenceTarget.MONTH, EvidenceTarget.HAVE, EvidenceTarget.PUBLICITY, EvidenceTarget.STAGE_REPORT})
Found = dict[int, list[Candidate]]  # by department


@dataclass(frozen=True)
class CandidateGroup:
    """The candidates of one sort, in the words of the form."""

    target: EvidenceTarget
    label: str
    rows: tuple[Candidate, ...]


def candidates_of(campaign: Campaign, department_ids: Collection[int]) -> dict[int, tuple[Candidate, ...]]:
    """Return what the evidence of each department may prove, sort by sort. Eight queries."""
    found: Found = defaultdict(list)
    wanted = list(department_ids)
    for duty in Duty.objects.filter(department_id__in=wanted, ended_at__isnull=True).order_by("id"):
        label = f"{duty.number} {duty.text}".strip()
        found[duty.department_id].append(_record(EvidenceTarget.DUTY, duty.uuid, label, duty.text))
    _add_plan_items(found, wanted)
    _add_tasks(found, wanted)
    _add_policy_items(found, wanted)
    recommendations = Recommendation.objects.filter(department_id__in=wanted).standing()
    for row in recommendations.select_related("recommended"):
        said = _record(EvidenceTarget.RECOMMENDATION, row.uuid, row.title, f"{row.title} {row.practice}")
        found[row.department_id].append(replace(said, note=row.recommended.name))
    common = [*_named(campaign), *_exchanges(campaign)]
    order = list(EvidenceTarget)
    return {
        pk: tuple(sorted([*found[pk], *common], key=lambda one: order.index(EvidenceTarget(one.target))))
        for pk in wanted
    }


def groups_of(candidates: Iterable[Candidate]) -> tuple[CandidateGroup, ...]:
    """Return candidates by sort, in the order of the form."""
    rows: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        rows[candidate.target].append(candidate)
    return tuple(
        CandidateGroup(target, str(target.label), tuple(rows[target])) for target in EvidenceTarget if target in rows
    )


def ignored_words(campaign: Campaign, department: Department) -> tuple[str, ...]:
    """Return names that stand in any sentence and tell nothing about what it proves."""
    return campaign.name, clean(campaign.name), campaign.college, department.name, *department.aliases


def tick_of(target: object, key: object) -> Tick:
    """Return what is proven as stored: the key of a record as an id is written."""
    text = clean(key)
    if target in BY_NAME:
        return str(target), str(key or "").strip()
    uuid = parse_uuid(text)
    return str(target), str(uuid or NO_UUID)


def _record(target: EvidenceTarget, key: object, label: str, words: str, due_on: date | None = None) -> Candidate:
    return Candidate(target=target.value, key=str(key), label=label, words=words, due_on=due_on)


def _add_plan_items(found: Found, wanted: list[int]) -> None:
    items = PlanItem.objects.filter(plan__department_id__in=wanted, removed_at__isnull=True)
    for item in items.select_related("plan").order_by("plan_id", "order", "id"):
        words = f"{item.title} {item.measure}"
        found[item.plan.department_id].append(_record(EvidenceTarget.PLAN_ITEM, item.uuid, item.title, words))


def _add_tasks(found: Found, wanted: list[int]) -> None:
    recipients = CircularRecipient.objects.filter(department_id__in=wanted).standing()
    for recipient in recipients.select_related("circular").order_by("-circular__issued_on", "id"):
        circular = recipient.circular
        is_open = recipient.relayed_on is None or recipient.carried_out_on is None
        label = f"{circular.number} {circular.title}".strip()
        row = _record(EvidenceTarget.CIRCULAR, circular.uuid, label, circular.title)
        found[recipient.department_id].append(_due(row, circular.due_on, is_open=is_open))
    for task in Assignment.objects.filter(department_id__in=wanted).standing().order_by("-given_on", "-id"):
        row = _record(EvidenceTarget.ASSIGNMENT, task.uuid, task.title, f"{task.title} {task.text}")
        found[task.department_id].append(_due(row, task.due_on, is_open=task.state in OPEN_TASKS))
    answers = ProblemAnswer.objects.filter(department_id__in=wanted).standing()
    for answer in answers.select_related("problem").order_by("-problem__found_on", "-id"):
        problem = answer.problem
        row = _record(EvidenceTarget.PROBLEM, problem.uuid, problem.title, f"{problem.title} {problem.text}")
        found[answer.department_id].append(_due(row, problem.due_on, is_open=answer.state in OPEN_TASKS))


def _add_policy_items(found: Found, wanted: list[int]) -> None:
    items = PolicyItem.objects.filter(
        policy__department_id__in=wanted, policy__withdrawn_at__isnull=True, removed_at__isnull=True
    )
    for item in items.select_related("policy").order_by("-policy__issued_on", "policy_id", "order", "id"):
        words = f"{item.text} {item.policy.title}"
        row = _record(EvidenceTarget.POLICY_ITEM, item.uuid, item.text, words)
        found[item.policy.department_id].append(replace(row, note=item.policy.title))


def _due(row: Candidate, due_on: date, *, is_open: bool) -> Candidate:
    if not is_open:
        return row
    return replace(row, due_on=due_on, note=_("due %(day)s") % {"day": due_on.isoformat()})


def _named(campaign: Campaign) -> Iterable[Candidate]:
    for month in campaign.working_months:
        label = date_format(first_day_of_month(month), "YEAR_MONTH_FORMAT")
        yield Candidate(EvidenceTarget.MONTH.value, month, label, month=month)
    haves = [str(name) for name in campaign.lists.get("eight_haves", [])]
    prefix = _common_start(haves) if len(haves) > 1 else ""
    for name in haves:
        yield Candidate(
            EvidenceTarget.HAVE.value, name, name, names=tuple(filter(None, (name, name.removeprefix(prefix))))
        )
    for name in campaign.lists.get("media", []):
        yield Candidate(EvidenceTarget.PUBLICITY.value, str(name), str(name), names=(str(name),))
    label = str(EvidenceTarget.STAGE_REPORT.label)
    yield Candidate(EvidenceTarget.STAGE_REPORT.value, "", label, words=label)


def _exchanges(campaign: Campaign) -> Iterable[Candidate]:
    for event in Exchange.objects.filter(campaign=campaign, cancelled_at__isnull=True).order_by("-starts_at", "-id"):
        day = day_of(event.starts_at)
        row = _record(EvidenceTarget.EXCHANGE, event.uuid, event.title, event.title, due_on=day)
        yield replace(row, note=day.isoformat())


def _common_start(names: list[str]) -> str:
    """Return the letters all names begin with."""
    first, last = min(names), max(names)
    same = next((at for at, letter in enumerate(first) if letter != last[at : at + 1]), len(first))
    return first[:same]
