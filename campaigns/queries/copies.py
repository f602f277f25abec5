"""Copies received of plans and summaries, as their lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from campaigns.actors import Actor
from campaigns.models import Plan, Receipt
from campaigns.models.any_paper import AnyPaper


@dataclass(frozen=True)
class CopyReceived:
    """A copy that was received: when, which version, how many pages of paper."""

    uuid: UUID
    kind: str
    on: date
    number: int
    version: int
    pages: int | None


def copies_of(actor: Actor, paper: AnyPaper) -> tuple[CopyReceived, ...]:
    """Return every copy received of one text, the first one first. One query."""
    seen = _receipts(actor)
    found = seen.filter(version__plan=paper) if isinstance(paper, Plan) else seen.filter(summary_version__summary=paper)
    return tuple(_copy(receipt) for receipt in found)


def copies_of_plans(actor: Actor) -> dict[tuple[int, str], CopyReceived]:
    """Return the copy of a plan received last, by department and kind. One query."""
    found = _receipts(actor).filter(version__isnull=False)
    return {(receipt.department_id, receipt.kind): _copy(receipt) for receipt in found}


def copies_of_summaries(actor: Actor) -> dict[int, CopyReceived]:
    """Return the copy received last, by the id of its summary or material. One query."""
    found = _receipts(actor).filter(summary_version__isnull=False)
    return {
        receipt.summary_version.summary_id: _copy(receipt) for receipt in found if receipt.summary_version is not None
    }


def _receipts(actor: Actor) -> QuerySet[Receipt]:
    seen = Receipt.objects.visible_to(actor).select_related("version", "summary_version")
    return seen.defer("version__content", "summary_version__content").order_by("number")


def _copy(receipt: Receipt) -> CopyReceived:
    return CopyReceived(
        uuid=receipt.uuid,
        kind=receipt.kind,
        on=receipt.received_on,
        number=receipt.number,
        version=receipt.submitted.number,
        pages=receipt.pages,
    )
