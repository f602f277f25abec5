"""A department's statement (扣分单): every tenth of a point down to its clause and its inspection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Department, Term
from scoring.calculations import ZERO, apply_tiers, floor_excess, score
from scoring.enums import InspectionKind, SubjectKind
from scoring.facts import RuleSum
from scoring.models import Deduction, Inspection, Rulebook
from scoring.queries.ranking import CategoryColumn, load_categories

FIELDS = (
    "uuid",
    "category_id",
    "rule_id",
    "rule__order",
    "rule__exclusive_group",
    "rule__code",
    "rule__subject",
    "rule__unit",
    "rule_version__label",
    "text",
    "points",
    "quantity",
    "amount",
    "subject_label",
    "subject_person_id",
    "subject_class_id",
    "period",
    "happened_on",
    "note",
    "visited_id",
    "visited__name",
    "inspection_id",
    "inspection__uuid",
    "inspection__started_at",
    "inspection__kind",
    "confirmed_at",
    "recorded_by__display_name",
    "confirmed_by__display_name",
)


@dataclass(frozen=True)
class StatementLine:
    """One line of the ledger as the department reads it; `counted` is 0 when a heavier tier absorbed it.

    `visited` names the department where it was seen when that is another one, `period` the term or month of a rule
    charged once in it, `inspection` is None where there is none or the reader may not open it. Names are '' where the
    reader knows the author as the assessment team only, of an own department everybody.
    """

    uuid: UUID
    code: str
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


@dataclass(frozen=True)
class StatementCategory:
    """One category: its confirmed lines, those pending, the floor excess (已扣至零) and the score.

    score = full − deducted + absorbed + excess, except on the basis of the best case.
    """

    category: CategoryColumn
    lines: tuple[StatementLine, ...]
    pending: tuple[StatementLine, ...]
    charged: Decimal
    absorbed: Decimal
    excess: Decimal
    score: Decimal

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
class Statement:
    """A department's account of one season; `sees_pending` says whether the reader may know of recorded lines."""

    department: Department
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


def load_statement(department: Department, *, actor: Actor) -> Statement:
    """Return the statement with what the actor may see of it. Five queries at any size."""
    basis = Rulebook.objects.filter(campaign_id=department.campaign_id).values_list("basis", flat=True).get()
    categories = load_categories(department.campaign)
    periods = dict(Term.objects.filter(campaign_id=department.campaign_id).values_list("code", "name"))
    lines = Deduction.objects.visible_to(actor).standing().filter(charged=department)
    inspections = Inspection.objects.visible_to(actor).filter(deductions__in=lines.order_by())
    reader = _Reader(actor, department, periods, frozenset(inspections.values_list("pk", flat=True)))
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in lines.order_by("rule__order", "happened_on", "pk").values(*FIELDS):
        rows[row["category_id"]].append(row)
    return Statement(
        department,
        basis,
        tuple(_category(category, rows[category.id], basis, reader) for category in categories),
        sees_pending=actor.oversees and not actor.is_interested_in(department.pk),
    )


@dataclass(frozen=True)
class _Reader:
    """What turns a row into a line for one reader."""

    actor: Actor
    department: Department
    periods: dict[str, str]
    inspections: frozenset[int]

    def line(self, row: dict[str, Any], *, counts: bool) -> StatementLine:
        kind, label = row["inspection__kind"], row["subject_label"]
        is_named = row["rule__subject"] not in (SubjectKind.NONE, SubjectKind.MONTH)
        is_known = row["subject_person_id"] is not None or row["subject_class_id"] is not None
        names = self.actor.sees_names and not self.actor.is_interested_in(self.department.pk, row["visited_id"])
        return StatementLine(
            uuid=row["uuid"],
            code=row["rule__code"],
            label=row["rule_version__label"],
            text=row["text"],
            unit=row["rule__unit"],
            points=row["points"],
            quantity=row["quantity"],
            amount=row["amount"],
            counted=row["amount"] if counts else ZERO,
            is_absorbed=not counts,
            subject="" if label == row["period"] else label,
            subject_is_text=is_named and bool(label) and not is_known,
            period=self.periods.get(row["period"], row["period"]),
            happened_on=row["happened_on"],
            note=row["note"],
            visited=row["visited__name"] if row["visited_id"] != self.department.pk else "",
            inspection=row["inspection__uuid"] if row["inspection_id"] in self.inspections else None,
            inspected_at=row["inspection__started_at"],
            inspection_kind=str(InspectionKind(kind).label) if kind else "",
            confirmed_at=row["confirmed_at"],
            recorded_by=row["recorded_by__display_name"] if names else "",
            confirmed_by=(row["confirmed_by__display_name"] or "") if names else "",
        )


def _category(category: CategoryColumn, rows: list[dict[str, Any]], basis: str, reader: _Reader) -> StatementCategory:
    confirmed = [row for row in rows if row["confirmed_at"] is not None]
    tiers = apply_tiers(_rule_sums(confirmed))
    return StatementCategory(
        category,
        lines=tuple(reader.line(row, counts=row["rule_id"] in tiers.counting) for row in confirmed),
        pending=tuple(reader.line(row, counts=True) for row in rows if row["confirmed_at"] is None),
        charged=tiers.charged,
        absorbed=tiers.absorbed,
        excess=floor_excess(category.full, tiers.charged),
        score=score(category.full, tiers.charged, basis=basis),
    )


def _rule_sums(rows: Iterable[dict[str, Any]]) -> list[RuleSum]:
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row["rule_id"], row["rule__order"], row["rule__exclusive_group"]] += row["amount"]
    return [RuleSum(*key, amount) for key, amount in sums.items()]
