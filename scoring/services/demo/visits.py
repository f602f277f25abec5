"""Planning the demo's visits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.models import Department
from scoring.models import Inspection, Rule
from scoring.services.demo.cast import Cast, moment_of, workdays

MORNING, AFTERNOON = 8 * 60 + 30, 14 * 60 + 30  # minutes of the day


@dataclass(eq=False)
class Visit:
    """A visit to be entered: `entered_at` is a few minutes after its end; `rules` get a deduction and no mark."""

    kind: str
    department: Department
    started_at: datetime
    ended_at: datetime | None
    entered_at: datetime
    assessors: list[str]
    note: str
    rules: set[Rule] = field(default_factory=set)
    inspection: Inspection | None = None

    @property
    def day(self) -> date:
        """The day of the visit in the campaign's zone."""
        return self.started_at.date()


def plan_visits(cast: Cast) -> list[Visit]:
    """Return the visits of all rounds, and one that has begun today and goes on."""
    busy: set[tuple[str, date, int]] = set()
    visits = [visit for entry in cast.data["rounds"] for visit in _round(cast, entry, busy)]
    entry = cast.data["open_inspection"]
    visits.append(
        Visit(
            entry["kind"],
            cast.department(entry["department"]),
            started_at=entry["started_at"],
            ended_at=None,
            entered_at=entry["started_at"] + timedelta(minutes=2),
            assessors=[entry["assessor"]],
            note=entry["note"],
        )
    )
    return visits


def _round(cast: Cast, entry: dict[str, Any], busy: set[tuple[str, date, int]]) -> Iterator[Visit]:
    departments = list(cast.departments)
    cast.rng.shuffle(departments)
    if entry["departments"]:
        departments = departments[: entry["departments"]]
    days = workdays(entry["from"], entry["until"])
    for place, department in enumerate(departments):
        day = days[place * len(days) // len(departments)]
        yield _visit(cast, entry, department, day, busy)


def _visit(
    cast: Cast, entry: dict[str, Any], department: Department, day: date, busy: set[tuple[str, date, int]]
) -> Visit:
    half = cast.rng.choice((MORNING, AFTERNOON))
    engaged = [name for name, on, when in busy if (on, when) == (day, half)]
    first = cast.pick_assessor(department, other_than=engaged)
    if first is None:  # everybody is out at that time: the other half of the day
        half = AFTERNOON if half == MORNING else MORNING
        first = cast.pick_assessor(department) or cast.data["recorders"][0]
    second = cast.pick_assessor(department, other_than=[*engaged, first]) if cast.rng.random() < 0.35 else None
    assessors = [first, second] if second else [first]
    busy.update((name, day, half) for name in assessors)
    started_at = moment_of(day, half + cast.rng.randrange(0, 60, 5))
    ended_at = started_at + timedelta(minutes=cast.rng.randrange(40, 95, 5))
    return Visit(
        entry["kind"],
        department,
        started_at=started_at,
        ended_at=ended_at,
        entered_at=ended_at + timedelta(minutes=cast.rng.randint(2, 9)),
        assessors=assessors,
        note=cast.rng.choice(entry["notes"]),
    )
