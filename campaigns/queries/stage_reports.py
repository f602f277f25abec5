"""Stage reports (定期总结反馈，形成文字材料): evidence ticked so, by department and working month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.months import first_day_of_month, last_day_of_month, month_of
from campaigns.enums import EvidenceTarget
from campaigns.models import Campaign, EvidenceLink
from campaigns.queries.haves import add_url, seen_departments, standing_evidence


@dataclass(frozen=True)
class StageReport:
    """One report: a piece of evidence with its day."""

    uuid: UUID
    text: str
    happened_on: date


@dataclass(frozen=True)
class StageCell:
    """The reports of a month; ``is_gap``: the month is over and there is none. ``month`` '' holds other months'."""

    month: str
    reports: tuple[StageReport, ...]
    has_begun: bool
    is_gap: bool


@dataclass(frozen=True)
class StageRow:
    """A department with a cell per working month, and a last one for reports of other months."""

    uuid: UUID
    department: str
    cells: tuple[StageCell, ...]
    add_url: str

    @property
    def gaps(self) -> int:
        """How many months that are over lack a report."""
        return sum(cell.is_gap for cell in self.cells)


@dataclass(frozen=True)
class StageBlock:
    """The departments of a block."""

    code: str
    name: str
    rows: tuple[StageRow, ...]


@dataclass(frozen=True)
class StagePage:
    """The own rows, for overseers all by block; ``missing`` names departments without one, by month that is over."""

    months: tuple[str, ...]
    own: tuple[StageRow, ...]
    blocks: tuple[StageBlock, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]


def stage_page(
    actor: Actor, campaign: Campaign, *, on: date, back: str, block: str = "", only_missing: bool = False
) -> StagePage:
    """Return the stage reports the actor sees by month. Two queries."""
    months = tuple(sorted(campaign.working_months))
    over = {month for month in months if last_day_of_month(month) < on}
    reports: dict[tuple[int, str], list[StageReport]] = defaultdict(list)
    links = EvidenceLink.objects.filter(target=EvidenceTarget.STAGE_REPORT, evidence__in=standing_evidence(actor))
    for link in links.select_related("evidence").order_by("evidence__happened_on", "pk"):
        month = month_of(link.evidence.happened_on)
        where = (link.evidence.department_id, month if month in months else "")
        reports[where].append(StageReport(link.evidence.uuid, link.evidence.text, link.evidence.happened_on))
    rows = []
    for department in seen_departments(actor):
        cells = [
            StageCell(
                month,
                tuple(reports[department.pk, month]),
                has_begun=bool(month) and first_day_of_month(month) <= on,
                is_gap=month in over and not reports[department.pk, month],
            )
            for month in (*months, "")
        ]
        add = add_url(actor, campaign, department, EvidenceTarget.STAGE_REPORT, "", back=back)
        rows.append((department, StageRow(department.uuid, department.name, tuple(cells), add)))
    shown = [
        (department, row)
        for department, row in rows
        if actor.oversees and (not block or department.block.code == block) and (row.gaps or not only_missing)
    ]
    blocks: dict[tuple[str, str], list[StageRow]] = {}
    for department, row in shown:
        blocks.setdefault((department.block.code, department.block.name), []).append(row)
    return StagePage(
        months,
        tuple(row for department, row in rows if department.pk in actor.departments),
        tuple(StageBlock(code, name, tuple(of_block)) for (code, name), of_block in blocks.items()),
        tuple(
            (month, tuple(row.department for _d, row in shown if row.cells[place].is_gap))
            for place, month in enumerate(months)
            if month in over
        ),
    )
