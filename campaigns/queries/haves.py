"""Departments against the eight haves (八个有): where evidence stands, and where there is a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count
from django.urls import reverse

from campaigns.actors import Actor
from campaigns.enums import EvidenceTarget
from campaigns.models import Campaign, Department, Evidence, EvidenceLink
from campaigns.policy import can_hand_in
from campaigns.querysets import EvidenceQuerySet

HAVES = "eight_haves"


@dataclass(frozen=True)
class HaveCell:
    """One have of one department: how many pieces of evidence stand; ``add_url`` is '' for who files none there."""

    name: str
    count: int
    list_url: str
    add_url: str


@dataclass(frozen=True)
class HaveRow:
    """A department with a cell per have, in the season's order."""

    uuid: UUID
    department: str
    cells: tuple[HaveCell, ...]

    @property
    def gaps(self) -> int:
        """How many haves have no evidence."""
        return sum(not cell.count for cell in self.cells)


@dataclass(frozen=True)
class HaveBlock:
    """The departments of a block in the scheme's order."""

    code: str
    name: str
    rows: tuple[HaveRow, ...]


@dataclass(frozen=True)
class HaveSum:
    """A have over all departments shown: how many of them have no evidence for it."""

    name: str
    gaps: int


@dataclass(frozen=True)
class Haves:
    """The own departments' rows, and for overseers all of them by block with the sums below."""

    names: tuple[str, ...]
    own: tuple[HaveRow, ...]
    blocks: tuple[HaveBlock, ...]
    sums: tuple[HaveSum, ...]

    @property
    def gaps(self) -> int:
        """How many cells of all rows have no evidence."""
        return sum(each.gaps for each in self.sums)

    def missing(self, name: str) -> tuple[str, ...]:
        """Return the departments of the blocks shown that have no evidence for a have."""
        rows = [row for block in self.blocks for row in block.rows]
        return tuple(row.department for row in rows for cell in row.cells if cell.name == name and not cell.count)


def haves_page(actor: Actor, campaign: Campaign, *, back: str, block: str = "", only_gaps: bool = False) -> Haves:
    """Return the matrix as far as the actor sees it. Two queries."""
    names = tuple(campaign.lists.get(HAVES, []))
    counts = count_links(actor, EvidenceTarget.HAVE)
    rows = [
        (
            department,
            HaveRow(
                department.uuid,
                department.name,
                tuple(
                    HaveCell(
                        name,
                        counts[department.pk, name],
                        list_url(campaign, department, EvidenceTarget.HAVE, name),
                        add_url(actor, campaign, department, EvidenceTarget.HAVE, name, back=back),
                    )
                    for name in names
                ),
            ),
        )
        for department in seen_departments(actor)
    ]
    shown = [
        (department, row)
        for department, row in rows
        if actor.oversees and (not block or department.block.code == block) and (row.gaps or not only_gaps)
    ]
    blocks: dict[tuple[str, str], list[HaveRow]] = {}
    for department, row in shown:
        blocks.setdefault((department.block.code, department.block.name), []).append(row)
    return Haves(
        names,
        tuple(row for department, row in rows if department.pk in actor.departments),
        tuple(HaveBlock(code, name, tuple(of_block)) for (code, name), of_block in blocks.items()),
        tuple(HaveSum(name, sum(not row.cells[place].count for _d, row in shown)) for place, name in enumerate(names)),
    )


def seen_departments(actor: Actor) -> list[Department]:
    """Return the standing departments whose evidence the actor sees, by block and order. One query."""
    departments = Department.objects.visible_to(actor).filter(closed_on__isnull=True)
    if not actor.oversees:
        departments = departments.filter(pk__in=actor.departments)
    return list(departments.select_related("block").order_by("block__order", "order"))


def standing_evidence(actor: Actor) -> EvidenceQuerySet[Evidence]:
    """Return the evidence the actor sees that is not withdrawn."""
    return Evidence.objects.visible_to(actor).standing()


def count_links(actor: Actor, target: EvidenceTarget, keys: Iterable[str] | None = None) -> Counter[tuple[int, str]]:
    """Return how many standing pieces of evidence prove what, by (department id, key). One query."""
    links = EvidenceLink.objects.filter(target=target, evidence__in=standing_evidence(actor))
    if keys is not None:
        links = links.filter(key__in=list(keys))
    counted = links.order_by().values_list("evidence__department_id", "key").annotate(number=Count("evidence_id"))
    return Counter({(department_id, key): number for department_id, key, number in counted})


def list_url(campaign: Campaign, department: Department, target: EvidenceTarget, key: str) -> str:
    """Return the list of evidence narrowed to what proves one thing for one department."""
    query = urlencode({"department": str(department.uuid), "target": target.value, "key": key})
    return f"{reverse('campaigns:evidence', args=[campaign.slug])}?{query}"


def add_url(
    actor: Actor, campaign: Campaign, department: Department, target: EvidenceTarget, key: str, *, back: str
) -> str:
    """Return where evidence for one thing is filed, '' where the actor may not for this department."""
    if not can_hand_in(actor, department.pk):
        return ""
    query = {"department": str(department.uuid), "next": back, "target": target.value, "key": key}
    return f"{reverse('campaigns:evidence-new', args=[campaign.slug])}?{urlencode(query)}"
