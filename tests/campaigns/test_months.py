"""The month grid: what each department owes in a month, where it stands, what mends it, who sees it."""

from datetime import date

import pytest

from campaigns.enums import Role
from campaigns.models import Campaign
from campaigns.queries.months import months_page
from campaigns.services.monthly_reports import confirm_report
from tests.campaigns.month_working import (
    DECEMBER,
    FINANCE,
    LIBRARY,
    NOVEMBER,
    STUDENTS,
    UNION,
    actor,
    file,
    make_report,
    make_service,
    set_clock,
)
from tests.campaigns.people_working import actor_of, signed_in, url
from tests.factories import NOON, department, make_membership


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


def grid(who, season, **wanted):
    campaign = Campaign.objects.get(pk=season.pk)
    return months_page(who, campaign, on=NOON.date(), back="/", **wanted)


def row_of(page, name):
    return next(row for block in page.blocks for row in block.rows if row.department == name)


def test_head_sees_at_a_glance_which_month_is_missing_and_what_mends_it(client, season):
    user = signed_in(client, season, Role.HEAD, LIBRARY)
    report = make_report(season, actor_of(user, season), month=DECEMBER)
    (row,) = client.get(url("months")).context["page"].own
    november, december = row.cells
    assert [(duty.kind, duty.state, duty.days_late) for duty in november.duties] == [("conduct", "overdue", 28)]
    assert november.duties[0].act_url == (
        f"{url('monthly-report-new')}?department={row.uuid}&month=2009-11&kind=conduct"
    )
    assert [(duty.state, duty.record_url, duty.act_url) for duty in december.duties] == [
        ("met", url("monthly-report", report.uuid), "")
    ]
    assert (row.missing, client.get(url("months")).context["page"].blocks) == (1, ())


def test_service_is_counted_and_led_to(season):
    by = actor(season, Role.STAFF, UNION)
    make_service(season, by)
    make_service(season, by, day=date(2009, 11, 5))
    make_service(season, by, day=date(2009, 10, 20))
    (row,) = grid(by, season).own
    november, december = (cell.duties[0] for cell in row.cells)
    assert (november.state, november.services, december.state, december.services) == ("met", 2, "open", 0)
    assert november.record_url == f"{url('service')}?department={row.uuid}&month=2009-11"
    assert december.act_url == f"{url('service-new')}?department={row.uuid}&month=2009-12"
    assert november.act_url != ""  # more of it is welcome


def test_month_that_has_not_begun_has_no_button(season):
    campaign, by = Campaign.objects.get(pk=season.pk), actor(season, Role.STAFF, UNION)
    (row,) = months_page(by, campaign, on=date(2009, 11, 15), back="/").own
    assert [(cell.has_begun, bool(cell.duties[0].act_url)) for cell in row.cells] == [(True, True), (False, False)]


def test_receipt_shows_beside_the_report(season):
    by, students = actor(season, Role.STAFF, LIBRARY), actor(season, Role.STAFF, STUDENTS)
    report = make_report(season, by)
    duty = grid(by, season).own[0].cells[0].duties[0]
    assert (duty.addressee, duty.confirmed_at) == (STUDENTS, None)
    confirm_report(report, version=1, by=students, at=NOON)
    assert grid(by, season).own[0].cells[0].duties[0].confirmed_at == NOON


def test_evidence_ticked_to_the_month_is_counted(season):
    by = actor(season, Role.STAFF, LIBRARY)
    file(season, LIBRARY, ("month", NOVEMBER), ("month", DECEMBER), by_id=by.user_id)
    file(season, LIBRARY, ("month", NOVEMBER), by_id=by.user_id, withdrawn_at=NOON)
    file(season, UNION, ("month", NOVEMBER), by_id=by.user_id)
    assert [cell.evidence for cell in grid(by, season).own[0].cells] == [1, 1]
    page = grid(actor(season, Role.ASSESSOR), season)
    assert [row_of(page, name).cells[0].evidence for name in (LIBRARY, UNION, FINANCE)] == [1, 1, 0]


