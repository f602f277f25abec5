"""Registers as facts: real rows, entered as keepers do, read for one department in a fixed number of queries."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import RegisterCode, Role, StaffCategory
from campaigns.models import Posting
from campaigns.services.register_drafts import Excuse, RegisterDraft
from campaigns.services.registers import correct_row, enter_row, excuse_row, withdraw_row
from scoring.facts import Person
from scoring.queries.detection import know_season, look_at
from scoring.queries.sources import SOURCES
from tests.campaigns.register_working import the_term
from tests.factories import NOON, SHANGHAI, department, make_actor, make_class, make_person

R = RegisterCode
HOME, OTHER = "财会金融系", "基础部"
ON = date(2009, 12, 28)
DAY = date(2009, 11, 6)
QUERIES = {R.DUTY_ROSTER: 3, R.RESEARCH_MEETING: 2, R.LESSON_PLAN: 2}  # of the others one


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def enter(season, office):
    """Return how a row is entered: register, values, and when."""

    def enter(register, *, at=NOON, excuse=None, **values):
        draft = RegisterDraft(values, excuse)
        return enter_row(season, register, draft, uuid=uuid4(), by=office, at=at)

    return enter


def read(season, register, name=HOME, on=ON):
    return SOURCES[register.value](department(season, name), on)


def looked(season, name=HOME, on=ON):
    """Return what the department's records show, by charge key, without the duties and plans it never handed in."""
    found = look_at(department(season, name), know_season(season, on=on))
    assert found.troubles == ()
    own = {"A5B5", "A6B6", "A7B9", "A8B10", "A12B14", "B7", "B8", "B13"}
    return {seen.charge_key: seen for seen in found.seen if seen.rule.family in own}


def faulty(season, register, number, home=HOME):
    """Return the values of a row that charges somebody."""
    if register is R.CLASS_ATTENDANCE:
        return {
            "student_class": make_class(season, f"会计{number}", home=home),
            "happened_on": DAY,
            "rate": Decimal(40),
        }
    person = make_person(season, f"教师{number}", number=f"T{number}", home=home)
    return {
        R.WORKLOAD: {"term": the_term(season), "required": Decimal(160), "done": Decimal(100)},
        R.EVALUATION: {"term": the_term(season), "score": Decimal("59.99")},
        R.OBSERVATION: {"term": the_term(season), "required": 8, "done": 7},
        R.DUTY_ROSTER: {"happened_on": DAY, "missed": True},
        R.RESEARCH_MEETING: {"happened_on": DAY, "attended": False},
        R.LESSON_PLAN: {"happened_on": DAY},
        R.VIOLATION: {"happened_on": DAY, "kind": "旷工"},
    }[register] | {"person": person}


@pytest.mark.parametrize("register", list(RegisterCode))
def test_fixed_number_of_queries_at_one_row_and_at_three(season, enter, register):
    counts, place = [], department(season, HOME)
    for number, expected in ((1, 1), (2, 2), (3, 3)):
        enter(register, **faulty(season, register, number))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(SOURCES[register.value](place, ON)) == expected
        counts.append(len(queries))
    assert counts == [QUERIES.get(register, 1)] * 3


@pytest.mark.parametrize("register", list(RegisterCode))
def test_rows_withdrawn_and_those_of_another_department_are_not_read(season, office, enter, register):
    row = enter(register, **faulty(season, register, 1))
    enter(register, **faulty(season, register, 2, home=OTHER))
    (fact,) = read(season, register)
    assert (fact.uuid, fact.kind, fact.department_id) == (row.uuid, register.value, department(season, HOME).pk)
    assert fact.frozen()["page"] == str(row.uuid)
    withdraw_row(row, because="重复登记", by=office, at=NOON)
    assert read(season, register) == ()


@pytest.mark.parametrize(
    "register", [R.CLASS_ATTENDANCE, R.DUTY_ROSTER, R.RESEARCH_MEETING, R.LESSON_PLAN, R.VIOLATION]
)
def test_days_after_the_one_looked_at_are_not_read(season, enter, register):
    enter(register, **faulty(season, register, 1))
    assert len(read(season, register, on=DAY)) == 1
    assert read(season, register, on=DAY - timedelta(days=1)) == ()


