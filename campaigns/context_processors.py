"""What every page's frame needs, from what the middleware has loaded already: no queries (the demo login apart)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.enums import ContestState, RegisterCode, Role
from campaigns.models import Campaign, Contest
from campaigns.policy import can_remind, can_see_register, importable_kinds
from campaigns.queries.home import DemoAccount, demo_accounts, demo_campaign
from qualityseason import policy

DEMO_PASSWORD = "quality-season"  # noqa: S105  # of demonstration accounts; shown on their login page
MAIN = (
    ("campaigns:campaign-home", gettext_lazy("Home"), "home"),
    ("campaigns:obligations", gettext_lazy("What is due"), "bell-alert"),
    ("campaigns:calendar", gettext_lazy("Calendar"), "calendar-days"),
    ("campaigns:evidence", gettext_lazy("Evidence"), "camera"),
)
REMINDERS = ("campaigns:reminders", gettext_lazy("Remind"), "megaphone")
RECEIPTS = ("campaigns:receipts", gettext_lazy("Receipts"), "inbox-arrow-down")
CONTEST = ("campaigns:contest", gettext_lazy("Contest"), "trophy")
REGISTERS = ("campaigns:registers", gettext_lazy("Registers"), "circle-stack")
IMPORTS = ("campaigns:imports", gettext_lazy("Imports"), "arrow-up-tray")
HANDING_IN = (
    ("campaigns:sessions", gettext_lazy("Study sessions"), "chat-bubble-left-right"),
    ("campaigns:plans", gettext_lazy("Plans"), "document-duplicate"),
    RECEIPTS,
    CONTEST,
    ("campaigns:duties", gettext_lazy("Duties"), "list-bullet"),
    ("campaigns:proposals", gettext_lazy("Proposed changes"), "pencil-square"),
    ("campaigns:delegations", gettext_lazy("Delegations"), "arrows-right-left"),
)
IMPLEMENTATION = (
    ("campaigns:haves", gettext_lazy("Eight haves"), "squares-2x2"),
    ("campaigns:duty-records", gettext_lazy("Duties with record"), "clipboard-document-list"),
    ("campaigns:months", gettext_lazy("Monthly work"), "calendar"),
    ("campaigns:publicity", gettext_lazy("Publicity"), "newspaper"),
    ("campaigns:stage-reports", gettext_lazy("Stage reports"), "document-chart-bar"),
    ("campaigns:exchanges", gettext_lazy("Exchanges"), "presentation-chart-line"),
)
TASKS = (
    ("campaigns:circulars", gettext_lazy("Circulars"), "envelope-open"),
    ("campaigns:assignments", gettext_lazy("Assignments"), "briefcase"),
    ("campaigns:problems", gettext_lazy("Problems"), "exclamation-triangle"),
    ("campaigns:policies", gettext_lazy("Own policies"), "shield-check"),
    REGISTERS,
    REMINDERS,
)
SUMMING_UP = (
    ("campaigns:summaries", gettext_lazy("Summaries"), "document-check"),
    ("campaigns:volume", gettext_lazy("Volume"), "book-open"),
    ("campaigns:recommendations", gettext_lazy("Recommendations"), "hand-thumb-up"),
    ("campaigns:honours", gettext_lazy("Honours"), "star"),
    ("campaigns:objectives", gettext_lazy("Objectives"), "flag"),
)
LISTS = (
    ("campaigns:departments", gettext_lazy("Departments"), "building-library"),
    ("campaigns:campaign", gettext_lazy("The scheme"), "document-text"),
    ("campaigns:staff", gettext_lazy("Staff"), "identification"),
    ("campaigns:classes", gettext_lazy("Classes"), "academic-cap"),
    ("campaigns:leaders", gettext_lazy("Leaders"), "user-group"),
    ("campaigns:people", gettext_lazy("Roles"), "users"),
    ("campaigns:accounts", gettext_lazy("Accounts"), "key"),
    IMPORTS,
    ("campaigns:department-changes", gettext_lazy("Changes of departments"), "arrow-path-rounded-square"),
    ("campaigns:season-copy", gettext_lazy("Next season"), "document-plus"),
)
ELSEWHERE = {"campaigns:volume-summaries": "campaigns:summaries"}  # pages that lie under another than their path says
ROOM = 8  # items that stand in the bar, the menu of all others apart
DEMO_TASKS = {
    Role.OFFICE: gettext_lazy("sets the season up: people, accounts, lists"),
    Role.TEAM_LEAD: gettext_lazy("confirms and withdraws deductions"),
    Role.ASSESSOR: gettext_lazy("visits, records deductions, confirms those of others"),
    Role.LEADERSHIP: gettext_lazy("looks at the ranking and what moves it"),
    Role.HEAD: gettext_lazy("reads what the own department lost, and why"),
    Role.STAFF: gettext_lazy("the same, for the head"),
}


@dataclass(frozen=True)
class NavItem:
    """One item of the navigation; `icon` is an outline heroicon or ''."""

    label: str
    url: str
    icon: str
    active: bool


@dataclass(frozen=True)
class NavGroup:
    """Some items of the menu under one heading."""

    label: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True)
class Navigation:
    """What stands in the bar, and what its menu “more” holds; as a sequence, all of them."""

    main: tuple[NavItem, ...]
    more: tuple[NavGroup, ...]

    def __iter__(self) -> Iterator[NavItem]:
        return chain(self.main, *(group.items for group in self.more))

    @property
    def active_in_more(self) -> str:
        """The name of the page one is on when it stands in the menu, else ''."""
        return next((item.label for group in self.more for item in group.items if item.active), "")


@dataclass(frozen=True)
class DemoRow:
    """One account on the demonstration's login page."""

    username: str
    label: str
    description: str


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return campaign, actor, nav and demo_now for pages of a campaign; who is who for a demonstration's login."""
    match = request.resolver_match
    if match is not None and match.view_name == "login":
        return _demo_login() if settings.DEMO_ALLOWED else {}
    actor: Actor | None = getattr(request, "actor", None)
    campaign: Campaign | None = getattr(request, "campaign", None)
    if actor is None or campaign is None:
        return {}
    return {
        "campaign": campaign,
        "actor": actor,
        "nav": navigation(campaign, actor, path=request.path),
        "demo_now": getattr(request, "at", None) if campaign.clock_offset is not None else None,
    }


