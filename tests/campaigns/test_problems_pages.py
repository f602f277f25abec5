"""The pages of problems: raising, the lists, one of them as each reads it, answering, judging, persons."""

import uuid
from datetime import date, timedelta

import pytest

from campaigns.enums import Role
from campaigns.models import Interest, Membership, Problem, ProblemPerson
from qualityseason.clock import wall_now
from qualityseason.models import User
from tests.campaigns.motion_records import make_evidence
from tests.campaigns.people_working import signed_in, url
from tests.campaigns.task_working import answer, answer_of, judge, office, raise_about, staff, team
from tests.factories import NOON, department, make_actor, make_class, make_membership, make_person


@pytest.fixture(autouse=True)
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    season.clock_offset = NOON - wall_now() + timedelta(seconds=1)
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def assessor(season):
    return team(season, username="assessor-name")


def log_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))


def said(season, *homes, **values):
    return {
        "uuid": str(uuid.uuid4()),
        "departments": [str(department(season, home).uuid) for home in homes or ("图书馆",)],
        "title": "地面 积水",
        "text": "二楼",
        "found_on": "2009.11.16",
        "due_on": "2009年11月20日",
    } | values


def answered(**values):
    return {"version": "1", "kind": "explanation", "text": "已说明", "answered_on": "2009-11-19"} | values


# --- raising


@pytest.mark.parametrize(
    ("role", "home", "source"),
    [
        (Role.ASSESSOR, None, "team"),
        (Role.OFFICE, None, "office"),
        (Role.STAFF, "工会", "department"),
        (Role.HEAD, "工会", "department"),
    ],
)
def test_problem_is_raised_once_however_often_it_is_sent(client, season, role, home, source):
    signed_in(client, season, role, home)
    form = said(season, "图书馆", "教务处")
    paths = {client.post(url("problem-new"), form).url for _click in range(2)}
    problem = Problem.objects.get()
    assert paths == {url("problem", problem.uuid)}
    assert (problem.source, str(problem.raising_department or ""), problem.due_on) == (
        source,
        home or "",
        date(2009, 11, 20),
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": "2009-11-15"}, "due_on"),
        ({"found_on": "昨天"}, "found_on"),
        ({"title": ""}, "title"),
        ({"departments": []}, "departments"),
    ],
)
def test_bad_input_comes_back_whole(client, season, values, field):
    signed_in(client, season, Role.ASSESSOR)
    typed = said(season, "工会", "图书馆") | values
    form = client.post(url("problem-new"), typed).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in typed} == typed
    assert not Problem.objects.exists()


def test_own_department_is_not_offered(client, season):
    signed_in(client, season, Role.STAFF, "图书馆")
    form = client.get(url("problem-new")).context["form"]
    names = [one.name for one in form.fields["departments"].departments.values()]
    assert (len(names), "图书馆" in names) == (23, False)
    assert client.post(url("problem-new"), said(season)).context["form"].has_error("departments")


def test_who_belongs_to_two_departments_says_in_whose_name(client, season):
    user = signed_in(client, season, Role.STAFF, "图书馆")
    make_membership(season, user, Role.HEAD, department=department(season, "工会"))
    form = said(season, "教务处")
    assert client.post(url("problem-new"), form).context["form"].has_error("raising")
    stranger = form | {"raising": str(department(season, "体育部").uuid)}
    assert client.post(url("problem-new"), stranger).context["form"].has_error("raising")
    client.post(url("problem-new"), form | {"raising": str(department(season, "工会").uuid)})
    assert Problem.objects.get().raising_department.name == "工会"


# --- the lists


@pytest.mark.parametrize("homes", [["图书馆"], ["图书馆", "教务处", "体育部"]])
def test_lists_ask_the_same_queries(client, season, assessor, homes, django_assert_num_queries):
    for home in homes:
        raise_about(season, home, by=assessor)
        raise_about(season, "图书馆", by=staff(season, "工会", username=f"u{home}"), raising="工会")
    log_in(client, assessor)
    with django_assert_num_queries(10):
        page = client.get(url("problems"))
    assert len(page.context["list"].rows) == 2 * len(homes)
    signed_in(client, season, Role.STAFF, "工会", username="reader")
    with django_assert_num_queries(9):
        page = client.get(url("problems"))
    assert len(page.context["list"].raised) == len(homes)


