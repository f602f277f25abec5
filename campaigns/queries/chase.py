"""Who has to be reminded of what, for one text to all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.actors import Actor
from campaigns.queries.obligations import OwedRow, Wanted, owed_row, seen_rows


@dataclass(frozen=True)
class ChaseItem:
    """One thing to ask for: who has not, who has more time, who has; days count from the general day."""

    name: str
    due_on: date
    days_late: int
    days_left: int
    missing: tuple[str, ...]
    more_time: tuple[tuple[str, date], ...]
    done: tuple[str, ...]


def load_chase(actor: Actor, *, on: date, wanted: Wanted) -> tuple[ChaseItem, ...]:
    """Return what to ask for, the longest overdue first: only what somebody has not met. One query.

    A filter on blocks names others neither as missing nor as done.
    """
    by_milestone: dict[str, list[OwedRow]] = {}
    for obligation in seen_rows(actor, wanted).select_related("milestone", "department"):
        row = owed_row(obligation, on=on)
        by_milestone.setdefault(row.code, []).append(row)
    items = []
    for rows in by_milestone.values():
        asked = [row for row in rows if row.is_open and wanted.fits(row)]
        due_on = rows[0].due_on
        item = ChaseItem(
            name=rows[0].name,
            due_on=due_on,
            days_late=max(0, (on - due_on).days),
            days_left=(due_on - on).days,
            missing=tuple(row.department for row in asked if not row.has_more_time),
            more_time=tuple((row.department, row.deadline) for row in asked if row.has_more_time),
            done=tuple(row.department for row in rows if not row.is_open),
        )
        if item.missing or item.more_time:
            items.append(item)
    return tuple(items)
