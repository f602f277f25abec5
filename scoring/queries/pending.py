"""What waits for a second person, as far as the reader may know of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from campaigns.actors import Actor
from scoring.calculations import ZERO
from scoring.models import Deduction, Tally


@dataclass(frozen=True)
class Pending:
    """Recorded lines of one department in one category, in points and number."""

    amount: Decimal = ZERO
    lines: int = 0


def pending_of(actor: Actor, tallies: Collection[Tally]) -> dict[tuple[int, int], Pending]:
    """Return by (department, category) what waits: as the tallies say, or counted from the lines the actor may see.

    A line found while visiting a department of own interest is not told, whomever it charges. No query, one for who
    has an interest.
    """
    if not actor.interests:
        return {(row.department_id, row.category_id): Pending(row.pending, row.pending_lines) for row in tallies}
    seen = Deduction.objects.visible_to(actor).recorded().order_by()
    rows = seen.filter(charged_id__in={row.department_id for row in tallies}).values_list("charged_id", "category_id")
    return {(row[0], row[1]): Pending(row[2], row[3]) for row in rows.annotate(amount=Sum("amount"), lines=Count("pk"))}
