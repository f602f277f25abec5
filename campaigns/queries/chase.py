"""Who has to be reminded of what, for one text to all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation

from campaigns.actors import Actor
from campaigns.enums import ObligationKind
from campaigns.queries.obligations import OwedRow, Wanted, is_reported, owed_row, reported_assignments, seen_rows

SUMMED = frozenset(  # their titles are not for everybody, or each department has another day
    {ObligationKind.ASSIGNMENT, ObligationKind.PROBLEM, ObligationKind.NOTICE}
)


@dataclass(frozen=True)
class ChaseItem:
    """One thing to ask for: who has not, who has more time, who has; days count from the general day, if there is one.

    A department that owes several of the sort stands with their number: “教务处(2)”.
    """

    name: str
    due_on: date | None
    days_late: int
    days_left: int
    missing: tuple[str, ...]
    more_time: tuple[tuple[str, date], ...]
    done: tuple[str, ...]


def load_chase(
    actor: Actor,
    *,
    on: date,
    wanted: Wanted,
    kinds: Collection[ObligationKind] = (),
    keys: Collection[str] = (),
) -> tuple[ChaseItem, ...]:
    """Return what to ask for, the longest overdue first: only what somebody has not met. Two queries.

    A filter on blocks names others neither as missing nor as done; `kinds` and `keys` narrow it to a list's own rows.
    An assignment that is reported waits for the office, not for the department. What is owed is named in the portal's
    language: the text is for the college, whoever copies it.
    """
    seen = seen_rows(actor, wanted)
    if kinds:
        seen = seen.filter(kind__in=sorted(kinds))
    if keys:
        seen = seen.filter(key__in=sorted(keys))
    found: dict[str, list[OwedRow]] = {}
    reported = reported_assignments(actor.campaign_id)
    with translation.override(settings.LANGUAGE_CODE):
        for obligation in seen.select_related("milestone", "department"):
            row = owed_row(obligation, on=on)
            if not is_reported(row, reported):
                found.setdefault(_thing(row), []).append(row)
        items = [
            _summed(rows, on, wanted) if rows[0].kind in SUMMED else _item(rows, on, wanted)
            for _name, rows in sorted(found.items())
        ]
    return tuple(sorted((each for each in items if each.missing or each.more_time), key=_urgency))


def chase_lines(name: str, missing: Iterable[str], *, done: Iterable[str] = ()) -> tuple[ChaseItem, ...]:
    """Return what to ask for where no day is set: a gap in a list by its name, and who has it."""
    gone = tuple(missing)
    return (ChaseItem(name, None, 0, 0, gone, (), tuple(done)),) if gone else ()


def _thing(row: OwedRow) -> str:
    """Return what rows of several departments have in common."""
    if row.kind in SUMMED:
        return f"{row.code}|{row.deadline}"
    return f"{row.kind}|{row.key}" if row.key else row.code


def _item(rows: Sequence[OwedRow], on: date, wanted: Wanted) -> ChaseItem:
    asked = [row for row in rows if row.is_open and wanted.fits(row)]
    due_on = rows[0].due_on
    return ChaseItem(
        name=rows[0].name,
        due_on=due_on,
        days_late=max(0, (on - due_on).days),
        days_left=(due_on - on).days,
        missing=tuple(row.department for row in asked if not row.has_more_time),
        more_time=tuple((row.department, row.deadline) for row in asked if row.has_more_time),
        done=tuple(row.department for row in rows if not row.is_open),
    )


def _summed(rows: Sequence[OwedRow], on: date, wanted: Wanted) -> ChaseItem:
    """Return all of one kind (assignments, problems, notices) of one last day as one thing."""
    asked = [row for row in rows if row.is_open and wanted.fits(row)]
    due_on = rows[0].deadline
    numbers = Counter(row.department for row in asked)
    return ChaseItem(
        name=str(rows[0].kind.label),
        due_on=due_on,
        days_late=max(0, (on - due_on).days),
        days_left=(due_on - on).days,
        missing=tuple(name if number == 1 else f"{name}({number})" for name, number in numbers.items()),
        more_time=(),
        done=(),
    )


def _urgency(item: ChaseItem) -> date:
    return item.due_on or date.max
