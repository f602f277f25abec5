"""Policies of departments: what they say, and which contents are on paper only. Fixed numbers of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import EvidenceTarget
from campaigns.models import (
    Campaign,
    Department,
    Evidence,
    EvidenceLink,
    Policy,
    PolicyItem,
    PolicyMeasure,
)
from campaigns.policy import can_hand_in
from campaigns.queries.attachments import AttachedFile, files_of
from campaigns.queries.evidence import EvidenceSection, evidence_sections

OWNER = "policy"


@dataclass(frozen=True)
class ItemRow:
    """One content of a policy: how many measures and pieces of evidence carry it out."""

    uuid: UUID
    text: str
    measures: int
    evidence: int

    @property
    def is_on_paper(self) -> bool:
        """Whether nothing carries it out: it is on paper only (A4, B3)."""
        return not self.measures and not self.evidence


@dataclass(frozen=True)
class PolicyRow:
    """One policy of the list with its contents."""

    uuid: UUID
    title: str
    number: str
    department: str
    issued_on: date
    is_withdrawn: bool
    items: tuple[ItemRow, ...]

    @property
    def on_paper(self) -> int:
        """How many contents of a policy in force are on paper only."""
        return 0 if self.is_withdrawn else sum(item.is_on_paper for item in self.items)


@dataclass(frozen=True)
class MeasureRow:
    """What was done to carry out one content, and when."""

    uuid: UUID
    text: str
    happened_on: date


@dataclass(frozen=True)
class ItemPart:
    """One content on the page of its policy."""

    uuid: UUID
    text: str
    measures: tuple[MeasureRow, ...]
    evidence: EvidenceSection

    @property
    def is_on_paper(self) -> bool:
        """Whether nothing carries it out."""
        return not self.measures and not self.evidence.rows


@dataclass(frozen=True)
class PolicyPage:
    """One policy; ``may_change``: the actor enters things for its department, and it is in force."""

    items: tuple[ItemPart, ...]
    files: tuple[AttachedFile, ...]
    in_force: bool
    may_change: bool
    is_barred: bool

    @property
    def on_paper(self) -> int:
        """How many contents are on paper only."""
        return sum(item.is_on_paper for item in self.items)


def policy_rows(
    actor: Actor,
    *,
    block: str = "",
    department: Department | None = None,
    on_paper: bool = False,
) -> tuple[PolicyRow, ...]:
    """Return the policies the actor sees, by department, the latest first, those withdrawn last. Four queries.

    `on_paper`: only those with a content nothing carries out.
    """
    policies = Policy.objects.visible_to(actor).select_related("department")
    if block:
        policies = policies.filter(department__block__code=block)
    if department is not None:
        policies = policies.filter(department=department)
    found = list(policies.order_by("department__order", "-issued_on", "-pk"))
    items = _items_of(actor, found)
    rows = [
        PolicyRow(
            uuid=policy.uuid,
            title=policy.title,
            number=policy.number,
            department=policy.department.name,
            issued_on=policy.issued_on,
            is_withdrawn=policy.withdrawn_at is not None,
            items=tuple(items[policy.pk]),
        )
        for policy in found
    ]
    rows.sort(key=lambda row: row.is_withdrawn)
    return tuple(row for row in rows if row.on_paper or not on_paper)


def policy_page(policy: Policy, actor: Actor, campaign: Campaign, *, back: str) -> PolicyPage:
    """Return one policy the actor sees, loaded with its department. Eight queries."""
    items = items_of(policy)
    measures: dict[int, list[MeasureRow]] = defaultdict(list)
    for row in PolicyMeasure.objects.filter(item__in=items, removed_at__isnull=True):
        measures[row.item_id].append(MeasureRow(row.uuid, row.text, row.happened_on))
    in_force = policy.withdrawn_at is None
    may_change = in_force and can_hand_in(actor, policy.department_id)
    sections = evidence_sections(
        actor,
        EvidenceTarget.POLICY_ITEM,
        [str(item.uuid) for item in items],
        campaign=campaign,
        department=policy.department,
        may_file=may_change,
        back=back,
    )
    return PolicyPage(
        items=tuple(
            ItemPart(item.uuid, item.text, tuple(measures[item.pk]), sections[str(item.uuid)]) for item in items
        ),
        files=files_of(actor, OWNER, [policy.uuid], campaign=campaign).get(policy.uuid, ()),
        in_force=in_force,
        may_change=may_change,
        is_barred=in_force and not may_change and actor.is_interested_in(policy.department_id),
    )


def items_of(policy: Policy) -> tuple[PolicyItem, ...]:
    """Return the contents of a policy that stand, in order. One query."""
    return tuple(policy.items.filter(removed_at__isnull=True))


def _items_of(actor: Actor, policies: Sequence[Policy]) -> dict[int, list[ItemRow]]:
    rows = PolicyItem.objects.visible_to(actor).filter(policy__in=policies, removed_at__isnull=True)
    items = list(rows.select_related("policy").order_by("order", "pk"))
    standing = PolicyMeasure.objects.filter(item__in=items, removed_at__isnull=True)
    measures = Counter(standing.values_list("item_id", flat=True))
    evidence = _evidence_of(items)
    found: dict[int, list[ItemRow]] = defaultdict(list)
    for item in items:
        row = ItemRow(item.uuid, item.text, measures[item.pk], evidence[item.policy.department_id, str(item.uuid)])
        found[item.policy_id].append(row)
    return found


def _evidence_of(items: Iterable[PolicyItem]) -> Counter[tuple[int, str]]:
    """Return how many standing pieces of evidence prove each item, by department and key."""
    links = EvidenceLink.objects.filter(
        target=EvidenceTarget.POLICY_ITEM,
        key__in=[str(item.uuid) for item in items],
        evidence__in=Evidence.objects.standing(),
    )
    return Counter(links.values_list("evidence__department_id", "key"))
