"""Problems: raised by whom about whom, reworded, withdrawn; what each department named owes."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Attachment, Problem, ProblemAnswer
from campaigns.services.problems import edit_problem, withdraw_problem
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from tests.campaigns.files_working import upload_of
from tests.campaigns.people_working import on
from tests.campaigns.task_working import (
    DUE,
    GIVEN,
    answer,
    answer_of,
    judge,
    office,
    owed,
    problem_draft,
    raise_about,
    staff,
    team,
)
from tests.factories import NOON, department, make_actor


@pytest.fixture
def assessor(season):
    return team(season)


@pytest.fixture
def problem(season, assessor):
    return raise_about(season, "图书馆", "工会", by=assessor)


def edit(season, problem, *, by, homes=("图书馆", "工会"), version=None, uploads=(), **values):
    return edit_problem(
        problem,
        problem_draft(**values),
        departments=[department(season, home) for home in homes],
        version=problem.version if version is None else version,
        uploads=uploads,
        by=by,
        at=NOON,
    )


# --- raised


def test_each_department_named_owes_an_answer(problem):
    rows = ProblemAnswer.objects.filter(problem=problem).values_list("department__name", "state")
    assert sorted(rows) == [("图书馆", "given"), ("工会", "given")]
    assert [(owed(problem, home).due_on, owed(problem, home).name) for home in ("图书馆", "工会")] == [
        (date(2009, 11, 20), "阅览室地面积水")
    ] * 2
    assert AuditEntry.objects.get(act="problem.raise").after["departments"] == ["图书馆", "工会"]


def test_source_follows_from_who_raises_it(season):
    visit = uuid.uuid4()
    found = [
        raise_about(season, by=team(season)),
        raise_about(season, by=make_actor(season, Role.TEAM_LEAD), inspection=visit),
        raise_about(season, by=office(season)),
        raise_about(season, by=staff(season, "工会"), raising="工会"),
    ]
    assert [(row.source, row.inspection, str(row.raising_department or "")) for row in found] == [
        ("team", None, ""),
        ("inspection", visit, ""),
        ("office", None, ""),
        ("department", None, "工会"),
    ]


def test_only_the_team_asks_after_an_inspection(season):
    for actor in (office(season), staff(season, "工会")):
        with pytest.raises(PermissionDenied):
            raise_about(season, by=actor, inspection=uuid.uuid4(), raising="工会")


def test_department_names_neither_itself_nor_another_as_the_one_that_raises(season):
    own = staff(season, "工会")
    with pytest.raises(Refused, match="工会") as refusal:
        raise_about(season, "图书馆", "工会", by=own, raising="工会")
    assert refusal.value.field == "departments"
    for raising in ("", "教务处"):
        with pytest.raises(PermissionDenied):
            raise_about(season, by=own, raising=raising)
    assert not Problem.objects.exists()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD])
def test_own_interest_bars_from_raising(season, role):
    own = make_actor(season, role, department=department(season))
    with pytest.raises(ConflictOfInterest, match="图书馆"):
        raise_about(season, "工会", "图书馆", by=own)
    assert not Problem.objects.exists()


def test_leading_group_raises_none(season):
    with pytest.raises(PermissionDenied):
        raise_about(season, by=make_actor(season, Role.LEADERSHIP))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": date(2009, 11, 15)}, "due_on"),
        ({"due_on": date(2019, 11, 20)}, "due_on"),
        ({"found_on": date(2009, 12, 29), "due_on": date(2009, 12, 30)}, "found_on"),
        ({"found_on": date(2008, 11, 16)}, "found_on"),
        ({"title": " "}, "title"),
        ({"text": "文" * 2001}, "text"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(season, assessor, values, field):
    with pytest.raises(Refused) as refusal:
        raise_about(season, by=assessor, **values)
    assert refusal.value.field == field
    assert not Problem.objects.exists()


def test_same_form_again_is_the_same_and_with_other_words_refused(season, assessor):
    key = uuid.uuid4()
    first = raise_about(season, by=assessor, key=key)
    assert raise_about(season, by=assessor, key=key) == first
    for changed in (
        lambda: raise_about(season, by=assessor, key=key, title="别的"),
        lambda: raise_about(season, "图书馆", "工会", by=assessor, key=key),
        lambda: raise_about(season, by=team(season), key=key),
    ):
        with pytest.raises(Refused) as refusal:
            changed()
        assert refusal.value.refusal_code == "reused"
    assert ProblemAnswer.objects.count() == 1


def test_files_take_the_room_of_the_department_that_raises(season, portal_files):
    own = staff(season, "工会")
    stored = upload_of(User.objects.get(pk=own.user_id), season)
    raise_about(season, by=own, raising="工会", uploads=[stored.uuid])
    assert Attachment.objects.get(owner_kind="problem").department == department(season, "工会")


# --- reworded


def test_more_departments_are_named_and_one_that_has_not_answered_is_left_out(season, problem, assessor):
    edit(season, problem, by=assessor, homes=("图书馆", "教务处"), due_on=date(2009, 11, 25))
    states = dict(ProblemAnswer.objects.filter(problem=problem).values_list("department__name", "state"))
    assert states == {"图书馆": "given", "工会": "withdrawn", "教务处": "given"}
    assert owed(problem, "工会").dropped_at == NOON
    assert [owed(problem, home).due_on.day for home in ("图书馆", "教务处")] == [25, 25]
    problem.refresh_from_db()
    edit(season, problem, by=assessor, homes=("图书馆", "工会", "教务处"))
    assert answer_of(problem, "工会").state == "given"
    assert owed(problem, "工会").dropped_at is None


def test_department_that_has_answered_stays_named(season, problem, assessor):
    answer(problem, by=staff(season, "工会"), home="工会")
    with pytest.raises(Refused, match="工会") as refusal:
        edit(season, problem, by=assessor, homes=("图书馆",))
    assert refusal.value.field == "departments"


def test_found_day_is_not_moved_past_an_answer(season, problem, assessor):
    answer(problem, by=staff(season), on=date(2009, 11, 18))
    with pytest.raises(Refused, match="2009-11-18") as refusal:
        edit(season, problem, by=assessor, found_on=date(2009, 11, 19))
    assert refusal.value.field == "found_on"


def test_stale_edit_is_refused_and_the_same_edit_twice_is_one(season, problem, assessor):
    edit(season, problem, by=assessor, title="积水")
    assert edit(season, problem, by=assessor, version=1, title="积水").version == 2
    with pytest.raises(Refused) as refusal:
        edit(season, problem, by=assessor, version=1, title="我的写法")
    assert (refusal.value.refusal_code, refusal.value.existing.title) == ("stale", "积水")


def test_those_who_raised_it_the_office_and_the_head_of_the_team_change_it(season, problem):
    for actor in (office(season), make_actor(season, Role.TEAM_LEAD)):
        problem.refresh_from_db()
        edit(season, problem, by=actor, title=f"积水{actor.user_id}")
    for actor in (team(season), staff(season), make_actor(season, Role.LEADERSHIP)):
        with pytest.raises(PermissionDenied):
            edit(season, problem, by=actor, title="别的")
    own = make_actor(season, Role.OFFICE, department=department(season, "工会"))
    with pytest.raises(ConflictOfInterest):
        edit(season, problem, by=own, title="别的")


def test_any_of_the_department_that_raised_it_changes_it(season):
    problem = raise_about(season, by=staff(season, "工会"), raising="工会")
    colleague = make_actor(season, Role.HEAD, department=department(season, "工会"))
    assert edit(season, problem, by=colleague, homes=("图书馆",), title="积水").title == "积水"
    with pytest.raises(Refused) as refusal:
        edit(season, problem, by=colleague, homes=("图书馆", "工会"), version=2, title="积水")
    assert refusal.value.field == "departments"


def test_head_of_the_team_adds_no_files_to_what_a_department_raised(season, portal_files):
    problem = raise_about(season, by=staff(season, "工会"), raising="工会")
    lead = make_actor(season, Role.TEAM_LEAD)
    stored = upload_of(User.objects.get(pk=lead.user_id), season)
    with pytest.raises(Refused) as refusal:
        edit(season, problem, by=lead, homes=("图书馆",), uploads=[stored.uuid])
    assert refusal.value.field == "files"


# --- withdrawn


def test_withdrawn_is_owed_by_nobody_and_stays_to_be_read(season, problem, assessor):
    answer(problem, by=staff(season))
    with pytest.raises(Refused) as refusal:
        withdraw_problem(problem, because=" ", by=assessor, at=NOON)
    assert refusal.value.field == "because"
    for _click in range(2):
        withdraw_problem(problem, because="看错", by=assessor, at=NOON)
    assert AuditEntry.objects.filter(act="problem.withdraw").count() == 1
    assert {owed(problem, home).dropped_at for home in ("图书馆", "工会")} == {NOON}
    assert list(Problem.objects.visible_to(staff(season, username="other"))) == [problem]
    for act in (
        lambda: answer(problem, by=staff(season, "工会"), home="工会"),
        lambda: judge(answer_of(problem), by=assessor),
        lambda: edit(season, problem, by=assessor, title="别的"),
    ):
        with pytest.raises(Refused, match="看错"):
            act()


def test_those_named_do_not_withdraw(season, problem):
    with pytest.raises(PermissionDenied):
        withdraw_problem(problem, because="不服", by=staff(season), at=NOON)


# --- sight


def test_named_departments_see_their_own_answer_alone_and_who_raised_it_all(season):
    raiser = staff(season, "教务处")
    problem = raise_about(season, "图书馆", "工会", by=raiser, raising="教务处")
    seen = {
        actor: sorted(row.department.name for row in ProblemAnswer.objects.visible_to(actor))
        for actor in (raiser, staff(season), staff(season, "工会"), staff(season, "体育部"))
    }
    assert list(seen.values()) == [["图书馆", "工会"], ["图书馆"], ["工会"], []]
    assert [Problem.objects.visible_to(actor).count() for actor in seen] == [1, 1, 1, 0]
    edit(season, problem, by=raiser, homes=("图书馆",))
    assert [Problem.objects.visible_to(actor).count() for actor in seen] == [1, 1, 0, 0]


def test_moment_of_the_season_is_used_not_the_wall_clock(season, assessor):
    problem = raise_about(season, by=assessor, at=on(11, 17))
    with pytest.raises(Refused) as refusal:
        answer(problem, by=staff(season), on=DUE, at=on(11, 19))
    assert (refusal.value.field, problem.raised_at, problem.found_on) == ("answered_on", on(11, 17), GIVEN)
