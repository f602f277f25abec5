"""Reads of the scheme's page and of the departments' pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from campaigns.enums import DEPARTMENT_ROLES, Role
from campaigns.models import Block, Campaign, Department, Membership, Milestone, Phase, Posting, StudentClass


@dataclass(frozen=True)
class PhaseWithMilestones:
    """A phase, its text paragraph by paragraph, and the milestones that belong to it."""

    phase: Phase
    paragraphs: tuple[str, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class Scheme:
    """The campaign's notice as it is printed; `loose` are the milestones outside every phase."""

    phases: tuple[PhaseWithMilestones, ...]
    loose: tuple[Milestone, ...]


@dataclass(frozen=True)
class DepartmentRow:
    """One department with the people who answer for it on that day."""

    department: Department
    heads: tuple[str, ...]
    liaisons: tuple[str, ...]


@dataclass(frozen=True)
class BlockOfDepartments:
    """A block and its departments in the scheme's order."""

    block: Block
    rows: tuple[DepartmentRow, ...]


def scheme(campaign: Campaign) -> Scheme:
    """Return phases and milestones of the campaign. Two queries."""
    by_phase: dict[int | None, list[Milestone]] = defaultdict(list)
    for milestone in Milestone.objects.filter(campaign=campaign):
        by_phase[milestone.phase_id].append(milestone)
    phases = [
        PhaseWithMilestones(phase, tuple(filter(None, phase.text.splitlines())), tuple(by_phase[phase.pk]))
        for phase in Phase.objects.filter(campaign=campaign)
    ]
    return Scheme(tuple(phases), tuple(by_phase[None]))


def departments_by_block(campaign: Campaign, *, on: date) -> list[BlockOfDepartments]:
    """Return all departments by block, with heads and liaisons of the day. Two queries."""
    people = _people(campaign, on=on)
    rows: dict[Block, list[DepartmentRow]] = {}
    departments = Department.objects.filter(campaign=campaign).select_related("block").order_by("block__order", "order")
    for department in departments:
        heads, liaisons = people[department.pk, Role.HEAD], people[department.pk, Role.STAFF]
        rows.setdefault(department.block, []).append(DepartmentRow(department, tuple(heads), tuple(liaisons)))
    return [BlockOfDepartments(block, tuple(of_block)) for block, of_block in rows.items()]


def department_row(department: Department, *, on: date) -> DepartmentRow:
    """Return one department with heads and liaisons of the day. One query."""
    people = _people(department.campaign, on=on, department=department)
    heads, liaisons = people[department.pk, Role.HEAD], people[department.pk, Role.STAFF]
    return DepartmentRow(department, tuple(heads), tuple(liaisons))


def _people(campaign: Campaign, *, on: date, department: Department | None = None) -> dict[tuple[int, str], list[str]]:
    memberships = Membership.objects.filter(campaign=campaign, role__in=sorted(DEPARTMENT_ROLES)).current(on=on)
    if department is not None:
        memberships = memberships.filter(department=department)
    names: dict[tuple[int, str], list[str]] = defaultdict(list)
    for department_id, role, name in memberships.order_by("user__username").values_list(
        "department_id", "role", "user__display_name"
    ):
        if department_id is not None:
            names[department_id, role].append(name)
    return names


def staff_of(department: Department, *, on: date) -> list[Posting]:
    """Return the postings to the department that hold on that day, with their people. One query."""
    postings = Posting.objects.filter(department=department).current(on=on).select_related("staff_member")
    return list(postings.order_by("staff_member__number"))


def classes_of(department: Department) -> list[str]:
    """Return the names of the department's classes. One query."""
    return list(StudentClass.objects.filter(department=department).order_by("name").values_list("name", flat=True))
