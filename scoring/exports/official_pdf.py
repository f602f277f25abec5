"""An official letter on paper, in the layout of GB/T 9704-2012."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from scoring.exports.official_letter import Grid, Heading, Letter, Part

TEMPLATE = "scoring/official_pdf.html"
STYLESHEET = "scoring/official_pdf.css"


def write_letter_pdf(letter: Letter, path: Path) -> int:
    """Write the letter as PDF and return its pages; raises Refused naming what the system lacks."""
    paper = load_paper(STYLESHEET)
    with translation.override(PAPER_LANGUAGE):
        context = {"letter": letter, "parts": _parts(letter.parts), "annexes": _annexes(letter)}
        html = render_to_string(TEMPLATE, context)
    return paper.print(html, path)


def _annexes(letter: Letter) -> list[dict[str, Any]]:
    return [{"label": one.label, "title": one.title, "parts": _parts(one.parts)} for one in letter.annexes]


def _parts(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    return [_part(part) for part in parts]


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Heading):
        return {"heading": part.text, "level": part.level.value + 1}
    if isinstance(part, Grid):
        rows = [[(text, index in part.figures) for index, text in enumerate(row)] for row in part.rows]
        return {"columns": part.columns, "rows": rows, "shares": part.shares}
    return {"text": part}
