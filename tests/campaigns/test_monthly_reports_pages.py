"""The pages of monthly reports: choosing, writing, reading, changing, confirming."""

from uuid import uuid4

import pytest

from campaigns.enums import Role
from campaigns.models import MonthlyReport
from campaigns.services.monthly_reports import confirm_report
from tests.campaigns.month_working import (
    FINANCE,
    LIBRARY,
    STUDENTS,
    UNION,
    actor,
    file,
    make_report,
    set_clock,
)
from tests.campaigns.people_working import actor_of, signed_in, url
from tests.factories import NOON, department, make_membership


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


@pytest.fixture
def liaison(client, season):
    return signed_in(client, season, Role.STAFF, LIBRARY)


def typed(season, **values):
    to = str(department(season, STUDENTS).uuid)
    return {"uuid": str(uuid4()), "month": "2009-11", "addressee": to, "outstanding": "会计0901 12号"} | values


def test_conduct_is_reported_and_the_second_attempt_is_linked_to_it(client, season, liaison):
    sent = typed(season, month="2009年11月")
    first = client.post(url("monthly-report-new"), sent)
    report = MonthlyReport.objects.get()
    assert (first.url, report.month, report.addressee.name) == (
        url("monthly-report", report.uuid),
        "2009-11",
        STUDENTS,
    )
    assert client.post(url("monthly-report-new"), sent).url == first.url
    page = client.post(url("monthly-report-new"), typed(season, outstanding="另一份"))
    assert (page.context["existing"], page.context["form"]["outstanding"].value()) == (report, "另一份")
    assert first.url in page.content.decode()


def test_fields_follow_what_the_department_owes(client, season, liaison):
    fields = set(client.get(url("monthly-report-new")).context["form"].fields)
    assert fields == {"uuid", "version", "month", "addressee", "has_nothing", "outstanding", "breaches"}
    signed_in(client, season, Role.STAFF, FINANCE)
    page = client.get(url("monthly-report-new"), {"month": "2009-12"})
    assert set(page.context["form"].fields) == {"uuid", "version", "month", "has_nothing", "breaches", "handling"}
    assert page.context["form"]["month"].value() == "2009-12"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"month": "2009-10"}, "month"),
        ({"month": ""}, "month"),
        ({"addressee": ""}, "addressee"),
        ({"outstanding": ""}, "outstanding"),
        ({"has_nothing": "on"}, "has_nothing"),
    ],
)
def test_bad_form_keeps_what_was_typed(client, season, liaison, values, field):
    sent = typed(season, **values)
    form = client.post(url("monthly-report-new"), sent).context["form"]
    assert list(form.errors) == [field]
    assert form["outstanding"].value() == sent["outstanding"]
    assert not MonthlyReport.objects.exists()


def test_addressee_of_somebody_else_is_no_choice(client, season, liaison):
    form = client.post(url("monthly-report-new"), typed(season, addressee=str(department(season, UNION).uuid))).context[
        "form"
    ]
    assert list(form.errors) == ["addressee"]


def test_office_chooses_whose_report_it_enters_with_the_day_of_the_paper(client, season):
    signed_in(client, season, Role.OFFICE)
    rows = client.get(url("monthly-report-new")).context["rows"]
    assert (len(rows), {row.kind.value for row in rows}) == (20, {"breaches", "conduct"})
    path = f"{url('monthly-report-new')}?department={department(season, LIBRARY).uuid}"
    assert client.post(path, typed(season, reported_on="2009.11.30")).status_code == 302
    report = MonthlyReport.objects.get()
    assert (report.department.name, report.reported_on.isoformat()) == (LIBRARY, "2009-11-30")
    rows = client.get(url("monthly-report-new")).context["rows"]
    assert (rows[-1].report, [row.report for row in rows[:-1]]) == (report.uuid, [None] * 19)


