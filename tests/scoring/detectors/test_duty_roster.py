"""Duty rosters: kept, excused or another roster's is silent; missed is not; two rosters may contradict (A7, B9)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.registers import DutyRosterFact
from tests.scoring.detectors.register_terms import (
    APPROVED,
    HERE,
    NAMESAKE,
    PEOPLE,
    THERE,
    WEI,
    excuses,
    id_of,
    places,
    said,
    sentence,
    terms,
)

DETECTOR = DETECTORS["duty-roster"]
NAMES = {HERE: "保卫处", THERE: "总务处"}
DAY = date(2009, 11, 6)


def fact(*, missed=True, shift="晚班", roster=HERE, home=THERE, person=WEI, day=DAY, excused_on=None, number=1):
    return DutyRosterFact(
        id_of(number),
        department_id=home,
        organiser_id=roster,
        organiser=NAMES[roster],
        excused_on=excused_on,
        person=person,
        happened_on=day,
        shift=shift,
        missed=missed,
    )


def seen(*facts, attribution="roster", excusable=True, **options):
    return list(DETECTOR.detect(facts, terms(attribution=attribution, excusable=excusable, **options)))


def records(found):
    return [int(one.record.removeprefix("duty-roster:").replace("-", ""), 16) for one in found]


def test_duty_kept_is_silent():
    assert seen(fact(missed=False)) == []


def test_excused_duty_is_silent():
    assert seen(fact(excused_on=APPROVED)) == []


def test_duty_of_another_roster_is_silent_here_though_the_person_is_ours():
    assert seen(fact(roster=THERE, home=HERE)) == []


def test_row_without_a_shift_is_covered_by_the_excuse_of_the_shift():
    assert seen(fact(excused_on=APPROVED), fact(shift="", number=2)) == []


def test_missed_duty_charges_the_roster_s_department():
    (found,) = seen(fact())
    assert said(found) == (
        "missed", date(2009, 11, 6), "person:00000000-0000-0000-0000-00000000000b",
        "duty-roster:00000000-0000-0000-0000-000000000001", 1, False,
    )  # fmt: skip
    assert sentence("duty-roster", found) == "张伟(00123) missed the duty of 2009-11-06 晚班 (roster of 保卫处)."
    assert (found.silence, found.period) == (None, "")


def test_rule_that_charges_the_home_charges_the_person_s_department():
    assert seen(fact(), attribution="home") == []
    assert records(seen(fact(roster=THERE, home=HERE), attribution="home")) == [1]


def test_two_shifts_of_a_day_are_two_facts():
    assert records(seen(fact(), fact(shift="早班", number=2), fact(person=NAMESAKE, number=3))) == [1, 2, 3]


def test_one_duty_entered_twice_is_one_fact_named_by_the_row_that_says_which():
    (found,) = seen(fact(shift="", number=1), fact(shift="晚 班", number=2), fact(number=3))
    assert records([found]) == [2]
    assert {row.uuid for row in found.rests_on} == {id_of(1), id_of(2), id_of(3)}


def test_kept_by_another_roster_the_same_shift_contradicts():
    (found,) = seen(fact(), fact(missed=False, roster=THERE, shift="晚班 ", number=2))
    assert (found.reason, found.is_contradicted) == ("disagree", True)
    assert [row.uuid for row in found.rests_on] == [id_of(1), id_of(2)]
    assert "总务处" in str(found.parameters["others"])


def test_kept_by_another_roster_in_another_shift_or_day_or_by_a_namesake_proves_all_the_same():
    near = (
        fact(missed=False, roster=THERE, shift="早班", number=2),
        fact(missed=False, roster=THERE, shift="", number=3),
        fact(missed=False, roster=THERE, day=date(2009, 11, 7), number=4),
        fact(missed=False, roster=THERE, person=NAMESAKE, number=5),
    )
    assert [one.is_contradicted for one in seen(fact(), *near)] == [False]


def test_kept_by_a_row_of_the_same_roster_that_does_not_say_which_shift_contradicts():
    assert [one.is_contradicted for one in seen(fact(), fact(missed=False, shift="", number=2))] == [True]


ROWS = st.builds(
    fact,
    missed=st.booleans(),
    shift=st.sampled_from(["早班", "晚班"]),
    roster=places,
    home=places,
    person=st.sampled_from(PEOPLE),
    day=st.sampled_from([DAY, date(2009, 11, 7)]),
    excused_on=excuses,
)


@given(st.lists(ROWS, max_size=10, unique_by=lambda row: (row.person, row.organiser_id, row.happened_on, row.shift)))
def test_restated_where_every_row_names_its_shift(rows):
    rows = [numbered(row, number) for number, row in enumerate(rows)]
    expected = set()
    for row in rows:
        if not row.missed or row.organiser_id != 1 or row.excused_on or row.person.category == "external":
            continue
        kept = any(
            not other.missed
            and (other.person, other.happened_on, other.shift) == (row.person, row.happened_on, row.shift)
            for other in rows
        )
        expected.add((row.uuid, kept))
    found = seen(*rows, exempt={"external"})
    assert {(one.rests_on[0].uuid, one.is_contradicted) for one in found} == expected
    assert len(found) == len(expected)


def numbered(row, number):
    values = {name: getattr(row, name) for name in ("missed", "shift", "person", "excused_on")}
    return fact(**values, roster=row.organiser_id, home=row.department_id, day=row.happened_on, number=number)
