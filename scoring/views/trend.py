"""A department's score over the weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.models import Department
from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from scoring.enums import Basis
from scoring.queries.trend import Trend, load_trend

WIDTH, HEIGHT = 640, 200  # of the large chart, in units of its own
SMALL_WIDTH, SMALL_HEIGHT = 300, 110
EDGE, FOOT = 44, 18  # room for the scale at the left, for days below
STEPS = 4  # lines of the scale


@dataclass(frozen=True)
class Chart:
    """A line ready to be drawn: points, dots (x, y, title), the scale (y, text), days (x, text), phases (x, name)."""

    width: int
    height: int
    edge: int
    base: int
    line: str
    dots: tuple[tuple[str, str, str], ...]
    scale: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, str], ...]
    phases: tuple[tuple[str, str], ...]


@require_safe
def trend(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show a department's score at the end of each week; 404 for a department the actor may not know of."""
    seen = Department.objects.statement_visible_to(request.actor).select_related("block", "campaign")
    found = load_trend(get_object_or_404(seen, uuid=uuid), on=day_of(request.at))
    parts = [
        (category, draw(found, [point.scores[place] for point in found.points], SMALL_WIDTH, SMALL_HEIGHT))
        for place, category in enumerate(found.categories)
    ]
    context = {
        "trend": found,
        "basis": Basis(found.basis).label,
        "chart": draw(found, [point.total for point in found.points], WIDTH, HEIGHT),
        "parts": parts,
    }
    return render(request, "scoring/trend.html", context)


def draw(trend: Trend, totals: Sequence[Decimal], width: int, height: int) -> Chart:
    """Return the line of these totals, one for each point of the trend; the scale begins near the lowest."""
    first, last = trend.points[0].on, trend.points[-1].on
    low, high = _ends(totals)
    base = height - FOOT

    def x_of(day: date) -> float:
        days = (last - first).days
        return EDGE + (width - EDGE - 8) * ((day - first).days / days if days else 0.5)

    def y_of(total: Decimal) -> float:
        return 8 + (base - 8) * float((high - total) / (high - low))

    places = [(x_of(point.on), y_of(total)) for point, total in zip(trend.points, totals, strict=True)]
    steps = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
    return Chart(
        width,
        height,
        EDGE,
        base,
        line=" ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        dots=tuple(
            (f"{x:.1f}", f"{y:.1f}", f"{point.on}: {total}")
            for (x, y), point, total in zip(places, trend.points, totals, strict=True)
        ),
        scale=tuple((f"{y_of(step):.1f}", f"{step:.2f}") for step in steps),
        days=((f"{x_of(first):.1f}", f"{first:%m-%d}"), (f"{x_of(last):.1f}", f"{last:%m-%d}")),
        phases=tuple((f"{x_of(phase.on):.1f}", phase.name) for phase in trend.phases if first <= phase.on <= last),
    )


def _ends(totals: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the highest total and whole points below the lowest, at least one apart."""
    high = max(totals)
    return min(Decimal(int(min(totals))), high - 1), high
