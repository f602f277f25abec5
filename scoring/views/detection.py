"""How detection stands, and having the records looked at now."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import Department
from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.text import NO_UUID, parse_uuid
from qualityseason.views.jobs import to_job
from scoring import policy
from scoring.jobs.detection import DETECT, run_wanted
from scoring.queries.detection_page import load_detection
from scoring.services.detection import want_detection
from scoring.services.detection_jobs import ask_for_detection
from scoring.views.mending import page_number, page_urls


@require_safe
def detection(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show when departments were looked at, which detectors failed, and from when on which records count."""
    page = load_detection(request.campaign, on=day_of(request.at), job_kind=DETECT, number=page_number(request))
    context = {
        "page": page,
        "may_detect": policy.can_detect(request.actor),
        "may_announce": policy.can_announce(request.actor),
        "is_mine": page.job is not None and page.job.asked_by_id == request.actor.user_id,
    }
    return render(
        request, "scoring/detection.html", context | page_urls(request, number=page.number, has_more=page.has_more)
    )


@require_POST
def detect(request: PortalRequest, campaign: str) -> HttpResponse:
    """Have the records looked at in the background: of the department named, else of all, once at a time."""
    if not policy.can_detect(request.actor):
        raise PermissionDenied
    back = reverse("scoring:detection", args=[campaign])
    if "department" in request.POST:
        return _detect_one(request, request.POST["department"], back)
    asked = ask_for_detection(request.campaign, DETECT, by=request.actor, at=request.at)
    if not asked.is_new and asked.job.asked_by_id != request.actor.user_id:
        messages.info(request, _("The records are being looked at already; what is found stands in the queue soon."))
        return redirect(back)
    return to_job(asked.job, back=back)


def _detect_one(request: PortalRequest, typed: str, back: str) -> HttpResponse:
    departments = Department.objects.visible_to(request.actor)
    department = get_object_or_404(departments, uuid=parse_uuid(typed) or NO_UUID)
    want_detection(request.campaign.pk, [department.pk])
    run_wanted.enqueue(request.campaign.pk)
    messages.success(
        request, _("The records of %(department)s will be looked at in a moment.") % {"department": department.name}
    )
    return redirect(back)
