"""Frozen values of a plan: what a version of it says, for the page, the print, the volume and the comparison."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class PartContent:
    """A part of prose: a named one of the season's list, or (``code`` '') a free section."""

    uuid: str
    code: str
    title: str
    text: str


@dataclass(frozen=True)
class ItemContent:
    """One item (实施条目); ``due`` as written or ISO, ``duties`` and ``cooperating`` as printed."""

    uuid: str
    number: int
    title: str
    measure: str = ""
    standard: str = ""
    outcome: str = ""
    incentive: str = ""
    service: str = ""
    responsible: str = ""
    due: str = ""
    quality_document: str = ""
    duties: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileContent:
    """A file that belongs to the plan."""

    uuid: str
    name: str
    sha256: str
    media_type: str


@dataclass(frozen=True)
class PlanContent:
    """All a plan says at one moment; ``word_sha256`` names the Word text it came as ('' when written here)."""

    title: str
    parts: tuple[PartContent, ...] = ()
    items: tuple[ItemContent, ...] = ()
    word_sha256: str = ""
    word_name: str = ""
    files: tuple[FileContent, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the content as JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PlanContent:
        """Return the content JSON held."""
        return cls(
            title=data["title"],
            parts=tuple(PartContent(**part) for part in data["parts"]),
            items=tuple(
                ItemContent(**item | {name: tuple(item[name]) for name in ("duties", "cooperating")})
                for item in data["items"]
            ),
            word_sha256=data["word_sha256"],
            word_name=data["word_name"],
            files=tuple(FileContent(**file) for file in data["files"]),
        )
