"""A plan or summary as its writers see it: parts, items, what the office remarked, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Subquery

from campaigns.calculations.plans import empty_parts
from campaigns.enums import ItemPart, PlanAct
from campaigns.facts.plans import ItemContent
from campaigns.models import Plan, PlanItem, PlanRemark, SummaryRemark
from campaigns.models.any_paper import AnyPaper, AnyPart
from campaigns.queries.paper_content import item_content, word_of
from campaigns.queries.paper_gaps import Gaps, gaps_of, summary_gaps
from qualityseason.models import AuditEntry, User


@dataclass(frozen=True)
class WritingPart:
    """A part of prose on the writers' page; ``position`` is its place in the text, from one."""

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
class Writing:
    """All the writers' page shows; ``note`` is what the office wrote in general when it returned the text last,
    ``word_name`` the official Word text, '' when there is none.
    """

    parts: tuple[WritingPart, ...]
    items: tuple[WritingItem, ...]
    removed: tuple[RemovedItem, ...]
    gaps: Gaps
    word_name: str
    word_uuid: UUID | None
    note: str = ""

    def item(self, uuid: UUID) -> WritingItem | None:
        """Return the standing item of that uuid."""
        return next((item for item in self.items if item.uuid == uuid), None)

    def part(self, uuid: UUID) -> WritingPart | None:
        """Return the part or section of that uuid."""
        return next((part for part in self.parts if part.uuid == uuid), None)


def writing_of(paper: AnyPaper) -> Writing:
    """Return the text for its writers; ten queries at most, whatever its length. `paper` comes with its campaign."""
    parts = list[AnyPart](paper.parts.select_related("changed_by"))
    remarks = _remarks(paper)
    everything = _all_items(paper) if isinstance(paper, Plan) else []
    standing = [item for item in everything if item.removed_at is None]
    contents = [item_content(item, number) for number, item in enumerate(standing, start=1)]
    hints = hints_of(paper)
    word = word_of(paper)
    return Writing(
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
        gaps=gaps_of(paper, parts, contents) if isinstance(paper, Plan) else summary_gaps(paper, parts),
        word_name=word.file.name if word else "",
        word_uuid=word.uuid if word else None,
        note=_note(paper),
    )


def hints_of(paper: AnyPaper) -> dict[str, str]:
    """Return what the season says of the parts of such a text, by their code. `paper` comes with its campaign."""
    if not isinstance(paper, Plan):
        return {}
    return {part["code"]: part.get("hint", "") for part in paper.campaign.lists.get("plan_parts", ())}


def remark_on(paper: AnyPaper, uuid: UUID) -> str:
    """Return what the office wrote to this part or item when it returned the text last, or ''. One query."""
    return _remarks(paper).get(uuid, "")


def was_section(paper: AnyPaper, uuid: UUID) -> bool:
    """Whether a section of the department's had that uuid and was removed, so that what is sent to it is not lost."""
    removals = AuditEntry.objects.filter(act=f"{paper.SORT}.section.remove", department_id=paper.department_id)
    return removals.filter(campaign_id=paper.campaign_id, object_id=str(uuid)).exists()


def state_at(row: PlanItem | AnyPart, *, version: int) -> dict[str, Any] | None:
    """Return what the row said in an earlier version, from the audit log; None where that is not told."""
    entries = AuditEntry.objects.filter(object_type=row._meta.label, object_id=str(row.uuid), after__version=version)
    entry = entries.order_by("-id").first()
    return entry.after if entry else None


def _all_items(plan: Plan) -> list[PlanItem]:
    items = PlanItem.objects.filter(plan=plan).select_related("changed_by")
    return list(items.prefetch_related("duties", "cooperating"))


def _part(part: AnyPart, remarks: dict[UUID, str], *, hint: str, position: int) -> WritingPart:
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


def _remarks(paper: AnyPaper) -> dict[UUID, str]:
    """Return what the office wrote to parts and items when it returned the text last, by their uuid. One query."""
    if paper.submitted_at is None:
        return {}
    last = paper.versions.order_by("-number").values("pk")[:1]
    remarks = PlanRemark if isinstance(paper, Plan) else SummaryRemark
    written = remarks._default_manager.filter(version=Subquery(last))
    return dict(written.values_list("target", "text"))


def _note(paper: AnyPaper) -> str:
    """Return what the office wrote to the text as a whole when it returned its last version. One query."""
    if paper.submitted_at is None:
        return ""
    last = paper.versions.order_by("-number").values("pk")[:1]
    returned = paper.events.filter(version=Subquery(last), act=PlanAct.RETURNED).order_by("-at", "-id")
    return returned.values_list("note", flat=True).first() or ""


def _name(user: User | None) -> str:
    return (user.display_name or user.username) if user else ""
