"""P2: items of the plan that lack a measure, a standard, an outcome or an incentive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.calculations.plans import empty_parts
from campaigns.enums import ItemPart
from campaigns.facts import ItemContent
from scoring.detectors.words import by_word
from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import PlanFacts, PlanText, label_of

ASKED = (ItemPart.MEASURE, ItemPart.STANDARD, ItemPart.OUTCOME, ItemPart.INCENTIVE)
PER_PLAN = "plan"  # of the threshold `per`: a part is charged once, however many items lack it


def detect(facts: PlanFacts, terms: Terms) -> Iterator[Suspicion]:
    """Yield each item with the parts it lacks; with `per` the plan, the parts that any of its items lacks."""
    latest = facts.latest
    if latest is None:
        return
    if terms.rule.thresholds["per"] == PER_PLAN:
        yield from _of_plan(facts, latest, terms)
        return
    for item in latest.items:
        missing = _lacking(item)
        if missing:
            fact = facts.item_fact(item, latest)
            yield _suspicion(
                "item",
                missing,
                terms,
                latest,
                parameters={"title": item.title, "day": facts.item_since(item).isoformat()},
                happened_on=facts.item_since(item),
                subject=Subject(label_of(item.title)),
                record=fact.key,
                rests_on=(fact,),
            )


def _of_plan(facts: PlanFacts, latest: PlanText, terms: Terms) -> Iterator[Suspicion]:
    missing = _anywhere(latest)
    if not missing:
        return
    since = facts.since(lambda text: _anywhere(text) == missing)
    lacking = tuple(facts.item_fact(item, latest) for item in latest.items if _lacking(item))
    yield _suspicion(
        "plan",
        missing,
        terms,
        latest,
        parameters={"items": len(lacking), "day": since.submitted_on.isoformat()},
        happened_on=since.submitted_on,
        subject=Subject(label_of(latest.title)),
        record=f"plan:{facts.uuid}",
        rests_on=lacking,
    )


def _suspicion(
    reason: str, missing: tuple[str, ...], terms: Terms, latest: PlanText, *, parameters: dict[str, Any], **values: Any
) -> Suspicion:
    return Suspicion(
        reason=by_word(reason, latest.word),
        parameters=parameters | {"parts": list(missing), "file": latest.word.name if latest.word else ""},
        quantity=min(len(missing), terms.rule.maximum),
        silence=RecordKind.PLAN if latest.word else None,
        **values,
    )


def _lacking(item: ItemContent) -> tuple[str, ...]:
    return tuple(part.value for part in empty_parts(item) if part in ASKED)


def _anywhere(text: PlanText) -> tuple[str, ...]:
    found = {part for item in text.items for part in _lacking(item)}
    return tuple(part.value for part in ASKED if part.value in found)


DETECTORS = (
    Detector(
        name="plan-item-parts",
        source="plan",
        detect=detect,
        thresholds=("per",),
        reasons={
            "item": _("Item “%(title)s” of the plan submitted on %(day)s lacks: %(parts)s."),
            "item-word": _(
                "Item “%(title)s” of the plan submitted on %(day)s lacks on the portal: %(parts)s. The official text "
                "is the Word file “%(file)s”."
            ),
            "plan": _("In %(items)s items of the plan submitted on %(day)s is missing: %(parts)s."),
            "plan-word": _(
                "In %(items)s items of the plan submitted on %(day)s is missing on the portal: %(parts)s. The official "
                "text is the Word file “%(file)s”."
            ),
        },
        words={part.value: part.label for part in ASKED},
    ),
)
