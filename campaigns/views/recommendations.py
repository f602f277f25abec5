"""Recommendations of good practice: the list, one of them, writing, withdrawing, choosing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import EvidenceTarget, Role
from campaigns.forms.recommendations import ChoosingForm, RecommendationFilter, RecommendationForm, WithdrawalForm
from campaigns.models import Department, Recommendation
from campaigns.policy import can_choose_recommendation, can_hand_in
from campaigns.queries.evidence import evidence_section
from campaigns.queries.recommendations import departments_to_enter_for, recommendation_row, recommendations_page
from campaigns.requests import PortalRequest
from campaigns.services import recommendations as services
from campaigns.views.lists import chosen
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def recommendations(request: PortalRequest, campaign: str) -> HttpResponse:
    """List recommendations: all to overseers, to departments those they made and those that praise them."""
    form = RecommendationFilter(request.GET, campaign=request.campaign) if request.actor.oversees else None
    filters = chosen(form) if form else {}
    page = recommendations_page(request.actor, filters=filters, older_than=parse_uuid(request.GET.get("older")))
    query = request.GET.copy()
    query["older"] = str(page.older or "")
    context = {
        "page": page,
        "filter": form,
        "active": len(filters),
        "older_url": f"?{query.urlencode()}" if page.older else "",
        "may_recommend": bool(request.actor.departments) or request.actor.has(Role.OFFICE),
    }
    return render(request, "campaigns/recommendations.html", context)


@READ_WRITE
def recommendation_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Praise a practice in writing."""
    departments = departments_to_enter_for(request.actor, on=day_of(request.at))
    initial = {"department": request.GET.get("department", "")}
    form = RecommendationForm(form_data(request), campaign=request.campaign, departments=departments, initial=initial)
    if request.method == "POST" and departments and form.is_valid():
        department: Department = form.cleaned_data.get("department") or departments[0]
        try:
            made = services.make_recommendation(
                department, form.draft(), uuid=form.cleaned_data["uuid"], by=request.actor, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The recommendation is sent. Add evidence for it, if there is any."))
            return _to(request, made)
    context = {"form": form, "departments": departments, "only": departments[0] if len(departments) == 1 else None}
    return render(request, "campaigns/recommendation_form.html", context)


@require_safe
def recommendation(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one recommendation with its evidence and what the office chose it for."""
    return _show(request, _found(request, uuid))


@READ_WRITE
def recommendation_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change its words, as long as nobody has chosen it."""
    found = _found(request, uuid)
    services.require_hand_in(request.actor, found.department_id)
    initial = {
        "version": found.version,
        "recommended": found.recommended.uuid,
        "title": found.title,
        "practice": found.practice,
        "outcome": found.outcome,
    }
    form = RecommendationForm(form_data(request), campaign=request.campaign, initial=initial)
    now = None
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_recommendation(
                found, form.draft(), version=form.known_version, by=request.actor, at=request.at
            )
        except Refused as refused:
            now = _found(request, uuid) if refused.refusal_code == "stale" else None
            form.add_stale(refused, str(now.version if now else ""))
        else:
            messages.success(request, _("Saved."))
            return _to(request, found)
    context = {"form": form, "recommendation": found, "only": found.department, "now": now}
    return render(request, "campaigns/recommendation_form.html", context)


@READ_WRITE
def recommendation_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a recommendation back, for a reason."""
    found = _found(request, uuid)
    services.require_hand_in(request.actor, found.department_id)
    form = WithdrawalForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_recommendation(
                found, because=form.cleaned_data["because"], by=request.actor, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn."))
            return _to(request, found)
    lead = _("It stays in the record with this reason; the department praised does not see it any more.")
    if services.is_chosen(found):
        lead += " " + _("The office has chosen it already; it reads this reason.")
    context = {
        "form": form,
        "title": _("Withdraw the recommendation “%(title)s”") % {"title": found.title},
        "lead": lead,
        "submit": _("Withdraw"),
        "back": reverse("campaigns:recommendation", args=[request.campaign.slug, found.uuid]),
    }
    return render(request, "campaigns/form.html", context)


@READ_WRITE
def recommendation_choose(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Choose it for exchange, volume or honours; a refusal shows the recommendation with the ticks kept."""
    found = _found(request, uuid)
    if request.method != "POST":
        return _to(request, found)
    form = ChoosingForm(form_data(request))
    if form.is_valid():
        uses = {name: form.cleaned_data[name] for name in services.USES}
        try:
            services.choose_recommendation(found, **uses, version=form.known_version, by=request.actor, at=request.at)
        except Refused as refused:
            found = _found(request, uuid)
            form.add_stale(refused, str(found.version))
        else:
            messages.success(request, _("Saved."))
            return _to(request, found)
    return _show(request, found, choosing=form)


def _show(request: PortalRequest, found: Recommendation, *, choosing: ChoosingForm | None = None) -> HttpResponse:
    actor = request.actor
    stands = found.withdrawn_at is None
    is_ours = can_hand_in(actor, found.department_id)
    may_choose = stands and can_choose_recommendation(actor, found)
    if choosing is None and may_choose:
        initial: dict[str, Any] = {name: getattr(found, name) for name in services.USES}
        choosing = ChoosingForm(initial=initial | {"version": found.version})
    context = {
        "recommendation": found,
        "row": recommendation_row(actor, found),
        "section": evidence_section(
            actor,
            EvidenceTarget.RECOMMENDATION,
            str(found.uuid),
            campaign=request.campaign,
            department=found.department,
            may_file=stands and is_ours,
            back=reverse("campaigns:recommendation", args=[request.campaign.slug, found.uuid]),
        ),
        "form": choosing,
        "may_edit": stands and is_ours and not services.is_chosen(found),
        "may_withdraw": stands and is_ours,
        "is_barred": stands and actor.has(Role.OFFICE) and not may_choose,
        "shows_reason": actor.oversees or found.department_id in actor.departments,
    }
    return render(request, "campaigns/recommendation.html", context)


def _found(request: PortalRequest, uuid: UUID) -> Recommendation:
    rows = Recommendation.objects.visible_to(request.actor).select_related("department", "recommended", "made_by")
    return get_object_or_404(rows, uuid=uuid)


def _to(request: PortalRequest, found: Recommendation) -> HttpResponse:
    return redirect("campaigns:recommendation", request.campaign.slug, found.uuid)
