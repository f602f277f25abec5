"""The list of plans, and the page of one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import WRITABLE_PLAN_STATES, PlanState, ResponsibilityCode
from campaigns.exports.plan_paper import word_html_of
from campaigns.forms.plan_workflow import PlanFilter
from campaigns.models import Department, Plan
from campaigns.queries.plan_page import PlanPage, plan_page
from campaigns.queries.plan_versions import PlanText
from campaigns.queries.plans import block_choices, plan_rows
from campaigns.requests import PortalRequest
from campaigns.views.home import panels
from campaigns.views.lists import chosen
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services.files import path_of


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
    found = seen_plan(request, uuid)
    page = plan_page(request.actor, request.campaign, found, on=day_of(request.at))
    word_html, word_problem = word_for_screen(page.text)
    context = {
        "plan": found,
        "page": page,
        "word_html": word_html,
        "word_problem": word_problem,
        "panels": panels(request, "plan", found.department),
        "is_interested": request.actor.is_interested_in(found.department_id),
        **acts(request.actor, found, page),
    }
    return render(request, "campaigns/plan.html", context)


def seen_plan(request: PortalRequest, uuid: UUID) -> Plan:
    """Return the plan the actor may know of, or answer 404."""
    visible = Plan.objects.visible_to(request.actor).select_related("campaign", "department__block", "word_file__file")
    return get_object_or_404(visible, uuid=uuid)


def word_for_screen(text: PlanText | None) -> tuple[str, str]:
    """Return the Word text to show in place of parts and items, or the sentence why it cannot be shown."""
    if text is None or text.word_file is None:
        return "", ""
    try:
        return word_html_of(text.content, path_of(text.word_file)), ""
    except Refused as refused:
        return "", str(refused.sentence)


def acts(actor: Actor, plan: Plan, page: PlanPage) -> dict[str, bool]:
    """Return what the actor may do with the plan now, by name."""
    latest = page.versions[0] if page.versions else None
    received = {copy.kind for copy in latest.copies} if latest else frozenset()
    hands_in = policy.can_hand_in(actor, plan.department_id)
    return {
        "can_write": policy.can_write_plan(actor, plan),
        "can_request": hands_in and plan.state in (PlanState.DRAFT, PlanState.RETURNED),
        "can_recall": hands_in and plan.state == PlanState.REQUESTED,
        "can_submit": policy.can_submit_plan(actor, plan),
        "can_review": policy.can_review_plan(actor, plan),
        "can_mark": policy.can_mark_plan(actor, plan),
        "can_compare": len(page.versions) + page.is_working > 1 and latest is not None,
        "can_receive": latest is not None
        and policy.can_receive(actor, ResponsibilityCode.ELECTRONIC_RECEIVER)
        and "electronic" not in received,
        "can_attach": hands_in and plan.state in WRITABLE_PLAN_STATES,
    }


def _without_plan(actor: Actor) -> list[int]:
    """Return the own departments that have no plan yet. One query."""
    begun = Plan.objects.of_campaign(actor).filter(department_id__in=actor.departments)
    return sorted(actor.departments - set(begun.values_list("department_id", flat=True)))
