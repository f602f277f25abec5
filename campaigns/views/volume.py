"""The compiled volume: which plans are there, making it, taking it along."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import Volume
from campaigns.policy import can_run_contest
from campaigns.queries.volume import volume_page
from campaigns.requests import PortalRequest
from campaigns.services.volume import ask_for_volume
from campaigns.views.sending import send_file
from qualityseason.clock import day_of
from qualityseason.enums import JobState
from qualityseason.errors import Refused


@require_safe
def volume(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show which plans are approved, the last volume, and how far the work on a new one is."""
    page = volume_page(request.actor, request.campaign)
    if "HX-Request" in request.headers and (page.job is None or page.job.outcome == JobState.DONE):
        return HttpResponse(headers={"HX-Redirect": request.path})
    shows_job = page.job is not None and (page.latest is None or page.job.asked_at >= page.latest.made_at)
    context = {"page": page, "job": page.job if shows_job else None, "can_make": can_run_contest(request.actor)}
    return render(request, "campaigns/volume.html", context)


@require_POST
def volume_make(request: PortalRequest, campaign: str) -> HttpResponse:
    """Start making the volume, once, and only when something has changed."""
    try:
        asked = ask_for_volume(request.campaign, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        if asked.volume is not None:
            day = {"day": day_of(asked.volume.made_at).isoformat()}
            messages.info(request, _("Nothing has changed since the volume of %(day)s; here it is.") % day)
        elif not asked.is_new:
            messages.info(request, _("Somebody has asked for it already; the work goes on below."))
    return redirect("campaigns:volume", request.campaign.slug)


@require_safe
def volume_file(request: PortalRequest, campaign: str, uuid: UUID) -> FileResponse:
    """Send a volume."""
    found = get_object_or_404(Volume.objects.visible_to(request.actor).select_related("file"), uuid=uuid)
    return send_file(found.file)
