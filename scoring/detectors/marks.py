"""Which items of a plan stand marked by assessors (P1, P4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from campaigns.facts import ItemContent
from qualityseason.text import squeeze
from scoring.facts.papers import ItemFact, MarkFact, PlanFacts


def marked_items(facts: PlanFacts, reasons: Collection[str]) -> Iterator[tuple[ItemFact, tuple[MarkFact, ...]]]:
    """Yield items of the version submitted last with the marks for these reasons, the first mark first.

    An item that was rewritten since it was marked is left out until it is marked again, and so is one for whose changed
    standard a management review was found.
    """
    latest = facts.latest
    for item in latest.items if latest is not None else ():
        marks = [
            mark
            for mark in facts.marks
            if mark.item is not None
            and mark.item.uuid == item.uuid
            and mark.reason in reasons
            and mark.reviewed_on is None
            and _said(mark.item) == _said(item)
        ]
        if marks and latest is not None:
            marks.sort(key=lambda mark: (mark.version, mark.noted_on, mark.reason))
            yield facts.item_fact(item, latest), tuple(marks)


def _said(item: ItemContent) -> tuple[str, ...]:
    """Return what an item says of content and standard in one spelling; its place, duties and partners don't matter."""
    texts = (
        item.title,
        item.measure,
        item.standard,
        item.outcome,
        item.incentive,
        item.service,
        item.responsible,
        item.due,
        item.quality_document,
    )
    return tuple(squeeze(text) for text in texts)
