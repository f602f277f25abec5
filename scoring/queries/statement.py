"""A department's statement (扣分单): every tenth of a point down to its clause and its inspection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Attachment, Campaign, Department, Term
from scoring.calculations import ZERO, apply_tiers, floor_excess
from scoring.enums import AppealState, InspectionKind, SubjectKind
from scoring.facts import RuleSum
from scoring.facts.results import (
    CategoryColumn,
    LineFile,
    Statement,
    StatementCategory,
    StatementDepartment,
    StatementLine,
)
from scoring.models import Appeal, Deduction, Inspection
from scoring.queries.ranking import load_categories
from scoring.queries.reading import Reading, load_reading
from scoring.querysets import DeductionQuerySet

FIELDS = (
    "uuid",
    "category_id",
    "rule_id",
    "rule__order",
    "rule__exclusive_group",
    "rule__code",
    "rule__clause",
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


def load_statement(department: Department, *, actor: Actor) -> Statement:
    """Return the statement with what the actor may see of it. Seven queries at any size, eight with benchmarks."""
    campaign = department.campaign
    lines = Deduction.objects.visible_to(actor).standing().filter(charged=department)
    inspections = Inspection.objects.visible_to(actor).filter(deductions__in=lines.order_by())
    reader = _Reader(_periods(campaign), actor, frozenset(inspections.values_list("pk", flat=True)))
    rows = list(lines.order_by("rule__order", "happened_on", "pk").values(*FIELDS))
    reader = reader.with_papers(lines)
    reading, categories = load_reading(campaign), load_categories(campaign)
    sees_pending = actor.oversees and not actor.is_interested_in(department.pk)
    return _statement(department, rows, categories, reading, reader, sees_pending=sees_pending)


def load_statements(campaign: Campaign) -> tuple[Statement, ...]:
    """Return every department's statement as the department reads it, in the scheme's order. Seven queries in all."""
    rows_of: dict[int, list[dict[str, Any]]] = defaultdict(list)
    lines = Deduction.objects.filter(campaign=campaign).confirmed()
    for row in lines.order_by("charged_id", "rule__order", "happened_on", "pk").values("charged_id", *FIELDS):
        rows_of[row["charged_id"]].append(row)
    reader = _Reader(_periods(campaign)).with_papers(lines)
    reading, categories = load_reading(campaign), load_categories(campaign)
    departments = Department.objects.filter(campaign=campaign).select_related("block").order_by("block__order", "order")
    return tuple(
        _statement(department, rows_of[department.pk], categories, reading, reader, sees_pending=False)
        for department in departments
    )


def _statement(
    department: Department,
    rows: Iterable[dict[str, Any]],
    categories: tuple[CategoryColumn, ...],
    reading: Reading,
    reader: _Reader,
    *,
    sees_pending: bool,
) -> Statement:
    of_category: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        of_category[row["category_id"]].append(row)
    whose = StatementDepartment(
        department.uuid,
        department.name,
        department.bracket,
        department.kind,
        department.block.code,
        department.block.name,
    )
    parts = (_category(department, one, of_category[one.id], reading, reader) for one in categories)
    return Statement(whose, reading.basis, tuple(parts), sees_pending)


def _periods(campaign: Campaign) -> dict[str, str]:
    return dict(Term.objects.filter(campaign=campaign).values_list("code", "name"))


@dataclass(frozen=True)
class _Reader:
    """What turns a row into a line for one reader; without an actor as the charged department reads it."""

    periods: dict[str, str]
    actor: Actor | None = None
    inspections: frozenset[int] = frozenset()
    files: Mapping[UUID, tuple[LineFile, ...]] = field(default_factory=dict)
    appeals: Mapping[UUID, str] = field(default_factory=dict)

    def with_papers(self, lines: DeductionQuerySet[Deduction]) -> _Reader:
        """Return the reader that knows the lines' files and appeals. Two queries."""
        wanted = lines.order_by().values("uuid")
        files: dict[UUID, list[LineFile]] = defaultdict(list)
        rows = Attachment.objects.current().filter(owner_kind="deduction", owner_uuid__in=wanted).order_by("pk")
        for owner, name, sha256 in rows.values_list("owner_uuid", "file__name", "file__sha256"):
            files[owner].append(LineFile(name, sha256))
        appeals = Appeal.objects.exclude(state=AppealState.WITHDRAWN).filter(deduction__in=lines.order_by())
        return replace(
            self,
            files={owner: tuple(found) for owner, found in files.items()},
            appeals=dict(appeals.order_by("pk").values_list("deduction__uuid", "state")),
        )

    def line(self, row: dict[str, Any], *, counts: bool, charged_id: int) -> StatementLine:
        kind, label = row["inspection__kind"], row["subject_label"]
        is_named = row["rule__subject"] not in (SubjectKind.NONE, SubjectKind.MONTH)
        is_known = row["subject_person_id"] is not None or row["subject_class_id"] is not None
        actor = self.actor
        names = actor is not None and actor.sees_names and not actor.is_interested_in(charged_id, row["visited_id"])
        return StatementLine(
            uuid=row["uuid"],
            code=row["rule__code"],
            clause=row["rule__clause"],
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
            visited=row["visited__name"] if row["visited_id"] != charged_id else "",
            inspection=row["inspection__uuid"] if row["inspection_id"] in self.inspections else None,
            inspected_at=row["inspection__started_at"],
            inspection_kind=str(InspectionKind(kind).label) if kind else "",
            confirmed_at=row["confirmed_at"],
            recorded_by=row["recorded_by__display_name"] if names else "",
            confirmed_by=(row["confirmed_by__display_name"] or "") if names else "",
            files=self.files.get(row["uuid"], ()),
            appeal=self.appeals.get(row["uuid"], ""),
        )


def _category(
    department: Department, category: CategoryColumn, rows: list[dict[str, Any]], reading: Reading, reader: _Reader
) -> StatementCategory:
    confirmed = [row for row in rows if row["confirmed_at"] is not None]
    tiers = apply_tiers(_rule_sums(confirmed))
    place = {"block_id": department.block_id, "category_id": category.id}

    def line(row: dict[str, Any], *, counts: bool) -> StatementLine:
        return reader.line(row, counts=counts, charged_id=department.pk)

    return StatementCategory(
        category,
        lines=tuple(line(row, counts=row["rule_id"] in tiers.counting) for row in confirmed),
        pending=tuple(line(row, counts=True) for row in rows if row["confirmed_at"] is None),
        charged=tiers.charged,
        absorbed=tiers.absorbed,
        excess=floor_excess(category.full, tiers.charged),
        score=reading.score(category.full, tiers.charged, **place),
        benchmark=reading.benchmark(**place),
    )


def _rule_sums(rows: Iterable[dict[str, Any]]) -> list[RuleSum]:
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row["rule_id"], row["rule__order"], row["rule__exclusive_group"]] += row["amount"]
    return [RuleSum(*key, amount) for key, amount in sums.items()]
