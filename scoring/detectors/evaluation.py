"""Teachers whom students evaluate below a mark (A6, B6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from scoring.detectors.registers import counts
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.registers import EvaluationFact

REASONS = {"low": _("%(person)s: the students' mark in %(term)s is %(score)s, below %(below)s.")}


def detect(facts: Iterable[EvaluationFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each teacher with a mark strictly below the threshold."""
    below = Decimal(str(terms.rule.thresholds["score_below"]))
    for row in facts:
        if row.score >= below or not counts(row, terms):
            continue
        yield Suspicion(
            reason="low",
            parameters={
                "person": str(row.person),
                "term": row.term_name,
                "score": str(row.score),
                "below": str(below),
            },
            happened_on=row.happened_on,
            rests_on=(row,),
            subject=row.person.subject,
            period=row.term,
        )


DETECTORS = (Detector("evaluation", source="evaluation", detect=detect, reasons=REASONS, thresholds=("score_below",)),)