def test_row_says_who_and_what_in_hundredths_with_its_excuse(season, office, enter):
    row = enter(R.WORKLOAD, **faulty(season, R.WORKLOAD, 1))
    excuse_row(row, Excuse("病假", "张处长", date(2009, 12, 1)), version=1, by=office, at=NOON)
    (fact,) = read(season, R.WORKLOAD)
    assert fact.person == Person(row.person.pk, row.person.uuid, "教师1", "T1", StaffCategory.FULL_TIME)
    assert fact.frozen()["values"] == {
        "term": "2009-2010-1",
        "required": "160.00",
        "done": "100.00",
        "lectures": "0.00",
        "excused": "病假 (张处长, 2009-12-01)",
    }
    assert fact.excused_on == date(2009, 12, 1)


def test_names_are_not_kept_so_a_corrected_name_is_no_other_fact(season, enter):
    row = enter(R.DUTY_ROSTER, **faulty(season, R.DUTY_ROSTER, 1))
    before = looked(season)[f"A7B9|duty-roster:{row.uuid}"].fingerprint
    row.person.name = "教师一"
    row.person.save()
    after = looked(season)[f"A7B9|duty-roster:{row.uuid}"]
    assert (after.fingerprint, after.suspicion.subject.label) == (before, "教师一(T1)")


@pytest.mark.parametrize("register", [R.WORKLOAD, R.OBSERVATION])
def test_term_done_in_full_is_not_even_read(season, enter, register):
    values = faulty(season, register, 1)
    enter(register, **values | {"done": values["required"]})
    assert read(season, register) == ()


@pytest.mark.parametrize(
    ("entered", "day"),
    [
        (datetime(2009, 12, 24, 23, 59, tzinfo=SHANGHAI), date(2009, 12, 24)),
        (datetime(2009, 12, 25, 0, 0, tzinfo=SHANGHAI), date(2009, 12, 25)),
        (datetime(2010, 3, 8, 9, 0, tzinfo=SHANGHAI), date(2010, 1, 31)),
    ],
)
def test_term_counts_from_the_day_it_was_entered_within_the_term(season, office, enter, entered, day):
    row = enter(R.EVALUATION, at=entered, **faulty(season, R.EVALUATION, 1))
    assert read(season, R.EVALUATION)[0].happened_on == day
    draft = RegisterDraft({"person": row.person, "term": row.term, "score": Decimal(50)})
    correct_row(row, draft, version=1, by=office, at=entered + timedelta(days=3))
    assert read(season, R.EVALUATION)[0].happened_on == day


def test_good_rows_are_read_only_where_they_may_contradict(season, enter):
    missed = faulty(season, R.DUTY_ROSTER, 1)
    guard = department(season, "保卫处")
    enter(R.DUTY_ROSTER, **missed, shift="晚班")
    enter(R.DUTY_ROSTER, **missed | {"missed": False, "organiser": guard}, shift="晚班")
    enter(R.DUTY_ROSTER, **missed | {"missed": False, "happened_on": DAY + timedelta(days=7)})
    enter(R.DUTY_ROSTER, **faulty(season, R.DUTY_ROSTER, 2) | {"missed": False})
    assert [(fact.missed, fact.organiser) for fact in read(season, R.DUTY_ROSTER)] == [(True, HOME), (False, "保卫处")]


def test_duty_is_read_for_the_roster_s_department_and_charged_there(season, enter):
    row = enter(R.DUTY_ROSTER, **faulty(season, R.DUTY_ROSTER, 1), organiser=department(season, "保卫处"))
    assert looked(season) == {}
    assert set(looked(season, "保卫处")) == {f"A7B9|duty-roster:{row.uuid}"}


def test_meeting_missed_is_charged_to_the_home_not_to_who_held_it(season, enter):
    row = enter(R.RESEARCH_MEETING, **faulty(season, R.RESEARCH_MEETING, 1), organiser=department(season, OTHER))
    assert looked(season, OTHER) == {}
    assert set(looked(season)) == {f"A8B10|research-meeting:{row.uuid}"}


def test_office_that_checks_lesson_plans_reads_nothing_of_others(season, enter):
    row = enter(R.LESSON_PLAN, **faulty(season, R.LESSON_PLAN, 1), organiser=department(season, "督导室"))
    assert read(season, R.LESSON_PLAN, "督导室") == ()
    assert set(looked(season)) == {f"B13|lesson-plan:{row.uuid}"}


def test_external_teacher_away_from_a_meeting_is_silent(season, enter):
    person = make_person(season, home=HOME, category=StaffCategory.EXTERNAL)
    enter(R.RESEARCH_MEETING, person=person, happened_on=DAY, attended=False)
    assert looked(season) == {}


