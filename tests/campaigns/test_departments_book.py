"""Departments and people are found the way people write them."""

from datetime import date

import pytest

from campaigns.models import Posting
from campaigns.queries.departments import DepartmentBook, StaffBook, find_class, home_of
from tests.factories import department, make_class, make_person


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("党院办", "党院办"),
        ("党院办(含校史办)", "党院办"),
        ("党院办（含校史办）", "党院办"),
        ("党办", "党院办"),
        (" 人事处 ", "组织人事处"),
        ("组织人事处（含宣传统战部）", "组织人事处"),
        ("学生处", "学生工作处"),
        ("学工部门", "学生工作处"),
        ("团委会", "团委"),
        ("图 书 馆", "图书馆"),
        ("旅游文法建筑工程系", "旅游文法建筑工程系"),
    ],
)
def test_department_is_found_by_name_bracket_and_alias(season, typed, name):
    assert DepartmentBook(season).find(typed).name == name


@pytest.mark.parametrize("typed", ["督导团", "", None, "处", "图书", 5])
def test_department_nobody_means_is_not_found(season, typed):
    assert DepartmentBook(season).find(typed) is None


def test_department_of_another_season_is_not_found(season, other_season):
    assert DepartmentBook(season).find("灯塔馆") is None
    assert DepartmentBook(other_season).find("图书馆") is None
    assert DepartmentBook(other_season).find("雾务处（含晨雾中心）").name == "雾务处"


def test_no_alias_of_the_season_means_two_departments(season, other_season):
    for each in (season, other_season):
        names = [name for row in DepartmentBook(each).departments for name in {row.name, row.full_name, *row.aliases}]
        assert len(names) == len(set(names))


def test_department_book_asks_one_query(season, django_assert_num_queries):
    with django_assert_num_queries(1):
        book = DepartmentBook(season)
        assert book.find("党办").block.code == "A"


# --- people


@pytest.fixture
def people(season):
    return {
        "00123": make_person(season, "张伟", number="00123"),
        "00777": make_person(season, "张伟", number="00777"),
        "00200": make_person(season, "李娜", number="00200"),
        "J-9": make_person(season, "欧阳 海", number="J-9"),
    }


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("李娜", "00200"),
        ("李 娜", "00200"),
        ("李娜(00200)", "00200"),
        ("李娜（００２００）", "00200"),
        ("张伟(00777)", "00777"),
        ("张伟 ( 00123 )", "00123"),
        ("欧阳海", "J-9"),
        ("欧阳海(j-9)", "J-9"),
    ],
)
def test_person_is_found_by_name_or_by_name_and_number(season, people, typed, number):
    assert StaffBook(season, [typed]).match(typed).person == people[number]


def test_person_of_a_name_that_several_bear_is_asked_back(season, people):
    match = StaffBook(season, ["张伟"]).match("张伟")
    assert match.person is None
    assert set(match.candidates) == {people["00123"], people["00777"]}


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("张伟(123)", "00123"),  # Excel took the zeros
        ("李娜(00123)", "00123"),  # somebody else's number
        ("王五(00200)", "00200"),
    ],
)
def test_person_whose_number_does_not_fit_the_name_is_shown_who_is_near(season, people, typed, near):
    match = StaffBook(season, [typed]).match(typed)
    assert (match.person, match.near) == (None, people[near])


@pytest.mark.parametrize("typed", ["王五", "王五(99999)", "李娜(99999)", ""])
def test_person_nobody_knows_is_not_found(season, people, typed):
    match = StaffBook(season, [typed]).match(typed)
    assert (match.person, match.near, match.candidates) == (None, None, ())


def test_person_of_another_season_is_not_found(season, other_season, people):
    assert StaffBook(other_season, ["李娜"]).match("李娜").person is None


def test_staff_book_asks_one_query_for_many(season, people, django_assert_num_queries):
    texts = ["张伟(00123)", "李娜", "王五", "欧阳海"]
    with django_assert_num_queries(1):
        book = StaffBook(season, texts)
        assert [bool(book.match(text).person) for text in texts] == [True, True, False, True]


# --- classes and homes


@pytest.mark.parametrize(
    ("typed", "found"), [("会计0901", True), ("会计 ０９０１", True), ("会计0902", False), ("", False)]
)
def test_class_is_found_under_every_spelling(season, typed, found):
    klass = make_class(season, "会计0901")
    assert find_class(season, typed) == (klass if found else None)


@pytest.mark.parametrize(
    ("day", "home"),
    [
        (date(2009, 8, 31), None),
        (date(2009, 9, 1), "图书馆"),
        (date(2009, 11, 30), "图书馆"),
        (date(2009, 12, 1), None),
        (date(2009, 12, 5), "工会"),
    ],
)
def test_home_of_a_person_is_that_of_the_day(season, day, home):
    person = make_person(season, home="图书馆")
    Posting.objects.filter(staff_member=person).update(ends_on=date(2009, 11, 30))
    Posting.objects.create(
        campaign=season, staff_member=person, department=department(season, "工会"), starts_on=date(2009, 12, 5)
    )
    found = home_of(person, on=day)
    assert (found.name if found else None) == home
