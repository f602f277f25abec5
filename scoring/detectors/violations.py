"""Serious violations without an economic consequence (A12, B14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from scoring.detectors.registers import counts
from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.registers import ViolationFact

REASONS = {
    "no-consequence": _(
        "%(person)s, %(violation)s on %(day)s: the register tells of no economic consequence by the regulations."
    )
}


def detect(facts: Iterable[ViolationFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each violation no consequence is recorded of."""
    for row in facts:
        if row.consequence or not counts(row, terms):
            continue
        yield Suspicion(
            reason="no-consequence",
            parameters={
                "person": str(row.person),
                "violation": row.violation,
                "day": row.happened_on.isoformat(),
            },
            happened_on=row.happened_on,
            rests_on=(row,),
            subject=row.person.subject,
            record=row.key,
            silence=RecordKind.VIOLATION,
        )


DETECTORS = (Detector("violations", source="violation", detect=detect, reasons=REASONS),)
