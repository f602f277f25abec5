"""The ranking of every block on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.requests import PortalRequest
from qualityseason.text import clean, parse_date
from scoring.enums import Basis
from scoring.facts.results import BlockRanking, CategoryColumn, Ranking, RankingRow
from scoring.policy import can_record_decision
from scoring.queries.ranking import load_ranking
from scoring.queries.ties import ties_of_block
from scoring.views.ranking_days import ranking_days

ANY_UUID = UUID(int=0)
BAR_GAP = 0.6  # percent of a bar's width between two categories
LEAST_LOSS = 0.9  # percent of a bar's width: whatever was lost stays visible

Part = tuple[str, str, str, str, str, str, str]
Row = tuple[str, str, str, str, str, tuple[Part, ...], str, str]


@require_safe
def ranking(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the ranking of all blocks, as the ledger stands or as of a day."""
    typed = clean(request.GET.get("at"))
    as_of, problem = _read_day(typed)
    found = load_ranking(request.campaign, actor=request.actor, as_of=as_of)
    context = ranking_context(found, slug=request.campaign.slug)
    ties = {block.code: tie_lines(block, request.actor, slug=campaign) for block in found.blocks} if not as_of else {}
    context |= ranking_days(request, request.campaign, as_of=as_of)
    return render(request, "scoring/ranking.html", context | {"typed": typed, "problem": problem, "ties": ties})


def ranking_context(ranking: Ranking, *, slug: str) -> dict[str, Any]:
    """Return the ranking as the template wants it: rows are tuples of ready strings, so that a long page is quick.

    A row is (rank, its class, statement url, department, tied mark, parts, total, pending), a part is (class, where the
    kept piece begins, its width, where the lost piece begins, its width, hint, score), in percent of the whole bar.
    """
    before, after = reverse("scoring:statement", args=[slug, ANY_UUID]).split(str(ANY_UUID))
    bars = BarParts(ranking.categories)
    tied, decided = _("tied"), _("by decision")
    return {
        "basis": Basis(ranking.basis).label,
        "as_of": ranking.as_of,
        "full": ranking.full,
        "shows_pending": ranking.as_of is None,
        "parts": [{"label": category.name, "full": category.full} for category in ranking.categories],
        "blocks": [
            {"code": block.code, "name": block.name, "rows": _rows(block, bars, before, after, tied, decided)}
            for block in ranking.blocks
        ],
        "is_untouched": all(not any(row.charged) for block in ranking.blocks for row in block.rows),
    }


@dataclass(frozen=True)
class TieLine:
    """A tie under its block: `url` is where the reader decides it, '' for who may not or has an interest in it."""

    rank: int
    total: Decimal
    names: tuple[str, ...]
    decided_on: date | None
    url: str


def tie_lines(block: BlockRanking, actor: Actor, *, slug: str) -> tuple[TieLine, ...]:
    """Return the ties of a block, best first. No query."""
    lines, place = [], reverse("scoring:decision-new", args=[slug, DecisionKind.RANK_TIE])
    for tie in ties_of_block(block):
        may_decide = can_record_decision(actor) and not tie.concerns(actor)
        url = f"{place}?{urlencode({'block': tie.block, 'total': str(tie.total)})}" if may_decide else ""
        decided_on = tie.decided.decided_on if tie.decided is not None else None
        lines.append(TieLine(tie.rank, tie.total, tie.names, decided_on, url))
    return tuple(lines)


class BarParts:
    """What a row shows of its categories; a score that was met before is not formatted again."""

    def __init__(self, categories: Sequence[CategoryColumn]) -> None:
        whole = sum((category.full for category in categories), Decimal(0))
        room = 100 - BAR_GAP * max(0, len(categories) - 1)
        self._met: list[dict[Decimal, Part]] = [{} for _category in categories]
        self._places: list[tuple[str, Decimal, float, float]] = []
        x = 0.0
        for category in categories:
            width = room * float(category.full / whole)
            self._places.append((category.name, category.full, x, width))
            x += width + BAR_GAP

    def of(self, scores: Sequence[Decimal]) -> tuple[Part, ...]:
        """Return the parts of one row."""
        places = enumerate(zip(self._met, scores, strict=True))
        return tuple([met.get(score) or self._make(place, score) for place, (met, score) in places])

    def _make(self, index: int, score: Decimal) -> Part:
        name, full, x, width = self._places[index]
        kept = width * float(score / full)
        if score < full:
            kept = max(0.0, min(kept, width - LEAST_LOSS))
        part = (
            f"kept-{index + 1}",
            f"{x:.2f}",
            f"{kept:.2f}",
            f"{x + kept:.2f}",
            f"{width - kept:.2f}",
            f"{name}: {score} / {full}",
            str(score),
        )
        return self._met[index].setdefault(score, part)


def _rows(block: BlockRanking, bars: BarParts, before: str, after: str, tied: str, decided: str) -> list[Row]:
    rows: Sequence[RankingRow] = block.rows
    shared = Counter([row.rank for row in rows])
    settled = {uuid for tie in block.ties for uuid in tie.order}
    return [
        (
            str(row.rank),
            "rank rank-first" if row.rank == 1 else "rank",
            f"{before}{row.uuid}{after}",
            row.department,
            tied if shared[row.rank] > 1 else decided if row.uuid in settled else "",
            bars.of(row.scores),
            str(row.total),
            _pending(row.pending),
        )
        for row in rows
    ]


def _pending(amount: Decimal | None) -> str:
    if amount is None:
        return "–"
    return f"−{amount}" if amount else ""


def _read_day(typed: str) -> tuple[date | None, str]:
    if not typed:
        return None, ""
    try:
        return parse_date(typed), ""
    except ValueError:
        return None, _("“%(typed)s” is not a date; write it as 2009-11-06. Below is the ranking as it stands.") % {
            "typed": typed[:40]
        }
