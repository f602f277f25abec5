"""Reads of what is owed: one row as it stands on a day, a department's own rows, the filter over all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.obligations import days_late, obligation_state
from campaigns.enums import (
    MONTHLY_OBLIGATIONS,
    NOT_YET,
    PLAN_OBLIGATIONS,
    RECORD_OBLIGATIONS,
    ObligationKind,
    ObligationState,
    TaskState,
)
from campaigns.models import Assignment, Campaign, Milestone, Obligation
from campaigns.querysets import ObligationQuerySet
from qualityseason.clock import day_of

ANY, OVERDUE = "open", "overdue"  # what the filter “not yet” shows
MONTH, RECORDS = "month:", "records:"  # what of the filter's choices is no milestone
RECORD_KINDS = (  # what the matrix sums by kind, in its order
    ObligationKind.CIRCULAR,
    ObligationKind.ASSIGNMENT,
    ObligationKind.PROBLEM,
    ObligationKind.NOTICE,
    ObligationKind.CONFIRMATION,
)


@dataclass(frozen=True)
class OwedRow:
    """One thing one department owes, as it stands on a day; `days_left` counts to the deadline (0: today).

    ``code`` names the milestone, or the month or kind of record it is counted under; ``key`` is what asks for it.
    """

    uuid: UUID
    department_id: int
    department_uuid: UUID
    department: str
    code: str
    key: str
    name: str
    kind: ObligationKind
    due_on: date
    extended_to: date | None
    deadline: date
    met_at: datetime | None
    state: ObligationState
    days_late: int
    days_left: int
    plan: UUID | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not met yet."""
        return self.state in NOT_YET

    @property
    def has_more_time(self) -> bool:
        """Whether it is not met and an extension past the general day has not run out."""
        return self.state == ObligationState.OPEN and self.deadline > self.due_on

    @property
    def is_record(self) -> bool:
        """Whether a circular, an assignment or a problem asks for it."""
        return self.kind in RECORD_OBLIGATIONS

    @property
    def short_name(self) -> str:
        """What is owed where the month is said beside it."""
        return str(self.kind.label) if self.kind in MONTHLY_OBLIGATIONS else self.name


@dataclass(frozen=True)
class Wanted:
    """What the matrix shows: everything, what is not met (`ANY`) or overdue; one column, block or department alone."""

    show: str = ""
    milestone: str = ""
    block: str = ""
    department: UUID | None = None

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(value) for value in (self.show, self.milestone, self.block, self.department))

    def fits(self, row: OwedRow) -> bool:
        """Whether the row is one of those asked for."""
        if self.show == OVERDUE:
            return row.state == ObligationState.OVERDUE
        return row.is_open if self.show == ANY else True


def column_of(obligation: Obligation) -> str:
    """Return the code of the column an obligation is counted in; asks nothing when the milestone is loaded."""
    if obligation.milestone is not None:
        return obligation.milestone.code
    if obligation.kind in MONTHLY_OBLIGATIONS:
        return f"{MONTH}{obligation.key}"
    return f"{RECORDS}{obligation.kind}"


def owed_row(obligation: Obligation, *, on: date, plan: UUID | None = None) -> OwedRow:
    """Return the row as it stands on that day; asks nothing when department and milestone are loaded."""
    met_on = day_of(obligation.met_at) if obligation.met_at else None
    deadline = obligation.deadline
    return OwedRow(
        uuid=obligation.uuid,
        department_id=obligation.department_id,
        department_uuid=obligation.department.uuid,
        department=obligation.department.name,
        code=column_of(obligation),
        key=obligation.key,
        name=obligation.label,
        kind=ObligationKind(obligation.kind),
        due_on=obligation.due_on,
        extended_to=obligation.extended_to,
        deadline=deadline,
        met_at=obligation.met_at,
        state=obligation_state(deadline, met_on, on=on),
        days_late=days_late(deadline, met_on, on=on),
        days_left=(deadline - on).days,
        plan=plan,
    )


def own_rows(actor: Actor, *, on: date) -> tuple[OwedRow, ...]:
    """Return what the actor's own departments owe, open ones first, then by day. One query."""
    mine = Obligation.objects.visible_to(actor).filter(department_id__in=actor.departments)
    found = mine.select_related("milestone", "department", "department__plan").order_by("pk")
    rows = [owed_row(row, on=on, plan=_plan_of(row)) for row in found]
    return tuple(sorted(rows, key=lambda row: (not row.is_open, row.deadline, row.code)))


def _plan_of(obligation: Obligation) -> UUID | None:
    plan = getattr(obligation.department, "plan", None)
    return plan.uuid if plan is not None else None


def reported_assignments(campaign_id: int) -> frozenset[str]:
    """Return the keys of assignments whose departments have reported them and wait for a word. One query."""
    waiting = Assignment.objects.filter(campaign_id=campaign_id, state=TaskState.REPORTED)
    return frozenset(str(uuid) for uuid in waiting.values_list("uuid", flat=True))


def is_reported(row: OwedRow, reported: frozenset[str]) -> bool:
    """Whether the row is one of those assignments: nothing is to be asked of its department."""
    return row.kind == ObligationKind.ASSIGNMENT and row.key in reported


def sees_matrix(actor: Actor) -> bool:
    """Whether the actor is shown other departments' rows: overseers all, receivers those of plans."""
    return actor.oversees or actor.receives


def month_name(month: str) -> str:
    """Return how the column of a working month is headed."""
    return _("Monthly work %(month)s") % {"month": month}


Choice = tuple[str, str]


def owed_columns(campaign: Campaign, actor: Actor) -> tuple[list[Choice], list[Choice]]:
    """Return (code, name) of the milestones the actor sees in the matrix, and of months and records. One query."""
    owed = Milestone.objects.filter(campaign=campaign).exclude(obligation="")
    if not actor.oversees:
        plans = owed.filter(obligation__in=sorted(PLAN_OBLIGATIONS))
        return list(plans.values_list("code", "name")), []
    months = campaign.working_months if campaign.lists.get("monthly") else []
    others = [(f"{MONTH}{month}", month_name(month)) for month in months]
    others += [(f"{RECORDS}{kind.value}", str(kind.label)) for kind in RECORD_KINDS]
    return list(owed.values_list("code", "name")), others


def seen_rows(actor: Actor, wanted: Wanted) -> ObligationQuerySet[Obligation]:
    """Return what the actor sees of the matrix within column and block, the earliest day first."""
    seen = Obligation.objects.visible_to(actor)
    if not actor.oversees:
        seen = seen.filter(kind__in=sorted(PLAN_OBLIGATIONS))
    if wanted.milestone:
        seen = seen.filter(_column(wanted.milestone))
    if wanted.block:
        seen = seen.filter(department__block__code=wanted.block)
    if wanted.department:
        seen = seen.filter(department__uuid=wanted.department)
    return seen.order_by("due_on", "kind", "key", "department__order", "pk")


def _column(code: str) -> Q:
    if code.startswith(MONTH):
        return Q(kind__in=sorted(MONTHLY_OBLIGATIONS), key=code.removeprefix(MONTH))
    if code.startswith(RECORDS):
        return Q(kind=code.removeprefix(RECORDS))
    return Q(milestone__code=code)
