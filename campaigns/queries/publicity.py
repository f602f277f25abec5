"""Publicity (宣传): who owes it, what each department did by medium, on which day, late or not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.obligations import days_late, obligation_state
from campaigns.enums import NOT_YET, EvidenceTarget, ObligationKind, ObligationState
from campaigns.models import Campaign, Department, EvidenceLink, Obligation
from campaigns.queries.haves import add_url, list_url, seen_departments, standing_evidence
from qualityseason.clock import day_of

MEDIA = "media"


@dataclass(frozen=True)
class PublicityRecord:
    """A piece of evidence for one medium; ``is_late``: it happened after the department's last day."""

    uuid: UUID
    text: str
    happened_on: date
    is_late: bool


@dataclass(frozen=True)
class MediumCell:
    """What one department did through one medium."""

    name: str
    records: tuple[PublicityRecord, ...]
    list_url: str
    add_url: str


@dataclass(frozen=True)
class PublicityRow:
    """A department: what it owes (``state`` None: nothing) and what it did; ``media`` are all, ``done`` those used."""

    uuid: UUID
    department: str
    obligation: UUID | None
    state: ObligationState | None
    deadline: date | None
    days_late: int
    days_left: int
    media: tuple[MediumCell, ...]

    @property
    def done(self) -> tuple[MediumCell, ...]:
        """The media through which something was done."""
        return tuple(medium for medium in self.media if medium.records)

    @property
    def is_missing(self) -> bool:
        """Whether it owes publicity and has not done any."""
        return self.state in NOT_YET


@dataclass(frozen=True)
class PublicityBlock:
    """The departments of a block that owe publicity or did some."""

    code: str
    name: str
    rows: tuple[PublicityRow, ...]


@dataclass(frozen=True)
class MediumSum:
    """How many departments of those shown used a medium."""

    name: str
    departments: int


@dataclass(frozen=True)
class PublicityPage:
    """The own rows, for overseers all by block; ``owed`` and ``missing`` count departments that owe it."""

    own: tuple[PublicityRow, ...]
    blocks: tuple[PublicityBlock, ...]
    media: tuple[MediumSum, ...]
    owed: int
    missing: int


def publicity_page(
    actor: Actor, campaign: Campaign, *, on: date, back: str, block: str = "", only_missing: bool = False
) -> PublicityPage:
    """Return who owes publicity and what was done, as far as the actor sees it. Three queries."""
    owed = {
        row.department_id: row
        for row in Obligation.objects.visible_to(actor)
        .filter(kind=ObligationKind.PUBLICITY)
        .order_by("-due_on")  # of several the first to fall due stands
    }
    links: dict[tuple[int, str], list[EvidenceLink]] = defaultdict(list)
    found = EvidenceLink.objects.filter(target=EvidenceTarget.PUBLICITY, evidence__in=standing_evidence(actor))
    for link in found.select_related("evidence").order_by("evidence__happened_on", "pk"):
        links[link.evidence.department_id, link.key].append(link)
    names = [*campaign.lists.get(MEDIA, [])]
    names += sorted({key for _department, key in links} - set(names))  # a medium taken off the list since
    rows = [
        (
            department,
            _row(actor, campaign, department, owed.get(department.pk), names, links, on=on, back=back),
        )
        for department in seen_departments(actor)
    ]
    shown = [
        (department, row)
        for department, row in rows
        if actor.oversees
        and (not block or department.block.code == block)
        and (row.is_missing if only_missing else row.state is not None or row.done)
    ]
    blocks: dict[tuple[str, str], list[PublicityRow]] = {}
    for department, row in shown:
        blocks.setdefault((department.block.code, department.block.name), []).append(row)
    return PublicityPage(
        tuple(row for department, row in rows if department.pk in actor.departments),
        tuple(PublicityBlock(code, name, tuple(of_block)) for (code, name), of_block in blocks.items()),
        tuple(MediumSum(name, sum(bool(row.media[n].records) for _d, row in shown)) for n, name in enumerate(names)),
        sum(row.state is not None for _department, row in shown),
        sum(row.is_missing for _department, row in shown),
    )


def _row(
    actor: Actor,
    campaign: Campaign,
    department: Department,
    owed: Obligation | None,
    names: list[str],
    links: dict[tuple[int, str], list[EvidenceLink]],
    *,
    on: date,
    back: str,
) -> PublicityRow:
    deadline = owed.deadline if owed else None
    met_on = day_of(owed.met_at) if owed and owed.met_at else None
    target = EvidenceTarget.PUBLICITY
    return PublicityRow(
        uuid=department.uuid,
        department=department.name,
        obligation=owed.uuid if owed else None,
        state=obligation_state(deadline, met_on, on=on) if deadline else None,
        deadline=deadline,
        days_late=days_late(deadline, met_on, on=on) if deadline else 0,
        days_left=(deadline - on).days if deadline else 0,
        media=tuple(
            MediumCell(
                name,
                tuple(
                    PublicityRecord(
                        link.evidence.uuid,
                        link.evidence.text,
                        link.evidence.happened_on,
                        deadline is not None and link.evidence.happened_on > deadline,
                    )
                    for link in links.get((department.pk, name), ())
                ),
                list_url(campaign, department, target, name),
                add_url(actor, campaign, department, target, name, back=back),
            )
            for name in names
        ),
    )
