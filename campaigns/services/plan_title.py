"""The title of a plan: made when the plan is begun, changed by its writers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Plan
from campaigns.services.plans import lock_plan, mark_changed, record_change
from qualityseason.errors import Refused
from qualityseason.text import tidy

MAXIMUM_PLAN_TITLE = 200  # characters


@transaction.atomic
def rename_plan(plan: Plan, *, title: str, seen: str, by_id: int, at: datetime) -> Plan:
    """Give the plan another title than the one `seen`; the same words again change nothing.

    Raises Refused at `title`, `stale` when somebody gave it another one since (the plan in `existing`), `closed`.
    """
    plan = lock_plan(plan.pk)
    title = " ".join(tidy(title).split())
    if not 0 < len(title) <= MAXIMUM_PLAN_TITLE:
        message = _("Give the plan a title, at most %(limit)s characters.") % {"limit": MAXIMUM_PLAN_TITLE}
        raise Refused(message, field="title", code="title")
    if title == plan.title:
        return plan
    if seen != plan.title:
        raise Refused(
            _("Somebody else has changed the title meanwhile; both stand here. Save again to put yours in its place."),
            code="stale",
            existing=plan,
        )
    before = {"title": plan.title}
    plan.title = title
    plan.save(update_fields=["title"])
    mark_changed(plan, at=at)
    record_change("plan.title", plan, plan, by_id=by_id, at=at, before=before, after={"title": title})
    return plan
