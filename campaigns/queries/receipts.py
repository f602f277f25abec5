"""Reads of receipts: what waits to be received, what was, and one receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.obligations import days_late
from campaigns.enums import PLAN_OBLIGATIONS, ObligationKind, ReceiptKind
from campaigns.models import Obligation, PlanVersion, Receipt
from qualityseason.clock import day_of

OWED = {
    ReceiptKind.ELECTRONIC: ObligationKind.PLAN_ELECTRONIC,
    ReceiptKind.PAPER: ObligationKind.PLAN_PAPER,
}


@dataclass(frozen=True)
class EarlierVersion:
    """A version before the one that waits, and whether it was received."""

    number: int
    is_received: bool


@dataclass(frozen=True)
class WaitingVersion:
    """The newest version of a plan, whose copy is not received yet; the earlier ones it supersedes."""

    uuid: UUID
    department: str
    number: int
    submitted_at: datetime
    submitted_by: str
    earlier: tuple[EarlierVersion, ...]
    days_late: int
    is_own: bool


@dataclass(frozen=True)
class ReceiptRow:
    """One receipt in the list; ``days_late`` is the department's for that copy, whichever version came first."""

    uuid: UUID
    number: int
    kind: ReceiptKind
    kind_label: str
    department: str
    version: int
    code: str
    received_on: date
    pages: int | None
    received_by: str
    days_late: int
    is_own: bool


@dataclass(frozen=True)
class ReceiptsPage:
    """What waits (for overseers and receivers) and what was received."""

    electronic: tuple[WaitingVersion, ...]
    paper: tuple[WaitingVersion, ...]
    rows: tuple[ReceiptRow, ...]


@dataclass(frozen=True)
class ReceiptDetail:
    """One receipt with the version it is for, the newest there is, and how the copy stood to its deadline."""

    row: ReceiptRow
    title: str
    submitted_at: datetime
    newest: int
    deadline: date | None
    met_on: date | None
    entered_at: datetime
    note: str


def receipts_page(actor: Actor, *, on: date) -> ReceiptsPage:
    """Return what waits and what was received, latest first. Three queries, two for departments."""
    owed = _owed(actor)
    receipts = Receipt.objects.visible_to(actor).select_related("department", "version", "received_by")
    found = list(receipts.defer("version__content").order_by("-number"))
    rows = tuple(_row(receipt, owed, on=on) for receipt in found)
    if not (actor.oversees or actor.receives):
        return ReceiptsPage((), (), rows)
    plans = versions_by_plan(actor)
    received = {(receipt.version_id, receipt.kind) for receipt in found}
    waiting = {
        kind: tuple(
            _waiting(versions, kind, received, owed, actor, on=on)
            for versions in plans
            if (versions[-1]["pk"], kind) not in received
        )
        for kind in ReceiptKind
    }
    return ReceiptsPage(waiting[ReceiptKind.ELECTRONIC], waiting[ReceiptKind.PAPER], rows)


def receipt_detail(receipt: Receipt, *, on: date) -> ReceiptDetail:
    """Return one receipt, loaded with its version, plan and people. Two queries."""
    kind = OWED[ReceiptKind(receipt.kind)]
    obligation = Obligation.objects.filter(department_id=receipt.department_id, kind=kind).first()
    owed: dict[tuple[int, str], Obligation] = {}
    if obligation is not None:
        owed[receipt.department_id, kind] = obligation
    versions = PlanVersion.objects.filter(plan_id=receipt.version.plan_id).order_by("-number")
    said = dict(versions.values_list("number", "content__title"))
    return ReceiptDetail(
        row=_row(receipt, owed, on=on),
        title=said[receipt.version.number],
        submitted_at=receipt.version.submitted_at,
        newest=max(said),
        deadline=obligation.deadline if obligation else None,
        met_on=day_of(obligation.met_at) if obligation and obligation.met_at else None,
        entered_at=receipt.entered_at,
        note=receipt.note,
    )


def versions_by_plan(actor: Actor) -> list[list[dict[str, Any]]]:
    """Return the versions the actor sees, each plan's in their order, without their text. One query."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for version in (
        PlanVersion.objects.visible_to(actor)
        .order_by("plan__department__order", "number")
        .values(
            "pk",
            "uuid",
            "number",
            "code",
            "plan_id",
            "plan__department_id",
            "plan__department__name",
            "submitted_at",
            "submitted_by__display_name",
        )
    ):
        found[version["plan_id"]].append(dict(version))
    return list(found.values())


def _owed(actor: Actor) -> dict[tuple[int, str], Obligation]:
    owed: dict[tuple[int, str], Obligation] = {}
    for obligation in Obligation.objects.visible_to(actor).filter(kind__in=sorted(PLAN_OBLIGATIONS)):
        owed.setdefault((obligation.department_id, obligation.kind), obligation)
    return owed


def _waiting(
    versions: list[dict[str, Any]],
    kind: ReceiptKind,
    received: set[tuple[int, str]],
    owed: Mapping[tuple[int, str], Obligation],
    actor: Actor,
    *,
    on: date,
) -> WaitingVersion:
    newest = versions[-1]
    department_id = newest["plan__department_id"]
    first_on = day_of(versions[0]["submitted_at"]) if kind == ReceiptKind.ELECTRONIC else None
    return WaitingVersion(
        uuid=newest["uuid"],
        department=newest["plan__department__name"],
        number=newest["number"],
        submitted_at=newest["submitted_at"],
        submitted_by=newest["submitted_by__display_name"],
        earlier=tuple(
            EarlierVersion(version["number"], (version["pk"], kind) in received) for version in versions[:-1]
        ),
        days_late=_days_late(owed.get((department_id, OWED[kind])), on=on, else_on=first_on),
        is_own=actor.is_interested_in(department_id),
    )


def _row(receipt: Receipt, owed: Mapping[tuple[int, str], Obligation], *, on: date) -> ReceiptRow:
    kind = ReceiptKind(receipt.kind)
    obligation = owed.get((receipt.department_id, OWED[kind]))
    return ReceiptRow(
        uuid=receipt.uuid,
        number=receipt.number,
        kind=kind,
        kind_label=str(kind.label),
        department=receipt.department.name,
        version=receipt.version.number,
        code=receipt.version.code,
        received_on=receipt.received_on,
        pages=receipt.pages,
        received_by=receipt.received_by.display_name,
        days_late=_days_late(obligation, on=on, else_on=receipt.received_on),
        is_own=receipt.is_own,
    )


def _days_late(obligation: Obligation | None, *, on: date, else_on: date | None) -> int:
    if obligation is None:
        return 0
    met_on = day_of(obligation.met_at) if obligation.met_at else else_on
    return days_late(obligation.deadline, met_on, on=on)
