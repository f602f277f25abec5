"""Suggestions as pages show them: what was said, by whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from campaigns.models import PlanItem, StudySession, Suggestion


@dataclass(frozen=True)
class SuggestionLine:
    """One suggestion; ``item`` is the title of the plan's item it went into ('' where none, or it was removed).

    ``is_written``: it is the written suggestion of somebody on leave.
    """

    uuid: UUID
    text: str
    made_by: str
    item: str
    answer: str
    settled_by: str
    settled_at: datetime | None
    is_written: bool

    @property
    def is_settled(self) -> bool:
        """Whether it is taken into the plan or answered."""
        return bool(self.item or self.answer)


def suggestions_of(session: StudySession) -> tuple[SuggestionLine, ...]:
    """Return the session's suggestions, those not settled first. One query."""
    rows = Suggestion.objects.filter(session=session).select_related("item", "settled_by")
    lines = [
        SuggestionLine(
            uuid=row.uuid,
            text=row.text,
            made_by=row.made_by,
            item=row.item.title if row.item and row.item.removed_at is None else "",
            answer=row.answer,
            settled_by=str(row.settled_by) if row.settled_by else "",
            settled_at=row.settled_at,
            is_written=row.attendance_id is not None,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.is_settled))


def plan_items_of(department_id: int) -> QuerySet[PlanItem]:
    """Return the items of the department's plan a suggestion may go into, in their order."""
    return PlanItem.objects.filter(plan__department_id=department_id, removed_at__isnull=True).select_related("plan")