def test_person_who_moved_is_charged_where_the_row_found_them(season, enter):
    values = faulty(season, R.VIOLATION, 1)
    posting = Posting.objects.get(staff_member=values["person"])
    posting.ends_on = DAY
    posting.save()
    Posting.objects.create(
        campaign=season,
        staff_member=values["person"],
        department=department(season, OTHER),
        starts_on=DAY + timedelta(days=1),
    )
    first = enter(R.VIOLATION, **values)
    second = enter(R.VIOLATION, **values | {"happened_on": DAY + timedelta(days=1)})
    assert set(looked(season)) == {f"A12B14|violation:{first.uuid}"}
    assert set(looked(season, OTHER)) == {f"A12B14|violation:{second.uuid}"}


def test_people_of_the_same_name_are_two_facts(season, enter):
    people = [make_person(season, "张伟", number=number, home=HOME) for number in ("00123", "00456")]
    for person in people:
        enter(R.EVALUATION, person=person, term=the_term(season), score=Decimal(40))
    assert set(looked(season)) == {f"A6B6|person:{person.uuid}|2009-2010-1" for person in people}


def test_what_the_registers_of_a_department_show(season, enter):
    rows = {register: enter(register, **faulty(season, register, 1 + n)) for n, register in enumerate(R)}
    group = rows[R.CLASS_ATTENDANCE].student_class
    for day in (7, 8):
        enter(R.CLASS_ATTENDANCE, student_class=group, happened_on=date(2009, 11, day), rate=Decimal("49.99"))
    found = looked(season)
    assert {key: (seen.rule.code, seen.proof.value) for key, seen in found.items()} == {
        f"A5B5|person:{rows[R.WORKLOAD].person.uuid}|2009-2010-1": ("B5", "proven"),
        f"A6B6|person:{rows[R.EVALUATION].person.uuid}|2009-2010-1": ("B6", "proven"),
        f"B7|class:{group.uuid}|2009-2010-1": ("B7", "proven"),
        f"B8|person:{rows[R.OBSERVATION].person.uuid}|2009-2010-1": ("B8", "proven"),
        f"A7B9|duty-roster:{rows[R.DUTY_ROSTER].uuid}": ("B9", "proven"),
        f"A8B10|research-meeting:{rows[R.RESEARCH_MEETING].uuid}": ("B10", "proven"),
        f"B13|lesson-plan:{rows[R.LESSON_PLAN].uuid}": ("B13", "proven"),
        f"A12B14|violation:{rows[R.VIOLATION].uuid}": ("B14", "no-record"),
    }
    assert found[f"B7|class:{group.uuid}|2009-2010-1"].suspicion.happened_on == date(2009, 11, 8)
    assert {seen.suspicion.quantity for seen in found.values()} == {1}


def test_same_rows_of_an_office_charge_the_twins_and_nobody_where_there_is_none(season, enter):
    rows = {
        r: enter(r, **faulty(season, r, 1 + n, home="教务处")) for n, r in enumerate(R) if r is not R.CLASS_ATTENDANCE
    }
    assert {key: seen.rule.code for key, seen in looked(season, "教务处").items()} == {
        f"A5B5|person:{rows[R.WORKLOAD].person.uuid}|2009-2010-1": "A5",
        f"A6B6|person:{rows[R.EVALUATION].person.uuid}|2009-2010-1": "A6",
        f"A7B9|duty-roster:{rows[R.DUTY_ROSTER].uuid}": "A7",
        f"A8B10|research-meeting:{rows[R.RESEARCH_MEETING].uuid}": "A8",
        f"A12B14|violation:{rows[R.VIOLATION].uuid}": "A12",
    }


def test_class_attendance_before_a_class_moved_belongs_to_its_row(season, enter):
    group = make_class(season, home=HOME)
    for day in (6, 7):
        enter(R.CLASS_ATTENDANCE, student_class=group, happened_on=date(2009, 11, day), rate=Decimal(40))
    group.department = department(season, OTHER)
    group.save()
    enter(R.CLASS_ATTENDANCE, student_class=group, happened_on=date(2009, 11, 8), rate=Decimal(40))
    assert looked(season) == {}
    assert set(looked(season, OTHER)) == {f"B7|class:{group.uuid}|2009-2010-1"}
