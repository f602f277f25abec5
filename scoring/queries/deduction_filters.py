"""What the list of deductions can be filtered by, and the lines that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from campaigns.actors import Actor
from campaigns.models import Department
from scoring.enums import DeductionState, SubjectKind
from scoring.models import Category, Deduction, Rule
from scoring.querysets import DeductionQuerySet

Lines: TypeAlias = DeductionQuerySet[Deduction]


@dataclass(frozen=True)
class DeductionFilters:
    """What a reader wants to see of the list; everything empty shows all."""

    block: str = ""
    department: UUID | None = None
    category: str = ""
    rule: str = ""
    state: str = ""
    awaiting_me: bool = False
    text_only: bool = False
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class FilterChoices:
    """What the list can be filtered by."""

    departments: Sequence[Department]
    categories: Sequence[Category]
    rules: Sequence[tuple[str, str]]


def filter_choices(actor: Actor) -> FilterChoices:
    """Return departments the actor may filter by, categories, and rules with their labels. Three queries."""
    rules = Rule.objects.filter(campaign_id=actor.campaign_id, versions__number=1).order_by("order")
    return FilterChoices(
        departments=list(Department.objects.statement_visible_to(actor).select_related("block").order_by("order")),
        categories=list(Category.objects.filter(campaign_id=actor.campaign_id)),
        rules=list(rules.values_list("code", "versions__label")),
    )


def filtered(lines: Lines, actor: Actor, filters: DeductionFilters) -> Lines:
    """Return of these lines what is wanted."""
    if filters.awaiting_me:
        lines = lines.awaiting(actor)
    if filters.state == DeductionState.RECORDED:
        lines = lines.recorded()
    elif filters.state == DeductionState.CONFIRMED:
        lines = lines.confirmed()
    elif filters.state == DeductionState.WITHDRAWN:
        lines = lines.filter(withdrawn_at__isnull=False)
    if filters.first is not None:
        lines = lines.filter(happened_on__gte=filters.first)
    return _of_rules(_of_departments(lines, actor, filters), actor, filters).happened_by(filters.last)


def _of_departments(lines: Lines, actor: Actor, filters: DeductionFilters) -> Lines:
    departments = Department.objects.visible_to(actor)
    if filters.department is not None:
        return lines.filter(charged_id__in=_ids(departments.filter(uuid=filters.department)))
    if filters.block:
        return _among(lines, "charged_id", _ids(departments.filter(block__code=filters.block)))
    return lines


def _of_rules(lines: Lines, actor: Actor, filters: DeductionFilters) -> Lines:
    rules = Rule.objects.filter(campaign_id=actor.campaign_id)
    if filters.rule:
        lines = lines.filter(rule_id__in=_ids(rules.filter(code=filters.rule)))
    elif filters.category:
        categories = Category.objects.filter(campaign_id=actor.campaign_id, code=filters.category)
        lines = _among(lines, "category_id", _ids(categories))
    if filters.text_only:
        lines = lines.filter(subject_person__isnull=True, subject_class__isnull=True).exclude(subject_label="")
        lines = _among(lines, "rule_id", _ids(rules.exclude(subject__in=[SubjectKind.NONE, SubjectKind.MONTH])))
    return lines


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True))


def _among(lines: Lines, column: str, ids: list[int]) -> Lines:
    """Keep the lines with one of many ids, without an index of that column: the ledger is read in its own order."""
    read = {f"{column}_read": Coalesce(column, Value(0))}
    among: Lines = lines.alias(**read).filter(**{f"{column}_read__in": ids})
    return among
