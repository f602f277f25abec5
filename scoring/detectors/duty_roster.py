"""People who missed a duty they were on the roster for (A7, B9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from qualityseason.text import squeeze
from scoring.detectors.registers import faults, is_alike, when
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.registers import DutyRosterFact

REASONS = {
    "missed": _("%(person)s missed the duty of %(when)s (roster of %(organiser)s)."),
    "disagree": _(
        "%(person)s, duty of %(when)s: missed by the roster of %(organiser)s, kept by that of %(others)s. "
        "Only one of them can be right."
    ),
}


def _is_same(one: DutyRosterFact, other: DutyRosterFact) -> bool:
    return one.organiser_id == other.organiser_id and is_alike(one, other)


def _is_against(one: DutyRosterFact, other: DutyRosterFact) -> bool:
    """On two rosters the shifts must be the same; a roster that does not say which may have but one."""
    return _is_same(one, other) or squeeze(one.shift) == squeeze(other.shift)


def detect(facts: Iterable[DutyRosterFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each missed duty; a row that says the same duty was kept contradicts it."""
    for fault in faults(facts, terms, is_same=_is_same, is_against=_is_against):
        row = fault.row
        yield Suspicion(
            reason="disagree" if fault.against else "missed",
            parameters={
                "person": str(row.person),
                "when": when(row),
                "organiser": row.organiser,
                "others": [other.organiser for other in fault.against],
            },
            happened_on=row.happened_on,
            rests_on=fault.rests_on,
            subject=row.person.subject,
            record=row.key,
            is_contradicted=bool(fault.against),
        )


DETECTORS = (Detector("duty-roster", source="duty-roster", detect=detect, reasons=REASONS),)
