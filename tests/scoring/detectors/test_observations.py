"""Observed lessons: as many as required are silent, one less is not (B8)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.registers import ObservationFact
from tests.scoring.detectors.register_terms import (
    APPROVED,
    EXTERNAL,
    HERE,
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

DETECTOR = DETECTORS["observations"]


def fact(done, required=8, *, person=WEI, by_inspectors=0, home=HERE, excused_on=None, number=1):
    return ObservationFact(
        id_of(number),
        department_id=home,
        excused_on=excused_on,
        person=person,
        term="2009-1",
        term_name="2009—2010学年第一学期",
        happened_on=date(2009, 12, 20),
        required=required,
        done=done,
        by_inspectors=by_inspectors,
    )


def seen(*facts, **options):
    return list(DETECTOR.detect(facts, terms(**options)))


def test_as_many_as_required_are_silent():
    assert seen(fact(8), fact(9), fact(0, 0)) == []


def test_those_with_the_inspectors_count_among_all():
    assert seen(fact(8, by_inspectors=8)) == []


def test_teacher_of_another_department_is_silent_here():
    assert seen(fact(1, home=THERE)) == []


def test_excuse_holds_where_the_rule_knows_excuses():
    assert seen(fact(1, excused_on=APPROVED), excusable=True) == []


def test_exempt_category_is_silent():
    assert seen(fact(1, person=EXTERNAL), exempt={"external"}) == []


def test_one_less_is_seen():
    (found,) = seen(fact(7, by_inspectors=7))
    assert said(found) == (
        "fewer", date(2009, 12, 20), "person:00000000-0000-0000-0000-00000000000b", "2009-1", 1, False,
    )  # fmt: skip
    assert sentence("observations", found) == (
        "张伟(00123) observed 7 of the 8 lessons required in 2009—2010学年第一学期, those with the inspectors' group "
        "included."
    )


def test_more_by_the_inspectors_than_all_contradict_each_other():
    (found,) = seen(fact(3, by_inspectors=4))
    assert (found.reason, found.is_contradicted) == ("inspectors", True)
    assert "4" in sentence("observations", found)


ROWS = st.builds(
    fact,
    st.integers(0, 4),
    st.integers(0, 4),
    person=st.sampled_from(PEOPLE),
    by_inspectors=st.integers(0, 4),
    home=places,
    excused_on=excuses,
    number=st.integers(1, 99),
)


@given(st.lists(ROWS, max_size=8), st.booleans())
def test_restated(rows, excusable):
    expected = []
    for row in rows:
        if row.done < row.required and row.department_id == 1 and (row.excused_on is None or not excusable):
            expected.append((row.uuid, row.by_inspectors > row.done))
    found = seen(*rows, excusable=excusable)
    assert [(one.rests_on[0].uuid, one.is_contradicted) for one in found] == expected
