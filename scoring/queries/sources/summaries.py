"""The closing summary of a department as detectors take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from campaigns.enums import ObligationKind, SummaryKind
from campaigns.facts import PlanContent
from campaigns.models import Department, SummaryVersion
from qualityseason.clock import day_of
from scoring.facts import papers
from scoring.facts.papers import SummaryFacts, SummaryText
from scoring.queries.sources.owed import owed_of
from scoring.queries.sources.plans import word_of


def read_summary(department: Department, on: date) -> SummaryFacts:
    """Return the closing summary of a department as it was submitted, its materials left out. Two queries."""
    versions = SummaryVersion.objects.filter(summary__department=department, summary__kind=SummaryKind.SUMMARY)
    rows = list(versions.select_related("summary").order_by("number"))
    return SummaryFacts(
        uuid=rows[-1].summary.uuid if rows else None,
        texts=tuple(_text(row) for row in rows),
        owed=owed_of(department, ObligationKind.SUMMARY),
    )


def _text(row: SummaryVersion) -> SummaryText:
    content = PlanContent.from_json(row.content)
    return SummaryText(day_of(row.submitted_at), content.title, content.parts, word_of(content))


SOURCES: dict[str, Callable[[Department, date], Any]] = {"summary": read_summary}
LINKS: dict[str, str] = {papers.SummaryFact.kind: "campaigns:summary"}
