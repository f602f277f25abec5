"""A version of a plan or summary on paper: typeset, with a place for signature and seal, its code on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from campaigns.calculations.plan_text import is_split
from campaigns.facts import PlanContent
from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from qualityseason.exports.word import word_as_html

TEMPLATE = "campaigns/plan_paper.html"
STYLESHEET = "campaigns/paper.css"


@dataclass(frozen=True)
class PrintedPlan:
    """What the printed version says besides the text itself."""

    content: PlanContent
    college: str
    department: str
    number: int
    code: str
    submitted_at: datetime
    word_html: str


def word_html_of(content: PlanContent, path: Path | None) -> str:
    """Return the Word text to typeset in place of parts and items, '' where the plan is split or has none.

    Raises Refused where the file cannot be read.
    """
    return _typeset(path) if path is not None and content.word_sha256 and not is_split(content) else ""


@lru_cache(maxsize=8)
def _typeset(path: Path) -> str:
    """Return the Word text of a file of the store, whose name is the sum of its content."""
    return word_as_html(path)


def write_plan(printed: PrintedPlan, path: Path) -> int:
    """Write the version as PDF to `path`; returns the number of pages. Raises Refused naming what the system lacks."""
    paper = load_paper(STYLESHEET)
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(TEMPLATE, {"printed": printed})
    return paper.print(html, path)
