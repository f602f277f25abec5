"""Printing a version of a text handed in: one job for a click, however often it is clicked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models.any_paper import AnyPaper, AnyVersion
from qualityseason.enums import JobState
from qualityseason.models import Job, StoredFile
from qualityseason.services import audit
from qualityseason.services.files import store_path
from qualityseason.services.jobs import start_job

PRINTS = {"plan": "plan-print", "summary": "summary-print"}  # kinds of jobs
PDF = "application/pdf"


@transaction.atomic
def start_print(version: AnyVersion, *, paper: AnyPaper, by_id: int, at: datetime) -> Job:
    """Return the job that prints the version, the one that is under way for the same person where there is one."""
    type(paper).objects.select_for_update(no_key=True, of=("self",)).get(pk=paper.pk)
    waiting = Job.objects.asked_by(by_id).filter(
        kind=PRINTS[paper.SORT], state__in=[JobState.WAITING, JobState.RUNNING], parameters__version=str(version.uuid)
    )
    for job in waiting.order_by("-pk"):
        if not job.is_stalled:
            return job
    label = _("%(title)s, version %(number)s") % {"title": paper.title, "number": version.number}
    return start_job(
        PRINTS[paper.SORT],
        by_id=by_id,
        campaign_id=paper.campaign_id,
        parameters={"version": str(version.uuid), "label": label},
        at=at,
    )


@transaction.atomic
def keep_print(path: Path, *, version: AnyVersion, paper: AnyPaper, name: str, by_id: int, at: datetime) -> StoredFile:
    """Put the printed version into the store for the person who asked, and the act into the audit log."""
    stored = store_path(path, name=name, media_type=PDF, by_id=by_id, campaign_id=paper.campaign_id)
    audit.record(
        f"{paper.SORT}.print",
        paper,
        by_id=by_id,
        campaign_id=paper.campaign_id,
        department_id=paper.department_id,
        at=at,
        after={"version": version.number, "code": version.code, "sha256": stored.sha256},
    )
    return stored
