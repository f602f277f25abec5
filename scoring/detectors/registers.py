"""What the detectors of registers share: whom a row charges, whom it spares, rows that tell of the same occasion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from campaigns.enums import TEACHING_KINDS
from qualityseason.text import squeeze
from scoring.enums import Attribution
from scoring.facts import Terms
from scoring.facts.registers import OccasionFact, PersonFact, RegisterFact

Occasion = TypeVar("Occasion", bound=OccasionFact)


def is_charged_here(row: RegisterFact, terms: Terms) -> bool:
    """Whether the rule charges the department looked at for the row.

    That is the department of the person or class that day, by a roster who keeps it; a rule that charges the teaching
    department charges nobody where that is none.
    """
    department = terms.department
    if terms.rule.attribution == Attribution.ROSTER and row.organiser_id is not None:
        return row.organiser_id == department.id
    if terms.rule.attribution == Attribution.TEACHING and department.kind not in TEACHING_KINDS:
        return False
    return row.department_id == department.id


def is_excused(row: RegisterFact, terms: Terms) -> bool:
    """Whether an excuse holds: there is one, and the rule knows any."""
    return terms.rule.excusable and row.excused_on is not None


def counts(row: PersonFact, terms: Terms) -> bool:
    """Whether the row may charge the department: its own, not excused, of nobody the rule exempts."""
    return is_charged_here(row, terms) and not is_excused(row, terms) and row.person.category not in terms.rule.exempt


@dataclass(frozen=True)
class Fault(Generic[Occasion]):
    """A row that charges, other rows of the very same fact, and rows that say the contrary."""

    row: Occasion
    same: tuple[Occasion, ...]
    against: tuple[Occasion, ...]

    @property
    def rests_on(self) -> tuple[Occasion, ...]:
        """All of them."""
        return (self.row, *self.same, *self.against)


def is_alike(one: OccasionFact, other: OccasionFact) -> bool:
    """Whether two rows of a person and day may tell of one occasion: spelled alike, or one does not say which."""
    first, second = squeeze(one.occasion), squeeze(other.occasion)
    return first == second or not first or not second


def faults(
    rows: Iterable[Occasion],
    terms: Terms,
    *,
    is_same: Callable[[Occasion, Occasion], bool],
    is_against: Callable[[Occasion, Occasion], bool] | None = None,
) -> Iterator[Fault[Occasion]]:
    """Yield each fault once, however many rows tell of it; a row that names its occasion stands for one that does not.

    ``is_same`` tells whether two rows of a person and day are one fact, ``is_against`` whether they cannot both be
    right when they disagree (the same, when None). An excuse of one row holds for all rows of its fact.
    """
    days: dict[tuple[int, date], list[Occasion]] = defaultdict(list)
    for row in rows:
        days[row.person.id, row.happened_on].append(row)
    for day in days.values():
        day.sort(key=lambda row: not squeeze(row.occasion))
        for number, row in enumerate(day):
            if not row.is_fault or not counts(row, terms):
                continue
            same = [other for other in day if other is not row and other.is_fault and is_same(row, other)]
            is_told_before = any(other.is_fault and is_same(row, other) for other in day[:number])
            if is_told_before or any(is_excused(other, terms) for other in same):
                continue
            against = [other for other in day if not other.is_fault and (is_against or is_same)(row, other)]
            yield Fault(row, tuple(same), tuple(against))


def when(row: OccasionFact) -> str:
    """Return the day and what of it."""
    return f"{row.happened_on.isoformat()} {row.occasion}".strip()
