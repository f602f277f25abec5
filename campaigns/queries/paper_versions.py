"""Versions of a plan or summary: what was submitted, which copies of it were received, what the office remarked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from campaigns import policy
from campaigns.actors import Actor
from campaigns.calculations.plan_text import empty_parts_of, says_nothing
from campaigns.enums import PlanAct
from campaigns.facts import FileContent, ItemContent, PartContent, PlanContent
from campaigns.models import Attachment, Campaign, Plan, PlanVersion, SummaryVersion
from campaigns.models.any_paper import AnyPaper, AnyVersion
from campaigns.queries.copies import CopyReceived
from campaigns.queries.paper_content import content_of
from qualityseason.intake.kinds import ending_of
from qualityseason.models import StoredFile
from qualityseason.queries.renditions import READABLE


@dataclass(frozen=True)
class FileLink:
    """A file of a text handed in, with where to fetch it and where to read its pages ('' when it has none)."""

    name: str
    url: str
    pages_url: str


@dataclass(frozen=True)
class VersionRow:
    """A version in the list of versions."""

    uuid: UUID
    number: int
    code: str
    submitted_at: datetime
    copies: tuple[CopyReceived, ...]
    is_unchanged: bool


@dataclass(frozen=True)
class Remarks:
    """What the office wrote when it returned a version: in general, and by the uuid of item or part."""

    note: str = ""
    by_target: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.note or self.by_target)


@dataclass(frozen=True)
class PaperText:
    """A plan or summary for the screen: the one being written (``number`` 0) or a version, with its files."""

    content: PlanContent
    number: int
    code: str
    submitted_at: datetime | None
    files: tuple[FileLink, ...]
    word: FileLink | None
    word_file: StoredFile | None
    remarks: Remarks

    @property
    def parts(self) -> list[tuple[PartContent, str]]:
        """The parts that say something, each with what the office remarked."""
        found = [(part, self.remarks.by_target.get(part.uuid, "")) for part in self.content.parts]
        return [(part, remark) for part, remark in found if part.text.strip() or remark]

    @property
    def says_something(self) -> bool:
        """Whether there is anything to submit."""
        return not says_nothing(self.content)

    @property
    def empty_parts(self) -> tuple[str, ...]:
        """The titles of the parts the season asks for that say nothing."""
        return empty_parts_of(self.content)

    @property
    def items(self) -> list[tuple[ItemContent, str]]:
        """The items, each with what the office remarked."""
        return [(item, self.remarks.by_target.get(item.uuid, "")) for item in self.content.items]


def versions_seen(actor: Actor, paper: AnyPaper) -> QuerySet[PlanVersion] | QuerySet[SummaryVersion]:
    """Return the versions of the text that the actor sees, unread."""
    if isinstance(paper, Plan):
        return PlanVersion.objects.visible_to(actor).filter(plan=paper)
    return SummaryVersion.objects.visible_to(actor).filter(summary=paper)


def version_rows(actor: Actor, paper: AnyPaper, copies: tuple[CopyReceived, ...]) -> tuple[VersionRow, ...]:
    """Return the versions the actor sees, the latest first. One query."""
    rows = list(versions_seen(actor, paper).defer("content").order_by("number"))
    before = dict(zip([row.number for row in rows[1:]], rows, strict=False))
    found = [
        VersionRow(
            uuid=row.uuid,
            number=row.number,
            code=row.code,
            submitted_at=row.submitted_at,
            copies=tuple(copy for copy in copies if copy.version == row.number),
            is_unchanged=row.number in before and before[row.number].digest == row.digest,
        )
        for row in rows
    ]
    return tuple(reversed(found))


def find_version(actor: Actor, paper: AnyPaper, number: int | None = None) -> AnyVersion | None:
    """Return the version of that number, or the latest, that the actor sees."""
    visible = versions_seen(actor, paper).select_related("word_file__file")
    return visible.filter(number=number).first() if number else visible.order_by("-number").first()


def version_text(actor: Actor, campaign: Campaign, paper: AnyPaper, version: AnyVersion) -> PaperText:
    """Return what a version says; its remarks for the department and the office alone."""
    content = PlanContent.from_json(version.content)
    return PaperText(
        content=content,
        number=version.number,
        code=version.code,
        submitted_at=version.submitted_at,
        files=tuple(file_link(campaign, file) for file in content.files),
        word=_word(campaign, content, version.word_file),
        word_file=version.word_file.file if version.word_file else None,
        remarks=remarks_of(version) if policy.can_see_working_text(actor, paper) else Remarks(),
    )


def working_text(campaign: Campaign, paper: AnyPaper, last: AnyVersion | None) -> PaperText:
    """Return what the text says at this moment, with what the office remarked on version `last`."""
    content = content_of(paper)
    return PaperText(
        content=content,
        number=0,
        code="",
        submitted_at=None,
        files=tuple(file_link(campaign, file) for file in content.files),
        word=_word(campaign, content, paper.word_file),
        word_file=paper.word_file.file if paper.word_file else None,
        remarks=remarks_of(last) if last else Remarks(),
    )


def remarks_of(version: AnyVersion) -> Remarks:
    """Return what the office wrote when it returned this version. Two queries."""
    written = version.remarks.values_list("target", "text")
    returned = version.events.filter(act=PlanAct.RETURNED).order_by("-at", "-id").first()
    return Remarks(
        note=returned.note if returned else "",
        by_target={str(target): text for target, text in written},
    )


def file_link(campaign: Campaign, file: FileContent) -> FileLink:
    """Return where a file of the text is fetched."""
    return _link(campaign, file.name, file.uuid)


def _word(campaign: Campaign, content: PlanContent, file: Attachment | None) -> FileLink | None:
    return _link(campaign, content.word_name, str(file.uuid)) if file else None


def _link(campaign: Campaign, name: str, uuid: str) -> FileLink:
    has_pages = ending_of(name) in READABLE
    return FileLink(
        name=name,
        url=reverse("campaigns:attachment", args=[campaign.slug, uuid]),
        pages_url=reverse("campaigns:attachment-pages", args=[campaign.slug, uuid]) if has_pages else "",
    )
