"""Bringing sheets in: dry run and real run are the same steps, one of them rolled back; all or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.facts import SheetContent, SheetError, SheetHeadings, UnderstoodRow, Written
from campaigns.models import Campaign, ImportBatch
from campaigns.policy import importable_kinds
from qualityseason.errors import Refused
from qualityseason.models import StoredFile
from qualityseason.services import audit
from qualityseason.services.files import safe_name, store_file

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_ERRORS = 500  # errors named on the page; the annotated sheet has them all
KEPT_ROWS = 20  # rows shown as understood
KEPT_MARKED = 100  # marked rows shown beyond those
KEPT_HEADINGS = 20  # rows of headings, of all sheets


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    chunks: Iterable[bytes]
    name: str


@dataclass
class ImportOutcome:
    """What bringing in a sheet did, or would do; ``standing`` is the import that has the same content already."""

    batch: ImportBatch
    digest: str = ""
    rows: int = 0
    written: Written = field(default_factory=Written)
    errors: list[SheetError] = field(default_factory=list)
    standing: ImportBatch | None = None

    @property
    def is_new(self) -> bool:
        """Whether the content is understood and not there yet."""
        return not self.errors and self.standing is None


@dataclass(frozen=True)
class _Reading:
    """A sheet as understood: the rows to write, all that is wrong so far, and how many rows it has."""

    rows: list[UnderstoodRow]
    errors: list[SheetError]
    digest: str
    count: int


def check_import(batch: ImportBatch, content: SheetContent, *, by: Actor, at: datetime) -> ImportOutcome:
    """Run a sheet dry: everything is written and rolled back; what came out is kept as the batch's report."""
    require_kind(batch.kind, by)
    reading = _read(batch.campaign, batch.kind, content, by=by)
    with transaction.atomic():
        outcome = _bring_in(batch, reading, by=by, at=at)
        transaction.set_rollback(True)
    _keep(outcome, at=at)
    return outcome


def apply_import(batch: ImportBatch, content: SheetContent, *, by: Actor, at: datetime) -> ImportOutcome:
    """Bring a sheet in; with any error, or when the same content stands already, nothing is written."""
    require_kind(batch.kind, by)
    reading = _read(batch.campaign, batch.kind, content, by=by)
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        require_standing(locked, applied=False)
        outcome = _apply(locked, reading, by=by, at=at)
        if not outcome.is_new:
            transaction.set_rollback(True)
    _keep(outcome, at=at)
    return outcome


def import_at_once(
    campaign: Campaign,
    kind: str,
    content: SheetContent,
    *,
    upload: Upload,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    then: Callable[[ImportOutcome], list[SheetError]] | None = None,
) -> ImportOutcome:
    """Bring a sheet in without a page between (commands); `then` does more in the same transaction."""
    require_kind(kind, by)
    reading = _read(campaign, kind, content, by=by)
    with transaction.atomic():
        outcome = _apply(new_batch(campaign, kind, upload.name, by=by, at=at), reading, by=by, at=at)
        if outcome.is_new and then is not None:
            outcome.errors.extend(with_headings(kind, then(outcome)))
        if outcome.is_new and not dry_run:
            stored = store_file(upload.chunks, name=upload.name, media_type=MEDIA_TYPE, by_id=by.user_id)
            outcome.batch.file = stored
            outcome.batch.save(update_fields=["file"])
        else:
            transaction.set_rollback(True)
    return outcome


def withdraw_import(batch: ImportBatch, *, by: Actor, at: datetime, because: str) -> ImportBatch:
    """Take a whole import back, all or nothing; raises Refused, PermissionDenied or ConflictOfInterest."""
    require_kind(batch.kind, by)
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        require_standing(batch, applied=True)
        hooks.import_kinds[batch.kind].withdraw(batch, by, at, because)
        batch.withdrawn_by_id, batch.withdrawn_at, batch.withdrawn_because = by.user_id, at, because
        batch.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
        _audit("import.withdraw", batch, by=by, at=at, after={"because": because})
    return batch


def keep_annotated(batch: ImportBatch, stored: StoredFile | None) -> None:
    """Remember the coloured copy that shows where the errors are."""
    if stored is not None:
        batch.report["annotated"] = str(stored.uuid)
        batch.save(update_fields=["report"])


def keep_headings(batch: ImportBatch, headings: Sequence[SheetHeadings]) -> None:
    """Remember the headings of the sheet as they stand there, so that they can be matched to ours."""
    batch.report["headings"] = [asdict(one) for one in headings[:KEPT_HEADINGS]]
    batch.save(update_fields=["report"])


