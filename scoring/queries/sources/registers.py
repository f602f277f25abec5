"""Rows of the registers as facts: those of one department's people and classes, and those it organises.

Whose a row is follows the staff list as it reads now: a move or a change of departments may be written down only after
the register was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import BigIntegerField, Case, DateField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate

from campaigns.enums import DepartmentChangeKind
from campaigns.models import (
    ClassAttendanceRow,
    Department,
    DepartmentChange,
    DutyRosterRow,
    EvaluationRow,
    LessonPlanRow,
    ObservationRow,
    Posting,
    RegisterRow,
    ResearchMeetingRow,
    ViolationRow,
    WorkloadRow,
)
from campaigns.registers import REGISTERS
from qualityseason.clock import day_of
from scoring.facts import Person
from scoring.facts.registers import (
    ClassAttendanceFact,
    DutyRosterFact,
    EvaluationFact,
    LessonPlanFact,
    ObservationFact,
    OccasionFact,
    ResearchMeetingFact,
    ViolationFact,
    WorkloadFact,
)

Occasion = TypeVar("Occasion", bound=OccasionFact)
ROW = ("uuid", "home_id", "excused_on", "excused_because", "excused_by")
PERSON = ("person_id", "person__uuid", "person__name", "person__number", "person__category")
TERM = ("entered_at", "term__code", "term__name", "term__starts_on", "term__ends_on")
DOCUMENTS = ("is_reformed", "has_paper", "has_overall_design", "has_unit_design", "has_material")


def read_workload(department: Department, on: date) -> tuple[WorkloadFact, ...]:
    """Return the teachers' terms with fewer hours done than required. One query."""
    values = ("required", "done", "lectures")
    rows = _terms(WorkloadRow, department).filter(done__lt=F("required"))
    return tuple(WorkloadFact(**_term(row), **_said(row, values)) for row in rows.values(*ROW, *PERSON, *TERM, *values))


def read_evaluation(department: Department, on: date) -> tuple[EvaluationFact, ...]:
    """Return the teachers' terms with the students' mark, which only the rule can judge. One query."""
    rows = _terms(EvaluationRow, department)
    return tuple(EvaluationFact(**_term(row), score=row["score"]) for row in rows.values(*ROW, *PERSON, *TERM, "score"))


def read_observation(department: Department, on: date) -> tuple[ObservationFact, ...]:
    """Return the teachers' terms with fewer lessons observed than required. One query."""
    values = ("required", "done", "by_inspectors")
    rows = _terms(ObservationRow, department).filter(done__lt=F("required"))
    return tuple(
        ObservationFact(**_term(row), **_said(row, values)) for row in rows.values(*ROW, *PERSON, *TERM, *values)
    )


def read_class_attendance(department: Department, on: date) -> tuple[ClassAttendanceFact, ...]:
    """Return every check of each class that was the department's at any of them, up to the day. One query."""
    checks = ClassAttendanceRow.objects.standing().filter(happened_on__lte=on)
    classes = checks.filter(Q(department=department) | Q(student_class__department=department)).values(
        "student_class_id"
    )
    has_ended = When(department__closed_on__lte=F("happened_on"), then=F("student_class__department_id"))
    rows = checks.filter(student_class_id__in=classes).annotate(
        home_id=Case(has_ended, default=F("department_id"), output_field=BigIntegerField())
    )
    values = ("happened_on", "lesson", "rate")
    group = ("student_class_id", "student_class__uuid", "student_class__name")
    return tuple(
        ClassAttendanceFact(
            **_row(row),
            **_said(row, values),
            class_id=row["student_class_id"],
            class_uuid=row["student_class__uuid"],
            class_name=row["student_class__name"],
        )
        for row in rows.order_by("pk").values(*ROW, *values, *group)
    )


def read_duty_roster(department: Department, on: date) -> tuple[DutyRosterFact, ...]:
    """Return the duties missed, with what else the rosters say of these people on these days. Three queries.

    What the roster of a department that ended says of later days is its successor's: of those who went there, and of
    strangers the first one's.
    """
    heirs = _heirs(department)
    ours = _own(department) | Q(organiser=department)
    ours |= Q(organiser__in=list(heirs), happened_on__gte=F("organiser__closed_on"))
    facts = _occasions(DutyRosterRow, DutyRosterFact, ("shift", "missed", "organiser_id"), ours, on)
    return tuple(_taken_over(fact, heirs) for fact in facts)


def read_research_meetings(department: Department, on: date) -> tuple[ResearchMeetingFact, ...]:
    """Return the meetings missed, with what else the register says of these people on these days. Two queries."""
    ours = _own(department) | Q(organiser=department)
    values = ("topic", "attended", "informed_on", "organiser_id")
    return _occasions(ResearchMeetingRow, ResearchMeetingFact, values, ours, on)


def read_lesson_plans(department: Department, on: date) -> tuple[LessonPlanFact, ...]:
    """Return the checks that found something missing, with the others of these people and days. Two queries.

    Those of the department's own people only: one office may check the whole college, and is never charged for it.
    """
    return _occasions(LessonPlanRow, LessonPlanFact, ("course", *DOCUMENTS), _own(department), on)


