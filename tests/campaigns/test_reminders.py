"""Reminding: who gets which message, once a day, what stands on the home, telephone calls, the mail behind it."""

import smtplib
import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from campaigns.enums import ReminderChannel, Role
from campaigns.jobs.reminder_mail import mail_day
from campaigns.models import Assignment, Obligation, Reminder
from campaigns.queries.actors import load_actor
from campaigns.queries.reminder_page import calls_of, departments_to_remind
from campaigns.queries.reminders import drafts, home_reminder
from campaigns.services.reminders import note_call, send_reminders
from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, Job
from tests.campaigns.owed_working import LIBRARY, UNION, moment, owe_record
from tests.factories import NOON, department, make_actor, make_membership, make_user

TODAY = date(2009, 12, 28)
SUMMARY, PAPER = "书面总结材料", "活动方案纸质一份"


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def library(season):
    """Head and liaison of the library, which owes a paper copy (52 days over) and the summary (in three days)."""
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))
    rows = Obligation.objects.filter(department__name=LIBRARY, milestone__code__in=["plan-paper", "summary"])
    rows.update(met_at=None, recorded_at=None)
    for name in ("head", "liaison"):
        role = Role.HEAD if name == "head" else Role.STAFF
        make_membership(season, make_user(name, name=name), role, department=department(season))
    return rows


def send(season, office, at=NOON, **values):
    return send_reminders(season, days=values.pop("days", 7), by=office, at=at, **values)


def said(draft):
    return [(line.title, line.days_left) for line in draft.lines]


# --- who would get what


def test_one_message_lists_all_that_is_due_with_the_days_left(season, library):
    found = drafts(season, on=TODAY, days=7)
    assert [(draft.username, said(draft)) for draft in found] == [
        ("head", [(PAPER, -52), (SUMMARY, 3)]),
        ("liaison", [(PAPER, -52), (SUMMARY, 3)]),
    ]
    assert [draft.overdue for draft in found] == [1, 1]


@pytest.mark.parametrize(("days", "titles"), [(3, [PAPER, SUMMARY]), (2, [PAPER]), (0, [PAPER])])
def test_a_message_looks_ahead_as_far_as_asked(season, library, days, titles):
    assert [line.title for line in drafts(season, on=TODAY, days=days)[0].lines] == titles


def test_who_has_handed_in_gets_none(season, library):
    make_membership(season, make_user("union"), Role.HEAD, department=department(season, UNION))
    library.update(met_at=NOON, recorded_at=NOON)
    assert drafts(season, on=TODAY, days=7) == ()


def test_an_extension_counts(season, library):
    library.filter(milestone__code="plan-paper").update(extended_to=date(2010, 1, 8))
    assert said(drafts(season, on=TODAY, days=7)[0]) == [(SUMMARY, 3)]
    assert said(drafts(season, on=date(2010, 1, 9), days=0)[0]) == [(SUMMARY, -9), (PAPER, -1)]


@pytest.mark.parametrize(("state", "asked"), [("given", True), ("sent-back", True), ("reported", False)])
def test_a_reported_assignment_is_not_asked_for_again(season, office, library, state, asked):
    task = Assignment.objects.create(
        campaign=season,
        department=department(season),
        title="报送统计",
        issuer="office",
        given_on=date(2009, 12, 1),
        due_on=date(2009, 12, 20),
        state=state,
        given_by_id=office.user_id,
        entered_at=NOON,
    )
    owe_record(season, "assignment", key=str(task.uuid), name="报送统计")
    titles = [line.title for line in drafts(season, on=TODAY, days=7)[0].lines]
    assert ("报送统计" in titles) == asked


def test_what_was_dropped_and_a_closed_department_are_left_alone(season, library):
    library.filter(milestone__code="plan-paper").update(dropped_at=NOON)
    assert said(drafts(season, on=TODAY, days=7)[0]) == [(SUMMARY, 3)]
    place = department(season)
    place.closed_on = date(2009, 12, 1)
    place.save()
    assert drafts(season, on=TODAY, days=7) == ()


def test_two_departments_of_one_person_are_one_message(season, library):
    both = make_user("both", name="两处")
    for home in (LIBRARY, UNION):
        make_membership(season, both, Role.STAFF, department=department(season, home))
    Obligation.objects.filter(department__name=UNION, milestone__code="summary").update(met_at=None, recorded_at=None)
    [draft] = [each for each in drafts(season, on=TODAY, days=7) if each.username == "both"]
    assert [(line.department, line.title) for line in draft.lines] == [
        (LIBRARY, PAPER),
        (UNION, SUMMARY),
        (LIBRARY, SUMMARY),
    ]
    assert draft.others == (LIBRARY,)  # told under the first department of the scheme, the union


