"""Teachers who did not come to a teaching-research meeting (A8, B10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from scoring.detectors.registers import faults, is_alike, when
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.registers import ResearchMeetingFact

REASONS = {
    "away": _("%(person)s did not attend the teaching-research meeting of %(organiser)s on %(when)s."),
    "disagree": _(
        "%(person)s, teaching-research meeting of %(organiser)s on %(when)s: away by one row of the register, there by "
        "another (%(others)s). Only one of them can be right."
    ),
}


def _is_same(one: ResearchMeetingFact, other: ResearchMeetingFact) -> bool:
    return one.organiser_id == other.organiser_id and is_alike(one, other)


def detect(facts: Iterable[ResearchMeetingFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each meeting missed; a row that says the teacher was at that meeting contradicts it."""
    for fault in faults(facts, terms, is_same=_is_same):
        row = fault.row
        yield Suspicion(
            reason="disagree" if fault.against else "away",
            parameters={
                "person": str(row.person),
                "when": when(row),
                "organiser": row.organiser,
                "others": [when(other) for other in fault.against],
            },
            happened_on=row.happened_on,
            rests_on=fault.rests_on,
            subject=row.person.subject,
            record=row.key,
            is_contradicted=bool(fault.against),
        )


DETECTORS = (Detector("research-meetings", source="research-meeting", detect=detect, reasons=REASONS),)
