"""Suggestions as pages show them: what was said, by whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import PlanItem, PlanVersion, StudySession, Suggestion


@dataclass(frozen=True)
class SuggestionLine:
    """One suggestion; ``item`` is the title of the plan's item it went into, as far as the reader may know it.

    ``is_taken_in``: it went into an item that stands. ``is_written``: it is the written one of somebody on leave.
    """

    uuid: UUID
    text: str
    made_by: str
    item: str
    answer: str
    settled_by: str
    settled_at: datetime | None
    is_written: bool
    is_taken_in: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether it is taken into the plan or answered."""
        return bool(self.is_taken_in or self.answer)


def suggestions_of(session: StudySession, actor: Actor) -> tuple[SuggestionLine, ...]:
    """Return the session's suggestions, those not settled first. One query.

    Who may not read a plan as it is being written finds items by their titles of the latest version seen. One more.
    """
    rows = list(Suggestion.objects.filter(session=session).select_related("item", "settled_by"))
    titles = {row.item.uuid: row.item.title for row in rows if row.item and row.item.removed_at is None}
    taken_in = frozenset(titles)
    if titles and not (session.department_id in actor.departments or actor.has(Role.OFFICE)):
        submitted = _submitted_titles(session, actor)
        titles = {uuid: submitted.get(str(uuid), "") for uuid in titles}
    lines = [
        SuggestionLine(
            uuid=row.uuid,
            text=row.text,
            made_by=row.made_by,
            item=titles.get(row.item.uuid, "") if row.item else "",
            answer=row.answer,
            settled_by=str(row.settled_by) if row.settled_by else "",
            settled_at=row.settled_at,
            is_written=row.attendance_id is not None,
            is_taken_in=row.item is not None and row.item.uuid in taken_in,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.is_settled))


def _submitted_titles(session: StudySession, actor: Actor) -> dict[str, str]:
    """Return the titles of the items in the latest version of the department's plan that the actor sees, by uuid."""
    versions = PlanVersion.objects.visible_to(actor).filter(plan__department_id=session.department_id)
    items = versions.order_by("-number").values_list("content__items", flat=True).first()
    return {item["uuid"]: item["title"] for item in items or ()}


def plan_items_of(department_id: int) -> QuerySet[PlanItem]:
    """Return the items of the department's plan a suggestion may go into, in their order."""
    return PlanItem.objects.filter(plan__department_id=department_id, removed_at__isnull=True).select_related("plan")
