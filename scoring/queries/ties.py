"""Equal totals of a ranking, decided or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Campaign, Decision
from scoring.facts.results import BlockRanking, DecidedTie, Ranking, RankingRow


@dataclass(frozen=True)
class Tie:
    """Departments of a block with the same total, in the order shown; `rank` is the first they share."""

    block: str
    block_name: str
    rank: int
    total: Decimal
    rows: tuple[RankingRow, ...]
    decided: DecidedTie | None

    @property
    def uuids(self) -> frozenset[UUID]:
        """The departments."""
        return frozenset(row.uuid for row in self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(row.department for row in self.rows)

    def concerns(self, actor: Actor) -> bool:
        """Whether the actor has an interest in one of them."""
        return actor.is_interested_in(*(row.department_id for row in self.rows))


def ties_of(ranking: Ranking) -> tuple[Tie, ...]:
    """Return the ties of all blocks, best first. No query."""
    return tuple(tie for block in ranking.blocks for tie in ties_of_block(block))


def ties_of_block(block: BlockRanking) -> tuple[Tie, ...]:
    """Return the ties of a block, best first. No query."""
    groups: dict[Decimal, list[RankingRow]] = defaultdict(list)
    for row in block.rows:
        groups[row.total].append(row)
    decided = {tie.total: tie for tie in block.ties}
    return tuple(
        Tie(block.code, block.name, min(row.rank for row in rows), total, tuple(rows), decided.get(total))
        for total, rows in groups.items()
        if len(rows) > 1
    )


def standing_tie_decision(campaign: Campaign, *, total: Decimal, departments: Iterable[UUID]) -> Decision | None:
    """Return the decision on exactly these departments tied at that total that counts, or None. One query."""
    wanted = (total, frozenset(str(uuid) for uuid in departments))
    rows = Decision.objects.filter(campaign=campaign, kind=DecisionKind.RANK_TIE).order_by("-decided_on", "-pk")
    return next((row for row in rows if (Decimal(row.data["total"]), frozenset(row.data["order"])) == wanted), None)
