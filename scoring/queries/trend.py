"""How a department's score has come about, week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Sum

from campaigns.models import Campaign, Department, Phase
from scoring.calculations import ZERO, apply_tiers
from scoring.facts import RuleSum
from scoring.facts.results import CategoryColumn
from scoring.models import Deduction
from scoring.queries.ranking import load_categories
from scoring.queries.reading import Reading, load_reading

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class TrendPoint:
    """The scores by category as of the end of a day; `lines` are the confirmed lines of facts since the point before,
    `starts_on` the first of those days.
    """

    starts_on: date
    on: date
    scores: tuple[Decimal, ...]
    total: Decimal
    lines: int


@dataclass(frozen=True)
class PhaseEnd:
    """The last day of a phase."""

    name: str
    on: date


@dataclass(frozen=True)
class Trend:
    """A department's scores at the end of each week, the last point being the day asked for.

    Only confirmed lines that stand now count, each from the day of its fact on.
    """

    uuid: UUID
    department: str
    block: str
    basis: str
    full: Decimal
    categories: tuple[CategoryColumn, ...]
    points: tuple[TrendPoint, ...]
    phases: tuple[PhaseEnd, ...]


def load_trend(department: Department, *, on: date) -> Trend:
    """Return the trend up to that day. Four queries at any size, five with benchmarks."""
    campaign = department.campaign
    last = max(campaign.facts_from, min(on, campaign.facts_until))
    categories, reading = load_categories(campaign), load_reading(campaign)
    lines = Deduction.objects.confirmed().filter(charged=department).happened_by(last).order_by()
    by_rule = lines.values_list("happened_on", "category_id", "rule_id", "rule__order", "rule__exclusive_group")
    happened: dict[date, list[tuple[int, RuleSum, int]]] = defaultdict(list)
    for day, category, rule, order, group, amount, number in by_rule.annotate(amount=Sum("amount"), number=Count("pk")):
        happened[day].append((category, RuleSum(rule, order, group, amount), number))
    return Trend(
        department.uuid,
        department.name,
        department.block.name,
        reading.basis,
        sum((category.full for category in categories), ZERO),
        categories,
        points=_points(campaign.facts_from, last, happened, categories, reading, department.block_id),
        phases=phase_ends(campaign, on=last),
    )


def phase_ends(campaign: Campaign, *, on: date) -> tuple[PhaseEnd, ...]:
    """Return the ends of the phases that are over by that day or end on it. One query."""
    rows = Phase.objects.filter(campaign=campaign, ends_on__lte=on).order_by("ends_on", "number")
    return tuple(PhaseEnd(name, ends_on) for name, ends_on in rows.values_list("name", "ends_on"))


def _points(
    first: date,
    last: date,
    happened: Mapping[date, list[tuple[int, RuleSum, int]]],
    categories: tuple[CategoryColumn, ...],
    reading: Reading,
    block_id: int,
) -> tuple[TrendPoint, ...]:
    """Go once through the days in order, and once through the rules charged so far at the end of each week."""
    sums: dict[int, dict[int, RuleSum]] = defaultdict(dict)
    days, found = sorted(happened), []
    starts_on, place = first, 0
    while starts_on <= last:
        ends_on, lines = min(starts_on + WEEK - timedelta(days=1), last), 0
        while place < len(days) and days[place] <= ends_on:
            for category_id, item, number in happened[days[place]]:
                _put(sums[category_id], item)
                lines += number
            place += 1
        scores = tuple(
            reading.score(
                category.full,
                apply_tiers(sums[category.id].values()).charged,
                block_id=block_id,
                category_id=category.id,
            )
            for category in categories
        )
        found.append(TrendPoint(starts_on, ends_on, scores, sum(scores, ZERO), lines))
        starts_on = ends_on + timedelta(days=1)
    return tuple(found)


def _put(sums: dict[int, RuleSum], item: RuleSum) -> None:
    before = sums.get(item.rule_id)
    amount = item.amount if before is None else before.amount + item.amount
    sums[item.rule_id] = RuleSum(item.rule_id, item.order, item.group, amount)
