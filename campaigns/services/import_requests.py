"""What people ask for with sheets: keep an upload and check it, bring it in, take it back; each starts a job."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Campaign, ImportBatch
from campaigns.policy import importable_kinds
from campaigns.services.imports import MEDIA_TYPE, Upload, new_batch, require_kind, require_standing
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services.files import store_file
from qualityseason.services.jobs import give_up, start_job

MAXIMUM_REASON = 200


def upload_sheet(campaign: Campaign, kind: str, *, upload: Upload, by: Actor, at: datetime) -> ImportBatch:
    """Keep an uploaded sheet and start its dry run; returns the batch, not brought in yet."""
    require_kind(kind, by)
    with transaction.atomic():
        batch = new_batch(campaign, kind, upload.name, by=by, at=at)
        batch.file = store_file(upload.chunks, name=upload.name, media_type=MEDIA_TYPE, by_id=by.user_id)
        _start(batch, "import-check", by=by, at=at)
    return batch


def start_check(batch: ImportBatch, *, by: Actor, at: datetime) -> Job:
    """Start the dry run of a sheet again, inside the caller's transaction; of the last one the headings are kept."""
    batch.checked_at = None
    batch.report = {name: kept for name, kept in batch.report.items() if name in ("headings", "job")}
    return _start(batch, "import-check", by=by, at=at)


def may_read_rows(batch: ImportBatch, actor: Actor) -> bool:
    """Whether the actor reads the rows of an import, or only that it took place."""
    return not hooks.import_kinds[batch.kind].private or batch.uploaded_by_id == actor.user_id


def may_apply(batch: ImportBatch, actor: Actor) -> bool:
    """Whether the actor may bring in this checked sheet now."""
    checked = batch.checked_at is not None and not batch.report.get("error_count")
    fresh = batch.applied_at is None and batch.withdrawn_at is None and not batch.report.get("standing")
    return checked and fresh and _may_handle(batch, actor)


def may_withdraw(batch: ImportBatch, actor: Actor) -> bool:
    """Whether the actor may take this import back: of private kinds who brought it in, or the head of the team."""
    if batch.applied_at is None or batch.withdrawn_at is not None or batch.kind not in importable_kinds(actor):
        return False
    return may_read_rows(batch, actor) or actor.has(Role.TEAM_LEAD)


def may_match(batch: ImportBatch, actor: Actor) -> bool:
    """Whether the actor may say which columns of this sheet are which: before it is brought in."""
    fresh = batch.applied_at is None and batch.withdrawn_at is None
    return fresh and bool(batch.report.get("headings")) and _may_handle(batch, actor)


def _may_handle(batch: ImportBatch, actor: Actor) -> bool:
    return batch.kind in importable_kinds(actor) and may_read_rows(batch, actor)


def start_apply(batch: ImportBatch, *, by: Actor, at: datetime) -> Job:
    """Start bringing in a checked sheet; raises Refused when it has errors or stands already."""
    require_kind(batch.kind, by)
    if not may_read_rows(batch, by):
        raise PermissionDenied(_("Only who uploaded this sheet brings it in."))
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.checked_at is None or batch.report.get("error_count"):
            raise Refused(_("This sheet has errors; correct them and upload it again."), code="errors")
        require_standing(batch, applied=False)
        return _start(batch, "import-apply", by=by, at=at)


def start_withdrawal(batch: ImportBatch, *, by: Actor, at: datetime, because: str) -> Job:
    """Start taking a whole import back; raises Refused without a reason or when there is nothing to take back."""
    require_kind(batch.kind, by)
    if not may_read_rows(batch, by) and not by.has(Role.TEAM_LEAD):
        raise PermissionDenied(_("Only who brought the sheet in or a team lead withdraws it."))
    if not because.strip():
        raise Refused(_("Say why the import is withdrawn."), field="because", code="reason")
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        require_standing(batch, applied=True)
        return _start(batch, "import-withdraw", by=by, at=at, because=because.strip()[:MAXIMUM_REASON])


def _start(batch: ImportBatch, kind: str, *, by: Actor, at: datetime, because: str = "") -> Job:
    for former in Job.objects.filter(uuid=batch.report.get("job")):
        give_up(former)
    parameters = {"batch": str(batch.uuid), "because": because, "label": batch.name}
    job = start_job(kind, by_id=by.user_id, campaign_id=batch.campaign_id, parameters=parameters, at=at)
    batch.report["job"] = str(job.uuid)
    batch.save()
    return job
