"""The ranking on paper."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from scoring.calculations import ZERO
from scoring.exports import words
from scoring.exports.heading import heading_of
from scoring.facts.results import BlockRanking
from scoring.queries.exports import ExportFacts

TEMPLATE = "scoring/ranking_pdf.html"
STYLESHEET = "scoring/ranking_pdf.css"
ROOMY = 18  # rows that fit on one page in larger type


def write_pdf(facts: ExportFacts, path: Path) -> None:
    """Write the ranking of all blocks to `path`; raises Refused naming what the system lacks."""
    paper = load_paper(STYLESHEET)
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(TEMPLATE, paper_context(facts))
    paper.print(html, path)


def paper_context(facts: ExportFacts) -> dict[str, Any]:
    """Return the ranking as the template wants it: every row a tuple of ready strings."""
    ranking = facts.ranking
    parts = [(category.name, _short(category.full)) for category in ranking.categories]
    return asdict(heading_of(facts)) | {
        "rank": words.RANK,
        "department": words.DEPARTMENT,
        "total": words.TOTAL,
        "parts": parts,
        "full": _short(ranking.full),
        "blocks": [_section(block) for block in ranking.blocks],
        "signatures": [_("Head of the assessment team"), _("Campaign office"), _("Leading group")],
    }


def _section(block: BlockRanking) -> dict[str, Any]:
    waiting = sum((row.pending for row in block.rows if row.pending), ZERO)
    rows = [
        (str(row.rank), row.department, tuple([str(score) for score in row.scores]), str(row.total))
        for row in block.rows
    ]
    return {"name": block.name, "rows": rows, "waiting": str(waiting) if waiting else "", "roomy": len(rows) <= ROOMY}


def _short(points: Decimal) -> str:
    return format(points.normalize(), "f") if points == points.to_integral_value() else str(points)
