"""P1: items of the plan that an assessor has marked because their content or standard is not concrete."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from campaigns.enums import MarkReason
from scoring.detectors.marks import marked_items
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import PlanFacts, label_of


def detect(facts: PlanFacts, terms: Terms) -> Iterator[Suspicion]:
    """Yield each item of the version submitted last that says what it said when it was marked.

    What the assessor wrote is kept with the facts; the sentence, which the department reads too, leaves it out.
    """
    for item, marks in marked_items(facts, {MarkReason.NOT_CONCRETE}):
        yield Suspicion(
            reason="marked",
            parameters={"title": item.title, "day": marks[0].noted_on.isoformat()},
            happened_on=marks[0].submitted_on,
            subject=Subject(label_of(item.title)),
            record=item.key,
            rests_on=(item, *marks),
        )


DETECTORS = (
    Detector(
        name="plan-not-concrete",
        source="plan",
        detect=detect,
        reasons={
            "marked": _("Item “%(title)s” of the plan: on %(day)s the assessment team found it not concrete."),
        },
    ),
)
