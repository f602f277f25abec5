"""What appeals show on the home page: what waits for a ruling, and what was ruled lately. Fixed numbers of queries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Campaign, Department
from qualityseason.clock import day_of
from scoring import policy
from scoring.enums import RULINGS
from scoring.models import Appeal
from scoring.queries.rulers import load_rulers, why_not_rule

FEW = 5  # appeals a panel shows of a longer list
LATELY = timedelta(days=14)  # for how long a ruling is news


def appeals_panel(
    campaign: Campaign, actor: Actor, department: Department | None, at: datetime
) -> dict[str, Any] | None:
    """Return what waits for this ruler, what nobody may rule, and for departments what waits and was ruled lately.

    None where there is nothing to say. At most six queries.
    """
    mine, stuck = _to_rule(actor, at=at)
    ruled, waiting = _own(actor, at=at)
    if not (mine or stuck or ruled or waiting):
        return None
    return {
        "slug": campaign.slug,
        "mine": mine[:FEW],
        "mine_number": len(mine),
        "stuck": stuck,
        "ruled": ruled,
        "waiting": waiting,
    }


def _to_rule(actor: Actor, *, at: datetime) -> tuple[list[Appeal], int]:
    """Return the pending appeals the actor may rule, the oldest first, and how many nobody may."""
    if not (policy.can_rule(actor) or actor.has(Role.OFFICE)):
        return [], 0
    pending = Appeal.objects.visible_to(actor).pending().order_by("appealed_at", "pk")
    rows = list(pending.select_related("department", "deduction__rule", "earlier__deduction"))
    rulers = load_rulers(rows, on=day_of(at))
    mine = [row for row in rows if not why_not_rule(actor, row, row.deduction, on=day_of(at), rulers=rulers[row.pk])]
    return mine, sum(1 for row in rows if rulers[row.pk].is_nobody)


def _own(actor: Actor, *, at: datetime) -> tuple[list[Appeal], int]:
    """Return what was ruled lately of the actor's departments, the latest first, and how many wait."""
    if not actor.departments:
        return [], 0
    own = Appeal.objects.visible_to(actor).filter(department_id__in=actor.departments)
    ruled = own.filter(state__in=sorted(RULINGS), ruled_at__gt=at - LATELY).order_by("-ruled_at", "-pk")
    rows = ruled.select_related("department", "deduction__rule", "outcome")
    return list(rows[:FEW]), own.pending().count()
