"""What open matters could still change: between which totals and ranks each department ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Campaign, Department
from scoring.calculations import ZERO
from scoring.calculations.ranges import charged_range, line_of, next_better, place_ranges
from scoring.enums.outlook import Chance
from scoring.facts import RuleSum
from scoring.facts.outlook import Places, Range
from scoring.facts.results import BlockRanking, CategoryColumn, RankingRow
from scoring.queries.open_matters import APPEAL, FINDING, LINE, OpenMatter, OpenMatters, load_open_matters
from scoring.queries.ranking import Key, load_ranking, sum_rules
from scoring.queries.reading import Reading, load_reading
from scoring.queries.results import load_commended_numbers


@dataclass(frozen=True)
class OutlookRow:
    """One department: its place now, between which totals and ranks it ends, and what is open there.

    `to_next` are the points to the next better total, None at the top; `to_line` the points above (or, negative, below)
    the total of the last place that is commended, None where no number is decided. `is_own`: of own interest, so that
    its confirmed figures are taken as settled.
    """

    rank: int
    uuid: UUID
    department: str
    total: Decimal
    range: Range
    places: Places
    to_next: Decimal | None
    to_line: Decimal | None
    chance: str
    appeals: int
    lines: int
    findings: int
    is_own: bool

    @property
    def is_open(self) -> bool:
        """Whether anything can still change here."""
        return bool(self.appeals or self.lines or self.findings)


@dataclass(frozen=True)
class OutlookBlock:
    """The departments of one block as they rank now; `commended` is how many are commended, None while undecided."""

    code: str
    name: str
    commended: int | None
    rows: tuple[OutlookRow, ...]


@dataclass(frozen=True)
class Outlook:
    """The whole page; `matters` are the open ones of the department asked for."""

    basis: str
    full: Decimal
    blocks: tuple[OutlookBlock, ...]
    department: str
    matters: tuple[OpenMatter, ...]


def load_outlook(campaign: Campaign, *, actor: Actor, department: UUID | None = None) -> Outlook:
    """Return what open matters leave possible. At most 24 queries at any size.

    Equal totals share a rank here: a decision on a tie holds for final figures alone.
    """
    ranking = load_ranking(campaign, actor=actor)
    matters = load_open_matters(actor)
    reading = load_reading(campaign)
    charged = _charged(sum_rules(campaign, as_of=None), matters)
    blocks_of = dict(Department.objects.filter(campaign=campaign).values_list("pk", "block_id"))
    commended = load_commended_numbers(campaign)
    counts = Counter((matter.department_id, matter.kind) for matter in matters.named)

    def total_range(row: RankingRow) -> Range:
        return _total_range(row, blocks_of[row.department_id], ranking.categories, charged, reading)

    blocks = tuple(
        _block(block, [total_range(row) for row in block.rows], commended.get(block.code), counts, actor)
        for block in ranking.blocks
    )
    ids = {row.uuid: row for block in ranking.blocks for row in block.rows}
    chosen = ids.get(department) if department is not None else None
    return Outlook(
        ranking.basis,
        ranking.full,
        blocks,
        department=chosen.department if chosen else "",
        matters=tuple(one for one in matters.named if chosen and one.department_id == chosen.department_id),
    )


def _charged(sums: dict[Key, list[RuleSum]], matters: OpenMatters) -> dict[Key, Range]:
    """Return between which sums each category of each department is charged."""
    found = {}
    for place in {*sums, *matters.of_place}:
        bound = matters.bound.get(place, {})
        settled = [
            RuleSum(item.rule_id, item.order, item.group, item.amount - bound.get(item.rule_id, ZERO))
            for item in sums.get(place, [])
        ]
        found[place] = charged_range(settled, matters.of_place.get(place, []))
    return found


def _total_range(
    row: RankingRow,
    block_id: int,
    categories: tuple[CategoryColumn, ...],
    charged: dict[Key, Range],
    reading: Reading,
) -> Range:
    least, most = ZERO, ZERO
    for category in categories:
        of_category = charged.get((row.department_id, category.id), Range(ZERO, ZERO))
        place = {"block_id": block_id, "category_id": category.id}
        least += reading.score(category.full, of_category.most, **place)
        most += reading.score(category.full, of_category.least, **place)
    return Range(least, most)


def _block(
    block: BlockRanking, ranges: list[Range], commended: int | None, counts: Counter[tuple[int, str]], actor: Actor
) -> OutlookBlock:
    totals = [row.total for row in block.rows]
    line = line_of(totals, commended or 0)
    rows = zip(block.rows, ranges, place_ranges(ranges), next_better(totals), strict=True)
    return OutlookBlock(
        block.code,
        block.name,
        commended,
        rows=tuple(
            OutlookRow(
                row.rank,
                row.uuid,
                row.department,
                row.total,
                total_range,
                places,
                to_next=to_next,
                to_line=row.total - line if line is not None else None,
                chance=_chance(places, commended),
                appeals=counts[row.department_id, APPEAL],
                lines=counts[row.department_id, LINE],
                findings=counts[row.department_id, FINDING],
                is_own=actor.is_interested_in(row.department_id),
            )
            for row, total_range, places, to_next in rows
        ),
    )


def _chance(places: Places, commended: int | None) -> str:
    if commended is None:
        return ""
    if places.worst <= commended:
        return Chance.SURE
    return Chance.POSSIBLE if places.best <= commended else Chance.OUT
