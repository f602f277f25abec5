"""The ranking of each block, from stored tallies now or from the ledger as of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import ExpressionWrapper, F, IntegerField, Sum

from campaigns.actors import Actor
from campaigns.models import Block, Campaign, Department
from qualityseason.fields import from_hundredths
from scoring.calculations import ZERO, apply_tiers, ranks, score
from scoring.facts import RuleSum
from scoring.models import Category, Deduction, Rule, Rulebook, Tally

Key = tuple[int, int]
CHARGED = ExpressionWrapper(F("charged"), output_field=IntegerField())  # in hundredths
PENDING = ExpressionWrapper(F("pending"), output_field=IntegerField())


@dataclass(frozen=True)
class CategoryColumn:
    """A category as a column: full mark in points."""

    id: int
    code: str
    name: str
    full: Decimal


@dataclass(frozen=True)
class RankingRow:
    """One department's place. Scores and charged sums follow the ranking's categories.

    `pending` is None where it may not be seen, and as of a day.
    """

    rank: int
    department_id: int
    uuid: UUID
    department: str
    scores: tuple[Decimal, ...]
    charged: tuple[Decimal, ...]
    total: Decimal
    pending: Decimal | None


@dataclass(frozen=True)
class BlockRanking:
    """The departments of one block, best first; equal totals share a rank and stand in the scheme's order."""

    code: str
    name: str
    rows: tuple[RankingRow, ...]


@dataclass(frozen=True)
class Ranking:
    """The ranking of all blocks on one basis; `as_of` is None for the ledger as it stands."""

    basis: str
    as_of: date | None
    categories: tuple[CategoryColumn, ...]
    blocks: tuple[BlockRanking, ...]

    @property
    def full(self) -> Decimal:
        """The sum of the full marks (100 in the scheme)."""
        return sum((category.full for category in self.categories), ZERO)


def load_categories(campaign: Campaign) -> tuple[CategoryColumn, ...]:
    """Return the campaign's categories in order."""
    rows = Category.objects.filter(campaign=campaign).order_by("order").values_list("pk", "code", "name", "full")
    return tuple(CategoryColumn(*row) for row in rows)


def load_ranking(campaign: Campaign, *, actor: Actor | None = None, as_of: date | None = None) -> Ranking:
    """Return the ranking. Five queries at any size, one more as of a day or for an interest.

    As of a day, lines whose fact happened by that day and that stand now count, and nothing is called pending. What is
    pending for a department the actor has an interest in is left out, as is what was found there against others.
    """
    basis = Rulebook.objects.filter(campaign=campaign).values_list("basis", flat=True).get()
    categories = load_categories(campaign)
    sums = _tallied(campaign) if as_of is None else _summed(campaign, as_of)
    if as_of is None and actor is not None and actor.interests:
        _leave_out_unseen(sums, actor)
    hidden = actor.interests if actor is not None else frozenset()
    departments: dict[int, list[tuple[int, UUID, str]]] = defaultdict(list)
    for pk, uuid, name, block_id in (
        Department.objects.filter(campaign=campaign).order_by("order").values_list("pk", "uuid", "name", "block_id")
    ):
        departments[block_id].append((pk, uuid, name))
    blocks = tuple(
        BlockRanking(code, name, tuple(_rank(departments[pk], categories, sums, basis, hidden, as_of)))
        for pk, code, name in Block.objects.filter(campaign=campaign)
        .order_by("order")
        .values_list("pk", "code", "name")
    )
    return Ranking(basis, as_of, categories, blocks)


def _rank(
    departments: list[tuple[int, UUID, str]],
    categories: tuple[CategoryColumn, ...],
    sums: dict[Key, tuple[Decimal, Decimal]],
    basis: str,
    hidden: frozenset[int],
    as_of: date | None,
) -> Iterator[RankingRow]:
    none = (ZERO, ZERO)
    drafts = []
    met: dict[tuple[int, Decimal], Decimal] = {}  # of a thousand departments many lost the same

    def score_of(category: CategoryColumn, amount: Decimal) -> Decimal:
        known = met.get((category.id, amount))
        if known is None:
            known = met[category.id, amount] = score(category.full, amount, basis=basis)
        return known

    for pk, uuid, name in departments:
        entries = [sums.get((pk, category.id), none) for category in categories]
        charged = tuple([entry[0] for entry in entries])
        scores = tuple([score_of(category, amount) for category, amount in zip(categories, charged, strict=True)])
        pending = None if pk in hidden or as_of is not None else sum([entry[1] for entry in entries], ZERO)
        drafts.append((pk, uuid, name, scores, charged, sum(scores, ZERO), pending))
    places = ranks([draft[5] for draft in drafts])
    for place, draft in sorted(zip(places, drafts, strict=True), key=lambda pair: pair[0]):
        yield RankingRow(place, *draft)


def _tallied(campaign: Campaign) -> dict[Key, tuple[Decimal, Decimal]]:
    """Read hundredths as they are stored: making each of some thousand Decimals anew is what would take the time."""
    rows = Tally.objects.filter(campaign=campaign).values_list("department_id", "category_id", CHARGED, PENDING)
    met: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    sums: dict[Key, tuple[Decimal, Decimal]] = {}
    for department, category, charged, pending in rows:
        both = met.get((charged, pending))
        if both is None:
            both = met[charged, pending] = from_hundredths(charged), from_hundredths(pending)
        sums[department, category] = both
    return sums


def _leave_out_unseen(sums: dict[Key, tuple[Decimal, Decimal]], actor: Actor) -> None:
    """Take off what waits against others but was found while visiting a department of the actor's interest."""
    unseen = Deduction.objects.of_campaign(actor).recorded().filter(visited_id__in=actor.interests).order_by()
    for department, category, amount in unseen.values_list("charged_id", "category_id").annotate(amount=Sum("amount")):
        charged, pending = sums[department, category]
        sums[department, category] = (charged, pending - amount)


def _summed(campaign: Campaign, as_of: date) -> dict[Key, tuple[Decimal, Decimal]]:
    sums = sum_rules(campaign, as_of=as_of)
    return {key: (apply_tiers(rules).charged, ZERO) for key, rules in sums.items()}


def sum_rules(campaign: Campaign, *, as_of: date | None) -> dict[Key, list[RuleSum]]:
    """Return by (department, category) what each rule's confirmed lines come to. Two queries."""
    rules = {
        pk: (order, group)
        for pk, order, group in Rule.objects.filter(campaign=campaign).values_list("pk", "order", "exclusive_group")
    }
    lines = Deduction.objects.filter(campaign=campaign).confirmed().happened_by(as_of).order_by()
    sums: dict[Key, list[RuleSum]] = defaultdict(list)
    for department, category, rule, amount in lines.values_list("charged_id", "category_id", "rule_id").annotate(
        amount=Sum("amount")
    ):
        sums[department, category].append(RuleSum(rule, *rules[rule], amount))
    return sums
