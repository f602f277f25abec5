"""Reads of what is owed: a department's own rows, and the matrix over all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.obligations import days_late, obligation_state
from campaigns.enums import (
    DEPARTMENT_ROLES,
    NOT_YET,
    PLAN_OBLIGATIONS,
    ObligationKind,
    ObligationState,
    Role,
)
from campaigns.models import Membership, Milestone, Obligation
from campaigns.querysets import ObligationQuerySet
from qualityseason.clock import day_of

ANY, OVERDUE = "open", "overdue"  # what the filter “not yet” shows


@dataclass(frozen=True)
class OwedRow:
    """One thing one department owes, as it stands on a day; `days_left` counts to the deadline (0: today)."""

    uuid: UUID
    department_id: int
    department: str
    code: str
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


@dataclass(frozen=True)
class Wanted:
    """What the matrix shows: everything, what is not met (`ANY`) or overdue; one milestone, one block, by code."""

    show: str = ""
    milestone: str = ""
    block: str = ""

    def fits(self, row: OwedRow) -> bool:
        """Whether the row is one of those asked for."""
        if self.show == OVERDUE:
            return row.state == ObligationState.OVERDUE
        return row.is_open if self.show == ANY else True


@dataclass(frozen=True)
class MilestoneSum:
    """A milestone that is owed: how many have met it (late among them), how many have not (overdue among them)."""

    code: str
    name: str
    due_on: date
    owed: int
    met: int
    late: int
    not_yet: int
    overdue: int


@dataclass(frozen=True)
class MatrixRow:
    """A department with whom to call, and a cell per column: None where nothing is owed or asked for."""

    uuid: UUID
    department: str
    telephone: str
    heads: tuple[str, ...]
    liaisons: tuple[str, ...]
    cells: tuple[OwedRow | None, ...]


@dataclass(frozen=True)
class MatrixBlock:
    """The departments of a block in the scheme's order, or the most urgent first."""

    code: str
    name: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class Matrix:
    """Departments against what they owe. ``sums`` count all that is seen, ``columns`` are those shown."""

    sums: tuple[MilestoneSum, ...]
    columns: tuple[MilestoneSum, ...]
    blocks: tuple[MatrixBlock, ...]


def owed_row(obligation: Obligation, *, on: date, plan: UUID | None = None) -> OwedRow:
    """Return the row as it stands on that day; asks nothing when department and milestone are loaded."""
    met_on = day_of(obligation.met_at) if obligation.met_at else None
    deadline = obligation.deadline
    return OwedRow(
        uuid=obligation.uuid,
        department_id=obligation.department_id,
        department=obligation.department.name,
        code=obligation.milestone.code,
        name=obligation.milestone.name,
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
    found = mine.select_related("milestone", "department", "department__plan")
    rows = [owed_row(row, on=on, plan=_plan_of(row)) for row in found]
    return tuple(sorted(rows, key=lambda row: (not row.is_open, row.deadline)))


def _plan_of(obligation: Obligation) -> UUID | None:
    plan = getattr(obligation.department, "plan", None)
    return plan.uuid if plan is not None else None


def sees_matrix(actor: Actor) -> bool:
    """Whether the actor is shown other departments' rows: overseers all, receivers those of plans."""
    return actor.oversees or actor.receives


def owed_milestones(actor: Actor) -> list[Milestone]:
    """Return the milestones of which the actor sees the matrix, the earliest first. One query."""
    owed = Milestone.objects.filter(campaign_id=actor.campaign_id).exclude(obligation="")
    return list(owed if actor.oversees else owed.filter(obligation__in=sorted(PLAN_OBLIGATIONS)))


def load_matrix(actor: Actor, *, on: date, wanted: Wanted) -> Matrix:
    """Return the matrix the actor sees. Two queries."""
    blocks: dict[tuple[int, str, str], dict[tuple[int, int], MatrixRow]] = {}
    cells: dict[tuple[int, str], OwedRow] = {}
    by_milestone: dict[str, list[OwedRow]] = {}
    heads, liaisons = _people(actor.campaign_id, on=on)
    for obligation in seen_rows(actor, wanted).select_related("milestone", "department__block"):
        row = owed_row(obligation, on=on)
        department = obligation.department
        block = (department.block.order, department.block.code, department.block.name)
        blocks.setdefault(block, {})[department.order, department.pk] = MatrixRow(
            uuid=department.uuid,
            department=department.name,
            telephone=department.telephone,
            heads=tuple(heads[department.pk]),
            liaisons=tuple(liaisons[department.pk]),
            cells=(),
        )
        by_milestone.setdefault(row.code, []).append(row)
        if wanted.fits(row):
            cells[department.pk, row.code] = row
    sums = {code: _sum(rows) for code, rows in by_milestone.items()}
    columns = tuple(each for code, each in sums.items() if any(key[1] == code for key in cells))
    shown = []
    for (_order, code, name), departments in sorted(blocks.items()):
        rows = [
            replace(row, cells=tuple(cells.get((pk, column.code)) for column in columns))
            for (_place, pk), row in sorted(departments.items())
            if any(key[0] == pk for key in cells)
        ]
        if wanted.show:
            rows.sort(key=_urgency)
        if rows:
            shown.append(MatrixBlock(code, name, tuple(rows)))
    return Matrix(tuple(sums.values()), columns, tuple(shown))


def seen_rows(actor: Actor, wanted: Wanted) -> ObligationQuerySet[Obligation]:
    """Return what the actor sees of the matrix within milestone and block, in the order of the columns."""
    seen = Obligation.objects.visible_to(actor)
    if not actor.oversees:
        seen = seen.filter(kind__in=sorted(PLAN_OBLIGATIONS))
    if wanted.milestone:
        seen = seen.filter(milestone__code=wanted.milestone)
    if wanted.block:
        seen = seen.filter(department__block__code=wanted.block)
    return seen.order_by("milestone__due_on", "milestone__code", "department__order")


def _people(campaign_id: int, *, on: date) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return names of heads and of liaisons by department. One query."""
    rows = (
        Membership.objects.filter(campaign_id=campaign_id, role__in=sorted(DEPARTMENT_ROLES))
        .current(on=on)
        .order_by("starts_on", "pk")
        .values_list("department_id", "role", "user__display_name")
    )
    heads: dict[int, list[str]] = defaultdict(list)
    liaisons: dict[int, list[str]] = defaultdict(list)
    for department_id, role, name in rows:
        if department_id is not None:
            (heads if role == Role.HEAD else liaisons)[department_id].append(name)
    return heads, liaisons


def _urgency(row: MatrixRow) -> tuple[int, int]:
    """Order rows by the longest overdue, then by how much is open; the scheme's order decides among equals."""
    open_cells = [cell for cell in row.cells if cell is not None]
    return min(cell.days_left for cell in open_cells), -len(open_cells)


def _sum(rows: Sequence[OwedRow]) -> MilestoneSum:
    states = [row.state for row in rows]
    return MilestoneSum(
        code=rows[0].code,
        name=rows[0].name,
        due_on=rows[0].due_on,
        owed=len(rows),
        met=sum(state not in NOT_YET for state in states),
        late=states.count(ObligationState.MET_LATE),
        not_yet=sum(state in NOT_YET for state in states),
        overdue=states.count(ObligationState.OVERDUE),
    )
