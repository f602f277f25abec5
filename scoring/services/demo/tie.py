"""A tie in each block, so that a shared rank can be seen."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from scoring.calculations import ZERO
from scoring.facts.results import BlockRanking, CategoryColumn, RankingRow
from scoring.queries.ranking import load_ranking
from scoring.services.demo.cast import Cast
from scoring.services.demo.lines import Line
from scoring.services.demo.timeline import confirm, record


def make_ties(cast: Cast) -> list[Line]:
    """Record and confirm, where a block has no tie yet, one line that makes two neighbours equal; return the lines."""
    entry = cast.data["tie"]
    ranking = load_ranking(cast.campaign)
    lines = []
    for block in ranking.blocks:
        line = _line(cast, entry, block, ranking.categories)
        if line is not None:
            record(cast, line)
            confirm(cast, [line], line.confirmer, entry["confirmed_at"])
            lines.append(line)
    return lines


def _line(
    cast: Cast, entry: dict[str, Any], block: BlockRanking, categories: tuple[CategoryColumn, ...]
) -> Line | None:
    rule = cast.rules[entry["rule"]]
    price = rule.versions.order_by("number").values_list("points", flat=True)[0]
    place = [category.id for category in categories].index(rule.category_id)
    gaps = [(better.total - worse.total, better) for better, worse in pairwise(block.rows)]
    if any(not gap for gap, _row in gaps):
        return None
    fitting = [(gap, row) for gap, row in gaps if _fits(gap, row, price, place, maximum=entry["maximum"])]
    if not fitting:
        return None
    gap, row = min(fitting, key=lambda pair: pair[0])
    department = cast.department(row.department)
    recorder = cast.pick_assessor(department) or ""
    recorded_at: datetime = entry["recorded_at"]
    return Line(
        department,
        rule,
        happened_on=entry["on"],
        recorder=recorder,
        recorded_at=recorded_at,
        note=entry["note"],
        quantity=int(gap / price),
        subject=entry["subject"],
        confirmer=cast.pick_assessor(department, other_than=[recorder]) or "",
        confirmed_at=entry["confirmed_at"],
    )


def _fits(gap: Decimal, row: RankingRow, price: Decimal, place: int, *, maximum: int) -> bool:
    return ZERO < gap <= price * maximum and not gap % price and row.scores[place] >= gap
