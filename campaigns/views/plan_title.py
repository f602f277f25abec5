"""Changing the title of a plan."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.plans import PlanTitleForm
from campaigns.models import Plan
from campaigns.queries.plan_readings import title_of_file
from campaigns.requests import PortalRequest
from campaigns.services.plan_title import rename_plan
from campaigns.views.plan_access import handed_plan, refuse_closed, status_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def plan_title(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change the title; the one the brought Word file calls itself by is offered."""
    plan = handed_plan(request, uuid)
    if request.method != "POST":
        refuse_closed(request, plan)
    form = PlanTitleForm(form_data(request), initial={"title": plan.title, "seen": plan.title})
    standing, status = "", 200
    if request.method == "POST" and form.is_valid():
        sent = {"title": form.cleaned_data["title"], "seen": form.cleaned_data["seen"]}
        try:
            rename_plan(plan, **sent, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            status = status_of(refused)
            if refused.refusal_code == "stale" and isinstance(refused.existing, Plan):
                standing = refused.existing.title
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:plan-write", request.campaign.slug, plan.uuid)
    context = {
        "plan": plan,
        "form": form,
        "seen": standing or form["seen"].value(),
        "standing": standing,
        "offered": title_of_file(plan),
    }
    return render(request, "campaigns/plan_title.html", context, status=status)
