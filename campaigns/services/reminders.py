"""Reminding: one message to each person of all that is due, telephone calls noted, mail sent afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ReminderChannel
from campaigns.models import Campaign, Department, Reminder
from campaigns.policy import can_remind
from campaigns.queries.reminders import MAIL_JOB, Draft, drafts
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services import audit
from qualityseason.services.jobs import start_job
from qualityseason.text import tidy

LONGEST = 60  # days a reminder looks ahead
MAXIMUM_NAME, MAXIMUM_NOTE = 64, 200


@dataclass(frozen=True)
class Sent:
    """What became of a sending: messages made, persons who had theirs today, the work of mailing (None: no mail)."""

    made: int
    again: int
    job: Job | None


@transaction.atomic
def send_reminders(
    campaign: Campaign,
    *,
    days: int,
    by: Actor | None,
    at: datetime,
    usernames: Collection[str] | None = None,
) -> Sent:
    """Make one message for each person who owes something, or for those named alone; nobody gets two on a day.

    Mail follows in the background, also what could not be sent earlier today; on the command line (`by` None) the
    command sends it. Raises Refused when nobody is named.
    """
    if by is not None and not can_remind(by):
        raise PermissionDenied
    if not 0 <= days <= LONGEST:
        message = _("A reminder looks ahead 0 to %(days)s days.")
        raise Refused(message % {"days": LONGEST}, field="days", code="days")
    if usernames is not None and not usernames:
        raise Refused(_("Tick at least one person."), code="none")
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # two senders at once: one after the other
    on = day_of(at)
    with translation.override(settings.LANGUAGE_CODE):  # what is kept is read by others than who sends it
        found = drafts(campaign, on=on, days=days)
    wanted = [draft for draft in found if usernames is None or draft.username in usernames]
    fresh = [draft for draft in wanted if not draft.is_sent_today]
    for draft in fresh:
        _keep(campaign, draft, by=by, at=at)
    return Sent(len(fresh), len(wanted) - len(fresh), _mail_later(campaign, by, at=at) if by else None)


def _keep(campaign: Campaign, draft: Draft, *, by: Actor | None, at: datetime) -> None:
    reminder = Reminder.objects.create(
        campaign=campaign,
        channel=ReminderChannel.MESSAGE,
        user_id=draft.user_id,
        lines=[line.as_json() for line in draft.lines],
        happened_on=day_of(at),
        sent_by_id=by.user_id if by else None,
        sent_at=at,
    )
    audit.record(
        "reminder.send",
        reminder,
        by_id=by.user_id if by else None,
        campaign_id=campaign.pk,
        at=at,
        after={"user": draft.username, "lines": len(draft.lines)},
    )


def _mail_later(campaign: Campaign, by: Actor, *, at: datetime) -> Job | None:
    """Start mailing what has not gone out today, where mail is set and somebody has an address."""
    on = day_of(at)
    if not settings.MAIL_IS_SET or not to_mail(campaign, on=on):
        return None
    return start_job(MAIL_JOB, by_id=by.user_id, campaign_id=campaign.pk, parameters={"day": on.isoformat()}, at=at)


def to_mail(campaign: Campaign, *, on: date) -> list[Reminder]:
    """Return the messages of that day whose mail has not gone out, of persons with an address. One query."""
    waiting = Reminder.objects.filter(
        campaign=campaign, channel=ReminderChannel.MESSAGE, happened_on=on, mailed_at__isnull=True
    )
    with_address = waiting.filter(user__is_active=True).exclude(user__email="")
    return list(with_address.select_related("user").order_by("pk"))


def take_mail(reminder: Reminder, *, at: datetime) -> bool:
    """Write down that the mail of a message goes out now; False where another sender has taken it meanwhile."""
    waiting = Reminder.objects.filter(pk=reminder.pk, mailed_at__isnull=True)
    return bool(waiting.update(mailed_at=at, mail_problem=""))


def give_back_mail(reminder: Reminder, *, problem: str) -> None:
    """Write down (in a sentence) why the mail that was taken did not go out; then it is tried again."""
    Reminder.objects.filter(pk=reminder.pk).update(mailed_at=None, mail_problem=problem[:MAXIMUM_NOTE])


@transaction.atomic
def note_call(
    department: Department,
    *,
    uuid: UUID,
    spoken_with: str,
    happened_on: date,
    note: str,
    by: Actor,
    at: datetime,
) -> Reminder:
    """Note a telephone call to a department; the same `uuid` with the same words returns the one noted first.

    Raises Refused at `spoken_with`, `happened_on` or `note`.
    """
    if not can_remind(by):
        raise PermissionDenied
    spoken_with, note = tidy(spoken_with), tidy(note)
    if not 0 < len(spoken_with) <= MAXIMUM_NAME:
        raise Refused(_("Say with whom you spoke, at most 64 characters."), field="spoken_with", code="name")
    if len(note) > MAXIMUM_NOTE:
        raise Refused(_("At most 200 characters."), field="note", code="long")
    if happened_on > day_of(at):
        message = _("%(day)s has not come yet. Note a call after it was made.")
        raise Refused(message % {"day": happened_on.isoformat()}, field="happened_on", code="future")
    if happened_on < department.campaign.facts_from:
        message = _("%(day)s lies before this season. Look at the year again.")
        raise Refused(message % {"day": happened_on.isoformat()}, field="happened_on", code="early")
    said = {"spoken_with": spoken_with, "happened_on": happened_on, "note": note}
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)  # the same form twice at once
    first = Reminder.objects.filter(uuid=uuid).first()
    if first is not None:
        if first.department_id != department.pk or {name: getattr(first, name) for name in said} != said:
            raise Refused(_("This form was sent already with other words. Open it anew."), code="other", existing=first)
        return first
    call = Reminder.objects.create(
        uuid=uuid,
        campaign_id=department.campaign_id,
        channel=ReminderChannel.TELEPHONE,
        department=department,
        sent_by_id=by.user_id,
        sent_at=at,
        **said,
    )
    audit.record(
        "reminder.call",
        call,
        by_id=by.user_id,
        campaign_id=department.campaign_id,
        department_id=department.pk,
        at=at,
        after=said,
    )
    return call
