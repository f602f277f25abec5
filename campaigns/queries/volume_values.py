"""A volume before it is made, as plain values."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from uuid import UUID

LAYOUT = 1  # raise it when the same content would be printed otherwise
PLAN, SUMMARY, PIECE, RECOMMENDATION = "plan", "summary", "piece", "recommendation"  # sorts of entries


class VolumeKind(StrEnum):
    """Which volume: the plans, or what was written at the end."""

    PLANS = "plans"
    SUMMARIES = "summaries"


@dataclass(frozen=True)
class VolumeEntry:
    """What goes in: an approved version, or a recommendation; it is loaded when its turn comes.

    ``block`` is the heading it stands under in the contents. ``version`` is the uuid of the version, or of the
    recommendation.
    """

    block: str
    department: str
    title: str
    version: UUID
    digest: str
    sort: str = PLAN


@dataclass(frozen=True)
class VolumeFacts:
    """The volume before it is made: heading, entries in their order, and the departments without an approved text.

    ``missing_pieces`` are those of the second volume without an approved material.
    """

    college: str
    season: str
    document_number: str
    entries: tuple[VolumeEntry, ...]
    missing: tuple[tuple[str, str], ...]
    kind: str = VolumeKind.PLANS
    missing_pieces: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """The sha256 of all that goes in; equal, and a new volume would be the same but for its date."""
        canonical = json.dumps([LAYOUT, asdict(self)], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
