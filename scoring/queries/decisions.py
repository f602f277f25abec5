"""The register of decisions: every kind of the season, which of them still counts, and what each of them set."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Campaign, Decision
from campaigns.policy import can_see_contest_table
from campaigns.queries.attached_sight import decisions_of_interest
from scoring.enums import Visibility
from scoring.queries.decision_words import Effect, Names, effects_of, load_names

SINGLE = frozenset(
    {
        DecisionKind.BASIS,
        DecisionKind.CONVERSION,
        DecisionKind.COMMENDED_NUMBER,
        DecisionKind.COMMENDED,
        DecisionKind.VISIBILITY,
    }
)  # kinds of which only the latest counts


@dataclass(frozen=True)
class DecisionRow:
    """A decision in the register; `is_own`: it concerns a department of the reader's interest and tells no more (回避).

    `counts` is False where a later one on the same matter stands.
    """

    uuid: UUID
    kind: str
    label: str
    decided_on: date
    is_own: bool
    counts: bool
    text: str = ""
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class KindCount:
    """A kind and how many decisions of it the reader knows of."""

    kind: str
    label: str
    number: int


@dataclass(frozen=True)
class Register:
    """The decisions asked for, latest first, and how many there are of each kind."""

    rows: tuple[DecisionRow, ...]
    kinds: tuple[KindCount, ...]
    total: int


@dataclass(frozen=True)
class DecisionPage:
    """One decision; `replaced_by` is the later one on the same matter, `replaces` the one before it."""

    decision: Decision
    label: str
    effects: tuple[Effect, ...]
    replaced_by: Decision | None
    replaces: Decision | None
    recorded_by: str


def decisions_seen(actor: Actor) -> QuerySet[Decision]:
    """Return what the actor may know of: on ties of the contest only who reads its table. No query."""
    rows = Decision.objects.visible_to(actor)
    return rows if can_see_contest_table(actor) else rows.exclude(kind=DecisionKind.CONTEST_TIE)


def load_register(actor: Actor, *, kind: str = "") -> Register:
    """Return the decisions, of one kind where it is named. Three queries; an interest and some kinds ask a few more."""
    found = list(decisions_seen(actor).select_related("campaign", "supplement").order_by("-decided_on", "-pk"))
    own = decisions_of_interest(actor, found)
    shown = [row for row in found if kind in ("", row.kind)]
    names = load_names(actor, [row for row in shown if row.uuid not in own])
    later = set(_later(found))
    rows = tuple(_row(row, names, is_own=row.uuid in own, counts=row.pk not in later) for row in shown)
    counts = {one: sum(row.kind == one for row in found) for one in DecisionKind.values}
    kinds = tuple(KindCount(one, str(DecisionKind(one).label), number) for one, number in counts.items() if number)
    return Register(rows, kinds, len(found))


def load_decision(actor: Actor, decision: Decision) -> DecisionPage:
    """Return one decision with what it set. Four queries, one more for the contest."""
    same = _on_same_matter(decision)
    place = next((number for number, row in enumerate(same) if row.pk == decision.pk), 0)
    return DecisionPage(
        decision,
        str(DecisionKind(decision.kind).label),
        effects_of(decision, load_names(actor, [decision])),
        replaced_by=same[place - 1] if place else None,
        replaces=same[place + 1] if place + 1 < len(same) else None,
        recorded_by=decision.recorded_by.display_name if actor.sees_names else "",
    )


def concerns_interest(actor: Actor, decision: Decision) -> bool:
    """Whether the decision is about a department of the actor's interest. A query or two for who has any."""
    return decision.uuid in decisions_of_interest(actor, [decision])


def matter_of(decision: Decision) -> Hashable | None:
    """Return what a decision is about, so that a later one about the same replaces it; None where none ever does."""
    data = decision.data
    if decision.kind == DecisionKind.RANK_TIE:
        return decision.kind, Decimal(data["total"]), frozenset(data["order"])
    if decision.kind == DecisionKind.CONTEST_TIE:
        return decision.kind, data["rank"], data["mean"], frozenset(data["order"])
    return decision.kind if decision.kind in SINGLE else None


def latest_decision(campaign: Campaign, kind: DecisionKind) -> Decision | None:
    """Return the decision of a kind that counts, None where there is none. One query."""
    return Decision.objects.filter(campaign=campaign, kind=kind).order_by("-decided_on", "-pk").first()


def decided_visibility(campaign: Campaign) -> Visibility | None:
    """Return what the leading group lets departments read of the next publication, None where undecided. One query."""
    decision = latest_decision(campaign, DecisionKind.VISIBILITY)
    return Visibility(decision.data["visibility"]) if decision is not None else None


def _on_same_matter(decision: Decision) -> list[Decision]:
    matter = matter_of(decision)
    if matter is None:
        return [decision]
    rows = Decision.objects.filter(campaign_id=decision.campaign_id, kind=decision.kind).order_by("-decided_on", "-pk")
    return [row for row in rows if matter_of(row) == matter]


def _later(latest_first: Iterable[Decision]) -> Iterable[int]:
    """Yield the ids of those that another on the same matter has replaced."""
    met: set[Hashable] = set()
    for row in latest_first:
        matter = matter_of(row)
        if matter in met:
            yield row.pk
        elif matter is not None:
            met.add(matter)


def _row(decision: Decision, names: Names, *, is_own: bool, counts: bool) -> DecisionRow:
    label = str(DecisionKind(decision.kind).label)
    row = DecisionRow(decision.uuid, decision.kind, label, decision.decided_on, is_own, counts)
    if is_own:
        return row
    return DecisionRow(
        row.uuid, row.kind, label, row.decided_on, is_own, counts, decision.text, effects_of(decision, names)
    )
