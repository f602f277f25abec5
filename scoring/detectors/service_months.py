"""Months without service work in another department (A2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.tasks import ServiceMonthFact

MISSING = "no-service"


def detect(facts: Sequence[ServiceMonthFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each month owed in which no service work stands, once its last day is over; written down late is done."""
    for month in facts:
        if month.is_served or terms.on <= month.deadline:
            continue
        yield Suspicion(
            reason=MISSING,
            parameters={"month": month.month, "day": month.deadline.isoformat()},
            happened_on=month.deadline,
            rests_on=(month,),
            period=month.month,
            silence=RecordKind.SERVICE,
        )


REASONS = {
    MISSING: _("No service work in another department is written down for %(month)s; the last day for it was %(day)s."),
}
DETECTORS = (Detector("service-months", source="service", detect=detect, reasons=REASONS),)
