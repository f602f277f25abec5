"""What every step of a plan's way shares: the lock, who may, the state before and after, event and audit."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import PLAN_TRANSITIONS, PlanAct, Role
from campaigns.models import Plan, PlanEvent, PlanVersion
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_NOTE = 2000  # characters of a note or a remark
ACTS = {
    PlanAct.REQUESTED: "request",
    PlanAct.RECALLED: "recall",
    PlanAct.SUBMITTED: "submit",
    PlanAct.RETURNED: "return",
    PlanAct.APPROVED: "approve",
}


def locked(plan: Plan) -> Plan:
    """Return the plan as it stands now, under its lock."""
    rows = Plan.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign", "department")
    return rows.get(pk=plan.pk)


def latest_version(plan: Plan) -> PlanVersion | None:
    """Return the version submitted last."""
    return PlanVersion.objects.filter(plan=plan).order_by("-number").first()


def not_allowed(by: Actor, plan: Plan) -> PermissionDenied:
    """Return the refusal for somebody who may not: with the sentence where an interest stands in the way (回避)."""
    if by.has(Role.OFFICE) and by.is_interested_in(plan.department_id):
        return ConflictOfInterest(_("You have an interest in this department and decide nothing about its plan."))
    return PermissionDenied()


def require_office(by: Actor, plan: Plan) -> None:
    """Refuse whoever does not decide about the department's plan."""
    if not policy.can_decide_for(by, plan.department_id):
        raise not_allowed(by, plan)


def require_state(plan: Plan, act: PlanAct) -> None:
    """Refuse an act the plan's state does not allow."""
    before, _after = PLAN_TRANSITIONS[act]
    if plan.state not in before:
        message = _("That cannot be done now: the plan stands at “%(state)s”. Somebody else may have been here.")
        raise Refused(message % {"state": plan.get_state_display()}, code="state", existing=plan)


def understood_note(text: str, field: str) -> str:
    """Return a note as it is kept; raises Refused at `field` when it is too long."""
    text = tidy(text)
    if len(text) > MAXIMUM_NOTE:
        message = _("This has %(length)s characters; at most %(limit)s are kept. Shorten it.")
        raise Refused(message % {"length": len(text), "limit": MAXIMUM_NOTE}, field=field, code="long")
    return text


def go(
    plan: Plan,
    act: PlanAct,
    *,
    by: Actor,
    at: datetime,
    version: PlanVersion | None = None,
    note: str = "",
    on_behalf_of: int | None = None,
    remarks: int = 0,
) -> Plan:
    """Bring the plan into the state the act leads to, with its event and audit entry."""
    before = plan.state
    plan.state = PLAN_TRANSITIONS[act][1]
    plan.save(update_fields=["state"])
    PlanEvent.objects.create(
        plan=plan, act=act, version=version, by_id=by.user_id, on_behalf_of_id=on_behalf_of, note=note, at=at
    )
    after: dict[str, object] = {"state": plan.state, "note": note}
    if version is not None:
        after |= {"version": version.number, "code": version.code, "digest": version.digest}
    if on_behalf_of is not None:
        after["on_behalf_of"] = on_behalf_of
    if remarks:
        after["remarks"] = remarks
    audit.record(
        f"plan.{ACTS[act]}",
        plan,
        by_id=by.user_id,
        campaign_id=plan.campaign_id,
        department_id=plan.department_id,
        at=at,
        before={"state": before},
        after=after,
    )
    return plan
