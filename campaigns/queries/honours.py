"""The leading group's decisions on honours, and what the next one is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import DecisionKind, NominationState
from campaigns.models import Campaign, Decision, Department, Nomination
from campaigns.queries.nominations import NominationRow, honours_of, nomination_row
from qualityseason.text import fingerprint

DECIDABLE = (NominationState.SHORTLISTED, NominationState.CHOSEN, NominationState.PASSED_OVER)


@dataclass(frozen=True)
class DecisionRow:
    """A decision on honours; `is_own`: it concerns a department of the reader's interest and tells no more (回避)."""

    uuid: UUID
    decided_on: date
    is_own: bool
    present: str = ""
    text: str = ""
    chosen: int = 0
    passed_over: int = 0
    taken_back: int = 0


@dataclass(frozen=True)
class DecisionList:
    """What a decision is about: the short list, and what earlier decisions said; ``standing`` marks its state.

    ``barred`` are the departments on the short list the reader has an interest in: then somebody else records it.
    """

    shortlisted: tuple[NominationRow, ...]
    chosen: tuple[NominationRow, ...]
    passed_over: tuple[NominationRow, ...]
    standing: str
    barred: tuple[str, ...]


def decision_rows(actor: Actor, campaign: Campaign) -> tuple[DecisionRow, ...]:
    """Return the decisions on honours for overseers, the latest first. At most two queries."""
    decisions = list(Decision.objects.visible_to(actor).filter(kind=DecisionKind.HONOURS))
    own = interested_uuids(actor) if decisions and actor.interests else frozenset()
    return tuple(
        _decision_row(decision, is_own=not own.isdisjoint(decision.data["departments"])) for decision in decisions
    )


def interested_uuids(actor: Actor) -> frozenset[str]:
    """Return the uuids, as text, of the departments the actor has an interest in. One query."""
    rows = Department.objects.filter(pk__in=actor.interests).order_by()
    return frozenset(str(uuid) for uuid in rows.values_list("uuid", flat=True))


def decision_list(actor: Actor, campaign: Campaign) -> DecisionList:
    """Return what a decision would be about now. One query."""
    found = Nomination.objects.files_visible_to(actor).filter(state__in=DECIDABLE)
    listed = found.select_related("person", "department").order_by("department__order", "person__number", "pk")
    rows = [nomination_row(actor, row) for row in listed]
    order = {honour: place for place, honour in enumerate(honours_of(campaign))}
    rows.sort(key=lambda row: order.get(row.honour, len(order)))

    def of(state: NominationState) -> tuple[NominationRow, ...]:
        return tuple(row for row in rows if row.state == state)

    shortlisted = of(NominationState.SHORTLISTED)
    return DecisionList(
        shortlisted=shortlisted,
        chosen=tuple(row for row in of(NominationState.CHOSEN) if not row.is_barred),
        passed_over=tuple(row for row in of(NominationState.PASSED_OVER) if not row.is_barred),
        standing=standing_mark(listed),
        barred=tuple(dict.fromkeys(row.department for row in shortlisted if row.is_barred)),
    )


def standing_mark(rows: Iterable[Nomination]) -> str:
    """Return a mark of all that is shortlisted or decided; a form carries it, so that a stale one is seen."""
    return fingerprint(sorted((str(row.uuid), str(row.state), row.version) for row in rows))


def _decision_row(decision: Decision, *, is_own: bool) -> DecisionRow:
    if is_own:
        return DecisionRow(decision.uuid, decision.decided_on, is_own=True)
    numbers = {name: len(decision.data[name]) for name in ("chosen", "passed_over", "taken_back")}
    return DecisionRow(
        decision.uuid, decision.decided_on, is_own=False, present=decision.present, text=decision.text, **numbers
    )
