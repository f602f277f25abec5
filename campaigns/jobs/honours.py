"""The list of honours on paper, printed in the background for who asked."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.exports.honours import FORMATS, file_name
from campaigns.models import Campaign
from campaigns.queries.actors import load_actor
from campaigns.queries.honours_list import honours_list
from campaigns.services.honours import keep_honours_list
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress

HONOURS = "honours-list"


def register() -> None:
    """Make the kind of job known."""
    KINDS[HONOURS] = JobKind(run_honours, may_read=may_read_honours)


def run_honours(job: Job, progress: Progress) -> JobResult:
    """Print the list as who asked may see it now."""
    found = _seen(job)
    if found is None:
        raise Refused(_("There is no list of honours you may read."), code="no_sight")
    actor, campaign = found
    at = clock.now(campaign)
    facts = honours_list(actor, campaign, only_chosen=bool(job.parameters.get("chosen")), at=at)
    progress(0, 1)
    with tempfile.TemporaryDirectory(prefix="honours-") as folder:
        path = Path(folder) / "honours.pdf"
        FORMATS["pdf"].write(facts, path)
        name = file_name(facts, "pdf")
        stored = keep_honours_list(campaign, path, name=name, media_type=FORMATS["pdf"].media_type, by=actor, at=at)
    progress(1, 1)
    return JobResult(file=stored)


def may_read_honours(job: Job) -> bool:
    """Whether who asked still oversees the season."""
    return _seen(job) is not None


def _seen(job: Job) -> tuple[Actor, Campaign] | None:
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    actor = load_actor(job.asked_by, campaign, on=clock.day_of(clock.now(campaign))) if job.asked_by.is_active else None
    return (actor, campaign) if actor is not None and actor.oversees else None
