"""P5: items of the plan that show neither service of their own accord nor cooperation."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from campaigns.calculations.plans import empty_parts
from campaigns.enums import ItemPart
from scoring.detectors.words import by_word
from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import PlanFacts, label_of


def detect(facts: PlanFacts, terms: Terms) -> Iterator[Suspicion]:
    """Yield each item that says nothing of service and names no cooperating department."""
    latest = facts.latest
    for item in latest.items if latest is not None else ():
        if latest is None or item.cooperating or ItemPart.SERVICE not in empty_parts(item):
            continue
        fact, since = facts.item_fact(item, latest), facts.item_since(item)
        yield Suspicion(
            reason=by_word("no-service", latest.word),
            parameters={
                "title": item.title,
                "day": since.isoformat(),
                "file": latest.word.name if latest.word else "",
            },
            happened_on=since,
            subject=Subject(label_of(item.title)),
            record=fact.key,
            rests_on=(fact,),
            silence=RecordKind.PLAN if latest.word else None,
        )


DETECTORS = (
    Detector(
        name="plan-service",
        source="plan",
        detect=detect,
        reasons={
            "no-service": _(
                "Item “%(title)s” of the plan submitted on %(day)s says nothing of service and names no cooperating "
                "department."
            ),
            "no-service-word": _(
                "Item “%(title)s” of the plan submitted on %(day)s says on the portal nothing of service and names no "
                "cooperating department. The official text is the Word file “%(file)s”."
            ),
        },
    ),
)
