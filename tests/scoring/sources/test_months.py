"""What departments owe by the month, read from real rows, and what is seen of it."""

from datetime import date

import pytest

from campaigns.enums import Role
from campaigns.models import MonthlyReport, Obligation
from campaigns.services.service_work import withdraw_service
from scoring.enums import Proof
from scoring.facts.tasks import MonthlyReportFact, ServiceMonthFact, StudentMonthFact
from scoring.models import Announcement
from scoring.queries.detection import know_season, look_at
from scoring.queries.sources import LINKS, SOURCES
from scoring.queries.sources.months import read_service, read_student_months
from tests.campaigns.month_working import (
    DECEMBER,
    FINANCE,
    LIBRARY,
    NOVEMBER,
    UNION,
    actor,
    make_report,
    make_service,
    owed,
)
from tests.factories import NOON, department, make_user

DAY = date(2009, 12, 28)
NEW_YEAR = date(2010, 1, 5)


@pytest.fixture
def liaison(season):
    return actor(season, Role.STAFF, UNION)


def served(season, home=UNION, *, on=NEW_YEAR):
    """Return what is read of the months of service: month, last day, whether any stands."""
    return [(one.month, one.deadline, one.is_served) for one in read_service(department(season, home), on)]


def reported(season, home, *, on=NEW_YEAR):
    return [(one.month, one.owed, one.report) for one in read_student_months(department(season, home), on)]


def seen(season, home, code, *, on=NEW_YEAR):
    """Return key and proof of what one rule sees."""
    looked = look_at(department(season, home), know_season(season, on=on))
    return [(one.charge_key, one.proof) for one in looked.seen if one.rule.code == code]


def test_month_is_read_from_the_day_after_its_last_one(season):
    assert served(season, on=date(2009, 11, 30)) == []
    assert served(season, on=date(2009, 12, 1)) == [("2009-11", date(2009, 11, 30), False)]


def test_service_counts_for_its_own_month_and_department_however_late_written_down(season, liaison):
    make_service(season, liaison, day=date(2009, 11, 30))
    make_service(season, actor(season, Role.STAFF, "督导室"), home="督导室", day=date(2009, 12, 1))
    assert served(season) == [("2009-11", date(2009, 11, 30), True), ("2009-12", date(2009, 12, 31), False)]
    assert [one[2] for one in served(season, "督导室")] == [False, True]


def test_withdrawn_service_is_none(season, liaison):
    work = make_service(season, liaison)
    withdraw_service(work, because="记错", by=liaison, at=NOON)
    assert served(season)[0] == ("2009-11", date(2009, 11, 30), False)


def test_extension_moves_the_last_day(season):
    row = owed(season, UNION, "service", NOVEMBER)
    row.extended_to = date(2009, 12, 10)
    row.save()
    assert served(season)[0] == ("2009-11", date(2009, 12, 10), False)
    assert seen(season, UNION, "A2", on=date(2009, 12, 10)) == []


def test_month_no_longer_owed_is_not_read(season):
    Obligation.objects.filter(department__name=UNION, kind="service", key=NOVEMBER).update(dropped_at=NOON)
    assert [month for month, _day, _served in served(season)] == [DECEMBER]


def test_each_kind_of_department_owes_its_own_report(season):
    assert reported(season, LIBRARY) == [("2009-11", "conduct", None), ("2009-12", "conduct", None)]
    assert reported(season, FINANCE) == [("2009-11", "breaches", None), ("2009-12", "breaches", None)]
    assert (reported(season, UNION), served(season, LIBRARY)) == ([], [])


def test_report_is_read_with_what_it_says(season):
    report = make_report(season, actor(season, Role.STAFF, FINANCE), home=FINANCE, kind="breaches")
    fact = MonthlyReportFact(report.uuid, "2009-11", DAY, True, True)
    assert reported(season, FINANCE)[0] == ("2009-11", "breaches", fact)
    MonthlyReport.objects.update(handling=" ")
    assert reported(season, FINANCE)[0][2].has_handling is False


def test_report_of_another_department_is_not_ours(season):
    make_report(season, actor(season, Role.STAFF, LIBRARY))
    assert reported(season, "体育部")[0] == ("2009-11", "conduct", None)


@pytest.mark.parametrize("number", [1, 3])
def test_two_queries_at_any_size(season, liaison, number, django_assert_num_queries):
    library = actor(season, Role.STAFF, LIBRARY)
    for day in range(number):
        make_service(season, liaison, day=date(2009, 11, 1 + day))
    for month in (NOVEMBER, DECEMBER)[:number]:
        make_report(season, library, month=month)
    union, place = department(season, UNION), department(season, LIBRARY)
    with django_assert_num_queries(2):
        SOURCES["service"](union, NEW_YEAR)
    with django_assert_num_queries(2):
        SOURCES["student-months"](place, NEW_YEAR)


def test_links_lead_to_pages_a_department_sees(season):
    assert {kind: LINKS[kind] for kind in (ServiceMonthFact.kind, StudentMonthFact.kind, MonthlyReportFact.kind)} == {
        "service-month": "campaigns:obligation",
        "student-month": "campaigns:obligation",
        "monthly-report": "campaigns:monthly-report",
    }


def test_silence_proposes_no_points_before_it_is_announced(season, liaison):
    make_service(season, liaison, day=date(2009, 11, 20))
    union = department(season, UNION)
    key = f"A2|department:{union.uuid}|2009-12"
    assert seen(season, UNION, "A2") == [(key, Proof.NO_RECORD)]
    announce(season, "service", date(2010, 1, 1))
    assert seen(season, UNION, "A2") == [(key, Proof.NO_RECORD)]
    Announcement.objects.update(starts_on=date(2009, 12, 31))
    assert seen(season, UNION, "A2") == [(key, Proof.PROVEN)]


def test_month_without_report_is_seen_of_its_block_and_breaches_not_handled_are_proven(season):
    make_report(season, actor(season, Role.STAFF, FINANCE), home=FINANCE, kind="breaches")
    finance = department(season, FINANCE)
    december = (f"B4|department:{finance.uuid}|2009-12", Proof.NO_RECORD)
    assert seen(season, FINANCE, "B4") == [december]
    MonthlyReport.objects.update(handling="")
    assert seen(season, FINANCE, "B4") == [(f"B4|department:{finance.uuid}|2009-11", Proof.PROVEN), december]
    assert (seen(season, FINANCE, "A2"), seen(season, UNION, "B4")) == ([], [])


def announce(season, kind, starts_on):
    Announcement.objects.create(
        campaign=season, kind=kind, starts_on=starts_on, announced_by=make_user("office"), announced_at=NOON
    )
