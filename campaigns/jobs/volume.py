"""Making a compiled volume in the background: whole, or not at all."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.exports import volume_words as words
from campaigns.exports.paper_day import paper_day
from campaigns.exports.volume import Source, VolumeMaker
from campaigns.models import Campaign
from campaigns.policy import can_run_contest
from campaigns.queries.actors import load_actor
from campaigns.queries.volume import JOBS, PLANS, SUMMARIES, content_of, find_volume, load_volume
from campaigns.queries.volume_values import VolumeKind
from campaigns.services.volume import keep_volume
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import Job, StoredFile
from qualityseason.services.files import path_of
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress

NAMES = {PLANS: words.FILE, SUMMARIES: words.SUMMARIES_FILE}
PAGES = {PLANS: "campaigns:volume", SUMMARIES: "campaigns:volume-summaries"}


def register() -> None:
    """Make the kinds of job known, one for each volume."""
    for kind, name in JOBS.items():
        KINDS[name] = JobKind(partial(run_volume, kind=kind))


def run_volume(job: Job, progress: Progress, *, kind: VolumeKind) -> JobResult:
    """Make the volume of what is approved when the work begins; its row is written only when the file is whole."""
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    at = clock.now(campaign)
    actor = load_actor(job.asked_by, campaign, on=clock.day_of(at)) if job.asked_by.is_active else None
    if actor is None or not can_run_contest(actor):
        raise Refused(_("The volume may no longer be made from this account."), code="no_role")
    facts = load_volume(campaign, kind)
    if find_volume(campaign, facts.digest, kind) is None:
        source = Source(content_of, lambda sha256: path_of(StoredFile(sha256=sha256)))
        day = clock.day_of(at)
        with tempfile.TemporaryDirectory(prefix="volume-") as folder:
            target = Path(folder) / "volume.pdf"
            pages = VolumeMaker(facts, source, Path(folder), day=paper_day(day)).make(target, progress)
            keep_volume(
                campaign,
                target,
                name=NAMES[kind] % {"season": campaign.name, "day": day.isoformat()},
                digest=facts.digest,
                pages=pages,
                entries=len(facts.entries),
                by_id=job.asked_by_id,
                at=at,
                kind=kind,
            )
    return JobResult(next_url=reverse(PAGES[kind], args=[campaign.slug]))
