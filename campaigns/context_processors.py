"""What every page's frame needs, from what the middleware has loaded already: no queries (the demo login apart)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Campaign
from campaigns.queries.home import DemoAccount, demo_accounts, demo_campaign
from qualityseason import policy

DEMO_PASSWORD = "quality-season"  # noqa: S105  # of demonstration accounts; shown on their login page
FIRST = (("campaigns:campaign-home", gettext_lazy("Home"), "home"),)
LAST = (
    ("campaigns:departments", gettext_lazy("Departments"), "building-library"),
    ("campaigns:campaign", gettext_lazy("The scheme"), "document-text"),
    ("campaigns:staff", gettext_lazy("Staff"), "identification"),
    ("campaigns:classes", gettext_lazy("Classes"), "academic-cap"),
    ("campaigns:people", gettext_lazy("Roles"), "users"),
    ("campaigns:accounts", gettext_lazy("Accounts"), "key"),
    ("campaigns:imports", gettext_lazy("Imports"), "arrow-up-tray"),
)
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


def navigation(campaign: Campaign, actor: Actor, *, path: str) -> list[NavItem]:
    """Return what the actor may open, by the policy table; the item `path` lies under is active.

    Other apps add theirs through `hooks.navigation`: (label, url name) or (label, path beginning with “/”).
    """
    added = [(target, label, "") for hook in hooks.navigation for label, target in hook(campaign, actor)]
    places = [(*_place(campaign, target), label, icon) for target, label, icon in (*FIRST, *added, *LAST)]
    home = reverse("campaigns:campaign-home", args=[campaign.slug])
    allowed = [(url, label, icon) for name, url, label, icon in places if _may_open(actor, name)]
    under = [url for url, _label, _icon in allowed if path == url or (url != home and path.startswith(url))]
    active = max(under, key=len, default="")
    return [NavItem(str(label), url, icon, url == active) for url, label, icon in allowed]


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
