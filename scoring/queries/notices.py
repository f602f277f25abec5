"""What departments were told of their deductions, and what they have not opened yet. Fixed numbers of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from campaigns.actors import Actor
from campaigns.models import Campaign, Department, Term
from campaigns.queries.attachments import AttachedFile, files_of
from qualityseason.clock import day_of
from scoring import policy
from scoring.calculations import ZERO
from scoring.enums import AppealState, InspectionKind
from scoring.models import Appeal, Deduction, Inspection, Notice
from scoring.querysets import DeductionQuerySet

RELATED = ("rule", "category", "rule_version", "visited", "inspection", "notice", "charged")
LATER = date.max


@dataclass(frozen=True)
class StandingAppeal:
    """The appeal against a line that was not taken back."""

    uuid: UUID
    state: AppealState


@dataclass(frozen=True)
class NoticeLine:
    """A confirmed deduction as its department is told of it, by the assessment team.

    `told_on` and `until` (the last day to appeal) are None while it is not told; `days_left` counts to that day, 0 on
    it. `may_appeal` is whether the reader enters an appeal now, `inspection` None where the reader may not open it.
    """

    uuid: UUID
    code: str
    label: str
    text: str
    category: str
    unit: str
    points: Decimal
    quantity: int
    amount: Decimal
    subject: str
    period: str
    happened_on: date
    note: str
    visited: str
    inspection: UUID | None
    inspected_on: date | None
    inspection_kind: str
    confirmed_on: date
    told_on: date | None
    until: date | None
    days_left: int
    notice: UUID | None
    is_withdrawn: bool
    appeal: StandingAppeal | None
    may_appeal: bool
    files: tuple[AttachedFile, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it may still be appealed: told, not withdrawn, its last day not over, no appeal standing."""
        return self.until is not None and self.days_left >= 0 and not self.is_withdrawn and self.appeal is None


@dataclass(frozen=True)
class PaperNotice:
    """A printed notice that was handed over; `recorded_by` is '' where the reader reads the campaign office."""

    uuid: UUID
    department: UUID
    department_name: str
    handed_on: date
    received_by: str
    note: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class DepartmentNotices:
    """The notices of one department: those opened just now or not at all, those opened before, the printed ones."""

    fresh: tuple[NoticeLine, ...]
    earlier: tuple[NoticeLine, ...]
    papers: tuple[PaperNotice, ...]

    @property
    def amount(self) -> Decimal:
        """What the lines opened just now, or not at all, come to."""
        return sum((line.amount for line in self.fresh), ZERO)

    @property
    def open_windows(self) -> int:
        """How many lines told before may still be appealed."""
        return sum(line.is_open for line in self.earlier)


def untold_lines(actor: Actor, department: Department) -> DeductionQuerySet[Deduction]:
    """Return the confirmed lines of a department that it has not been told of, as far as the actor may see them."""
    return Deduction.objects.visible_to(actor).confirmed().filter(charged=department, told_at__isnull=True)


def load_department_notices(
    campaign: Campaign, actor: Actor, department: Department, *, just_told: frozenset[int] = frozenset(), at: datetime
) -> DepartmentNotices:
    """Return the notices of a department the actor may read; `just_told` are ids of lines told by this very opening.

    Who tells the department by opening them reads no line it has not been told of: one confirmed in this moment comes
    with the next opening. At most eight queries.
    """
    lines = Deduction.objects.visible_to(actor).filter(charged=department, confirmed_at__isnull=False)
    rows = list(lines.exclude(told_at__isnull=True, withdrawn_at__isnull=False).select_related(*RELATED))
    if any(policy.can_open_notice(actor, line) for line in rows[:1]):
        rows = [line for line in rows if line.told_at is not None]
    read = _Reader.of(campaign, actor, rows, at=at)
    is_fresh = {line.pk: line.told_at is None or line.pk in just_told for line in rows}
    files = files_of(actor, "deduction", [line.uuid for line in rows if is_fresh[line.pk]], campaign=campaign)
    papers = Notice.objects.visible_to(actor).filter(department=department)
    return DepartmentNotices(
        fresh=tuple(read.line(line, files.get(line.uuid, ())) for line in _in_order(rows) if is_fresh[line.pk]),
        earlier=tuple(sorted((read.line(line) for line in _in_order(rows) if not is_fresh[line.pk]), key=_urgency)),
        papers=tuple(paper_notice(actor, row) for row in papers.select_related("department", "recorded_by")),
    )


