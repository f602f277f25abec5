"""Finding the headings of a sheet, however they are typed, or as somebody has matched them before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from campaigns.calculations.headings import fingerprint_of, labels_of, name_of
from campaigns.facts import Column
from qualityseason.text import clean

MAXIMUM_FOUND = 12  # headings named in a sentence
Layouts = Mapping[str, Mapping[str, str]]  # fingerprint of headings → name of a heading → key of our column


@dataclass(frozen=True)
class Header:
    """One row taken as headings: where each known column stands, what else stands there.

    ``labels`` are all headings by place, ``is_matched`` whether the columns are as somebody matched them.
    """

    number: int
    places: dict[Column, int]
    missing: tuple[Column, ...]
    found: tuple[str, ...]
    twice: str = ""
    labels: Mapping[int, str] = field(default_factory=dict)
    is_matched: bool = False

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
    missing = lacking(columns, {column.key for column in places})
    found = tuple(clean(value) for value in values if clean(value))
    return Header(number, places, missing, found, "" if missing else twice, headings_in(values))


def matched_header(
    values: Sequence[object], columns: Sequence[Column], layouts: Layouts, *, number: int
) -> Header | None:
    """Return the columns of this row as somebody matched headings like these before, None where nobody did."""
    labels = headings_in(values)
    layout = layouts.get(fingerprint_of(labels.values())) if labels else None
    if layout is None:
        return None
    by_key = {column.key: column for column in columns}
    places = {
        by_key[key]: place for place, label in labels.items() if (key := layout.get(name_of(label), "")) in by_key
    }
    missing = lacking(columns, {column.key for column in places})
    return Header(number, places, missing, tuple(labels.values()), "", labels, is_matched=True)


def headings_in(values: Sequence[object]) -> dict[int, str]:
    """Return the headings of a row by place, without that of the column an annotated copy has put there."""
    return labels_of(values, without=_("What to correct"))


def lacking(columns: Sequence[Column], keys: set[str]) -> tuple[Column, ...]:
    """Return the columns that must be there and are not, nor what may stand in their place."""
    return tuple(
        column
        for column in columns
        if column.key not in keys and not column.optional and not (column.instead and column.instead in keys)
    )


def missing_columns(header: Header, columns: Sequence[Column]) -> str:
    """Return the sentence that names the columns missing and those found."""
    found = "、".join(header.found[:MAXIMUM_FOUND])
    missing = "、".join(column.heading for column in header.missing)
    if not header.places:
        needed = "、".join(column.heading for column in columns if not column.optional)
        return _("No headings were found in the first rows. The columns needed are: %(needed)s.") % {"needed": needed}
    return _("These columns are missing: %(missing)s. Found were: %(found)s.") % {"missing": missing, "found": found}