def test_former_people_and_closed_accounts_get_none(season, library):
    former, closed = make_user("former"), make_user("closed", is_active=False)
    make_membership(season, former, Role.HEAD, department=department(season), ends_on=date(2009, 12, 27))
    make_membership(season, closed, Role.HEAD, department=department(season))
    assert {draft.username for draft in drafts(season, on=TODAY, days=7)} == {"head", "liaison"}


def test_the_page_begins_with_the_longest_overdue_and_tells_the_last_call(season, office, library):
    Obligation.objects.filter(department__name=UNION, milestone__code="pieces").update(met_at=None, recorded_at=None)
    call(season, office, happened_on=date(2009, 12, 20))
    call(season, office, happened_on=date(2009, 12, 24), spoken_with="谢主任")
    places = departments_to_remind(season, office, on=TODAY, days=7)
    assert [(place.name, len(place.late), len(place.coming)) for place in places] == [(LIBRARY, 1, 1), (UNION, 0, 1)]
    assert (places[0].call.happened_on, places[0].call.spoken_with) == (date(2009, 12, 24), "谢主任")
    assert (places[1].call, places[1].drafts) == (None, ())
    only = departments_to_remind(season, office, on=TODAY, days=7, overdue_only=True)
    assert [place.name for place in only] == [LIBRARY]


# --- sending


def test_sending_keeps_one_message_for_each_person(season, office, library):
    sent = send(season, office)
    assert (sent.made, sent.again, sent.job) == (2, 0, None)
    rows = Reminder.objects.order_by("user__username")
    assert [(row.user.username, row.happened_on, row.sent_by_id) for row in rows] == [
        ("head", TODAY, office.user_id),
        ("liaison", TODAY, office.user_id),
    ]
    assert [(line["title"], line["day"], line["days_left"]) for line in rows[0].lines] == [
        (PAPER, "2009-11-06", -52),
        (SUMMARY, "2009-12-31", 3),
    ]
    assert AuditEntry.objects.filter(act="reminder.send").count() == 2


def test_nobody_is_reminded_twice_on_a_day(season, office, library):
    send(season, office, usernames={"head"})
    again = send(season, office, at=NOON + timedelta(hours=2))
    assert (again.made, again.again) == (1, 1)
    assert Reminder.objects.count() == 2
    assert send(season, office, at=NOON + timedelta(days=1)).made == 2


def test_the_database_keeps_one_message_a_day(season, office):
    values = {"campaign": season, "user_id": office.user_id, "happened_on": TODAY, "sent_at": NOON}
    Reminder.objects.create(channel=ReminderChannel.MESSAGE, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(channel=ReminderChannel.MESSAGE, **values)


def test_only_those_ticked_are_reminded(season, office, library):
    assert send(season, office, usernames={"liaison", "stranger"}).made == 1
    assert Reminder.objects.get().user.username == "liaison"
    with pytest.raises(Refused) as refusal:
        send(season, office, usernames=set())
    assert refusal.value.refusal_code == "none"


@pytest.mark.parametrize("days", [-1, 61])
def test_a_senseless_number_of_days_is_refused(season, office, library, days):
    with pytest.raises(Refused) as refusal:
        send(season, office, days=days)
    assert refusal.value.field == "days"


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_the_office_alone_reminds(season, library, role):
    actor = make_actor(season, role)
    with pytest.raises(PermissionDenied):
        send(season, actor)
    with pytest.raises(PermissionDenied):
        call(season, actor)


# --- on the home


def test_the_message_stands_on_the_home_until_all_is_done(season, office, library):
    send(season, office)
    head = load_actor(Reminder.objects.get(user__username="head").user, season, on=TODAY)
    shown = home_reminder(head, at=NOON + timedelta(days=1))
    assert [(line.title, line.days_left) for line in shown.lines] == [(PAPER, -53), (SUMMARY, 2)]
    library.filter(milestone__code="plan-paper").update(met_at=NOON, recorded_at=NOON)
    assert [line.title for line in home_reminder(head, at=NOON).lines] == [SUMMARY]
    library.update(met_at=NOON, recorded_at=NOON)
    assert home_reminder(head, at=NOON) is None


@pytest.mark.parametrize(("days", "stands"), [(6, True), (7, False)])
def test_the_message_goes_after_a_week(season, office, library, days, stands):
    send(season, office)
    head = load_actor(Reminder.objects.get(user__username="head").user, season, on=TODAY)
    assert (home_reminder(head, at=NOON + timedelta(days=days)) is not None) == stands


def test_the_message_is_the_persons_own(season, office, library):
    send(season, office, usernames={"head"})
    liaison = load_actor(make_membership_user(season), season, on=TODAY)
    assert home_reminder(liaison, at=NOON) is None
    assert Reminder.objects.visible_to(liaison).count() == 0


def make_membership_user(season):
    return season.memberships.get(user__username="liaison").user


# --- telephone


def call(season, office, home=LIBRARY, **values):
    whole = {"uuid": uuid.uuid4(), "spoken_with": "谢老师", "happened_on": TODAY, "note": "答应明天交"} | values
    return note_call(department(season, home), **whole, by=office, at=NOON)


def test_calls_are_noted_several_over_time(season, office):
    call(season, office, happened_on=date(2009, 12, 20))
    call(season, office, spoken_with="何主任", note="")
    rows = calls_of(office, department(season))
    assert [(row.happened_on, row.spoken_with, row.note) for row in rows] == [
        (TODAY, "何主任", ""),
        (date(2009, 12, 20), "谢老师", "答应明天交"),
    ]
    assert AuditEntry.objects.filter(act="reminder.call").count() == 2
    assert calls_of(make_actor(season, Role.ASSESSOR), department(season)) == ()


def test_the_same_form_sent_twice_is_one_call(season, office):
    key = uuid.uuid4()
    first = call(season, office, uuid=key)
    assert call(season, office, uuid=key) == first
    for other in ({"spoken_with": "何主任"}, {"home": UNION}):
        with pytest.raises(Refused) as refusal:
            call(season, office, uuid=key, **other)
        assert refusal.value.refusal_code == "other"
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"happened_on": date(2009, 12, 29)}, "happened_on"),
        ({"happened_on": date(2009, 8, 31)}, "happened_on"),
        ({"spoken_with": "　 "}, "spoken_with"),
        ({"spoken_with": "长" * 65}, "spoken_with"),
        ({"note": "长" * 201}, "note"),
    ],
)
def test_a_bad_call_is_refused(season, office, values, field):
    with pytest.raises(Refused) as refusal:
        call(season, office, **values)
    assert refusal.value.field == field
    assert Reminder.objects.count() == 0


