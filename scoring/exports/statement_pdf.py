"""A department's statement (扣分单) on paper: grouped by clause, to sign, every deduction behind it as annex."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from qualityseason.exports.paper import PAPER_LANGUAGE
from scoring.exports.result_paper import PaperHead, basis_words, print_result
from scoring.exports.statement_rows import category_parts
from scoring.facts.results import Statement

TEMPLATE = "scoring/statement_pdf.html"


def write_statement(statement: Statement, path: Path, *, head: PaperHead) -> int:
    """Write the statement to `path` and return its pages; lines that wait are counted at most, never listed."""
    parts = category_parts(statement)
    with translation.override(PAPER_LANGUAGE):
        basis = basis_words(statement.basis)
    context = {
        "department": statement.department,
        "basis": basis,
        "parts": parts,
        "benchmark": any(part.benchmark for part in parts),
        "full": statement.full,
        "total": statement.total,
        "entries": statement.confirmed_lines,
        "pending": statement.pending_lines if statement.sees_pending else 0,
    }
    return print_result(TEMPLATE, head, context, path)
