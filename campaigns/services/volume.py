"""The compiled volume: asked for once, kept only when it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Volume
from campaigns.queries.volume import JOBS, PLANS, SUMMARIES, find_volume, job_of, load_volume
from campaigns.queries.volume_values import VolumeKind
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
def ask_for_volume(campaign: Campaign, *, by: Actor, at: datetime, kind: VolumeKind = PLANS) -> Asked:
    """Start making the volume, unless nothing has changed since one was made, or somebody's work on it goes on.

    Raises Refused while nothing that goes in is approved.
    """
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    facts = load_volume(campaign, kind)
    if not facts.entries:
        if kind == SUMMARIES:
            raise Refused(_("No summary or material is approved yet, so there is nothing to compile."), code="no_texts")
        raise Refused(_("No plan is approved yet, so there is nothing to compile."), code="no_plans")
    volume = find_volume(campaign, facts.digest, kind)
    if volume is not None:
        return Asked(volume, None, is_new=False)
    job = job_of(campaign, kind)
    if job is not None and not job.is_over:
        return Asked(None, job, is_new=False)
    if job is not None:
        give_up(job)
    job = start_job(
        JOBS[kind],
        by_id=by.user_id,
        campaign_id=campaign.pk,
        parameters={"label": _("Compiling the volume")},
        at=at,
    )
    return Asked(None, job, is_new=True)


def keep_volume(
    campaign: Campaign,
    path: Path,
    *,
    name: str,
    digest: str,
    pages: int,
    entries: int,
    by_id: int,
    at: datetime,
    kind: VolumeKind = PLANS,
) -> Volume:
    """Put a finished volume into the store, then write its row; returns the row.

    If one of the same content was made meanwhile, that one is returned. A file that no row takes up is swept: nobody
    who writes waits until it is copied.
    """
    there = find_volume(campaign, digest, kind)
    if there is not None:
        return there
    stored = store_path(path, name=name, media_type=PDF, by_id=by_id, campaign_id=campaign.pk, is_upload=True)
    values = {"digest": digest, "pages": pages, "entries": entries, "kind": kind}
    return _keep_row(campaign, stored, values, by_id=by_id, at=at)


@transaction.atomic
def _keep_row(campaign: Campaign, stored: StoredFile, values: Mapping[str, Any], *, by_id: int, at: datetime) -> Volume:
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    there = find_volume(campaign, values["digest"], values["kind"])
    if there is not None:
        return there
    stored.is_upload = False
    stored.save(update_fields=["is_upload"])
    volume = Volume.objects.create(campaign=campaign, file=stored, made_by_id=by_id, made_at=at, **values)
    audit.record(
        "volume.make",
        volume,
        by_id=by_id,
        campaign_id=campaign.pk,
        at=at,
        after={**values, "sha256": stored.sha256},
    )
    return volume
