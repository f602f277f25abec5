"""All there is to know of the plan contest at one moment: entries, judges, ballots. For services, pages and sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from campaigns.calculations import contest as arithmetic
from campaigns.calculations.contest import Decided, Outcome, Prize
from campaigns.enums import DEPARTMENT_ROLES, DecisionKind, PlanState, ResponsibilityCode
from campaigns.models import (
    Ballot,
    Campaign,
    Contest,
    ContestEntry,
    Decision,
    Membership,
    Plan,
    PlanVersion,
    Responsibility,
)
from campaigns.queries.people import interested_users


@dataclass(frozen=True)
class BallotFacts:
    """What one judge gave; it does not count when the judge has (meanwhile) an interest in the department."""

    judge_id: int
    judge: str
    points: Mapping[str, int]
    comment: str
    counts: bool
    criteria: tuple[str, ...] = ()

    @property
    def mean(self) -> Decimal:
        """The judge's mean over the criteria."""
        return arithmetic.hundredths(arithmetic.judge_mean(tuple(self.points.values())))

    @property
    def by_criterion(self) -> tuple[tuple[str, int], ...]:
        """The points in the order of the season's criteria."""
        return tuple((criterion, self.points[criterion]) for criterion in self.criteria if criterion in self.points)


@dataclass(frozen=True)
class EntryFacts:
    """One plan in the contest; ``missing`` are the judges who may judge it and have not, ``judges`` all who may."""

    pk: int
    uuid: UUID
    plan_uuid: UUID
    version: int
    department_id: int
    department: str
    block: str
    title: str
    ballots: tuple[BallotFacts, ...]
    judges: tuple[str, ...]
    missing: tuple[str, ...]
    is_approved: bool
    is_latest: bool
    rank: int | None
    final_mean: Decimal | None
    prize: str

    @property
    def counted(self) -> tuple[tuple[int, ...], ...]:
        """The points that count, one row for each judge."""
        return tuple(tuple(ballot.points.values()) for ballot in self.ballots if ballot.counts)

    @property
    def mean(self) -> Decimal | None:
        """The mean of the judges' means; as it was written down, once the contest is awarded."""
        return self.final_mean if self.final_mean is not None else arithmetic.entry_mean(self.counted)

    @property
    def spread(self) -> Decimal | None:
        """How far the judges are from each other."""
        return arithmetic.spread(self.counted)


@dataclass(frozen=True)
class ContestFacts:
    """The contest with its entries in the scheme's order, and the names of all judges."""

    entries: tuple[EntryFacts, ...]
    judges: tuple[str, ...]
    prizes: tuple[Prize, ...]
    outcome: Outcome[UUID]


def prizes_of(campaign: Campaign) -> tuple[Prize, ...]:
    """Return the season's classes of prizes, the best first."""
    return tuple(Prize(each["name"], int(each["count"])) for each in campaign.lists.get("contest_prizes", ()))


def criteria_of(campaign: Campaign) -> tuple[str, ...]:
    """Return what the season's judges give points for."""
    return tuple(campaign.lists.get("contest_criteria", ()))


def judges_of(campaign: Campaign, *, on: date) -> dict[int, str]:
    """Return user id → name of everybody who judges on that day: holders, and heads and liaisons of departments that
    hold it, as in `load_actor`. Two queries."""
    held = Responsibility.objects.filter(campaign=campaign, code=ResponsibilityCode.CONTEST_JUDGE)
    holders = list(held.values_list("user_id", "department_id"))
    users = {user for user, _department in holders if user is not None}
    departments = {department for _user, department in holders if department is not None}
    current = Membership.objects.filter(campaign=campaign, user__is_active=True).current(on=on)
    rows = current.order_by("user__display_name", "user_id").values_list(
        "user_id", "user__display_name", "role", "department_id"
    )
    return {
        user: name
        for user, name, role, department in rows
        if user in users or (role in DEPARTMENT_ROLES and department in departments)
    }


