"""A1, B1: duties without any record that they were carried out once the implementation is over."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import Duty


def detect(facts: tuple[Duty, ...], terms: Terms) -> Iterator[Suspicion]:
    """Yield each standing duty without evidence of its own or of an item that serves it, once the phase has ended."""
    due = terms.phase_end
    if due is None or terms.on <= due:
        return
    for duty in facts:
        if not duty.is_recorded:
            yield Suspicion(
                reason="no-record",
                parameters={"duty": duty.label, "day": due.isoformat()},
                happened_on=due,
                subject=Subject(duty.label),
                record=duty.key,
                rests_on=(duty,),
                silence=RecordKind.EVIDENCE,
            )


DETECTORS = (
    Detector(
        name="duty-records",
        source="duties",
        detect=detect,
        thresholds=("phase",),
        reasons={
            "no-record": _("Duty “%(duty)s”: by %(day)s there is no evidence of it, nor of an item that serves it."),
        },
    ),
)