def navigation(campaign: Campaign, actor: Actor, *, path: str) -> Navigation:
    """Return what the actor may open, by the policy table; the item `path` lies under is active.

    Other apps add theirs through `hooks.navigation`: (label, url name) or (label, path beginning with “/”), with an
    icon or without; the first of them stand in the bar. Asks nothing.
    """
    hats = ((REMINDERS, can_remind(actor)), (RECEIPTS, actor.receives), (CONTEST, actor.judges))
    own = [*MAIN, *(place for place, wears in (*hats, (REGISTERS, bool(actor.keeps))) if wears)]
    added = [_added(entry) for hook in hooks.navigation for entry in hook(campaign, actor)]
    bar = _allowed(campaign, actor, own)
    assessing = _allowed(campaign, actor, added)
    room = max(0, ROOM - len(bar))
    menu = (
        (_("Handing in"), HANDING_IN),
        (_("Implementation"), IMPLEMENTATION),
        (_("Tasks and registers"), TASKS),
        (_("Summing up"), SUMMING_UP),
    )
    groups = (
        *((label, _allowed(campaign, actor, [each for each in group if each not in own])) for label, group in menu),
        (_("Assessment"), assessing[room:]),
        (_("The season and its people"), _allowed(campaign, actor, LISTS)),
    )
    places = [*bar, *assessing[:room]]
    active = _active(campaign, [url for url, *_rest in chain(places, *(group for _label, group in groups))], path)
    return Navigation(
        _items(places, active),
        tuple(NavGroup(label, _items(group, active)) for label, group in groups if group),
    )


def _active(campaign: Campaign, urls: list[str], path: str) -> str:
    """Return the item `path` lies under, '' where none: the longest address it begins with decides."""
    home = reverse("campaigns:campaign-home", args=[campaign.slug])
    above = {url: url for url in urls}
    above |= {_place(campaign, page)[1]: _place(campaign, item)[1] for page, item in ELSEWHERE.items()}
    fits = [start for start in above if path == start or (start != home and path.startswith(start))]
    return above[max(fits, key=len)] if fits else ""


def _added(entry: hooks.NavigationEntry) -> tuple[str, str, str]:
    """Return (target, label, icon) of another app's entry."""
    return entry[1], entry[0], entry[2] if len(entry) == 3 else ""


def _items(places: Iterable[tuple[str, str, str]], active: str) -> tuple[NavItem, ...]:
    return tuple(NavItem(label, url, icon, url == active) for url, label, icon in places)


def _allowed(campaign: Campaign, actor: Actor, targets: Iterable[tuple[str, Any, str]]) -> list[tuple[str, str, str]]:
    """Return (url, label, icon) of the places the actor may open and finds something at."""
    found = []
    for target, label, icon in targets:
        name, url = _place(campaign, target)
        if _may_open(actor, name) and _has_something(campaign, actor, name):
            found.append((url, str(label), icon))
    return found


def _has_something(campaign: Campaign, actor: Actor, name: str) -> bool:
    """Whether the actor would find anything there."""
    if name == REGISTERS[0]:
        return any(can_see_register(actor, register) for register in RegisterCode)
    if name == IMPORTS[0]:
        return bool(importable_kinds(actor))
    return name != CONTEST[0] or _has_contest(campaign, actor)


def _has_contest(campaign: Campaign, actor: Actor) -> bool:
    """Whether the contest's page has something for the actor; the office opens it there."""
    contest: Contest | None = getattr(campaign, "contest", None)  # loaded with the campaign; None where there is none
    if contest is None or actor.has(Role.OFFICE):
        return actor.has(Role.OFFICE)
    return actor.oversees or actor.judges or contest.state == ContestState.AWARDED


def _place(campaign: Campaign, target: str) -> tuple[str, str]:
    """Return (url name, url) of a navigation target."""
    if target.startswith("/"):
        return resolve(target).view_name, target
    return target, reverse(target, args=[campaign.slug])


def _may_open(actor: Actor, name: str) -> bool:
    access = policy.TABLE[name]
    return access.roles is None or not actor.roles.isdisjoint(access.roles)


def _demo_login() -> dict[str, Any]:
    campaign = demo_campaign()
    if campaign is None:
        return {}
    return {
        "campaign": campaign,
        "demo_accounts": [_demo_row(account) for account in demo_accounts(campaign)],
        "demo_password": os.environ.get("DEMO_PASSWORD") or DEMO_PASSWORD,
    }


def _demo_row(account: DemoAccount) -> DemoRow:
    role = Role(account.role)
    words = {
        "task": str(DEMO_TASKS[role]),
        "departments": "、".join(account.departments),
        "last": account.last_username,
    }
    if account.last_username:
        description = _("%(departments)s: %(task)s. Up to %(last)s: the other departments, in the scheme's order")
    elif account.departments:
        description = _("%(task)s; belongs to %(departments)s and keeps out of what concerns it")
    else:
        description = "%(task)s"
    return DemoRow(account.username, str(role.label), description % words)
