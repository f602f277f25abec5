"""The ranking leaves as a file: made in the background, fetched from the job's page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.requests import PortalRequest
from qualityseason.services.jobs import start_job
from qualityseason.text import clean, parse_date
from qualityseason.views.jobs import to_job
from scoring.exports.formats import FORMATS
from scoring.jobs.exports import EXPORT


@require_POST
def export(request: PortalRequest, campaign: str, format: str) -> HttpResponse:
    """Start the export of the ranking, as of a day when one was given."""
    if format not in FORMATS:
        raise Http404
    typed = clean(request.POST.get("at"))
    try:
        day = parse_date(typed).isoformat() if typed else None
    except ValueError:
        messages.error(request, _("No file was made: “%(typed)s” is not a date.") % {"typed": typed[:40]})
        page = reverse("scoring:ranking", args=[request.campaign.slug])
        return redirect(f"{page}?{urlencode({'at': typed[:40]})}")
    job = start_job(
        EXPORT,
        by_id=request.actor.user_id,
        campaign_id=request.campaign.pk,
        parameters={"format": format, "at": day},
    )
    return to_job(job, back=reverse("scoring:ranking", args=[campaign]))
