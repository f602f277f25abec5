"""The first page of everybody, and of a season: where it stands, what waits, where to go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaigns import hooks
from campaigns.enums import Role
from campaigns.models import Department
from campaigns.queries.home import milestones_ahead, office_tasks, open_campaigns, phases_on
from campaigns.queries.leader_view import leader_view
from campaigns.queries.reminders import home_reminder
from campaigns.queries.todo import in_groups, todo_list
from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Go on to the one season the person has a role in; show the list when there are several or none."""
    assert isinstance(request.user, User)  # noqa: S101  # signed in: the policy table
    campaigns = open_campaigns(request.user)
    if len(campaigns) == 1:
        return redirect("campaigns:campaign-home", campaigns[0].slug)
    return render(request, "campaigns/home.html", {"campaigns": campaigns})


@require_safe
def campaign_home(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show where the season stands and what waits for the person, over all of the person's roles."""
    today = day_of(request.at)
    context = {
        "todo": in_groups(todo_list(request.campaign, request.actor, at=request.at)),
        "reminder": home_reminder(request.actor, at=request.at),
        "leader": leader_view(request.campaign, request.actor, at=request.at),
        "phases": phases_on(request.campaign, on=today),
        "milestones": milestones_ahead(request.campaign, on=today),
        "tasks": office_tasks(request.campaign, on=today) if request.actor.has(Role.OFFICE) else None,
        "panels": panels(request, "home"),
        "roles": [Role(role).label for role in Role if role in request.actor.roles],
        "today": today,
    }
    return render(request, "campaigns/campaign_home.html", context)


def panels(request: PortalRequest, slot: str, department: Department | None = None) -> list[dict[str, Any]]:
    """Return what other apps have to show in a slot of the page: template and data each."""
    found: list[dict[str, Any]] = []
    for panel in hooks.panels[slot]:
        data = panel.data(request.campaign, request.actor, department, request.at)
        if data is not None:
            found.append({"template": panel.template, "data": data})
    return found
