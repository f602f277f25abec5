"""What an inspection asked to have mended by a day (限期整改)."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from campaigns.actors import Actor
from campaigns.models import Campaign
from scoring.models import Inspection


def inspection_url(campaign: Campaign, actor: Actor, uuid: UUID) -> str:
    """Return the page of an inspection, '' for who does not see it. One query."""
    if not Inspection.objects.visible_to(actor).filter(uuid=uuid).exists():
        return ""
    return reverse("scoring:inspection", args=[campaign.slug, uuid])