# --- mail


class Unreachable(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})


@pytest.fixture
def by_mail(settings, library, season):
    """Mail is set up, and the head has an address."""
    settings.MAIL_IS_SET, settings.PORTAL_URL = True, "https://portal.example.cn"
    user = season.memberships.get(user__username="head").user
    user.email = "head@example.cn"
    user.save()
    return user


def test_mail_goes_to_who_has_an_address_and_names_no_other_department(
    season, office, by_mail, django_capture_on_commit_callbacks
):
    Obligation.objects.filter(department__name=UNION).update(met_at=None, recorded_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        job = send(season, office).job
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    [message] = mail.outbox
    assert message.to == ["head@example.cn"]
    assert PAPER in message.body
    assert "52" in message.body
    assert SUMMARY in message.body
    assert UNION not in message.body
    assert "https://portal.example.cn/campaigns/2009/" in message.body
    assert Reminder.objects.get(user=by_mail).mailed_at is not None
    assert Reminder.objects.get(user__username="liaison").mailed_at is None


@pytest.mark.parametrize("backend", ["Unreachable", "Refusing"])
def test_mail_that_fails_is_written_down_and_tried_again(
    season, office, by_mail, settings, backend, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = f"tests.campaigns.test_reminders.{backend}"
    with django_capture_on_commit_callbacks(execute=True):
        send(season, office)
    row = Reminder.objects.get(user=by_mail)
    assert (row.mailed_at, bool(row.mail_problem)) == (None, True)
    assert [draft.mail_problem for draft in drafts(season, on=TODAY, days=7)] == [row.mail_problem, ""]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        again = send(season, office, usernames={"head"})
    assert (again.made, again.again) == (0, 1)
    row.refresh_from_db()
    assert (row.mailed_at is not None, row.mail_problem, len(mail.outbox)) == (True, "", 1)


def test_without_mail_set_up_nothing_is_queued(season, office, library):
    make_membership_user(season).__class__.objects.update(email="someone@example.cn")
    assert send(season, office).job is None
    assert (Job.objects.count(), mail.outbox) == (0, [])


# --- the command


@pytest.fixture
def demo(season):
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])
    return season


def test_the_command_reminds_once_a_day(demo, library, capsys):
    call_command("send_reminders", "2009", "--dry-run")
    assert "head" in capsys.readouterr().out
    assert Reminder.objects.count() == 0
    call_command("send_reminders", "2009", "--days", "7")
    call_command("send_reminders", "2009")
    assert Reminder.objects.filter(sent_by=None).count() == 2


def test_the_command_mails_by_itself(demo, by_mail):
    call_command("send_reminders", "2009")
    assert (len(mail.outbox), Job.objects.count()) == (1, 0)
    assert mail_day(demo, TODAY, lambda done, total: None) == (0, 0)


@pytest.mark.parametrize("arguments", [("1999",), ("2009", "--days", "99")])
def test_the_command_refuses_in_a_sentence(demo, arguments):
    with pytest.raises(CommandError):
        call_command("send_reminders", *arguments)
