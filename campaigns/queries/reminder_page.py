"""The page of reminding: departments with what is open, whom to call and when it was last done, how far the mail is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import ReminderChannel
from campaigns.models import Campaign, Department, Reminder
from campaigns.queries.obligation_matrix import Call, last_calls
from campaigns.queries.obligations import OwedRow
from campaigns.queries.reminders import MAIL_JOB, Draft, ReminderLine, drafts, due_rows
from qualityseason import clock
from qualityseason.models import Job


@dataclass(frozen=True)
class DepartmentToRemind:
    """A department that owes something: whom to call, what is open, the messages to its people, the last call."""

    uuid: UUID
    name: str
    block: str
    telephone: str
    rows: tuple[ReminderLine, ...]
    drafts: tuple[Draft, ...]
    elsewhere: tuple[str, ...]
    call: Call | None

    @property
    def late(self) -> tuple[ReminderLine, ...]:
        """What of it is overdue."""
        return tuple(row for row in self.rows if row.days_over)

    @property
    def coming(self) -> tuple[ReminderLine, ...]:
        """What of it falls due soon."""
        return tuple(row for row in self.rows if not row.days_over)


@dataclass(frozen=True)
class CallRow:
    """A telephone call that was noted."""

    happened_on: date
    spoken_with: str
    note: str
    by: str


def departments_to_remind(
    campaign: Campaign, actor: Actor, *, on: date, days: int, overdue_only: bool = False
) -> tuple[DepartmentToRemind, ...]:
    """Return the departments that owe something, the longest overdue first. Six queries.

    Who belongs to several stands under the first of them.
    """
    rows = due_rows(campaign, on=on, days=days)
    messages = drafts(campaign, on=on, days=days, rows=rows)
    by_department: dict[int, list[OwedRow]] = defaultdict(list)
    for row in rows:
        by_department[row.department_id].append(row)
    calls = last_calls(actor)
    places = Department.objects.filter(pk__in=by_department).select_related("block")
    found = [_department(place, by_department[place.pk], messages, calls.get(place.pk)) for place in places]
    if overdue_only:
        found = [place for place in found if place.late]
    return tuple(sorted(found, key=lambda place: (place.rows[0].day, -len(place.rows))))


def _department(
    place: Department, rows: Sequence[OwedRow], messages: Sequence[Draft], call: Call | None
) -> DepartmentToRemind:
    return DepartmentToRemind(
        uuid=place.uuid,
        name=place.name,
        block=place.block.name,
        telephone=place.telephone,
        rows=tuple(ReminderLine.of(row) for row in rows),
        drafts=tuple(draft for draft in messages if draft.department_id == place.pk),
        elsewhere=tuple(draft.name for draft in messages if place.name in draft.others),
        call=call,
    )


def calls_of(actor: Actor, department: Department) -> tuple[CallRow, ...]:
    """Return the calls to a department, the latest first; none but to the office. One query."""
    calls = Reminder.objects.visible_to(actor).filter(channel=ReminderChannel.TELEPHONE, department=department)
    rows = calls.select_related("sent_by").order_by("-happened_on", "-sent_at", "-pk")
    return tuple(
        CallRow(row.happened_on, row.spoken_with, row.note, row.sent_by.display_name if row.sent_by else "")
        for row in rows
    )


def mail_job_of(campaign: Campaign) -> Job | None:
    """Return the latest work on sending mail, for an hour after it was asked for. One query."""
    since = clock.wall_now() - timedelta(hours=1)
    return Job.objects.filter(kind=MAIL_JOB, campaign_id=campaign.pk, queued_at__gte=since).order_by("-pk").first()
