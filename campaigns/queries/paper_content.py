"""What a plan or summary says at this moment, as the frozen value that versions, prints and comparisons are made of."""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.facts.plans import FileContent, ItemContent, PartContent, PlanContent
from campaigns.models import Attachment, Duty, Plan, PlanItem
from campaigns.models.any_paper import AnyPaper, AnyPart


def duty_label(duty: Duty) -> str:
    """Return a duty as plans print it: number and text."""
    return f"{duty.number} {duty.text}".strip()


def due_label(item: PlanItem) -> str:
    """Return by when, as written or as an ISO day."""
    return item.due_on.isoformat() if item.due_on else item.due_text


def content_of(paper: AnyPaper) -> PlanContent:
    """Return the text as it is being written; six queries for a plan, three for a summary, whatever its length."""
    files = Attachment.objects.current().of_owner(paper.SORT, paper.uuid).filter(slot="").select_related("file")
    word = word_of(paper)
    return PlanContent(
        title=paper.title,
        parts=parts_content(paper.parts.all()),
        items=items_content(standing_items(paper)) if isinstance(paper, Plan) else (),
        word_sha256=word.file.sha256 if word else "",
        word_name=word.file.name if word else "",
        files=tuple(
            FileContent(
                uuid=str(attachment.uuid),
                name=attachment.file.name,
                sha256=attachment.file.sha256,
                media_type=attachment.file.media_type,
            )
            for attachment in files
        ),
    )


def word_of(paper: AnyPaper) -> Attachment | None:
    """Return the Word file kept as the official text. One query where there is one."""
    if paper.word_file_id is None:
        return None
    return Attachment.objects.select_related("file").filter(pk=paper.word_file_id).first()


def standing_items(plan: Plan) -> Iterable[PlanItem]:
    """Return the items of a plan that were not taken out, with duties and departments. Three queries."""
    return PlanItem.objects.filter(plan=plan, removed_at__isnull=True).prefetch_related("duties", "cooperating")


def parts_content(parts: Iterable[AnyPart]) -> tuple[PartContent, ...]:
    """Return parts of prose as content, in their order."""
    return tuple(PartContent(uuid=str(part.uuid), code=part.code, title=part.title, text=part.text) for part in parts)


def items_content(items: Iterable[PlanItem]) -> tuple[ItemContent, ...]:
    """Return items, with duties and departments prefetched, as content numbered from one."""
    return tuple(item_content(item, number) for number, item in enumerate(items, start=1))


def item_content(item: PlanItem, number: int) -> ItemContent:
    """Return one item as content."""
    return ItemContent(
        uuid=str(item.uuid),
        number=number,
        title=item.title,
        measure=item.measure,
        standard=item.standard,
        outcome=item.outcome,
        incentive=item.incentive,
        service=item.service,
        responsible=item.responsible,
        due=due_label(item),
        quality_document=item.quality_document,
        duties=tuple(duty_label(duty) for duty in item.duties.all()),
        cooperating=tuple(department.name for department in item.cooperating.all()),
    )
