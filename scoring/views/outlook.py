"""What is undecided could still change the ranking; for team lead and leaders alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.requests import PortalRequest
from qualityseason.text import parse_uuid
from scoring.enums import Basis
from scoring.queries.open_matters import APPEAL, FINDING, LINE, OpenMatter
from scoring.queries.outlook import OutlookBlock, OutlookRow, load_outlook

LEAST_WIDTH = 0.8  # percent of the axis: a mark stays visible


@dataclass(frozen=True)
class Bar:
    """Where a department's range and its total now lie on its block's axis, in percent of its width."""

    x: str
    width: str
    now: str


@require_safe
def outlook(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show between which totals and ranks each department ends, and what is open at the one asked for."""
    asked = parse_uuid(request.GET.get("department"))
    found = load_outlook(request.campaign, actor=request.actor, department=asked)
    slug = request.campaign.slug
    kinds = {APPEAL: _("Appeal"), LINE: _("Unconfirmed deduction"), FINDING: _("Undecided finding")}
    context = {
        "outlook": found,
        "basis": Basis(found.basis).label,
        "blocks": [_drawn(block) for block in found.blocks],
        "matters": [(kinds[matter.kind], matter, _url(matter, slug)) for matter in found.matters],
        "is_settled": not any(row.is_open for block in found.blocks for row in block.rows),
    }
    return render(request, "scoring/outlook.html", context)


def _drawn(block: OutlookBlock) -> tuple[OutlookBlock, str, str, list[tuple[OutlookRow, Bar, str]]]:
    """Return a block with both ends of its axis and each row with its bar and the query that asks for it."""
    low = min((row.range.least for row in block.rows), default=Decimal(0))
    high = max((row.range.most for row in block.rows), default=Decimal(0))
    rows = [(row, _bar(row, low, high), urlencode({"department": row.uuid})) for row in block.rows]
    return block, str(low), str(high), rows


def _bar(row: OutlookRow, low: Decimal, high: Decimal) -> Bar:
    room = 100 - LEAST_WIDTH

    def place(total: Decimal) -> float:
        return room * float((total - low) / (high - low)) if high > low else 0.0

    start, end = place(row.range.least), place(row.range.most)
    return Bar(f"{start:.2f}", f"{end - start + LEAST_WIDTH:.2f}", f"{place(row.total):.2f}")


def _url(matter: OpenMatter, slug: str) -> str:
    names = {APPEAL: "scoring:appeal", LINE: "scoring:deduction", FINDING: "scoring:finding"}
    return reverse(names[matter.kind], args=[slug, matter.uuid])
