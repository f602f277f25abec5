"""The compiled volumes, of plans and of summaries: what goes in, making one, taking it along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import Volume
from campaigns.policy import can_run_contest
from campaigns.queries.volume import PLANS, SUMMARIES, VolumeState, load_volume, volume_page, volume_state
from campaigns.queries.volume_summaries import summary_counts
from campaigns.queries.volume_values import RECOMMENDATION, VolumeKind
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
    return _show(request, "campaigns/volume.html", page.state, {"page": page})


@require_POST
def volume_make(request: PortalRequest, campaign: str) -> HttpResponse:
    """Start making the volume, once, and only when something has changed."""
    return _make(request, PLANS, back="campaigns:volume")


@require_safe
def volume_summaries(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show which summaries, materials and recommendations go into the second volume, and how it stands."""
    facts = load_volume(request.campaign, SUMMARIES)
    state = volume_state(request.actor, request.campaign, facts)
    context = {
        "facts": facts,
        "departments": summary_counts(facts, request.campaign),
        "recommended": [entry for entry in facts.entries if entry.sort == RECOMMENDATION],
    }
    return _show(request, "campaigns/volume_summaries.html", state, context)


@require_POST
def volume_summaries_make(request: PortalRequest, campaign: str) -> HttpResponse:
    """Start making the second volume, once, and only when something has changed."""
    return _make(request, SUMMARIES, back="campaigns:volume-summaries")


def _show(request: PortalRequest, template: str, state: VolumeState, context: dict[str, Any]) -> HttpResponse:
    job = state.job
    if "HX-Request" in request.headers and (job is None or job.outcome == JobState.DONE):
        return HttpResponse(headers={"HX-Redirect": request.path})
    shows_job = job is not None and (state.latest is None or job.asked_at >= state.latest.made_at)
    shown = {"volumes": state, "job": job if shows_job else None, "can_make": can_run_contest(request.actor)}
    return render(request, template, context | shown)


def _make(request: PortalRequest, kind: VolumeKind, *, back: str) -> HttpResponse:
    try:
        asked = ask_for_volume(request.campaign, by=request.actor, at=request.at, kind=kind)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        if asked.volume is not None:
            day = {"day": day_of(asked.volume.made_at).isoformat()}
            messages.info(request, _("Nothing has changed since the volume of %(day)s; here it is.") % day)
        elif not asked.is_new:
            messages.info(request, _("Somebody has asked for it already; the work goes on below."))
    return redirect(back, request.campaign.slug)


@require_safe
def volume_file(request: PortalRequest, campaign: str, uuid: UUID) -> FileResponse:
    """Send a volume."""
    found = get_object_or_404(Volume.objects.visible_to(request.actor).select_related("file"), uuid=uuid)
    return send_file(found.file)
