"""Teachers who observed fewer lessons than required in a term (B8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from scoring.detectors.registers import counts
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.registers import ObservationFact

REASONS = {
    "fewer": _(
        "%(person)s observed %(done)s of the %(required)s lessons required in %(term)s, those with the inspectors' "
        "group included."
    ),
    "inspectors": _(
        "%(person)s, %(term)s: %(done)s lessons observed of %(required)s required, yet %(inspectors)s of them with "
        "the inspectors' group, which is more than all."
    ),
}


def detect(facts: Iterable[ObservationFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each teacher with fewer lessons than required; more by the inspectors than all contradict each other."""
    for row in facts:
        if row.done >= row.required or not counts(row, terms):
            continue
        is_contradicted = row.by_inspectors > row.done
        yield Suspicion(
            reason="inspectors" if is_contradicted else "fewer",
            parameters={
                "person": str(row.person),
                "term": row.term_name,
                "required": row.required,
                "done": row.done,
                "inspectors": row.by_inspectors,
            },
            happened_on=row.happened_on,
            rests_on=(row,),
            subject=row.person.subject,
            period=row.term,
            is_contradicted=is_contradicted,
        )


DETECTORS = (Detector("observations", source="observation", detect=detect, reasons=REASONS),)
