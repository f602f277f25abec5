"""The ranking of each block, from stored tallies now or from the ledger as of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import ExpressionWrapper, F, IntegerField, Sum

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Block, Campaign, Decision, Department
from qualityseason.fields import from_hundredths
from scoring.calculations import ZERO, apply_tiers, places
from scoring.facts import RuleSum
from scoring.facts.results import BlockRanking, CategoryColumn, DecidedTie, Ranking, RankingRow
from scoring.models import Category, Deduction, Rule, Tally
from scoring.queries.reading import Reading, load_reading
from scoring.querysets import DeductionQuerySet

Key = tuple[int, int]
CHARGED = ExpressionWrapper(F("charged"), output_field=IntegerField())  # in hundredths
PENDING = ExpressionWrapper(F("pending"), output_field=IntegerField())


def load_categories(campaign: Campaign) -> tuple[CategoryColumn, ...]:
    """Return the campaign's categories in order."""
    rows = Category.objects.filter(campaign=campaign).order_by("order").values_list("pk", "code", "name", "full")
    return tuple(CategoryColumn(*row) for row in rows)


def load_ranking(campaign: Campaign, *, actor: Actor | None = None, as_of: date | None = None) -> Ranking:
    """Return the ranking. Six queries at any size, one more as of a day, for an interest or where benchmarks count.

    As of a day, lines whose fact happened by that day and that stand now count, and nothing is called pending. What is
    pending for a department the actor has an interest in is left out, as is what was found there against others.
    """
    sums = _tallied(campaign) if as_of is None else _summed(campaign, as_of)
    if as_of is None and actor is not None and actor.interests:
        _leave_out_unseen(sums, actor)
    hidden = actor.interests if actor is not None else frozenset()
    return rank_sums(campaign, sums, reading=load_reading(campaign), hidden=hidden, as_of=as_of)


def rank_sums(
    campaign: Campaign,
    sums: Mapping[Key, tuple[Decimal, Decimal]],
    *,
    reading: Reading,
    hidden: frozenset[int] = frozenset(),
    as_of: date | None = None,
) -> Ranking:
    """Return the ranking of given sums (charged, pending) by department and category on a given reading. Four queries.

    It serves what-if as well: another basis, other prices. `hidden` are departments whose pending sum is left out.
    """
    categories = load_categories(campaign)
    decided = load_decided_ties(campaign)
    departments: dict[int, list[tuple[int, UUID, str]]] = defaultdict(list)
    for pk, uuid, name, block_id in (
        Department.objects.filter(campaign=campaign).order_by("order").values_list("pk", "uuid", "name", "block_id")
    ):
        departments[block_id].append((pk, uuid, name))
    blocks = tuple(
        _rank_block(_Block(pk, code, name), departments[pk], categories, sums, reading, decided, hidden, as_of)
        for pk, code, name in Block.objects.filter(campaign=campaign)
        .order_by("order")
        .values_list("pk", "code", "name")
    )
    return Ranking(reading.basis, as_of, categories, blocks)


def load_decided_ties(campaign: Campaign) -> dict[tuple[frozenset[UUID], Decimal], DecidedTie]:
    """Return what the leading group decided on ties, by those tied and their total; the latest counts. One query."""
    rows = Decision.objects.filter(campaign=campaign, kind=DecisionKind.RANK_TIE).order_by("decided_on", "pk")
    ties = [
        DecidedTie(Decimal(data["total"]), tuple(UUID(uuid) for uuid in data["order"]), decided_on)
        for data, decided_on in rows.values_list("data", "decided_on")
    ]
    return {(frozenset(tie.order), tie.total): tie for tie in ties}


@dataclass(frozen=True)
class _Block:
    id: int
    code: str
    name: str


def _rank_block(
    block: _Block,
    departments: list[tuple[int, UUID, str]],
    categories: tuple[CategoryColumn, ...],
    sums: Mapping[Key, tuple[Decimal, Decimal]],
    reading: Reading,
    decided: Mapping[tuple[frozenset[UUID], Decimal], DecidedTie],
    hidden: frozenset[int],
    as_of: date | None,
) -> BlockRanking:
    none = (ZERO, ZERO)
    drafts = []
    met: dict[tuple[int, Decimal], Decimal] = {}  # of a thousand departments many lost the same

    def score_of(category: CategoryColumn, amount: Decimal) -> Decimal:
        known = met.get((category.id, amount))
        if known is None:
            known = reading.score(category.full, amount, block_id=block.id, category_id=category.id)
            met[category.id, amount] = known
        return known

    for pk, uuid, name in departments:
        entries = [sums.get((pk, category.id), none) for category in categories]
        charged = tuple([entry[0] for entry in entries])
        scores = tuple([score_of(category, amount) for category, amount in zip(categories, charged, strict=True)])
        pending = None if pk in hidden or as_of is not None else sum([entry[1] for entry in entries], ZERO)
        drafts.append((pk, uuid, name, scores, charged, sum(scores, ZERO), pending))
    uuids, totals = [draft[1] for draft in drafts], [draft[5] for draft in drafts]
    found = places(uuids, totals, decided={key: tie.order for key, tie in decided.items()})
    in_order = sorted(zip(found, drafts, strict=True), key=lambda pair: pair[0])
    tied = {total: frozenset(u for u, t in zip(uuids, totals, strict=True) if t == total) for _of, total in decided}
    return BlockRanking(
        block.code,
        block.name,
        rows=tuple(RankingRow(place, *draft) for place, draft in in_order),
        benchmarks=tuple(reading.benchmark(block.id, category.id) for category in categories),
        ties=tuple(tie for (of, total), tie in decided.items() if len(of) > 1 and tied.get(total) == of),
    )


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


def load_known_ranking(campaign: Campaign, *, known_at: datetime) -> Ranking:
    """Return the ranking as it was known at a moment: of lines confirmed by then and not withdrawn by then.

    The basis and the benchmarks are those in force now. Seven queries, one more where benchmarks count.
    """
    lines = Deduction.objects.filter(campaign=campaign, confirmed_at__lte=known_at).exclude(withdrawn_at__lte=known_at)
    sums = {key: (apply_tiers(rules).charged, ZERO) for key, rules in _by_rule(campaign, lines).items()}
    return rank_sums(campaign, sums, reading=load_reading(campaign))


def sum_rules(campaign: Campaign, *, as_of: date | None) -> dict[Key, list[RuleSum]]:
    """Return by (department, category) what each rule's confirmed lines come to. Two queries."""
    return _by_rule(campaign, Deduction.objects.filter(campaign=campaign).confirmed().happened_by(as_of))


def _by_rule(campaign: Campaign, lines: DeductionQuerySet[Deduction]) -> dict[Key, list[RuleSum]]:
    rules = {
        pk: (order, group)
        for pk, order, group in Rule.objects.filter(campaign=campaign).values_list("pk", "order", "exclusive_group")
    }
    sums: dict[Key, list[RuleSum]] = defaultdict(list)
    for department, category, rule, amount in (
        lines.order_by().values_list("charged_id", "category_id", "rule_id").annotate(amount=Sum("amount"))
    ):
        sums[department, category].append(RuleSum(rule, *rules[rule], amount))
    return sums
