"""The confirmation (扣分确认单): one page with a department's figures, which its head signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import translation

from qualityseason.exports.paper import PAPER_LANGUAGE
from scoring.exports.result_paper import PaperHead, basis_words, print_result
from scoring.exports.statement_rows import category_parts
from scoring.facts.results import Result, Statement

TEMPLATE = "scoring/confirmation_pdf.html"


@dataclass(frozen=True)
class Place:
    """A department's rank among those of its block."""

    rank: int
    of: int


def place_of(result: Result, statement: Statement) -> Place | None:
    """Return where the department stands in its block, None where the ranking does not have it."""
    for block in result.ranking.blocks:
        for row in block.rows:
            if row.uuid == statement.department.uuid:
                return Place(row.rank, len(block.rows))
    return None


def write_confirmation(
    result: Result, statement: Statement, path: Path, *, head: PaperHead, shows_rank: bool, sign_until: date | None
) -> int:
    """Write the confirmation to `path` and return its pages; the rank stands on it only where departments may read it.

    `sign_until` is the day by which it is to come back, None where none was set.
    """
    parts = category_parts(statement)
    with translation.override(PAPER_LANGUAGE):
        basis = basis_words(statement.basis)
    context = {
        "department": statement.department,
        "basis": basis,
        "parts": parts,
        "full": statement.full,
        "total": statement.total,
        "lost": statement.lost,
        "entries": statement.confirmed_lines,
        "place": place_of(result, statement) if shows_rank else None,
        "sign_until": sign_until,
    }
    return print_result(TEMPLATE, head, context, path)
