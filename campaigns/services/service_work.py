"""Service work in the departments one's duties reach (A2): written down, changed, withdrawn; what it meets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.months import first_day_of_month, last_day_of_month, month_of
from campaigns.enums import ObligationKind, Role, ServiceKind
from campaigns.models import Department, Obligation, ServiceWork
from campaigns.policy import can_hand_in
from campaigns.services.obligations import meet_obligations, reopen_obligations
from qualityseason.clock import day_of, noon_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

OWNER = "service"
MAXIMUM_TEXT = 500
MAXIMUM_PLACE = 100
MAXIMUM_REASON = 200


@dataclass(frozen=True)
class ServiceDraft:
    """What was typed of one service work."""

    visited: Department
    kind: str
    happened_on: date
    text: str
    place: str = ""


def require_hand_in(by: Actor, department_id: int | None) -> None:
    """Raise ConflictOfInterest for the office where it has an interest, PermissionDenied for other strangers."""
    if can_hand_in(by, department_id):
        return
    if by.has(Role.OFFICE) and by.is_interested_in(department_id):
        raise ConflictOfInterest(
            _("You have an interest in this department: somebody else of the office enters this on its behalf.")
        )
    raise PermissionDenied


@transaction.atomic
def record_service(department: Department, draft: ServiceDraft, *, uuid: UUID, by: Actor, at: datetime) -> ServiceWork:
    """Return the service work written down; the first one of a month meets what is owed for it.

    The same uuid again returns the first answer. A day outside the working months is taken and counts for none.
    """
    require_hand_in(by, department.pk)
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    draft = _judged(department, draft, at=at)
    work = ServiceWork(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        entered_by_id=by.user_id,
        entered_at=at,
    )
    _write(work, draft)
    first = ServiceWork.objects.filter(uuid=uuid).first()
    if first is not None:
        return _same(first, work)
    if not _rows_owed(department).exists():
        message = _("%(department)s owes no service work in this season; choose the department that did it.")
        raise Refused(message % {"department": department.name}, field="department", code="not-owed")
    work.save()
    _record("service.add", work, by=by, at=at, after=_state(work))
    _bring_up_to_date(department, [month_of(work.happened_on)], by=by, at=at)
    return work


@transaction.atomic
def edit_service(
    work: ServiceWork, draft: ServiceDraft, *, version: int | None, by: Actor, at: datetime
) -> ServiceWork:
    """Change a service work; months it leaves or enters follow. With another `version` it is refused as stale."""
    require_hand_in(by, work.department_id)
    work = _locked(work)
    if work.withdrawn_at is not None:
        raise Refused(_("This service work was withdrawn; nothing is changed in it any more."), code="withdrawn")
    if version is not None and version != work.version:
        message = _("Somebody else changed this service work meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=work)
    draft = _judged(work.department, draft, at=at, was=work.visited_id)
    before, month = _state(work), month_of(work.happened_on)
    _write(work, draft)
    if _state(work) == before:
        return work
    work.version += 1
    work.save(update_fields=["visited", "kind", "happened_on", "place", "text", "version"])
    _record("service.edit", work, by=by, at=at, before=before, after=_state(work))
    _bring_up_to_date(work.department, [month, month_of(work.happened_on)], by=by, at=at)
    return work


@transaction.atomic
def withdraw_service(work: ServiceWork, *, because: str, by: Actor, at: datetime) -> ServiceWork:
    """Withdraw a service work; without another one its month is open again. A second time changes nothing."""
    require_hand_in(by, work.department_id)
    work = _locked(work)
    if work.withdrawn_at is not None:
        return work
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    work.withdrawn_by_id, work.withdrawn_at, work.withdrawn_because = by.user_id, at, because
    work.version += 1
    work.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because", "version"])
    _record("service.withdraw", work, by=by, at=at, before=_state(work), after={"because": because})
    _bring_up_to_date(work.department, [month_of(work.happened_on)], by=by, at=at)
    return work


def _judged(department: Department, draft: ServiceDraft, *, at: datetime, was: int | None = None) -> ServiceDraft:
    campaign, visited, day = department.campaign, draft.visited, draft.happened_on
    if visited.campaign_id != department.campaign_id or (visited.closed_on is not None and visited.pk != was):
        message = _("%(department)s is no department of this season any more. Choose another.")
        raise Refused(message % {"department": visited.name}, field="visited", code="closed")
    if visited.pk == department.pk:
        message = _("Service work is done in another department: choose the one you visited.")
        raise Refused(message, field="visited", code="own")
    if draft.kind not in ServiceKind.values:
        raise Refused(_("Say of which kind the service work was."), field="kind", code="kind")
    if day > day_of(at):
        message = _("%(day)s is still to come. Write the service work down when it is done.")
        raise Refused(message % {"day": day.isoformat()}, field="happened_on", code="ahead")
    if not campaign.facts_from <= day <= campaign.facts_until:
        words = {"day": day.isoformat(), "from": campaign.facts_from, "until": campaign.facts_until}
        message = _("%(day)s lies outside this season, which counts from %(from)s to %(until)s.")
        raise Refused(message % words, field="happened_on", code="outside")
    text, place = tidy(draft.text), tidy(draft.place)
    if not 0 < len(text) <= MAXIMUM_TEXT:
        raise Refused(_("Say what was done, in at most 500 characters."), field="text", code="text")
    if len(place) > MAXIMUM_PLACE:
        raise Refused(_("The place takes at most 100 characters."), field="place", code="place")
    return ServiceDraft(visited, draft.kind, day, text, place)


def _write(work: ServiceWork, draft: ServiceDraft) -> None:
    work.visited, work.kind, work.happened_on = draft.visited, draft.kind, draft.happened_on
    work.text, work.place = draft.text, draft.place


def _same(first: ServiceWork, again: ServiceWork) -> ServiceWork:
    said = [(row.department_id, row.entered_by_id, _state(row)) for row in (first, again)]
    if said[0] == said[1]:
        return first
    existing = first if first.department_id == again.department_id else None
    raise Refused(_("This form has been sent before with other words. Open a new one."), code="used", existing=existing)


def _locked(work: ServiceWork) -> ServiceWork:
    Department.objects.select_for_update(no_key=True).get(pk=work.department_id)
    return ServiceWork.objects.select_related("department__campaign", "visited").get(pk=work.pk)


def _rows_owed(department: Department) -> Any:
    return Obligation.objects.filter(department=department, kind=ObligationKind.SERVICE).standing()


def _bring_up_to_date(department: Department, months: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Let each month be met by a service work that stands in it, at its true day, or be open."""
    for row in _rows_owed(department).filter(key__in=set(months)):
        between = (first_day_of_month(row.key), last_day_of_month(row.key))
        standing = ServiceWork.objects.filter(department=department, happened_on__range=between).standing()
        if row.met_by_uuid is not None:
            still = standing.filter(uuid=row.met_by_uuid).first()
            if still is not None and row.met_at is not None and day_of(row.met_at) == still.happened_on:
                continue
            reopen_obligations(by_kind=OWNER, by_uuid=row.met_by_uuid, by_id=by.user_id, at=at)
        first = standing.order_by("happened_on", "pk").first()
        if first is not None:
            meet_obligations(
                department,
                ObligationKind.SERVICE,
                key=row.key,
                met_at=min(noon_of(first.happened_on), at),
                by_kind=OWNER,
                by_uuid=first.uuid,
                by_id=by.user_id,
                at=at,
            )


def _state(work: ServiceWork) -> dict[str, Any]:
    return {
        "visited": work.visited_id,
        "kind": str(work.kind),
        "happened_on": work.happened_on,
        "place": work.place,
        "text": work.text,
    }


def _record(
    act: str,
    work: ServiceWork,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        work,
        by_id=by.user_id,
        campaign_id=work.campaign_id,
        department_id=work.department_id,
        at=at,
        before=before,
        after=after,
    )
