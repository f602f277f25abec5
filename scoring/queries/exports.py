"""What leaves as workbook or paper: the ranking with everything that explains it, read for one reader."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.clock import day_of
from scoring.facts.results import ClauseRow, ExclusiveRule, Ranking
from scoring.models import Rule, RuleVersion
from scoring.queries.ledger import LedgerRow, stream_ledger
from scoring.queries.ranking import load_ranking


@dataclass(frozen=True)
class ExportFacts:
    """One reading of a season. `lines` streams and may be read once, inside the transaction it was opened in.

    `names` says whether recorder and confirmer may be named at all, `unnamed` the departments (ids) that, charged or
    visited, keep them unnamed: those of own interest, of which one sees what their staff see.
    """

    campaign: Campaign
    at: datetime
    ranking: Ranking
    clauses: tuple[ClauseRow, ...]
    exclusive: tuple[ExclusiveRule, ...]
    lines: Generator[LedgerRow]
    names: bool
    unnamed: frozenset[int]


def load_export_facts(campaign: Campaign, *, actor: Actor | None, as_of: date | None, at: datetime) -> ExportFacts:
    """Return what the actor's workbook or paper holds. A fixed number of queries, the lines' own when they are read.

    Without an actor (the command) nobody is named.
    """
    return ExportFacts(
        campaign=campaign,
        at=at,
        ranking=load_ranking(campaign, actor=actor, as_of=as_of),
        clauses=load_clauses(campaign, on=max(as_of or day_of(at), campaign.facts_from)),
        exclusive=load_exclusive(campaign),
        lines=stream_ledger(campaign, as_of=as_of),
        names=actor is not None and actor.sees_names,
        unnamed=actor.interests if actor is not None else frozenset(),
    )


def load_clauses(campaign: Campaign, *, on: date) -> tuple[ClauseRow, ...]:
    """Return the rulebook as in force on that day, in printed order. One query."""
    rows = (
        RuleVersion.objects.in_force(on=on)
        .filter(rule__campaign=campaign)
        .order_by("rule__order")
        .values_list(
            "rule__code", "rule__block__code", "rule__category__name", "rule__clause", "text", "points", "rule__unit"
        )
    )
    return tuple(
        ClauseRow(code, block or "", category, clause, text, points, unit)
        for code, block, category, clause, text, points, unit in rows
    )


def load_exclusive(campaign: Campaign) -> tuple[ExclusiveRule, ...]:
    """Return the rules of exclusive groups in printed order. One query."""
    rows = (
        Rule.objects.filter(campaign=campaign)
        .exclude(exclusive_group="")
        .order_by("order")
        .values_list("code", "block__code", "category__name", "exclusive_group")
    )
    return tuple(ExclusiveRule(code, block or "", category, group) for code, block, category, group in rows)
