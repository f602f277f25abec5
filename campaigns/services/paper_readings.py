"""Plans and summaries brought in as a file: the file kept as the official text, its reading checked and taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.facts.plan_readings import ITEM_FIELDS, ReadPlan
from campaigns.models import Attachment, Department, Duty, Plan, PlanItem
from campaigns.models.any_paper import AnyPaper, AnyPart, AnyReading
from campaigns.queries.paper_readings import APPEND, BETWEEN, LEAVE, NEW, REPLACE, proposal_of, says_nothing_new
from campaigns.services.attachments import attach_uploads, replace_attachment
from campaigns.services.paper_order import place_sections
from campaigns.services.paper_parts import add_section, lock_paper, mark_changed, record_change, save_part
from campaigns.services.plan_items import ItemDraft, add_item, save_item
from qualityseason.errors import Refused
from qualityseason.models import StoredFile

WORD_SLOT, SHEET_SLOT = "word", "sheet"
WORD, SHEET = "word", "sheet"
Entries = Mapping[str, Mapping[str, Any]]  # what was typed, by the key of the entry


@dataclass(frozen=True)
class Brought:
    """What bringing a file in came to: the file in its place, the reading to check, None when nothing is new."""

    attachment: Attachment
    reading: AnyReading | None
    is_same_file: bool = False


@transaction.atomic
def bring_in(paper: AnyPaper, *, upload: UUID, kind: str, read: ReadPlan | None, by_id: int, at: datetime) -> Brought:
    """Keep a file with the text, a Word file as its official text, and what was read as a proposal to check.

    The same content again makes no new version of the file. Raises Refused as `attach_uploads`, or `closed`.
    """
    paper = lock_paper(paper)
    slot = WORD_SLOT if kind == WORD else SHEET_SLOT
    stored = StoredFile.objects.filter(uuid=upload, stored_by_id=by_id).first()
    current = (
        Attachment.objects.current().of_owner(paper.SORT, paper.uuid).filter(slot=slot).select_related("file").last()
    )
    same = current is not None and stored is not None and current.file.sha256 == stored.sha256
    if current is not None and same:
        attachment = current
    elif current is not None:
        attachment = replace_attachment(current, upload, by_id=by_id, at=at)
    else:
        attachment = _attached(paper, upload, slot=slot, by_id=by_id, at=at)
    if kind == WORD and paper.word_file_id != attachment.pk:
        before = {"word_file": paper.word_file_id}
        paper.word_file = attachment
        paper.save(update_fields=["word_file"])
        mark_changed(paper, at=at)
        after = {"word_file": attachment.pk, "sha256": attachment.file.sha256}
        record_change("word", paper, paper, by_id=by_id, at=at, before=before, after=after)
    reading = keep_reading(paper, attachment, read=read, kind=kind, by_id=by_id, at=at) if read else None
    return Brought(attachment, reading, is_same_file=same)


def _attached(paper: AnyPaper, upload: UUID, *, slot: str, by_id: int, at: datetime) -> Attachment:
    made = attach_uploads(
        [upload],
        campaign_id=paper.campaign_id,
        department_id=paper.department_id,
        owner_kind=paper.SORT,
        owner_uuid=paper.uuid,
        slot=slot,
        by_id=by_id,
        at=at,
    )
    if not made:
        raise Refused(_("This is the same upload again."), field="files", code="same")
    return made[0]


@transaction.atomic
def keep_reading(
    paper: AnyPaper, attachment: Attachment, *, read: ReadPlan, kind: str, by_id: int, at: datetime
) -> AnyReading | None:
    """Keep what was read as a proposal, in place of earlier ones not settled; None when it says nothing new."""
    paper = lock_paper(paper)
    content = proposal_of(paper, read, kind=kind, guess=kind == WORD)
    if says_nothing_new(content):
        return None
    paper.readings.filter(settled_at__isnull=True).update(settled_at=at)
    reading = paper.readings.create(attachment=attachment, content=content, read_by_id=by_id, read_at=at)
    after = {"file": attachment.uuid, "parts": len(content["parts"]), "items": len(content["items"])}
    record_change("reading", reading, paper, by_id=by_id, at=at, after=after)
    return reading


@transaction.atomic
def save_check(reading: AnyReading, *, version: int, entries: Entries, by_id: int, at: datetime) -> None:
    """Keep how far a reading has been checked, for later; raises Refused (`stale`, `settled`, `closed`)."""
    lock_paper(reading.paper)
    current = _open_reading(reading, version=version)
    current.content = _with_entries(current.content, entries)
    current.save(update_fields=["content"])


@transaction.atomic
def settle_reading(reading: AnyReading, *, by_id: int, at: datetime) -> None:
    """Put a reading away without taking anything over. A second time changes nothing."""
    paper = lock_paper(reading.paper)
    current = type(reading)._default_manager.select_for_update().get(pk=reading.pk)
    if current.settled_at is None:
        _settle(current, paper, by_id=by_id, at=at, taken={})


@transaction.atomic
def take_over(
    reading: AnyReading,
    *,
    version: int,
    entries: Entries,
    seen: Mapping[str, int],
    by_id: int,
    at: datetime,
) -> dict[str, int]:
    """Write what was chosen into the text, all of it or nothing; returns how many parts and items were written.

    `version` is that of the check, `seen` are those of the parts and items it was made against. Raises Refused at
    `<key>-<field>` of the entry that will not do, also where somebody saved meanwhile; `stale`, `settled`, `closed`.
    """
    paper = lock_paper(reading.paper)
    current = _open_reading(reading, version=version)
    content = _with_entries(current.content, entries)
    writer = _Writer(paper, dict(seen), by_id=by_id, at=at)
    for kind, write in (("parts", writer.write_part), ("items", writer.write_item)):
        for entry in content[kind]:
            if entry["choice"] == LEAVE:
                continue
            try:
                write(entry)
            except Refused as refused:
                raise _at(entry, refused) from refused
            writer.counts[kind] += 1
    place_sections(paper, writer.in_file_order, new=writer.sections)
    current.content = content
    current.save(update_fields=["content"])
    _settle(current, paper, by_id=by_id, at=at, taken=writer.counts)
    return writer.counts


class _Writer:
    """Writes chosen entries one by one through the services of parts and items."""

    def __init__(self, paper: AnyPaper, seen: dict[str, int], *, by_id: int, at: datetime) -> None:
        self.paper, self.seen = paper, seen
        self.who: dict[str, Any] = {"by_id": by_id, "at": at}
        self.counts = {"parts": 0, "items": 0}
        self.written: set[str] = set()
        self.in_file_order: list[str] = []  # parts and sections
        self.sections: set[str] = set()  # those of them that are new
        self.parts: dict[str, AnyPart] = {str(part.uuid): part for part in paper.parts.all()}
        self.items: dict[str, PlanItem] = {}
        if isinstance(paper, Plan):
            self.items = {str(item.uuid): item for item in PlanItem.objects.filter(plan=paper)}
            self.duties = {str(duty.uuid): duty for duty in Duty.objects.filter(department_id=paper.department_id)}
            self.departments = {one.name: one for one in Department.objects.filter(campaign_id=paper.campaign_id)}

    def write_part(self, entry: Mapping[str, Any]) -> None:
        """Write prose where it was chosen to go."""
        choice, target = self._target(entry)
        if choice == NEW:
            uuid = UUID(entry["uuid"])
            add_section(self.paper, uuid=uuid, title=entry["title"], text=entry["text"], **self.who)
            self.in_file_order.append(str(uuid))
            self.sections.add(str(uuid))
            return
        part = self.parts.get(target)
        if part is None:
            raise Refused(_("Somebody else has removed this section meanwhile."), field="choice", code="gone")
        text = entry["text"]
        if choice == APPEND and part.text.strip():
            text = part.text if text in part.text else f"{part.text}\n{text}"
        title = part.title if part.code else entry["title"]
        saved = save_part(part, version=self.seen.get(target, 0), text=text, title=title, **self.who)
        self.parts[target], self.seen[target] = saved, saved.version
        self.in_file_order.append(target)

    def write_item(self, entry: Mapping[str, Any]) -> None:
        """Write an item of a plan, as a new one or in place of the one chosen."""
        if not isinstance(self.paper, Plan):
            raise TypeError("only plans have items")
        choice, target = self._target(entry)
        names = {name: entry[name] for name in ITEM_FIELDS}
        draft = ItemDraft(
            **names,
            duties=tuple(self.duties[uuid] for uuid in entry["duties"] if uuid in self.duties),
            cooperating=tuple(
                self.departments[name] for name in entry["cooperating"].split(BETWEEN) if name in self.departments
            ),
        )
        if choice == NEW:
            add_item(self.paper, draft, uuid=UUID(entry["uuid"]), **self.who)
            return
        item = self.items.get(target)
        if item is None:
            raise Refused(_("This item is not in the plan any more."), field="choice", code="gone")
        save_item(item, draft, version=self.seen.get(target, 0), **self.who)

    def _target(self, entry: Mapping[str, Any]) -> tuple[str, str]:
        """Return what is to be done and with which record; two entries must not replace the same one."""
        choice, _colon, target = entry["choice"].partition(":")
        if choice == REPLACE and target in self.written:
            message = _(
                "Another entry of this check is written there already. Choose another place for one of the two."
            )
            raise Refused(message, field="choice", code="twice")
        self.written.add(target)
        return choice, target


def _at(entry: Mapping[str, Any], refused: Refused) -> Refused:
    """Return a refusal at the entry's field."""
    sentence = refused.sentence
    if refused.refusal_code == "stale":
        sentence = _("Somebody else saved this meanwhile; it stands beside. Look, and send again.")
    field = f"{entry['key']}-{refused.field or 'choice'}"
    return Refused(sentence, field=field, code=refused.refusal_code, existing=refused.existing)


def _open_reading(reading: AnyReading, *, version: int) -> AnyReading:
    current = type(reading)._default_manager.select_for_update().get(pk=reading.pk)
    if current.settled_at is not None:
        raise Refused(_("This reading has been dealt with already; nothing was written again."), code="settled")
    if current.content["version"] != version:
        message = _(
            "Somebody else has gone on with this check meanwhile; what they wrote stands beside yours. Send again to "
            "put yours in its place."
        )
        raise Refused(message, code="stale", existing=current)
    return current


def _with_entries(content: Mapping[str, Any], entries: Entries) -> dict[str, Any]:
    """Return the content with what was typed into its entries."""
    changed = {
        kind: [entry | dict(entries.get(entry["key"], {})) for entry in content[kind]] for kind in ("parts", "items")
    }
    return {**content, **changed, "version": content["version"] + 1}


def _settle(reading: AnyReading, paper: AnyPaper, *, by_id: int, at: datetime, taken: Mapping[str, int]) -> None:
    reading.settled_at = at
    reading.save(update_fields=["settled_at"])
    record_change("reading.settle", reading, paper, by_id=by_id, at=at, after={"taken": dict(taken)})
