"""Reads of receipts: what waits to be received, what was, and one receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from campaigns.actors import Actor
from campaigns.calculations.obligations import days_late
from campaigns.enums import RECEIVED_OBLIGATIONS, ObligationKind, ReceiptKind
from campaigns.models import Obligation, PlanVersion, Receipt, Summary, SummaryVersion
from campaigns.models.any_paper import AnyPaper, AnyVersion
from qualityseason.clock import day_of

Owed = Mapping[tuple[int, str], Obligation]


@dataclass(frozen=True)
class EarlierVersion:
    """A version before the one that waits, and whether it was received."""

    number: int
    is_received: bool


@dataclass(frozen=True)
class WaitingVersion:
    """The newest version of a text, whose copy is not received yet; the earlier ones it supersedes.

    ``sort`` and ``what`` say which text it is: a plan, or by its kind a summary or material.
    """

    uuid: UUID
    sort: str
    what: str
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
    what: str
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
    """Return what waits and what was received, latest first. Four queries, two for departments."""
    owed = _owed(actor)
    found = list(with_versions(Receipt.objects.visible_to(actor)).order_by("-number"))
    rows = tuple(_row(receipt, owed, on=on) for receipt in found)
    if not (actor.oversees or actor.receives):
        return ReceiptsPage((), (), rows)
    plans = plan_versions(actor)
    received = {(receipt.submitted.uuid, receipt.kind) for receipt in found}
    electronic = _waiting(
        [*plans, *summary_versions(actor)], ReceiptKind.ELECTRONIC, received, owed, actor=actor, on=on
    )
    paper = _waiting(plans, ReceiptKind.PAPER, received, owed, actor=actor, on=on)
    return ReceiptsPage(electronic, paper, rows)


def with_versions(receipts: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Return the receipts with the versions they are for, without these versions' texts, and with people."""
    loaded = receipts.select_related("department", "version__plan", "summary_version__summary", "received_by")
    return loaded.defer("version__content", "summary_version__content")


def receipt_detail(receipt: Receipt, *, on: date) -> ReceiptDetail:
    """Return one receipt, loaded with its version, text and people. Two queries."""
    version = receipt.submitted
    kind = _owed_kind(version.paper, ReceiptKind(receipt.kind))
    obligation = Obligation.objects.filter(department_id=receipt.department_id, kind=kind).first()
    if obligation is not None and not _is_about(obligation, version.paper):
        obligation = None
    owed: dict[tuple[int, str], Obligation] = {(receipt.department_id, kind): obligation} if obligation else {}
    said = dict(version.paper.versions.order_by("-number").values_list("number", "content__title"))
    return ReceiptDetail(
        row=_row(receipt, owed, on=on),
        title=said[version.number],
        submitted_at=version.submitted_at,
        newest=max(said),
        deadline=obligation.deadline if obligation else None,
        met_on=day_of(obligation.met_at) if obligation and obligation.met_at else None,
        entered_at=receipt.entered_at,
        note=receipt.note,
    )


def plan_versions(actor: Actor) -> list[list[AnyVersion]]:
    """Return the versions of plans the actor sees, each plan's in their order, without their text. One query."""
    seen = PlanVersion.objects.visible_to(actor).select_related("plan__department", "submitted_by")
    return _by_paper(seen.defer("content").order_by("plan__department__order", "number"))


def summary_versions(actor: Actor) -> list[list[AnyVersion]]:
    """Return the versions of summaries and materials the actor sees, likewise. One query."""
    seen = SummaryVersion.objects.visible_to(actor).select_related("summary__department", "submitted_by")
    return _by_paper(seen.defer("content").order_by("summary__department__order", "summary_id", "number"))


def _by_paper(versions: Iterable[AnyVersion]) -> list[list[AnyVersion]]:
    found: dict[UUID, list[AnyVersion]] = defaultdict(list)
    for version in versions:
        found[version.paper.uuid].append(version)
    return list(found.values())


def _owed(actor: Actor) -> Owed:
    owed: dict[tuple[int, str], Obligation] = {}
    for obligation in Obligation.objects.visible_to(actor).filter(kind__in=sorted(RECEIVED_OBLIGATIONS)):
        owed.setdefault((obligation.department_id, obligation.kind), obligation)
    return owed


def _owed_kind(paper: AnyPaper, kind: ReceiptKind) -> ObligationKind:
    return ObligationKind.PLAN_PAPER if kind == ReceiptKind.PAPER else paper.obligation


def _is_about(obligation: Obligation, paper: AnyPaper) -> bool:
    """Whether this text is what was owed: of a department's materials, the one that was handed in first."""
    is_piece = isinstance(paper, Summary) and paper.is_piece
    return not is_piece or obligation.met_by_uuid in (None, paper.uuid)


def _what(paper: AnyPaper) -> str:
    return paper.get_kind_display() if isinstance(paper, Summary) else ""


def _waiting(
    papers: Sequence[Sequence[AnyVersion]],
    kind: ReceiptKind,
    received: set[tuple[UUID, str]],
    owed: Owed,
    *,
    actor: Actor,
    on: date,
) -> tuple[WaitingVersion, ...]:
    found = []
    for versions in papers:
        newest, paper = versions[-1], versions[-1].paper
        if (newest.uuid, kind) in received:
            continue
        first_on = day_of(versions[0].submitted_at) if kind == ReceiptKind.ELECTRONIC else None
        waiting = WaitingVersion(
            uuid=newest.uuid,
            sort=paper.SORT,
            what=_what(paper),
            department=paper.department.name,
            number=newest.number,
            submitted_at=newest.submitted_at,
            submitted_by=newest.submitted_by.display_name,
            earlier=tuple(
                EarlierVersion(version.number, (version.uuid, kind) in received) for version in versions[:-1]
            ),
            days_late=_days_late(owed, paper, kind, on=on, else_on=first_on),
            is_own=actor.is_interested_in(paper.department_id),
        )
        found.append(waiting)
    return tuple(found)


def _row(receipt: Receipt, owed: Owed, *, on: date) -> ReceiptRow:
    kind, version = ReceiptKind(receipt.kind), receipt.submitted
    return ReceiptRow(
        uuid=receipt.uuid,
        number=receipt.number,
        kind=kind,
        kind_label=str(kind.label),
        what=_what(version.paper),
        department=receipt.department.name,
        version=version.number,
        code=version.code,
        received_on=receipt.received_on,
        pages=receipt.pages,
        received_by=receipt.received_by.display_name,
        days_late=_days_late(owed, version.paper, kind, on=on, else_on=receipt.received_on),
        is_own=receipt.is_own,
    )


def _days_late(owed: Owed, paper: AnyPaper, kind: ReceiptKind, *, on: date, else_on: date | None) -> int:
    obligation = owed.get((paper.department_id, _owed_kind(paper, kind)))
    if obligation is None or not _is_about(obligation, paper):
        return 0
    met_on = day_of(obligation.met_at) if obligation.met_at else else_on
    return days_late(obligation.deadline, met_on, on=on)
