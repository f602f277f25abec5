"""The demo's staff list with its postings, and its classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign, Department, StaffMember, StudentClass
from campaigns.queries.departments import DepartmentBook
from campaigns.services.demo.accounts import list_accounts, staff_number
from campaigns.services.staff import add_class, add_posting, add_staff_member
from qualityseason.models import User
from qualityseason.text import squeeze


@dataclass
class _Seeding:
    """What the steps share: the data, the names not used yet, who belongs where."""

    campaign: Campaign
    data: dict[str, Any]
    at: datetime
    by_id: int
    rng: Random
    names: Iterator[str]
    book: DepartmentBook
    linked: dict[str, User] = field(default_factory=dict)
    members: dict[int, list[StaffMember]] = field(default_factory=dict)


@transaction.atomic
def seed_people(campaign: Campaign, accounts: dict[str, Any], data: dict[str, Any], *, by_id: int, rng: Random) -> None:
    """Fill staff list, postings and classes; numbers and class names that are there already stay as they are."""
    users = {user.staff_number: user for user in User.objects.exclude(staff_number="")}
    taken = {account.name for account in list_accounts(campaign, accounts)}
    taken.update(name for group in campaign.roster for name in group["names"])
    taken.update(entry["name"] for entry in data["namesakes"])
    seeding = _Seeding(
        campaign,
        data,
        at=accounts["entered_at"],
        by_id=by_id,
        rng=rng,
        names=_names(data, taken=taken, rng=rng),
        book=DepartmentBook(campaign),
        linked=users,
    )
    for department in seeding.book.departments:
        _fill(department, seeding)
    for move in data["moves"]:
        _move(move, seeding)
    _add_classes(seeding)


def _names(data: dict[str, Any], *, taken: set[str], rng: Random) -> Iterator[str]:
    names = [surname + given for surname in data["surnames"] for given in data["given"]]
    rng.shuffle(names)
    return (name for name in names if name not in taken)


def _fill(department: Department, seeding: _Seeding) -> None:
    kind, rng = department.kind, seeding.rng
    officers = seeding.data["officers"][kind]
    people = [(officers["head"], ""), (officers["liaison"], "")]
    if staff_number(department, len(people) + 1) in seeding.linked:  # an account of the team that belongs here
        people.append((officers["liaison"], ""))
    for entry in seeding.data["namesakes"]:
        people += [(entry["category"], entry["name"])] * (department.name in entry["departments"])
    for category, (fewest, most) in seeding.data["composition"][kind].items():
        people += [(category, "")] * rng.randint(fewest, most)
    seeding.members[department.pk] = [
        _add(department, staff_number(department, place), category, name, seeding)
        for place, (category, name) in enumerate(people, start=1)
    ]


def _add(department: Department, number: str, category: str, name: str, seeding: _Seeding) -> StaffMember:
    existing = StaffMember.objects.filter(campaign=seeding.campaign, number=number).first()
    if existing is not None:
        return existing
    user = seeding.linked.get(number)
    who = name or (user.display_name if user else next(seeding.names))
    member = add_staff_member(
        seeding.campaign,
        number=number,
        name=who,
        category=category,
        user=user,
        by_id=seeding.by_id,
        at=seeding.at,
    )
    add_posting(
        member,
        department=department,
        starts_on=seeding.campaign.facts_from,
        by_id=seeding.by_id,
        at=seeding.at,
    )
    return member


def _move(move: dict[str, Any], seeding: _Seeding) -> None:
    leaving, joining = seeding.book.find(move["from"]), seeding.book.find(move["to"])
    if leaving is None or joining is None:
        raise LookupError(f"{move['from']} -> {move['to']}")
    # the last one on the list is neither head nor liaison
    member = seeding.members[leaving.pk][-1]
    if member.postings.count() == 1:
        morning = timezone.make_aware(datetime.combine(move["on"], time(9)))
        add_posting(member, department=joining, starts_on=move["on"], by_id=seeding.by_id, at=morning)


def _add_classes(seeding: _Seeding) -> None:
    known = set(StudentClass.objects.filter(campaign=seeding.campaign).values_list("squeezed_name", flat=True))
    for home, names in seeding.data["classes"].items():
        department = seeding.book.find(home)
        if department is None:
            raise LookupError(home)
        for name in names:
            if squeeze(name) not in known:
                add_class(seeding.campaign, name=name, department=department, by_id=seeding.by_id, at=seeding.at)
