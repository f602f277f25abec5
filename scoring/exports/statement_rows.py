"""A statement's lines as its papers lay them out: by clause, numbered, with the sums that lead to the score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.facts.results import ZERO, ClauseRemark, ClauseRow, Statement, StatementCategory, StatementLine


@dataclass(frozen=True)
class PriceRow:
    """What one priced line of a clause took: how often, and the numbers of its entries in the detail."""

    code: str
    points: Decimal
    unit: str
    quantity: int
    amount: Decimal
    counted: Decimal
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class ClausePart:
    """A clause verbatim with what was deducted under it."""

    text: str
    prices: tuple[PriceRow, ...]


@dataclass(frozen=True)
class NumberedLine:
    """A line with its number in the detail."""

    number: int
    line: StatementLine


@dataclass(frozen=True)
class CategoryPart:
    """A category on paper: its clauses, its lines, and each step from the full mark to the score.

    full − deducted + absorbed + benchmark + floor = score, whatever the basis.
    """

    name: str
    full: Decimal
    deducted: Decimal
    absorbed: Decimal
    benchmark: Decimal
    floor: Decimal
    score: Decimal
    clauses: tuple[ClausePart, ...]
    lines: tuple[NumberedLine, ...]

    @property
    def lost(self) -> Decimal:
        """What the score lacks to the full mark."""
        return self.full - self.score


@dataclass(frozen=True)
class AnnexRow:
    """A clause of the scheme's table with the department's deductions under it, and the remark printed beside it."""

    text: str
    lines: tuple[StatementLine, ...]
    amount: Decimal
    remark: str = ""


@dataclass(frozen=True)
class AnnexPart:
    """A category of the scheme's table; `is_common` says whether all blocks share its standard."""

    category: str
    full: Decimal
    score: Decimal
    is_common: bool
    rows: tuple[AnnexRow, ...]


@dataclass
class _Clause:
    """The codes of a clause, and its lines by the wording under which each was booked."""

    codes: set[str]
    worded: dict[str, list[StatementLine]]


def category_parts(statement: Statement) -> tuple[CategoryPart, ...]:
    """Return the categories with their lines numbered through."""
    parts, number = [], 1
    for category in statement.categories:
        lines = tuple(NumberedLine(at, line) for at, line in enumerate(category.lines, start=number))
        number += len(lines)
        parts.append(_category(category, lines))
    return tuple(parts)


def annex_parts(
    statement: Statement, clauses: Sequence[ClauseRow], remarks: Sequence[ClauseRemark]
) -> tuple[AnnexPart, ...]:
    """Return the scheme's table for one department: the clauses of its block, its deductions under each.

    Rules that share a text are one clause. A line under another wording than the one in force stands in a row of its
    own with that wording, behind its clause.
    """
    block = statement.department.block
    parts = []
    for category in statement.categories:
        name = category.category.name
        own = [clause for clause in clauses if clause.category == name and clause.block in ("", block)]
        beside = [one.text for one in remarks if one.category == name and one.block in ("", block)]
        parts.append(
            AnnexPart(
                category=name,
                full=category.category.full,
                score=category.score,
                is_common=all(not clause.block for clause in own),
                rows=_with_remarks(_annex_rows(_under_clauses(own, category.lines)), beside),
            )
        )
    return tuple(parts)


def _category(category: StatementCategory, lines: tuple[NumberedLine, ...]) -> CategoryPart:
    full, benchmark = category.category.full, min(category.benchmark, category.charged)
    return CategoryPart(
        name=category.category.name,
        full=full,
        deducted=category.deducted,
        absorbed=category.absorbed,
        benchmark=benchmark,
        floor=category.score - (full - category.charged + benchmark),
        score=category.score,
        clauses=_clauses(lines),
        lines=lines,
    )


def _clauses(lines: Iterable[NumberedLine]) -> tuple[ClausePart, ...]:
    texts: dict[str, dict[tuple[str, Decimal], list[NumberedLine]]] = {}
    for one in lines:
        texts.setdefault(one.line.text, {}).setdefault((one.line.code, one.line.points), []).append(one)
    return tuple(
        ClausePart(text, tuple(_price(code, points, found) for (code, points), found in prices.items()))
        for text, prices in texts.items()
    )


def _price(code: str, points: Decimal, found: Sequence[NumberedLine]) -> PriceRow:
    return PriceRow(
        code=code,
        points=points,
        unit=found[0].line.unit,
        quantity=sum(one.line.quantity for one in found),
        amount=sum((one.line.amount for one in found), ZERO),
        counted=sum((one.line.counted for one in found), ZERO),
        numbers=tuple(one.number for one in found),
    )


def _under_clauses(clauses: Iterable[ClauseRow], lines: Iterable[StatementLine]) -> list[_Clause]:
    found: list[_Clause] = []
    for clause in clauses:
        if not found or clause.text not in found[-1].worded:
            found.append(_Clause(set(), {clause.text: []}))
        found[-1].codes.add(clause.code)
    for line in lines:
        place = next((one for one in found if line.code in one.codes), None)
        if place is None:
            place = _Clause({line.code}, {})
            found.append(place)
        place.worded.setdefault(line.text, []).append(line)
    return found


def _annex_rows(clauses: Iterable[_Clause]) -> list[AnnexRow]:
    return [
        AnnexRow(text, tuple(lines), sum((line.counted for line in lines), ZERO))
        for clause in clauses
        for text, lines in clause.worded.items()
    ]


def _with_remarks(rows: Sequence[AnnexRow], remarks: Sequence[str]) -> tuple[AnnexRow, ...]:
    """Put one remark beside each row, what is left over beside the last."""
    last = len(rows) - 1
    return tuple(
        AnnexRow(row.text, row.lines, row.amount, "\n".join(remarks[at:] if at == last else remarks[at : at + 1]))
        for at, row in enumerate(rows)
    )
