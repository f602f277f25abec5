"""Freezing a result: nothing moves while it is read, and what it rests on can be proved later."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db import transaction

from campaigns.models import Campaign, Department
from qualityseason.models import AuditEntry
from scoring.models import Deduction, Snapshot
from scoring.queries.results import freeze, load_result
from scoring.services.tallies import lock_departments

CHUNK = 2_000


@transaction.atomic
def take_snapshot(campaign: Campaign, *, at: datetime) -> Snapshot:
    """Freeze the result as it stands and return it; every department's ledger is held until the transaction ends."""
    hold_ledger(campaign)
    content = freeze(load_result(campaign, at=at))
    until = entries_of(campaign).order_by("-pk").values_list("pk", flat=True).first() or 0
    return Snapshot.objects.create(
        campaign=campaign,
        taken_at=at,
        content=content,
        sha256=sha256_of(content),
        audit_until=until,
        audit_digest=audit_digest(campaign, until=until),
    )


def hold_ledger(campaign: Campaign) -> None:
    """Hold every department of the campaign, so that no line is recorded, confirmed or withdrawn meanwhile."""
    lock_departments(Department.objects.filter(campaign=campaign).values_list("pk", flat=True))


def entries_of(campaign: Campaign):  # type: ignore[no-untyped-def]  # a queryset of the audit log
    """Return the audit entries about lines of the campaign: each is written under its department's lock."""
    return AuditEntry.objects.filter(campaign_id=campaign.pk, object_type=Deduction._meta.label)


def audit_digest(campaign: Campaign, *, until: int) -> str:
    """Return the sha256 over the ledger's audit entries up to that one, in their order."""
    found = hashlib.sha256()
    fields = ("pk", "at", "campaign_at", "department_id", "by_id", "act", "object_id", "before", "after")
    rows = entries_of(campaign).filter(pk__lte=until).order_by("pk").values_list(*fields)
    for row in rows.iterator(chunk_size=CHUNK):
        found.update(json.dumps(row, default=str, sort_keys=True, ensure_ascii=False).encode())
        found.update(b"\n")
    return found.hexdigest()


def sha256_of(content: str) -> str:
    """Return the sha256 of a frozen text."""
    return hashlib.sha256(content.encode()).hexdigest()
