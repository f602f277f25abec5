"""What was read out of a file as a proposal for a plan: frozen values, before anybody has checked them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ReadPart:
    """Prose with its place: a part of the season's list by code, or (code '') a section of its own.

    ``source`` are the words of the file that became structure, such as its heading. A signature has its place on the
    printed plan and is no section unless somebody wants it.
    """

    code: str
    title: str
    text: str
    source: tuple[str, ...] = ()
    is_signature: bool = False


@dataclass(frozen=True)
class ReadItem:
    """One item as read; ``duties`` and ``cooperating`` are the words of the file, ``source`` its lines.

    ``uuid`` names the item of the plan it stands for, where the file says so.
    """

    title: str
    measure: str = ""
    standard: str = ""
    outcome: str = ""
    incentive: str = ""
    service: str = ""
    responsible: str = ""
    due: str = ""
    quality_document: str = ""
    duties: str = ""
    cooperating: str = ""
    source: tuple[str, ...] = ()
    uuid: str = ""


@dataclass(frozen=True)
class ReadProblem:
    """What is wrong in a sheet, and where."""

    sentence: str
    place: str = ""


@dataclass(frozen=True)
class ReadPlan:
    """A whole file as read; ``title`` is what it calls itself."""

    title: str = ""
    parts: tuple[ReadPart, ...] = ()
    items: tuple[ReadItem, ...] = ()
    problems: tuple[ReadProblem, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was found to take over."""
        return not self.parts and not self.items


PROSE_FIELDS = ("measure", "standard", "outcome", "incentive", "service")
LINE_FIELDS = ("responsible", "due", "quality_document")
ITEM_FIELDS = ("title", *PROSE_FIELDS, *LINE_FIELDS)


def words_of(item: ReadItem) -> dict[str, Any]:
    """Return the fields of an item that hold its words."""
    return {name: getattr(item, name) for name in ITEM_FIELDS}
