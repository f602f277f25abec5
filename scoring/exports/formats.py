"""The forms in which a ranking leaves the portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qualityseason.clock import day_of
from scoring.exports import words
from scoring.queries.exports import ExportFacts


@dataclass(frozen=True)
class Format:
    """One form: what a file of it is called and typed, and what writes it."""

    suffix: str
    media_type: str
    write: Callable[[ExportFacts, Path], None]


def _write_workbook(facts: ExportFacts, path: Path) -> None:
    from scoring.exports.workbook import write_workbook  # openpyxl only where a workbook is made

    write_workbook(facts, path)


def _write_pdf(facts: ExportFacts, path: Path) -> None:
    from scoring.exports.pdf import write_pdf

    write_pdf(facts, path)


FORMATS = {
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _write_workbook),
    "pdf": Format("pdf", "application/pdf", _write_pdf),
}


def file_name(facts: ExportFacts, format: Format) -> str:
    """Return what the file is called: season, and the day it speaks of."""
    day: date = facts.ranking.as_of or day_of(facts.at)
    return words.FILE % {"season": facts.campaign.name, "day": day.isoformat(), "suffix": format.suffix}
