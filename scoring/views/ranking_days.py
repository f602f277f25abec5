"""What leads on from the ranking: other days, and what may still change it."""

from __future__ import annotations

from datetime import date
from typing import Any

from campaigns.models import Campaign
from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from scoring.policy import TABLE
from scoring.queries.trend import phase_ends


def ranking_days(request: PortalRequest, campaign: Campaign, *, as_of: date | None) -> dict[str, Any]:
    """Return the ends of phases so far as (name, day, whether it is the day shown), and which pages the actor may open.

    One query.
    """
    ends = phase_ends(campaign, on=day_of(request.at))
    return {
        "phase_ends": [(phase.name, phase.on, phase.on == as_of) for phase in ends],
        "leads_to": {
            name: not request.actor.roles.isdisjoint(TABLE[f"scoring:{name}"].roles or ())
            for name in ("outlook", "coverage")
        },
    }
