"""What of a frozen result one reader may know, and what two results say otherwise of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from scoring.enums import Visibility
from scoring.facts.results import (
    BlockRanking,
    CategoryColumn,
    HonouredPerson,
    RankingRow,
    Result,
    Statement,
    WonPrize,
)

WIDTH = {Visibility.OWN.value: 0, Visibility.BLOCK.value: 1, Visibility.ALL.value: 2}


@dataclass(frozen=True)
class SeenResult:
    """A frozen result as far as one reader may know it: whole blocks, single statements, and nothing besides.

    A rank is known only where its whole block is. Prizes and persons are those of departments that are seen.
    """

    season: str
    taken_at: datetime
    basis: str
    categories: tuple[CategoryColumn, ...]
    blocks: tuple[BlockRanking, ...]
    statements: tuple[Statement, ...]
    prizes: tuple[WonPrize, ...]
    honoured: tuple[HonouredPerson, ...]

    @property
    def full(self) -> Decimal:
        """The sum of the full marks."""
        return sum((category.full for category in self.categories), Decimal("0.00"))

    @property
    def departments(self) -> frozenset[UUID]:
        """The departments of which anything is seen."""
        return frozenset(row.uuid for row in self._rows()) | frozenset(one.department.uuid for one in self.statements)

    def statement_of(self, department: UUID) -> Statement | None:
        """Return the department's statement where the reader may read it."""
        return next((one for one in self.statements if one.department.uuid == department), None)

    def rank_of(self, department: UUID) -> int | None:
        """Return the department's rank where its block is seen."""
        return next((row.rank for row in self._rows() if row.uuid == department), None)

    def _rows(self) -> Iterable[RankingRow]:
        return (row for block in self.blocks for row in block.rows)


def seen_by(result: Result, actor: Actor, visibility: str) -> SeenResult:
    """Return what of the result the actor may know: overseers all, a department what the visibility lets, no more.

    Of statements a department reads its own alone, whatever the visibility. No query.
    """
    rows = [(block, row) for block in result.ranking.blocks for row in block.rows]
    own = frozenset(row.uuid for _block, row in rows if row.department_id in actor.departments)
    home = frozenset(block.code for block, row in rows if row.uuid in own)
    blocks: tuple[BlockRanking, ...] = ()
    if actor.oversees or visibility == Visibility.ALL:
        blocks = result.ranking.blocks
    elif visibility == Visibility.BLOCK:
        blocks = tuple(block for block in result.ranking.blocks if block.code in home)
    seen = own | frozenset(row.uuid for block in blocks for row in block.rows)
    names = frozenset(row.department for _block, row in rows if row.uuid in seen)
    return SeenResult(
        season=result.season,
        taken_at=result.taken_at,
        basis=result.ranking.basis,
        categories=result.ranking.categories,
        blocks=blocks,
        statements=tuple(one for one in result.statements if actor.oversees or one.department.uuid in own),
        prizes=tuple(prize for prize in result.prizes if prize.department in seen),
        honoured=tuple(person for person in result.honoured if person.department in names),
    )


@dataclass(frozen=True)
class Change:
    """What another result says otherwise of a department; None where one of the two had no such department.

    `is_own`: its own figures or lines are others, not only its rank.
    """

    department: UUID
    name: str
    block: str
    total_from: Decimal | None
    total_to: Decimal | None
    rank_from: int | None
    rank_to: int | None
    is_own: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as a publication keeps it."""
        return {
            "department": str(self.department),
            "name": self.name,
            "block": self.block,
            "from": None if self.total_from is None else str(self.total_from),
            "to": None if self.total_to is None else str(self.total_to),
            "rank_from": self.rank_from,
            "rank_to": self.rank_to,
            "own": self.is_own,
        }


def changes_of(entries: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Return the changes a publication keeps."""
    return tuple(
        Change(
            UUID(entry["department"]),
            entry["name"],
            entry["block"],
            None if entry["from"] is None else Decimal(entry["from"]),
            None if entry["to"] is None else Decimal(entry["to"]),
            entry["rank_from"],
            entry["rank_to"],
            entry["own"],
        )
        for entry in entries
    )


def changes_between(old: Result, new: Result) -> tuple[Change, ...]:
    """Return by department what the new result says otherwise: total, scores, rank, or the lines they rest on."""
    before, after = _accounts(old), _accounts(new)
    accounts = before | after
    return tuple(
        Change(
            uuid,
            account.row.department,
            account.block,
            was.row.total if was is not None else None,
            now.row.total if now is not None else None,
            was.row.rank if was is not None else None,
            now.row.rank if now is not None else None,
            is_own=was is None or now is None or was.figures != now.figures,
        )
        for uuid, account in accounts.items()
        for was, now in [(before.get(uuid), after.get(uuid))]
        if was is None or now is None or was.figures != now.figures or was.row.rank != now.row.rank
    )


def seen_changes(changes: Iterable[Change], seen: SeenResult) -> tuple[Change, ...]:
    """Return the changes the reader may know; ranks only of blocks that are seen.

    `seen` is read with the narrower visibility of both results: what one of them kept back their difference must not
    tell.
    """
    ranked = frozenset(block.code for block in seen.blocks)
    found = [change for change in changes if change.department in seen.departments]
    return tuple(
        change if change.block in ranked else replace(change, rank_from=None, rank_to=None)
        for change in found
        if change.is_own or change.block in ranked
    )


def narrower(*visibilities: str) -> str:
    """Return the visibility that tells least."""
    return min(visibilities, key=lambda visibility: WIDTH.get(visibility, -1))


@dataclass(frozen=True)
class _Account:
    block: str
    row: RankingRow
    figures: tuple[Any, ...]


def _accounts(result: Result) -> dict[UUID, _Account]:
    statements = {one.department.uuid: one for one in result.statements}
    return {
        row.uuid: _Account(block.code, row, (row.scores, row.charged, row.total, _lines(statements.get(row.uuid))))
        for block in result.ranking.blocks
        for row in block.rows
    }


def _lines(statement: Statement | None) -> tuple[Any, ...]:
    if statement is None:
        return ()
    return tuple((line.uuid, line.amount, line.counted) for part in statement.categories for line in part.lines)
