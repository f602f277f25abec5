"""From whom the departments to commend are named: the ranking of the current publication."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Campaign, Decision
from scoring.facts.results import Ranking, RankingRow
from scoring.models import Publication
from scoring.queries.decisions import latest_decision
from scoring.queries.results import load_commended_numbers, result_of


@dataclass(frozen=True)
class CommendRow:
    """One department of the published ranking; `may_tick` is False for one of the reader's own interest."""

    uuid: UUID
    name: str
    rank: int
    total: Decimal
    is_tied: bool
    may_tick: bool


@dataclass(frozen=True)
class CommendBlock:
    """One block of the published ranking; `number` is how many are to be commended, None while undecided."""

    code: str
    name: str
    number: int | None
    rows: tuple[CommendRow, ...]


@dataclass(frozen=True)
class CommendPage:
    """The current publication with its ranking, and the decision that stands (None where there is none)."""

    publication: Publication
    blocks: tuple[CommendBlock, ...]
    standing: Decision | None


def load_commend_page(actor: Actor, campaign: Campaign) -> CommendPage | None:
    """Return what is named from, None while nothing is published. Three queries."""
    publication = Publication.objects.visible_to(actor).current().select_related("snapshot").first()
    if publication is None:
        return None
    numbers = load_commended_numbers(campaign)
    ranking = result_of(publication.snapshot).ranking
    blocks = []
    for block in ranking.blocks:
        ranks = [row.rank for row in block.rows]
        rows = tuple(
            CommendRow(
                row.uuid,
                row.department,
                row.rank,
                row.total,
                is_tied=ranks.count(row.rank) > 1,
                may_tick=not actor.is_interested_in(row.department_id),
            )
            for row in block.rows
        )
        blocks.append(CommendBlock(block.code, block.name, numbers.get(block.code), rows))
    return CommendPage(publication, tuple(blocks), latest_decision(campaign, DecisionKind.COMMENDED))


def named_from(publication: Publication) -> frozenset[UUID] | None:
    """Return the departments the leading group named from this publication, None while it has named none. One query."""
    rows = Decision.objects.filter(
        campaign_id=publication.campaign_id, kind=DecisionKind.COMMENDED, data__publication=str(publication.uuid)
    )
    data = rows.order_by("-decided_on", "-pk").values_list("data", flat=True).first()
    return frozenset(UUID(uuid) for uuid in data["departments"]) if data is not None else None


def touched_by(ranking: Ranking, chosen: Collection[UUID]) -> tuple[RankingRow, ...]:
    """Return whom naming these departments concerns: them, and whoever stands no lower than the last one named."""
    named, touched = frozenset(chosen), []
    for block in ranking.blocks:
        last = max((row.rank for row in block.rows if row.uuid in named), default=0)
        touched += [row for row in block.rows if row.rank <= last]
    return tuple(touched)