def test_overseers_narrow_their_list(client, season, assessor):
    clerk = office(season)
    overdue = raise_about(season, "图书馆", by=assessor, title="逾期")
    fresh = raise_about(season, "工会", by=clerk, title="未到期", due_on=date(2010, 1, 10))
    told = raise_about(season, "教务处", by=clerk, title="已答")
    done = raise_about(season, "体育部", by=clerk, title="已结")
    answer(told, by=clerk, home="教务处")
    judge(answer(done, by=clerk, home="体育部"), by=assessor_lead(season))
    log_in(client, assessor)

    def shown(**query):
        return [row.title for row in client.get(url("problems"), query).context["list"].rows]

    assert shown() == [overdue.title, fresh.title, told.title, done.title]
    assert shown(state="open") == ["逾期", "未到期"]
    assert shown(state="overdue") == ["逾期"]
    assert shown(state="answered") == ["已答"]
    assert shown(state="accepted") == ["已结"]
    assert shown(block="B") == ["逾期", "已结"]
    assert shown(department=str(department(season, "工会").uuid)) == ["未到期"]
    assert shown(mine="on") == ["逾期"]
    assert shown(state="x", block="y", department="z", older="w") == shown()


def assessor_lead(season):
    return make_actor(season, Role.TEAM_LEAD)


def test_department_has_what_it_answers_and_what_it_raised(client, season, assessor):
    raise_about(season, "图书馆", "工会", by=assessor, title="问我")
    raise_about(season, "教务处", by=assessor, title="与我无关")
    own = staff(season)
    raise_about(season, "教务处", "工会", by=own, raising="图书馆", title="我提")
    log_in(client, own)
    found = client.get(url("problems")).context["list"]
    assert [row.title for row in found.own] == ["问我"]
    assert [(row.title, row.department) for row in found.raised] == [("我提", "工会"), ("我提", "教务处")]
    assert found.rows == ()


# --- one of them


def test_named_department_reads_the_team_as_author_and_no_other_answer(client, season, assessor):
    problem = raise_about(season, "图书馆", "工会", by=assessor)
    own = staff(season)
    answer(problem, by=own)
    answer(problem, by=staff(season, "工会"), home="工会", text="工会的答复")
    judge(answer_of(problem), by=assessor, accept=False, note="再整改")
    log_in(client, own)
    client.cookies["django_language"] = "en"
    page = client.get(url("problem", problem.uuid))
    html = page.content.decode()
    assert [card.row.department for card in page.context["page"].answers] == ["图书馆"]
    assert "再整改" in html
    for hidden in ("assessor-name", "工会的答复", "工会"):
        assert hidden not in html
    card = page.context["page"].answers[0]
    assert (page.context["page"].raised_by, card.judged_by) == ("Assessment team",) * 2


def test_assessor_reads_names_but_not_where_there_is_an_interest(client, season, assessor):
    problem = raise_about(season, "图书馆", by=assessor)
    for place, name in ((None, "assessor-name"), ("图书馆", "Assessment team")):
        reader = make_actor(season, Role.ASSESSOR, department=department(season, place) if place else None)
        log_in(client, reader)
        page = client.get(url("problem", problem.uuid), headers={"Accept-Language": "en"})
        from django.utils import translation

        with translation.override("en"):
            from campaigns.queries.problem_page import problem_page

            assert problem_page(problem, reader, season, at=NOON).raised_by == name
        assert page.status_code == 200


def test_raising_department_reads_answers_without_persons_and_evidence(client, season):
    raiser, own = staff(season, "教务处"), staff(season)
    problem = raise_about(season, "图书馆", "工会", by=raiser, raising="教务处")
    answer(problem, by=own, text="已经修好")
    place = department(season)
    proof = make_evidence(
        season, place, by_id=own.user_id, at=NOON, text="修好的照片", links=[("problem", str(problem.uuid))]
    )
    ProblemPerson.objects.create(answer=answer_of(problem), label="值班员甲")
    pages = {}
    for name, actor in (("raiser", raiser), ("own", own), ("team", team(season))):
        log_in(client, actor)
        pages[name] = client.get(url("problem", problem.uuid)).content.decode()
    assert all("已经修好" in html for html in pages.values())
    assert [proof.text in html for html in pages.values()] == [False, True, True]
    assert ["值班员甲" in html for html in pages.values()] == [False, True, True]


