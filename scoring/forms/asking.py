"""What a form needs to know of who fills it in: the season, the person, the moment. A request has all three."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from campaigns.actors import Actor
from campaigns.models import Campaign


class Asking(Protocol):
    """Somebody in a campaign at a moment of its clock."""

    campaign: Campaign
    actor: Actor
    at: datetime
