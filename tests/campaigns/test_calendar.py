"""The calendar: weeks of a month, months of the season, what stands on which day for whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.calendar import months_between, nearest, weeks_of
from campaigns.enums import ObligationKind, ResponsibilityCode, Role
from campaigns.forms.calendar import chosen_month
from campaigns.models import Exchange, Obligation, Responsibility, Sitting, StudySession
from campaigns.queries.actors import load_actor
from campaigns.queries.calendar import load_calendar
from qualityseason.clock import wall_now
from tests.campaigns.owed_working import LIBRARY, UNION, met, moment, owe_record, signed_in
from tests.factories import NOON, department, make_actor, make_membership, make_user

MONTHS = st.dates(date(1990, 1, 1), date(2090, 12, 31)).map(lambda day: f"{day:%Y-%m}")


# --- arithmetic


@given(MONTHS)
def test_weeks_are_whole_begin_on_monday_and_hold_the_month(month):
    weeks = weeks_of(month)
    days = [day for week in weeks for day in week]
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    inside = [day for day in days if f"{day:%Y-%m}" == month]
    assert inside[0].day == 1
    assert (inside[-1] + timedelta(days=1)).day == 1
    assert all(any(f"{day:%Y-%m}" == month for day in week) for week in weeks)


def test_november_of_2009():
    weeks = weeks_of("2009-11")
    assert (weeks[0][0], weeks[-1][-1], len(weeks)) == (date(2009, 10, 26), date(2009, 12, 6), 6)


def test_months_run_over_the_year():
    assert tuple(months_between(date(2009, 10, 31), date(2010, 1, 1))) == ("2009-10", "2009-11", "2009-12", "2010-01")


@pytest.mark.parametrize(("typed", "shown"), [("2009-09", "2009-10"), ("2009-11", "2009-11"), ("2031-01", "2010-01")])
def test_a_month_outside_is_the_nearest(typed, shown):
    assert nearest(typed, ("2009-10", "2009-11", "2009-12", "2010-01")) == shown


@pytest.mark.parametrize(
    ("typed", "month"),
    [("2009-11", "2009-11"), ("２００９.１１", "2009-11"), ("2009-13", ""), ("\x00", ""), (None, ""), ("11", "")],
)
def test_a_month_is_read_as_people_type_it(typed, month):
    assert chosen_month(typed) == month


# --- what stands where


def entries(season, actor, month="2009-11", sort=None):
    """Return {day: [(title, note, state)]} of the month."""
    found = load_calendar(season, actor, month=month, at=NOON)
    return {
        day.day.isoformat(): [(each.title, each.note, each.state) for each in day.entries if sort in (None, each.sort)]
        for week in found.weeks
        for day in week
        if any(sort in (None, each.sort) for each in day.entries)
    }


def done(number, owed):
    return _("%(done)s of %(owed)s done") % {"done": number, "owed": owed}


def test_a_department_sees_its_own_days(season):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    met(season, moment(11, 5))
    Obligation.objects.filter(milestone__code="plan-paper", department__name=LIBRARY).update(
        extended_to=date(2009, 11, 10)
    )
    owe_record(season, "circular", UNION, name="别的部门的文件", due_on=date(2009, 11, 12))
    owe_record(season, "circular", LIBRARY, name="关于安全的通知", due_on=date(2009, 11, 13))
    assert entries(season, liaison, sort="due") == {
        "2009-10-31": [("专题学习讨论", "", "overdue")],
        "2009-11-06": [("活动方案电子文档", "", "met")],
        "2009-11-10": [("活动方案纸质一份", "", "overdue")],
        "2009-11-13": [("关于安全的通知", "", "overdue")],
        "2009-11-30": [(f"{ObligationKind.CONDUCT.label} 2009-11", "", "overdue")],
    }


def test_a_receiver_of_plans_sees_the_own_days_too_not_those_of_all(season):
    Responsibility.objects.create(
        campaign=season, code=ResponsibilityCode.PAPER_RECEIVER, department=department(season, UNION)
    )
    receiver = make_actor(season, Role.STAFF, department=department(season, UNION))
    assert len(entries(season, receiver, sort="due")["2009-11-06"]) == 2  # both copies of the own plan


def test_who_oversees_reads_sums(season):
    leader = make_actor(season, Role.LEADERSHIP)
    met(season, moment(11, 5))
    for home in (LIBRARY, UNION):
        owe_record(season, "assignment", home, due_on=date(2009, 11, 13))
    found = entries(season, leader, sort="due")
    assert found["2009-11-13"] == [(ObligationKind.ASSIGNMENT.label, done(0, 2), "overdue")]
    assert ("活动方案电子文档", done(1, 24), "overdue") in found["2009-11-06"]
    assert len(found["2009-11-30"]) == 3  # service, breaches, conduct


def test_milestones_nobody_owes_stand_by_themselves_and_beginnings_too(season):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    assert entries(season, liaison, sort="milestone")["2009-11-10"] == [("全院动员大会", "", "")]
    begins = _("%(name)s begins") % {"name": "全院动员大会"}
    assert (begins, "", "") in entries(season, liaison, "2009-10", "begins")["2009-10-25"]


def make_sitting(season, home, at, topic="学习方案", **values):
    session = StudySession.objects.create(
        campaign=season,
        department=department(season, home),
        topic=topic,
        entered_by=make_user(f"e{at}{home}"),
        entered_at=at,
        **values,
    )
    Sitting.objects.create(session=session, starts_at=at)


def test_sessions_and_exchanges_stand_at_their_hour(season):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    make_sitting(season, LIBRARY, moment(11, 3, 15))
    make_sitting(season, UNION, moment(11, 3, 15))
    make_sitting(season, LIBRARY, moment(11, 4), "取消了的", cancelled_at=NOON)
    values = {
        "campaign": season,
        "kind": "sharing",
        "place": "礼堂",
        "entered_by_id": liaison.user_id,
        "entered_at": NOON,
    }
    Exchange.objects.create(title="交流会", starts_at=moment(11, 3, 9), **values)
    Exchange.objects.create(title="取消的会", starts_at=moment(11, 3, 9), cancelled_at=NOON, **values)
    found = load_calendar(season, liaison, month="2009-11", at=NOON)
    [day] = [day for week in found.weeks for day in week if day.day == date(2009, 11, 3)]
    assert [(each.time, each.title) for each in day.entries] == [("09:00", "交流会"), ("15:00", "学习方案")]


@pytest.mark.parametrize(("number", "told"), [(3, 3), (4, 1)])
def test_many_sessions_of_a_day_are_one_line(season, number, told):
    office = make_actor(season, Role.OFFICE)
    for home in (LIBRARY, UNION, "教务处", "团委")[:number]:
        make_sitting(season, home, moment(11, 3, 15))
    assert len(entries(season, office, sort="session")["2009-11-03"]) == told


def test_phases_run_as_bars_named_once_a_week(season):
    office = make_actor(season, Role.OFFICE)
    found = load_calendar(season, office, month="2009-10", at=NOON)
    [last] = [week for week in found.weeks if week[0].day == date(2009, 10, 19)]
    labels = [[bar.label if bar else None for bar in day.bars] for day in last]
    assert labels[:3] == [["1. 学习宣传阶段", None], ["", None], ["", "2. 制定措施阶段"]]
    assert found.before == ""
    assert (found.after, found.months[-1]) == ("2009-11", "2010-03")  # the commendation comes after the end


# --- the page


def url(query=""):
    return reverse("campaigns:calendar", args=["2009"]) + query


@pytest.fixture
def demo(season):
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])
    return season


@pytest.mark.parametrize("role", list(Role))
def test_everybody_opens_the_month_of_today(client, demo, role):
    signed_in(client, demo, role, LIBRARY)
    response = client.get(url())
    assert response.context["calendar"].month == "2009-12"
    assert sum(day.is_today for week in response.context["calendar"].weeks for day in week) == 1


@pytest.mark.parametrize(
    ("query", "month"), [("?month=1999-01", "2009-10"), ("?month=%00", "2009-12"), ("?month=2031-05", "2010-03")]
)
def test_any_month_asked_for_shows_one_of_the_season(client, demo, query, month):
    signed_in(client, demo, Role.HEAD, LIBRARY)
    response = client.get(url(query))
    assert (response.status_code, response.context["calendar"].month) == (200, month)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_queries(client, demo, rows, django_assert_num_queries):
    user = signed_in(client, demo, Role.OFFICE)
    for home in (LIBRARY, UNION, "教务处")[:rows]:
        make_sitting(demo, home, moment(12, 3, 15))
        owe_record(demo, "circular", home)
        Exchange.objects.create(
            campaign=demo,
            kind="sharing",
            title="交流",
            place="礼堂",
            starts_at=moment(12, 4),
            entered_by=user,
            entered_at=NOON,
        )
    with django_assert_num_queries(11):
        client.get(url())


def test_two_departments_are_named(season):
    user = make_user("both")
    for home in (LIBRARY, UNION):
        make_membership(season, user, Role.STAFF, department=department(season, home))
    actor = load_actor(user, season, on=date(2009, 12, 28))
    assert {note for _title, note, _state in entries(season, actor, sort="due")["2009-11-06"]} == {LIBRARY, UNION}
