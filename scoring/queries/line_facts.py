"""The frozen facts behind a line of the ledger: what the records showed when it was charged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason import policy
from scoring.enums import FindingState
from scoring.models import Deduction, Finding
from scoring.queries.finding_facts import FactTable, fact_tables
from scoring.queries.finding_words import why


@dataclass(frozen=True)
class LineFacts:
    """Why a line was charged and by which records; ``finding`` is None for who may not open it.

    ``sentence`` is '' where the line's own note says it already.
    """

    sentence: str
    tables: tuple[FactTable, ...]
    finding: UUID | None


def facts_behind(actor: Actor, campaign: Campaign, line: Deduction) -> LineFacts | None:
    """Return what the records showed when a visible line was charged, None for a line that rests on no finding.

    Never what they have shown since: of an undecided finding a department is told nothing here. One query.
    """
    found = Finding.objects.filter(Q(pk=line.finding_id) | Q(deduction=line)).select_related("rule")
    finding = next(iter(sorted(found, key=lambda one: one.deduction_id != line.pk)), None)
    if finding is None:
        return None
    is_this, rows = _as_charged(finding, line)
    sentence = why(finding) if is_this else ""
    opens = policy.TABLE["scoring:finding"].roles or frozenset()
    may_open = not actor.is_interested_in(finding.charged_id) and not actor.roles.isdisjoint(opens)
    return LineFacts(
        sentence="" if sentence in line.note else sentence,
        tables=fact_tables(rows, detector=finding.rule.detector, campaign=campaign, actor=actor),
        finding=finding.uuid if may_open else None,
    )


def _as_charged(finding: Finding, line: Deduction) -> tuple[bool, list[dict[str, Any]]]:
    """Return whether the finding stands as the line charged it, and the facts as they were then."""
    is_let_go = finding.state == FindingState.DISMISSED and finding.decided_at == line.withdrawn_at
    if finding.deduction_id == line.pk or is_let_go:
        return True, finding.facts
    ends = {at.isoformat() for at in (line.recorded_at, line.withdrawn_at) if at is not None}
    earlier = finding.earlier or {}
    return False, earlier["facts"] if earlier.get("at") in ends else []
