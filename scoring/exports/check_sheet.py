"""The check sheet: live formulas that recompute tallies, totals and ranks from the ledger sheet, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.formatting.rule import Rule as Formatting
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from qualityseason.exports.cells import Formula, Sheet, Style, Value
from qualityseason.exports.styles import ALARM, Styles
from scoring.enums import Basis
from scoring.exports import words
from scoring.exports.formulas import ListedBlock, Matching, Tiers, Ties, charge, rank, score
from scoring.exports.heading import Heading
from scoring.facts.results import BlockRanking, ExclusiveRule, Ranking

FIRST_CATEGORY = 3  # column C; three columns for each category
PER_CATEGORY = 3


@dataclass(frozen=True)
class _Columns:
    """The letters of the columns behind the categories' own."""

    categories: int

    def charge(self, index: int) -> str:
        return get_column_letter(FIRST_CATEGORY + PER_CATEGORY * index)

    def score(self, index: int) -> str:
        return get_column_letter(FIRST_CATEGORY + PER_CATEGORY * index + 1)

    def listed(self, index: int) -> str:
        return get_column_letter(FIRST_CATEGORY + PER_CATEGORY * index + 2)

    def after(self, offset: int) -> str:
        return get_column_letter(FIRST_CATEGORY + PER_CATEGORY * self.categories + offset)


