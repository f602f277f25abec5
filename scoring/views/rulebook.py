"""The assessment standard, and where it cost points."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.text import clean
from scoring.enums import Basis, DeductionState
from scoring.policy import FINDING, can_draft_supplement, can_interpret
from scoring.queries.heatmap import HeatCell, HeatMap, load_heatmap
from scoring.queries.rulebook import find_rules, load_rulebook


@require_safe
def rulebook(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show every clause with its price and what it cost; `q` keeps the rules that hold these words."""
    words = clean(request.GET.get("q"))
    page = load_rulebook(request.campaign, actor=request.actor, on=day_of(request.at))
    context = {
        "basis": Basis(page.basis).label,
        "words": words,
        "of_all": page.rules,
        "may_open_findings": not request.actor.roles.isdisjoint(FINDING.roles or ()),
        "may_draft": can_draft_supplement(request.actor),
        "may_interpret": can_interpret(request.actor),
    }
    return render(request, "scoring/rulebook.html", context | {"page": find_rules(page, words) if words else page})


@require_safe
def heatmap(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show what each rule cost each department of a block; 404 for a block the season hasn't."""
    block = clean(request.GET.get("block"))
    found = load_heatmap(request.campaign, actor=request.actor, on=day_of(request.at), block=block)
    if found is None:
        raise Http404
    return render(request, "scoring/heatmap.html", heatmap_context(found, slug=request.campaign.slug))


def heatmap_context(heat: HeatMap, *, slug: str) -> dict[str, object]:
    """Return the heat map with its links; a row is (department, statement, total, cells), a cell (class, text, url)."""
    lines = reverse("scoring:deductions", args=[slug])
    state = DeductionState.CONFIRMED.value
    rows = [
        (
            row.department,
            reverse("scoring:statement", args=[slug, row.uuid]),
            row.total,
            [
                (
                    _css(cell),
                    str(cell.amount) if cell.amount else "",
                    f"{lines}?{urlencode({'department': row.uuid, 'rule': cell.code, 'state': state})}",
                )
                for cell in row.cells
            ],
        )
        for row in heat.rows
    ]
    steps = [f"{step:.2f}" for step in heat.steps]
    return {
        "heat": heat,
        "rows": rows,
        "levels": [f"< {step}" for step in steps] + [f"≥ {steps[-1]}"],
        "title": _("Heat map"),
    }


def _css(cell: HeatCell) -> str:
    marks = (f"heat-{cell.level}", "group-start" if cell.starts else "", "heat-absorbed" if cell.is_absorbed else "")
    return " ".join(filter(None, marks))
