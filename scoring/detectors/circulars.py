"""Circulars not relayed, or not carried out, by their day (A9, B11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.tasks import CircularFact

NEITHER, NOT_RELAYED, NOT_CARRIED_OUT = "neither", "not-relayed", "not-carried-out"


def detect(facts: Sequence[CircularFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each circular of which relay or execution is not written down once its last day is over."""
    for circular in facts:
        reason = _lacks(circular)
        if not reason or terms.on <= circular.deadline:
            continue
        yield Suspicion(
            reason=reason,
            parameters={"title": circular.title, "day": circular.deadline.isoformat()},
            happened_on=circular.deadline,
            rests_on=(circular,),
            subject=Subject(label=circular.title),
            record=circular.key,
            silence=RecordKind.CIRCULAR,
        )


def _lacks(circular: CircularFact) -> str:
    if circular.relayed_on is None:
        return NOT_RELAYED if circular.carried_out_on else NEITHER
    return "" if circular.carried_out_on else NOT_CARRIED_OUT


REASONS = {
    NEITHER: _("“%(title)s” was neither relayed nor carried out by %(day)s."),
    NOT_RELAYED: _("“%(title)s” was carried out, but relayed to nobody by %(day)s."),
    NOT_CARRIED_OUT: _("“%(title)s” was relayed, but not carried out by %(day)s."),
}
DETECTORS = (Detector("circulars", source="circulars", detect=detect, reasons=REASONS),)
