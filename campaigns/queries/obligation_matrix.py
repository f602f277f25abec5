"""The matrix over all departments: milestones, working months, and the records summed; with whom to call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import DEPARTMENT_ROLES, NOT_YET, ObligationKind, ObligationState, ReminderChannel, Role
from campaigns.models import Department, Membership, Reminder
from campaigns.queries.obligations import (
    MONTH,
    RECORD_KINDS,
    RECORDS,
    OwedRow,
    Wanted,
    month_name,
    owed_row,
    seen_rows,
)


@dataclass(frozen=True)
class ColumnSum:
    """A column of the matrix: how many have met it (late among them), how many have not (overdue among them)."""

    code: str
    name: str
    due_on: date
    owed: int
    met: int
    late: int
    not_yet: int
    overdue: int

    @property
    def is_milestone(self) -> bool:
        """Whether it is a milestone, whose day may be moved for all."""
        return not self.code.startswith((MONTH, RECORDS))

    @property
    def has_day(self) -> bool:
        """Whether all in it are due on one day."""
        return not self.code.startswith(RECORDS)


@dataclass(frozen=True)
class RecordSum:
    """How many records of a kind one department was given, how many it has not dealt with, overdue among them."""

    code: str
    name: str
    total: int
    open: int
    overdue: int


@dataclass(frozen=True)
class Call:
    """The latest telephone call to a department."""

    happened_on: date
    spoken_with: str


@dataclass(frozen=True)
class MatrixRow:
    """A department with whom to call; per column what it owes there, per kind of record the sum (None: nothing)."""

    department_id: int
    uuid: UUID
    department: str
    closed_on: date | None
    telephone: str
    heads: tuple[str, ...]
    liaisons: tuple[str, ...]
    call: Call | None
    cells: tuple[tuple[OwedRow, ...], ...]
    records: tuple[RecordSum | None, ...]
    rows: tuple[OwedRow, ...]


@dataclass(frozen=True)
class MatrixBlock:
    """The departments of a block in the scheme's order, or the most urgent first."""

    code: str
    name: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class Matrix:
    """Departments against what they owe. ``sums`` count all that is seen, ``columns`` and ``records`` are shown."""

    sums: tuple[ColumnSum, ...]
    columns: tuple[ColumnSum, ...]
    records: tuple[ColumnSum, ...]
    blocks: tuple[MatrixBlock, ...]

    @property
    def width(self) -> int:
        """How many columns the table has, department and telephone among them."""
        return 2 + len(self.columns) + len(self.records)


@dataclass
class _Found:
    """What was read of one department: all rows by column, and those asked for."""

    department: Department
    seen: dict[str, list[OwedRow]] = field(default_factory=lambda: defaultdict(list))
    asked: list[OwedRow] = field(default_factory=list)


def load_matrix(actor: Actor, *, on: date, wanted: Wanted) -> Matrix:
    """Return the matrix the actor sees. Two queries, three for the office."""
    found: dict[int, _Found] = {}
    by_column: dict[str, list[OwedRow]] = defaultdict(list)
    for obligation in seen_rows(actor, wanted).select_related("milestone", "department__block"):
        row = owed_row(obligation, on=on)
        place = found.setdefault(obligation.department_id, _Found(obligation.department))
        by_column[row.code].append(row)
        place.seen[row.code].append(row)
        if wanted.fits(row):
            place.asked.append(row)
    sums = tuple(sorted((_sum(code, rows) for code, rows in by_column.items()), key=_order))
    shown = {row.code for place in found.values() for row in place.asked}
    columns = tuple(each for each in sums if each.code in shown and not each.code.startswith(RECORDS))
    by_code = {each.code: each for each in sums}
    kinds = [f"{RECORDS}{kind.value}" for kind in RECORD_KINDS]
    records = tuple(by_code[code] for code in kinds if code in shown)
    asked = [place for place in found.values() if place.asked]
    people, calls = people_of(actor.campaign_id, on=on), last_calls(actor)
    rows = {pk: _row(place, columns, records, people, calls) for pk, place in found.items() if place.asked}
    return Matrix(sums, columns, records, tuple(_blocks(asked, rows, by_urgency=bool(wanted.show))))


def _row(
    place: _Found,
    columns: Sequence[ColumnSum],
    records: Sequence[ColumnSum],
    people: People,
    calls: dict[int, Call],
) -> MatrixRow:
    department = place.department
    heads, liaisons = people
    return MatrixRow(
        department_id=department.pk,
        uuid=department.uuid,
        department=department.name,
        closed_on=department.closed_on,
        telephone=department.telephone,
        heads=tuple(heads[department.pk]),
        liaisons=tuple(liaisons[department.pk]),
        call=calls.get(department.pk),
        cells=tuple(tuple(row for row in place.asked if row.code == column.code) for column in columns),
        records=tuple(_records(place, column) for column in records),
        rows=tuple(place.asked),
    )


def _records(place: _Found, column: ColumnSum) -> RecordSum | None:
    if not any(row.code == column.code for row in place.asked):
        return None
    states = [row.state for row in place.seen[column.code]]
    return RecordSum(
        code=column.code,
        name=column.name,
        total=len(states),
        open=sum(state in NOT_YET for state in states),
        overdue=states.count(ObligationState.OVERDUE),
    )


def _blocks(asked: Sequence[_Found], rows: dict[int, MatrixRow], *, by_urgency: bool) -> list[MatrixBlock]:
    blocks: dict[tuple[int, str, str], list[Department]] = defaultdict(list)
    for place in asked:
        block = place.department.block
        blocks[block.order, block.code, block.name].append(place.department)
    found = []
    for (_order, code, name), departments in sorted(blocks.items(), key=lambda each: each[0]):
        of_block = [rows[each.pk] for each in sorted(departments, key=lambda each: (each.order, each.pk))]
        if by_urgency:
            of_block.sort(key=urgency)
        found.append(MatrixBlock(code, name, tuple(of_block)))
    return found


People = tuple[dict[int, list[str]], dict[int, list[str]]]


def people_of(campaign_id: int, *, on: date) -> People:
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


def last_calls(actor: Actor) -> dict[int, Call]:
    """Return the latest telephone call by department, to the office alone. One query for it."""
    if not actor.has(Role.OFFICE):
        return {}
    calls = Reminder.objects.visible_to(actor).filter(channel=ReminderChannel.TELEPHONE)
    rows = calls.order_by("happened_on", "sent_at", "pk").values_list("department_id", "happened_on", "spoken_with")
    return {pk: Call(day, name) for pk, day, name in rows if pk is not None}


def urgency(row: MatrixRow) -> tuple[int, int]:
    """Order rows by the longest overdue, then by how much is open; the scheme's order decides among equals."""
    return min(each.days_left for each in row.rows), -len(row.rows)


def _sum(code: str, rows: Sequence[OwedRow]) -> ColumnSum:
    states = [row.state for row in rows]
    return ColumnSum(
        code=code,
        name=_name(code, rows[0]),
        due_on=rows[0].due_on,
        owed=len(rows),
        met=sum(state not in NOT_YET for state in states),
        late=states.count(ObligationState.MET_LATE),
        not_yet=sum(state in NOT_YET for state in states),
        overdue=states.count(ObligationState.OVERDUE),
    )


def _order(column: ColumnSum) -> tuple[bool, date, str]:
    return not column.has_day, column.due_on, column.code


def _name(code: str, row: OwedRow) -> str:
    if code.startswith(MONTH):
        return month_name(row.key)
    if code.startswith(RECORDS):
        return str(ObligationKind(row.kind).label)
    return row.name
