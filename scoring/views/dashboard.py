"""The leading group's dashboard."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.requests import PortalRequest
from scoring.enums import Basis
from scoring.queries.dashboard import load_dashboard, pending_appeals
from scoring.queries.reading import load_reading
from scoring.services.dashboard_visits import note_visit
from scoring.views.ranking import BarParts


@require_safe
def dashboard(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the season on one screen, with what changed since the person looked last."""
    before = note_visit(request.campaign, user_id=request.actor.user_id, at=request.at)
    found = load_dashboard(request.campaign, request.actor, before=before, at=request.at)
    bars = BarParts(found.categories)
    context = {
        "board": found,
        "is_first": before is None,
        "pending_appeals": pending_appeals(found),
        "basis": Basis(load_reading(request.campaign).basis).label,
        "parts": [{"label": category.name, "full": category.full} for category in found.categories],
        "blocks": [
            {"code": block.code, "name": block.name, "rows": [(row, bars.of(row.scores)) for row in block.rows]}
            for block in found.blocks
        ],
    }
    return render(request, "scoring/dashboard.html", context)
