"""The pages of reminding: the preview, sending, calls, the text beside the filters, the home of who was reminded."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.enums import ReminderChannel, Role
from campaigns.models import Obligation, Reminder
from qualityseason.clock import wall_now
from qualityseason.models import User
from tests.campaigns.owed_working import LIBRARY, UNION, moment, owe_record, signed_in
from tests.factories import NOON, department, make_membership, make_user

HOMES = (LIBRARY, UNION, "教务处")


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


@pytest.fixture(autouse=True)
def _today(season):
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


def owing(season, homes=HOMES):
    """Let these departments owe the paper copy alone, each with a head."""
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))
    rows = Obligation.objects.filter(milestone__code="plan-paper", department__name__in=homes)
    rows.update(met_at=None, recorded_at=None)
    for number, home in enumerate(homes):
        make_membership(
            season, make_user(f"h{number}", name=f"负责人{number}"), Role.HEAD, department=department(season, home)
        )
    return rows


def reminded(number):
    text = ngettext("%(number)s person was reminded.", "%(number)s persons were reminded.", number)
    return text % {"number": number}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", ["reminders", "reminder-call"])
def test_the_office_alone_comes_here(client, season, role, name):
    signed_in(client, season, role, LIBRARY)
    args = [department(season, UNION).uuid] if name == "reminder-call" else []
    assert client.get(url(name, *args)).status_code == (200 if role == Role.OFFICE else 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    owing(season, HOMES[:rows])
    signed_in(client, season, Role.OFFICE)
    for home in HOMES[:rows]:
        for _number in range(rows):
            owe_record(season, "circular", home)
    with django_assert_num_queries(15):
        response = client.get(url("reminders"))
    assert len(response.context["places"]) == rows


def test_the_preview_says_who_gets_what_and_sending_tells_how_many(client, season):
    owing(season)
    signed_in(client, season, Role.OFFICE)
    page = client.get(url("reminders"))
    body = page.content.decode()
    assert [page.context[name] for name in ("overdue", "to_send", "sent_today")] == [3, 3, 0]
    assert body.count('name="person"') == 3
    assert body.count("活动方案纸质一份") >= 3
    assert Reminder.objects.count() == 0  # looking sends nothing
    response = client.post(url("reminders-send"), {"days": "7", "person": ["h0", "h2"]}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [reminded(2)]
    assert [response.context[name] for name in ("to_send", "sent_today")] == [1, 2]
    again = client.post(url("reminders-send"), {"days": "7", "person": ["h0", "h1"]}, follow=True)
    assert str(next(iter(again.context["messages"]))).startswith(reminded(1))
    assert Reminder.objects.count() == 3


def test_a_person_of_two_departments_is_ticked_once(client, season):
    owing(season, HOMES[:2])
    make_membership(season, User.objects.get(username="h0"), Role.STAFF, department=department(season, UNION))
    signed_in(client, season, Role.OFFICE)
    page = client.get(url("reminders")).content.decode()
    assert page.count('value="h0"') == 1


def test_nobody_ticked_is_told(client, season):
    owing(season)
    signed_in(client, season, Role.OFFICE)
    response = client.post(url("reminders-send"), {"days": "7"}, follow=True)
    assert len(response.context["messages"]) == 1
    assert Reminder.objects.count() == 0


def test_a_nonsense_filter_shows_a_week(client, season):
    signed_in(client, season, Role.OFFICE)
    for query in ({"days": "x"}, {"days": "-5"}, {"days": "\x00"}, {}):
        assert client.get(url("reminders"), query).context["days"] == 7
    assert client.get(url("reminders"), {"days": "0", "overdue": "on"}).context["days"] == 0
    assert client.get(url("reminders-send")).status_code == 405


def test_nothing_to_remind_of_is_said(client, season):
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))
    signed_in(client, season, Role.OFFICE)
    page = client.get(url("reminders"))
    assert (page.context["places"], page.context["chase"]) == ((), "")
    assert url("reminders-send") not in page.content.decode()


def test_a_call_is_noted_and_stands_beside_the_department(client, season):
    owing(season, [LIBRARY])
    signed_in(client, season, Role.OFFICE)
    here = url("reminder-call", department(season).uuid)
    page = client.get(here)
    assert page.context["form"]["happened_on"].value() == "2009-12-28"
    assert "活动方案纸质一份" in page.content.decode()
    form = {"uuid": page.context["form"]["uuid"].value(), "spoken_with": "谢老师", "happened_on": "2009年12月24日"}
    assert client.post(here, form).url == url("reminders")
    assert client.post(here, form).url == url("reminders")
    row = Reminder.objects.get(channel=ReminderChannel.TELEPHONE)
    assert (row.spoken_with, row.happened_on) == ("谢老师", date(2009, 12, 24))
    assert "谢老师" in client.get(url("reminders")).content.decode()
    matrix = client.get(url("obligations")).content.decode()
    assert "谢老师" in matrix
    client.logout()
    signed_in(client, season, Role.ASSESSOR)
    assert "谢老师" not in client.get(url("obligations")).content.decode()


def test_a_bad_call_keeps_what_was_typed(client, season):
    signed_in(client, season, Role.OFFICE)
    form = {"spoken_with": "谢老师", "happened_on": "2009-12-29", "note": "占线"}
    response = client.post(url("reminder-call", department(season).uuid), form)
    assert "happened_on" in response.context["form"].errors
    assert response.context["form"]["note"].value() == "占线"


def test_a_call_to_another_seasons_department_is_404(client, season, other_season):
    signed_in(client, season, Role.OFFICE)
    assert client.get(url("reminder-call", other_season.departments.first().uuid)).status_code == 404


def test_who_was_reminded_reads_it_on_the_home(client, season):
    owing(season, [LIBRARY])
    signed_in(client, season, Role.OFFICE)
    client.post(url("reminders-send"), {"days": "7", "person": ["h0"]})
    client.logout()
    client.force_login(User.objects.get(username="h0"))
    shown = client.get(url("campaign-home"))
    assert [line.title for line in shown.context["reminder"].lines] == ["活动方案纸质一份"]
    Obligation.objects.update(met_at=NOON, recorded_at=NOON)
    assert client.get(url("campaign-home")).context["reminder"] is None


# --- the text beside the filters


@pytest.mark.parametrize(
    ("name", "query", "kind"),
    [
        ("circulars", {"block": "B"}, "circular"),
        ("assignments", {"block": "B"}, "assignment"),
        ("problems", {"block": "B"}, "problem"),
        ("summaries", {"block": "B"}, "summary"),
        ("obligations", {"show": "open", "block": "B"}, "circular"),
    ],
)
def test_the_text_stands_beside_the_filter_for_the_office(client, season, name, query, kind):
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))
    if kind == "summary":
        rows = Obligation.objects.filter(milestone__code="summary", department__name__in=[LIBRARY, UNION])
        rows.update(met_at=None, recorded_at=None)
    else:
        owe_record(season, kind, LIBRARY)
        owe_record(season, kind, UNION)
    signed_in(client, season, Role.OFFICE)
    text = client.get(url(name), query).context["chase"]
    assert LIBRARY in text
    assert UNION not in text
    client.logout()
    signed_in(client, season, Role.LEADERSHIP)
    assert client.get(url(name), query).context["chase"] == ""


def test_the_gaps_of_the_haves_are_asked_for_by_name(client, season):
    signed_in(client, season, Role.OFFICE)
    text = client.get(url("haves"), {"show": "missing", "block": "B"}).context["chase"]
    assert season.lists["eight_haves"][0] in text
    assert LIBRARY in text
    assert UNION not in text
