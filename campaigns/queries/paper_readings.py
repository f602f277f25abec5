"""What was read out of a file beside what the text says: the proposal made once, and the page that is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.calculations.likeness import likely, said_in
from campaigns.facts.plan_readings import ITEM_FIELDS, PROSE_FIELDS, ReadItem, ReadPlan, words_of
from campaigns.models import Department, Duty, Plan, PlanItem
from campaigns.models.any_paper import AnyPaper, AnyReading
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.paper_content import due_label, duty_label, standing_items
from qualityseason.text import squeeze

LEAVE, NEW = "leave", "new"
APPEND, REPLACE = "append", "replace"
LEAST_LIKENESS = 0.25  # share of a duty's pairs of letters that an item must hold
BETWEEN = "、"
TITLE_ROOM = 200  # characters of a title
NUMBERS = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True)
class Standing:
    """A part or item as it stands, to be put beside what was read."""

    uuid: str
    version: int
    title: str
    fields: Mapping[str, Any]
    code: str = ""


@dataclass(frozen=True)
class OnTable:
    """The text a reading is checked against: a summary has no items, and names neither duties nor departments."""

    parts: tuple[Standing, ...]
    items: tuple[Standing, ...]
    duties: tuple[tuple[str, str], ...]
    departments: tuple[str, ...]

    def item_like(self, entry: Mapping[str, Any]) -> Standing | None:
        """Return the item that an entry names by uuid or by the same title."""
        named = [item for item in self.items if item.uuid == entry.get("named")]
        same = [item for item in self.items if squeeze(item.title) == squeeze(entry["title"])]
        return next(iter(named or same), None)

    def part_like(self, entry: Mapping[str, Any]) -> Standing | None:
        """Return the part of an entry's code, or the section of its title."""
        if entry["code"]:
            return next((part for part in self.parts if part.code == entry["code"]), None)
        same = (part for part in self.parts if not part.code and squeeze(part.title) == squeeze(entry["title"]))
        return next(same, None)

    @property
    def versions(self) -> dict[str, int]:
        """Return the version of every part and item by uuid."""
        return {standing.uuid: standing.version for standing in (*self.parts, *self.items)}


def on_table(paper: AnyPaper) -> OnTable:
    """Return the parts of the text, of a plan also items, duties and departments. Six queries, or one."""
    parts = tuple(
        Standing(str(part.uuid), part.version, part.title, {"text": part.text}, part.code) for part in paper.parts.all()
    )
    if not isinstance(paper, Plan):
        return OnTable(parts, items=(), duties=(), departments=())
    duties = Duty.objects.filter(department_id=paper.department_id, ended_at__isnull=True)
    others = Department.objects.filter(campaign_id=paper.campaign_id).exclude(pk=paper.department_id).order_by("order")
    items = standing_items(paper)
    return OnTable(
        parts=parts,
        items=tuple(Standing(str(item.uuid), item.version, item.title, _item_fields(item)) for item in items),
        duties=tuple((str(duty.uuid), duty_label(duty)) for duty in duties),
        departments=tuple(others.values_list("name", flat=True)),
    )


def _item_fields(item: PlanItem) -> dict[str, Any]:
    return {
        **{name: getattr(item, name) for name in ("title", *PROSE_FIELDS, "responsible", "quality_document")},
        "due": due_label(item),
        "duties": [str(duty.uuid) for duty in item.duties.all()],
        "cooperating": BETWEEN.join(department.name for department in item.cooperating.all()),
    }


def proposal_of(paper: AnyPaper, read: ReadPlan, *, kind: str, guess: bool) -> dict[str, Any]:
    """Return what was read as the proposal that is checked: with duties and departments recognised, and a choice each.

    `guess`: duties are proposed by likeness where the file names none. A fixed number of queries.
    """
    table = on_table(paper)
    items = _items_proposed(paper, read, table, guess=guess) if read.items else []
    parts = []
    for at, part in enumerate(read.parts, start=1):
        said = {"code": part.code, "title": part.title, "text": part.text, "source": list(part.source)}
        entry: dict[str, Any] = {"key": f"p{at}", "uuid": str(uuid4()), **said}
        entry["choice"] = LEAVE if part.is_signature else part_choice(entry, table)
        parts.append(entry)
    return {"version": 1, "kind": kind, "title": read.title, "parts": parts, "items": items}


