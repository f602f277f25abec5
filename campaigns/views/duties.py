"""The duties of departments."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.policy import can_keep_people
from campaigns.queries.duties import duties_by_department
from campaigns.requests import PortalRequest
from qualityseason.text import parse_uuid


@require_safe
def duties(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show duties by department: own ones in full, of the others the one chosen, and how many each has."""
    found = duties_by_department(request.actor)
    chosen = parse_uuid(request.GET.get("department"))
    context = {
        "shown": [each for each in found if (each.uuid == chosen if chosen else each.is_own)],
        "all": found if request.actor.oversees else (),
        "chosen": chosen,
        "can_import": can_keep_people(request.actor),
    }
    return render(request, "campaigns/duties.html", context)
