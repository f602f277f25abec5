"""One problem as its page shows it: each answer the reader sees, with persons and evidence as far as they may know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.enums import TEAM_ROLES, EvidenceTarget, Role, TaskState
from campaigns.models import Campaign, Membership, Problem, ProblemAnswer, ProblemPerson
from campaigns.policy import can_edit_problem, can_hand_in, can_judge_answer
from campaigns.queries.evidence import EvidenceRow, evidence_for
from campaigns.queries.problems import ProblemRow, rows_of
from qualityseason.models import User


@dataclass(frozen=True)
class DealingPart:
    """One of the three parts of dealing with a person; missing while it has no words."""

    label: str
    text: str
    on: date | None

    @property
    def is_missing(self) -> bool:
        """Whether nothing is written down of it."""
        return not self.text


@dataclass(frozen=True)
class PersonCard:
    """A person a problem concerns, and how far the three parts have come."""

    uuid: UUID
    label: str
    parts: tuple[DealingPart, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts of which nothing is written down."""
        return tuple(part.label for part in self.parts if part.is_missing)


@dataclass(frozen=True)
class AnswerCard:
    """One department's answer; `persons` and `evidence` are None for who may not know of them."""

    row: ProblemRow
    text: str
    answered_by: str
    answered_at: datetime | None
    verdict_note: str
    judged_by: str
    judged_at: datetime | None
    persons: tuple[PersonCard, ...] | None
    evidence: tuple[EvidenceRow, ...] | None
    is_own: bool
    may_answer: bool
    may_judge: bool
    is_barred: bool


@dataclass(frozen=True)
class ProblemPage:
    """A problem with the answers the reader sees; `raised_by` is '' where the team is not named."""

    raised_by: str
    withdrawn_by: str
    inspection_url: str
    answers: tuple[AnswerCard, ...]
    may_change: bool


def problem_page(
    problem: Problem, actor: Actor, campaign: Campaign, *, at: datetime, answer: ProblemAnswer | None = None
) -> ProblemPage:
    """Return the page of a problem, loaded with who raised and withdrew it; with `answer` of that one alone.

    At most eight queries, whatever the number of departments.
    """
    wanted = ProblemAnswer.objects.visible_to(actor).filter(problem=problem).exclude(state=TaskState.WITHDRAWN)
    if answer is not None:
        wanted = wanted.filter(pk=answer.pk)
    rows = rows_of(wanted.select_related("answered_by", "judged_by"), campaign.pk, at=at)
    named = [found.department_id for found, _row in rows]
    names = _Names(actor, campaign, named)
    persons = _persons(actor, problem)
    evidence = _evidence(actor, problem, campaign)
    raised_by = names.of(problem.raised_by)
    cards = tuple(_card(found, row, actor, names, persons, evidence) for found, row in rows)
    return ProblemPage(
        raised_by=raised_by,
        withdrawn_by=names.of(problem.withdrawn_by),
        inspection_url=_inspection_url(problem, actor, campaign),
        answers=cards,
        may_change=can_edit_problem(actor, problem, named=named),
    )


class _Names:
    """Names as the reader may know them: a department, and who has an interest, reads nobody of the team by name."""

    def __init__(self, actor: Actor, campaign: Campaign, named: Iterable[int]) -> None:
        self.all = actor.sees_names and not actor.is_interested_in(*named)
        team = Membership.objects.filter(campaign=campaign, role__in=sorted(TEAM_ROLES)).order_by()
        self.team = frozenset() if self.all else frozenset(team.values_list("user_id", flat=True))

    def of(self, user: User | None) -> str:
        """Return the name, the team's word for one of the team, '' for nobody."""
        if user is None:
            return ""
        return _("Assessment team") if user.pk in self.team else user.display_name


def _card(
    answer: ProblemAnswer,
    row: ProblemRow,
    actor: Actor,
    names: _Names,
    persons: dict[int, list[PersonCard]],
    evidence: dict[str, list[EvidenceRow]],
) -> AnswerCard:
    is_own = answer.department_id in actor.departments
    is_standing = answer.problem.withdrawn_at is None
    sees_persons = is_own or actor.is_team or actor.has(Role.OFFICE)
    return AnswerCard(
        row=row,
        text=answer.text,
        answered_by=names.of(answer.answered_by) if is_own or actor.oversees else "",
        answered_at=answer.answered_at,
        verdict_note=answer.verdict_note,
        judged_by=names.of(answer.judged_by),
        judged_at=answer.judged_at,
        persons=tuple(persons[answer.pk]) if sees_persons else None,
        evidence=tuple(evidence[answer.department.name]) if is_own or actor.oversees else None,
        is_own=is_own,
        may_answer=is_standing and can_hand_in(actor, answer.department_id),
        may_judge=can_judge_answer(actor, answer),
        is_barred=is_standing and actor.oversees and actor.is_interested_in(answer.department_id),
    )


def _persons(actor: Actor, problem: Problem) -> dict[int, list[PersonCard]]:
    found: dict[int, list[PersonCard]] = defaultdict(list)
    for person in ProblemPerson.objects.visible_to(actor).filter(answer__problem=problem).order_by("pk"):
        found[person.answer_id].append(person_card(person))
    return found


def person_card(person: ProblemPerson) -> PersonCard:
    """Return a person with the three parts; asks nothing."""
    parts = (
        DealingPart(_("Handled by the rules"), person.handling, person.handled_on),
        DealingPart(_("Counselled"), person.counselling, person.counselled_on),
        DealingPart(_("Used to teach others"), person.teaching, person.taught_on),
    )
    return PersonCard(person.uuid, person.label, parts)


def _evidence(actor: Actor, problem: Problem, campaign: Campaign) -> dict[str, list[EvidenceRow]]:
    """Return the evidence of all departments named that the actor sees, by department."""
    key = str(problem.uuid)
    found: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in evidence_for(actor, EvidenceTarget.PROBLEM, [key], campaign=campaign).get(key, ()):
        found[row.department].append(row)
    return found


def _inspection_url(problem: Problem, actor: Actor, campaign: Campaign) -> str:
    """Return the page of the visit that asked for it, '' for who does not see it."""
    if problem.inspection is None:
        return ""
    return next((url for of in hooks.inspection_url if (url := of(campaign, actor, problem.inspection))), "")
