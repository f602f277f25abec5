"""What the pages on which a plan is written share: who may be there, and when the plan is in other hands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from campaigns.enums import PlanState
from campaigns.forms.plans import quality_label
from campaigns.models import Plan
from campaigns.policy import can_hand_in, can_write_plan
from campaigns.queries.plan_writing import plan_writing
from campaigns.requests import PortalRequest
from qualityseason.errors import ConflictOfInterest, Refused


def handed_plan(request: PortalRequest, uuid: UUID) -> Plan:
    """Return the plan the actor prepares, in whatever state; 404 for what is not seen, 403 for others' plans."""
    plans = Plan.objects.visible_to(request.actor).select_related("campaign", "department")
    plan = get_object_or_404(plans, uuid=uuid)
    if not can_hand_in(request.actor, plan.department_id):
        if request.actor.is_interested_in(plan.department_id):
            message = _("You have an interest in %(department)s, so another member of the office writes for it.")
            raise ConflictOfInterest(message % {"department": plan.department.name})
        raise PermissionDenied
    return plan


def writable_plan(request: PortalRequest, uuid: UUID) -> Plan:
    """Return the plan the actor may change now."""
    plan = handed_plan(request, uuid)
    refuse_closed(request, plan)
    return plan


def refuse_closed(request: PortalRequest, plan: Plan) -> None:
    """Raise PermissionDenied with the reason and the way out when the plan is handed in."""
    if can_write_plan(request.actor, plan):
        return
    if plan.state == PlanState.APPROVED:
        raise PermissionDenied(_("This plan is approved. To change it, ask the campaign office to return it."))
    raise PermissionDenied(_("This plan is submitted. To change it, ask the campaign office to return it."))


def status_of(refused: Refused) -> int:
    """Return the answer's status: 403 for a plan handed in meanwhile, else that of any form with an error."""
    return 403 if refused.refusal_code == "closed" else 200


def writing_context(request: PortalRequest, plan: Plan) -> dict[str, Any]:
    """Return what the writers' page and its pieces show."""
    writing = plan_writing(plan)
    return {
        "plan": plan,
        "department": plan.department,
        "writing": writing,
        "gaps": writing.gaps,
        "quality_label": quality_label(plan.department),
    }
