"""Reads of the import pages: the list, and one import with the state of its background work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ImportKind
from campaigns.models import ImportBatch
from campaigns.policy import importable_kinds
from campaigns.queries.column_layouts import needs_matching
from qualityseason.enums import JobState
from qualityseason.models import Job

PAGE = 50  # rows


@dataclass(frozen=True)
class ImportRow:
    """One import in the list. ``state`` is a word for the state partial, ``label`` what it is called."""

    uuid: UUID
    name: str
    kind: str
    rows: int
    by: str
    at: datetime
    state: str
    label: str


@dataclass(frozen=True)
class ImportPage:
    """A page of the list; ``older`` and ``newer`` are the keys to go on from, None at an end."""

    rows: tuple[ImportRow, ...]
    older: UUID | None
    newer: UUID | None


def list_imports(actor: Actor, *, older_than: UUID | None = None, newer_than: UUID | None = None) -> ImportPage:
    """Return the imports of the kinds the actor may bring in, latest first. One query."""
    batches = ImportBatch.objects.visible_to(actor, kinds=importable_kinds(actor)).select_related("uploaded_by")
    if newer_than is not None:
        found = list(batches.filter(pk__gt=_pk_of(newer_than)).order_by("pk")[: PAGE + 1])
        shown, more_older, more_newer = found[:PAGE][::-1], True, len(found) > PAGE
    else:
        if older_than is not None:
            batches = batches.filter(pk__lt=_pk_of(older_than))
        found = list(batches.order_by("-pk")[: PAGE + 1])
        shown, more_older, more_newer = found[:PAGE], len(found) > PAGE, older_than is not None
    rows = tuple(_row(batch) for batch in shown)
    return ImportPage(
        rows,
        older=rows[-1].uuid if rows and more_older else None,
        newer=rows[0].uuid if rows and more_newer else None,
    )


def job_of(batch: ImportBatch) -> Job | None:
    """Return the latest background work on an import. One query."""
    uuid = batch.report.get("job")
    return Job.objects.filter(uuid=uuid).first() if uuid else None


def standing_copy(batch: ImportBatch) -> ImportBatch | None:
    """Return the import that had the same content before, when the dry run met one. One query."""
    uuid = batch.report.get("standing")
    return ImportBatch.objects.filter(uuid=uuid).first() if uuid else None


def state_of(batch: ImportBatch, job: Job | None = None) -> tuple[str, str]:
    """Return the word of the state partial and what the state is called."""
    if batch.withdrawn_at is not None:
        return "withdrawn", _("Withdrawn")
    if batch.applied_at is not None:
        return "done", _("Brought in")
    if batch.checked_at is None:
        failed = job is not None and job.outcome == JobState.FAILED
        return ("failed", _("Not read")) if failed else ("pending", _("Being checked"))
    if needs_matching(batch):
        return "pending", _("Columns to match")
    if batch.report.get("error_count"):
        return "failed", _("Has errors")
    if batch.report.get("standing"):
        return "absorbed", _("There already")
    return "recorded", _("Checked")


def _row(batch: ImportBatch) -> ImportRow:
    state, label = state_of(batch)
    kind = str(ImportKind(batch.kind).label)
    return ImportRow(
        batch.uuid, batch.name, kind, batch.rows, batch.uploaded_by.display_name, batch.uploaded_at, state, label
    )


def _pk_of(uuid: UUID) -> int:
    return ImportBatch.objects.filter(uuid=uuid).values_list("pk", flat=True).first() or 0
