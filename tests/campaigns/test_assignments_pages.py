"""The pages of assignments: giving, the list, reporting, judging, what others see."""

import uuid
from datetime import date, timedelta

import pytest

from campaigns.enums import Role
from campaigns.models import Assignment, AssignmentReport
from qualityseason.clock import wall_now
from qualityseason.models import User
from tests.campaigns.people_working import actor_of, make_member, signed_in, url
from tests.campaigns.task_working import accept, give, office, report, send_back, staff
from tests.factories import NOON, PASSWORD, department, make_membership
from tests.scoring.reading import words


@pytest.fixture(autouse=True)
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    season.clock_offset = NOON - wall_now() + timedelta(seconds=1)
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def clerk(season):
    return office(season)


@pytest.fixture
def task(season, clerk):
    return give(season, by=clerk)[0]


def said(season, *homes, **values):
    return {
        "uuid": str(uuid.uuid4()),
        "departments": [str(department(season, home).uuid) for home in homes or ("图书馆",)],
        "title": "报送 目录",
        "text": "两份",
        "issuer": "leading-group",
        "given_on": "2009年11月16日",
        "due_on": "２００９.11.20",
    } | values


def text_of(page):
    from lxml import html

    return words(html.fromstring(page.content.decode()))


# --- giving


def test_several_are_given_with_one_form_sent_twice(client, season):
    signed_in(client, season, Role.OFFICE)
    form = said(season, "工会", "图书馆")
    for _click in range(2):
        assert client.post(url("assignment-new"), form).url == url("assignments")
    rows = Assignment.objects.order_by("department__order")
    assert [(row.department.name, row.title, row.issuer, row.due_on) for row in rows] == [
        ("工会", "报送 目录", "leading-group", date(2009, 11, 20)),
        ("图书馆", "报送 目录", "leading-group", date(2009, 11, 20)),
    ]


def test_one_is_given_and_shown(client, season):
    signed_in(client, season, Role.LEADERSHIP)
    answer = client.post(url("assignment-new"), said(season, issuer="office"))
    row = Assignment.objects.get()
    assert (answer.url, row.issuer) == (url("assignment", row.uuid), "leading-group")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": "2009-11-15"}, "due_on"),
        ({"due_on": "明天"}, "due_on"),
        ({"title": ""}, "title"),
        ({"departments": []}, "departments"),
        ({"departments": ["x"]}, "departments"),
    ],
)
def test_bad_input_comes_back_whole(client, season, values, field):
    signed_in(client, season, Role.OFFICE)
    typed = said(season, "工会", "图书馆") | values
    form = client.post(url("assignment-new"), typed).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in typed} == typed
    assert not Assignment.objects.exists()


def test_departments_of_own_interest_are_not_offered(client, season):
    user = signed_in(client, season, Role.OFFICE)
    make_membership(season, user, Role.STAFF, department=department(season))
    form = client.get(url("assignment-new")).context["form"]
    assert "图书馆" not in [one.name for one in form.fields["departments"].departments.values()]
    assert client.post(url("assignment-new"), said(season)).context["form"].has_error("departments")


def test_what_was_typed_survives_the_end_of_the_session(client, season):
    user = make_member(season, Role.OFFICE)
    User.objects.filter(pk=user.pk).update(last_login=NOON)
    path = url("assignment-new")
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    client.cookies.pop("sessionid")
    assert client.post(path, said(season, "工会")).status_code == 302
    client.post(f"/login/?next={path}", {"username": user.username, "password": PASSWORD})
    form = client.get(path).context["form"]
    assert form["departments"].value() == [str(department(season, "工会").uuid)]


# --- the list


@pytest.mark.parametrize("homes", [["工会"], ["工会", "图书馆", "教务处"]])
def test_list_asks_the_same_queries(client, season, clerk, homes, django_assert_num_queries):
    for row in give(season, *homes, by=clerk):
        report(row, by=clerk)
    client.force_login(User.objects.get(pk=clerk.user_id))
    with django_assert_num_queries(10):
        page = client.get(url("assignments"))
    assert len(page.context["list"].rows) == len(homes)


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_a_department_asks_the_same_queries(client, season, clerk, number, django_assert_num_queries):
    for count in range(number):
        give(season, by=clerk, title=f"任务{count}")
    signed_in(client, season, Role.STAFF, "图书馆")
    with django_assert_num_queries(9):
        page = client.get(url("assignments"))
    assert len(page.context["list"].rows) == number


