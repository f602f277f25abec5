"""What was looked at and by whom, before a result is published."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.text import clean
from scoring.calculations.evenness import FACTOR, LEAST_LINES
from scoring.enums.outlook import Cover
from scoring.queries.coverage import CoverBlock, CoverRow
from scoring.queries.coverage_warnings import load_coverage_page

SIGNS = {
    Cover.NOT_EXAMINED: "?",
    Cover.NO_FAULT: "✓",
    Cover.DEDUCTED: "−",
    Cover.NOT_APPLICABLE: "/",
    Cover.PORTAL: "○",
    Cover.UNTOLD: "",
}
SHOWN_INSPECTIONS = 20  # with the most points

Cell = tuple[str, str, str, str]  # class, sign, label, link


@require_safe
def coverage(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show warnings, department × rule of one block, and how inspections and assessors compare.

    404 for a block the season hasn't.
    """
    page = load_coverage_page(request.campaign, actor=request.actor, on=day_of(request.at))
    code = clean(request.GET.get("block"))
    block = next((one for one in page.blocks if code in ("", one.code)), None)
    if block is None:
        raise Http404
    slug = request.campaign.slug
    shown = [one for one in page.inspections if one.lines][:SHOWN_INSPECTIONS]
    context = {
        "page": page,
        "chosen": block,
        "rows": [(row, _cells(row, block, slug)) for row in block.rows],
        "key": [(f"cover-{cover.value}", SIGNS[cover], cover.label, block.counts[cover]) for cover in Cover],
        "inspections": shown,
        "limits": {"factor": FACTOR, "least": LEAST_LINES},
    }
    return render(request, "scoring/coverage.html", context)


def _cells(row: CoverRow, block: CoverBlock, slug: str) -> list[Cell]:
    lines = reverse("scoring:deductions", args=[slug])
    found = []
    for cover, column in zip(row.cells, block.columns, strict=True):
        asked = urlencode({"department": row.uuid, "rule": column.code}) if cover == Cover.DEDUCTED else ""
        css = f"cover-{cover.value} group-start" if column.starts else f"cover-{cover.value}"
        found.append((css, SIGNS[cover], str(cover.label), f"{lines}?{asked}" if asked else ""))
    return found
