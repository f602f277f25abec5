"""Two senders at once, two presses at once: one mail, one call."""

import uuid
from datetime import date

import pytest
from django.core import mail

from campaigns.enums import ReminderChannel, Role
from campaigns.jobs.reminder_mail import mail_day
from campaigns.models import Reminder
from campaigns.services.reminders import note_call
from tests.campaigns.test_problems_concurrency import at_once
from tests.factories import NOON, department, make_actor, make_user

TODAY = date(2009, 12, 28)


def quiet(done, total):
    """Tell nobody how far it is."""


@pytest.fixture
def waiting(season):
    """Three messages of today whose mail has not gone out."""
    for name in ("a", "b", "c"):
        Reminder.objects.create(
            campaign=season,
            channel=ReminderChannel.MESSAGE,
            user=make_user(name, email=f"{name}@example.org"),
            happened_on=TODAY,
            sent_at=NOON,
        )


def test_a_second_sender_meanwhile_sends_nothing_again(season, waiting):
    def overtaken(done, total):
        if done == 0:
            assert mail_day(season, TODAY, quiet) == (3, 0)

    assert mail_day(season, TODAY, overtaken) == (0, 0)
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_call_noted_twice_at_once_is_one(committed_season):
    office, key = make_actor(committed_season, Role.OFFICE), uuid.uuid4()
    place = department(committed_season)

    def noting():
        said = {"spoken_with": "主任", "happened_on": TODAY, "note": ""}
        return note_call(place, uuid=key, by=office, at=NOON, **said)

    results = at_once(*[noting] * 4)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert Reminder.objects.filter(channel=ReminderChannel.TELEPHONE).count() == 1
