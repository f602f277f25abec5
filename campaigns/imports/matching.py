"""The headings of one sheet: known ones, ones matched before, or rows that may be the headings, to be matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.utils import column_index_from_string, get_column_letter

from campaigns.calculations.headings import fitness
from campaigns.facts import Column, SheetHeading, SheetHeadings
from campaigns.imports.header import Header, Layouts, find_header, matched_header
from qualityseason.text import clean

HEADER_ROWS = 10  # the headings stand within so many rows
SAMPLE_ROWS = 6  # rows below them that samples are taken from
SAMPLES, LONGEST_SAMPLE = 3, 20
CANDIDATES = 5  # rows offered as headings
FEWEST = 2  # headings in a row
Merged = Mapping[tuple[str, int], int]  # (column letters, first row) → last row


class HeaderRows:
    """The first rows of a sheet, in which its headings are looked for. `rows` are cells; `merged` goes downwards."""

    def __init__(self, title: str, rows: Sequence[Sequence[Any]], merged: Merged) -> None:
        self.title = title
        self._rows = rows
        self._merged = {place: bottom for place, bottom in merged.items() if place[1] <= len(rows)}
        self.likeness = 0.0  # of the likeliest candidate
        self._values = [self._filled(number) for number in range(1, len(rows) + 1)]

    def find(self, columns: Sequence[Column], layouts: Layouts) -> tuple[Header | None, list[Header]]:
        """Return the headings, None where there are none, and how far each row looked at serves as headings."""
        looked_at = self._values[:HEADER_ROWS]
        for number, values in enumerate(looked_at, start=1):
            matched = matched_header(values, columns, layouts, number=number)
            if matched is not None and matched.is_complete:
                return matched, []
        tried: list[Header] = []
        for number, values in enumerate(looked_at, start=1):
            header = find_header(values, columns, number=number)
            if header.is_complete:
                return header, tried
            tried.append(header)
        return None, tried

    def last_row_of(self, header: Header) -> int:
        """Return the last row of the headings: they may be merged downwards."""
        ends = [
            self._merged.get((get_column_letter(place + 1), header.number), header.number)
            for place in header.places.values()
        ]
        return max(ends, default=header.number)

    def told(self, header: Header) -> SheetHeadings:
        """Return the headings of a row, with samples of what stands below them."""
        below = self.last_row_of(header)
        headings = tuple(
            SheetHeading(label, place, self._samples(place, below)) for place, label in header.labels.items()
        )
        taken = {column.heading: place for column, place in header.places.items()}
        return SheetHeadings(
            self.title, header.number, headings, taken, is_complete=header.is_complete, is_matched=header.is_matched
        )

    def candidates(self, columns: Sequence[Column], tried: Sequence[Header]) -> list[SheetHeadings]:
        """Return the rows that may be the headings, likeliest first."""
        likely = [
            (fitness(list(header.labels.values()), columns), -header.number, header)
            for header in tried
            if len(header.labels) >= FEWEST
        ]
        likely.sort(key=lambda one: one[:2], reverse=True)
        self.likeness = likely[0][0] if likely else 0.0
        return [self.told(header) for _fitness, _number, header in likely[:CANDIDATES]]

    def _filled(self, number: int) -> list[object]:
        """Return the values of a row, with what a cell merged downwards into it says."""
        row = self._rows[number - 1]
        values: list[object] = [getattr(cell, "value", None) for cell in row]
        for (letters, top), bottom in self._merged.items():
            if top < number <= bottom:
                place = _place(letters)
                above = self._rows[top - 1]
                if place < len(above) and place < len(values) and values[place] is None:
                    values[place] = getattr(above[place], "value", None)
        return values

    def _samples(self, place: int, below: int) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for row in self._rows[below : below + SAMPLE_ROWS]:
            text = sample_of(row[place]) if place < len(row) else ""
            if text:
                found[text] = None
        return tuple(list(found)[:SAMPLES])


def sample_of(cell: Any) -> str:
    """Return what a cell shows, shortened."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    share = shown_share(cell)
    return share or clean(value)[:LONGEST_SAMPLE]


def shown_share(cell: Any) -> str:
    """Return a number that the cell shows as per cent with its %, '' for all others."""
    value = getattr(cell, "value", None)
    if isinstance(value, bool) or not isinstance(value, int | float) or "%" not in str(cell.number_format):
        return ""
    return f"{(Decimal(str(value)) * 100).normalize():f}%"


def _place(letters: str) -> int:
    return column_index_from_string(letters) - 1
