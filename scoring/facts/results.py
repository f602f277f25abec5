"""The result of a season as pages show it, sheets carry it and publications freeze it. Points are Decimal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class CategoryColumn:
    """A category as a column: full mark in points."""

    id: int
    code: str
    name: str
    full: Decimal


@dataclass(frozen=True)
class RankingRow:
    """One department's place. Scores and charged sums follow the ranking's categories.

    `pending` is None where it may not be seen, and as of a day.
    """

    rank: int
    department_id: int
    uuid: UUID
    department: str
    scores: tuple[Decimal, ...]
    charged: tuple[Decimal, ...]
    total: Decimal
    pending: Decimal | None


@dataclass(frozen=True)
class DecidedTie:
    """A tie that stands and was decided: the departments in order, at that total, decided on that day."""

    total: Decimal
    order: tuple[UUID, ...]
    decided_on: date


@dataclass(frozen=True)
class BlockRanking:
    """The departments of one block, best first; equal totals share a rank and stand in the scheme's order.

    A tie that was decided (`ties`) follows the decision. `benchmarks` follow the ranking's categories.
    """

    code: str
    name: str
    rows: tuple[RankingRow, ...]
    benchmarks: tuple[Decimal, ...] = ()
    ties: tuple[DecidedTie, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """The ranking of all blocks on one basis; `as_of` is None for the ledger as it stands."""

    basis: str
    as_of: date | None
    categories: tuple[CategoryColumn, ...]
    blocks: tuple[BlockRanking, ...]

    @property
    def full(self) -> Decimal:
        """The sum of the full marks (100 in the scheme)."""
        return sum((category.full for category in self.categories), ZERO)


@dataclass(frozen=True)
class LineFile:
    """A file attached to a line: its name, and the sha256 of its content."""

    name: str
    sha256: str


@dataclass(frozen=True)
class StatementLine:
    """One line of the ledger as the department reads it; `counted` is 0 when a heavier tier absorbed it.

    `visited` names the department where it was seen when that is another one, `period` the term or month of a rule
    charged once in it, `inspection` is None where there is none or the reader may not open it. Names are '' where the
    reader knows the author as the assessment team only, of an own department everybody. `appeal` is the state of
    its last appeal that was not taken back, '' where there is none.
    """

    uuid: UUID
    code: str
    clause: int
    label: str
    text: str
    unit: str
    points: Decimal
    quantity: int
    amount: Decimal
    counted: Decimal
    is_absorbed: bool
    subject: str
    subject_is_text: bool
    period: str
    happened_on: date
    note: str
    visited: str
    inspection: UUID | None
    inspected_at: datetime | None
    inspection_kind: str
    confirmed_at: datetime | None
    recorded_by: str
    confirmed_by: str
    files: tuple[LineFile, ...] = ()
    appeal: str = ""


@dataclass(frozen=True)
class StatementCategory:
    """One category: its confirmed lines, those pending, the floor excess (已扣至零) and the score.

    score = full − deducted + absorbed + excess, except on the basis of the best case, where what the benchmark was
    charged is not taken off.
    """

    category: CategoryColumn
    lines: tuple[StatementLine, ...]
    pending: tuple[StatementLine, ...]
    charged: Decimal
    absorbed: Decimal
    excess: Decimal
    score: Decimal
    benchmark: Decimal = ZERO

    @property
    def deducted(self) -> Decimal:
        """What the confirmed lines come to before tiers and floor."""
        return self.charged + self.absorbed

    @property
    def pending_amount(self) -> Decimal:
        """What the pending lines come to before tiers."""
        return sum((line.amount for line in self.pending), ZERO)

    @property
    def percent(self) -> int:
        """The score in percent of the full mark, rounded down."""
        return int(self.score * 100 / self.category.full)


@dataclass(frozen=True)
class StatementDepartment:
    """Whose statement it is; `block` is the code."""

    uuid: UUID
    name: str
    bracket: str
    kind: str
    block: str
    block_name: str


@dataclass(frozen=True)
class Statement:
    """A department's account of one season; `sees_pending` says whether the reader may know of recorded lines."""

    department: StatementDepartment
    basis: str
    categories: tuple[StatementCategory, ...]
    sees_pending: bool

    @property
    def total(self) -> Decimal:
        """The sum of the scores."""
        return sum((category.score for category in self.categories), ZERO)

    @property
    def full(self) -> Decimal:
        """The sum of the full marks."""
        return sum((category.category.full for category in self.categories), ZERO)

    @property
    def lost(self) -> Decimal:
        """What the total lacks to the full mark."""
        return self.full - self.total

    @property
    def confirmed_lines(self) -> int:
        """How many lines count or were absorbed."""
        return sum(len(category.lines) for category in self.categories)

    @property
    def pending_lines(self) -> int:
        """How many lines wait for a second person."""
        return sum(len(category.pending) for category in self.categories)

    @property
    def pending_amount(self) -> Decimal:
        """What the pending lines come to before tiers."""
        return sum((category.pending_amount for category in self.categories), ZERO)


@dataclass(frozen=True)
class ClauseRow:
    """A priced line of the rulebook as printed; `block` is '' for a rule of both blocks."""

    code: str
    block: str
    category: str
    clause: int
    text: str
    points: Decimal
    unit: str


@dataclass(frozen=True)
class ClauseRemark:
    """A remark printed beside the clauses of a category (备注); `block` is '' for those of all blocks."""

    block: str
    category: str
    text: str


@dataclass(frozen=True)
class ExclusiveRule:
    """A rule of an exclusive group: of one group only the heaviest counts."""

    code: str
    block: str
    category: str
    group: str


@dataclass(frozen=True)
class WonPrize:
    """A prize of the plan contest; `rank` runs over all blocks."""

    department: UUID
    name: str
    rank: int
    prize: str


@dataclass(frozen=True)
class HonouredPerson:
    """A person commended, by the department's name."""

    department: str
    name: str
    honour: str


@dataclass(frozen=True)
class AppliedSupplement:
    """A supplement in force: its number, title and the day from which it applies."""

    number: int
    title: str
    applies_from: date


@dataclass(frozen=True)
class Result:
    """All that is frozen when a result is put up or published.

    `percentages` are by code of the conversion, `commended` how many departments by code of the block; both hold only
    what was decided.
    """

    college: str
    season: str
    slug: str
    document_number: str
    taken_at: datetime
    ranking: Ranking
    statements: tuple[Statement, ...]
    clauses: tuple[ClauseRow, ...]
    exclusive: tuple[ExclusiveRule, ...]
    prizes: tuple[WonPrize, ...]
    honoured: tuple[HonouredPerson, ...]
    percentages: dict[str, Decimal]
    commended: dict[str, int]
    supplements: tuple[AppliedSupplement, ...]
    remarks: tuple[ClauseRemark, ...] = ()

    def statement_of(self, department: UUID) -> Statement | None:
        """Return the department's statement, None where the season had no such department."""
        return next((one for one in self.statements if one.department.uuid == department), None)
