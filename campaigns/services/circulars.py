"""Circulars (转发和下发的文件): issued to departments, which owe their relay and execution; changed, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind
from campaigns.models import Campaign, Circular, CircularRecipient, Department
from campaigns.policy import can_issue_circulars
from campaigns.queries.circular_page import fixed_recipients
from campaigns.services.attachments import attach_uploads
from campaigns.services.circular_drafts import CircularDraft, judged, refuse_twin
from campaigns.services.obligations import drop_obligations, owe
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

OWNER = "circular"  # the kind of record its files are attached to
MAXIMUM_REASON = 200
TYPED = ("kind", "number", "title", "text", "issued_on", "due_on")


@dataclass(frozen=True)
class EditedCircular:
    """A circular after a change; ``kept`` are departments left off that stay, because they have recorded something."""

    circular: Circular
    kept: tuple[Department, ...]


@transaction.atomic
def issue_circular(
    campaign: Campaign,
    draft: CircularDraft,
    *,
    uuid: UUID,
    departments: Sequence[Department],
    by: Actor,
    at: datetime,
    uploads: Sequence[UUID] = (),
    again: bool = False,
) -> Circular:
    """Return the circular sent to `departments`, each of which then owes its relay and execution by `due_on`.

    The same `uuid` with the same content returns the one made first. `again`: although one of that number and title
    stands. Raises Refused at the field.
    """
    _require_office(by)
    draft = judged(draft, campaign)
    departments = _addressed(departments)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    first = Circular.objects.filter(uuid=uuid).first()
    if first is not None:
        return _same(first, draft, departments, by=by)
    if not again:
        refuse_twin(draft, campaign)
    circular = Circular(uuid=uuid, campaign=campaign, entered_by_id=by.user_id, entered_at=at)
    _put(circular, draft)
    circular.save()
    for department in departments:
        CircularRecipient.objects.create(circular=circular, department=department)
        _owe(circular, department)
    attach_uploads(
        uploads,
        campaign_id=campaign.pk,
        department_id=None,
        owner_kind=OWNER,
        owner_uuid=circular.uuid,
        by_id=by.user_id,
        at=at,
    )
    _record("circular.issue", circular, by=by, at=at, after=_state(circular))
    return circular


@transaction.atomic
def edit_circular(
    circular: Circular,
    draft: CircularDraft,
    *,
    version: int | None,
    departments: Sequence[Department],
    by: Actor,
    at: datetime,
    again: bool = False,
) -> EditedCircular:
    """Change a circular and to whom it goes; obligations follow. A department that has recorded something stays.

    With another `version` than the row's (None: any) it is refused as stale. Raises ConflictOfInterest for taking a
    department of own interest off.
    """
    _require_office(by)
    circular = lock_circular(circular)
    _require_standing(circular)
    draft = judged(draft, circular.campaign)
    departments = _addressed(departments)
    before = _state(circular)
    fixed = fixed_recipients(circular)
    kept = [row for row in _open_rows(circular) if row.department not in departments and row.department_id in fixed]
    wanted = [*departments, *(row.department for row in kept)]
    after = _state(circular, draft, wanted)
    if after == before:
        return EditedCircular(circular, tuple(row.department for row in kept))
    if version is not None and version != circular.version:
        message = _("Somebody else changed this circular meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=circular)
    if not again:
        refuse_twin(draft, circular.campaign, apart_from=circular)
    _refuse_issue_after_records(circular, draft)
    _put(circular, draft)
    circular.version += 1
    circular.save(update_fields=[*TYPED, "version"])
    _readdress(circular, wanted, by=by, at=at)
    _record("circular.edit", circular, by=by, at=at, before=before, after=_state(circular))
    return EditedCircular(circular, tuple(row.department for row in kept))


@transaction.atomic
def withdraw_circular(circular: Circular, *, because: str, by: Actor, at: datetime) -> Circular:
    """Take a circular back with a reason: nobody owes it any more, departments no longer see it. Again: nothing."""
    _require_office(by)
    circular = lock_circular(circular)
    if circular.withdrawn_at is not None:
        return circular
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    circular.withdrawn_at, circular.withdrawn_by_id, circular.withdrawn_because = at, by.user_id, because
    circular.version += 1
    circular.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because", "version"])
    drop_obligations(ObligationKind.CIRCULAR, key=str(circular.uuid), at=at)
    _record("circular.withdraw", circular, by=by, at=at, after={"because": because})
    return circular


def lock_circular(circular: Circular) -> Circular:
    """Return the circular as it stands, held for this transaction."""
    held = Circular.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("campaign").get(pk=circular.pk)


def _require_office(by: Actor) -> None:
    if not can_issue_circulars(by):
        raise PermissionDenied


def _require_standing(circular: Circular) -> None:
    if circular.withdrawn_at is not None:
        raise Refused(_("This circular was withdrawn; nothing is written into it any more."), code="withdrawn")


def _addressed(departments: Iterable[Department]) -> list[Department]:
    """Return the departments in order and once; raises Refused where there is none, or a closed one."""
    found = sorted({department.pk: department for department in departments}.values(), key=lambda row: row.order)
    if not found:
        raise Refused(_("Choose at least one department."), field="departments", code="nobody")
    for department in found:
        if department.closed_on is not None:
            message = _("%(department)s was closed; nothing is sent to it any more.") % {"department": department.name}
            raise Refused(message, field="departments", code="closed", existing=department)
    return found


def _same(first: Circular, draft: CircularDraft, departments: Sequence[Department], *, by: Actor) -> Circular:
    """Return the circular made first, when the form was only sent twice."""
    is_own = (first.campaign_id, first.entered_by_id) == (by.campaign_id, by.user_id)
    if is_own and _state(first) == _state(first, draft, departments):
        return first
    message = _("This form was used already, with other words. Open it anew.")
    raise Refused(message, code="used", existing=first if is_own else None)


def _put(circular: Circular, draft: CircularDraft) -> None:
    for name in TYPED:
        setattr(circular, name, getattr(draft, name))


def _owe(circular: Circular, department: Department) -> None:
    name = f"{circular.number} {circular.title}".strip()
    owe(department, ObligationKind.CIRCULAR, key=str(circular.uuid), name=name, due_on=circular.due_on)


def _open_rows(circular: Circular) -> list[CircularRecipient]:
    """Return the recipients that count and whose department is open; those of closed ones stay as they are."""
    rows = circular.recipients.filter(removed_at__isnull=True, department__closed_on__isnull=True)
    return list(rows.select_related("department").order_by("department__order"))


def _refuse_issue_after_records(circular: Circular, draft: CircularDraft) -> None:
    rows = circular.recipients.filter(removed_at__isnull=True).select_related("department")
    for row in rows:
        days = [day for day in (row.relayed_on, row.carried_out_on) if day is not None]
        if days and min(days) < draft.issued_on:
            message = _("%(department)s has recorded something on %(day)s, before this day of issue.")
            words = {"department": row.department.name, "day": min(days).isoformat()}
            raise Refused(message % words, field="issued_on", code="recorded", existing=row)


def _readdress(circular: Circular, wanted: Sequence[Department], *, by: Actor, at: datetime) -> None:
    """Bring recipients and what they owe in line with the circular."""
    ids = {department.pk for department in wanted}
    for row in _open_rows(circular):
        if row.department_id in ids:
            continue
        if by.is_interested_in(row.department_id):
            raise ConflictOfInterest(_("You have an interest in this department: another of the office takes it off."))
        row.removed_at = at
        row.version += 1
        row.save(update_fields=["removed_at", "version"])
        drop_obligations(ObligationKind.CIRCULAR, key=str(circular.uuid), at=at, department=row.department)
    for department in wanted:
        row, is_new = CircularRecipient.objects.get_or_create(circular=circular, department=department)
        if not is_new and row.removed_at is not None:
            row.removed_at = None
            row.version += 1
            row.save(update_fields=["removed_at", "version"])
        _owe(circular, department)


def _state(
    circular: Circular, draft: CircularDraft | None = None, departments: Sequence[Department] | None = None
) -> dict[str, Any]:
    """Return what a circular says and to whom it goes, as it stands or as it would."""
    said = {name: getattr(draft or circular, name) for name in TYPED}
    if departments is None:
        departments = [row.department for row in _open_rows(circular)]
    return said | {"departments": sorted(department.name for department in departments)}


def _record(
    act: str,
    circular: Circular,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(act, circular, by_id=by.user_id, campaign_id=circular.campaign_id, at=at, before=before, after=after)
