"""Duties and items of plans with and without evidence: counted per department, and one department in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Max

from campaigns.actors import Actor
from campaigns.enums import EvidenceTarget, Role
from campaigns.models import Campaign, Department, Duty, PlanItem, PlanVersion
from campaigns.queries.haves import add_url, count_links, list_url, seen_departments


@dataclass(frozen=True)
class RecordLine:
    """A duty, or an item of the plan, with how many pieces of evidence stand for it."""

    number: str
    text: str
    count: int
    list_url: str
    add_url: str
    is_sample: bool = False


@dataclass(frozen=True)
class RecordCount:
    """A department: duties and items of its plan, and how many of each have evidence."""

    uuid: UUID
    department: str
    block: str
    duties: int
    duties_with: int
    items: int
    items_with: int

    @property
    def duties_without(self) -> int:
        """How many standing duties have no evidence."""
        return self.duties - self.duties_with

    @property
    def items_without(self) -> int:
        """How many items of the plan have no evidence."""
        return self.items - self.items_with


@dataclass(frozen=True)
class DepartmentRecords:
    """One department's duties and items, those without evidence first."""

    uuid: UUID
    department: str
    duties: tuple[RecordLine, ...]
    items: tuple[RecordLine, ...]

    @property
    def duties_without(self) -> int:
        """How many standing duties have no evidence."""
        return sum(not line.count for line in self.duties)

    @property
    def items_without(self) -> int:
        """How many items have no evidence."""
        return sum(not line.count for line in self.items)


@dataclass(frozen=True)
class _Thing:
    uuid: str
    number: str
    text: str
    is_sample: bool = False


def record_counts(actor: Actor) -> tuple[RecordCount, ...]:
    """Return every department the actor sees with its counts. Six queries at most."""
    departments = seen_departments(actor)
    duties, items = _duties(actor, departments), _items(actor, departments)
    by_duty = count_links(actor, EvidenceTarget.DUTY)
    by_item = count_links(actor, EvidenceTarget.PLAN_ITEM)
    return tuple(
        RecordCount(
            department.uuid,
            department.name,
            department.block.name,
            len(duties[department.pk]),
            sum(by_duty[department.pk, duty.uuid] > 0 for duty in duties[department.pk]),
            len(items[department.pk]),
            sum(by_item[department.pk, item.uuid] > 0 for item in items[department.pk]),
        )
        for department in departments
    )


def department_records(actor: Actor, campaign: Campaign, department: Department, *, back: str) -> DepartmentRecords:
    """Return one department's duties and items of its plan, as far as the actor reads them. Four queries at most."""

    def lines(target: EvidenceTarget, things: Sequence[_Thing]) -> tuple[RecordLine, ...]:
        counts = count_links(actor, target, [thing.uuid for thing in things]) if things else {}
        found = [
            RecordLine(
                thing.number,
                thing.text,
                counts.get((department.pk, thing.uuid), 0),
                list_url(campaign, department, target, thing.uuid),
                add_url(actor, campaign, department, target, thing.uuid, back=back),
                thing.is_sample,
            )
            for thing in things
        ]
        return tuple(sorted(found, key=lambda line: line.count > 0))

    return DepartmentRecords(
        department.uuid,
        department.name,
        lines(EvidenceTarget.DUTY, _duties(actor, [department])[department.pk]),
        lines(EvidenceTarget.PLAN_ITEM, _items(actor, [department])[department.pk]),
    )


def _duties(actor: Actor, departments: Iterable[Department]) -> dict[int, list[_Thing]]:
    """Return the standing duties by department. One query."""
    found: dict[int, list[_Thing]] = {department.pk: [] for department in departments}
    standing = Duty.objects.visible_to(actor).filter(department_id__in=list(found), ended_at__isnull=True)
    for duty in standing.order_by("id"):
        found[duty.department_id].append(_Thing(str(duty.uuid), duty.number, duty.text, duty.is_sample))
    return found


def _items(actor: Actor, departments: Iterable[Department]) -> dict[int, list[_Thing]]:
    """Return the items of plans by department: of those who may read the text being written the current ones, of all
    others those submitted last. Two queries at most."""
    found: dict[int, list[_Thing]] = {department.pk: [] for department in departments}
    working = {pk for pk in found if pk in actor.departments or actor.has(Role.OFFICE)}
    if working:
        current = PlanItem.objects.filter(plan__department_id__in=working, removed_at__isnull=True)
        for number, item in _numbered(current.select_related("plan").order_by("plan_id", "order", "id")):
            found[item.plan.department_id].append(_Thing(str(item.uuid), str(number), item.title))
    if set(found) - working:
        versions = PlanVersion.objects.visible_to(actor).filter(plan__department_id__in=set(found) - working)
        last = versions.alias(last=Max("plan__versions__number")).filter(number=F("last")).select_related("plan")
        for version in last:
            found[version.plan.department_id] += [
                _Thing(item["uuid"], str(item["number"]), item["title"]) for item in version.content["items"]
            ]
    return found


def _numbered(items: Iterable[PlanItem]) -> Iterable[tuple[int, PlanItem]]:
    """Return the items with their number inside their plan."""
    number, plan_id = 0, 0
    for item in items:
        number = number + 1 if item.plan_id == plan_id else 1
        plan_id = item.plan_id
        yield number, item
