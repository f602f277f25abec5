"""The whole result of a season at one moment, and its frozen form: canonical JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from cattrs import BaseValidationError, Converter

from campaigns.enums import DecisionKind, NominationState
from campaigns.models import Campaign, ContestEntry, Decision, Nomination
from qualityseason.clock import day_of
from scoring.facts.results import AppliedSupplement, ClauseRemark, HonouredPerson, Ranking, Result, WonPrize
from scoring.models import Category, Rulebook, Snapshot, Supplement
from scoring.queries.exports import load_clauses, load_exclusive
from scoring.queries.ranking import load_ranking
from scoring.queries.statement import load_statements


def load_result(campaign: Campaign, *, at: datetime) -> Result:
    """Return the result as departments may read it: nobody named, nothing that waits. Some twenty queries at any size.

    The caller holds the departments where it must not move meanwhile.
    """
    return Result(
        college=campaign.college,
        season=campaign.name,
        slug=campaign.slug,
        document_number=campaign.document_number,
        taken_at=at,
        ranking=_without_pending(load_ranking(campaign)),
        statements=load_statements(campaign),
        clauses=load_clauses(campaign, on=max(day_of(at), campaign.facts_from)),
        exclusive=load_exclusive(campaign),
        prizes=_prizes(campaign),
        honoured=_honoured(campaign),
        percentages=load_percentages(campaign),
        commended=load_commended_numbers(campaign),
        supplements=tuple(
            AppliedSupplement(number or 0, title, applies_from)
            for number, title, applies_from in Supplement.objects.filter(campaign=campaign)
            .adopted()
            .order_by("number")
            .values_list("number", "title", "applies_from")
        ),
        remarks=load_remarks(campaign),
    )


def load_remarks(campaign: Campaign) -> tuple[ClauseRemark, ...]:
    """Return the remarks printed beside the clauses, in their order. Two queries."""
    names = dict(Category.objects.filter(campaign=campaign).values_list("code", "name"))
    found = Rulebook.objects.filter(campaign=campaign).values_list("remarks", flat=True).first() or []
    return tuple(ClauseRemark(one["block"], names.get(one["category"], ""), one["text"]) for one in found)


def load_percentages(campaign: Campaign) -> dict[str, Decimal]:
    """Return the percentages of the conversion by code, as decided last; {} while none are. One query."""
    data = _latest(campaign, DecisionKind.CONVERSION)
    return {code: Decimal(percent) for code, percent in data.get("percentages", {}).items()}


def load_commended_numbers(campaign: Campaign) -> dict[str, int]:
    """Return how many departments are commended by code of the block, as decided last. One query."""
    return dict(_latest(campaign, DecisionKind.COMMENDED_NUMBER).get("numbers", {}))


def freeze(result: Result) -> str:
    """Return the canonical JSON of a result: sorted keys, no blanks, decimals and dates as text."""
    return json.dumps(
        _converter().unstructure(result), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def thaw(content: str) -> Result:
    """Return the result a canonical JSON holds; raises ValueError where it holds none."""
    try:
        found: Result = _converter().structure(json.loads(content), Result)
    except BaseValidationError as error:
        raise ValueError(str(error)) from error
    return found


def result_of(snapshot: Snapshot) -> Result:
    """Return the result frozen in a snapshot. No query."""
    return thaw(snapshot.content)


def _without_pending(ranking: Ranking) -> Ranking:
    blocks = (replace(block, rows=tuple(replace(row, pending=None) for row in block.rows)) for block in ranking.blocks)
    return replace(ranking, blocks=tuple(blocks))


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    texts: tuple[tuple[type[Any], Any, Any], ...] = (
        (Decimal, str, lambda text, _type: Decimal(text)),
        (UUID, str, lambda text, _type: UUID(text)),
        (datetime, lambda moment: moment.isoformat(), lambda text, _type: datetime.fromisoformat(text)),
        (date, lambda day: day.isoformat(), lambda text, _type: date.fromisoformat(text)),
    )
    for kind, write, read in texts:
        converter.register_unstructure_hook(kind, write)
        converter.register_structure_hook(kind, read)
    return converter


def _latest(campaign: Campaign, kind: DecisionKind) -> dict[str, Any]:
    rows = Decision.objects.filter(campaign=campaign, kind=kind).order_by("-decided_on", "-pk")
    return rows.values_list("data", flat=True).first() or {}


def _prizes(campaign: Campaign) -> tuple[WonPrize, ...]:
    entries = ContestEntry.objects.filter(contest__campaign=campaign, contest__awarded_at__isnull=False)
    rows = entries.exclude(prize="").order_by("rank", "plan__department__order")
    return tuple(
        WonPrize(department, name, rank or 0, prize)
        for department, name, rank, prize in rows.values_list(
            "plan__department__uuid", "plan__department__name", "rank", "prize"
        )
    )


def _honoured(campaign: Campaign) -> tuple[HonouredPerson, ...]:
    chosen = Nomination.objects.filter(campaign=campaign, state=NominationState.CHOSEN)
    rows = chosen.select_related("department", "person").order_by("department__order", "pk")
    return tuple(HonouredPerson(row.department.name, row.person.name, row.honour) for row in rows)
