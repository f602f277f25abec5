"""What the recording page shows: the rules of a department's block by category, one rule in full, and the effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from campaigns.actors import Actor
from campaigns.models import Block, Campaign, Department
from campaigns.queries.people import ShortDepartment, short_departments
from scoring.calculations import ZERO, apply_tiers, floor_excess
from scoring.facts import RuleSum
from scoring.models import Category, Deduction, Rule, Rulebook, RuleVersion, Tally
from scoring.queries.interpretations import StandingInterpretation, interpretations_of
from scoring.queries.pending import Pending, pending_of
from scoring.queries.reading import load_reading


@dataclass(frozen=True)
class PricedRule:
    """A rule with the version in force on a day. Points are Decimal."""

    rule: Rule
    version: RuleVersion

    @property
    def code(self) -> str:
        """The label of the line."""
        return self.rule.code

    @property
    def label(self) -> str:
        """The short name of what is charged."""
        return self.version.label

    @property
    def points(self) -> Decimal:
        """The price of one unit."""
        price: Decimal = self.version.points
        return price

    @property
    def unit(self) -> str:
        """The unit as printed, '' where there is none."""
        return self.rule.unit


@dataclass(frozen=True)
class RuleGroup:
    """The rules of one category, in printed order."""

    category: Category
    rules: tuple[PricedRule, ...]


@dataclass(frozen=True)
class RuleReading:
    """What stands beside a clause: remarks of its list, our reading, flaws of the source, and interpretations."""

    remarks: tuple[str, ...]
    readings: tuple[str, ...]
    flaws: tuple[str, ...]
    interpretations: tuple[StandingInterpretation, ...] = ()


@dataclass(frozen=True)
class Effect:
    """What a line would do to a department's category. Points are Decimal.

    ``left`` is what the category keeps now, ``left_after`` what it would keep once the line is confirmed; pending
    lines are not in either. ``absorbed_by`` names the heavier line of the exclusive group, ``beyond_floor`` is how
    much of the line changes nothing because the category is down to zero.
    """

    category: str
    full: Decimal
    charged: Decimal
    pending: Decimal
    amount: Decimal
    left: Decimal
    left_after: Decimal
    absorbed_by: str
    beyond_floor: Decimal


@dataclass(frozen=True)
class BlockChoice:
    """The departments of a block that may be chosen."""

    block: Block
    departments: tuple[Department, ...]


def departments_to_charge(actor: Actor) -> list[BlockChoice]:
    """Return the departments by block without those the actor has an interest in. One query."""
    departments = Department.objects.visible_to(actor).exclude(pk__in=actor.interests)
    blocks: dict[Block, list[Department]] = defaultdict(list)
    for department in departments.select_related("block").order_by("block__order", "order"):
        blocks[department.block].append(department)
    return [BlockChoice(block, tuple(members)) for block, members in blocks.items()]


def rules_in_force(campaign: Campaign, *, on: date) -> list[PricedRule]:
    """Return every rule of the campaign with text and price as on that day, in printed order. One query."""
    versions = (
        RuleVersion.objects.in_force(on=on)
        .filter(rule__campaign=campaign)
        .select_related("rule__category", "rule__block")
        .order_by("rule__category__order", "rule__order")
    )
    return [PricedRule(version.rule, version) for version in versions]


def group_rules(rules: Iterable[PricedRule], *, block_id: int) -> list[RuleGroup]:
    """Return the common rules and those of the block by category."""
    groups: dict[Category, list[PricedRule]] = defaultdict(list)
    for priced in rules:
        if priced.rule.block_id in (None, block_id):
            groups[priced.rule.category].append(priced)
    return [RuleGroup(category, tuple(members)) for category, members in groups.items()]


def find_rule(rules: Iterable[PricedRule], code: str) -> PricedRule | None:
    """Return the rule so labelled."""
    return next((priced for priced in rules if priced.code == code), None)


def find_twin(rules: Iterable[PricedRule], priced: PricedRule, *, block_id: int) -> PricedRule | None:
    """Return the line of the same family in another block, or None where there is none."""
    family = priced.rule.family
    return next((one for one in rules if one.rule.family == family and one.rule.block_id == block_id), None)


def read_rule(campaign: Campaign, rule: Rule, *, block: Block, on: date) -> RuleReading:
    """Return what belongs to a rule for a department of this block and a fact of that day. Two queries."""
    book = Rulebook.objects.filter(campaign=campaign).first()
    if book is None:
        return RuleReading((), (), ())
    return RuleReading(
        remarks=tuple(
            remark["text"]
            for remark in book.remarks
            if remark["category"] == rule.category.code and remark["block"] in ("", block.code)
        ),
        readings=tuple(reading["text"] for reading in book.readings if rule.code in reading["rules"]),
        flaws=tuple(flaw["text"] for flaw in book.flaws if flaw["where"] == rule.code),
        interpretations=interpretations_of(campaign, [rule.pk], on=on).get(rule.pk, ()),
    )


def short_of(actor: Actor, department: Department, *, on: date) -> ShortDepartment | None:
    """Return who may still act for the department when they are fewer than two, to those of the team or above it.

    Five queries, none for others.
    """
    if not actor.oversees or actor.is_interested_in(department.pk):
        return None
    short = short_departments(department.campaign_id, on=on)
    return next((one for one in short if one.name == department.name), None)


def effect_of(actor: Actor, department: Department, rule: Rule, *, points: Decimal, quantity: int) -> Effect:
    """Return what a line of this rule would do to the department's tally, as the actor may know it.

    Three queries, one more for who has an interest, and one where benchmarks count.
    """
    reading = load_reading(department.campaign_id)
    place = {"block_id": department.block_id, "category_id": rule.category_id}
    amount = points * quantity
    tallies = Tally.objects.filter(department=department, category_id=rule.category_id)
    pending = pending_of(actor, list(tallies)).get((department.pk, rule.category_id), Pending())
    sums = _sums_of(department, rule)
    before = apply_tiers(sums.values())
    own = sums.get(rule.pk, RuleSum(rule.pk, rule.order, rule.exclusive_group, ZERO))
    sums[rule.pk] = RuleSum(rule.pk, rule.order, rule.exclusive_group, own.amount + amount)
    after = apply_tiers(sums.values())
    full = rule.category.full
    return Effect(
        category=rule.category.name,
        full=full,
        charged=before.charged,
        pending=pending.amount,
        amount=amount,
        left=reading.score(full, before.charged, **place),
        left_after=reading.score(full, after.charged, **place),
        absorbed_by="" if rule.pk in after.counting else _heavier(sums.values(), rule, after.counting),
        beyond_floor=floor_excess(full, after.charged) - floor_excess(full, before.charged),
    )


def _sums_of(department: Department, rule: Rule) -> dict[int, RuleSum]:
    rows = (
        Deduction.objects.confirmed()
        .filter(charged=department, category_id=rule.category_id)
        .order_by()
        .values_list("rule_id", "rule__order", "rule__exclusive_group")
        .annotate(total=Sum("amount"))
    )
    return {row[0]: RuleSum(*row) for row in rows}


def _heavier(sums: Iterable[RuleSum], rule: Rule, counting: frozenset[int]) -> str:
    ids = [item.rule_id for item in sums if item.group == rule.exclusive_group and item.rule_id in counting]
    return Rule.objects.filter(pk__in=ids).values_list("code", flat=True).first() or ""
