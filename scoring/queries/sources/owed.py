"""What is still owed of a paper that was never handed in."""

from __future__ import annotations

from campaigns.enums import ObligationKind
from campaigns.models import Department, Obligation
from scoring.facts.papers import Owed


def owed_of(department: Department, kind: ObligationKind) -> Owed | None:
    """Return what the department owes of that kind and has not met, the latest deadline counting; one query."""
    rows = Obligation.objects.filter(department=department, kind=kind).open().select_related("milestone")
    row = max(rows, key=lambda row: (row.deadline, row.pk), default=None)
    return None if row is None else Owed(row.uuid, row.label, row.deadline)
