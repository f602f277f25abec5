"""Papers of a result: asked for once, made in the background, kept for who asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Department
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.models import Job, StoredFile
from qualityseason.services import audit
from qualityseason.services.files import store_path
from qualityseason.services.jobs import start_job
from scoring.enums import PaperKind, PublicationState
from scoring.models import Display, Publication
from scoring.queries.papers import JOB, PaperSource, may_have

LIVE = "live"  # in place of the source of a statement as it stands


@transaction.atomic
def start_paper(
    source: PaperSource, *, kind: PaperKind, format: str, department: Department | None = None, by: Actor, at: datetime
) -> Job:
    """Return the job that makes the paper, the one under way for the same person where there is one.

    Raises PermissionDenied where the actor may not have it, Refused while the result is only proposed.
    """
    if source.publication is not None and source.publication.state != PublicationState.CONFIRMED and by.oversees:
        raise Refused(_("Papers are made of a result once it is published."), code="not_published")
    if not may_have(by, source, kind, department):
        raise PermissionDenied
    record = source.record
    type(record)._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=record.pk)
    name = f"{department.name}: {kind.label}" if department is not None else str(kind.label)
    return _start(str(source.uuid), kind, format, department, label=name, by=by, at=at)


@transaction.atomic
def start_live_statement(department: Department, *, by: Actor, at: datetime) -> Job:
    """Return the job that prints the statement as it stands, for who may see the department's.

    Raises PermissionDenied for others.
    """
    if department.campaign_id != by.campaign_id or not (by.oversees or department.pk in by.departments):
        raise PermissionDenied
    Department.objects.select_for_update(no_key=True, of=("self",)).get(pk=department.pk)
    label = _("%(department)s: statement as it stands") % {"department": department.name}
    return _start(LIVE, PaperKind.STATEMENT, "pdf", department, label=label, by=by, at=at)


@transaction.atomic
def keep_paper(
    path: Path,
    *,
    record: Publication | Display | Department,
    kind: PaperKind,
    code: str,
    name: str,
    media_type: str,
    department: Department | None,
    by_id: int,
    at: datetime,
) -> StoredFile:
    """Put the finished paper into the store for who asked, and the act into the audit log."""
    stored = store_path(path, name=name, media_type=media_type, by_id=by_id, campaign_id=record.campaign_id)
    audit.record(
        "paper.make",
        record,
        by_id=by_id,
        campaign_id=record.campaign_id,
        department_id=department.pk if department is not None else None,
        at=at,
        after={"kind": kind, "code": code, "sha256": stored.sha256},
    )
    return stored


def _start(
    source: str, kind: PaperKind, format: str, department: Department | None, *, label: str, by: Actor, at: datetime
) -> Job:
    wanted = {
        "source": source,
        "paper": str(kind),
        "format": format,
        "department": str(department.uuid) if department is not None else "",
    }
    same = {f"parameters__{name}": value for name, value in wanted.items()}
    waiting = Job.objects.asked_by(by.user_id).filter(
        kind=JOB, campaign_id=by.campaign_id, state__in=[JobState.WAITING, JobState.RUNNING], **same
    )
    for job in waiting.order_by("-pk"):
        if not job.is_stalled:
            return job
    return start_job(JOB, by_id=by.user_id, campaign_id=by.campaign_id, parameters=wanted | {"label": label}, at=at)
