"""Class attendance: two low lessons, or exactly the rate, are silent; three strictly below in a row are not (B7)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.detectors.class_attendance import natural
from scoring.facts.registers import ClassAttendanceFact
from tests.scoring.detectors.register_terms import (
    APPROVED,
    HERE,
    NEXT_TERM,
    THERE,
    excuses,
    id_of,
    said,
    sentence,
    terms,
)

DETECTOR = DETECTORS["class-attendance"]
MONDAY = date(2009, 11, 2)


def fact(rate, week=0, *, lesson="1-2节", home=HERE, group=7, excused_on=None, number=None, day=None):
    day = day or MONDAY + timedelta(weeks=week)
    return ClassAttendanceFact(
        id_of(number or week + 1),
        department_id=home,
        excused_on=excused_on,
        class_id=group,
        class_uuid=id_of(group),
        class_name=f"会计090{group}",
        happened_on=day,
        lesson=lesson,
        rate=Decimal(rate),
    )


def seen(*facts, below=50, times=3, on=date(2010, 12, 30), **options):
    thresholds = {"rate_below": below, "times": times}
    return list(DETECTOR.detect(facts, terms(attribution="teaching", thresholds=thresholds, on=on, **options)))


def weeks(*rates, **options):
    return [fact(rate, week, **options) for week, rate in enumerate(rates)]


def test_two_low_lessons_are_silent():
    assert seen(*weeks(40, 40)) == []


def test_exactly_half_ends_the_row():
    assert seen(*weeks(40, 40, "50.00", 40, 40)) == []


def test_three_low_lessons_not_in_a_row_are_silent():
    assert seen(*weeks(40, 90, 40, 90, 40)) == []


def test_three_classes_with_one_each_are_silent():
    assert seen(*(fact(40, week, group=group) for week, group in enumerate((7, 8, 9)))) == []


def test_lesson_between_two_of_a_day_ends_the_row_whatever_order_the_rows_come_in():
    late, early, between = (
        fact(rate, lesson=lesson, number=number)
        for number, (rate, lesson) in enumerate(((40, "10-11节"), (40, "1-2节"), (80, "3-4节")), start=2)
    )
    assert seen(fact(40, 1, number=1), late, early, between) == []


def test_one_lesson_in_two_rows_is_one_time():
    assert seen(*weeks(40, 40), fact(30, 1, lesson="１－２ 节", number=9)) == []


def test_row_that_crosses_the_end_of_a_term_is_silent():
    last, first = date(2010, 1, 31), NEXT_TERM[1]
    rows = [fact(40, day=last - timedelta(1)), fact(40, day=last, number=2), fact(40, day=first, number=3)]
    assert seen(*rows) == []


def test_excused_lesson_ends_the_row_where_the_rule_knows_excuses():
    assert seen(*weeks(40, 40), fact(40, 2, excused_on=APPROVED), excusable=True) == []
    assert len(seen(*weeks(40, 40), fact(40, 2, excused_on=APPROVED))) == 1


def test_days_outside_the_facts_of_the_season_and_those_to_come_are_none():
    early = [fact(40, day=date(2009, 8, 30)), *(fact(40, day=date(2009, 9, day), number=day) for day in (1, 2))]
    assert seen(*early, seasons=[("2009-1", date(2009, 8, 1), date(2010, 1, 31))]) == []
    assert seen(*weeks(40, 40, 40), on=date(2009, 11, 15)) == []


@pytest.mark.parametrize("kind", ["administrative", "support"])
def test_department_that_does_not_teach_is_never_charged(kind):
    assert seen(*weeks(1, 1, 1), kind=kind) == []


def test_class_that_moved_is_charged_to_whose_it_was_when_the_row_was_full():
    assert seen(*weeks(40, 40), fact(40, 2, home=THERE)) == []
    assert len(seen(*weeks(40, 40, home=THERE), fact(40, 2))) == 1


def test_three_in_a_row_are_seen_on_the_day_of_the_third():
    (found,) = seen(*weeks(90, 49.99, 45, 40, 30))
    assert said(found) == (
        "low", date(2009, 11, 23), "class:00000000-0000-0000-0000-000000000007", "2009-1", 1, False,
    )  # fmt: skip
    assert [row.happened_on.day for row in found.rests_on] == [9, 16, 23]
    assert (found.subject.label, found.subject.class_id, found.record, found.silence) == ("会计0907", 7, "", None)
    (found,) = seen(*weeks("49.99", 45, 40))
    assert sentence("class-attendance", found) == (
        "会计0907: attendance below 50% at 3 checks in a row: "
        "['2009-11-02 1-2节 49.99%', '2009-11-09 1-2节 45%', '2009-11-16 1-2节 40%']."
    )


def test_three_lessons_of_one_day_are_seen():
    lessons = ("第九节", "第十节", "第十一节")
    (found,) = seen(*(fact(40, lesson=lesson, number=number) for number, lesson in enumerate(lessons, 1)))
    assert found.happened_on == MONDAY


def test_each_term_is_a_fact_of_its_own():
    rows = [fact(40, day=NEXT_TERM[1] + timedelta(day), number=10 + day) for day in range(3)]
    assert [one.period for one in seen(*weeks(40, 40, 40), *rows)] == ["2009-1", "2010-2"]


def test_two_rows_of_a_lesson_that_disagree_make_it_contradicted():
    (found,) = seen(*weeks(40, 40, 40), fact(80, 1, lesson="1－2节", number=9))
    assert said(found)[:2] + said(found)[-1:] == ("disagree", date(2009, 11, 16), True)
    assert len(found.rests_on) == 4
    assert "%(" not in sentence("class-attendance", found)


def test_proven_row_counts_before_one_that_is_contradicted():
    (found,) = seen(*weeks(40, 40, 40, 90, 40, 40, 40), fact(80, 1, number=9))
    assert (found.reason, found.happened_on) == ("low", date(2009, 12, 14))


def test_first_of_two_contradicted_rows_counts():
    rows = weeks(40, 40, 40, 90, 40, 40, 40)
    (found,) = seen(*rows, fact(80, 1, number=8), fact(80, 5, number=9))
    assert (found.reason, found.happened_on) == ("disagree", date(2009, 11, 16))


def test_thresholds_are_the_rulebook_s():
    assert len(seen(*weeks(39, 39), below=40, times=2)) == 1
    assert seen(*weeks(39, 40), below=40, times=2) == []


def test_natural_order_of_lessons():
    said_in_order = ["", "1-2节", "3-4节", "10-11节", "101", "第一节", "第二节", "第十节", "第十一节", "第二十一节"]
    backwards = said_in_order[::-1]
    assert sorted(backwards, key=natural) == said_in_order
    assert natural("１－２ 节") == natural("1、2节")
    assert natural("1-2") != natural("12")


ROWS = st.builds(
    fact,
    st.sampled_from([40, 49, 50, 90]),
    st.integers(0, 6),
    lesson=st.sampled_from(["1", "2"]),
    group=st.sampled_from([7, 8]),
    excused_on=excuses,
)


@given(
    st.lists(ROWS, max_size=25, unique_by=lambda row: (row.class_id, row.happened_on, row.lesson)),
    st.integers(1, 3),
    st.booleans(),
)
def test_restated(rows, times, excusable):
    expected = {}
    for group in (7, 8):
        ordered = sorted((r for r in rows if r.class_id == group), key=lambda r: (r.happened_on, r.lesson))
        low = [r.rate < 50 and not (excusable and r.excused_on) for r in ordered]
        for is_low, run in groupby(enumerate(low), key=lambda pair: pair[1]):
            places = [place for place, _low in run]
            if is_low and len(places) >= times and group not in expected:
                expected[group] = [(r.happened_on, r.lesson) for r in ordered[places[0] : places[0] + times]]
    found = seen(*rows, times=times, excusable=excusable)
    assert {one.subject.class_id: [(row.happened_on, row.lesson) for row in one.rests_on] for one in found} == expected
    assert not any(one.is_contradicted for one in found)
