"""Having the records looked at now: of all departments once at a time, of one in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.models import Job
from qualityseason.services.jobs import give_up, start_job
from scoring import policy
from scoring.queries.detection_page import newest_job


@dataclass(frozen=True)
class Asked:
    """The work on all departments, and whether it was begun just now."""

    job: Job
    is_new: bool


@transaction.atomic
def ask_for_detection(campaign: Campaign, kind: str, *, by: Actor, at: datetime) -> Asked:
    """Start looking at all departments' records, unless somebody's work of that kind goes on; returns that then."""
    if not policy.can_detect(by) or by.campaign_id != campaign.pk:
        raise PermissionDenied
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    job = newest_job(campaign, kind)
    if job is not None and not job.is_over:
        return Asked(job, is_new=False)
    if job is not None:
        give_up(job)
    label = _("Looking at the records of all departments")
    job = start_job(kind, by_id=by.user_id, campaign_id=campaign.pk, parameters={"label": label}, at=at)
    return Asked(job, is_new=True)
