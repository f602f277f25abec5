"""Persons a problem concerns, of whom one of the three parts is missing (A13, B15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.tasks import ProblemPersonFact

MISSING = "parts-missing"
WORDS = {
    "handling": _("Handled by the rules"),
    "counselling": _("Counselled"),
    "teaching": _("Used to teach others"),
}


def detect(facts: Sequence[ProblemPersonFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each person not handled by the rules, not counselled, or not used to teach others by the problem's day."""
    for one in facts:
        parts = _missing(one)
        if not parts or terms.on <= one.deadline:
            continue
        if one.person is not None and one.person.category in terms.rule.exempt:
            continue
        yield Suspicion(
            reason=MISSING,
            parameters={
                "person": one.label,
                "title": one.title,
                "day": one.deadline.isoformat(),
                "parts": parts,
            },
            happened_on=one.deadline,
            rests_on=(one,),
            subject=one.person.subject if one.person is not None else Subject(label=one.label),
            record=one.key,
            silence=RecordKind.PROBLEM,
        )


def _missing(one: ProblemPersonFact) -> list[str]:
    done = (one.is_handled, one.is_counselled, one.is_taught)
    return [part for part, is_done in zip(WORDS, done, strict=True) if not is_done]


REASONS = {
    MISSING: _("For %(person)s, in the problem “%(title)s”, this was not written down by %(day)s: %(parts)s."),
}
DETECTORS = (Detector("three-parts", source="problem-persons", detect=detect, reasons=REASONS, words=WORDS),)
