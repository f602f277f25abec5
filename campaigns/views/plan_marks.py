"""Assessors mark the items of a plan, standing, on a phone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.enums import MarkReason
from campaigns.forms.plan_marks import MarkForm
from campaigns.models import Plan, PlanMark, PlanVersion
from campaigns.queries.paper_versions import find_version
from campaigns.queries.plan_marks import marked_items
from campaigns.requests import PortalRequest
from campaigns.services import plan_marks as services
from campaigns.views.paper_access import seen_paper
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def plan_marks(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show all items of the version submitted last, each with its marks and a form to mark it."""
    plan = seen_paper(request, Plan, uuid)
    if plan.submitted_at is None:
        raise Http404
    services.require_marker(request.actor, plan)
    version = find_version(request.actor, plan)
    if not isinstance(version, PlanVersion):
        raise Http404
    data = form_data(request)
    sent = MarkForm(data, item=data.get("target", "")) if data is not None else None
    if request.method == "POST" and sent is not None and sent.is_valid():
        try:
            services.mark_item(
                plan,
                **sent.cleaned_data | {"reason": MarkReason(sent.cleaned_data["reason"])},
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(sent, refused)
        else:
            messages.success(request, _("The item is marked."))
            return _back(plan, sent.cleaned_data["target"])
    rows = []
    for item in marked_items(request.actor, plan, version):
        is_sent = sent is not None and sent.data.get("target") == item.uuid
        fresh = MarkForm(initial={"target": item.uuid, "number": version.number}, item=item.uuid)
        rows.append((item, sent if is_sent else fresh, is_sent))
    is_lost = sent is not None and not any(is_sent and item.item for item, _form, is_sent in rows)
    context = {"plan": plan, "version": version, "rows": rows, "lost": sent if is_lost else None}
    return render(request, "campaigns/plan_marks.html", context)


@require_POST
def plan_mark_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a mark back."""
    visible = PlanMark.objects.visible_to(request.actor).select_related("plan__campaign")
    mark = get_object_or_404(visible, uuid=uuid)
    services.withdraw_mark(mark, by=request.actor, at=request.at)
    messages.success(request, _("The mark is withdrawn."))
    return _back(mark.plan, mark.target)


def _back(plan: Plan, target: UUID) -> HttpResponse:
    return redirect(f"{reverse('campaigns:plan-marks', args=[plan.campaign.slug, plan.uuid])}#item-{target}")
