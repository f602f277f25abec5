"""The headings of somebody's sheet, and which of its columns were taken for ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SheetHeading:
    """One heading as it stands there, at `place` (0 is column A), with what stands below it."""

    label: str
    place: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetHeadings:
    """A row of headings. ``taken``: our headings → their places; ``is_matched``: as somebody matched them before."""

    sheet: str
    row: int
    headings: tuple[SheetHeading, ...]
    taken: Mapping[str, int] = field(default_factory=dict)
    is_complete: bool = False
    is_matched: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The headings alone."""
        return tuple(heading.label for heading in self.headings)

    def label_of(self, heading: str) -> str:
        """Return what our heading is called in this sheet, itself where it was not taken from any column."""
        place = self.taken.get(heading)
        return next((found.label for found in self.headings if found.place == place), heading)
