"""An official letter (公文) as its parts, whatever it is printed or typed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Level(Enum):
    """The levels of headings: 一、 and （一）."""

    FIRST = 1
    SECOND = 2


@dataclass(frozen=True)
class Heading:
    """A heading with its number as written."""

    text: str
    level: Level


@dataclass(frozen=True)
class Grid:
    """A table: headings, rows of texts, which columns hold figures, and each column's share of the width in percent."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    figures: frozenset[int] = frozenset()


Part: TypeAlias = Heading | str | Grid  # a text is a paragraph


@dataclass(frozen=True)
class Annex:
    """What begins on a page of its own behind the letter: 附件1 and its title."""

    label: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Letter:
    """Title, document number, who is addressed, the text, and who signs on which day.

    ``number`` has room for what the office writes in; ``note`` stands at the foot of every page on paper,
    ``is_tight`` keeps what should be one page together.
    """

    title: str
    number: str
    addressee: str
    parts: tuple[Part, ...]
    signer: str
    day: str
    annexes: tuple[Annex, ...] = ()
    note: str = ""
    is_tight: bool = False

    @property
    def annex_lines(self) -> Sequence[str]:
        """How the annexes are announced after the text, numbered where there are several."""
        if len(self.annexes) < 2:
            return [annex.title for annex in self.annexes]
        return [f"{number}.{annex.title}" for number, annex in enumerate(self.annexes, start=1)]
