"""Assignments as pages show them: the list, one with its reports, those that are late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.assignments import timeliness, undone_after
from campaigns.calculations.obligations import days_late, deadline_of
from campaigns.enums import Issuer, ObligationKind, TaskState, Timeliness
from campaigns.models import Assignment, AssignmentReport, Obligation
from campaigns.querysets import AssignmentQuerySet
from qualityseason.clock import day_of

PAGE = 50  # rows of a list at once
LAGGING = frozenset({Timeliness.LATE, Timeliness.UNDONE})
SAYS_DONE = frozenset({TaskState.REPORTED, TaskState.ACCEPTED})
Deadlines = dict[tuple[int, str], tuple[date, date | None]]  # by department and key: due day, extended to


@dataclass(frozen=True)
class AssignmentRow:
    """One assignment as it stands on a day; `days_left` counts to the last day, extensions included (0: today)."""

    uuid: UUID
    title: str
    department: str
    department_id: int
    issuer: str
    given_on: date
    due_on: date
    deadline: date
    undone_after: date
    state: TaskState
    timeliness: Timeliness
    done_on: date | None
    days_late: int
    days_left: int

    @property
    def is_open(self) -> bool:
        """Whether it is neither accepted nor withdrawn."""
        return self.state not in (TaskState.ACCEPTED, TaskState.WITHDRAWN)

    @property
    def says_done(self) -> bool:
        """Whether the department says it is done."""
        return self.state in SAYS_DONE

    @property
    def has_more_time(self) -> bool:
        """Whether the department was given an extension."""
        return self.deadline != self.due_on


@dataclass(frozen=True)
class AssignmentFilters:
    """What a reader wants to see of the list; everything empty shows all."""

    state: str = ""
    timeliness: str = ""
    block: str = ""
    department: UUID | None = None

    def fits(self, row: AssignmentRow) -> bool:
        """Whether the row stands as asked."""
        return self.state in ("", row.state) and (
            not self.timeliness or (row.state != TaskState.WITHDRAWN and row.timeliness == self.timeliness)
        )


@dataclass(frozen=True)
class AssignmentList:
    """Up to fifty rows, what presses first; `older` is the row to go on from. Sums count all that fits the filter."""

    rows: tuple[AssignmentRow, ...]
    older: UUID | None
    total: int
    lagging: int
    waiting: int


@dataclass(frozen=True)
class LateAssignment:
    """An assignment that is late or counts as not done; `state` says whether it was accepted meanwhile."""

    uuid: UUID
    department: str
    title: str
    deadline: date
    days_late: int
    timeliness: Timeliness
    state: TaskState


@dataclass(frozen=True)
class ReportLine:
    """One report with what was said to it; `waits` is the one to be judged, others unjudged were followed by newer."""

    uuid: UUID
    text: str
    done_on: date
    reported_by: str
    reported_at: datetime
    verdict: str
    verdict_label: str
    note: str
    judged_by: str
    judged_at: datetime | None
    waits: bool


def assignment_list(
    actor: Actor, filters: AssignmentFilters, *, at: datetime, older_than: UUID | None = None
) -> AssignmentList:
    """Return the assignments the actor sees, late and undone first. Two queries."""
    wanted = Assignment.objects.visible_to(actor)
    if filters.block:
        wanted = wanted.filter(department__block__code=filters.block)
    if filters.department is not None:
        wanted = wanted.filter(department__uuid=filters.department)
    rows = [row for row in _rows(wanted, actor.campaign_id, on=day_of(at)) if filters.fits(row)]
    rows.sort(key=_urgency)
    start = next((place for place, row in enumerate(rows, start=1) if row.uuid == older_than), 0)
    shown = rows[start : start + PAGE]
    return AssignmentList(
        tuple(shown),
        older=shown[-1].uuid if start + PAGE < len(rows) else None,
        total=len(rows),
        lagging=sum(row.is_open and not row.says_done and row.timeliness in LAGGING for row in rows),
        waiting=sum(row.state == TaskState.REPORTED for row in rows),
    )


def late_assignments(actor: Actor, *, at: datetime) -> tuple[LateAssignment, ...]:
    """Return what is late or was done late: those not accepted first, the longest late first. Two queries."""
    rows = _rows(Assignment.objects.visible_to(actor).standing(), actor.campaign_id, on=day_of(at))
    late = sorted((row for row in rows if row.timeliness in LAGGING), key=lambda row: (not row.is_open, -row.days_late))
    return tuple(
        LateAssignment(row.uuid, row.department, row.title, row.deadline, row.days_late, row.timeliness, row.state)
        for row in late
    )


def load_row(assignment: Assignment, *, at: datetime) -> AssignmentRow:
    """Return an assignment, loaded with campaign and department, as a row. One query."""
    key = str(assignment.uuid)
    return _row(assignment, deadlines(assignment.campaign_id, ObligationKind.ASSIGNMENT, key=key), on=day_of(at))


def reports_of(assignment: Assignment) -> tuple[ReportLine, ...]:
    """Return the reports of an assignment and the verdicts on them, in their order. One query."""
    rows = list(
        AssignmentReport.objects.filter(assignment=assignment)
        .select_related("reported_by", "judged_by")
        .order_by("reported_at", "pk")
    )
    return tuple(
        ReportLine(
            uuid=row.uuid,
            text=row.text,
            done_on=row.done_on,
            reported_by=row.reported_by.display_name,
            reported_at=row.reported_at,
            verdict=row.verdict,
            verdict_label=row.get_verdict_display(),
            note=row.verdict_note,
            judged_by=row.judged_by.display_name if row.judged_by else "",
            judged_at=row.judged_at,
            waits=assignment.state == TaskState.REPORTED and row == rows[-1],
        )
        for row in rows
    )


def deadlines(campaign_id: int, kind: ObligationKind, *, key: str = "") -> Deadlines:
    """Return the days of what is owed of one kind, by department and key; of one record where `key` names it."""
    rows = Obligation.objects.filter(campaign_id=campaign_id, kind=kind)
    if key:
        rows = rows.filter(key=key)
    found = rows.order_by().values_list("department_id", "key", "due_on", "extended_to")
    return {(department_id, name): (due_on, extended_to) for department_id, name, due_on, extended_to in found}


def last_day(days: Deadlines, department_id: int, key: str, *, due_on: date) -> date:
    """Return the last day that is not late for this department; `due_on` where nothing is owed."""
    return deadline_of(*days.get((department_id, key), (due_on, None)))


def _rows(assignments: AssignmentQuerySet[Assignment], campaign_id: int, *, on: date) -> list[AssignmentRow]:
    days = deadlines(campaign_id, ObligationKind.ASSIGNMENT)
    loaded = assignments.select_related("campaign", "department").defer("text").order_by("department__order", "pk")
    return [_row(row, days, on=on) for row in loaded]


def _row(assignment: Assignment, days: Deadlines, *, on: date) -> AssignmentRow:
    state = TaskState(assignment.state)
    done_on = assignment.done_on if state in SAYS_DONE else None
    deadline = last_day(days, assignment.department_id, str(assignment.uuid), due_on=assignment.due_on)
    late_days = assignment.campaign.assignment_days
    return AssignmentRow(
        uuid=assignment.uuid,
        title=assignment.title,
        department=assignment.department.name,
        department_id=assignment.department_id,
        issuer=str(Issuer(assignment.issuer).label),
        given_on=assignment.given_on,
        due_on=assignment.due_on,
        deadline=deadline,
        undone_after=undone_after(deadline, late_days),
        state=state,
        timeliness=timeliness(deadline, done_on, on=on, days=late_days),
        done_on=done_on,
        days_late=days_late(deadline, done_on, on=on),
        days_left=(deadline - on).days,
    )


def _urgency(row: AssignmentRow) -> tuple[int, int, int, date]:
    """Order rows: late and open, reported, open, then accepted ones (late first), withdrawn ones last."""
    if row.is_open and not row.says_done:
        return (0 if row.timeliness in LAGGING else 2, -row.days_late, row.days_left, row.given_on)
    if row.state == TaskState.REPORTED:
        return (1, -row.days_late, row.days_left, row.given_on)
    return (3 if row.state == TaskState.ACCEPTED else 4, -row.days_late, row.days_left, row.given_on)