def _items_proposed(paper: AnyPaper, read: ReadPlan, table: OnTable, *, guess: bool) -> list[dict[str, Any]]:
    book = DepartmentBook(paper.campaign)
    own = {squeeze(name) for name in _names(book, paper.department_id)}
    numbers = dict(Duty.objects.filter(department_id=paper.department_id, ended_at=None).values_list("number", "uuid"))
    items = []
    for at, item in enumerate(read.items, start=1):
        entry: dict[str, Any] = {"key": f"i{at}", "uuid": str(uuid4()), "named": item.uuid, "source": list(item.source)}
        entry |= words_of(item) | {"duties": _duties(item, table, numbers, guess=guess)}
        entry["cooperating"] = BETWEEN.join(_cooperating(item, book, own, guess=guess))
        _keep_unmatched(entry, item)
        entry["choice"] = item_choice(entry, table)
        items.append(entry)
    return items


def item_choice(entry: Mapping[str, Any], table: OnTable) -> str:
    """Return what is proposed for an item: new, replacing the one of its title, or nothing when it says the same."""
    standing = table.item_like(entry)
    if standing is None:
        return NEW
    return LEAVE if is_same_item(entry, standing) else f"{REPLACE}:{standing.uuid}"


def part_choice(entry: Mapping[str, Any], table: OnTable) -> str:
    """Return what is proposed for prose: a section of its own, or into the part it means."""
    standing = table.part_like(entry)
    if standing is None:
        return NEW
    now = standing.fields["text"].strip()
    if now == entry["text"].strip() or (not entry["text"].strip()):
        return LEAVE
    return f"{REPLACE if now else APPEND}:{standing.uuid}"


def is_same_item(entry: Mapping[str, Any], standing: Standing) -> bool:
    """Whether an entry says what the item of the plan says already."""
    if set(entry["duties"]) != set(standing.fields["duties"]):
        return False
    if set(_split(entry["cooperating"])) != set(_split(standing.fields["cooperating"])):
        return False
    return all(str(entry[name]).strip() == standing.fields[name].strip() for name in ITEM_FIELDS)


def says_nothing_new(content: Mapping[str, Any]) -> bool:
    """Whether everything read stands there already."""
    return all(entry["choice"] == LEAVE for entry in (*content["parts"], *content["items"]))


def find_reading(paper: AnyPaper, uuid: UUID) -> AnyReading | None:
    """Return a reading of the text with its file. One query."""
    return paper.readings.filter(uuid=uuid).select_related("attachment__file", "read_by").first()


def open_readings(paper: AnyPaper) -> list[AnyReading]:
    """Return the readings not settled yet, the latest first. One query."""
    rows = paper.readings.filter(settled_at__isnull=True).select_related("attachment__file", "read_by")
    return list(rows[:5])


def title_of_file(paper: AnyPaper) -> str:
    """Return what the file brought last calls itself, '' where the text is called that already. One query."""
    reading = paper.readings.only("content").first()
    title = str(reading.content.get("title", "")) if reading else ""
    return "" if title == paper.title or len(title) > TITLE_ROOM else title


def _duties(item: ReadItem, table: OnTable, numbers: Mapping[str, UUID], *, guess: bool) -> list[str]:
    labels = [label.partition(" ")[2] for _uuid, label in table.duties]  # without their numbers
    if item.duties:
        named = [str(numbers[number]) for number in NUMBERS.findall(item.duties) if number in numbers]
        if named:
            return list(dict.fromkeys(named))
        return [table.duties[at][0] for at in likely(item.duties, labels, least=LEAST_LIKENESS)]
    if not guess:
        return []
    said = " ".join([item.title, *(getattr(item, name) for name in PROSE_FIELDS)])
    return [table.duties[at][0] for at in likely(said, labels, least=LEAST_LIKENESS)]


def _cooperating(item: ReadItem, book: DepartmentBook, own: set[str], *, guess: bool) -> list[str]:
    text = item.cooperating or (item.service if guess else "")
    names = [name for department in book.departments for name in _names(book, department.pk)]
    found = [book.find(name) for name in said_in(text, names) if squeeze(name) not in own]
    return list(dict.fromkeys(department.name for department in found if department is not None))


def _names(book: DepartmentBook, pk: int) -> Sequence[str]:
    department = book.by_id[pk]
    return (department.name, *department.aliases)


def _keep_unmatched(entry: dict[str, Any], item: ReadItem) -> None:
    """Words about duties or departments of which something was not recognised stay in the item's prose."""
    if item.duties and not entry["duties"]:
        with translation.override(settings.LANGUAGE_CODE):  # the text of a document, not of somebody's screen
            words = _("Duties served: %(words)s") % {"words": item.duties}
        entry["measure"] = "\n".join(text for text in (entry["measure"], words) if text)
    if len(_split(item.cooperating)) > len(_split(entry["cooperating"])):
        entry["service"] = "\n".join(text for text in (entry["service"], item.cooperating) if text)


def _split(names: str) -> list[str]:
    return [squeeze(name) for name in re.split(r"[、,，;；\s]+", names) if name]
