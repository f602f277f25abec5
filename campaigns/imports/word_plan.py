"""Reading a plan or summary out of a Word file: a proposal of parts, items and sections that loses nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from campaigns.facts.plan_readings import ReadItem, ReadPart, ReadPlan
from campaigns.imports import plan_words as words
from campaigns.imports.word_items import Told, fitted, labels_in, prose_items, told
from campaigns.imports.word_outline import Heading, PartBook, heading_of, is_items
from campaigns.imports.word_tables import TableColumn, items_in
from qualityseason.errors import Refused
from qualityseason.imports.docx import open_word
from qualityseason.imports.docx_blocks import Block, Line, Table, blocks_of, has_pictures, row_text

MAXIMUM_ITEMS = 200  # of one reading
TITLE_LINES = 4
SHORT = 30  # characters of a line of a signature
SIGNED_ON = re.compile(r"^(?:\d{4}|[〇零○一二三四五六七八九十]{4})\s*[年./-].{1,8}$")
PART, ITEMS, FREE = "part", "items", "free"
ANY_LEVEL = 99  # of what stands before the first heading: any heading closes it
USUAL_RANK = 2  # numbers up to （一） make headings, deeper ones where a plan has no others


@dataclass
class _Target:
    """Where lines go: a part, a free section, or a heading over items."""

    kind: str
    title: str
    code: str = ""
    lines: list[Told] = field(default_factory=list)
    source: list[str] = field(default_factory=list)


def read_word_plan(file: BinaryIO, *, parts: Sequence[Mapping[str, Any]], with_items: bool = True) -> ReadPlan:
    """Return what a .docx says as parts, items and free sections; `parts` are those the season lists.

    A text `with_items` False, such as a summary, is prose alone: its tables are lines, no heading stands over items.
    Raises Refused on the field `files` where the file cannot be read or holds no text.
    """
    word = open_word(file)
    blocks = blocks_of(word)
    if not blocks:
        raise _empty(with_pictures=has_pictures(word))
    return read_blocks(blocks, parts=parts, with_items=with_items)


def read_blocks(blocks: Sequence[Block], *, parts: Sequence[Mapping[str, Any]], with_items: bool = True) -> ReadPlan:
    """Return lines and tables in their order as a plan, or (`with_items` False) as prose alone."""
    title, rest = _title(blocks)
    rest, signature = _signature(rest)
    outermost = min((line.level or words.marker_of(line.text)[0] or ANY_LEVEL for line in _lines(rest)), default=0)
    reader = _Reader(PartBook(parts), deepest=max(USUAL_RANK, outermost), with_items=with_items)
    for block in rest:
        if isinstance(block, Line):
            reader.take_line(block)
        else:
            reader.take_table(block)
    read = reader.plan(title)
    if signature:
        closing = ReadPart("", words.SIGNATURE, "\n".join(signature), is_signature=True)
        read = ReadPlan(title, (*read.parts, closing), read.items)
    if len(read.items) > MAXIMUM_ITEMS:
        message = _(
            "The tables of this file have %(count)d rows, more than the %(maximum)d items that can be checked at once. "
            "Store the Word file only, or bring the items in by the Excel template in several parts."
        )
        raise Refused(message % {"count": len(read.items), "maximum": MAXIMUM_ITEMS}, field="files", code="many")
    return read


class _Reader:
    """Sorts blocks into targets, heading by heading."""

    def __init__(self, book: PartBook, *, deepest: int, with_items: bool) -> None:
        self.book = book
        self.with_items = with_items
        self.deepest = deepest
        self.targets: list[_Target] = []
        self.items: dict[int, list[ReadItem]] = {}
        self.stack: list[tuple[int, _Target]] = []
        self.columns: tuple[TableColumn, ...] = ()

    def take_line(self, line: Line) -> None:
        """Put a line where it belongs; a heading may open a new place."""
        self.columns = ()
        heading = heading_of(line, self.book, deepest=self.deepest)
        if heading is None or not self._open(heading):
            self._place().lines.append(told(line.text, is_bold=line.is_bold, level=line.level))

    def take_table(self, table: Table) -> None:
        """Take the items of a table; one that holds none is read as lines, its labelled rows as headings."""
        found = items_in(table, continues=self.columns) if self.with_items else None
        if found is None:
            self.columns = ()
            for row in table.rows:
                self._take_row([cell.text for cell in row if cell.text and cell.is_first], row_text(row))
            return
        self.columns = found.columns
        place = self._place()
        group = ""
        if found.items and place.lines and place.lines[-1].rank and len(place.lines[-1].text) <= SHORT:
            group = words.marker_of(place.lines.pop().text)[1]
        place.lines.extend(Told(line) for line in found.lines)
        items = [fitted(item, group=group) for item in found.items]
        self.items.setdefault(id(place), []).extend(items)

    def plan(self, title: str) -> ReadPlan:
        """Return all that was sorted."""
        parts: list[ReadPart] = []
        items: list[ReadItem] = []
        for target in self.targets:
            found = self.items.get(id(target), [])
            lines = [line.text for line in target.lines]
            if target.kind == ITEMS or (self.with_items and target.kind == FREE and _labelled_often(target.lines)):
                lines, more = prose_items(target.lines)
                found = [*more, *found] if target.lines else found
            items.extend(found)
            if lines or (target.source and not found):
                parts.append(_part(target, lines))
            elif found and target.source:
                items[-len(found)] = replace(found[0], source=(*target.source, *found[0].source))
        return ReadPlan(title, tuple(_joined(parts)), tuple(items))

    def _take_row(self, texts: Sequence[str], line: str) -> None:
        """A row “工作目标 | …” of a form is a heading and what it says."""
        if len(texts) > 1 and len(texts[0]) <= SHORT:
            head = words.marker_of(texts[0])[1].replace("\n", "")
            code, _sure = self.book.match(head)
            if code or (self.with_items and is_items(head)):
                self._open(Heading(1, head, "", texts[0]))
                for text in texts[1:]:
                    for part in text.split("\n"):
                        self._place().lines.append(told(part))
                return
        for part in line.split("\n"):
            self._place().lines.append(Told(part))

    def _open(self, heading: Heading) -> bool:
        """Go on at the place a heading opens; False when it is but a line of the place that stands open."""
        code, sure = self.book.match(heading.text)
        inside = next((target for level, target in reversed(self.stack) if level < heading.level), None)
        over_items = self.with_items and is_items(heading.text)
        over_items = over_items and (not code or heading.text.endswith(words.ITEM_HEADINGS[:2]))
        if inside is not None and inside.kind == ITEMS:
            code = ""
            over_items = False
        if inside is not None and inside.kind == PART and sure < 1:
            code = ""
        while self.stack and self.stack[-1][0] >= heading.level:
            self.stack.pop()
        if over_items and (inside is None or inside.kind == FREE):
            target = _Target(ITEMS, heading.text, source=[heading.line])
        elif code and not over_items:
            target = _Target(PART, self.book.name_of(code), code, source=[heading.line])
        elif inside is not None:
            self.stack.append((heading.level, inside))
            if not self.targets or self.targets[-1] is not inside:
                self.targets.append(_Target(inside.kind, inside.title, inside.code))
                self.stack[-1] = (heading.level, self.targets[-1])
            return False
        else:
            target = _Target(FREE, heading.text, source=[heading.line])
        self.targets.append(target)
        self.stack.append((heading.level, target))
        if heading.rest:
            target.lines.append(Told(heading.rest))
        return True

    def _place(self) -> _Target:
        if not self.stack:
            self.targets.append(_Target(FREE, words.PREFACE))
            self.stack.append((ANY_LEVEL, self.targets[-1]))
        return self.stack[-1][1]


def _title(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """Return what the file calls itself, and the rest."""
    lines: list[str] = []
    for block in blocks[:TITLE_LINES]:
        if not isinstance(block, Line) or words.marker_of(block.text)[0] or block.level:
            break
        stands_out = block.is_title or ((block.is_centred or block.is_bold) and len(block.text) <= SHORT + 20)
        alone = not lines and len(block.text) <= SHORT + 20 and block.text.endswith(words.TITLE_WORDS)
        if not (stands_out or alone) or SIGNED_ON.match(block.text.strip("（()） ")):
            break
        lines.append(block.text)
    return "".join(lines), list(blocks[len(lines) :])


def _signature(blocks: list[Block]) -> tuple[list[Block], list[str]]:
    """Return the blocks without the signature and date at their end, and these."""
    last = blocks[-1] if blocks else None
    if not isinstance(last, Line) or not SIGNED_ON.match(last.text) or len(last.text) > SHORT:
        return blocks, []
    before = blocks[-2] if len(blocks) > 1 else None
    is_name = isinstance(before, Line) and len(before.text) <= SHORT and not before.level
    if (
        isinstance(before, Line)
        and is_name
        and before.text[-1] not in "。；：:"
        and not words.marker_of(before.text)[0]
    ):
        return blocks[:-2], [before.text, last.text]
    return blocks[:-1], [last.text]


def _labelled_often(lines: Sequence[Told]) -> bool:
    """Whether prose under some other heading is items after all: it names at least two of their fields."""
    found = labels_in("\n".join(line.text for line in lines))
    return len(found & {"measure", "standard", "outcome", "incentive"}) > 1


def _part(target: _Target, lines: Sequence[str]) -> ReadPart:
    code = target.code if target.kind == PART else ""
    return ReadPart(code, target.title, "\n".join(lines), tuple(target.source))


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    return (block for block in blocks if isinstance(block, Line))


def _joined(parts: Sequence[ReadPart]) -> list[ReadPart]:
    """Return the parts with what belongs to one of them in one place, in the order first met."""
    found: dict[tuple[str, str], ReadPart] = {}
    for part in parts:
        key = (part.code, "" if part.code else part.title)
        before = found.get(key)
        if before is None:
            found[key] = part
        else:
            text = "\n".join(text for text in (before.text, part.text) if text)
            found[key] = ReadPart(before.code, before.title, text, (*before.source, *part.source))
    return list(found.values())


def _empty(*, with_pictures: bool) -> Refused:
    if with_pictures:
        message = _(
            "This file holds pictures and no text, perhaps a scan. Bring in the file the plan was typed in, or store "
            "the Word file only and type the items on the page."
        )
        return Refused(message, field="files", code="only_pictures")
    return Refused(_("This file holds no text. Look whether it is the right one."), field="files", code="no_text")
