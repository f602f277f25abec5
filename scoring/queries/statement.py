"""A department's statement (扣分单): every tenth of a point down to its clause and its inspection."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Department
from scoring.calculations import ZERO, apply_tiers, floor_excess, score
from scoring.enums import InspectionKind
from scoring.facts import RuleSum
from scoring.models import Deduction, Rulebook
from scoring.queries.ranking import CategoryColumn, load_categories

FIELDS = ["uuid", "category_id", "rule_id", "rule__order", "rule__exclusive_group", "rule__code", "rule_version__label", "text", "rule__unit", "points", "quantity", "amount", "subject_label", "subject_person_id", "subject_class_id", "period", "happened_on", "note", "inspection__uuid", "inspection__started_at", "inspection__kind", "confirmed_at", "recorded_by__display_name", "confirmed_by__display_name"]


@dataclass(frozen=True)
class StatementLine:
    """One line of the ledger as the department reads it; `counted` is 0 when a heavier tier absorbed it."""

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
    happened_on: date
    note: str
    inspection: UUID | None
    inspected_at: datetime | None
    inspection_kind: str
    recorded_by: str
    confirmed_by: str


@dataclass(frozen=True)
class StatementCategory:
    """One category: its confirmed lines, those pending, the floor excess (已扣至零) and the score."""

    category: CategoryColumn
    lines: tuple[StatementLine, ...]
    pending: tuple[StatementLine, ...]
    charged: Decimal
    absorbed: Decimal
    excess: Decimal
    score: Decimal

    @property
    def pending_amount(self) -> Decimal:
        """What the pending lines come to before tiers."""
        return sum((line.amount for line in self.pending), ZERO)


@dataclass(frozen=True)
class Statement:
    """A department's account of one season; names are '' unless the actor sees names."""

    department: Department
    basis: str
    categories: tuple[StatementCategory, ...]

    @property
    def total(self) -> Decimal:
        """The sum of the scores."""
        return sum((category.score for category in self.categories), ZERO)

    @property
    def full(self) -> Decimal:
        """The sum of the full marks."""
        return sum((category.category.full for category in self.categories), ZERO)


def load_statement(department: Department, *, actor: Actor) -> Statement:
    """Return the statement with what the actor may see of it. Three queries at any size."""
    basis = Rulebook.objects.filter(campaign_id=department.campaign_id).values_list("basis", flat=True).get()
    categories = load_categories(department.campaign)
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    visible = Deduction.objects.visible_to(actor).standing().filter(charged=department)
    for row in visible.order_by("rule__order", "happened_on", "pk").values(*FIELDS):
        rows[row["category_id"]].append(row)
    return Statement(
        department,
        basis,
        tuple(_category(category, rows[category.id], basis, names=actor.sees_names) for category in categories),
    )


def _category(category: CategoryColumn, rows: list[dict[str, Any]], basis: str, *, names: bool) -> StatementCategory:
    confirmed = [row for row in rows if row["confirmed_at"] is not None]
    tiers = apply_tiers(_rule_sums(confirmed))
    return StatementCategory(
        category,
        lines=tuple(_line(row, counts=row["rule_id"] in tiers.counting, names=names) for row in confirmed),
        pending=tuple(_line(row, counts=True, names=names) for row in rows if row["confirmed_at"] is None),
        charged=tiers.charged,
        absorbed=tiers.absorbed,
        excess=floor_excess(category.full, tiers.charged),
        score=score(category.full, tiers.charged, basis=basis),
    )


def _rule_sums(rows: list[dict[str, Any]]) -> list[RuleSum]:
    sums: dict[tuple[object, ...], Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row["rule_id"], row["rule__order"], row["rule__exclusive_group"]] += row["amount"]
    return [RuleSum(*key, amount) for key, amount in sums.items()]


def _line(row: dict[str, Any], *, counts: bool, names: bool) -> StatementLine:
    kind = row["inspection__kind"]
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
        subject=row["subject_label"],
        subject_is_text=bool(row["subject_label"])
        and row["subject_person_id"] is None
        and row["subject_class_id"] is None,
        happened_on=row["happened_on"],
        note=row["note"],
        inspection=row["inspection__uuid"],
        inspected_at=row["inspection__started_at"],
        inspection_kind=InspectionKind(kind).label if kind else "",
        recorded_by=row["recorded_by__display_name"] if names else "",
        confirmed_by=(row["confirmed_by__display_name"] or "") if names else "",
    )
