"""A4, B3: contents of own policies that nothing carries out."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import PolicyItemFact, label_of


def detect(facts: tuple[PolicyItemFact, ...], terms: Terms) -> Iterator[Suspicion]:
    """Yield each content of each policy in force without measure and evidence, once the phase is over.

    A policy issued after the phase has its day of issue for it.
    """
    end = terms.phase_end
    if end is None:
        return
    for item in facts:
        due = max(end, item.issued_on)
        if terms.on > due and not item.measures and not item.evidence:
            yield Suspicion(
                reason="on-paper",
                parameters={"title": item.title, "content": item.text, "day": due.isoformat()},
                happened_on=due,
                subject=Subject(label_of(item.title, item.text)),
                record=item.key,
                rests_on=(item,),
                silence=RecordKind.POLICY,
            )


DETECTORS = (
    Detector(
        name="policy-measures",
        source="policies",
        detect=detect,
        thresholds=("phase",),
        reasons={
            "on-paper": _(
                "“%(title)s”, content “%(content)s”: by %(day)s there is neither a measure nor evidence of it."
            ),
        },
    ),
)