class CheckSheet:
    """Lays the check sheet out; `write` once."""

    def __init__(
        self,
        sheet: Sheet,
        styles: Styles,
        ranking: Ranking,
        exclusive: Sequence[ExclusiveRule],
        matching: Matching,
        listed: Sequence[ListedBlock],
    ) -> None:
        self.sheet, self.look, self.ranking = sheet, styles, ranking
        self.exclusive, self.matching, self.listed = exclusive, matching, listed
        self.names = [category.name for category in ranking.categories]
        self.columns = _Columns(len(self.names))
        self.by_benchmark = ranking.basis == Basis.BEST_IS_FULL
        self.has_ties = any(block.ties for block in ranking.blocks)
        self.full_row = 6
        benchmarks = len(listed) if self.by_benchmark else 0
        self.header_row = self.full_row + benchmarks + 2

    def write(self, heading: Heading) -> None:
        """Write the notes on top, the parameters, and a row for every department."""
        self._set_up()
        for text in (heading.title, heading.basis, heading.standing, self._explanation()):
            self.sheet.add([text], [self.look.title if text == heading.title else self.look.note])
        self.sheet.add([], [])
        self._write_parameters(words.FULL, [category.full for category in self.ranking.categories])
        if self.by_benchmark:
            for ranked in self.ranking.blocks:
                self._write_parameters(words.BENCHMARK % ranked.code, ranked.benchmarks)
        self.sheet.add([], [])
        self._write_header()
        first = self.header_row + 1
        for position, (block, ranked) in enumerate(zip(self.listed, self.ranking.blocks, strict=True)):
            last = first + len(block.departments) - 1
            decided = _decided(ranked)
            for offset, department in enumerate(block.departments):
                self._write_department(block, position, department, decided, row=first + offset, first=first, last=last)
            first = last + 1
        self._mark_differences(first - 1)

    def _set_up(self) -> None:
        widths = [6, 18, *([10] * PER_CATEGORY * len(self.names)), 10, 10, 7, 7, 10, 12, 10, 10, 12, 10]
        for index, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(index)].width = width
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.freeze_panes = f"C{self.header_row + 1}"

    def _explanation(self) -> str:
        return _(
            "Every figure below is recomputed from the sheet of deductions and compared with the ranking; change a "
            "figure there and the verdict changes here."
        )

    def _write_parameters(self, label: str, amounts: Sequence[Decimal]) -> None:
        values: list[Value] = [None, label]
        for amount in amounts:
            values += [amount, None, None]
        self.sheet.add(values, [self.look.note, self.look.note, *([self.look.parameter] * len(values))])

    def _write_header(self) -> None:
        values = [words.BLOCK, words.DEPARTMENT]
        for name in self.names:
            values += [words.RECOMPUTED_CHARGE % name, words.RECOMPUTED_SCORE % name, words.LISTED_SCORE % name]
        values += [words.RECOMPUTED_TOTAL, words.LISTED_TOTAL, words.RECOMPUTED_RANK, words.LISTED_RANK]
        values += [words.AMOUNTS, words.PRODUCTS, words.COUNTED, words.VERDICT]
        values += [words.DECIDED_TOTAL, words.DECIDED_PLACE] if self.has_ties else []
        self.sheet.add(values, [self.look.head] * len(values), lines=2)

    def _write_department(
        self,
        block: ListedBlock,
        position: int,
        department: str,
        decided: Mapping[str, tuple[Decimal, int]],
        *,
        row: int,
        first: int,
        last: int,
    ) -> None:
        columns, look = self.columns, self.look
        values: list[Value] = [block.code, department]
        styles: list[Style] = [look.centred, look.text]
        name = f"$B{row}"
        equal = []
        for index, category in enumerate(self.names):
            full = f"${columns.charge(index)}${self.full_row}"
            benchmark = f"${columns.charge(index)}${self.full_row + 1 + position}" if self.by_benchmark else ""
            tiers = Tiers.of(self.exclusive, block=block.code, category=category)
            values += [
                charge(self.matching, name, category, tiers),
                score(full, f"{columns.charge(index)}{row}", benchmark),
                block.listed(name, column=2 + index),
            ]
            styles += [look.points, look.points, look.points]
            equal.append(_same(f"{columns.score(index)}{row}", f"{columns.listed(index)}{row}"))
        total, listed_total, place, listed_rank, amounts, products, counted = map(columns.after, range(7))
        ties = Ties(columns.after(8), columns.after(9)) if decided else None
        scores = ",".join(f"{columns.score(index)}{row}" for index in range(len(self.names)))
        charges = ",".join(f"{columns.charge(index)}{row}" for index in range(len(self.names)))
        equal += [
            _same(f"{total}{row}", f"{listed_total}{row}"),
            f"{place}{row}={listed_rank}{row}",
            _same(f"{amounts}{row}", f"{products}{row}"),
            _same(f"{counted}{row}", f"SUM({charges})"),
        ]
        values += [
            Formula(f"ROUND(SUM({scores}),2)"),
            block.listed(name, column=2 + len(self.names)),
            rank(total, row=row, first=first, last=last, ties=ties),
            block.listed(name, column=0),
            self.matching.sum_amounts(name),
            self.matching.sum_products(name),
            self.matching.sum_counted(name),
            Formula(f'IFERROR(IF(AND({",".join(equal)}),"{words.SAME}","{words.DIFFERENT}"),"{words.DIFFERENT}")'),
        ]
        styles += [look.total, look.total, look.whole, look.whole, look.points, look.points, look.points, look.centred]
        if self.has_ties:
            values += decided.get(department, (None, None))
            styles += [look.parameter, look.whole]
        self.sheet.add(values, styles)

    def _mark_differences(self, last: int) -> None:
        if last <= self.header_row:
            return
        verdict = self.columns.after(7)
        formula = f'${verdict}{self.header_row + 1}="{words.DIFFERENT}"'
        rule = Formatting(type="expression", dxf=ALARM, formula=[formula])
        self.sheet.conditional_formatting.add(f"A{self.header_row + 1}:{verdict}{last}", rule)


def _decided(block: BlockRanking) -> dict[str, tuple[Decimal, int]]:
    """Return by department the total at which its tie was decided, and its place in the order, from 1."""
    names = {row.uuid: row.department for row in block.rows}
    return {names[uuid]: (tie.total, place) for tie in block.ties for place, uuid in enumerate(tie.order, start=1)}


def _same(one: str, other: str) -> str:
    return f"ROUND({one}-{other},2)=0"