def test_page_asks_the_same_queries_for_one_and_for_many_departments(
    client, season, assessor, django_assert_num_queries
):
    one = raise_about(season, "图书馆", by=assessor)
    many = raise_about(season, "图书馆", "工会", "教务处", by=assessor)
    log_in(client, assessor)
    for problem in (one, many):
        with django_assert_num_queries(13):
            client.get(url("problem", problem.uuid))


def test_strangers_find_nothing(client, season, assessor):
    problem = raise_about(season, "图书馆", by=assessor)
    row = answer_of(problem)
    person = ProblemPerson.objects.create(answer=row, label="甲")
    signed_in(client, season, Role.STAFF, "工会")
    for name, key in (
        ("problem", problem.uuid),
        ("problem-edit", problem.uuid),
        ("problem-withdraw", problem.uuid),
        ("problem-answer", row.uuid),
        ("problem-judge", row.uuid),
        ("problem-person-add", row.uuid),
        ("problem-person", person.uuid),
    ):
        assert client.get(url(name, key)).status_code == 404


# --- answering and judging


def test_department_answers_late_and_the_team_accepts(client, season, assessor):
    problem = raise_about(season, by=assessor)
    signed_in(client, season, Role.STAFF, "图书馆")
    path = url("problem-answer", answer_of(problem).uuid)
    bad = client.post(path, answered(kind="", answered_on="2009-11-15"))
    assert (list(bad.context["form"].errors), bad.context["form"]["text"].value()) == (["kind"], "已说明")
    for _click in range(2):
        assert client.post(path, answered(answered_on="2009-12-28")).url == url("problem", problem.uuid)
    log_in(client, assessor)
    judging = url("problem-judge", answer_of(problem).uuid)
    assert client.post(judging, {"version": "2", "decision": "send-back"}).context["form"].has_error("note")
    for _click in range(2):
        assert client.post(judging, {"version": "2", "decision": "accept", "note": ""}).url == url(
            "problem", problem.uuid
        )
    assert answer_of(problem).state == "accepted"


def test_stale_answer_shows_both_and_loses_neither(client, season, assessor):
    problem = raise_about(season, by=assessor)
    answer(problem, by=staff(season), text="同事所写")
    signed_in(client, season, Role.HEAD, "图书馆")
    path = url("problem-answer", answer_of(problem).uuid)
    page = client.post(path, answered(text="我所写"))
    assert (page.context["now"].text, page.context["form"]["text"].value()) == ("同事所写", "我所写")
    assert (
        client.post(path, answered(text="我所写", version=page.context["form"]["version"].value())).status_code == 302
    )
    assert answer_of(problem).text == "我所写"


def test_judging_what_was_put_otherwise_shows_the_new_answer_first(client, season, assessor):
    problem = raise_about(season, by=assessor)
    own = staff(season)
    answer(problem, by=own)
    answer(problem, by=own, text="改写后的答复")
    log_in(client, assessor)
    path = url("problem-judge", answer_of(problem).uuid)
    page = client.post(path, {"version": "2", "decision": "accept", "note": "我的意见"})
    assert "改写后的答复" in page.content.decode()
    form = page.context["form"]
    assert (form["version"].value(), form["note"].value()) == ("3", "我的意见")
    assert client.post(path, {"version": "3", "decision": "accept"}).status_code == 302


