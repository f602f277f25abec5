"""Copies received: the e-copy of a plan or summary confirmed, a plan's paper taken in by its code.

The only writer of receipts.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, ReceiptKind, ResponsibilityCode
from campaigns.models import Campaign, Obligation, PlanVersion, Receipt
from campaigns.models.any_paper import AnyVersion
from campaigns.policy import can_receive
from campaigns.services.obligations import meet_obligations, reopen_obligations
from qualityseason.clock import day_of, moment_on
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_NOTE = 300
MAXIMUM_PAGES = 2000
MET_BY = "receipt"


@transaction.atomic
def receive_electronic(version: AnyVersion, *, by: Actor, at: datetime) -> Receipt:
    """Confirm the e-copy of a version, received on the day it was submitted; again returns the first receipt.

    Raises Refused where a newer version supersedes it.
    """
    _require(by, ResponsibilityCode.ELECTRONIC_RECEIVER)
    _lock(version)
    receipt = version.receipts.filter(kind=ReceiptKind.ELECTRONIC).first()
    if receipt is not None:
        return receipt
    newest = _newest(version)
    if newest != version.number:
        words = {"department": version.paper.department.name, "old": version.number, "new": newest}
        message = _("%(department)s has submitted version %(new)d meanwhile: confirm that one, not version %(old)d.")
        raise Refused(message % words, code="superseded")
    return _write(version, ReceiptKind.ELECTRONIC, received_on=day_of(version.submitted_at), by=by, at=at)


def check_paper(version: PlanVersion, *, pages: int, received_on: date, note: str, at: datetime) -> None:
    """Raise Refused at `code`, `pages`, `received_on` or `note` where the paper cannot be taken in like this."""
    existing = Receipt.objects.filter(version=version, kind=ReceiptKind.PAPER).first()
    if existing is not None:
        words = {"number": existing.number, "day": existing.received_on.isoformat()}
        message = _("This paper is received already: No. %(number)d of %(day)s.") % words
        raise Refused(message, field="code", code="received", existing=existing)
    if not 0 < pages <= MAXIMUM_PAGES:
        raise Refused(_("Count the pages: at least one, at most 2000."), field="pages", code="pages")
    if received_on > day_of(at):
        message = _("This day is still to come. Today is %(day)s.") % {"day": day_of(at).isoformat()}
        raise Refused(message, field="received_on", code="future")
    submitted_on = day_of(version.submitted_at)
    if received_on < submitted_on:
        message = _("This text was submitted on %(day)s; its paper cannot have come before. Check day and code.")
        raise Refused(message % {"day": submitted_on.isoformat()}, field="received_on", code="before")
    if len(tidy(note)) > MAXIMUM_NOTE:
        raise Refused(_("Keep the note under 300 characters."), field="note", code="note")


@transaction.atomic
def receive_paper(
    version: PlanVersion, *, pages: int, received_on: date, note: str, newest: int, by: Actor, at: datetime
) -> Receipt:
    """Take in the paper of a version; late is taken, never refused. The same again returns the first receipt.

    `newest` is the version the receiver was told is the newest; Refused(code="stale") where another has come since.
    """
    _require(by, ResponsibilityCode.PAPER_RECEIVER)
    _lock(version)
    receipt = Receipt.objects.filter(version=version, kind=ReceiptKind.PAPER).first()
    if receipt is not None and _says(receipt) == (received_on, pages, tidy(note), by.user_id):
        return receipt
    check_paper(version, pages=pages, received_on=received_on, note=note, at=at)
    if _newest(version) != newest:
        message = _(
            "The department has submitted a newer version in this moment. Look again before you take the paper."
        )
        raise Refused(message, code="stale")
    receipt = _write(version, ReceiptKind.PAPER, received_on=received_on, pages=pages, note=tidy(note), by=by, at=at)
    _meet(receipt, met_at=moment_on(received_on, at=at), by_id=by.user_id, at=at)
    return receipt


def _require(by: Actor, code: ResponsibilityCode) -> None:
    if not can_receive(by, code):
        raise PermissionDenied


def _lock(version: AnyVersion) -> None:
    """Let one receipt of the campaign after the other in: numbers are consecutive."""
    Campaign.objects.select_for_update(no_key=True).get(pk=version.paper.campaign_id)


def _newest(version: AnyVersion) -> int:
    return version.paper.versions.order_by("-number").values_list("number", flat=True)[0]


def _says(receipt: Receipt) -> tuple[date, int | None, str, int]:
    return (receipt.received_on, receipt.pages, receipt.note, receipt.received_by_id)


def _write(
    version: AnyVersion,
    kind: ReceiptKind,
    *,
    received_on: date,
    by: Actor,
    at: datetime,
    pages: int | None = None,
    note: str = "",
) -> Receipt:
    paper = version.paper
    owed = ObligationKind.PLAN_PAPER if kind == ReceiptKind.PAPER else paper.obligation
    last = Receipt.objects.filter(campaign_id=paper.campaign_id).aggregate(last=Max("number"))["last"]
    receipt = Receipt.objects.create(
        campaign_id=paper.campaign_id,
        number=(last or 0) + 1,
        kind=kind,
        department_id=paper.department_id,
        obligation=Obligation.objects.filter(department_id=paper.department_id, kind=owed).first(),
        version=version if isinstance(version, PlanVersion) else None,
        summary_version=None if isinstance(version, PlanVersion) else version,
        received_on=received_on,
        pages=pages,
        received_by_id=by.user_id,
        entered_at=at,
        is_own=by.is_interested_in(paper.department_id),
        note=note,
    )
    audit.record(
        "receipt.add",
        receipt,
        by_id=by.user_id,
        campaign_id=receipt.campaign_id,
        department_id=receipt.department_id,
        at=at,
        after={
            "number": receipt.number,
            "kind": kind,
            "code": version.code,
            "received_on": received_on,
            "pages": pages,
            "is_own": receipt.is_own,
        },
    )
    return receipt


def _meet(receipt: Receipt, *, met_at: datetime, by_id: int, at: datetime) -> None:
    """Mark the paper as handed in; one entered later that came earlier than the first known takes its place."""
    later = Obligation.objects.filter(
        department_id=receipt.department_id,
        kind=ObligationKind.PLAN_PAPER,
        met_by_kind=MET_BY,
        met_by_uuid__isnull=False,
        met_at__gt=met_at,
    )
    for uuid in set(later.values_list("met_by_uuid", flat=True)):
        if uuid is not None:
            reopen_obligations(by_kind=MET_BY, by_uuid=uuid, by_id=by_id, at=at)
    meet_obligations(
        receipt.department,
        ObligationKind.PLAN_PAPER,
        met_at=met_at,
        by_kind=MET_BY,
        by_uuid=receipt.uuid,
        by_id=by_id,
        at=at,
    )
