"""The beginning of a plan; its parts are written by the machinery that plans and summaries share (`paper_parts`)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.enums import PlanKind
from campaigns.models import Department, Plan, PlanPart
from campaigns.services.paper_parts import add_section, move_section, remove_section, save_part
from campaigns.services.paper_parts import lock_paper as lock_plan
from qualityseason.services import audit

__all__ = ["add_section", "lock_plan", "move_section", "remove_section", "save_part", "start_plan"]


@transaction.atomic
def start_plan(department: Department, *, by_id: int, at: datetime) -> Plan:
    """Return the department's plan, made with the season's parts of prose when there is none yet."""
    department = (
        Department.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign").get(pk=department.pk)
    )
    plan = Plan.objects.filter(department=department).first()
    if plan is not None:
        return plan
    campaign = department.campaign
    with translation.override(settings.LANGUAGE_CODE):  # the text of a document, not of somebody's screen
        title = _("%(department)s: plan for %(campaign)s") % {"department": department.name, "campaign": campaign.name}
    plan = Plan.objects.create(
        campaign=campaign,
        department=department,
        kind=department.plan_kind,
        title=title,
        created_at=at,
        changed_at=at,
    )
    listed = [
        part
        for part in campaign.lists.get("plan_parts", ())
        if part.get("for") != PlanKind.COLLEGE or department.plan_kind == PlanKind.COLLEGE
    ]
    PlanPart.objects.bulk_create(
        PlanPart(plan=plan, code=part["code"], title=part["name"], order=order)
        for order, part in enumerate(listed, start=1)
    )
    audit.record(
        "plan.start",
        plan,
        by_id=by_id,
        campaign_id=plan.campaign_id,
        department_id=plan.department_id,
        at=at,
        after={"title": plan.title, "kind": plan.kind},
    )
    return plan
