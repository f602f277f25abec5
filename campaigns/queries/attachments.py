"""Files in their places as a page shows them, as far as the reader may know. Fixed numbers of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.hooks import AttachmentOwner
from campaigns.models import Attachment, Campaign
from qualityseason.intake.kinds import ending_of
from qualityseason.queries.renditions import READABLE


@dataclass(frozen=True)
class AttachedFile:
    """A file in its place: what it is called, who added it (“” where the team is not named), and its addresses.

    ``open_url`` instead of ``url``: it is opened on a logged click, and only then tells its name. ``earlier`` are the
    versions it replaced, the latest first; ``replace_url`` and ``remove_url`` are '' for who may not change its slot.
    """

    uuid: UUID
    name: str
    ending: str
    size: int
    slot: str
    version: int
    added_by: str
    added_at: datetime
    url: str
    open_url: str
    pages_url: str
    replace_url: str
    remove_url: str
    earlier: tuple[AttachedFile, ...] = ()


@dataclass(frozen=True)
class FoundAttachment:
    """One attachment with the record it belongs to; whether a look at it is logged (`opens_by_click`) or refused."""

    attachment: Attachment
    owner: AttachmentOwner
    record: Any
    may_open: bool
    opens_by_click: bool

    @property
    def name(self) -> str:
        """What the file is called, as far as that may be said before it is opened."""
        return _name_of(self.owner, self.attachment, by_click=self.opens_by_click)


def find_attachment(actor: Actor, uuid: UUID) -> FoundAttachment | None:
    """Return an attachment of a record whose files the actor may open, None otherwise. Three queries at most."""
    sight = {kind: owner.records for kind, owner in hooks.attachment_owners.items()}
    visible = Attachment.objects.visible_to(actor, sight=sight).select_related("file", "added_by")
    attachment = visible.filter(uuid=uuid).first()
    if attachment is None:
        return None
    owner = hooks.attachment_owners[attachment.owner_kind]
    record = owner.records(actor).filter(uuid=attachment.owner_uuid).first()
    if record is None:
        return None
    opens, by_click = _opens(actor, owner, record, attachment)
    opens = opens and attachment.pk in owner.opens(actor, [record], [attachment])
    return FoundAttachment(attachment, owner, record, may_open=opens, opens_by_click=by_click)


def files_of(
    actor: Actor, kind: str, uuids: Iterable[UUID], *, campaign: Campaign
) -> dict[UUID, tuple[AttachedFile, ...]]:
    """Return the current files of records of one kind, each with its earlier versions. Three queries at most.

    Records the actor may not see have none; a file in a private slot is there only for who may open it.
    """
    owner = hooks.attachment_owners[kind]
    records = {record.uuid: record for record in owner.records(actor).filter(uuid__in=list(uuids))}
    rows = (
        Attachment.objects.of_campaign(actor)
        .filter(owner_kind=kind, owner_uuid__in=list(records))
        .select_related("file", "added_by")
    )
    listed = list(rows)
    opened = owner.opens(actor, list(records.values()), listed)
    by_pk = {row.pk: row for row in listed if row.pk in opened}
    replaced = {row.replaces_id for row in by_pk.values()}
    found: dict[UUID, list[AttachedFile]] = defaultdict(list)
    for row in by_pk.values():
        if row.pk in replaced or row.removed_at is not None:
            continue
        record = records[row.owner_uuid]
        shown = _shown(actor, campaign, owner, record, row)
        if shown is not None:
            earlier = [_shown(actor, campaign, owner, record, former) for former in _earlier(row, by_pk)]
            found[row.owner_uuid].append(_with_earlier(shown, tuple(one for one in earlier if one is not None)))
    return {uuid: tuple(files) for uuid, files in found.items()}


def _opens(actor: Actor, owner: AttachmentOwner, record: Any, attachment: Attachment) -> tuple[bool, bool]:
    """Return whether the actor opens this file, and whether only by a logged click."""
    if attachment.slot not in owner.private:
        return True, False
    if attachment.added_by_id == actor.user_id or owner.department_id(record) in actor.headed:
        return True, False
    may = owner.may_open_private(actor, record, attachment)
    return may, may


def _shown(
    actor: Actor, campaign: Campaign, owner: AttachmentOwner, record: Any, row: Attachment
) -> AttachedFile | None:
    opens, by_click = _opens(actor, owner, record, row)
    if not opens:
        return None

    def address(name: str) -> str:
        return reverse(f"campaigns:{name}", args=[campaign.slug, row.uuid])

    ending = ending_of(row.file.name)
    may_fill = owner.may_fill(actor, record, row.slot)
    return AttachedFile(
        uuid=row.uuid,
        name=_name_of(owner, row, by_click=by_click),
        ending=ending,
        size=row.file.size,
        slot=row.slot,
        version=row.version,
        added_by=str(row.added_by) if owner.shows_names(actor, record) else "",
        added_at=row.added_at,
        url="" if by_click else address("attachment"),
        open_url=address("attachment-open") if by_click else "",
        pages_url=address("attachment-pages") if ending in READABLE and not by_click else "",
        replace_url=address("attachment-replace") if may_fill else "",
        remove_url=address("attachment-remove") if may_fill else "",
    )


def _name_of(owner: AttachmentOwner, row: Attachment, *, by_click: bool) -> str:
    """Return a file's name, of one opened by a logged click only what sort of file it is."""
    return f"{owner.label}.{ending_of(row.file.name)}" if by_click else row.file.name


def _earlier(row: Attachment, by_pk: dict[int, Attachment]) -> Iterable[Attachment]:
    former = by_pk.get(row.replaces_id) if row.replaces_id else None
    while former is not None:
        yield former
        former = by_pk.get(former.replaces_id) if former.replaces_id else None


def _with_earlier(shown: AttachedFile, earlier: tuple[AttachedFile, ...]) -> AttachedFile:
    return replace(shown, earlier=earlier)
