"""Background work of the scoring side, and the making of a file that page and command share."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from campaigns.queries.actors import load_actor
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import Job, StoredFile
from qualityseason.services.jobs import JobResult, Progress
from scoring.exports.formats import FORMATS, file_name
from scoring.services.exports import keep_export, open_export

EXPORT = "export"


def write_export(
    campaign: Campaign, path: Path, *, format: str, as_of: date | None, actor: Actor | None, at: datetime
) -> str:
    """Write the ranking to `path` as the actor may see it (nobody named without one); returns the file's name.

    Raises Refused with a sentence where the system lacks what the format needs.
    """
    form = FORMATS[format]
    with open_export(campaign, actor=actor, as_of=as_of, at=at) as facts:
        form.write(facts, path)
        return file_name(facts, form)


def make_export(campaign: Campaign, *, format: str, as_of: date | None, actor: Actor, at: datetime) -> StoredFile:
    """Make the file for the actor and keep it in the store; returns its row."""
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "made"
        name = write_export(campaign, path, format=format, as_of=as_of, actor=actor, at=at)
        return keep_export(
            path,
            campaign=campaign,
            name=name,
            media_type=FORMATS[format].media_type,
            as_of=as_of,
            by_id=actor.user_id,
            at=at,
        )


def run_export(job: Job, progress: Progress) -> JobResult:
    """Run a job of kind "export"; what the person may see is read anew, as it is when the job runs."""
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    at = clock.now(campaign)
    actor = _exporter(job, campaign, at=at)
    if actor is None:
        raise Refused(_("The ranking may no longer be exported from this account."), code="no_sight")
    day = job.parameters["at"]
    progress(0, 1)
    job.parameters |= {"interests": sorted(actor.interests), "names": actor.sees_names}
    job.save(update_fields=["parameters"])
    with translation.override(job.parameters.get("language")):  # the file is for who asked, and nobody else
        stored = make_export(
            campaign,
            format=job.parameters["format"],
            as_of=date.fromisoformat(day) if day else None,
            actor=actor,
            at=at,
        )
    progress(1, 1)
    return JobResult(file=stored)


def may_read_export(job: Job) -> bool:
    """Whether a file made now for who asked would hide nothing that this one shows."""
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    actor = _exporter(job, campaign, at=clock.now(campaign))
    if actor is None or not actor.interests.issubset(job.parameters.get("interests", ())):
        return False
    return actor.sees_names or not job.parameters.get("names", True)


def _exporter(job: Job, campaign: Campaign, *, at: datetime) -> Actor | None:
    """Return who asked, as they are now, or None when they may not export."""
    actor = load_actor(job.asked_by, campaign, on=clock.day_of(at)) if job.asked_by.is_active else None
    return actor if actor is not None and actor.oversees else None
