"""Finding the headings of a sheet, however they are typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.facts import Column
from qualityseason.text import clean, squeeze

MARKS = re.compile(r"[*:：]+$|^[*]+")
MAXIMUM_FOUND = 12  # headings named in a sentence


@dataclass(frozen=True)
class Header:
    """One row taken as headings: where each known column stands, what else stands there."""

    number: int
    places: dict[Column, int]
    missing: tuple[Column, ...]
    found: tuple[str, ...]
    twice: str = ""

    def key_of(self, heading: str) -> str:
        """Return the key of the column of that heading."""
        return next((column.key for column in self.places if column.heading == heading), "")

    @property
    def is_complete(self) -> bool:
        """Whether every column that must be there is there."""
        return not self.missing


def find_header(values: Sequence[object], columns: Sequence[Column], *, number: int) -> Header:
    """Return how far this row serves as headings; blanks, widths of letters and marks of duty do not matter."""
    by_name = {name_of(name): column for column in columns for name in (column.heading, *column.aliases)}
    places: dict[Column, int] = {}
    twice = ""
    for place, value in enumerate(values):
        column = by_name.get(name_of(value))
        if column is None:
            continue
        if column in places:
            twice = column.heading
        places.setdefault(column, place)
    missing = tuple(column for column in columns if column not in places and not column.optional)
    found = tuple(clean(value) for value in values if clean(value))
    return Header(number, places, missing, found, "" if missing else twice)


def name_of(value: object) -> str:
    """Return a heading for comparison."""
    return MARKS.sub("", squeeze(value))


def missing_columns(header: Header, columns: Sequence[Column]) -> str:
    """Return the sentence that names the columns missing and those found."""
    found = ", ".join(header.found[:MAXIMUM_FOUND])
    missing = ", ".join(column.heading for column in header.missing)
    if not header.places:
        needed = ", ".join(column.heading for column in columns if not column.optional)
        return _("No headings were found in the first rows. The columns needed are: %(needed)s.") % {"needed": needed}
    return _("These columns are missing: %(missing)s. Found were: %(found)s.") % {"missing": missing, "found": found}
