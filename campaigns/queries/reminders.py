"""Who would be reminded of what, before anything is sent; what a person was reminded of; who was called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import (
    DEPARTMENT_ROLES,
    ReminderChannel,
    Role,
)
from campaigns.models import Campaign, Membership, Obligation, Reminder
from campaigns.queries.obligations import OwedRow, is_reported, owed_row, reported_assignments
from qualityseason.clock import day_of
from qualityseason.text import parse_uuid

MAIL_JOB = "reminder-mail"
DAYS = 7  # how far ahead a reminder looks, where nobody says otherwise
SHOWN = timedelta(days=7)  # how long a reminder stands on the home of who got it


@dataclass(frozen=True)
class ReminderLine:
    """One thing to do in a message, as it stood when it was written; days below zero are over."""

    obligation: UUID
    title: str
    department: str
    day: date
    days_left: int

    @classmethod
    def of(cls, row: OwedRow) -> ReminderLine:
        """Return the line of an open obligation."""
        return cls(row.uuid, row.name, row.department, row.deadline, row.days_left)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ReminderLine:
        """Return a line of a message that was kept."""
        day = date.fromisoformat(values["day"])
        return cls(UUID(values["obligation"]), values["title"], values["department"], day, values["days_left"])

    def as_json(self) -> dict[str, Any]:
        """Return the line as a message keeps it."""
        return {
            "obligation": str(self.obligation),
            "title": self.title,
            "department": self.department,
            "day": self.day.isoformat(),
            "days_left": self.days_left,
        }

    @property
    def days_over(self) -> int:
        """By how many days it is overdue, 0 when it is not."""
        return max(0, -self.days_left)


@dataclass(frozen=True)
class Draft:
    """The message one person would get: all that is due, over all the person's departments.

    ``department_id`` is the one it stands under on the page, ``others`` the rest by name; ``reminded_on`` is the day of
    the latest message to the person, ``mail_problem`` why the mail of today's has not gone out.
    """

    user_id: int
    username: str
    name: str
    role: str
    email: str
    department_id: int
    others: tuple[str, ...]
    lines: tuple[ReminderLine, ...]
    reminded_on: date | None
    is_sent_today: bool
    mail_problem: str

    @property
    def overdue(self) -> int:
        """How many of its lines are overdue."""
        return sum(1 for line in self.lines if line.days_over)


@dataclass(frozen=True)
class HomeReminder:
    """The latest message to a person, with what of it is still open, as it stands today."""

    sent_at: datetime
    lines: tuple[ReminderLine, ...]


def due_rows(campaign: Campaign, *, on: date, days: int) -> list[OwedRow]:
    """Return what departments have not done and is overdue or due within `days`, the most urgent first. Two queries.

    What a department has reported and waits for a word on is not asked for again.
    """
    reported = reported_assignments(campaign.pk)
    open_ones = Obligation.objects.filter(campaign=campaign, department__closed_on__isnull=True).open()
    rows = [owed_row(row, on=on) for row in open_ones.select_related("milestone", "department__block")]
    due = [row for row in rows if row.days_left <= days and not is_reported(row, reported)]
    return sorted(due, key=lambda row: (row.deadline, row.name))


def drafts(campaign: Campaign, *, on: date, days: int, rows: Sequence[OwedRow] | None = None) -> tuple[Draft, ...]:
    """Return the messages that heads and liaisons would get, departments in the scheme's order. Two queries, or four.

    Nobody whose departments have done everything gets one.
    """
    by_department: dict[int, list[OwedRow]] = defaultdict(list)
    for row in due_rows(campaign, on=on, days=days) if rows is None else rows:
        by_department[row.department_id].append(row)
    latest = _latest_messages(campaign)
    homes: dict[int, list[Membership]] = defaultdict(list)
    for membership in _members(campaign, on=on):
        if membership.department_id in by_department:
            homes[membership.user_id].append(membership)
    return tuple(_draft(held, by_department, latest, on) for held in homes.values())


def _members(campaign: Campaign, *, on: date) -> Iterable[Membership]:
    """Return heads and liaisons of that day; who stands in for a head is one of them. One query."""
    members = Membership.objects.filter(campaign=campaign, role__in=sorted(DEPARTMENT_ROLES), user__is_active=True)
    return members.current(on=on).select_related("user", "department").order_by("department__order", "role", "pk")


def _latest_messages(campaign: Campaign) -> dict[int, tuple[date, str]]:
    """Return day and mail problem of the latest message by user. One query."""
    sent = Reminder.objects.filter(campaign=campaign, channel=ReminderChannel.MESSAGE).order_by("happened_on", "pk")
    rows = sent.values_list("user_id", "happened_on", "mail_problem")
    return {user_id: (day, problem) for user_id, day, problem in rows if user_id is not None}


def _draft(
    held: Sequence[Membership],
    by_department: dict[int, list[OwedRow]],
    latest: dict[int, tuple[date, str]],
    on: date,
) -> Draft:
    first, user = held[0], held[0].user
    departments = {each.department_id: each.department.name for each in held if each.department is not None}
    rows = [row for pk in departments if pk is not None for row in by_department[pk]]
    reminded_on, problem = latest.get(user.pk, (None, ""))
    return Draft(
        user_id=user.pk,
        username=user.username,
        name=user.display_name,
        role=str(Role(first.role).label),
        email=user.email,
        department_id=int(first.department_id or 0),
        others=tuple(name for pk, name in departments.items() if pk != first.department_id),
        lines=tuple(ReminderLine.of(row) for row in sorted(rows, key=lambda row: (row.deadline, row.name))),
        reminded_on=reminded_on,
        is_sent_today=reminded_on == on,
        mail_problem=problem if reminded_on == on else "",
    )


def home_reminder(actor: Actor, *, at: datetime) -> HomeReminder | None:
    """Return the latest message to the actor of the last seven days with what is still open. Two queries at most."""
    if actor.seeing_as is not None or not actor.departments:
        return None
    on = day_of(at)
    mine = Reminder.objects.of_campaign(actor).filter(user_id=actor.user_id, channel=ReminderChannel.MESSAGE)
    latest = mine.filter(happened_on__gt=on - SHOWN, happened_on__lte=on).first()
    if latest is None:
        return None
    uuids = [uuid for uuid in (parse_uuid(line["obligation"]) for line in latest.lines) if uuid is not None]
    open_ones = Obligation.objects.visible_to(actor).open().filter(uuid__in=uuids, department_id__in=actor.departments)
    rows = [owed_row(row, on=on) for row in open_ones.select_related("milestone", "department")]
    lines = tuple(ReminderLine.of(row) for row in sorted(rows, key=lambda row: (row.deadline, row.name)))
    return HomeReminder(latest.sent_at, lines) if lines else None
