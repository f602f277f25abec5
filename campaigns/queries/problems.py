"""Problems as lists show them: what departments were asked, how each answered, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.obligations import days_late, obligation_state
from campaigns.enums import (
    OPEN_TASKS,
    STANDING_TASKS,
    AnswerKind,
    ObligationKind,
    ObligationState,
    ProblemSource,
    TaskState,
)
from campaigns.models import ProblemAnswer
from campaigns.queries.assignments import PAGE, Deadlines, deadlines, last_day
from campaigns.querysets import ProblemAnswerQuerySet
from qualityseason.clock import day_of

OPEN, OVERDUE, ANSWERED, ACCEPTED = "open", "overdue", "answered", "accepted"  # what a list may be narrowed to


@dataclass(frozen=True)
class ProblemRow:
    """What one department was asked, as it stands on a day; `department_id` is the one that answers."""

    uuid: UUID
    answer: UUID
    title: str
    department: str
    department_id: int
    raised_by: str
    found_on: date
    due_on: date
    deadline: date
    state: TaskState
    is_withdrawn: bool
    kind: str
    answered_on: date | None
    due_state: ObligationState
    days_late: int
    days_left: int

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.state in OPEN_TASKS and not self.is_withdrawn

    @property
    def is_overdue(self) -> bool:
        """Whether an answer is owed and its day has passed."""
        return self.is_open and self.due_state == ObligationState.OVERDUE


@dataclass(frozen=True)
class ProblemFilters:
    """What a reader wants to see of the list; everything empty shows all."""

    state: str = ""
    block: str = ""
    department: UUID | None = None
    mine: bool = False

    def fits(self, row: ProblemRow) -> bool:
        """Whether the row stands as asked."""
        if not self.state:
            return True
        wanted = {
            OPEN: row.is_open,
            OVERDUE: row.is_overdue,
            ANSWERED: row.state == TaskState.REPORTED,
            ACCEPTED: row.state == TaskState.ACCEPTED,
        }
        return not row.is_withdrawn and wanted.get(self.state, True)


@dataclass(frozen=True)
class ProblemList:
    """What presses first: `own` to be answered by the actor's departments, `raised` by them, `rows` for overseers.

    `older` is the answer to go on from in `rows`; sums count all of them that fit the filter.
    """

    own: tuple[ProblemRow, ...]
    raised: tuple[ProblemRow, ...]
    rows: tuple[ProblemRow, ...]
    older: UUID | None
    total: int
    overdue: int
    waiting: int


def problem_list(actor: Actor, filters: ProblemFilters, *, at: datetime, older_than: UUID | None = None) -> ProblemList:
    """Return what the actor sees, overdue first. Two queries."""
    wanted = ProblemAnswer.objects.visible_to(actor).filter(state__in=sorted(STANDING_TASKS))
    if filters.mine:
        wanted = wanted.filter(problem__raised_by_id=actor.user_id)
    if filters.block:
        wanted = wanted.filter(department__block__code=filters.block)
    if filters.department is not None:
        wanted = wanted.filter(department__uuid=filters.department)
    found = rows_of(wanted.defer("text", "problem__text"), actor.campaign_id, at=at)
    fitting = sorted((pair for pair in found if filters.fits(pair[1])), key=lambda pair: _urgency(pair[1]))
    own = [row for answer, row in fitting if answer.department_id in actor.departments]
    raised = [row for answer, row in fitting if answer.problem.raising_department_id in actor.departments]
    rows = [row for _answer, row in fitting] if actor.oversees else []
    start = next((place for place, row in enumerate(rows, start=1) if row.answer == older_than), 0)
    shown = rows[start : start + PAGE]
    return ProblemList(
        tuple(own),
        tuple(raised),
        tuple(shown),
        older=shown[-1].answer if start + PAGE < len(rows) else None,
        total=len(rows),
        overdue=sum(row.is_overdue for row in rows),
        waiting=sum(row.state == TaskState.REPORTED and not row.is_withdrawn for row in rows),
    )


def problems_of_inspection(actor: Actor, inspection: UUID, *, at: datetime) -> tuple[ProblemRow, ...]:
    """Return what a visit asked to have mended, as far as the actor sees it. Two queries, one where there is none."""
    found = ProblemAnswer.objects.visible_to(actor).filter(
        problem__inspection=inspection, state__in=sorted(STANDING_TASKS)
    )
    answers = list(_loaded(found))
    days = deadlines(actor.campaign_id, ObligationKind.PROBLEM) if answers else {}
    return tuple(row_of(answer, days, on=day_of(at)) for answer in answers)


def rows_of(
    answers: ProblemAnswerQuerySet[ProblemAnswer], campaign_id: int, *, at: datetime
) -> list[tuple[ProblemAnswer, ProblemRow]]:
    """Return answers with how they stand. Two queries."""
    days = deadlines(campaign_id, ObligationKind.PROBLEM)
    return [(answer, row_of(answer, days, on=day_of(at))) for answer in _loaded(answers)]


def row_of(answer: ProblemAnswer, days: Deadlines, *, on: date) -> ProblemRow:
    """Return an answer, loaded with problem and departments, as it stands on that day; asks nothing."""
    problem, state = answer.problem, TaskState(answer.state)
    deadline = last_day(days, answer.department_id, str(problem.uuid), due_on=problem.due_on)
    met_on = None if state in OPEN_TASKS else answer.answered_on
    raising = problem.raising_department
    return ProblemRow(
        uuid=problem.uuid,
        answer=answer.uuid,
        title=problem.title,
        department=answer.department.name,
        department_id=answer.department_id,
        raised_by=raising.name if raising else str(ProblemSource(problem.source).label),
        found_on=problem.found_on,
        due_on=problem.due_on,
        deadline=deadline,
        state=state,
        is_withdrawn=problem.withdrawn_at is not None,
        kind=str(AnswerKind(answer.kind).label) if answer.kind else "",
        answered_on=answer.answered_on,
        due_state=obligation_state(deadline, met_on, on=on),
        days_late=days_late(deadline, met_on, on=on),
        days_left=(deadline - on).days,
    )


def _loaded(answers: ProblemAnswerQuerySet[ProblemAnswer]) -> Iterable[ProblemAnswer]:
    return answers.select_related("problem__raising_department", "department")


def _urgency(row: ProblemRow) -> tuple[int, int, int, date]:
    """Order rows: overdue, open, answered, accepted, withdrawn; within each the longest late first."""
    if row.is_withdrawn:
        place = 4
    elif row.is_open:
        place = 0 if row.is_overdue else 1
    else:
        place = 2 if row.state == TaskState.REPORTED else 3
    return place, -row.days_late, row.days_left, row.found_on
