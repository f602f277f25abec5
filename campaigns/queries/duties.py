"""Reads of duties: what a duty says, the count per department, a department's duties with ended ones apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Department, Duty


@dataclass(frozen=True)
class DutyRow:
    """One duty."""

    uuid: UUID
    number: str
    text: str
    source: str
    is_sample: bool
    ended_at: datetime | None


@dataclass(frozen=True)
class DepartmentDuties:
    """The duties of one department, standing and ended; ``is_own`` where the actor belongs to it."""

    uuid: UUID
    name: str
    standing: tuple[DutyRow, ...]
    ended: tuple[DutyRow, ...]
    is_own: bool

    @property
    def samples(self) -> int:
        """How many of the standing ones are samples."""
        return sum(row.is_sample for row in self.standing)


def duty_state(duty: Duty) -> dict[str, Any]:
    """Return what a duty says."""
    return {"number": duty.number, "text": duty.text, "source": duty.source, "is_sample": duty.is_sample}


def duties_by_department(actor: Actor) -> tuple[DepartmentDuties, ...]:
    """Return the duties the actor sees by department, own departments first. Two queries."""
    departments = Department.objects.visible_to(actor)
    if not actor.oversees:
        departments = departments.filter(pk__in=actor.departments)
    rows: dict[tuple[int, bool], list[DutyRow]] = defaultdict(list)
    for duty in Duty.objects.visible_to(actor).order_by("id"):
        row = DutyRow(duty.uuid, duty.number, duty.text, duty.source, duty.is_sample, duty.ended_at)
        rows[duty.department_id, duty.ended_at is None].append(row)
    found = [
        DepartmentDuties(
            department.uuid,
            department.name,
            tuple(rows[department.pk, True]),
            tuple(rows[department.pk, False]),
            department.pk in actor.departments,
        )
        for department in departments.order_by("order")
    ]
    return tuple(sorted(found, key=lambda each: not each.is_own))
