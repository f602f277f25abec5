"""What detection shows on the home of heads and liaisons and on a department's page. Fixed numbers of queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from campaigns.actors import Actor
from campaigns.models import Campaign, Department
from scoring import policy
from scoring.calculations import ZERO
from scoring.enums import FindingState, Proof
from scoring.models import Finding
from scoring.queries.mending import MendingSums, announced, mending_sums, most_expensive

FEW = 5  # findings a panel shows of a longer list


def mending_panel(
    campaign: Campaign, actor: Actor, department: Department | None, at: datetime
) -> dict[str, Any] | None:
    """Return what the actor's departments can still mend, the dearest first, and what mending has spared.

    None for who answers for no department, and while there is nothing to say. At most five queries.
    """
    if not actor.departments:
        return None
    own = Department.objects.statement_visible_to(actor).filter(pk__in=actor.departments).order_by("order")
    departments = list(own)
    sums = mending_sums(actor, departments)
    since = announced(campaign)
    if not sums and not since:
        return None
    known = [(one, sums.get(one.pk, MendingSums())) for one in departments]
    return {
        "slug": campaign.slug,
        "departments": [(one.uuid, one.name, found) for one, found in known if found != MendingSums()],
        "rows": most_expensive(actor, departments, few=FEW) if sums else [],
        "open": sum(found.open for _one, found in known),
        "amount": sum((found.amount for _one, found in known), ZERO),
        "spared": sum((found.spared for _one, found in known), ZERO),
        "announced": since,
        "is_alone": len(departments) == 1,
    }


def findings_panel(
    campaign: Campaign, actor: Actor, department: Department | None, at: datetime
) -> dict[str, Any] | None:
    """Return how many findings of a department are undecided, and what it can mend or has mended. Two queries.

    The undecided are None for its own people and who has an interest in it; None for who may not read its statement.
    """
    if department is None or not (actor.oversees or department.pk in actor.departments):
        return None
    counts = None
    if actor.oversees and not actor.is_interested_in(department.pk):
        counts = _undecided(actor, department)
    return {
        "slug": campaign.slug,
        "department": department,
        "undecided": counts["proven"] if counts else None,
        "unproven": counts["other"] if counts else None,
        "may_open": not actor.roles.isdisjoint(policy.FINDING.roles or ()),
        "sums": mending_sums(actor, [department]).get(department.pk, MendingSums()),
    }


def _undecided(actor: Actor, department: Department) -> dict[str, int]:
    undecided = Finding.objects.visible_to(actor).filter(charged=department, state=FindingState.OPEN)
    return undecided.aggregate(
        proven=Count("pk", filter=Q(proof=Proof.PROVEN)), other=Count("pk", filter=~Q(proof=Proof.PROVEN))
    )
