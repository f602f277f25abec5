"""The audit log: who did what, for whom, when, before and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from qualityseason.clock import wall_now
from qualityseason.models import AuditEntry
from qualityseason.tracing import request_id

listeners: list[Callable[[AuditEntry, models.Model], None]] = []  # told of every entry, within its transaction


def plain(value: Any) -> Any:
    """Return `value` as JSON can hold it: dates in ISO, points and ids as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def record(
    act: str,
    obj: models.Model,
    *,
    by_id: int | None,
    campaign_id: int | None = None,
    department_id: int | None = None,
    at: datetime | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry about `obj`; `at` is the campaign's clock, the wall clock is taken here."""
    entry = AuditEntry.objects.create(
        at=wall_now(),
        campaign_at=at,
        campaign_id=campaign_id,
        department_id=department_id,
        by_id=by_id,
        act=act,
        object_type=obj._meta.label,
        object_id=str(getattr(obj, "uuid", obj.pk)),
        before=plain(before),
        after=plain(after),
        request_id=request_id.get(),
    )
    for hear in listeners:
        hear(entry, obj)
    return entry
