"""The compiled volume: asked for once, kept only when it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Volume
from campaigns.queries.volume import JOB, PLANS, find_volume, job_of, load_volume
from qualityseason.errors import Refused
from qualityseason.models import Job, StoredFile
from qualityseason.services import audit
from qualityseason.services.files import store_path
from qualityseason.services.jobs import give_up, start_job

PDF = "application/pdf"


@dataclass(frozen=True)
class Asked:
    """What asking for a volume led to: the volume that is there already, or work, new or begun by somebody before."""

    volume: Volume | None
    job: Job | None
    is_new: bool


@transaction.atomic
def ask_for_volume(campaign: Campaign, *, by: Actor, at: datetime) -> Asked:
    """Start making the volume, unless nothing has changed since one was made, or somebody's work on it goes on.

    Raises Refused while no plan is approved.
    """
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    facts = load_volume(campaign)
    if not facts.plans:
        raise Refused(_("No plan is approved yet, so there is nothing to compile."), code="no_plans")
    volume = find_volume(campaign, facts.digest)
    if volume is not None:
        return Asked(volume, None, is_new=False)
    job = job_of(campaign)
    if job is not None and not job.is_over:
        return Asked(None, job, is_new=False)
    if job is not None:
        give_up(job)
    job = start_job(
        JOB,
        by_id=by.user_id,
        campaign_id=campaign.pk,
        parameters={"label": _("Compiling the volume")},
        at=at,
    )
    return Asked(None, job, is_new=True)


def keep_volume(
    campaign: Campaign, path: Path, *, name: str, digest: str, pages: int, plans: int, by_id: int, at: datetime
) -> Volume:
    """Put a finished volume into the store, then write its row; returns the row.

    If one of the same content was made meanwhile, that one is returned. A file that no row takes up is swept: nobody
    who writes waits until it is copied.
    """
    there = find_volume(campaign, digest)
    if there is not None:
        return there
    stored = store_path(path, name=name, media_type=PDF, by_id=by_id, campaign_id=campaign.pk, is_upload=True)
    return _keep_row(campaign, stored, digest=digest, pages=pages, plans=plans, by_id=by_id, at=at)


@transaction.atomic
def _keep_row(
    campaign: Campaign, stored: StoredFile, *, digest: str, pages: int, plans: int, by_id: int, at: datetime
) -> Volume:
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    there = find_volume(campaign, digest)
    if there is not None:
        return there
    stored.is_upload = False
    stored.save(update_fields=["is_upload"])
    volume = Volume.objects.create(
        campaign=campaign,
        kind=PLANS,
        digest=digest,
        file=stored,
        pages=pages,
        plans=plans,
        made_by_id=by_id,
        made_at=at,
    )
    audit.record(
        "volume.make",
        volume,
        by_id=by_id,
        campaign_id=campaign.pk,
        at=at,
        after={"plans": plans, "pages": pages, "digest": digest, "sha256": stored.sha256},
    )
    return volume
