"""The contest page for whoever asks: a judge's own list, the progress, the table with its ties, the awards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.contest import WIDE_SPREAD, Prize, Tie
from campaigns.enums import ContestState
from campaigns.models import Campaign, Contest, Decision
from campaigns.policy import can_run_contest, can_see_contest_table
from campaigns.queries.contest_facts import (
    BallotFacts,
    ContestFacts,
    EntryFacts,
    criteria_of,
    decided_by,
    judges_of,
    load_contest,
    plans_to_enter,
    prizes_of,
    tie_decisions,
)
from qualityseason.clock import day_of


@dataclass(frozen=True)
class OwnEntry:
    """A plan in a judge's list; `is_own` is one of the own department, which others judge."""

    uuid: UUID
    department: str
    block: str
    title: str
    is_own: bool
    mean: Decimal | None


@dataclass(frozen=True)
class TableRow:
    """A plan in the table. Nothing of it is known (`is_own`) to who has an interest in its department."""

    uuid: UUID
    plan_uuid: UUID
    version: int
    department: str
    block: str
    title: str
    is_own: bool
    rank: int | None = None
    prize: str | None = None
    mean: Decimal | None = None
    spread: Decimal | None = None
    is_wide: bool = False
    given: int = 0
    judges: int = 0
    missing: tuple[str, ...] = ()
    ballots: tuple[BallotFacts, ...] = ()
    is_approved: bool = True
    is_latest: bool = True


@dataclass(frozen=True)
class TieRow:
    """A tie across a line between prizes: its entries in the scheme's order, and `order` as decided, if it is."""

    rank: int
    is_open: bool
    is_own: bool
    mean: Decimal | None = None
    prizes: tuple[str, ...] = ()
    entries: tuple[tuple[UUID, str], ...] = ()
    order: tuple[str, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True)
class Award:
    """A line of the award list; the mean only for who may know it."""

    prize: str
    rank: int
    department: str
    title: str
    mean: Decimal | None = None


@dataclass(frozen=True)
class ContestPage:
    """What one person sees of the contest; each part is empty where it is not for them."""

    contest: Contest | None
    criteria: tuple[str, ...]
    prizes: tuple[Prize, ...]
    judges: tuple[str, ...] = ()
    own: tuple[OwnEntry, ...] = ()
    rows: tuple[TableRow, ...] = ()
    ties: tuple[TieRow, ...] = ()
    awards: tuple[Award, ...] = ()
    results: tuple[Award, ...] = ()
    to_enter: tuple[str, ...] = ()
    unjudgeable: tuple[str, ...] = ()

    @property
    def done(self) -> int:
        """How many plans of the judge's list are judged."""
        return sum(1 for entry in self.own if entry.mean is not None)

    @property
    def due(self) -> int:
        """How many plans the judge has to judge."""
        return sum(1 for entry in self.own if not entry.is_own)

    @property
    def has_open_tie(self) -> bool:
        """Whether the award waits for a decision."""
        return any(tie.is_open for tie in self.ties)

    @property
    def wide_spread(self) -> Decimal:
        """From how many points on a spread is marked."""
        return WIDE_SPREAD

    @property
    def missing(self) -> int:
        """How many ballots are still to be given, as far as the person may know."""
        return sum(len(row.missing) for row in self.rows)


def find_contest(actor: Actor) -> Contest | None:
    """Return the season's contest if the actor may see it. One query."""
    return Contest.objects.visible_to(actor).select_related("campaign").first()


def contest_page(actor: Actor, campaign: Campaign, *, at: datetime) -> ContestPage:
    """Return what the actor sees of the contest; at most thirteen queries."""
    contest = find_contest(actor)
    page = ContestPage(contest, criteria_of(campaign), prizes_of(campaign))
    day = day_of(at)
    if contest is None:
        if not can_run_contest(actor):
            return page
        waiting = tuple(plan.department.name for plan in plans_to_enter(None, campaign))
        return replace(page, to_enter=waiting, judges=tuple(judges_of(campaign, on=day).values()))
    decisions = tie_decisions(contest)
    facts = load_contest(contest, on=day, decisions=decisions)
    if actor.judges:
        page = replace(page, own=_own_entries(actor, facts.entries))
    if can_see_contest_table(actor):
        page = replace(
            page,
            rows=table_rows(actor, contest, facts),
            judges=facts.judges,
            unjudgeable=tuple(entry.department for entry in facts.entries if not entry.judges),
        )
    if can_see_contest_table(actor) and contest.state != ContestState.OPEN:
        page = replace(page, ties=tie_rows(actor, facts, decisions))
    if can_run_contest(actor) and contest.state == ContestState.OPEN:
        page = replace(page, to_enter=tuple(plan.department.name for plan in plans_to_enter(contest, campaign)))
    if contest.state == ContestState.AWARDED:
        page = replace(page, awards=award_rows(actor, facts), results=_own_results(actor, facts))
    return page


