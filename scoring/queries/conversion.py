"""The result converted for the yearly appraisals: a share of each total, by the percentages decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from scoring.enums.appraisals import Appraisal
from scoring.facts.results import Result

HUNDREDTH, HUNDRED = Decimal("0.01"), Decimal(100)


@dataclass(frozen=True)
class ConversionRow:
    """One department; `share` is None while the percentage is undecided, `prize` '' where it won none."""

    block: str
    department: UUID
    name: str
    rank: int
    total: Decimal
    share: Decimal | None
    prize: str


@dataclass(frozen=True)
class ConversionSheet:
    """What one appraisal takes in, by block and rank; `percent` is None while it is undecided."""

    appraisal: Appraisal
    percent: Decimal | None
    rows: tuple[ConversionRow, ...]


def convert(result: Result) -> tuple[ConversionSheet, ...]:
    """Return a sheet for each appraisal, each share rounded half up to the hundredth. No query."""
    prizes = {won.department: won.prize for won in result.prizes}
    sheets = []
    for appraisal in Appraisal:
        percent = result.percentages.get(appraisal.value)
        rows = tuple(
            ConversionRow(
                block.name,
                row.uuid,
                row.department,
                row.rank,
                row.total,
                None if percent is None else share_of(row.total, percent),
                prizes.get(row.uuid, ""),
            )
            for block in result.ranking.blocks
            for row in block.rows
        )
        sheets.append(ConversionSheet(appraisal, percent, rows))
    return tuple(sheets)


def share_of(total: Decimal, percent: Decimal) -> Decimal:
    """Return so many percent of a total, rounded half up to the hundredth."""
    return (total * percent / HUNDRED).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
