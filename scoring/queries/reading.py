"""How the scores of a season are read: the basis in force with its benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from campaigns.models import Campaign
from scoring.calculations import ZERO, score
from scoring.enums import Basis
from scoring.models import Benchmark, Rulebook

Place = tuple[int, int]  # block and category, by their ids


@dataclass(frozen=True)
class Reading:
    """The basis and, where the best case counts as full mark, what was deducted from it by block and category."""

    basis: str
    benchmarks: Mapping[Place, Decimal] = field(default_factory=dict)

    def benchmark(self, block_id: int, category_id: int) -> Decimal:
        """Return the benchmark that counts there, 0 on the absolute basis or where none is named."""
        return self.benchmarks.get((block_id, category_id), ZERO)

    def score(self, full: Decimal, charged: Decimal, *, block_id: int, category_id: int) -> Decimal:
        """Return the score of a department of that block in that category."""
        return score(full, charged, basis=self.basis, benchmark=self.benchmark(block_id, category_id))


def load_reading(campaign: Campaign | int) -> Reading:
    """Return the reading in force. One query, one more where the best case counts as full mark."""
    pk = campaign if isinstance(campaign, int) else campaign.pk
    basis = Rulebook.objects.filter(campaign_id=pk).values_list("basis", flat=True).get()
    if basis != Basis.BEST_IS_FULL:
        return Reading(basis)
    rows = Benchmark.objects.standing().filter(campaign_id=pk).order_by()
    return Reading(
        basis,
        {(block, category): amount for block, category, amount in rows.values_list("block", "category", "amount")},
    )
