"""What a plan or summary lacks while it is written: for its writers' page and before it is submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from campaigns.calculations.plans import empty_parts, uncovered
from campaigns.enums import ItemPart
from campaigns.facts.plans import ItemContent
from campaigns.models import Duty, Plan, PlanItem, Suggestion, Summary
from campaigns.models.any_paper import AnyPaper, AnyPart
from campaigns.queries.paper_content import duty_label


@dataclass(frozen=True)
class DutyGap:
    """A duty no item serves."""

    uuid: UUID
    label: str


@dataclass(frozen=True)
class ItemGap:
    """An item with empty parts, or (`parts` empty) one that serves no duty."""

    uuid: UUID
    number: int
    title: str
    parts: tuple[ItemPart, ...] = ()


@dataclass(frozen=True)
class PartGap:
    """A part of prose the season asks for that is empty."""

    uuid: UUID
    title: str


@dataclass(frozen=True)
class SuggestionGap:
    """A suggestion of a study session neither taken into the plan nor answered."""

    uuid: UUID
    text: str
    made_by: str


@dataclass(frozen=True)
class Gaps:
    """What a text lacks while it is written. ``unchecked``: it is a Word text not split into items, so that duties,
    items and parts could not be looked at. ``duties_known``: the department has duties to be held against."""

    duties: tuple[DutyGap, ...] = ()
    items: tuple[ItemGap, ...] = ()
    parts: tuple[PartGap, ...] = ()
    suggestions: tuple[SuggestionGap, ...] = ()
    without_duty: tuple[ItemGap, ...] = ()
    has_items: bool = True
    unchecked: bool = False
    duties_known: bool = True

    @property
    def count(self) -> int:
        """How much is missing; items without a duty are only a hint and don't count."""
        nothing = not self.has_items and not self.unchecked
        return len(self.duties) + len(self.items) + len(self.parts) + len(self.suggestions) + nothing


def paper_gaps(paper: AnyPaper) -> Gaps:
    """Return what the text lacks; five queries for a plan, one for a summary, whatever its length."""
    return plan_gaps(paper) if isinstance(paper, Plan) else summary_gaps(paper, list(paper.parts.all()))


def summary_gaps(summary: Summary, parts: Sequence[AnyPart]) -> Gaps:
    """Return what a summary or material with these parts lacks: empty ones of those the season asks for."""
    if summary.word_file_id and not any(part.text.strip() for part in parts):
        return Gaps(unchecked=bool(parts))
    return Gaps(parts=_empty_ones(parts))


def plan_gaps(plan: Plan) -> Gaps:
    """Return what the plan lacks; five queries, whatever its length."""
    parts = list(plan.parts.all())
    items = list(PlanItem.objects.filter(plan=plan, removed_at__isnull=True).prefetch_related("duties"))
    return gaps_of(plan, parts, [_item_content(item, number) for number, item in enumerate(items, start=1)])


def gaps_of(plan: Plan, parts: Sequence[AnyPart], items: Sequence[ItemContent]) -> Gaps:
    """Return what a plan with these parts and items lacks; two queries."""
    current = Duty.objects.filter(department_id=plan.department_id, ended_at__isnull=True).order_by("id")
    duties = {duty_label(duty): duty.uuid for duty in current}
    waiting = Suggestion.objects.filter(
        Q(item__isnull=True) | Q(item__removed_at__isnull=False),
        session__department_id=plan.department_id,
        session__cancelled_at__isnull=True,
        answer="",
    )
    suggestions = tuple(
        SuggestionGap(uuid=suggestion.uuid, text=suggestion.text, made_by=suggestion.made_by) for suggestion in waiting
    )
    if plan.word_file_id and not items:
        return Gaps(suggestions=suggestions, has_items=False, unchecked=True, duties_known=bool(duties))
    return Gaps(
        duties=tuple(DutyGap(uuid=duties[label], label=label) for label in uncovered(duties, items)),
        items=tuple(
            ItemGap(uuid=UUID(item.uuid), number=item.number, title=item.title, parts=missing)
            for item in items
            if (missing := empty_parts(item))
        ),
        parts=_empty_ones(parts),
        suggestions=suggestions,
        without_duty=tuple(
            ItemGap(uuid=UUID(item.uuid), number=item.number, title=item.title)
            for item in items
            if duties and not item.duties
        ),
        has_items=bool(items),
        duties_known=bool(duties),
    )


def _empty_ones(parts: Sequence[AnyPart]) -> tuple[PartGap, ...]:
    return tuple(PartGap(uuid=part.uuid, title=part.title) for part in parts if part.code and not part.text.strip())


def _item_content(item: PlanItem, number: int) -> ItemContent:
    """Return an item as content without its cooperating departments, which no gap asks for."""
    return ItemContent(
        uuid=str(item.uuid),
        number=number,
        title=item.title,
        **{part.value: getattr(item, part.value) for part in ItemPart},
        duties=tuple(duty_label(duty) for duty in item.duties.all()),
    )
