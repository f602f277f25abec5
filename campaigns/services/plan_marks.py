"""What assessors note on the items of a submitted plan, before anybody is charged (P1, P4)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import MarkReason, Role
from campaigns.models import Plan, PlanMark
from campaigns.services.paper_steps import locked
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_NOTE = 300  # characters


@transaction.atomic
def mark_item(
    plan: Plan,
    *,
    number: int,
    target: UUID,
    reason: MarkReason,
    note: str,
    reviewed_on: date | None = None,
    by: Actor,
    at: datetime,
) -> PlanMark:
    """Note something on an item of version `number`; the same note by the same person again is the first one.

    ``reviewed_on`` is the day of the management review, for a changed standard alone. Raises Refused: `stale` when the
    item is in no text submitted by now, `marked` when somebody has noted this already, `note`, `reviewed_on`.
    """
    plan = locked(plan)
    require_marker(by, plan)
    version = plan.versions.order_by("-number").first()
    if version is None or version.number != number:
        message = _("The department has submitted a newer version. Read the item as it is now, then mark it.")
        raise Refused(message, code="stale", existing=version)
    if str(target) not in {item["uuid"] for item in version.content["items"]}:
        raise Refused(_("This item is not in the version submitted."), code="target")
    note = tidy(note)
    if len(note) > MAXIMUM_NOTE:
        message = _("This has %(length)s characters; at most %(limit)s are kept. Shorten it.")
        raise Refused(message % {"length": len(note), "limit": MAXIMUM_NOTE}, field="note", code="long")
    if reason != MarkReason.CHANGED_UNREVIEWED:
        reviewed_on = None
    elif reviewed_on is not None and reviewed_on > day_of(at):
        raise Refused(_("This day is still to come."), field="reviewed_on", code="future")
    there = PlanMark.objects.standing().filter(plan=plan, target=target, reason=reason).first()
    if there is not None:
        if (there.by_id, there.note, there.reviewed_on) == (by.user_id, note, reviewed_on):
            return there
        message = _("This item is marked so already. Withdraw that mark first to write another.")
        raise Refused(message, field="reason", code="marked", existing=there)
    mark = PlanMark.objects.create(
        plan=plan,
        version=version,
        target=target,
        reason=reason,
        note=note,
        reviewed_on=reviewed_on,
        by_id=by.user_id,
        at=at,
    )
    _record("plan.mark", mark, plan, by=by, at=at)
    return mark


@transaction.atomic
def withdraw_mark(mark: PlanMark, *, by: Actor, at: datetime) -> PlanMark:
    """Take a mark back: by who made it, or the head of the team. A second time changes nothing."""
    plan = locked(mark.plan)
    require_marker(by, plan)
    mark = PlanMark.objects.get(pk=mark.pk)
    if not may_withdraw(by, mark):
        raise PermissionDenied
    if mark.withdrawn_at is None:
        mark.withdrawn_at, mark.withdrawn_by_id = at, by.user_id
        mark.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _record("plan.unmark", mark, plan, by=by, at=at)
    return mark


def may_withdraw(by: Actor, mark: PlanMark) -> bool:
    """Whether the actor may take this mark back."""
    return mark.by_id == by.user_id or by.has(Role.TEAM_LEAD)


def require_marker(by: Actor, plan: Plan) -> None:
    """Refuse whoever marks nothing on this plan, with the sentence where an interest stands in the way."""
    if by.is_interested_in(plan.department_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    if not policy.can_mark_plan(by, plan):
        raise PermissionDenied


def _record(act: str, mark: PlanMark, plan: Plan, *, by: Actor, at: datetime) -> None:
    audit.record(
        act,
        mark,
        by_id=by.user_id,
        campaign_id=plan.campaign_id,
        department_id=plan.department_id,
        at=at,
        after={
            "item": mark.target,
            "reason": mark.reason,
            "note": mark.note,
            "reviewed_on": mark.reviewed_on,
            "withdrawn": mark.withdrawn_at,
        },
    )
