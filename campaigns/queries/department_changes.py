"""Changes of the college's departments, and what one would move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from campaigns.actors import Actor
from campaigns.enums import DepartmentChangeKind
from campaigns.models import Campaign, Department, DepartmentChange, Duty, Posting, StudentClass


@dataclass(frozen=True)
class ChangeRow:
    """A change in the list: from which departments, into which, by which decision."""

    uuid: UUID
    kind: str
    effective_on: date
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Relative:
    """A department that went over into another, or took another over, on a day."""

    uuid: UUID
    name: str
    on: date


@dataclass(frozen=True)
class Kin:
    """What a department came out of, and what it went over into."""

    before: tuple[Relative, ...]
    after: tuple[Relative, ...]


@dataclass(frozen=True)
class Movable:
    """A person, duty or class that goes to one of several successors."""

    uuid: UUID
    label: str


@dataclass(frozen=True)
class Leaving:
    """What a department would leave behind: counts, and what is to be shared out when it is split."""

    department: Department
    people: tuple[Movable, ...]
    duties: tuple[Movable, ...]
    classes: tuple[Movable, ...]
    obligations: int
    evidence: int

    @property
    def groups(self) -> tuple[tuple[Movable, ...], ...]:
        """What is shared out among several successors."""
        return (self.people, self.duties, self.classes)


def list_changes(actor: Actor) -> tuple[ChangeRow, ...]:
    """Return the changes of the season, the latest first. Three queries."""
    rows = DepartmentChange.objects.visible_to(actor).prefetch_related("predecessors", "successors")
    return tuple(_row(change) for change in rows)


def _row(change: DepartmentChange) -> ChangeRow:
    names = [each.name for each in change.predecessors.all()]
    if change.kind == DepartmentChangeKind.RENAME:
        names = [str(change.data.get("before", ""))]
    return ChangeRow(
        uuid=change.uuid,
        kind=str(change.get_kind_display()),
        effective_on=change.effective_on,
        before=tuple(names),
        after=tuple(each.name for each in change.successors.all())
        if change.kind != DepartmentChangeKind.RENAME
        else (str(change.data.get("after", "")),),
    )


def kin_of(actor: Actor, department: Department) -> Kin:
    """Return the department's predecessors and successors, a renaming apart. Two queries."""
    changes = DepartmentChange.objects.visible_to(actor).exclude(kind=DepartmentChangeKind.RENAME)
    found = []
    for own, other in (("successors", "predecessors"), ("predecessors", "successors")):
        rows = changes.filter(**{own: department}).order_by("effective_on", "pk", f"{other}__order")
        found.append(rows.values_list(f"{other}__uuid", f"{other}__name", "effective_on"))
    before, after = (tuple(Relative(uuid, name, on) for uuid, name, on in rows) for rows in found)
    return Kin(before, after)


def standing_departments(campaign: Campaign) -> list[Department]:
    """Return the departments that are not closed, in the scheme's order. One query."""
    rows = Department.objects.filter(campaign=campaign, closed_on__isnull=True)
    return list(rows.select_related("block").order_by("block__order", "order"))


def what_would_move(departments: list[Department], *, on: date) -> tuple[Leaving, ...]:
    """Return what the departments would leave to their successors on that day. Four queries."""
    ongoing = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    people: dict[int, list[Movable]] = {each.pk: [] for each in departments}
    for posting in Posting.objects.filter(ongoing, department__in=departments).select_related("staff_member"):
        person = posting.staff_member
        people[posting.department_id].append(Movable(person.uuid, f"{person.name}({person.number})"))
    duties: dict[int, list[Movable]] = {each.pk: [] for each in departments}
    for duty in Duty.objects.filter(department__in=departments, ended_at__isnull=True):
        duties[duty.department_id].append(Movable(duty.uuid, f"{duty.number} {duty.text}"))
    classes: dict[int, list[Movable]] = {each.pk: [] for each in departments}
    for each in StudentClass.objects.filter(department__in=departments):
        classes[each.department_id].append(Movable(each.uuid, each.name))
    open_ones = Q(obligations__met_at__isnull=True, obligations__dropped_at__isnull=True)
    counted = {
        row.pk: row
        for row in Department.objects.filter(pk__in=[each.pk for each in departments]).annotate(
            owed=Count("obligations", filter=open_ones, distinct=True), proofs=Count("evidence", distinct=True)
        )
    }
    return tuple(
        Leaving(
            each,
            tuple(people[each.pk]),
            tuple(duties[each.pk]),
            tuple(classes[each.pk]),
            counted[each.pk].owed,
            counted[each.pk].proofs,
        )
        for each in departments
    )
