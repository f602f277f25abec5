"""Reads of the leaders of departments: the grid the office keeps, and one department's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.actors import Actor
from campaigns.enums import LeaderPost, Role
from campaigns.models import Campaign, Department, DepartmentLeader, Membership
from qualityseason.models import User

BETWEEN = "、"  # between several names in one cell, as sheets have it


@dataclass(frozen=True)
class LeaderCell:
    """Who holds one post for one department, as one line of text: “name” or “name(login)”, several parted."""

    department: Department
    post: LeaderPost
    text: str


def leader_cells(campaign: Campaign) -> tuple[LeaderCell, ...]:
    """Return a cell for each department and post, in the scheme's order. Two queries."""
    held: dict[tuple[int, str], list[DepartmentLeader]] = defaultdict(list)
    for leader in DepartmentLeader.objects.filter(campaign=campaign).select_related("user"):
        held[leader.department_id, leader.post].append(leader)
    return tuple(
        LeaderCell(department, post, text_of((leader.name, leader.user) for leader in held[department.pk, post]))
        for department in Department.objects.filter(campaign=campaign).select_related("block")
        for post in LeaderPost
    )


def text_of(people: Iterable[tuple[str, User | None]]) -> str:
    """Return people as a cell writes them."""
    return BETWEEN.join(f"{name}({user.username})" if user else name for name, user in people)


def leading_accounts(campaign: Campaign, *, on: date) -> tuple[User, ...]:
    """Return the accounts of the leading group. One query."""
    members = Membership.objects.filter(campaign=campaign, role=Role.LEADERSHIP).current(on=on)
    return tuple(User.objects.filter(pk__in=members.values("user_id")).order_by("username"))


def leaders_of(actor: Actor, department: Department) -> tuple[DepartmentLeader, ...]:
    """Return the leaders of a department as far as the actor sees them. One query."""
    return tuple(DepartmentLeader.objects.visible_to(actor).filter(department=department))
