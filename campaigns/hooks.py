"""Where the scoring side is heard by the campaign side; campaigns runs with all of these empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.actors import Actor
from campaigns.models import Campaign, Department


@dataclass(frozen=True)
class SeasonPart:
    """Something that is loaded with a season from its folder.

    ``sync`` brings the part in line with the season's data through the `Sync` given; ``is_in_use`` says whether records
    rest on the season, so that loading must only report.
    """

    name: str
    sync: Callable[[Campaign, dict[str, Any], Any], None]
    is_in_use: Callable[[Campaign], bool]


@dataclass(frozen=True)
class Panel:
    """A piece of a page from another app: `data(campaign, actor, department, at)` or None when there is nothing."""

    template: str
    data: Callable[[Campaign, Actor, Department | None, datetime], dict[str, Any] | None]


season_parts: list[SeasonPart] = []
panels: dict[str, list[Panel]] = {"home": [], "department": []}
navigation: list[Callable[[Campaign, Actor], list[tuple[str, str]]]] = []
