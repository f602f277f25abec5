"""Classes whose attendance stays below a rate several times in a row (B7)."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from qualityseason.text import squeeze
from scoring.detectors.registers import is_charged_here, is_excused
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.registers import ClassAttendanceFact

REASONS = {
    "low": _("%(name)s: attendance below %(below)s%% at %(times)s checks in a row: %(checks)s."),
    "disagree": _(
        "%(name)s: attendance below %(below)s%% at %(times)s checks in a row only if one of two rows of the "
        "same lesson is right: %(checks)s."
    ),
}
Order = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Lesson:
    """The rows of a class about one lesson: spelled alike they are one, and then should agree."""

    rows: tuple[ClassAttendanceFact, ...]
    is_low: bool
    may_be_low: bool


def detect(facts: Iterable[ClassAttendanceFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each class once a term, on the day its attendance was below the rate the last of `times` times in a row.

    An excused lesson is none of them and ends the row, where the rule knows excuses.
    """
    classes: dict[int, list[ClassAttendanceFact]] = defaultdict(list)
    for row in facts:
        classes[row.class_id].append(row)
    season = terms.season
    for rows in classes.values():
        for code, starts_on, ends_on in season.terms:
            first = max(starts_on, season.facts_from)
            last = min(ends_on, season.facts_until, season.on)
            run, is_proven = _first_run([row for row in rows if first <= row.happened_on <= last], terms)
            if run and is_charged_here(run[-1].rows[0], terms):
                yield _suspicion(run, is_proven, code, terms)


def _first_run(rows: list[ClassAttendanceFact], terms: Terms) -> tuple[list[Lesson], bool]:
    """Return the first run that is proven, else the first that would be; and which of the two it is."""
    times = int(terms.rule.thresholds["times"])
    proven: list[Lesson] = []
    possible: list[Lesson] = []
    supposed: list[Lesson] = []
    for lesson in _lessons(rows, terms):
        possible = [*possible, lesson][-times:] if lesson.may_be_low else []
        proven = [*proven, lesson] if lesson.is_low else []
        if len(proven) == times:
            return proven, True
        if len(possible) == times and not supposed:
            supposed = possible
    return supposed, False


def _lessons(rows: list[ClassAttendanceFact], terms: Terms) -> list[Lesson]:
    below = Decimal(str(terms.rule.thresholds["rate_below"]))
    by_lesson: dict[tuple[date, Order], list[ClassAttendanceFact]] = defaultdict(list)
    for row in rows:
        by_lesson[row.happened_on, natural(row.lesson)].append(row)
    lessons = []
    for _when, same in sorted(by_lesson.items()):
        is_out = any(is_excused(row, terms) for row in same)
        low = [row.rate < below for row in same]
        lessons.append(Lesson(tuple(same), is_low=all(low) and not is_out, may_be_low=any(low) and not is_out))
    return lessons


def _suspicion(run: list[Lesson], is_proven: bool, term: str, terms: Terms) -> Suspicion:
    last = run[-1].rows[0]
    rows = tuple(row for lesson in run for row in lesson.rows)
    return Suspicion(
        reason="low" if is_proven else "disagree",
        parameters={
            "name": last.class_name,
            "below": str(terms.rule.thresholds["rate_below"]),
            "times": int(terms.rule.thresholds["times"]),
            "checks": [" ".join(filter(None, (str(row.happened_on), row.lesson, f"{row.rate}%"))) for row in rows],
        },
        happened_on=last.happened_on,
        rests_on=rows,
        subject=Subject(last.class_name, class_id=last.class_id, key=f"class:{last.class_uuid}"),
        period=term,
        is_contradicted=not is_proven,
    )


def natural(text: str) -> Order:
    """Return how lessons are ordered: numbers by their value in figures or in words, marks and blanks ignored."""
    found: list[tuple[int, int, str]] = []
    number: int | None = None
    for sign in f"{squeeze(text)} ":
        value = unicodedata.numeric(sign, None)
        if value is not None:
            number = _appended(number, int(value), is_figure=sign.isdecimal())
            continue
        if number is not None:
            found.append((0, number, ""))
            number = None
        if sign.isalnum():
            found.append((1, 0, sign))
    return tuple(found)


def _appended(number: int | None, value: int, *, is_figure: bool) -> int:
    """Return the number one sign further: 1, 12 in figures; two, twenty, twenty-one in words."""
    if value >= 10:
        return (number or 1) * value
    if number is not None and number >= 10 and number % 10 == 0 and not is_figure:
        return number + value
    return (number or 0) * 10 + value


DETECTORS = (
    Detector(
        "class-attendance",
        source="class-attendance",
        detect=detect,
        reasons=REASONS,
        thresholds=("rate_below", "times"),
    ),
)