def test_overseers_see_all_by_block_and_only_what_is_missing(season):
    make_service(season, actor(season, Role.STAFF, UNION))
    assessor = actor(season, Role.ASSESSOR)
    page = grid(assessor, season)
    assert [(block.code, len(block.rows)) for block in page.blocks] == [("A", 14), ("B", 10)]
    assert [(each.month, each.owed, each.missing, each.overdue) for each in page.sums] == [
        (NOVEMBER, 24, 23, 23),
        (DECEMBER, 24, 24, 0),
    ]
    assert row_of(page, UNION).cells[0].duties[0].act_url == ""
    overdue = grid(assessor, season, show="overdue")
    assert UNION not in [row.department for block in overdue.blocks for row in block.rows]
    assert [len(block.rows) for block in overdue.blocks] == [13, 10]
    assert [len(block.rows) for block in grid(assessor, season, show="missing", block="B").blocks] == [10]


def test_nobody_but_overseers_sees_another_row(season):
    make_report(season, actor(season, Role.STAFF, LIBRARY))
    students = actor(season, Role.STAFF, STUDENTS)
    page = grid(students, season)
    assert ([row.department for row in page.own], page.blocks) == ([STUDENTS], ())


def test_reports_received_wait_on_the_page_of_the_addressee(client, season):
    make_report(season, actor(season, Role.STAFF, LIBRARY))
    late = make_report(season, actor(season, Role.STAFF, "体育部"), home="体育部")
    user = signed_in(client, season, Role.STAFF, STUDENTS)
    received = client.get(url("months")).context["received"]
    assert [(row.department, row.confirmed_at) for row in received] == [(LIBRARY, None), ("体育部", None)]
    confirm_report(late, version=1, by=actor_of(user, season), at=NOON)
    received = client.get(url("months")).context["received"]
    assert [row.department for row in received] == [LIBRARY, "体育部"]
    signed_in(client, season, Role.STAFF, "体育部", username="sport-2")
    assert client.get(url("months")).context["received"] == ()


def test_office_gets_the_text_to_copy_beside_the_filter(client, season):
    signed_in(client, season, Role.OFFICE)
    assert client.get(url("months")).context["chase"] == ""
    text = client.get(url("months"), {"show": "overdue", "block": "A"}).context["chase"]
    assert [name in text for name in (UNION, LIBRARY, FINANCE)] == [True, False, False]
    text = client.get(url("months"), {"show": "missing", "block": "x"}).context["chase"]
    assert [name in text for name in (UNION, LIBRARY, FINANCE)] == [True, True, True]
    signed_in(client, season, Role.ASSESSOR)
    assert client.get(url("months"), {"show": "overdue"}).context["chase"] == ""


def test_head_of_two_departments_sees_both(client, season):
    user = signed_in(client, season, Role.HEAD, LIBRARY)
    make_membership(season, user, Role.HEAD, department=department(season, UNION))
    page = client.get(url("months")).context["page"]
    assert [row.department for row in page.own] == [UNION, LIBRARY]


def test_season_without_months_says_so(client, season):
    season.working_months = []
    season.save(update_fields=["working_months"])
    signed_in(client, season, Role.OFFICE)
    assert client.get(url("months")).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_grid_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    office = actor(season, Role.OFFICE, username="second")
    for number in range(rows):
        home = (UNION, "督导室", "教务处")[number]
        make_service(season, office, home=home)
        make_report(season, office, home=(LIBRARY, "体育部", "实训中心")[number])
        file(season, home, ("month", NOVEMBER), by_id=office.user_id)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(12):
        client.get(url("months"))
    signed_in(client, season, Role.STAFF, STUDENTS)
    with django_assert_num_queries(12):
        client.get(url("months"))
