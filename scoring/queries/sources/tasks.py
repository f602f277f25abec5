"""What departments were asked to do by a day: circulars (A9), problems (A10, A13), assignments (A11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from campaigns.enums import OPEN_TASKS, ObligationKind, TaskState
from campaigns.models import (
    Assignment,
    AssignmentReport,
    CircularRecipient,
    Department,
    Obligation,
    ProblemAnswer,
    ProblemPerson,
)
from campaigns.queries.assignments import SAYS_DONE
from qualityseason.clock import day_of
from scoring.facts.tasks import AssignmentFact, CircularFact, ProblemFact, ProblemPersonFact
from scoring.queries.sources.persons import person_of


def read_circulars(department: Department, on: date) -> tuple[CircularFact, ...]:
    """Return the circulars due before that day that are not both relayed and carried out. Two queries."""
    deadlines = _deadlines(department, ObligationKind.CIRCULAR, on)
    undone = Q(relayed_on__isnull=True) | Q(carried_out_on__isnull=True)
    rows = CircularRecipient.objects.standing().filter(undone, department=department).select_related("circular")
    return tuple(
        CircularFact(
            row.uuid,
            row.circular.title,
            row.circular.number,
            row.circular.issued_on,
            deadlines[str(row.circular.uuid)],
            row.relayed_on,
            row.carried_out_on,
            page=row.circular.uuid,
        )
        for row in rows.order_by("circular__issued_on", "pk")
        if str(row.circular.uuid) in deadlines
    )


def read_problems(department: Department, on: date) -> tuple[ProblemFact, ...]:
    """Return the problems due before that day that wait for an answer, or for another one. Two queries."""
    deadlines = _deadlines(department, ObligationKind.PROBLEM, on)
    rows = ProblemAnswer.objects.standing().filter(department=department, state__in=sorted(OPEN_TASKS))
    return tuple(
        ProblemFact(
            row.uuid,
            row.problem.title,
            row.problem.found_on,
            deadlines[str(row.problem.uuid)],
            row.answered_on,
            day_of(row.judged_at) if row.state == TaskState.SENT_BACK and row.judged_at else None,
            page=row.problem.uuid,
        )
        for row in rows.select_related("problem").order_by("problem__found_on", "pk")
        if str(row.problem.uuid) in deadlines
    )


def read_problem_persons(department: Department, on: date) -> tuple[ProblemPersonFact, ...]:
    """Return the persons of problems due before that day of whom a part is not written down. Two queries."""
    deadlines = _deadlines(department, ObligationKind.PROBLEM, on)
    answers = ProblemAnswer.objects.standing().filter(department=department)
    missing = Q(handling="") | Q(counselling="") | Q(teaching="")
    rows = ProblemPerson.objects.filter(missing, answer__in=answers, removed_at__isnull=True)
    return tuple(
        ProblemPersonFact(
            row.uuid,
            bool(row.handling),
            bool(row.counselling),
            bool(row.teaching),
            row.label,
            row.answer.problem.title,
            deadlines[str(row.answer.problem.uuid)],
            row.handled_on,
            row.counselled_on,
            row.taught_on,
            person_of(row.person) if row.person else None,
            page=row.answer.problem.uuid,
        )
        for row in rows.select_related("answer__problem", "person").order_by("answer__problem__found_on", "pk")
        if str(row.answer.problem.uuid) in deadlines
    )


def read_assignments(department: Department, on: date) -> tuple[AssignmentFact, ...]:
    """Return the assignments due before that day and when each was done. Two queries."""
    deadlines = _deadlines(department, ObligationKind.ASSIGNMENT, on)
    reports = AssignmentReport.objects.filter(assignment=OuterRef("pk")).order_by("-reported_at", "-pk")
    rows = Assignment.objects.standing().filter(department=department).defer("text")
    return tuple(
        AssignmentFact(
            row.uuid,
            row.title,
            row.given_on,
            deadlines[str(row.uuid)],
            row.done_on if row.state in SAYS_DONE else None,
            day_of(row.judged_at) if row.state == TaskState.SENT_BACK and row.judged_at else None,
        )
        for row in rows.annotate(judged_at=Subquery(reports.values("judged_at")[:1])).order_by("given_on", "pk")
        if str(row.uuid) in deadlines
    )


def _deadlines(department: Department, kind: ObligationKind, on: date) -> dict[str, date]:
    """Return the last days (extensions included) of what the department owes of a kind and was due before that day."""
    rows = Obligation.objects.standing().filter(department=department, kind=kind, due_on__lt=on)
    return {row.key: row.deadline for row in rows.only("key", "due_on", "extended_to")}


SOURCES: dict[str, Callable[[Department, date], Any]] = {
    "circulars": read_circulars,
    "problems": read_problems,
    "problem-persons": read_problem_persons,
    "assignments": read_assignments,
}
LINKS: dict[str, str] = {
    CircularFact.kind: "campaigns:circular",
    ProblemFact.kind: "campaigns:problem",
    ProblemPersonFact.kind: "campaigns:problem",
    AssignmentFact.kind: "campaigns:assignment",
}
