"""P4: items whose standard an assessor has marked as below the quality system's, or changed without review."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from campaigns.enums import MarkReason
from scoring.detectors.marks import marked_items
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import PlanFacts, label_of

GROUNDS = {MarkReason.BELOW_STANDARD, MarkReason.CHANGED_UNREVIEWED}


def detect(facts: PlanFacts, terms: Terms) -> Iterator[Suspicion]:
    """Yield each item marked on one ground or both, once; a change whose review was found is none."""
    for item, marks in marked_items(facts, GROUNDS):
        grounds = {mark.reason for mark in marks}
        yield Suspicion(
            reason=marks[0].reason if len(grounds) == 1 else "both",
            parameters={"title": item.title, "day": marks[0].noted_on.isoformat()},
            happened_on=marks[0].submitted_on,
            subject=Subject(label_of(item.title)),
            record=item.key,
            rests_on=(item, *marks),
        )


DETECTORS = (
    Detector(
        name="plan-standards",
        source="plan",
        detect=detect,
        reasons={
            "below-standard": _(
                "Item “%(title)s” of the plan: on %(day)s the assessment team found its standard below the quality "
                "system's."
            ),
            "changed-unreviewed": _(
                "Item “%(title)s” of the plan: on %(day)s the assessment team found its standard changed without "
                "management review."
            ),
            "both": _(
                "Item “%(title)s” of the plan: on %(day)s the assessment team found its standard below the quality "
                "system's, and changed without management review."
            ),
        },
    ),
)
