"""Where a block lost its points: rules × departments."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from campaigns.actors import Actor
from campaigns.models import Block, Campaign, Department
from scoring.calculations import ZERO, apply_tiers
from scoring.facts import RuleSum
from scoring.models import Deduction, RuleVersion
from scoring.queries.ranking import load_categories

RuleRow = tuple[int, str, int, int, str, str]  # pk, code, category, order, exclusive group, label
RULE = ("rule_id", "rule__code", "rule__category_id", "rule__order", "rule__exclusive_group", "label")
STEPS = tuple(Decimal(step) for step in ("0.5", "1", "2", "5"))  # percent of the full marks where a colour begins


@dataclass(frozen=True)
class HeatColumn:
    """One rule; `starts` says that its category begins here. `amount` is what counts of it over the whole block."""

    code: str
    label: str
    category: str
    starts: bool
    amount: Decimal


@dataclass(frozen=True)
class HeatCell:
    """What a rule cost a department: `level` 0…5 colours it, 0 also where a heavier tier absorbed the amount."""

    code: str
    starts: bool
    amount: Decimal
    is_absorbed: bool
    level: int


@dataclass(frozen=True)
class HeatRow:
    """One department; `total` is what counts after tiers and before floors."""

    uuid: UUID
    department: str
    total: Decimal
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """The confirmed lines of one block that the reader may see; `steps` are the points where each colour begins."""

    blocks: tuple[tuple[str, str], ...]
    block: str
    steps: tuple[Decimal, ...]
    groups: tuple[tuple[str, int], ...]
    columns: tuple[HeatColumn, ...]
    rows: tuple[HeatRow, ...]

    @property
    def total(self) -> Decimal:
        """What counts over the whole block."""
        return sum((row.total for row in self.rows), ZERO)


def load_heatmap(campaign: Campaign, *, actor: Actor, on: date, block: str = "") -> HeatMap | None:
    """Return the heat map of the block of that code (the first when ''), None without such a block.

    Rules are called as on that day. Five queries at any size.
    """
    blocks = list(Block.objects.filter(campaign=campaign).order_by("order").values_list("pk", "code", "name"))
    chosen = next((row for row in blocks if block in ("", row[1])), None)
    if chosen is None:
        return None
    categories = {category.id: category for category in load_categories(campaign)}
    versions = RuleVersion.objects.in_force(on=max(on, campaign.facts_from)).filter(rule__campaign=campaign)
    of_block = versions.filter(Q(rule__block=None) | Q(rule__block=chosen[0])).order_by("rule__order")
    rules = list(of_block.values_list(*RULE))
    departments = list(
        Department.objects.visible_to(actor).filter(block=chosen[0]).order_by("order").values_list("pk", "uuid", "name")
    )
    amounts, counting = _sum(actor, chosen[0], rules)
    full = sum((category.full for category in categories.values()), ZERO)
    steps = tuple(step * full / 100 for step in STEPS)
    starts = [place == 0 or rules[place - 1][2] != rule[2] for place, rule in enumerate(rules)]
    rows = tuple(
        _row(department, rules, starts, amounts.get(department[0], {}), counting[department[0]], steps)
        for department in departments
    )
    columns = tuple(
        HeatColumn(
            rule[1], rule[5], categories[rule[2]].name, starts[place], _counted(row.cells[place] for row in rows)
        )
        for place, rule in enumerate(rules)
    )
    widths = ((category.name, sum(rule[2] == category.id for rule in rules)) for category in categories.values())
    return HeatMap(
        blocks=tuple((code, name) for _pk, code, name in blocks),
        block=chosen[1],
        steps=steps,
        groups=tuple((name, width) for name, width in widths if width),
        columns=columns,
        rows=rows,
    )


def _sum(
    actor: Actor, block_id: int, rules: Sequence[RuleRow]
) -> tuple[dict[int, dict[int, Decimal]], dict[int, set[int]]]:
    known = {rule[0]: rule for rule in rules}
    lines = Deduction.objects.visible_to(actor).confirmed().filter(charged__block=block_id).order_by()
    amounts: dict[int, dict[int, Decimal]] = defaultdict(dict)
    sums: dict[tuple[int, int], list[RuleSum]] = defaultdict(list)
    for department, rule, amount in lines.values_list("charged_id", "rule_id").annotate(amount=Sum("amount")):
        _pk, _code, category, order, group, _label = known[rule]
        amounts[department][rule] = amount
        sums[department, category].append(RuleSum(rule, order, group, amount))
    counting: dict[int, set[int]] = defaultdict(set)
    for (department, _category), of_category in sums.items():
        counting[department] |= apply_tiers(of_category).counting
    return amounts, counting


def _row(
    department: tuple[int, UUID, str],
    rules: Sequence[RuleRow],
    starts: Sequence[bool],
    amounts: dict[int, Decimal],
    counting: set[int],
    steps: Sequence[Decimal],
) -> HeatRow:
    _pk, uuid, name = department
    cells = tuple(
        _cell(rule[1], begins, amounts.get(rule[0], ZERO), rule[0] in counting, steps)
        for rule, begins in zip(rules, starts, strict=True)
    )
    return HeatRow(uuid, name, _counted(cells), cells)


def _cell(code: str, starts: bool, amount: Decimal, counts: bool, steps: Sequence[Decimal]) -> HeatCell:
    level = 1 + bisect_right(steps, amount) if amount and counts else 0
    return HeatCell(code, starts, amount, bool(amount) and not counts, level)


def _counted(cells: Iterable[HeatCell]) -> Decimal:
    return sum((cell.amount for cell in cells if not cell.is_absorbed), ZERO)
