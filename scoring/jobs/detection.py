"""Background detection: of one department after its records have changed, of all when somebody asks."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from campaigns.models import Campaign
from qualityseason import clock
from qualityseason.models import Job
from qualityseason.services.jobs import JobResult, Progress
from scoring.services.detection import detect_campaign, detect_wanted, want_detection

DETECT = "detect"


def hear_change(campaign_id: int, department_ids: frozenset[int] | None) -> None:
    """Have departments looked at again in the background; several changes in a row are one piece of work."""
    if want_detection(campaign_id, department_ids):
        run_wanted.enqueue(campaign_id)


@task()
def run_wanted(campaign_id: int) -> None:
    """Look at all departments of the season that are to be looked at again."""
    campaign = Campaign.objects.get(pk=campaign_id)
    with translation.override(settings.LANGUAGE_CODE):
        detect_wanted(campaign, at=clock.now(campaign))


def run_detection(job: Job, progress: Progress) -> JobResult:
    """Run a job of kind "detect": look at all departments of the season."""
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    detect_campaign(campaign, at=clock.now(campaign), progress=progress)
    return JobResult(next_url=reverse("scoring:findings", args=[campaign.slug]))
