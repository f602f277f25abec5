"""Frozen values of the campaign side: what was read from a sheet and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from campaigns.facts.layouts import SheetHeadings

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

Cell = str | int | float | bool | date | time | timedelta | None  # a datetime is a date


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading as people know it, other headings accepted, our key.

    ``as_text``: a number stored there may have lost leading zeros, so it is refused. ``per_cent``: 0.85 shown as 85%
    is read as shown. ``instead``: the key of the column that may stand there in its place.
    """

    key: str
    heading: str
    aliases: tuple[str, ...] = ()
    as_text: bool = False
    optional: bool = False
    hint: Text = ""
    example: str = ""
    per_cent: bool = False
    instead: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One row as it stands in a sheet; ``cells`` by the key of its column, ``broken`` the keys of unreadable cells."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    broken: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SheetError:
    """What is wrong, and where: a whole file, a whole sheet, or one cell (``column`` is its heading)."""

    sentence: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    @property
    def place(self) -> str:
        """Sheet/row/column as one word."""
        return "/".join(str(part) for part in (self.sheet, self.row or "", self.column) if part)


@dataclass(frozen=True)
class SheetContent:
    """All rows of a workbook that are for us, and the cells that cannot be understood.

    ``headings``: those of each sheet taken; of a sheet not taken the rows that may be its headings, likeliest first.
    """

    rows: tuple[SheetRow, ...]
    errors: tuple[SheetError, ...]
    headings: tuple[SheetHeadings, ...] = ()


@dataclass(frozen=True)
class UnderstoodRow:
    """A row with its values in our terms; ``canonical`` is the same for every spelling of the same content."""

    row: SheetRow
    values: Any
    canonical: tuple[str, ...]


@dataclass(frozen=True)
class ShownRow:
    """A row as understood, for a person to read; ``mark`` says what in it deserves a look."""

    sheet: str
    number: int
    cells: tuple[str, ...]
    mark: str = ""


@dataclass
class Written:
    """What bringing in a sheet did, or would do."""

    shown: list[ShownRow] = field(default_factory=list)
    errors: list[SheetError] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    totals: list[tuple[str, str]] = field(default_factory=list)
    sums: list[tuple[str, str]] = field(default_factory=list)  # by department
