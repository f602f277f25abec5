"""The workbook of a frozen result: the same sheets as the live one, and its check sheet."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from qualityseason.exports.paper import PAPER_LANGUAGE
from scoring.exports.heading import Heading
from scoring.exports.result_paper import PaperHead, basis_words
from scoring.exports.workbook import write_workbook
from scoring.facts.results import Result
from scoring.queries.exports import ExportFacts
from scoring.queries.ledger import LedgerRow


def write_frozen_book(result: Result, path: Path, *, head: PaperHead) -> None:
    """Write the workbook of the result to `path`; nobody is named in it."""
    with translation.override(PAPER_LANGUAGE):
        heading = Heading(
            college=head.college,
            document_number=head.document_number,
            title=_("%(season)s: ranking of the assessment") % {"season": head.season},
            basis=basis_words(result.ranking.basis),
            standing=" ".join(filter(None, (head.standing, head.remark, head.note))),
        )
    write_workbook(facts_of(result), path, heading=heading)


def facts_of(result: Result) -> ExportFacts:
    """Return the frozen result as the facts a workbook is written from; no row of the database stands behind it."""
    return ExportFacts(
        campaign=Campaign(name=result.season, college=result.college, document_number=result.document_number),
        at=result.taken_at,
        ranking=result.ranking,
        clauses=result.clauses,
        exclusive=result.exclusive,
        lines=_lines(result),
        names=False,
        unnamed=frozenset(),
    )


def _lines(result: Result) -> Generator[LedgerRow]:
    for statement in result.statements:
        block = statement.department.block
        groups = {(rule.category, rule.code): rule.group for rule in result.exclusive if rule.block in ("", block)}
        for category in statement.categories:
            name = category.category.name
            for line in category.lines:
                yield LedgerRow(
                    charged_id=0,
                    visited_id=0,
                    department=statement.department.name,
                    block=block,
                    code=line.code,
                    quantity=line.quantity,
                    points=line.points,
                    amount=line.amount,
                    happened_on=line.happened_on,
                    subject=line.subject or line.period,
                    note=line.note,
                    recorded_by="",
                    confirmed_by="",
                    category=name,
                    group=groups.get((name, line.code), ""),
                    counted=line.counted,
                )
