"""Both rankings side by side: as it stands, and as another benchmark or another basis would have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from campaigns.models import Campaign
from scoring.calculations import ZERO
from scoring.enums import Basis
from scoring.facts.results import Ranking, RankingRow
from scoring.models import Benchmark, Tally
from scoring.queries.ranking import Key, rank_sums
from scoring.queries.reading import Place, Reading, load_reading


@dataclass(frozen=True)
class Move:
    """A department's rank and total now and then."""

    uuid: UUID
    department: str
    rank: int
    total: Decimal
    new_rank: int
    new_total: Decimal

    @property
    def moves(self) -> bool:
        """Whether the rank would be another one."""
        return self.rank != self.new_rank

    @property
    def up(self) -> int:
        """How many places it would gain, 0 where it gains none."""
        return max(0, self.rank - self.new_rank)

    @property
    def down(self) -> int:
        """How many places it would lose, 0 where it loses none."""
        return max(0, self.new_rank - self.rank)


@dataclass(frozen=True)
class BlockMoves:
    """The departments of one block in their order now."""

    code: str
    name: str
    rows: tuple[Move, ...]

    @property
    def moving(self) -> int:
        """How many departments would have another rank."""
        return sum(row.moves for row in self.rows)

    @property
    def rescored(self) -> int:
        """How many departments would have another total."""
        return sum(row.total != row.new_total for row in self.rows)


def compare_rankings(now: Ranking, then: Ranking) -> tuple[BlockMoves, ...]:
    """Return what becomes of each department between two rankings of the same season. No query."""
    after = {row.uuid: row for block in then.blocks for row in block.rows}
    return tuple(
        BlockMoves(block.code, block.name, tuple(_move(row, after[row.uuid]) for row in block.rows))
        for block in now.blocks
    )


def what_if_benchmark(
    campaign: Campaign, *, block_id: int, category_id: int, amount: Decimal
) -> tuple[BlockMoves, ...]:
    """Return the ranking as it stands beside the one on the basis of the best case with that benchmark named too.

    Eleven queries at any size, one more where benchmarks count already.
    """
    benchmarks = load_benchmark_amounts(campaign) | {(block_id, category_id): amount}
    return _what_if(campaign, Reading(Basis.BEST_IS_FULL, benchmarks))


def what_if_basis(campaign: Campaign, basis: str) -> tuple[BlockMoves, ...]:
    """Return the ranking as it stands beside the one on that basis, with the benchmarks named. As many queries."""
    return _what_if(campaign, Reading(basis, load_benchmark_amounts(campaign) if basis == Basis.BEST_IS_FULL else {}))


def load_benchmark_amounts(campaign: Campaign) -> dict[Place, Decimal]:
    """Return the amounts of the benchmarks that stand, whether or not the basis lets them count. One query."""
    rows = Benchmark.objects.standing().filter(campaign=campaign).order_by()
    return {(block, category): amount for block, category, amount in rows.values_list("block", "category", "amount")}


def _what_if(campaign: Campaign, reading: Reading) -> tuple[BlockMoves, ...]:
    sums = _charged(campaign)
    now = rank_sums(campaign, sums, reading=load_reading(campaign))
    return compare_rankings(now, rank_sums(campaign, sums, reading=reading))


def _charged(campaign: Campaign) -> Mapping[Key, tuple[Decimal, Decimal]]:
    rows = Tally.objects.filter(campaign=campaign).values_list("department_id", "category_id", "charged")
    return {(department, category): (charged, ZERO) for department, category, charged in rows}


def _move(now: RankingRow, then: RankingRow) -> Move:
    return Move(now.uuid, now.department, now.rank, now.total, then.rank, then.total)
