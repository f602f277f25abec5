"""Background work on sheets: the dry run, bringing in, taking back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.facts import SheetContent, SheetError
from campaigns.imports.annotate import annotate
from campaigns.imports.sheet import read_sheets
from campaigns.models import ImportBatch
from campaigns.queries.actors import load_actor
from campaigns.queries.column_layouts import layouts_of
from campaigns.services import imports
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import Job, StoredFile
from qualityseason.services.files import path_of, store_file
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress


def register() -> None:
    """Make the kinds of job known."""
    works = {"import-check": check, "import-apply": apply, "import-withdraw": withdraw}
    KINDS.update({kind: JobKind(work) for kind, work in works.items()})


def check(job: Job, progress: Progress) -> JobResult:
    """Run the sheet dry and keep what came out; with errors, a coloured copy too."""
    batch, by, at = _asked(job)
    content = _content(batch)
    progress(0, len(content.rows))
    outcome = imports.check_import(batch, content, by=by, at=at)
    imports.keep_headings(outcome.batch, content.headings)
    imports.keep_annotated(outcome.batch, _annotated(outcome.batch, outcome.errors, content))
    return _back_to(batch)


def apply(job: Job, progress: Progress) -> JobResult:
    """Bring the sheet in; errors that have come up since the dry run are kept for the page."""
    batch, by, at = _asked(job)
    content = _content(batch)
    progress(0, len(content.rows))
    outcome = imports.apply_import(batch, content, by=by, at=at)
    if outcome.errors:
        imports.keep_annotated(outcome.batch, _annotated(outcome.batch, outcome.errors, content))
    return _back_to(batch)


def withdraw(job: Job, progress: Progress) -> JobResult:
    """Take the whole import back."""
    batch, by, at = _asked(job)
    try:
        imports.withdraw_import(batch, by=by, at=at, because=job.parameters["because"])
    except PermissionDenied as error:
        raise Refused(str(error) or _("You may not withdraw this import."), code="denied") from error
    return _back_to(batch)


def _asked(job: Job) -> tuple[ImportBatch, Actor, datetime]:
    """Return the import, and who asked as they are now; raises Refused when they may not bring it in any more."""
    batch = ImportBatch.objects.select_related("campaign", "file").get(uuid=job.parameters["batch"])
    at = clock.now(batch.campaign)
    by = load_actor(job.asked_by, batch.campaign, on=clock.day_of(at)) if job.asked_by.is_active else None
    if by is None:
        raise Refused(_("You have no role in this campaign."), code="no_role")
    try:
        imports.require_kind(batch.kind, by)
    except PermissionDenied as error:
        raise Refused(_("You may no longer bring in sheets of this kind."), code="denied") from error
    return batch, by, at


def _content(batch: ImportBatch) -> SheetContent:
    spec = hooks.import_kinds[batch.kind]
    try:
        with path_of(_file(batch)).open("rb") as handle:
            layouts = layouts_of(batch.campaign, batch.kind)
            return read_sheets(handle, spec.columns, maximum_rows=spec.maximum_rows, layouts=layouts)
    except Refused as refused:
        return SheetContent((), (SheetError(str(refused.sentence)),))


def _annotated(batch: ImportBatch, errors: list[SheetError], content: SheetContent) -> StoredFile | None:
    if not errors:
        return None
    with path_of(_file(batch)).open("rb") as handle:
        columns = hooks.import_kinds[batch.kind].columns
        coloured = annotate(handle, errors, columns, headings=content.headings)
    if coloured is None:
        return None
    return store_file([coloured], name=batch.name, media_type=imports.MEDIA_TYPE, by_id=batch.uploaded_by_id)


def _file(batch: ImportBatch) -> StoredFile:
    if batch.file is None:
        raise Refused(_("The file of this import is missing."), code="no_file")
    return batch.file


def _back_to(batch: ImportBatch) -> JobResult:
    return JobResult(next_url=reverse("campaigns:import", args=[batch.campaign.slug, batch.uuid]))