def table_rows(actor: Actor, contest: Contest, facts: ContestFacts) -> tuple[TableRow, ...]:
    """Return the table by rank, or in the scheme's order while judging is open and no figure is for anybody."""
    rows = [_row(actor, contest, facts, entry) for entry in facts.entries]
    if contest.state == ContestState.OPEN:
        return tuple(rows)
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0)))


def _row(actor: Actor, contest: Contest, facts: ContestFacts, entry: EntryFacts) -> TableRow:
    row = TableRow(
        uuid=entry.uuid,
        plan_uuid=entry.plan_uuid,
        version=entry.version,
        department=entry.department,
        block=entry.block,
        title=entry.title,
        is_own=actor.is_interested_in(entry.department_id),
    )
    if contest.state == ContestState.AWARDED:  # then everybody in the department knows as much
        row = replace(row, rank=entry.rank, mean=entry.mean, prize=entry.prize)
    if row.is_own:
        return row
    row = replace(
        row,
        given=len(entry.counted),
        judges=len(entry.judges),
        missing=entry.missing,
        is_approved=entry.is_approved,
        is_latest=entry.is_latest,
    )
    if contest.state == ContestState.OPEN:
        return row
    if contest.state == ContestState.CLOSED and (placing := facts.outcome.placings.get(entry.uuid)):
        row = replace(row, rank=placing.rank, prize=placing.prize, mean=entry.mean)
    is_wide = entry.spread is not None and entry.spread >= WIDE_SPREAD
    return replace(row, spread=entry.spread, is_wide=is_wide, ballots=entry.ballots)


def tie_rows(actor: Actor, facts: ContestFacts, decisions: Sequence[Decision]) -> tuple[TieRow, ...]:
    """Return the ties across prize lines, decided or not; of one that touches an interest only that there is one."""
    entries = {entry.uuid: entry for entry in facts.entries}
    rows = []
    for tie in facts.outcome.ties:
        if actor.is_interested_in(*(entries[each].department_id for each in tie.entries)):
            rows.append(TieRow(tie.rank, is_open=tie.is_open, is_own=True))
            continue
        rows.append(
            TieRow(
                tie.rank,
                is_open=tie.is_open,
                is_own=False,
                mean=tie.mean,
                prizes=tie.prizes,
                entries=tuple((each, entries[each].department) for each in tie.entries),
                order=tuple(entries[each].department for each in tie.order),
                decision=standing_decision(tie, decisions),
            )
        )
    return tuple(rows)


def standing_decision(tie: Tie[UUID], decisions: Sequence[Decision]) -> Decision | None:
    """Return the decision that settles the tie now, None while nobody has decided."""
    named = frozenset(tie.entries)
    for decision in reversed(decisions):
        said = decided_by(decision)
        if (said.rank, said.mean, frozenset(said.order)) == (tie.rank, tie.mean, named):
            return decision
    return None


def award_rows(actor: Actor, facts: ContestFacts) -> tuple[Award, ...]:
    """Return the plans with a prize, the best first; the means for who may see the table."""
    sees = can_see_contest_table(actor)
    won = sorted((entry for entry in facts.entries if entry.prize), key=lambda entry: entry.rank or 0)
    return tuple(_award(entry, with_mean=sees) for entry in won)


def _own_results(actor: Actor, facts: ContestFacts) -> tuple[Award, ...]:
    own = [entry for entry in facts.entries if entry.department_id in actor.departments]
    return tuple(_award(entry, with_mean=True) for entry in own)


def _award(entry: EntryFacts, *, with_mean: bool) -> Award:
    return Award(entry.prize, entry.rank or 0, entry.department, entry.title, entry.mean if with_mean else None)


def _own_entries(actor: Actor, entries: Sequence[EntryFacts]) -> tuple[OwnEntry, ...]:
    listed = []
    for entry in entries:
        given = next((ballot.mean for ballot in entry.ballots if ballot.judge_id == actor.user_id), None)
        is_own = actor.is_interested_in(entry.department_id)
        mean = None if is_own else given
        listed.append(OwnEntry(entry.uuid, entry.department, entry.block, entry.title, is_own, mean))
    return tuple(listed)
