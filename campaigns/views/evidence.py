"""Evidence: the list, one record, withdrawing it; filing and choosing are beside this."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import Role
from campaigns.forms.evidence import EvidenceFilter, WithdrawForm
from campaigns.models import Evidence
from campaigns.policy import can_file_evidence
from campaigns.queries.evidence_pages import EvidenceFilters, evidence_detail, evidence_page
from campaigns.requests import PortalRequest
from campaigns.services.evidence import withdraw_evidence
from campaigns.views.evidence_access import require_filing
from campaigns.views.evidence_choosing import evidence_choose, evidence_edit, evidence_inbox
from campaigns.views.evidence_filing import evidence_guess, evidence_new
from campaigns.views.lists import chosen
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data

__all__ = [
    "evidence",
    "evidence_choose",
    "evidence_edit",
    "evidence_guess",
    "evidence_inbox",
    "evidence_new",
    "evidence_record",
    "evidence_withdraw",
]


@require_safe
def evidence(request: PortalRequest, campaign: str) -> HttpResponse:
    """List evidence, latest first: all of it to overseers, its own to a department."""
    actor = request.actor
    has_departments = actor.oversees or len(actor.departments) > 1
    form = EvidenceFilter(request.GET, campaign=request.campaign, has_departments=has_departments)
    filters = chosen(form)
    older, newer = (parse_uuid(request.GET.get(place)) for place in ("older", "newer"))
    page = evidence_page(actor, EvidenceFilters(**filters), older_than=older, newer_than=newer)
    context = {
        "page": page,
        "form": form,
        "active": len(filters),
        "has_departments": has_departments,
        "may_file": bool(actor.departments) or actor.has(Role.OFFICE),
        "older_url": _url(request, "older", page.older),
        "newer_url": _url(request, "newer", page.newer),
    }
    return render(request, "campaigns/evidence.html", context)


def _url(request: PortalRequest, place: str, uuid: UUID | None) -> str:
    query = request.GET.copy()
    for other in ("older", "newer"):
        query.pop(other, None)
    query[place] = str(uuid)
    return f"?{query.urlencode()}" if uuid else ""


@require_safe
def evidence_record(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one record: files, what it proves, what was done with it."""
    found = _found(request, uuid)
    context = {
        "evidence": found,
        "detail": evidence_detail(request.actor, found, campaign=request.campaign),
        "may_change": can_file_evidence(request.actor, found),
    }
    return render(request, "campaigns/evidence_record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take evidence back with a reason; it stays, and counts nowhere."""
    found = _found(request, uuid)
    require_filing(request.actor, found.department_id)
    form = WithdrawForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_evidence(found, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn; it counts nowhere any more."))
            return redirect("campaigns:evidence-record", request.campaign.slug, found.uuid)
    return render(request, "campaigns/evidence_withdraw.html", {"evidence": found, "form": form})


def _found(request: PortalRequest, uuid: UUID) -> Evidence:
    rows = Evidence.objects.visible_to(request.actor).select_related("department", "entered_by", "withdrawn_by")
    return get_object_or_404(rows, uuid=uuid)
