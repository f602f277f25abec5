"""Teaching workload: what was required is silent, an hour less is not; excuses hold (A5, B5)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.registers import WorkloadFact
from tests.scoring.detectors.register_terms import (
    APPROVED,
    EXTERNAL,
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

DETECTOR = DETECTORS["workload"]
ENTERED = date(2009, 12, 24)


def fact(done, required=160, *, person=WEI, lectures=0, home=HERE, excused_on=None, number=1, term="2009-1"):
    return WorkloadFact(
        id_of(number),
        department_id=home,
        excused_on=excused_on,
        person=person,
        term=term,
        term_name="2009—2010学年第一学期",
        happened_on=ENTERED,
        required=Decimal(required),
        done=Decimal(done),
        lectures=Decimal(lectures),
    )


def seen(*facts, **options):
    return list(DETECTOR.detect(facts, terms(excusable=options.pop("excusable", True), **options)))


def test_exactly_what_was_required_is_silent():
    assert seen(fact("160.00"), fact("160.01", number=2)) == []


def test_hours_made_up_by_lectures_are_silent():
    assert seen(fact(160, lectures=20)) == []


def test_excused_teacher_is_silent():
    assert seen(fact(100, excused_on=APPROVED)) == []


def test_teacher_of_another_department_is_silent_here():
    assert seen(fact(100, home=THERE)) == []


def test_exempt_category_is_silent():
    assert seen(fact(10, person=EXTERNAL), exempt={"external"}) == []


def test_one_hundredth_of_an_hour_less_is_seen():
    (found,) = seen(fact("159.99"))
    assert said(found) == (
        "less", date(2009, 12, 24), "person:00000000-0000-0000-0000-00000000000b", "2009-1", 1, False,
    )  # fmt: skip
    assert (found.subject.label, found.subject.person_id, found.silence, found.record) == ("张伟(00123)", 11, None, "")
    assert sentence("workload", found) == (
        "张伟(00123) did 159.99 of the 160 hours required in 2009—2010学年第一学期, lectures included."
    )


def test_excuse_does_not_hold_where_the_rule_knows_none():
    assert len(seen(fact(100, excused_on=APPROVED), excusable=False)) == 1


def test_namesakes_are_two_people():
    found = seen(fact(100), fact(100, person=NAMESAKE, number=2))
    assert [one.subject.key[-2:] for one in found] == ["0b", "0c"]


def test_more_lectures_than_hours_contradict_each_other():
    (found,) = seen(fact(100, lectures="100.01"))
    assert (found.reason, found.is_contradicted) == ("lectures", True)
    assert "100.01" in sentence("workload", found)


def test_as_many_lectures_as_hours_prove_it():
    assert [one.is_contradicted for one in seen(fact(100, lectures=100))] == [False]


@pytest.mark.parametrize("attribution", ["home", "department", "concerned", "roster"])
def test_person_s_department_is_charged_where_no_roster_is(attribution):
    assert len(seen(fact(1), attribution=attribution)) == 1
    assert seen(fact(1, home=THERE), attribution=attribution) == []


ROWS = st.builds(
    fact,
    st.integers(0, 5),
    st.integers(0, 5),
    person=st.sampled_from(PEOPLE),
    lectures=st.integers(0, 5),
    home=places,
    excused_on=excuses,
    number=st.integers(1, 99),
)


@given(st.lists(ROWS, max_size=8), st.booleans())
def test_restated(rows, excusable):
    expected = []
    for row in rows:
        if row.department_id == 1 and row.person.category != "external" and row.done < row.required:
            if excusable and row.excused_on is not None:
                continue
            expected.append((row.uuid, row.lectures > row.done))
    found = seen(*rows, excusable=excusable, exempt={"external"})
    assert [(one.rests_on[0].uuid, one.is_contradicted) for one in found] == expected
