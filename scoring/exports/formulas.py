"""The formulas of the check sheet: sums over the ledger sheet, tiers by MAX of SUMIFS, scores, look-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter, quote_sheetname

from qualityseason.exports.cells import Formula, inert
from scoring.exports import words
from scoring.facts.results import ExclusiveRule

# What SUMIFS and MATCH compare as it stands. Other texts (wildcards, “>5”, “1E5”, “Mar1”) they would read as patterns,
# comparisons, numbers or dates; for those the formulas compare exactly, which is slower.
PLAIN = re.compile(r"[A-Z]\d{1,3}[a-z]?|[\u3400-\u9fff][^*?~]*|[A-Z]\d{1,3}[A-Z]\d{1,3}")


def is_plain(texts: Iterable[str]) -> bool:
    """Whether SUMIFS and MATCH tell these texts apart."""
    found = set(texts)
    return all(PLAIN.fullmatch(text) for text in found) and len({text.casefold() for text in found}) == len(found)


def quoted(text: str) -> str:
    """Return text as a formula writes it."""
    return '"' + inert(text).replace('"', '""') + '"'


@dataclass(frozen=True)
class Tiers:
    """The rules by exclusive group that apply to one block in one category."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, rules: Iterable[ExclusiveRule], *, block: str, category: str) -> Tiers:
        """Return the groups of that block and category, rules in printed order."""
        groups: dict[str, list[str]] = {}
        for rule in rules:
            if rule.category == category and rule.block in ("", block):
                groups.setdefault(rule.group, []).append(rule.code)
        return cls(tuple((group, tuple(codes)) for group, codes in groups.items()))


@dataclass(frozen=True)
class Matching:
    """Sums over the lines of the ledger sheet; the ranges are exact, one empty row when there are no lines."""

    lines: int
    plain: bool = True

    def column(self, name: str) -> str:
        """Return the range of a column of the ledger sheet."""
        letter = get_column_letter(words.LEDGER_COLUMNS.index(name) + 1)
        return f"{quote_sheetname(words.LEDGER)}!${letter}$2:${letter}${max(2, self.lines + 1)}"

    def sum(self, amounts: str, **wanted: str) -> str:
        """Return the sum of a column where the named columns hold what a cell or a quoted text says."""
        names = {"department": words.DEPARTMENT, "category": words.CATEGORY, "group": words.GROUP, "code": words.CODE}
        pairs = [(self.column(names[key]), value) for key, value in wanted.items()]
        if self.plain:
            return f"SUMIFS({self.column(amounts)},{','.join(f'{column},{value}' for column, value in pairs)})"
        exact = "*".join(f"EXACT({column},{value})" for column, value in pairs)
        return f"SUMPRODUCT({exact}*{self.column(amounts)})"

    def sum_amounts(self, department: str) -> Formula:
        """Return what the department's lines come to before tiers."""
        return Formula(f"ROUND({self.sum(words.AMOUNT, department=department)},2)")

    def sum_counted(self, department: str) -> Formula:
        """Return what the ledger sheet says counts."""
        return Formula(f"ROUND({self.sum(words.COUNTS, department=department)},2)")

    def sum_products(self, department: str) -> Formula:
        """Return quantity times price, summed over the department's lines."""
        lines = f"EXACT({self.column(words.DEPARTMENT)},{department})"
        return Formula(f"ROUND(SUMPRODUCT({lines}*{self.column(words.QUANTITY)}*{self.column(words.PRICE)}),2)")


def charge(matching: Matching, department: str, category: str, tiers: Tiers) -> Formula:
    """Return what a category charges: all its lines, less each exclusive group, plus that group's heaviest rule."""
    name = quoted(category)
    terms = matching.sum(words.AMOUNT, department=department, category=name)
    for group, codes in tiers.groups:
        rules = ",".join(
            matching.sum(words.AMOUNT, department=department, category=name, code=quoted(code)) for code in codes
        )
        terms += (
            f"-{matching.sum(words.AMOUNT, department=department, category=name, group=quoted(group))}+MAX({rules})"
        )
    return Formula(f"ROUND({terms},2)")


def score(full: str, charged: str, benchmark: str) -> Formula:
    """Return the score within 0…full, less what exceeds the benchmark where there is one."""
    deducted = f"MAX(0,{charged}-{benchmark})" if benchmark else charged
    return Formula(f"ROUND(MIN({full},MAX(0,{full}-{deducted})),2)")


@dataclass(frozen=True)
class Ties:
    """The columns of a block that hold a decision on ties: the total at which it was taken, the place in the order."""

    total: str
    place: str


def rank(total: str, *, row: int, first: int, last: int, ties: Ties | None) -> Formula:
    """Return the rank by the totals of a block; a decision on a tie counts while exactly those it names are tied."""
    totals, own = f"${total}${first}:${total}${last}", f"{total}{row}"
    shared = f'COUNTIF({totals},">"&{own})+1'
    if ties is None:
        return Formula(shared)
    decided, places = (f"${column}${first}:${column}${last}" for column in (ties.total, ties.place))
    at, place = f"${ties.total}{row}", f"${ties.place}{row}"
    named = f"SUMPRODUCT(({places}>0)*(ROUND({decided}-{at},2)=0))"
    named_and_tied = f"SUMPRODUCT(({places}>0)*(ROUND({decided}-{at},2)=0)*(ROUND({totals}-{at},2)=0))"
    tied = f"SUMPRODUCT(--(ROUND({totals}-{at},2)=0))"
    stands = f"AND({place}>0,{named}={named_and_tied},{named}={tied},ROUND({own}-{at},2)=0)"
    return Formula(f"{shared}+IF({stands},{place}-1,0)")


@dataclass(frozen=True)
class ListedBlock:
    """A block as its ranking sheet lists it."""

    code: str
    sheet: str
    departments: Sequence[str]
    plain: bool = True

    def listed(self, department: str, *, column: int) -> Formula:
        """Return what the ranking sheet says of the department in that column (counted from 0)."""
        row = f"MATCH({department},{self._range(1)},0)"
        if not self.plain:
            row = f"SUMPRODUCT(EXACT({self._range(1)},{department})*(ROW({self._range(1)})-1))"
        return Formula(f"INDEX({self._range(column)},{row})")

    def _range(self, column: int) -> str:
        letter = get_column_letter(column + 1)
        return f"{quote_sheetname(self.sheet)}!${letter}$2:${letter}${max(2, len(self.departments) + 1)}"
