"""Who plays in the demo: departments, team, people with their postings, rules; and the dice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from campaigns.actors import Actor
from campaigns.models import Campaign, Department, Posting, StaffMember, StudentClass
from campaigns.queries.actors import load_actor
from campaigns.queries.departments import DepartmentBook
from qualityseason.models import User
from scoring.models import Rule

T = TypeVar("T")
SATURDAY = 5  # of date.weekday()


class Cast:
    """Everything the planning of demo activity asks about, loaded once; `rng` makes it the same every time."""

    def __init__(self, campaign: Campaign, data: dict[str, Any], *, rng: Random) -> None:
        self.campaign, self.data, self.rng = campaign, data, rng
        book = DepartmentBook(campaign)
        self.departments = book.departments
        for department in self.departments:
            department.campaign = campaign  # so that no draft asks for it
        self._book = book
        self.rules = {rule.code: rule for rule in Rule.objects.filter(campaign=campaign).order_by("order")}
        self.actors = {name: self._actor(name) for name in data["recorders"]}
        lightest, heaviest = data["burden"]
        self.burden = {department.pk: rng.uniform(lightest, heaviest) for department in self.departments}
        self.classes: dict[int, list[StudentClass]] = defaultdict(list)
        for student_class in StudentClass.objects.filter(campaign=campaign).order_by("pk"):
            self.classes[student_class.department_id].append(student_class)
        postings = Posting.objects.filter(campaign=campaign).select_related("staff_member")
        self._postings = list(postings.order_by("staff_member__number", "starts_on"))

    def _actor(self, username: str) -> Actor:
        user = User.objects.get(username=username)
        actor = load_actor(user, self.campaign, on=self.campaign.starts_on)
        if actor is None:
            raise LookupError(username)
        return actor

    def department(self, name: str) -> Department:
        """Return the department of that name; raises LookupError."""
        found = self._book.find(name)
        if found is None:
            raise LookupError(name)
        return found

    def staff_of(self, department: Department, *, categories: Sequence[str], on: date) -> list[StaffMember]:
        """Return the people of these categories who belong to the department on that day."""
        return [
            posting.staff_member
            for posting in self._postings
            if posting.department_id == department.pk
            and posting.staff_member.category in categories
            and posting.starts_on <= on
            and (posting.ends_on is None or posting.ends_on >= on)
        ]

    def pick_assessor(self, *departments: Department, other_than: Sequence[str] = ()) -> str | None:
        """Return one of the team who has no interest in these departments and is not among `other_than`."""
        weights = dict(zip(self.data["recorders"], self.data["recorder_weights"], strict=True))
        ids = [department.pk for department in departments]
        able = [
            name for name, actor in self.actors.items() if name not in other_than and not actor.is_interested_in(*ids)
        ]
        return self.rng.choices(able, [weights[name] for name in able])[0] if able else None

    def pick_department(self, departments: Sequence[Department]) -> Department:
        """Return one of these departments, the burdened ones more often."""
        return self.rng.choices(departments, [self.burden[department.pk] for department in departments])[0]

    def moment(self, day: date, *, earliest: int, latest: int) -> datetime:
        """Return a moment of that day between two minutes of the day, on a multiple of five."""
        return moment_of(day, self.rng.randrange(earliest, latest + 1, 5))

    def uuid(self) -> UUID:
        """Return the next uuid of the dice."""
        return UUID(int=self.rng.getrandbits(128), version=4)


def moment_of(day: date, minute: int) -> datetime:
    """Return the aware moment of that minute of the day."""
    return timezone.make_aware(datetime.combine(day, time(minute // 60, minute % 60)))


def workdays(first: date, last: date) -> list[date]:
    """Return the days from Monday to Friday between two days, both included."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if day.weekday() < SATURDAY]


def next_workday(day: date, *, after: int) -> date:
    """Return the day `after` days later, or the Monday that follows when that is a weekend."""
    later = day + timedelta(days=after)
    return later if later.weekday() < SATURDAY else later + timedelta(days=7 - later.weekday())
