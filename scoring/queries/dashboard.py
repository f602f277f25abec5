"""What the leading group sees on one screen: own departments, news, what waits for a yes, and how the season stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from campaigns.actors import Actor
from campaigns.enums import LeaderPost, ObligationKind
from campaigns.models import Campaign, DepartmentLeader, Invitation, Obligation
from campaigns.queries.home import PhaseProgress, phases_on
from campaigns.queries.objectives import ObjectiveState, objective_states
from qualityseason.clock import day_of
from scoring.calculations import ZERO
from scoring.enums import RULINGS, AppealState, PublicationState, SupplementState
from scoring.facts.results import BlockRanking, CategoryColumn, Ranking
from scoring.models import Appeal, Deduction, Display, Publication, Supplement
from scoring.queries.mending import MendingSums, spared_by_all
from scoring.queries.ranking import load_known_ranking, load_ranking
from scoring.queries.results import load_commended_numbers
from scoring.queries.rulers import load_rulers, why_not_rule
from scoring.queries.still_open import undecided_tie

WEEK = timedelta(days=7)  # movement is told against the ranking of so long ago where nobody looked before
FEW = 5


@dataclass(frozen=True)
class DashboardRow:
    """One department: `moved` places up (or, negative, down) since the last visit."""

    rank: int
    uuid: UUID
    department: str
    scores: tuple[Decimal, ...]
    total: Decimal
    moved: int


@dataclass(frozen=True)
class DashboardBlock:
    """A block, best first."""

    code: str
    name: str
    rows: tuple[DashboardRow, ...]


@dataclass(frozen=True)
class OwnDepartment:
    """A department the leader is in charge of or liaises with."""

    post: str
    row: DashboardRow
    appeals: int
    overdue: int


@dataclass(frozen=True)
class News:
    """What happened since the last visit; `since` is that visit, or a week ago on the first."""

    since: datetime
    lines: int
    points: Decimal
    ruled: int
    published: int


@dataclass(frozen=True)
class Waiting:
    """What waits for a yes of this person."""

    proposals: tuple[Publication, ...]
    appeals: tuple[Appeal, ...]
    ties: tuple[tuple[str, ...], ...]
    supplements: tuple[Supplement, ...]
    invitations: tuple[Invitation, ...]

    @property
    def number(self) -> int:
        """How many matters."""
        groups: Sequence[Sequence[object]] = (
            self.proposals,
            self.appeals,
            self.ties,
            self.supplements,
            self.invitations,
        )
        return sum(len(group) for group in groups)


@dataclass(frozen=True)
class Cost:
    """What one rule cost the college: confirmed points and how many departments it touched."""

    code: str
    label: str
    points: Decimal
    departments: int


@dataclass(frozen=True)
class Late:
    """How many things of one sort are overdue."""

    kind: str
    label: str
    number: int


@dataclass(frozen=True)
class Dashboard:
    """The whole screen."""

    own: tuple[OwnDepartment, ...]
    news: News
    waiting: Waiting
    categories: tuple[CategoryColumn, ...]
    blocks: tuple[DashboardBlock, ...]
    phases: tuple[PhaseProgress, ...]
    by_points: tuple[Cost, ...]
    by_departments: tuple[Cost, ...]
    late: tuple[Late, ...]
    appeals: dict[str, int]
    objectives: tuple[ObjectiveState, ...]
    spared: MendingSums
    display: Display | None
    current: Publication | None


def load_dashboard(campaign: Campaign, actor: Actor, *, before: datetime | None, at: datetime) -> Dashboard:
    """Return the dashboard as the actor may see it. A fixed number of queries, at any size of the season.

    `before` is the last visit. Of departments of own interest nothing is told that their staff do not know.
    """
    since = before if before is not None else at - WEEK
    ranking = load_ranking(campaign, actor=actor)
    then = load_known_ranking(campaign, known_at=since)
    ranks_then = {row.uuid: row.rank for block in then.blocks for row in block.rows}
    blocks = tuple(_block(block, ranks_then) for block in ranking.blocks)
    overdue = _overdue(actor, on=day_of(at))
    return Dashboard(
        own=_own(actor, blocks, overdue),
        news=_news(actor, since),
        waiting=_waiting(campaign, actor, ranking, at=at),
        categories=ranking.categories,
        blocks=blocks,
        phases=tuple(phases_on(campaign, on=day_of(at))),
        by_points=_costs(actor, "-points"),
        by_departments=_costs(actor, "-departments"),
        late=_late(overdue),
        appeals=dict(Appeal.objects.visible_to(actor).order_by().values_list("state").annotate(number=Count("pk"))),
        objectives=objective_states(campaign, actor),
        spared=spared_by_all(campaign, actor),
        display=Display.objects.visible_to(actor).standing().defer("snapshot__content").first(),
        current=Publication.objects.visible_to(actor).current().order_by("-number").first(),
    )


def _block(block: BlockRanking, ranks_then: Mapping[UUID, int]) -> DashboardBlock:
    rows = (
        DashboardRow(row.rank, row.uuid, row.department, row.scores, row.total, ranks_then[row.uuid] - row.rank)
        for row in block.rows
    )
    return DashboardBlock(block.code, block.name, tuple(rows))


def _own(
    actor: Actor, blocks: tuple[DashboardBlock, ...], overdue: Sequence[tuple[str, UUID]]
) -> tuple[OwnDepartment, ...]:
    rows = {row.uuid: row for block in blocks for row in block.rows}
    late = Counter(department for _kind, department in overdue)
    leading = DepartmentLeader.objects.visible_to(actor).filter(user_id=actor.user_id)
    posts = list(leading.order_by("department__order").values_list("department__uuid", "post"))
    pending = Appeal.objects.visible_to(actor).pending().order_by()
    appeals = Counter(pending.values_list("department__uuid", flat=True))
    return tuple(
        OwnDepartment(str(LeaderPost(post).label), rows[uuid], appeals[uuid], late[uuid])
        for uuid, post in posts
        if uuid in rows
    )


def _news(actor: Actor, since: datetime) -> News:
    lines = Deduction.objects.visible_to(actor).confirmed().filter(confirmed_at__gt=since).order_by()
    sums = lines.aggregate(number=Count("pk"), points=Sum("amount"))
    ruled = Appeal.objects.visible_to(actor).filter(state__in=sorted(RULINGS), ruled_at__gt=since)
    published = Publication.objects.visible_to(actor).confirmed().filter(decided_at__gt=since)
    return News(since, sums["number"], sums["points"] or ZERO, ruled.count(), published.count())


def _waiting(campaign: Campaign, actor: Actor, ranking: Ranking, *, at: datetime) -> Waiting:
    on = day_of(at)
    proposals = Publication.objects.visible_to(actor).filter(state=PublicationState.PROPOSED)
    pending = list(
        Appeal.objects.visible_to(actor)
        .pending()
        .select_related("department", "deduction__rule", "earlier__deduction")
        .order_by("appealed_at", "pk")
    )
    rulers = load_rulers(pending, on=on)
    mine = (row for row in pending if not why_not_rule(actor, row, row.deduction, on=on, rulers=rulers[row.pk]))
    numbers = load_commended_numbers(campaign)
    ties = (undecided_tie(block, numbers.get(block.code, 0)) for block in ranking.blocks)
    invited = Invitation.objects.visible_to(actor).filter(
        user_id=actor.user_id, session__cancelled_at=None, session__sittings__starts_at__gt=at
    )
    return Waiting(
        proposals=tuple(proposals.exclude(proposed_by_id=actor.user_id)),
        appeals=tuple(mine),
        ties=tuple(names for names in ties if names),
        supplements=tuple(Supplement.objects.visible_to(actor).filter(state=SupplementState.DRAFT)),
        invitations=tuple(invited.select_related("session__department").distinct().order_by("session_id")),
    )


def _costs(actor: Actor, order: str) -> tuple[Cost, ...]:
    lines = Deduction.objects.visible_to(actor).confirmed().order_by()
    rows = (
        lines.values_list("rule__code", "rule_version__label")
        .annotate(points=Sum("amount"), departments=Count("charged", distinct=True))
        .order_by(order, "-points", "rule__code")
    )
    return tuple(Cost(*row) for row in rows[:FEW])


def _overdue(actor: Actor, *, on: date) -> list[tuple[str, UUID]]:
    """Return sort and department of everything owed whose last day is over. One query."""
    last = Coalesce("extended_to", "due_on")
    rows = Obligation.objects.visible_to(actor).open().annotate(last=last).filter(Q(last__lt=on), due_on__lt=on)
    departments = rows.filter(department__closed_on=None).order_by("kind", "pk").annotate(whose=F("department__uuid"))
    return list(departments.values_list("kind", "whose"))


def _late(overdue: Sequence[tuple[str, UUID]]) -> tuple[Late, ...]:
    counts = Counter(kind for kind, _department in overdue).most_common(FEW)
    return tuple(Late(kind, str(ObligationKind(kind).label), number) for kind, number in counts)


def pending_appeals(dashboard: Dashboard) -> int:
    """Return how many appeals wait for a ruling."""
    return dashboard.appeals.get(AppealState.PENDING, 0)
