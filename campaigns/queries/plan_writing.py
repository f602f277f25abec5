"""A plan as the page of its writers shows it: parts, items, what the office remarked, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Subquery

from campaigns.calculations.plans import empty_parts
from campaigns.enums import ItemPart, PlanAct
from campaigns.facts.plans import ItemContent
from campaigns.models import Attachment, Plan, PlanEvent, PlanItem, PlanPart, PlanRemark, PlanVersion
from campaigns.queries.plan_content import item_content
from campaigns.queries.plan_gaps import PlanGaps, gaps_of, plan_gaps
from qualityseason.models import AuditEntry, User

__all__ = ["PlanWriting", "plan_gaps", "plan_writing", "remark_on", "state_at", "was_section"]


@dataclass(frozen=True)
class WritingPart:
    """A part of prose on the writers' page; ``position`` is its place in the plan's text, from one."""

    uuid: UUID
    code: str
    title: str
    text: str
    hint: str
    changed_by: str
    remark: str
    position: int


@dataclass(frozen=True)
class WritingItem:
    """An item on the writers' page."""

    uuid: UUID
    content: ItemContent
    empty: tuple[ItemPart, ...]
    changed_by: str
    remark: str
    is_last: bool = False

    @property
    def number(self) -> int:
        """Its number in the plan, from one."""
        return self.content.number

    @property
    def parts(self) -> tuple[tuple[ItemPart, str], ...]:
        """Each part an item must have, with its text."""
        return tuple((part, getattr(self.content, part.value)) for part in ItemPart)


@dataclass(frozen=True)
class RemovedItem:
    """An item taken out of the plan that can be put back."""

    uuid: UUID
    title: str
    removed_by: str


@dataclass(frozen=True)
class PlanWriting:
    """All the writers' page shows; ``note`` is what the office wrote in general when it returned the plan last,
    ``word_name`` the official Word text, '' when there is none.
    """

    parts: tuple[WritingPart, ...]
    items: tuple[WritingItem, ...]
    removed: tuple[RemovedItem, ...]
    gaps: PlanGaps
    word_name: str
    word_uuid: UUID | None
    note: str = ""

    def item(self, uuid: UUID) -> WritingItem | None:
        """Return the standing item of that uuid."""
        return next((item for item in self.items if item.uuid == uuid), None)

    def part(self, uuid: UUID) -> WritingPart | None:
        """Return the part or section of that uuid."""
        return next((part for part in self.parts if part.uuid == uuid), None)


def plan_writing(plan: Plan) -> PlanWriting:
    """Return the plan for its writers; ten queries at most, whatever its length. `plan` comes with its campaign."""
    parts = list(PlanPart.objects.filter(plan=plan).select_related("changed_by"))
    everything = list(
        PlanItem.objects.filter(plan=plan).select_related("changed_by").prefetch_related("duties", "cooperating")
    )
    standing = [item for item in everything if item.removed_at is None]
    remarks = _remarks(plan)
    hints = {part["code"]: part.get("hint", "") for part in plan.campaign.lists.get("plan_parts", ())}
    contents = [item_content(item, number) for number, item in enumerate(standing, start=1)]
    word = Attachment.objects.select_related("file").filter(pk=plan.word_file_id).first() if plan.word_file_id else None
    return PlanWriting(
        parts=tuple(
            _part(part, remarks, hint=hints.get(part.code, ""), position=position)
            for position, part in enumerate(parts, start=1)
        ),
        items=tuple(
            WritingItem(
                uuid=item.uuid,
                content=content,
                empty=empty_parts(content),
                changed_by=_name(item.changed_by),
                remark=remarks.get(item.uuid, ""),
                is_last=content.number == len(standing),
            )
            for item, content in zip(standing, contents, strict=True)
        ),
        removed=tuple(
            RemovedItem(uuid=item.uuid, title=item.title, removed_by=_name(item.changed_by))
            for item in everything
            if item.removed_at is not None
        ),
        gaps=gaps_of(plan, parts, contents),
        word_name=word.file.name if word else "",
        word_uuid=word.uuid if word else None,
        note=_note(plan),
    )


def remark_on(plan: Plan, uuid: UUID) -> str:
    """Return what the office wrote to this part or item when it returned the plan last, or ''. One query."""
    return _remarks(plan).get(uuid, "")


def was_section(plan: Plan, uuid: UUID) -> bool:
    """Whether a section of this plan had that uuid and was removed, so that what is sent to it is not lost."""
    removals = AuditEntry.objects.filter(act="plan.section.remove", department_id=plan.department_id)
    return removals.filter(campaign_id=plan.campaign_id, object_id=str(uuid)).exists()


def state_at(row: PlanItem | PlanPart, *, version: int) -> dict[str, Any] | None:
    """Return what the row said in an earlier version, from the audit log; None where that is not told."""
    entries = AuditEntry.objects.filter(object_type=row._meta.label, object_id=str(row.uuid), after__version=version)
    entry = entries.order_by("-id").first()
    return entry.after if entry else None


def _part(part: PlanPart, remarks: dict[UUID, str], *, hint: str, position: int) -> WritingPart:
    return WritingPart(
        uuid=part.uuid,
        code=part.code,
        title=part.title,
        text=part.text,
        hint=hint,
        changed_by=_name(part.changed_by),
        remark=remarks.get(part.uuid, ""),
        position=position,
    )


def _remarks(plan: Plan) -> dict[UUID, str]:
    """Return what the office wrote to parts and items when it returned the plan last, by their uuid."""
    if plan.submitted_at is None:
        return {}
    last = PlanVersion.objects.filter(plan=plan).order_by("-number").values("pk")[:1]
    return dict(PlanRemark.objects.filter(version=Subquery(last)).values_list("target", "text"))


def _note(plan: Plan) -> str:
    """Return what the office wrote to the plan as a whole when it returned its last version."""
    if plan.submitted_at is None:
        return ""
    last = PlanVersion.objects.filter(plan=plan).order_by("-number").values("pk")[:1]
    returned = PlanEvent.objects.filter(version=Subquery(last), act=PlanAct.RETURNED).order_by("-at", "-id")
    return returned.values_list("note", flat=True).first() or ""


def _name(user: User | None) -> str:
    return (user.display_name or user.username) if user else ""
