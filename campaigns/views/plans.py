"""The list of plans, and the page of one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from campaigns.actors import Actor
from campaigns.forms.plans import PlanFilter
from campaigns.models import Department, Plan
from campaigns.queries.plans import block_choices, plan_rows
from campaigns.requests import PortalRequest
from campaigns.views.home import panels
from campaigns.views.lists import chosen
from campaigns.views.paper_access import seen_paper
from campaigns.views.papers import page_context
from qualityseason.clock import day_of


@require_safe
def plans(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show all plans the reader may know of; lead a department with one plan straight to it."""
    actor = request.actor
    rows_of_all = not actor.oversees and not actor.receives and not actor.judges
    form = PlanFilter(request.GET, blocks=block_choices(actor), without_plan=actor.oversees)
    filters = chosen(form)
    rows = plan_rows(actor, on=day_of(request.at), block=filters.get("block", ""), state=filters.get("state", ""))
    if rows_of_all and not filters and len(rows) == 1 and rows[0].uuid:
        return redirect("campaigns:plan", request.campaign.slug, rows[0].uuid)
    context = {
        "rows": rows,
        "filter": form,
        "active": len(filters),
        "has_filter": not rows_of_all,
        "startable": list(Department.objects.visible_to(actor).filter(pk__in=_without_plan(actor))),
    }
    return render(request, "campaigns/plans.html", context)


@require_safe
def plan(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one plan: where it stands, what it says, what was done with it."""
    found = seen_paper(request, Plan, uuid)
    context = page_context(request, found) | {"panels": panels(request, "plan", found.department)}
    return render(request, "campaigns/paper_page.html", context)


def _without_plan(actor: Actor) -> list[int]:
    """Return the own departments that have no plan yet. One query."""
    begun = Plan.objects.of_campaign(actor).filter(department_id__in=actor.departments)
    return sorted(actor.departments - set(begun.values_list("department_id", flat=True)))
