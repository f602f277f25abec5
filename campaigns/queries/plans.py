"""The list of plans: where each department's stands, as far as the reader may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, ObligationState, PlanKind, PlanState, ReceiptKind
from campaigns.models import Block, Department, Obligation, Plan, PlanVersion
from campaigns.queries.copies import CopyReceived, copies_of_plans
from campaigns.queries.obligations import OwedRow, owed_row

NO_PLAN = "none"  # the filter for departments without a plan


class ItemCount(Func):
    """How many items a version's content has, counted by the database."""

    output_field = IntegerField()
    template = "JSON_ARRAY_LENGTH(%(expressions)s, '$.items')"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        """Return the expression for PostgreSQL."""
        template = "JSONB_ARRAY_LENGTH(%(expressions)s -> 'items')"
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass(frozen=True)
class PlanRow:
    """A department and its plan; ``uuid`` is None where there is none, or none the reader may know of."""

    department: str
    department_id: int
    block: str
    block_code: str
    is_own: bool
    uuid: UUID | None = None
    kind: str = ""
    state: str = ""
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    number: int = 0
    items: int = 0
    days_late: int = 0
    is_overdue: bool = False
    electronic: CopyReceived | None = None
    paper: CopyReceived | None = None

    @property
    def state_label(self) -> str:
        """The state in words, '' without a plan."""
        return str(PlanState(self.state).label) if self.state else ""

    @property
    def kind_label(self) -> str:
        """The kind in words, '' without a plan."""
        return str(PlanKind(self.kind).label) if self.kind else ""

    @property
    def is_college_wide(self) -> bool:
        """Whether it is a plan for the whole college."""
        return self.kind == PlanKind.COLLEGE


def plan_rows(actor: Actor, *, on: date, block: str = "", state: str = "") -> list[PlanRow]:
    """Return the plans the actor sees, in the scheme's order; five queries.

    Overseers read all departments, those without a plan too; others their own and those shown to them.
    """
    plans = {plan.department_id: plan for plan in Plan.objects.visible_to(actor).order_by("pk")}
    seen = Department.objects.visible_to(actor).select_related("block")
    if not actor.oversees:
        seen = seen.filter(pk__in={*actor.departments, *plans})
    if block:
        seen = seen.filter(block__code=block)
    departments = list(seen.order_by("block__order", "order"))
    versions = _latest_versions(actor, plans.values())
    copies = copies_of_plans(actor)
    owed = _owed(actor, on=on)
    rows = [
        _row(actor, department, plans.get(department.pk), versions, copies, owed.get(department.pk))
        for department in departments
    ]
    return [row for row in rows if not state or row.state == state or (state == NO_PLAN and not row.state)]


def block_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the blocks of the season as choices of a filter."""
    return list(Block.objects.filter(campaign_id=actor.campaign_id).values_list("code", "name"))


def _row(
    actor: Actor,
    department: Department,
    plan: Plan | None,
    versions: dict[int, tuple[int, int]],
    copies: dict[tuple[int, str], CopyReceived],
    owed: OwedRow | None,
) -> PlanRow:
    number, items = versions.get(plan.pk, (0, 0)) if plan else (0, 0)
    return PlanRow(
        department=department.name,
        department_id=department.pk,
        block=department.block.name,
        block_code=department.block.code,
        is_own=department.pk in actor.departments,
        uuid=plan.uuid if plan else None,
        kind=plan.kind if plan else "",
        state=plan.state if plan else "",
        submitted_at=plan.submitted_at if plan else None,
        approved_at=plan.approved_at if plan else None,
        number=number,
        items=items,
        days_late=owed.days_late if owed else 0,
        is_overdue=owed is not None and owed.state == ObligationState.OVERDUE,
        electronic=copies.get((department.pk, ReceiptKind.ELECTRONIC)),
        paper=copies.get((department.pk, ReceiptKind.PAPER)),
    )


def _latest_versions(actor: Actor, plans: Iterable[Plan]) -> dict[int, tuple[int, int]]:
    """Return number and count of items of the latest version the actor sees, by plan. One query."""
    visible = PlanVersion.objects.visible_to(actor).filter(plan_id__in=[plan.pk for plan in plans])
    counted = visible.annotate(items=ItemCount("content")).order_by("number").values_list("plan_id", "number", "items")
    return {plan_id: (number, items) for plan_id, number, items in counted}  # later ones take the place


def _owed(actor: Actor, *, on: date) -> dict[int, OwedRow]:
    """Return what each department owes as electronic copy, as it stands on that day. One query."""
    found = Obligation.objects.visible_to(actor).filter(kind=ObligationKind.PLAN_ELECTRONIC)
    rows = [owed_row(row, on=on) for row in found.select_related("milestone", "department").order_by("-due_on")]
    return {row.department_id: row for row in rows}
