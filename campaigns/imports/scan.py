"""A quick look over a sheet's raw XML, for what a row by row reader cannot know: its true end and its merged cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO

CHUNK = 1024 * 1024
OVERLAP = 4096  # bytes carried on, so that nothing is cut in two
# No part may run past the tag it began in: a sheet of nothing but openings would cost the square of its length.
FILLED = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]*?\br="[A-Z]+(\d+)")[^<>]*+(?<!/)>\s*+'  # a cell
    rb"(?:<(?:\w+:)?f\b[^<>]*+(?:(?<=/)>|>[^<]*+</(?:\w+:)?f>)\s*+)?"  # perhaps with a formula
    rb"<(?:\w+:)?(?:v(?:\s[^<>]*+)?>[^<]|is\b)"  # and a value
)
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
MAXIMUM_MERGED = 20_000


@dataclass
class SheetScan:
    """The last row that holds a value, and cells merged downwards: (column letters, first row) → last row."""

    last_row: int = 0
    merged: dict[tuple[str, int], int] = field(default_factory=dict)


def scan_sheet(source: IO[bytes]) -> SheetScan:
    """Return what one pass over the bytes of a sheet tells; costs a fraction of parsing it."""
    scan, carried = SheetScan(), b""
    while chunk := source.read(CHUNK):
        text = carried + chunk
        for match in FILLED.finditer(text):
            scan.last_row = max(scan.last_row, int(match[1]))
        for match in MERGED.finditer(text):
            _note_merged(scan, match)
        carried = text[-OVERLAP:]
    return scan


def _note_merged(scan: SheetScan, match: re.Match[bytes]) -> None:
    left, top, right, bottom = (part.decode() for part in match.groups())
    if left == right and int(bottom) > int(top) and len(scan.merged) < MAXIMUM_MERGED:
        scan.merged[left, int(top)] = int(bottom)
