"""Reads of the first page: which seasons, where the season stands, what the office has to see to; demo accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q

from campaigns.enums import DEPARTMENT_ROLES, Role
from campaigns.models import Campaign, Department, Membership, Milestone, Phase, StaffMember
from campaigns.queries.people import ShortDepartment, interested_users, short_departments
from qualityseason import clock
from qualityseason.models import User

DEMO_ORDER = (Role.OFFICE, Role.TEAM_LEAD, Role.ASSESSOR, Role.LEADERSHIP, Role.HEAD, Role.STAFF)
SOON = timedelta(days=60)  # how far ahead milestones are shown


@dataclass(frozen=True)
class PhaseProgress:
    """A phase on one day: `pct` of its days are over (0 before it, 100 after it)."""

    number: int
    name: str
    starts_on: date
    ends_on: date
    pct: int
    is_now: bool


@dataclass(frozen=True)
class MilestoneAhead:
    """A milestone that is not over; `days_left` counts to its last day (0: today)."""

    name: str
    due_on: date
    days_left: int
    is_open: bool


@dataclass(frozen=True)
class OfficeTasks:
    """What the office has to see to before others can work."""

    without_head: tuple[str, ...]
    without_liaison: tuple[str, ...]
    short: tuple[ShortDepartment, ...]
    no_slip: int
    slip_out: int
    has_staff: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be seen to."""
        lacking = (self.without_head, self.without_liaison, self.short, self.no_slip, self.slip_out)
        return self.has_staff and not any(lacking)


@dataclass(frozen=True)
class DemoAccount:
    """A demonstration account as the login page tells of it.

    ``departments`` are those it belongs to or has an interest in; ``last_username`` closes the row of accounts of the
    same role that are not told one by one.
    """

    username: str
    role: str
    departments: tuple[str, ...]
    last_username: str


def open_campaigns(user: User) -> list[Campaign]:
    """Return the campaigns the user has a membership in on their own day, latest first. One query."""
    memberships = Membership.objects.filter(user=user).select_related("campaign").order_by("-campaign__starts_on")
    found: dict[int, Campaign] = {}
    for membership in memberships:
        today = clock.day_of(clock.now(membership.campaign))
        if membership.starts_on <= today and (membership.ends_on is None or membership.ends_on >= today):
            found.setdefault(membership.campaign_id, membership.campaign)
    return list(found.values())


def phases_on(campaign: Campaign, *, on: date) -> list[PhaseProgress]:
    """Return every phase with how much of it is over on that day. One query."""
    return [
        PhaseProgress(
            number=phase.number,
            name=phase.name,
            starts_on=phase.starts_on,
            ends_on=phase.ends_on,
            pct=_share_over(phase.starts_on, phase.ends_on, on),
            is_now=phase.starts_on <= on <= phase.ends_on,
        )
        for phase in Phase.objects.filter(campaign=campaign)
    ]


def _share_over(starts_on: date, ends_on: date, on: date) -> int:
    """Return the share of the days from first to last, both counted, that have begun, in whole percent."""
    days = (ends_on - starts_on).days + 1
    begun = min(max((on - starts_on).days + 1, 0), days)
    return begun * 100 // days


def milestones_ahead(campaign: Campaign, *, on: date) -> list[MilestoneAhead]:
    """Return the milestones of the next sixty days, the nearest first. One query."""
    ahead = Milestone.objects.filter(campaign=campaign, due_on__gte=on, due_on__lte=on + SOON)
    return [
        MilestoneAhead(
            name=milestone.name,
            due_on=milestone.due_on,
            days_left=(milestone.due_on - on).days,
            is_open=milestone.opens_on is not None and milestone.opens_on <= on,
        )
        for milestone in ahead.order_by("due_on", "code")
    ]


def office_tasks(campaign: Campaign, *, on: date) -> OfficeTasks:
    """Return what the office has to see to. Nine queries."""
    held = set(
        Membership.objects.filter(campaign=campaign, role__in=sorted(DEPARTMENT_ROLES))
        .current(on=on)
        .values_list("department_id", "role")
    )
    departments = list(Department.objects.filter(campaign=campaign).values_list("pk", "name"))
    members = User.objects.filter(pk__in=Membership.objects.filter(campaign=campaign).current(on=on).values("user_id"))
    unusable = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    slips = members.aggregate(
        none=Count("pk", filter=unusable), out=Count("pk", filter=Q(must_change_password=True) & ~unusable)
    )
    return OfficeTasks(
        without_head=tuple(name for pk, name in departments if (pk, Role.HEAD) not in held),
        without_liaison=tuple(name for pk, name in departments if (pk, Role.STAFF) not in held),
        short=short_departments(campaign.pk, on=on),
        no_slip=slips["none"],
        slip_out=slips["out"],
        has_staff=StaffMember.objects.filter(campaign=campaign).exists(),
    )


def demo_campaign() -> Campaign | None:
    """Return the campaign that runs on a demonstration clock, if there is one. One query."""
    return Campaign.objects.filter(clock_offset__isnull=False).order_by("-starts_on").first()


def demo_accounts(campaign: Campaign) -> list[DemoAccount]:
    """Return who is who in a demonstration: overseers one by one, heads and liaisons by their first. Five queries."""
    today = clock.day_of(clock.now(campaign))
    memberships = (
        Membership.objects.filter(campaign=campaign, user__is_active=True, user__must_change_password=False)
        .current(on=today)
        .select_related("user", "department")
    )
    rows = sorted(memberships, key=lambda row: (DEMO_ORDER.index(Role(row.role)), row.user.username))
    interests = interested_users(campaign.pk, frozenset(row.user_id for row in rows), on=today)
    names = dict(Department.objects.filter(campaign=campaign).values_list("pk", "name"))
    accounts: list[DemoAccount] = []
    for role, group in groupby(rows, key=lambda row: row.role):
        of_role = list(group)
        shown = of_role[:1] if role in DEPARTMENT_ROLES else of_role
        accounts += [
            DemoAccount(
                username=row.user.username,
                role=role,
                departments=tuple(name for pk, name in names.items() if row.user_id in interests[pk]),
                last_username=of_role[-1].user.username if len(shown) < len(of_role) else "",
            )
            for row in shown
        ]
    return accounts