def test_list_shows_what_presses_first_and_is_narrowed(client, season, clerk):
    tasks = {row.department.name: row for row in give(season, "工会", "图书馆", "教务处", "体育部", by=clerk)}
    accept(report(tasks["工会"], by=clerk, done_on=date(2009, 11, 25)), by=clerk)
    report(tasks["教务处"], by=clerk)
    fresh = give(season, "基础部", by=clerk, due_on=date(2010, 1, 10))[0]
    client.force_login(User.objects.get(pk=clerk.user_id))

    def shown(**query):
        return [row.department for row in client.get(url("assignments"), query).context["list"].rows]

    assert shown() == ["图书馆", "体育部", "教务处", fresh.department.name, "工会"]
    assert shown(timeliness="undone") == ["图书馆", "体育部"]
    assert shown(timeliness="late") == ["工会"]
    assert shown(state="reported") == ["教务处"]
    assert shown(block="A") == ["教务处", "工会"]
    assert shown(department=str(department(season, "体育部").uuid)) == ["体育部"]
    assert shown(state="x", department="y", older="z") == shown()


def test_list_goes_page_by_page(client, season, clerk):
    for number in range(3):
        give(season, *[one.name for one in season.departments.all()], by=clerk, title=f"任务{number}")
    client.force_login(User.objects.get(pk=clerk.user_id))
    first = client.get(url("assignments"), {"block": "A"})
    assert (len(first.context["list"].rows), first.context["list"].total, first.context["older_url"]) == (42, 42, "")
    first = client.get(url("assignments"))
    second = client.get(url("assignments") + first.context["older_url"])
    seen = [row.uuid for page in (first, second) for row in page.context["list"].rows]
    assert (len(first.context["list"].rows), len(seen), len(set(seen))) == (50, 72, 72)


def test_department_sees_its_own_alone(client, season, clerk):
    tasks = give(season, "工会", "图书馆", by=clerk)
    signed_in(client, season, Role.STAFF, "图书馆")
    page = client.get(url("assignments"))
    assert [row.uuid for row in page.context["list"].rows] == [tasks[1].uuid]
    for name in ("assignment", "assignment-report"):
        for answer in (client.get(url(name, tasks[0].uuid)), client.post(url(name, tasks[0].uuid), {})):
            assert answer.status_code in (404, 405)
    assert client.get(url("assignment", tasks[0].uuid)).status_code == 404
    assert client.post(url("assignment-report", tasks[0].uuid), {}).status_code == 404
    assert client.get(url("assignment-judge", tasks[1].uuid)).status_code == 403


def test_empty_list_says_the_next_step(client, season):
    signed_in(client, season, Role.OFFICE)
    assert url("assignment-new") in client.get(url("assignments")).content.decode()
    signed_in(client, season, Role.STAFF, "图书馆")
    assert url("assignment-new") not in client.get(url("assignments")).content.decode()


# --- one of them


def test_thread_shows_reports_verdicts_and_how_late(client, season, clerk, task):
    own = staff(season)
    send_back(report(task, by=own, done_on=date(2009, 11, 19)), by=clerk, note="缺目录")
    report(task, by=own, done_on=date(2009, 11, 24), text="补报")
    client.force_login(User.objects.get(pk=own.user_id))
    page = client.get(url("assignment", task.uuid), headers={"Accept-Language": "en"})
    lines = [(line.text, line.verdict, line.note, line.waits) for line in page.context["reports"]]
    assert lines == [("已报送", "sent-back", "缺目录", False), ("补报", "", "", True)]
    row = page.context["row"]
    assert (row.timeliness, row.days_late, row.state) == ("late", 4, "reported")
    assert page.context["may_report"]