def read_violations(department: Department, on: date) -> tuple[ViolationFact, ...]:
    """Return the serious violations nothing followed. One query."""
    rows = _homes(ViolationRow.objects.standing(), "happened_on", "happened_on")
    rows = rows.filter(_own(department), consequence="", happened_on__lte=on)
    return tuple(
        ViolationFact(
            **_row(row),
            **_said(row, ("happened_on", "consequence")),
            person=_person(row),
            violation=row["kind"],
            told=row["facts"],
        )
        for row in rows.order_by("pk").values(*ROW, *PERSON, "happened_on", "consequence", "kind", "facts")
    )


def _terms(model: type[RegisterRow], department: Department) -> QuerySet[Any]:
    """Return the rows about terms of people who belonged to the department last, when they were entered."""
    entered = Greatest("term__starts_on", Least("term__ends_on", TruncDate("entered_at")), output_field=DateField())
    rows = _homes(model.objects.standing().annotate(told_on=entered), "told_on", "term__starts_on")
    return rows.filter(_own(department)).order_by("pk")


def _own(department: Department) -> Q:
    """Return the rows whose `home_id` it is, found by what they say or by who ever belonged to the department."""
    people = Posting.objects.filter(department=department).values("staff_member_id")
    is_home = Q(home_id=department.pk)
    return (Q(department=department) & is_home) | (Q(person_id__in=people) & is_home)


def _homes(rows: QuerySet[Any], day: str, since: str) -> QuerySet[Any]:
    """Let `home_id` be where the person belonged on a day, or last since another; what the row says where nowhere."""
    postings = Posting.objects.filter(staff_member=OuterRef("person_id"), starts_on__lte=OuterRef(day))
    postings = postings.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef(since)))
    last = Subquery(postings.order_by("-starts_on").values("department_id")[:1])
    homes: QuerySet[Any] = rows.annotate(home_id=Coalesce(last, F("department_id"), output_field=BigIntegerField()))
    return homes


def _heirs(department: Department) -> dict[int, tuple[date, list[int]]]:
    """Return the departments that ended in favour of this one: from when on, and their successors. One query."""
    changes = DepartmentChange.objects.filter(successors=department).exclude(kind=DepartmentChangeKind.RENAME)
    rows = DepartmentChange.objects.filter(pk__in=changes.values("pk"), predecessors__closed_on__isnull=False)
    found = rows.values_list("predecessors", "predecessors__closed_on", "successors").order_by("successors")
    heirs: dict[int, tuple[date, list[int]]] = {}
    for ended, closed_on, heir in found:
        assert closed_on is not None  # noqa: S101  # by the filter above
        heirs.setdefault(ended, (closed_on, []))[1].append(heir)
    return heirs


def _taken_over(fact: DutyRosterFact, heirs: Mapping[int, tuple[date, list[int]]]) -> DutyRosterFact:
    ended = heirs.get(fact.organiser_id or 0)
    if ended is None or fact.happened_on < ended[0]:
        return fact
    return replace(fact, organiser_id=fact.department_id if fact.department_id in ended[1] else ended[1][0])


def _occasions(
    model: type[RegisterRow], fact: type[Occasion], values: tuple[str, ...], ours: Q, on: date
) -> tuple[Occasion, ...]:
    """Return what the register itself calls striking of `ours`, then what its other rows say of the same days."""
    striking = REGISTERS[model.REGISTER].striking or Q()
    standing: QuerySet[Any] = model.objects.standing()
    rows = _homes(standing.filter(happened_on__lte=on), "happened_on", "happened_on")
    faults = rows.filter(ours, striking)
    others = rows.exclude(striking).filter(
        person_id__in=faults.values("person_id"), happened_on__in=faults.values("happened_on")
    )
    names = (*ROW, *PERSON, "organiser__name", "happened_on", *values)
    found = [*faults.order_by("pk").values(*names), *others.order_by("pk").values(*names)]
    return tuple(
        fact(
            **_row(row),
            **_said(row, ("happened_on", *values)),
            organiser=row["organiser__name"],
            person=_person(row),
        )
        for row in found
    )


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every row says of itself; an excuse as one text."""
    excused = ""
    if row["excused_on"] is not None:
        excused = f"{row['excused_because']} ({row['excused_by']}, {row['excused_on'].isoformat()})"
    return {**_said(row, ("uuid", "excused_on")), "department_id": row["home_id"], "excused": excused}


def _term(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row about a term says; it tells something from the day it was entered, within the term."""
    entered_on = day_of(row["entered_at"])
    return {
        **_row(row),
        "person": _person(row),
        "term": row["term__code"],
        "term_name": row["term__name"],
        "happened_on": max(row["term__starts_on"], min(row["term__ends_on"], entered_on)),
    }


def _person(row: Mapping[str, Any]) -> Person:
    return Person(*(row[name] for name in PERSON))


def _said(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


SOURCES: dict[str, Callable[[Department, date], Any]] = {
    "workload": read_workload,
    "evaluation": read_evaluation,
    "class-attendance": read_class_attendance,
    "observation": read_observation,
    "duty-roster": read_duty_roster,
    "research-meeting": read_research_meetings,
    "lesson-plan": read_lesson_plans,
    "violation": read_violations,
}
LINKS: dict[str, str] = dict.fromkeys(SOURCES, "campaigns:register-row")  # a kind is called as its register
