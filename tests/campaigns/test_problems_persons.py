"""Persons a problem concerns: who is named how, the three parts, who reads them."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import ProblemPerson
from campaigns.queries.problem_page import person_card, problem_page
from campaigns.queries.problem_persons import find_member, student_label
from campaigns.services.problem_persons import Dealing, add_person, change_person, remove_person
from campaigns.services.problems import withdraw_problem
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.task_working import answer, answer_of, judge, office, raise_about, staff, team
from tests.factories import NOON, department, make_actor, make_class, make_person

HANDLED = Dealing(handling="通报批评", handled_on=date(2009, 11, 18))


@pytest.fixture
def problem(season):
    return raise_about(season, by=staff(season, "教务处"), raising="教务处")


@pytest.fixture
def liaison(season):
    return staff(season)


def add(problem, *, by, dealing=HANDLED, key=None, person=None, label=""):
    return add_person(answer_of(problem), dealing, uuid=key or uuid.uuid4(), person=person, label=label, by=by, at=NOON)


def change(row, dealing, *, by, version=None):
    return change_person(row, dealing, version=row.version if version is None else version, by=by, at=NOON)


def test_person_is_listed_with_what_is_missing(season, problem, liaison):
    row = add(problem, by=liaison, person=make_person(season))
    assert (row.label, row.handled_on, row.person.number) == ("张伟(00123)", date(2009, 11, 18), "00123")
    assert len(person_card(row).missing) == 2
    whole = Dealing("通报批评", date(2009, 11, 18), "谈心", date(2009, 11, 19), "全馆会议", date(2009, 11, 20))
    assert person_card(change(row, whole, by=liaison)).missing == ()


@pytest.mark.parametrize(
    ("dealing", "field"),
    [
        (Dealing(handling="批评"), "handled_on"),
        (Dealing(counselled_on=date(2009, 11, 18)), "counselling"),
        (Dealing(teaching="会议", taught_on=date(2009, 12, 29)), "taught_on"),
        (Dealing(teaching="会议", taught_on=date(2009, 8, 31)), "taught_on"),
        (Dealing(handling="文" * 2001, handled_on=date(2009, 11, 18)), "handling"),
    ],
)
def test_part_that_cannot_be_is_refused_at_its_field(problem, liaison, dealing, field):
    with pytest.raises(Refused) as refusal:
        add(problem, by=liaison, label="外来人员", dealing=dealing)
    assert refusal.value.field == field
    assert not ProblemPerson.objects.exists()


def test_nobody_is_listed_twice_but_again_after_being_taken_off(problem, liaison):
    key = uuid.uuid4()
    first = add(problem, by=liaison, label="外来人员", key=key)
    assert add(problem, by=liaison, label=" 外来人员", key=key) == first
    with pytest.raises(Refused) as refusal:
        add(problem, by=liaison, label="外来人员")
    assert refusal.value.refusal_code == "listed"
    with pytest.raises(Refused) as refusal:
        add(problem, by=liaison, label="别人", key=key)
    assert refusal.value.refusal_code == "reused"
    for _click in range(2):
        remove_person(first, by=liaison, at=NOON)
    assert AuditEntry.objects.filter(act="problem.person.remove").count() == 1
    add(problem, by=liaison, label="外来人员")
    assert ProblemPerson.objects.count() == 2
    with pytest.raises(Refused) as refusal:
        change(first, Dealing(), by=liaison)
    assert refusal.value.refusal_code == "removed"


def test_stale_change_is_refused_and_the_same_twice_is_one(problem, liaison):
    row = add(problem, by=liaison, label="外来人员")
    theirs = Dealing("记过", date(2009, 11, 19))
    change(row, theirs, by=liaison)
    assert change(row, theirs, by=liaison, version=1).version == 2
    with pytest.raises(Refused) as refusal:
        change(row, Dealing("警告", date(2009, 11, 19)), by=liaison, version=1)
    assert (refusal.value.refusal_code, refusal.value.existing.handling) == ("stale", "记过")


def test_nobody_and_a_student_by_name_are_refused(season, problem, liaison):
    make_class(season, "会计0901")
    with pytest.raises(Refused) as refusal:
        add(problem, by=liaison, label=" ")
    assert refusal.value.field == "person"
    for label in ("会计0901张三", "会计 0901 班 张三", "张三(会计0901)"):
        with pytest.raises(Refused) as refusal:
            add(problem, by=liaison, label=label)
        assert refusal.value.field == "label"
    assert add(problem, by=liaison, label="会计0901 12").label == "会计0901 12"


def test_student_is_class_and_number(season):
    make_class(season, "会计0901")
    assert student_label(season, "会计 ０９０１", "１２") == "会计0901 12"
    for typed, field in ((("", "12"), "student_class"), (("会计0902", "12"), "student_class")):
        with pytest.raises(Refused) as refusal:
            student_label(season, *typed)
        assert refusal.value.field == field
    for number in ("", "张三", "张三12", "abc"):
        with pytest.raises(Refused) as refusal:
            student_label(season, "会计0901", number)
        assert refusal.value.field == "student_number"


def test_staff_are_found_by_name_number_or_both(season):
    zhang, place = make_person(season), department(season)
    assert [find_member(place, typed) for typed in ("张 伟", "00123", "张伟（00123）")] == [zhang] * 3
    make_person(season, "李敏", number="00124", home="工会")
    for typed in ("李敏", "00124", "张伟(00124)", "王五"):
        with pytest.raises(Refused) as refusal:
            find_member(place, typed)
        assert refusal.value.refusal_code == "unknown"
    make_person(season, "张伟", number="00125")
    with pytest.raises(Refused, match="00125"):
        find_member(place, "张伟")


def test_parts_follow_even_after_the_answer_was_accepted_and_not_after_it_was_withdrawn(season, problem, liaison):
    clerk = office(season)
    row = add(problem, by=liaison, label="外来人员")
    judge(answer(problem, by=liaison), by=clerk)
    change(row, Dealing("通报批评", date(2009, 11, 18), "谈心", date(2009, 12, 1)), by=liaison)
    withdraw_problem(problem, because="看错", by=clerk, at=NOON)
    with pytest.raises(Refused, match="看错"):
        change(row, Dealing(), by=liaison, version=2)


def test_another_department_lists_nobody(season, problem, liaison):
    row = add(problem, by=liaison, label="外来人员")
    for act in (
        lambda by: add(problem, by=by, label="另一人"),
        lambda by: change(row, Dealing(), by=by),
        lambda by: remove_person(row, by=by, at=NOON),
    ):
        for actor in (staff(season, "工会", username=f"u{uuid.uuid4().hex[:6]}"), team(season)):
            with pytest.raises(PermissionDenied):
                act(actor)


def test_persons_are_read_by_their_department_office_and_team_alone(season, problem, liaison):
    add(problem, by=liaison, label="外来人员")
    raiser = make_actor(season, Role.STAFF, department=department(season, "教务处"))
    leader = make_actor(season, Role.LEADERSHIP)
    readers = (liaison, office(season), team(season), raiser, leader)
    assert [ProblemPerson.objects.visible_to(actor).count() for actor in readers] == [1, 1, 1, 0, 0]
    cards = [problem_page(problem, actor, season, at=NOON).answers[0].persons for actor in readers]
    assert [card and [person.label for person in card] for card in cards] == [["外来人员"]] * 3 + [None, None]
