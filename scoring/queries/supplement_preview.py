"""What a supplement would do: the lines it touches, and the rankings before and after, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Sum

from campaigns.actors import Actor
from campaigns.models import Campaign
from scoring.calculations import ZERO, apply_tiers
from scoring.facts import RuleSum
from scoring.facts.results import BlockRanking, Ranking
from scoring.models import Deduction, Rule, Supplement
from scoring.queries.ranking import Key, rank_sums
from scoring.queries.reading import load_reading
from scoring.querysets import DeductionQuerySet

SHOWN = 200  # lines listed one by one
Lines = DeductionQuerySet[Deduction]


@dataclass(frozen=True)
class TouchedLine:
    """A waiting line that would be recorded again. Points are Decimal."""

    uuid: UUID
    department: str
    code: str
    happened_on: date
    quantity: int
    unit: str
    amount: Decimal
    amount_after: Decimal


@dataclass(frozen=True)
class PlaceMoved:
    """One department's place: as it stands, with every waiting line at today's price, and at the new one."""

    uuid: UUID
    department: str
    now: int
    total_now: Decimal
    before: int
    total_before: Decimal
    after: int
    total_after: Decimal

    @property
    def moves(self) -> bool:
        """Whether the new price gives it another place."""
        return self.before != self.after

    @property
    def up(self) -> bool:
        """Whether the place is a better one."""
        return self.after < self.before


@dataclass(frozen=True)
class BlockPreview:
    """The departments of a block in the order of the new price."""

    name: str
    rows: tuple[PlaceMoved, ...]

    @property
    def moved(self) -> int:
        """How many have another place."""
        return sum(row.moves for row in self.rows)


@dataclass(frozen=True)
class SupplementPreview:
    """The touched lines (at most as many as are shown, `touched` counts all) and the rankings.

    `kept` are confirmed lines of the same rules and days, which keep text and price; they came to `kept_amount`.
    """

    lines: tuple[TouchedLine, ...]
    touched: int
    amount: Decimal
    amount_after: Decimal
    kept: int
    kept_amount: Decimal
    blocks: tuple[BlockPreview, ...]

    @property
    def more(self) -> int:
        """How many touched lines are not shown."""
        return self.touched - len(self.lines)

    @property
    def moved(self) -> int:
        """How many departments have another place."""
        return sum(block.moved for block in self.blocks)


def preview_supplement(campaign: Campaign, supplement: Supplement, *, actor: Actor) -> SupplementPreview:
    """Return what adopting the draft would do, as far as the actor may know of it. Twenty queries at any size.

    Where the draft leaves waiting lines alone none is touched, and both prices give the same ranking. What waits
    against departments of the actor's interest is left out.
    """
    prices = {rule: points for rule, points in supplement.changes.values_list("rule_id", "points") if rule is not None}
    seen = Deduction.objects.visible_to(actor)
    same = seen.standing().filter(rule_id__in=prices, happened_on__gte=supplement.applies_from)
    touched = same.recorded() if supplement.rerecords else same.none()
    lines = _lines(touched, prices)
    kept = same.confirmed().order_by().aggregate(amount=Sum("amount"), lines=Count("pk"))
    rankings = _rank(campaign, seen, touched, prices)
    return SupplementPreview(
        lines=tuple(lines[:SHOWN]),
        touched=len(lines),
        amount=sum((line.amount for line in lines), ZERO),
        amount_after=sum((line.amount_after for line in lines), ZERO),
        kept=kept["lines"],
        kept_amount=kept["amount"] or ZERO,
        blocks=_side_by_side(*rankings),
    )


def _lines(touched: Lines, prices: Mapping[int, Decimal]) -> list[TouchedLine]:
    rows = touched.order_by("charged__order", "happened_on", "pk").values_list(
        "uuid", "charged__name", "rule__code", "happened_on", "quantity", "rule__unit", "amount", "rule_id"
    )
    return [TouchedLine(*row[:7], amount_after=prices[row[7]] * row[4]) for row in rows]


def _rank(
    campaign: Campaign, seen: Lines, touched: Lines, prices: Mapping[int, Decimal]
) -> tuple[Ranking, Ranking, Ranking]:
    """Return the ranking of confirmed lines, of all that stand as if confirmed, and of these at the new prices."""
    rules = {
        pk: (order, group)
        for pk, order, group in Rule.objects.filter(campaign=campaign).values_list("pk", "order", "exclusive_group")
    }
    successors = seen.recorded().filter(replaces_id=OuterRef("pk"))
    standing = seen.standing().filter(~Exists(successors))
    now = _sums(seen.confirmed(), rules)
    before = _sums(standing, rules)
    counted = touched.filter(~Exists(successors))
    after = {place: dict(of_place) for place, of_place in before.items()}
    units = counted.order_by().values_list("charged_id", "category_id", "rule_id")
    for department, category, rule, quantity, amount in units.annotate(units=Sum("quantity"), total=Sum("amount")):
        after[department, category][rule] += prices[rule] * quantity - amount
    reading = load_reading(campaign)

    def ranked(sums: Mapping[Key, Mapping[int, Decimal]]) -> Ranking:
        charged = {
            place: apply_tiers(RuleSum(rule, *rules[rule], amount) for rule, amount in of_place.items()).charged
            for place, of_place in sums.items()
        }
        return rank_sums(campaign, {place: (amount, ZERO) for place, amount in charged.items()}, reading=reading)

    return ranked(now), ranked(before), ranked(after)


def _sums(lines: Lines, rules: Mapping[int, tuple[int, str]]) -> dict[Key, dict[int, Decimal]]:
    sums: dict[Key, dict[int, Decimal]] = defaultdict(dict)
    rows = lines.order_by().values_list("charged_id", "category_id", "rule_id").annotate(total=Sum("amount"))
    for department, category, rule, amount in rows:
        sums[department, category][rule] = amount
    return sums


def _side_by_side(now: Ranking, before: Ranking, after: Ranking) -> tuple[BlockPreview, ...]:
    return tuple(_block(*blocks) for blocks in zip(now.blocks, before.blocks, after.blocks, strict=True))


def _block(now: BlockRanking, before: BlockRanking, after: BlockRanking) -> BlockPreview:
    places: Sequence[dict[UUID, tuple[int, Decimal]]] = [
        {row.uuid: (row.rank, row.total) for row in ranking.rows} for ranking in (now, before)
    ]
    return BlockPreview(
        after.name,
        tuple(
            PlaceMoved(row.uuid, row.department, *places[0][row.uuid], *places[1][row.uuid], row.rank, row.total)
            for row in after.rows
        ),
    )