def test_own_interest_bars_with_the_sentence(client, season, assessor):
    problem = raise_about(season, by=assessor)
    row = answer(problem, by=staff(season))
    clerk = office(season)
    Interest.objects.create(
        campaign=season, user_id=clerk.user_id, department=department(season), reason="亲属", starts_on=date(2009, 9, 1)
    )
    log_in(client, clerk)
    assert client.get(url("problem", problem.uuid)).context["page"].answers[0].is_barred
    for name, key in (("problem-judge", row.uuid), ("problem-answer", row.uuid), ("problem-person-add", row.uuid)):
        response = client.post(url(name, key), answered() | {"decision": "accept"})
        assert (response.status_code, "图书馆" in response.content.decode()) == (403, True)
    assert client.post(url("problem-edit", problem.uuid), said(season)).status_code == 403
    assert answer_of(problem).state == "reported"


def test_stale_edit_shows_both_and_loses_neither(client, season, assessor):
    problem = raise_about(season, by=assessor)
    log_in(client, assessor)
    path = url("problem-edit", problem.uuid)
    assert client.post(path, said(season, "图书馆", "工会", version="1", title="他人所写")).status_code == 302
    page = client.post(path, said(season, "图书馆", version="1", title="我所写"))
    assert (page.context["now"].title, page.context["named"]) == ("他人所写", ["工会", "图书馆"])
    assert page.context["form"]["title"].value() == "我所写"
    version = page.context["form"]["version"].value()
    assert client.post(path, said(season, "图书馆", version=version, title="我所写")).status_code == 302
    problem.refresh_from_db()
    assert (problem.title, problem.version, answer_of(problem, "工会").state) == ("我所写", 3, "withdrawn")


def test_withdrawn_problem_says_why(client, season, assessor):
    problem = raise_about(season, by=assessor)
    log_in(client, assessor)
    path = url("problem-withdraw", problem.uuid)
    assert client.post(path, {"because": ""}).context["form"].has_error("because")
    for _click in range(2):
        assert client.post(path, {"because": "看错"}).url == url("problem", problem.uuid)
    assert client.get(path).url == url("problem", problem.uuid)
    signed_in(client, season, Role.STAFF, "图书馆")
    page = client.get(url("problem", problem.uuid))
    assert "看错" in page.content.decode()
    assert not page.context["page"].answers[0].may_answer


# --- persons


def test_persons_are_named_in_three_ways(client, season, assessor):
    make_person(season)
    make_class(season, "会计0901")
    row = answer_of(raise_about(season, by=assessor))
    signed_in(client, season, Role.STAFF, "图书馆")
    path = url("problem-person-add", row.uuid)
    for typed in ({"person": "00123"}, {"student_class": "会计0901", "student_number": "12"}, {"label": "外来人员"}):
        assert client.post(path, typed | {"handling": "批评", "handled_on": "2009-11-18"}).status_code == 302
    labels = [person.label for person in ProblemPerson.objects.filter(answer=row)]
    assert labels == ["张伟(00123)", "会计0901 12", "外来人员"]
    for typed, field in (
        ({}, "person"),
        ({"person": "王五"}, "person"),
        ({"person": "00123", "label": "外来人员"}, "person"),
        ({"student_class": "会计0901", "student_number": "张三"}, "student_number"),
        ({"student_number": "12"}, "student_class"),
        ({"label": "会计0901张三"}, "label"),
        ({"label": "乙", "teaching": "会议"}, "taught_on"),
    ):
        form = client.post(path, typed).context["form"]
        assert list(form.errors) == [field]
        assert {name: form[name].value() for name in typed} == typed


def test_part_is_added_later_and_the_row_taken_off(client, season, assessor):
    row = answer_of(raise_about(season, by=assessor))
    person = ProblemPerson.objects.create(answer=row, label="外来人员")
    user = signed_in(client, season, Role.STAFF, "图书馆")
    path = url("problem-person", person.uuid)
    form = {"version": "1", "counselling": "谈心", "counselled_on": "2009-11-19"}
    assert client.post(path, form).status_code == 302
    page = client.post(path, form | {"counselling": "我所写"})
    assert page.context["form"]["counselling"].value() == "我所写"
    assert page.context["now"].parts[1].text == "谈心"
    assert client.post(path, {"remove": "1", "version": "2"}).status_code == 302
    assert client.get(path).status_code == 404
    person.refresh_from_db()
    assert (person.counselling, person.removed_at is not None) == ("谈心", True)
    assert Membership.objects.filter(user=user).exists()