def test_department_of_others_is_forbidden_and_one_that_owes_none_says_so(client, season, liaison):
    path = url("monthly-report-new")
    assert client.get(path, {"department": department(season, FINANCE).uuid}).status_code == 403
    assert client.get(path, {"department": "x"}).status_code == 404
    signed_in(client, season, Role.STAFF, UNION)
    page = client.get(path)
    assert (page.status_code, page.context["rows"]) == (200, [])
    assert client.post(path, typed(season)).status_code == 200
    assert not MonthlyReport.objects.exists()


@pytest.mark.parametrize("reports", [1, 3])
def test_choosing_asks_the_same_queries(client, season, reports, django_assert_num_queries):
    signed_in(client, season, Role.OFFICE)
    office = actor(season, Role.OFFICE, username="second")
    for home in (LIBRARY, "体育部", "实训中心")[:reports]:
        make_report(season, office, home=home)
    with django_assert_num_queries(8):
        client.get(url("monthly-report-new"))


# --- reading and confirming


def test_addressee_reads_and_confirms_and_others_know_nothing_of_it(client, season, liaison):
    report = make_report(season, actor_of(liaison, season))
    path, page = url("monthly-report-confirm", report.uuid), url("monthly-report", report.uuid)
    assert client.get(page).context["may_confirm"] is False
    assert client.post(path, {"version": "1"}).status_code == 403
    signed_in(client, season, Role.STAFF, STUDENTS)
    shown = client.get(page)
    assert (shown.context["may_confirm"], shown.context["may_change"], shown.context["section"]) == (True, False, None)
    assert client.get(path).status_code == 405
    assert client.post(path, {"version": "x"}).url == page
    report.refresh_from_db()
    assert report.confirmed_at is None
    assert client.post(path, {"version": "1"}).url == page
    report.refresh_from_db()
    assert report.confirmed_at is not None
    signed_in(client, season, Role.STAFF, FINANCE)
    assert client.get(page).status_code == 404
    assert client.post(path, {"version": "1"}).status_code == 404


def test_late_report_says_by_how_much_and_shows_the_evidence_of_its_month(client, season, liaison):
    report = make_report(season, actor_of(liaison, season))
    file(season, LIBRARY, ("month", "2009-11"), by_id=liaison.pk, text="汇总表")
    page = client.get(url("monthly-report", report.uuid))
    assert (page.context["late"], "汇总表" in page.content.decode()) == (28, True)


def test_change_of_a_confirmed_report_asks_for_a_tick(client, season, liaison):
    report = make_report(season, actor_of(liaison, season))
    path = url("monthly-report-edit", report.uuid)
    assert "gives_up_receipt" not in client.get(path).context["form"].fields
    confirm_report(report, version=1, by=actor(season, Role.STAFF, STUDENTS), at=NOON)
    sent = typed(season, version="1", outstanding="改过")
    form = client.post(path, sent).context["form"]
    assert (list(form.errors), form["outstanding"].value()) == (["gives_up_receipt"], "改过")
    assert client.post(path, sent | {"gives_up_receipt": "on"}).status_code == 302
    report.refresh_from_db()
    assert (report.outstanding, report.confirmed_at) == ("改过", None)


def test_stale_change_shows_both(client, season, liaison):
    report = make_report(season, actor_of(liaison, season))
    path, sent = url("monthly-report-edit", report.uuid), typed(season, version="1", outstanding="甲")
    assert client.post(path, sent).status_code == 302
    page = client.post(path, sent | {"outstanding": "乙"})
    assert (page.context["now"].outstanding, page.context["form"]["outstanding"].value()) == ("甲", "乙")
    assert client.post(path, sent | {"outstanding": "乙", "version": "2"}).status_code == 302
    signed_in(client, season, Role.STAFF, STUDENTS)
    assert client.get(path).status_code == 403


def test_head_of_two_departments_chooses_the_report(client, season, liaison):
    make_membership(season, liaison, Role.HEAD, department=department(season, FINANCE))
    rows = client.get(url("monthly-report-new")).context["rows"]
    assert [(row.department.name, row.month) for row in rows] == [
        (FINANCE, "2009-11"),
        (FINANCE, "2009-12"),
        (LIBRARY, "2009-11"),
        (LIBRARY, "2009-12"),
    ]
