"""Teachers who did not do the teaching workload of a term (A5, B5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from scoring.detectors.registers import counts
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.registers import WorkloadFact

REASONS = {
    "less": _("%(person)s did %(done)s of the %(required)s hours required in %(term)s, lectures included."),
    "lectures": _(
        "%(person)s, %(term)s: %(done)s hours done of %(required)s required, yet %(lectures)s hours of lectures "
        "among them, which is more than all."
    ),
}


def detect(facts: Iterable[WorkloadFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each teacher with fewer hours done than required; more lectures than hours contradict each other."""
    for row in facts:
        if row.done >= row.required or not counts(row, terms):
            continue
        is_contradicted = row.lectures > row.done
        yield Suspicion(
            reason="lectures" if is_contradicted else "less",
            parameters={
                "person": str(row.person),
                "term": row.term_name,
                "required": str(row.required),
                "done": str(row.done),
                "lectures": str(row.lectures),
            },
            happened_on=row.happened_on,
            rests_on=(row,),
            subject=row.person.subject,
            period=row.term,
            is_contradicted=is_contradicted,
        )


DETECTORS = (Detector("workload", source="workload", detect=detect, reasons=REASONS),)
