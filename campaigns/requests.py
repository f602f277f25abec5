"""The request as views get it: signed in, in a campaign, with an actor and the campaign's clock."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.models import User


class PortalRequest(HttpRequest):
    """What ActorMiddleware has put on a request whose url names a campaign."""

    user: User
    campaign: Campaign
    actor: Actor
    at: datetime
    htmx: HtmxDetails
