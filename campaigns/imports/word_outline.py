"""Which line of a plan is a heading, and which part of the season's list it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from campaigns.imports import plan_words as words
from qualityseason.imports.docx_blocks import Line
from qualityseason.text import squeeze

LONGEST = 40  # characters of a heading
LONGEST_HEAD = 20  # of one that goes on in the same line
SURE, LIKELY = 0.85, 0.75
VARIANTS = re.compile(r"[（(）)：:、/]|或者?|及其?|与|和")
SAID = re.compile(r"[：:。]")
STANDING_OUT = 1  # the level of a line that is bold and nothing else


@dataclass(frozen=True)
class Heading:
    """A heading: its level, its words without the number, and what follows it in the same line."""

    level: int
    text: str
    rest: str
    line: str


class PartBook:
    """The parts of prose a season asks for, found by what a plan calls them."""

    def __init__(self, parts: Sequence[Mapping[str, Any]]) -> None:
        self.parts = [(str(part["code"]), str(part["name"])) for part in parts]
        self._variants = {code: _variants(name) for code, name in self.parts}

    def match(self, heading: str) -> tuple[str, float]:
        """Return the code of the part a heading means best, and how surely; ('', 0) for none."""
        best, sure = "", 0.0
        for code, name in self.parts:
            found = max((_likeness(heading, variant) for variant in self._variants[code]), default=0.0)
            if found < SURE and any(_shares(group, heading, name) for group in words.ALIKE):
                found = SURE
            if found > sure:
                best, sure = code, found
        return (best, sure) if sure >= LIKELY else ("", 0.0)

    def name_of(self, code: str) -> str:
        """Return what the season calls a part."""
        return dict(self.parts).get(code, "")


def is_items(heading: str) -> bool:
    """Whether a heading stands over items."""
    text = squeeze(heading)
    return any(word in text for word in words.ITEM_HEADINGS) and not any(word in text for word in words.NOT_ITEMS)


def heading_of(line: Line, book: PartBook, *, deepest: int) -> Heading | None:
    """Return the line as a heading, None when it is none.

    A style says so, or a number of a rank up to `deepest` before few words, or words that surely mean a part.
    """
    rank, text = words.marker_of(line.text)
    if line.is_title:
        return None
    if line.level and len(line.text) <= 2 * LONGEST:
        return Heading(line.level, text, "", line.text)
    ends = line.text.rstrip().endswith(("。", "；", ";", "，", ","))
    said = SAID.search(text)
    if said and said.start() <= LONGEST_HEAD and text[said.end() :].strip():
        head = text[: said.start()].strip()
        if (rank or line.is_bold) and book.match(head)[1] >= SURE:
            return Heading(rank or STANDING_OUT, head, text[said.end() :].strip(), line.text)
    head = text.rstrip("：:。 ")
    if not head or len(head) > LONGEST:
        return None
    if 0 < rank <= deepest and not ends and "。" not in head:
        return Heading(rank, head, "", line.text)
    if (rank or line.is_bold or text.endswith(("：", ":"))) and not ends and len(head) <= LONGEST_HEAD:
        if book.match(head)[1] >= SURE:
            return Heading(rank or STANDING_OUT, head, "", line.text)
        if line.is_bold and is_items(head):
            return Heading(rank or STANDING_OUT, head, "", line.text)
    return None


def _variants(name: str) -> tuple[str, ...]:
    whole = squeeze(name)
    return tuple(dict.fromkeys(part for part in (whole, *VARIANTS.split(whole)) if len(part) > 1))


def _stem(text: str) -> str:
    return words.FILLERS.sub("", text) or text


def _likeness(heading: str, variant: str) -> float:
    text = squeeze(heading)
    if text == variant:
        return 1.0
    stem, own = _stem(variant), _stem(text)
    if own == stem:
        return 0.95
    if len(stem) > 1 and stem in text and len(text) <= len(stem) + 8 and len(stem) * 3 >= len(text):
        return SURE + 0.05 * len(stem) / len(text)
    ratio = SequenceMatcher(None, own, stem).ratio()
    return ratio if ratio >= LIKELY else 0.0


def _shares(group: Sequence[str], heading: str, name: str) -> bool:
    return any(word in heading for word in group) and any(word in name for word in group)
