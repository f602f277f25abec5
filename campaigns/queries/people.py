"""Reads of the people pages: roles, interests, who may still act, the staff list, the classes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from campaigns.actors import Actor
from campaigns.enums import TEAM_ROLES, ResponsibilityCode
from campaigns.models import (
    Campaign,
    Department,
    Interest,
    Membership,
    Posting,
    Responsibility,
    StaffMember,
    StudentClass,
)
from campaigns.queries.paging import Page, page_of
from qualityseason.models import User
from qualityseason.text import clean, squeeze

CONFIRMING_TAKES = 2  # people: one records, another confirms


@dataclass(frozen=True)
class ShortDepartment:
    """A department for which too few of the team may act; `names` are those who may, at most one."""

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class PeoplePage:
    """What the people page shows; a responsibility comes with its code in words."""

    memberships: tuple[Membership, ...]
    interests: tuple[Interest, ...]
    responsibilities: tuple[tuple[Responsibility, str], ...]
    short: tuple[ShortDepartment, ...]


@dataclass(frozen=True)
class StaffRow:
    """One person of the staff list with the posting of the day asked about (None: none)."""

    member: StaffMember
    department: Department | None
    since: date | None


def people_page(
    actor: Actor, *, on: date, role: str = "", department: Department | None = None, ended: bool = False
) -> PeoplePage:
    """Return memberships (filtered), interests and responsibilities, and where too few may act. Eight queries."""
    memberships = Membership.objects.visible_to(actor).select_related("user", "department")
    if role:
        memberships = memberships.filter(role=role)
    if department is not None:
        memberships = memberships.filter(department=department)
    if not ended:
        memberships = memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    interests = Interest.objects.visible_to(actor).select_related("user", "department")
    responsibilities = Responsibility.objects.visible_to(actor).select_related("user", "department")
    words = dict(ResponsibilityCode.choices)
    return PeoplePage(
        tuple(memberships.order_by("role", "department__order", "user__username", "starts_on")),
        tuple(interests.order_by("department__order", "user__username", "starts_on")),
        tuple(
            (responsibility, str(words.get(responsibility.code, responsibility.code)))
            for responsibility in responsibilities.order_by("code", "department__order", "user__username")
        ),
        short_departments(actor.campaign_id, on=on),
    )


def short_departments(campaign_id: int, *, on: date) -> tuple[ShortDepartment, ...]:
    """Return the departments with fewer than two of the team who may act: one records, another confirms.

    Five queries. Interests are counted as in `load_actor`: belonged to at any time this season, or declared.
    """
    team = dict(
        Membership.objects.filter(campaign_id=campaign_id, role__in=sorted(TEAM_ROLES), user__is_active=True)
        .current(on=on)
        .values_list("user_id", "user__display_name")
    )
    interested = interested_users(campaign_id, frozenset(team), on=on)
    short = []
    for pk, name in Department.objects.filter(campaign_id=campaign_id).values_list("pk", "name"):
        free = sorted(team[user] for user in team.keys() - interested[pk])
        if len(free) < CONFIRMING_TAKES:
            short.append(ShortDepartment(name, tuple(free)))
    return tuple(short)


def interested_users(campaign_id: int, users: frozenset[int], *, on: date) -> dict[int, set[int]]:
    """Return department id → users among `users` with an interest in it on that day. Three queries."""
    season = Campaign.objects.filter(pk=campaign_id).values("facts_from")
    recent = Q(ends_on__isnull=True) | Q(ends_on__gte=season)
    pairs = [
        *Membership.objects.filter(campaign_id=campaign_id, user_id__in=users, department__isnull=False).values_list(
            "department_id", "user_id"
        ),
        *Interest.objects.filter(campaign_id=campaign_id, user_id__in=users)
        .current(on=on)
        .values_list("department_id", "user_id"),
        *Posting.objects.filter(recent, campaign_id=campaign_id, staff_member__user_id__in=users).values_list(
            "department_id", "staff_member__user_id"
        ),
    ]
    found: dict[int, set[int]] = defaultdict(set)
    for department_id, user_id in pairs:
        if department_id is not None and user_id is not None:
            found[department_id].add(user_id)
    return found


def known_accounts(campaign: Campaign) -> QuerySet[User, tuple[str, str]]:
    """Return (login, name) of everybody with a membership in the campaign, for choosing while typing."""
    return (
        User.objects.filter(memberships__campaign=campaign)
        .distinct()
        .order_by("username")
        .values_list("username", "display_name")
    )


def staff_page(
    actor: Actor,
    *,
    on: date,
    words: str = "",
    department: Department | None = None,
    category: str = "",
    after: str = "",
    before: str = "",
) -> tuple[list[StaffRow], Page[StaffMember]]:
    """Return one page of the staff list in the order of numbers, each with that day's posting. Two queries."""
    members = StaffMember.objects.visible_to(actor).select_related("user")
    if words:
        members = members.filter(Q(squeezed_name__contains=squeeze(words)) | Q(number__startswith=clean(words)))
    if category:
        members = members.filter(category=category)
    if department is not None:
        posted = Posting.objects.filter(department=department).current(on=on).values("staff_member_id")
        members = members.filter(pk__in=posted)
    page = page_of(members, key="number", after=after, before=before)
    postings = Posting.objects.filter(staff_member__in=[member.pk for member in page.rows]).current(on=on)
    places = {posting.staff_member_id: posting for posting in postings.select_related("department")}
    rows = []
    for member in page.rows:
        posting = places.get(member.pk)
        rows.append(StaffRow(member, posting.department if posting else None, posting.starts_on if posting else None))
    return rows, page


def postings_of(member: StaffMember) -> tuple[Posting, ...]:
    """Return a person's postings, latest first. One query."""
    return tuple(Posting.objects.filter(staff_member=member).select_related("department").order_by("-starts_on"))


def class_page(
    actor: Actor, *, words: str = "", department: Department | None = None, after: str = "", before: str = ""
) -> Page[StudentClass]:
    """Return one page of the classes in the order of their names. One query."""
    classes = StudentClass.objects.visible_to(actor).select_related("department")
    if words:
        classes = classes.filter(squeezed_name__contains=squeeze(words))
    if department is not None:
        classes = classes.filter(department=department)
    return page_of(classes, key="squeezed_name", after=after, before=before)
