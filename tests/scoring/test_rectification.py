"""What an inspection asks to have mended by a day: raised from its page, answered, linked both ways."""

import uuid
from datetime import timedelta

import pytest

from campaigns.enums import Role
from campaigns.models import Obligation, Problem
from campaigns.queries.problem_page import problem_page
from scoring.models import Inspection
from tests.campaigns.task_working import raise_about
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import Pair, page, parsed, reader, turn_clock, words


@pytest.fixture
def season(season):
    turn_clock(season, NOON)
    return season


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def visit(season, pair):
    return make_visit(season, pair, ended_at=NOON - timedelta(days=19))


def make_visit(season, pair, **values):
    return Inspection.objects.create(
        campaign=season,
        kind="regular",
        department=department(season),
        started_at=NOON - timedelta(days=20),
        entered_at=NOON,
        entered_by_id=pair.first.user_id,
        **values,
    )


def said(**values):
    return {
        "uuid": str(uuid.uuid4()),
        "title": "地面积水",
        "text": "二楼东侧",
        "found_on": "2009-12-08",
        "due_on": "2009.12.15",
    } | values


def test_team_asks_the_department_visited_once_however_often_it_is_sent(season, pair, visit):
    client, form = reader(pair.second), said()
    address = page("inspection-rectification", season, visit.uuid)
    assert client.get(address).context["form"]["found_on"].value() == "2009-12-08"
    assert client.post(address, form)["Location"] == client.post(address, form)["Location"]
    problem = Problem.objects.get()
    assert (problem.source, problem.inspection, problem.raised_by_id) == (
        "inspection",
        visit.uuid,
        pair.second.user_id,
    )
    owed = Obligation.objects.get(key=str(problem.uuid))
    assert (owed.department, owed.due_on.isoformat()) == (visit.department, "2009-12-15")


def test_bad_input_comes_back_whole(season, pair, visit):
    typed = said(due_on="2009-12-07")
    form = reader(pair.first).post(page("inspection-rectification", season, visit.uuid), typed).context["form"]
    assert list(form.errors) == ["due_on"]
    assert {name: form[name].value() for name in typed} == typed
    assert not Problem.objects.exists()


def test_own_department_is_left_to_others_and_an_open_visit_is_not_there(season, pair, visit):
    own = reader(make_actor(season, Role.ASSESSOR, department=department(season)))
    answer = own.post(page("inspection-rectification", season, visit.uuid), said())
    assert answer.status_code == 403
    assert "You have an interest in this department" in answer.content.decode()
    going_on = make_visit(season, pair)
    assert own.post(page("inspection-rectification", season, going_on.uuid), said()).status_code == 404
    assert not Problem.objects.exists()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADERSHIP, Role.HEAD])
def test_the_team_alone_asks(season, visit, role):
    home = department(season) if role == Role.HEAD else None
    client = reader(make_actor(season, role, department=home))
    assert client.post(page("inspection-rectification", season, visit.uuid), said()).status_code == 403


def test_inspection_lists_what_it_asked_for_and_the_problem_leads_back(season, pair, visit):
    problem = raise_about(season, by=pair.first, inspection=visit.uuid)
    raise_about(season, by=pair.first, title="另一件")
    head = make_actor(season, Role.HEAD, department=department(season))
    other = make_actor(season, Role.HEAD, department=department(season, "工会"))
    for actor, link in ((pair.second, True), (head, False)):
        text = words(parsed(reader(actor).get(page("inspection", season, visit.uuid))))
        assert ("阅览室地面积水" in text, "另一件" in text) == (True, False)
        assert ("Ask to have it mended" in text) is link
    urls = [problem_page(problem, actor, season, at=NOON).inspection_url for actor in (pair.second, head, other)]
    assert urls == [page("inspection", season, visit.uuid)] * 2 + [""]


def test_problem_of_a_visit_going_on_leads_its_department_nowhere(season, pair):
    visit = make_visit(season, pair)
    problem = raise_about(season, by=pair.first, inspection=visit.uuid)
    head = make_actor(season, Role.HEAD, department=department(season))
    assert problem_page(problem, head, season, at=NOON).inspection_url == ""


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_an_inspection_asks_the_same_queries(season, pair, visit, number, django_assert_num_queries):
    for _one in range(number):
        raise_about(season, by=pair.first, inspection=visit.uuid)
    client = reader(pair.second)
    with django_assert_num_queries(15):
        answer = client.get(page("inspection", season, visit.uuid))
    assert len(answer.context["to_mend"]) == number
