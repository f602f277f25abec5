"""The marks assessors put on the items of a plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import MarkReason, Role
from campaigns.facts import ItemContent, PlanContent
from campaigns.models import Plan, PlanMark, PlanVersion


@dataclass(frozen=True)
class MarkRow:
    """One mark; ``version`` is the version it was put on."""

    uuid: UUID
    reason: str
    label: str
    reviewed_on: date | None
    note: str
    by: str
    at: datetime
    version: int
    is_withdrawn: bool
    withdrawn_by: str
    may_withdraw: bool


@dataclass(frozen=True)
class MarkedItem:
    """An item of the version with its marks; ``item`` is None where the version no longer has it."""

    uuid: str
    item: ItemContent | None
    title: str
    marks: tuple[MarkRow, ...]

    @property
    def standing(self) -> int:
        """How many marks stand."""
        return sum(not mark.is_withdrawn for mark in self.marks)


def marked_items(actor: Actor, plan: Plan, version: PlanVersion) -> tuple[MarkedItem, ...]:
    """Return all items of the version with the marks the actor sees, then marks on items it no longer has."""
    by_target: dict[str, list[MarkRow]] = defaultdict(list)
    titles: dict[str, str] = {}
    marks = PlanMark.objects.visible_to(actor).filter(plan=plan).select_related("by", "withdrawn_by", "version")
    items = PlanContent.from_json(version.content).items
    known = {item.uuid for item in items}
    for mark in marks:
        target = str(mark.target)
        by_target[target].append(_row(actor, mark))
        if target not in known:
            titles[target] = next(
                (item["title"] for item in mark.version.content["items"] if item["uuid"] == target), ""
            )
    found = [MarkedItem(item.uuid, item, item.title, tuple(by_target[item.uuid])) for item in items]
    gone = [MarkedItem(target, None, title, tuple(by_target[target])) for target, title in titles.items()]
    return (*found, *gone)


def _row(actor: Actor, mark: PlanMark) -> MarkRow:
    return MarkRow(
        uuid=mark.uuid,
        reason=mark.reason,
        label=str(MarkReason(mark.reason).label),
        reviewed_on=mark.reviewed_on,
        note=mark.note,
        by=mark.by.display_name or mark.by.username,
        at=mark.at,
        version=mark.version.number,
        is_withdrawn=mark.withdrawn_at is not None,
        withdrawn_by=(mark.withdrawn_by.display_name or mark.withdrawn_by.username) if mark.withdrawn_by else "",
        may_withdraw=mark.withdrawn_at is None and (mark.by_id == actor.user_id or actor.has(Role.TEAM_LEAD)),
    )
