"""Which departments have notices to open, and whose windows to appeal run. Fixed numbers of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from campaigns.actors import Actor
from campaigns.enums import ObligationKind
from campaigns.models import Campaign, Department, Obligation
from qualityseason.clock import day_of
from scoring import policy
from scoring.enums import AppealState
from scoring.models import Appeal, Deduction
from scoring.querysets import DeductionQuerySet

FEW = 5  # lines a panel shows of a longer list
UNTOLD = Q(told_at__isnull=True)


@dataclass(frozen=True)
class NoticeRow:
    """A department: how many deductions it has not opened, since when, how many it was told of, what may be appealed.

    `due_on` is the last day to open them, `days_over` by how many days that is over; `next_until` is the first last day
    of the windows that run. `may_hand_over` is whether the reader records printed notices of it.
    """

    department_id: int
    uuid: UUID
    department: str
    block: str
    untold: int
    oldest: date | None
    waiting_days: int
    due_on: date | None
    days_over: int
    told: int
    running: int
    next_until: date | None
    may_hand_over: bool


@dataclass(frozen=True)
class PanelWindow:
    """A line that may still be appealed; `days_left` is 0 on the last day."""

    uuid: UUID
    department: str
    code: str
    label: str
    until: date
    days_left: int


def load_notice_rows(actor: Actor, *, at: datetime) -> tuple[NoticeRow, ...]:
    """Return every department the actor may read of, those with unopened notices first, the longest waiting on top.

    Three queries.
    """
    on = day_of(at)
    departments = (
        Department.objects.statement_visible_to(actor).select_related("block").order_by("block__order", "order")
    )
    sums = {row["charged_id"]: row for row in _sums(Deduction.objects.visible_to(actor).confirmed(), on)}
    owed = Obligation.objects.visible_to(actor).open().filter(kind=ObligationKind.NOTICE)
    deadlines = {row.department_id: row.deadline for row in owed}
    rows = [_row(actor, one, sums.get(one.pk, {}), deadlines.get(one.pk), on) for one in departments]
    return tuple(sorted(rows, key=lambda row: (not row.untold, row.oldest or on)))


def unopened(actor: Actor, department: Department) -> int:
    """Return how many confirmed deductions the department has not been told of, as far as the actor sees. One query."""
    return Deduction.objects.visible_to(actor).confirmed().filter(UNTOLD, charged=department).count()


def notices_panel(
    campaign: Campaign, actor: Actor, department: Department | None, at: datetime
) -> dict[str, Any] | None:
    """Return what heads and liaisons have to open and may still appeal, the first day first. At most three queries.

    None for who answers for no department, and while there is nothing of either.
    """
    if not actor.departments:
        return None
    on = day_of(at)
    lines = Deduction.objects.visible_to(actor).confirmed().filter(charged__in=actor.departments)
    sums = {row["charged_id"]: row for row in _sums(lines, on)}
    if not any(row["untold"] or row["running"] for row in sums.values()):
        return None
    own = Department.objects.statement_visible_to(actor).filter(pk__in=sorted(sums)).order_by("order")
    departments = [(one.uuid, one.name, sums[one.pk]["untold"], sums[one.pk]["running"]) for one in own]
    running = _running(lines, on).select_related("charged", "rule", "rule_version").order_by("appeal_until", "pk")
    return {
        "slug": campaign.slug,
        "departments": departments,
        "is_alone": len(actor.departments) == 1,
        "untold": sum(row["untold"] for row in sums.values()),
        "running": sum(row["running"] for row in sums.values()),
        "windows": [_window(line, on) for line in running[:FEW]],
    }


def _sums(lines: DeductionQuerySet[Deduction], on: date) -> Any:
    """Return by department what of these lines is not told, since when, what is, what may be appealed. One query."""
    may = _may_be_appealed(on)
    return (
        lines.order_by()
        .annotate(is_appealed=_appealed())
        .values("charged_id")
        .annotate(
            untold=Count("pk", filter=UNTOLD),
            oldest=Min("confirmed_at", filter=UNTOLD),
            told=Count("pk", filter=~UNTOLD),
            running=Count("pk", filter=may),
            next_until=Min("appeal_until", filter=may),
        )
    )


def _running(lines: DeductionQuerySet[Deduction], on: date) -> QuerySet[Any, Any]:
    return lines.annotate(is_appealed=_appealed()).filter(_may_be_appealed(on))


def _may_be_appealed(on: date) -> Q:
    return Q(appeal_until__gte=on, is_appealed=False)


def _appealed() -> Exists:
    return Exists(Appeal.objects.filter(deduction=OuterRef("pk")).exclude(state=AppealState.WITHDRAWN))


def _row(actor: Actor, department: Department, sums: dict[str, Any], due_on: date | None, on: date) -> NoticeRow:
    oldest = day_of(sums["oldest"]) if sums.get("oldest") else None
    return NoticeRow(
        department_id=department.pk,
        uuid=department.uuid,
        department=department.name,
        block=department.block.name,
        untold=sums.get("untold", 0),
        oldest=oldest,
        waiting_days=(on - oldest).days if oldest else 0,
        due_on=due_on,
        days_over=max(0, (on - due_on).days) if due_on else 0,
        told=sums.get("told", 0),
        running=sums.get("running", 0),
        next_until=sums.get("next_until"),
        may_hand_over=policy.can_hand_over(actor) and not actor.is_interested_in(department.pk),
    )


def _window(line: Deduction, on: date) -> PanelWindow:
    until = line.appeal_until or on
    return PanelWindow(line.uuid, line.charged.name, line.rule.code, line.rule_version.label, until, (until - on).days)