def test_department_reports_and_the_office_accepts(client, season, task):
    signed_in(client, season, Role.STAFF, "图书馆")
    form = {"uuid": str(uuid.uuid4()), "text": "已报", "done_on": "2009.11.19"}
    for _click in range(2):
        assert client.post(url("assignment-report", task.uuid), form).url == url("assignment", task.uuid)
    found = AssignmentReport.objects.get()
    signed_in(client, season, Role.OFFICE)
    path = url("assignment-judge", task.uuid)
    verdict = {"report": str(found.uuid), "done_on": "2009-11-18", "note": ""}
    refused = client.post(path, verdict | {"decision": "send-back"}).context["form"]
    assert list(refused.errors) == ["note"]
    assert client.post(path, verdict).context["form"].has_error("decision")
    for _click in range(2):
        assert client.post(path, verdict | {"decision": "accept"}).url == url("assignment", task.uuid)
    task.refresh_from_db()
    assert (task.state, task.done_on) == ("accepted", date(2009, 11, 18))


def test_report_keeps_what_was_typed(client, season, task):
    signed_in(client, season, Role.STAFF, "图书馆")
    typed = {"uuid": str(uuid.uuid4()), "text": "已报", "done_on": "2009-12-29"}
    form = client.post(url("assignment-report", task.uuid), typed).context["form"]
    assert list(form.errors) == ["done_on"]
    assert {name: form[name].value() for name in typed} == typed


def test_report_after_acceptance_says_so_and_keeps_the_words(client, season, clerk, task):
    own = staff(season)
    client.force_login(User.objects.get(pk=own.user_id))
    accept(report(task, by=own), by=clerk)
    typed = {"uuid": str(uuid.uuid4()), "text": "再报一次", "done_on": "2009-11-20"}
    page = client.post(url("assignment-report", task.uuid), typed)
    assert "2009-11-20" in str(page.context["form"].non_field_errors())
    assert "再报一次" in page.content.decode()


def test_judging_a_report_followed_by_a_newer_one_goes_on_with_that(client, season, clerk, task):
    own = staff(season)
    first, second = report(task, by=own), report(task, by=own, text="补报")
    client.force_login(User.objects.get(pk=clerk.user_id))
    verdict = {"report": str(first.uuid), "done_on": "2009-11-20", "note": "", "decision": "accept"}
    form = client.post(url("assignment-judge", task.uuid), verdict).context["form"]
    assert form["report"].value() == str(second.uuid)
    assert client.post(url("assignment-judge", task.uuid), verdict | {"report": str(second.uuid)}).status_code == 302
    elsewhere = give(season, "工会", by=clerk)[0]
    report(elsewhere, by=clerk)
    assert client.post(url("assignment-judge", elsewhere.uuid), verdict).status_code == 404


def test_own_interest_is_told_and_bars(client, season, task):
    report(task, by=staff(season))
    user = signed_in(client, season, Role.OFFICE)
    make_membership(season, user, Role.STAFF, department=department(season))
    assert client.get(url("assignment", task.uuid)).context["is_barred"]
    for name in ("assignment-judge", "assignment-edit", "assignment-withdraw"):
        answer = client.post(url(name, task.uuid), {"decision": "accept"})
        assert (answer.status_code, "图书馆" in answer.content.decode()) == (403, True)
    task.refresh_from_db()
    assert task.state == "reported"


def test_stale_edit_shows_both_and_loses_neither(client, season, clerk, task):
    client.force_login(User.objects.get(pk=clerk.user_id))
    path = url("assignment-edit", task.uuid)
    mine = {name: value for name, value in said(season).items() if name not in ("uuid", "departments")}
    assert client.post(path, mine | {"version": "1", "title": "他人所写"}).status_code == 302
    page = client.post(path, mine | {"version": "1", "title": "我所写"})
    assert (page.context["now"].title, page.context["form"]["title"].value()) == ("他人所写", "我所写")
    assert client.post(path, mine | {"version": page.context["form"]["version"].value(), "title": "我所写"}).url
    task.refresh_from_db()
    assert (task.title, task.version) == ("我所写", 3)


def test_withdrawal_needs_a_reason_and_is_shown_to_the_department(client, season, clerk, task):
    client.force_login(User.objects.get(pk=clerk.user_id))
    path = url("assignment-withdraw", task.uuid)
    assert client.post(path, {"because": ""}).context["form"].has_error("because")
    for _click in range(2):
        assert client.post(path, {"because": "误发"}).url == url("assignment", task.uuid)
    own = actor_of(signed_in(client, season, Role.STAFF, "图书馆"), season)
    page = client.get(url("assignment", task.uuid))
    assert "误发" in text_of(page)
    assert not page.context["may_report"]
    assert own.departments
