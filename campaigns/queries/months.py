"""The month grid: what each department owes in each working month, where it stands, and what mends a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.months import first_day_of_month
from campaigns.enums import EvidenceTarget, ObligationState
from campaigns.models import Campaign
from campaigns.queries.haves import add_url, count_links, list_url, seen_departments
from campaigns.queries.month_duties import MonthDuty, month_duties

MISSING, OVERDUE = "missing", "overdue"  # what the filter shows


@dataclass(frozen=True)
class MonthCell:
    """A month of a department: what it owes, and how many pieces of evidence are ticked to the month."""

    month: str
    has_begun: bool
    duties: tuple[MonthDuty, ...]
    evidence: int
    evidence_url: str
    add_url: str


@dataclass(frozen=True)
class MonthRow:
    """A department with a cell per working month."""

    uuid: UUID
    department: str
    telephone: str
    cells: tuple[MonthCell, ...]

    @property
    def missing(self) -> int:
        """How many things are not met yet."""
        return sum(duty.is_missing for cell in self.cells for duty in cell.duties)

    def shows(self, show: str) -> bool:
        """Whether the filter wants the row."""
        duties = [duty for cell in self.cells for duty in cell.duties]
        if show == OVERDUE:
            return any(duty.state == ObligationState.OVERDUE for duty in duties)
        return any(duty.is_missing for duty in duties) if show == MISSING else True


@dataclass(frozen=True)
class MonthBlock:
    """The departments of a block."""

    code: str
    name: str
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True)
class MonthSum:
    """A month over the rows shown: how much is owed, not met, overdue."""

    month: str
    owed: int
    missing: int
    overdue: int


@dataclass(frozen=True)
class Months:
    """The own rows, and for overseers all by block with the sums above."""

    months: tuple[str, ...]
    own: tuple[MonthRow, ...]
    blocks: tuple[MonthBlock, ...]
    sums: tuple[MonthSum, ...]


def months_page(actor: Actor, campaign: Campaign, *, on: date, back: str, block: str = "", show: str = "") -> Months:
    """Return the grid as far as the actor sees it. Five queries."""
    months = tuple(sorted(campaign.working_months))
    departments = seen_departments(actor)
    duties = month_duties(actor, campaign, departments, on=on)
    evidence = count_links(actor, EvidenceTarget.MONTH, months)
    rows = []
    for department in departments:
        cells = tuple(
            MonthCell(
                month,
                first_day_of_month(month) <= on,
                tuple(duties.get((department.pk, month), ())),
                evidence[department.pk, month],
                list_url(campaign, department, EvidenceTarget.MONTH, month),
                add_url(actor, campaign, department, EvidenceTarget.MONTH, month, back=back),
            )
            for month in months
        )
        rows.append((department, MonthRow(department.uuid, department.name, department.telephone, cells)))
    shown = [
        (department, row)
        for department, row in rows
        if actor.oversees and (not block or department.block.code == block) and row.shows(show)
    ]
    blocks: dict[tuple[str, str], list[MonthRow]] = {}
    for department, row in shown:
        blocks.setdefault((department.block.code, department.block.name), []).append(row)
    return Months(
        months,
        tuple(row for department, row in rows if department.pk in actor.departments),
        tuple(MonthBlock(code, name, tuple(of_block)) for (code, name), of_block in blocks.items()),
        tuple(_sum(month, [row.cells[place] for _d, row in shown]) for place, month in enumerate(months)),
    )


def _sum(month: str, cells: Sequence[MonthCell]) -> MonthSum:
    duties = [duty for cell in cells for duty in cell.duties]
    overdue = sum(duty.state == ObligationState.OVERDUE for duty in duties)
    return MonthSum(month, len(duties), sum(duty.is_missing for duty in duties), overdue)
