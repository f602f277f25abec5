"""The season's quality objectives with what was measured: met, not met, or nothing measured yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.objectives import is_met, percent_text, share_of_hundred
from campaigns.models import Campaign, Measurement


@dataclass(frozen=True)
class MeasuredValue:
    """One measured value; ``entered_by`` is '' for who does not oversee, ``withdrawn_because`` '' while it stands."""

    uuid: UUID
    text: str
    measured_on: date
    source: str
    is_met: bool | None
    entered_by: str
    withdrawn_because: str


@dataclass(frozen=True)
class ObjectiveState:
    """One objective and where it stands; ``is_met`` is None, and ``value`` '', while nothing is measured.

    ``pct`` and ``least`` are whole per cent for a bar, None for an objective by grades. ``history`` has the latest
    first; withdrawn values are there for overseers alone.
    """

    code: str
    name: str
    target: str
    value: str
    measured_on: date | None
    source: str
    is_met: bool | None
    pct: int | None
    least: int | None
    grades: tuple[str, ...]
    history: tuple[MeasuredValue, ...]


def objective_states(campaign: Campaign, actor: Actor) -> tuple[ObjectiveState, ...]:
    """Return the objectives of the season in its order, with their measured values. One query."""
    rows = Measurement.objects.visible_to(actor).select_related("entered_by")
    if not actor.oversees:
        rows = rows.standing()
    measured: dict[str, list[Measurement]] = defaultdict(list)
    for row in rows.order_by("-measured_on", "-pk"):
        measured[row.objective].append(row)
    return tuple(_state(objective, measured[objective["code"]], actor) for objective in campaign.objectives)


def find_objective(campaign: Campaign, code: str) -> dict[str, Any] | None:
    """Return the season's objective of that code, as its data say it."""
    return next((objective for objective in campaign.objectives if objective["code"] == code), None)


def value_text(measurement: Measurement) -> str:
    """Return a measured value as people write it."""
    return measurement.grade or percent_text(measurement.value)


def _state(objective: dict[str, Any], rows: list[Measurement], actor: Actor) -> ObjectiveState:
    least = Decimal(str(objective["at_least"])) if "at_least" in objective else None
    met_by = objective.get("met_by", ())

    def judged(row: Measurement) -> bool | None:
        return is_met(row.value, row.grade, at_least=least, met_by=met_by)

    latest = next((row for row in rows if row.withdrawn_at is None), None)
    history = tuple(
        MeasuredValue(
            uuid=row.uuid,
            text=value_text(row),
            measured_on=row.measured_on,
            source=row.source,
            is_met=judged(row),
            entered_by=row.entered_by.display_name if actor.oversees else "",
            withdrawn_because=row.withdrawn_because,
        )
        for row in rows
    )
    return ObjectiveState(
        code=objective["code"],
        name=objective["name"],
        target=objective["target"],
        value=value_text(latest) if latest else "",
        measured_on=latest.measured_on if latest else None,
        source=latest.source if latest else "",
        is_met=judged(latest) if latest else None,
        pct=share_of_hundred(latest.value) if latest and latest.value is not None else None,
        least=share_of_hundred(least) if least is not None else None,
        grades=tuple(objective.get("grades", ())),
        history=history,
    )
