"""Writing a plan: its beginning; then the pages that plans and summaries share (`paper_parts`)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import Role
from campaigns.forms.plans import StartPlanForm
from campaigns.models import Plan
from campaigns.policy import can_write_plan
from campaigns.requests import PortalRequest
from campaigns.services.plans import start_plan
from campaigns.views import paper_parts as shared
from campaigns.views.paper_access import to


@require_http_methods(["GET", "HEAD", "POST"])
def plan_start(request: PortalRequest, campaign: str) -> HttpResponse:
    """Begin a department's plan; who writes for several says for which."""
    if request.method != "POST":
        return redirect("campaigns:plans", request.campaign.slug)
    single = len(request.actor.departments) == 1 and not request.actor.has(Role.OFFICE)
    form = StartPlanForm(request.POST, campaign=request.campaign, actor=request.actor)
    if single and not request.POST.get("department"):
        form.fields["department"].required = False
    if not form.is_valid():
        context = {
            "form": form if request.POST.get("department") else _asking(request),
            "title": _("Begin a plan"),
            "submit": _("Begin the plan"),
            "back": reverse("campaigns:plans", args=[request.campaign.slug]),
        }
        return render(request, "campaigns/form.html", context)
    department = form.cleaned_data["department"] or form.fields["department"].queryset.get()  # type: ignore[attr-defined]  # a model choice
    plan = start_plan(department, by_id=request.user.pk, at=request.at)
    return to(plan, "write" if can_write_plan(request.actor, plan) else "")


def _asking(request: PortalRequest) -> StartPlanForm:
    return StartPlanForm(campaign=request.campaign, actor=request.actor)


@require_safe
def plan_write(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the whole plan to its writers, with what is still missing."""
    return shared.write(request, Plan, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_title(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change the title."""
    return shared.title(request, Plan, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_part(request: PortalRequest, campaign: str, uuid: UUID, part: UUID) -> HttpResponse:
    """Write one part of prose or free section, or move it."""
    return shared.part(request, Plan, uuid, part)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_section_new(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Add a free section with a title of its own."""
    return shared.section_new(request, Plan, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_section_remove(request: PortalRequest, campaign: str, uuid: UUID, part: UUID) -> HttpResponse:
    """Ask, then take a free section out of the plan."""
    return shared.section_remove(request, Plan, uuid, part)