def load_notice_lines(
    campaign: Campaign, actor: Actor, lines: QuerySet[Deduction], *, at: datetime
) -> tuple[NoticeLine, ...]:
    """Return these lines of one department in the order of the rulebook. At most six queries."""
    rows = list(lines.select_related(*RELATED))
    read = _Reader.of(campaign, actor, rows, at=at)
    files = files_of(actor, "deduction", [line.uuid for line in rows], campaign=campaign)
    return tuple(read.line(line, files.get(line.uuid, ())) for line in _in_order(rows))


def paper_notice(actor: Actor, notice: Notice) -> PaperNotice:
    """Return a printed notice loaded with its department and who recorded it."""
    return PaperNotice(
        notice.uuid,
        notice.department.uuid,
        notice.department.name,
        notice.handed_on,
        notice.received_by,
        notice.note,
        notice.recorded_by.display_name if actor.sees_names else "",
        notice.recorded_at,
    )


@dataclass(frozen=True)
class _Reader:
    """What turns a line into what one reader is told of it on a day."""

    actor: Actor
    on: date
    periods: Mapping[str, str]
    appeals: Mapping[int, StandingAppeal]
    inspections: frozenset[int]

    @classmethod
    def of(cls, campaign: Campaign, actor: Actor, rows: list[Deduction], *, at: datetime) -> _Reader:
        """Return the reader that knows terms, appeals and inspections of these lines. Three queries."""
        appeals = Appeal.objects.visible_to(actor).exclude(state=AppealState.WITHDRAWN).order_by("pk")
        found = appeals.filter(deduction__in=[line.pk for line in rows])
        inspections = {line.inspection_id for line in rows if line.inspection_id is not None}
        return cls(
            actor,
            day_of(at),
            dict(Term.objects.filter(campaign=campaign).values_list("code", "name")),
            {pk: StandingAppeal(uuid, AppealState(state)) for pk, uuid, state in _appeal_rows(found)},
            frozenset(Inspection.objects.visible_to(actor).filter(pk__in=inspections).values_list("pk", flat=True)),
        )

    def line(self, line: Deduction, files: tuple[AttachedFile, ...] = ()) -> NoticeLine:
        appeal, visit = self.appeals.get(line.pk), line.inspection
        days_left = (line.appeal_until - self.on).days if line.appeal_until else 0
        in_time = days_left >= 0 and policy.can_appeal(self.actor, line)
        may = in_time or policy.can_enter_appeal(self.actor, line)
        return NoticeLine(
            uuid=line.uuid,
            code=line.rule.code,
            label=line.rule_version.label,
            text=line.text,
            category=line.category.name,
            unit=line.rule.unit,
            points=line.points,
            quantity=line.quantity,
            amount=line.amount,
            subject="" if line.subject_label == line.period else line.subject_label,
            period=self.periods.get(line.period, line.period),
            happened_on=line.happened_on,
            note=line.note,
            visited=line.visited.name if line.visited_id != line.charged_id else "",
            inspection=visit.uuid if visit is not None and visit.pk in self.inspections else None,
            inspected_on=day_of(visit.started_at) if visit is not None else None,
            inspection_kind=str(InspectionKind(visit.kind).label) if visit is not None else "",
            confirmed_on=day_of(line.confirmed_at) if line.confirmed_at else self.on,
            told_on=day_of(line.told_at) if line.told_at else None,
            until=line.appeal_until,
            days_left=days_left,
            notice=line.notice.uuid if line.notice else None,
            is_withdrawn=line.withdrawn_at is not None,
            appeal=appeal,
            may_appeal=may and line.told_at is not None and line.withdrawn_at is None and appeal is None,
            files=files,
        )


def _appeal_rows(appeals: QuerySet[Appeal]) -> QuerySet[Any, tuple[int, UUID, str]]:
    return appeals.values_list(F("deduction_id"), "uuid", "state")


def _in_order(rows: list[Deduction]) -> list[Deduction]:
    return sorted(rows, key=lambda line: (line.rule.order, line.happened_on, line.pk))


def _urgency(line: NoticeLine) -> tuple[bool, date, int]:
    """Order what may still be appealed by its last day, then the rest, told last first."""
    until = line.until or LATER
    return not line.is_open, until if line.is_open else LATER, 0 if line.told_on is None else -line.told_on.toordinal()
