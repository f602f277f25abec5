"""The facts detectors take, read for one department: a fixed number of queries each, however large the college."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from campaigns.models import Department
from scoring.queries.sources import duties, months, plans, registers, study, summaries, tasks

MODULES = (duties, months, plans, registers, study, summaries, tasks)
SOURCES: dict[str, Callable[[Department, date], Any]] = {
    name: read for module in MODULES for name, read in module.SOURCES.items()
}
LINKS: dict[str, str] = {kind: name for module in MODULES for kind, name in module.LINKS.items()}
