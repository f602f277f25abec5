"""The calendar: a month of the season."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.forms.calendar import chosen_month
from campaigns.queries.calendar import load_calendar
from campaigns.requests import PortalRequest


@require_safe
def calendar(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show a month; one outside the season shows the nearest."""
    month = load_calendar(request.campaign, request.actor, month=chosen_month(request.GET.get("month")), at=request.at)
    return render(request, "campaigns/calendar.html", {"calendar": month, "sums": request.actor.oversees})
