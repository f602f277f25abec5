"""Remembering which columns of somebody's sheet are ours, and reading the sheet again by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.calculations.headings import fingerprint_of, name_of
from campaigns.facts import Column, SheetHeadings
from campaigns.models import ColumnLayout, ImportBatch
from campaigns.services.import_requests import may_read_rows, start_check
from campaigns.services.imports import require_kind, require_standing
from campaigns.services.sheet_rows import lock_lists
from qualityseason.errors import Refused
from qualityseason.services import audit


@transaction.atomic
def match_columns(
    batch: ImportBatch, headings: SheetHeadings, mapping: Mapping[str, str], *, by: Actor, at: datetime
) -> ColumnLayout:
    """Remember for these headings which is which (key of our column → heading), and check the sheet again by it.

    Raises Refused where a column needed has no heading, or a heading serves two columns.
    """
    require_kind(batch.kind, by)
    if not may_read_rows(batch, by):
        raise PermissionDenied(_("Only who uploaded this sheet brings it in."))
    columns = hooks.import_kinds[batch.kind].columns
    chosen = {key: label for key, label in mapping.items() if label}
    _require_whole(chosen, columns, headings.labels)
    lock_lists(batch.campaign_id)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    require_standing(batch, applied=False)
    said = {name_of(label): key for key, label in chosen.items()}
    layout, before = _keep(batch, headings, said, by=by, at=at)
    audit.record(
        "import.match",
        batch,
        by_id=by.user_id,
        campaign_id=batch.campaign_id,
        at=at,
        before=before,
        after={"kind": batch.kind, "mapping": said},
    )
    start_check(batch, by=by, at=at)
    return layout


def _keep(
    batch: ImportBatch, headings: SheetHeadings, said: dict[str, str], *, by: Actor, at: datetime
) -> tuple[ColumnLayout, dict[str, dict[str, str]] | None]:
    fingerprint = fingerprint_of(headings.labels)
    same = ColumnLayout.objects.filter(campaign_id=batch.campaign_id, kind=batch.kind, fingerprint=fingerprint)
    layout = same.first()
    before = {"mapping": layout.mapping} if layout is not None else None
    if layout is None:
        layout = ColumnLayout(campaign_id=batch.campaign_id, kind=batch.kind, fingerprint=fingerprint)
    layout.headings, layout.mapping = list(headings.labels), said
    layout.matched_by_id, layout.matched_at = by.user_id, at
    layout.save()
    return layout, before


def _require_whole(chosen: Mapping[str, str], columns: Sequence[Column], labels: Sequence[str]) -> None:
    by_key = {column.key: column for column in columns}
    served: dict[str, str] = {}
    for key, label in chosen.items():
        if key not in by_key or label not in labels:
            raise Refused(_("The sheet was checked again meanwhile. Choose once more."), code="stale")
        if label in served:
            sentence = _("“%(label)s” serves %(first)s already; a column serves once.")
            raise Refused(sentence % {"label": label, "first": by_key[served[label]].heading}, field=key, code="twice")
        served[label] = key
    for column in columns:
        if column.key in chosen or column.optional or (column.instead and column.instead in chosen):
            continue
        sentence = _("Say which column holds %(heading)s: it is needed.")
        if column.instead:
            words = {"heading": column.heading, "other": by_key[column.instead].heading}
            raise Refused(
                _("Say which column holds %(heading)s or %(other)s.") % words, field=column.key, code="needed"
            )
        raise Refused(sentence % {"heading": column.heading}, field=column.key, code="needed")