def digest_of(kind: str, rows: Iterable[UnderstoodRow]) -> str:
    """Return the sha256 of rows as understood; neither their order nor their spelling matters."""
    body = [kind, *sorted(row.canonical for row in rows)]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def with_headings(kind: str, errors: Iterable[SheetError]) -> list[SheetError]:
    """Return the errors with headings in place of the keys of columns, in the order of the sheet."""
    headings = {column.key: column.heading for column in hooks.import_kinds[kind].columns}
    named = [replace(error, column=headings.get(error.column, error.column)) for error in errors]
    return sorted(named, key=lambda error: (error.sheet, error.row))


def _read(campaign: Campaign, kind: str, content: SheetContent, *, by: Actor) -> _Reading:
    """Understand a sheet before any transaction: other writers do not wait for it."""
    spec = hooks.import_kinds[kind]
    understood, errors = spec.understand(campaign, content.rows)
    barred = spec.bar(understood, by)
    places = {(error.sheet, error.row) for error in barred}
    open_rows = [item for item in understood if (item.row.sheet, item.row.number) not in places]
    found = [*content.errors, *errors, *barred]
    return _Reading(open_rows, found, digest_of(kind, understood), len(content.rows))


def _apply(batch: ImportBatch, reading: _Reading, *, by: Actor, at: datetime) -> ImportOutcome:
    outcome = _bring_in(batch, reading, by=by, at=at)
    if not outcome.is_new:
        return outcome
    batch.applied_at, batch.digest = at, outcome.digest
    batch.rows, batch.changes = outcome.rows, audit.plain(outcome.written.changes)
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError:  # somebody brought the same content in this moment
        outcome.standing = _standing(batch, outcome.digest)
        return outcome
    after = {"rows": batch.rows, "digest": batch.digest, "changes": batch.changes}
    _audit("import.apply", batch, by=by, at=at, after=after)
    return outcome


def _bring_in(batch: ImportBatch, reading: _Reading, *, by: Actor, at: datetime) -> ImportOutcome:
    outcome = ImportOutcome(batch, digest=reading.digest, rows=reading.count)
    if not reading.errors:  # so that nobody learns what stands about departments they are barred from
        outcome.standing = _standing(batch, outcome.digest)
    if outcome.standing is None:
        outcome.written = hooks.import_kinds[batch.kind].write(batch, reading.rows, by, at)
        outcome.errors = with_headings(batch.kind, [*reading.errors, *outcome.written.errors])
    return outcome


def _standing(batch: ImportBatch, digest: str) -> ImportBatch | None:
    standing = ImportBatch.objects.filter(campaign_id=batch.campaign_id, kind=batch.kind, digest=digest)
    return standing.filter(applied_at__isnull=False, withdrawn_at__isnull=True).first()


def _keep(outcome: ImportOutcome, *, at: datetime) -> None:
    batch = ImportBatch.objects.get(pk=outcome.batch.pk)
    batch.report = batch.report | _report(outcome)
    batch.digest, batch.checked_at = outcome.digest, at
    batch.rows = outcome.rows
    batch.save(update_fields=["report", "digest", "checked_at", "rows"])
    outcome.batch = batch


def _report(outcome: ImportOutcome) -> dict[str, Any]:
    shown = outcome.written.shown
    later = [row for row in shown[KEPT_ROWS:] if row.mark][:KEPT_MARKED]
    return {
        "errors": [asdict(error) | {"place": error.place} for error in outcome.errors[:KEPT_ERRORS]],
        "error_count": len(outcome.errors),
        "shown": [asdict(row) for row in [*shown[:KEPT_ROWS], *later]],
        "row_count": len(shown),
        "totals": [list(total) for total in outcome.written.totals],
        "sums": [list(item) for item in outcome.written.sums],
        "standing": str(outcome.standing.uuid) if outcome.standing else "",
    }


def new_batch(campaign: Campaign, kind: str, name: str, *, by: Actor, at: datetime) -> ImportBatch:
    """Return a new batch, nothing brought in yet."""
    return ImportBatch.objects.create(
        campaign=campaign, kind=kind, name=safe_name(name), digest="", uploaded_by_id=by.user_id, uploaded_at=at
    )


def require_kind(kind: str, by: Actor) -> None:
    """Raise PermissionDenied unless the actor may bring in sheets of this kind."""
    if kind not in importable_kinds(by):
        raise PermissionDenied


def require_standing(batch: ImportBatch, *, applied: bool) -> None:
    """Raise Refused unless the sheet stands brought in (`applied`), or waits for it (not `applied`)."""
    if batch.withdrawn_at is not None:
        raise Refused(_("This import has been withdrawn."), code="withdrawn")
    if applied and batch.applied_at is None:
        raise Refused(_("This sheet has not been brought in."), code="not_applied")
    if not applied and batch.applied_at is not None:
        raise Refused(_("This sheet has been brought in already."), code="applied")


def _audit(act: str, batch: ImportBatch, *, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    audit.record(act, batch, by_id=by.user_id, campaign_id=batch.campaign_id, at=at, after=after | {"kind": batch.kind})
