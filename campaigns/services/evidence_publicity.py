"""Publicity is owed in the first phase: the earliest evidence of it meets the obligation, and the last reopens it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from campaigns.calculations.guessing import Tick
from campaigns.enums import EvidenceTarget, ObligationKind
from campaigns.models import Department, Evidence, Obligation
from campaigns.querysets import EvidenceQuerySet
from campaigns.services.obligations import meet_obligations, reopen_obligations
from qualityseason.clock import noon_of

OWNER = "evidence"


def settle_publicity(department: Department, ticks: Collection[Tick], *, by_id: int, at: datetime) -> None:
    """Bring the department's publicity obligation in line with its standing evidence, where `ticks` touch it."""
    if not any(target == EvidenceTarget.PUBLICITY for target, _key in ticks):
        return
    shown = Evidence.objects.filter(department=department, links__target=EvidenceTarget.PUBLICITY).standing()
    first = shown.order_by("happened_on", "pk").first()
    rows = Obligation.objects.filter(department=department, kind=ObligationKind.PUBLICITY, met_by_kind=OWNER)
    met: set[tuple[UUID | None, datetime | None]] = set(rows.values_list("met_by_uuid", "met_at"))
    met_at = noon_of(first.happened_on) if first else None
    for uuid, moment in met:
        if uuid is not None and (first is None or (uuid, moment) != (first.uuid, met_at)):
            reopen_obligations(by_kind=OWNER, by_uuid=uuid, by_id=by_id, at=at)
    _reopen_of_ended(department, shown, by_id=by_id, at=at)
    if first is not None and met_at is not None:
        meet_obligations(
            department,
            ObligationKind.PUBLICITY,
            met_at=met_at,
            by_kind=OWNER,
            by_uuid=first.uuid,
            by_id=by_id,
            at=at,
        )


def _reopen_of_ended(department: Department, shown: EvidenceQuerySet[Evidence], *, by_id: int, at: datetime) -> None:
    """Open again what a department that ended had met by evidence, which came over and proves it no more."""
    own = Evidence.objects.filter(department=department).exclude(pk__in=shown.values("pk"))
    ended = Obligation.objects.filter(kind=ObligationKind.PUBLICITY, department__closed_on__isnull=False)
    rows = ended.filter(met_by_kind=OWNER, met_by_uuid__in=own.values("uuid")).exclude(department=department)
    for row in rows.select_related("department"):
        if row.met_by_uuid is not None:
            reopen_obligations(by_kind=OWNER, by_uuid=row.met_by_uuid, by_id=by_id, at=at, department=row.department)
