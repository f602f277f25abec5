"""Who of the college's leaders answers for a department, and what it is called up by. The only writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.enums import LeaderPost
from campaigns.models import Campaign, Department, DepartmentLeader
from campaigns.queries.leaders import text_of
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.text import clean

MAXIMUM_NAME = 64
MAXIMUM_TELEPHONE = 40
TELEPHONE = "telephone"  # the key of a telephone among the stale cells, as a post is that of leaders


@dataclass(frozen=True)
class NamedLeaders:
    """Who shall hold one post for one department; ``seen`` is what the form showed when it was opened."""

    department: Department
    post: LeaderPost
    people: tuple[tuple[str, User | None], ...]
    seen: str


@dataclass(frozen=True)
class GivenTelephone:
    """By which number a department is called; ``seen`` is what the form showed when it was opened."""

    department: Department
    number: str
    seen: str


@transaction.atomic
def name_leaders(
    campaign: Campaign,
    cells: Sequence[NamedLeaders],
    *,
    telephones: Sequence[GivenTelephone] = (),
    by_id: int,
    at: datetime,
) -> int:
    """Name the leaders and telephones of all cells at once and return how many cells changed; all or nothing.

    A cell left as it was seen is left alone, whatever stands there now. Where somebody else wrote meanwhile what
    this form would overwrite, Refused(code="stale") has the text of those cells, by (department, post or TELEPHONE),
    in `existing`.
    """
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    standing: dict[tuple[int, str], list[DepartmentLeader]] = {}
    for leader in DepartmentLeader.objects.filter(campaign=campaign).select_related("user"):
        standing.setdefault((leader.department_id, leader.post), []).append(leader)
    stale: dict[tuple[int, str], str] = {}
    changed: list[NamedLeaders] = []
    for cell in cells:
        there = standing.get((cell.department.pk, cell.post), [])
        now, wanted = text_of((leader.name, leader.user) for leader in there), text_of(cell.people)
        if wanted in (cell.seen, now):
            continue
        if now != cell.seen:
            stale[cell.department.pk, cell.post] = now
        changed.append(cell)
    numbers = dict(Department.objects.filter(campaign=campaign).values_list("pk", "telephone")) if telephones else {}
    dialled: list[GivenTelephone] = []
    for given in telephones:
        number, now = telephone_of(given.number), numbers[given.department.pk]
        if number in (given.seen, now):
            continue
        if now != given.seen:
            stale[given.department.pk, TELEPHONE] = now
        dialled.append(given)
    if stale:
        message = _(
            "Somebody else wrote here meanwhile. What stands now is said at each cell; send again to replace it."
        )
        raise Refused(message, code="stale", existing=stale)
    for cell in changed:
        _name(campaign, cell, standing.get((cell.department.pk, cell.post), []), by_id=by_id, at=at)
    for given in dialled:
        _give_telephone(campaign, given, before=numbers[given.department.pk], by_id=by_id, at=at)
    return len(changed) + len(dialled)


def telephone_of(typed: str) -> str:
    """Return a telephone number as it is kept; raises Refused for what is none or longer than the list has room."""
    number = " ".join(clean(typed).split())
    if number and not any(letter.isdecimal() for letter in number):
        raise Refused(_("A telephone number has digits. Write it like 2381, or with the extension."), code="telephone")
    if len(number) > MAXIMUM_TELEPHONE:
        message = _("A telephone number has at most %(limit)s characters here. Keep the number that is answered.")
        raise Refused(message % {"limit": MAXIMUM_TELEPHONE}, code="telephone")
    return number


@transaction.atomic
def remove_leader(leader: DepartmentLeader, *, by_id: int, at: datetime) -> None:
    """Take a leader's name from a department; a second time changes nothing."""
    found = DepartmentLeader.objects.select_for_update(no_key=True).filter(pk=leader.pk).first()
    if found is not None:
        before = {"post": found.post, "name": found.name}
        found.delete()
        _record("leader.remove", leader, by_id=by_id, at=at, before=before)


def _name(
    campaign: Campaign, cell: NamedLeaders, there: Sequence[DepartmentLeader], *, by_id: int, at: datetime
) -> None:
    for leader in there:
        leader.delete()
    made = [
        DepartmentLeader(campaign=campaign, department=cell.department, post=cell.post, name=name, user=user)
        for name, user in cell.people
    ]
    DepartmentLeader.objects.bulk_create(made)
    audit.record(
        "leader.name",
        cell.department,
        by_id=by_id,
        campaign_id=campaign.pk,
        department_id=cell.department.pk,
        at=at,
        before={"post": cell.post, "names": text_of((leader.name, leader.user) for leader in there)},
        after={"post": cell.post, "names": text_of(cell.people)},
    )


def _give_telephone(campaign: Campaign, given: GivenTelephone, *, before: str, by_id: int, at: datetime) -> None:
    number = telephone_of(given.number)
    Department.objects.filter(pk=given.department.pk).update(telephone=number)
    audit.record(
        "department.telephone",
        given.department,
        by_id=by_id,
        campaign_id=campaign.pk,
        department_id=given.department.pk,
        at=at,
        before={"telephone": before},
        after={"telephone": number},
    )


def _record(act: str, leader: DepartmentLeader, *, by_id: int, at: datetime, before: dict[str, str]) -> None:
    audit.record(
        act,
        leader,
        by_id=by_id,
        campaign_id=leader.campaign_id,
        department_id=leader.department_id,
        at=at,
        before=before,
    )
