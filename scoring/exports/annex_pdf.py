"""The assessment table of the scheme, refilled for one department: what was deducted under each clause."""

from __future__ import annotations

from pathlib import Path

from scoring.exports.result_paper import PaperHead, print_result
from scoring.exports.statement_rows import annex_parts
from scoring.facts.results import Result, Statement

TEMPLATE = "scoring/annex_pdf.html"


def write_annex(result: Result, statement: Statement, path: Path, *, head: PaperHead) -> int:
    """Write the table to `path` and return its pages; clauses without a deduction stay in it."""
    context = {
        "department": statement.department,
        "parts": annex_parts(statement, result.clauses, result.remarks),
        "full": statement.full,
        "total": statement.total,
    }
    return print_result(TEMPLATE, head, context, path)