def tie_decisions(contest: Contest) -> list[Decision]:
    """Return the decisions on ties of this contest, oldest first. One query."""
    rows = Decision.objects.filter(campaign_id=contest.campaign_id, kind=DecisionKind.CONTEST_TIE)
    return list(rows.select_related("recorded_by").order_by("recorded_at", "pk"))


def decided_by(decision: Decision) -> Decided[UUID]:
    """Return what the decision says, as the arithmetic takes it."""
    data = decision.data
    return Decided(tuple(UUID(each) for each in data["order"]), int(data["rank"]), Decimal(data["mean"]))


def load_contest(contest: Contest, *, on: date, decisions: list[Decision] | None = None) -> ContestFacts:
    """Return everything about the contest, nothing hidden: who reads it is for the caller. At most eight queries."""
    campaign = contest.campaign
    judges = judges_of(campaign, on=on)
    given: dict[int, list[tuple[int, str, dict[str, int], str]]] = defaultdict(list)
    ballots = Ballot.objects.filter(entry__contest=contest).order_by("judge__display_name", "judge_id")
    columns = ("entry_id", "judge_id", "judge__display_name", "points", "comment")
    for entry_id, judge_id, judge, points, comment in ballots.values_list(*columns):
        given[entry_id].append((judge_id, judge, points, comment))
    voters = {ballot[0] for rows in given.values() for ballot in rows}
    interested = interested_users(campaign.pk, frozenset(judges.keys() | voters), on=on)
    latest = PlanVersion.objects.filter(plan=OuterRef("plan")).order_by("-number").values("number")[:1]
    rows = (
        ContestEntry.objects.filter(contest=contest)
        .select_related("plan__department__block", "version")
        .defer("version__content")
        .annotate(latest=Subquery(latest), said=F("version__content__title"))
        .order_by("plan__department__order")
    )
    criteria = criteria_of(campaign)
    entries = tuple(_entry(row, given[row.pk], judges, interested[row.plan.department_id], criteria) for row in rows)
    prizes = prizes_of(campaign)
    decided = [decided_by(each) for each in (tie_decisions(contest) if decisions is None else decisions)]
    means = {entry.uuid: entry.mean for entry in entries if entry.mean is not None}
    return ContestFacts(entries, tuple(judges.values()), prizes, arithmetic.place(means, prizes, decided))


def plans_to_enter(contest: Contest | None, campaign: Campaign) -> list[Plan]:
    """Return the approved plans not in the contest yet, in the scheme's order. One query."""
    plans = Plan.objects.filter(campaign=campaign, state=PlanState.APPROVED).select_related("department")
    if contest is not None:
        plans = plans.exclude(entries__contest=contest)
    return list(plans.order_by("department__order"))


def _entry(
    row: ContestEntry,
    given: list[tuple[int, str, dict[str, int], str]],
    judges: dict[int, str],
    interested: set[int],
    criteria: tuple[str, ...],
) -> EntryFacts:
    plan = row.plan
    free = {user: name for user, name in judges.items() if user not in interested}
    voted = {ballot[0] for ballot in given}
    return EntryFacts(
        pk=row.pk,
        uuid=row.uuid,
        plan_uuid=plan.uuid,
        version=row.version.number,
        department_id=plan.department_id,
        department=plan.department.name,
        block=plan.department.block.name,
        title=row.said,  # type: ignore[attr-defined]  # annotated: the title entered, whatever is written since
        ballots=tuple(
            BallotFacts(judge, name, points, comment, counts=judge not in interested, criteria=criteria)
            for judge, name, points, comment in given
        ),
        judges=tuple(free.values()),
        missing=tuple(name for user, name in free.items() if user not in voted),
        is_approved=plan.state == PlanState.APPROVED,
        is_latest=row.version.number == row.latest,  # type: ignore[attr-defined]  # annotated above
        rank=row.rank,
        final_mean=row.mean,
        prize=row.prize,
    )
