"""Students' evaluation: exactly the threshold is silent, a hundredth below is not (A6, B6)."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.registers import EvaluationFact
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

DETECTOR = DETECTORS["evaluation"]


def fact(score, *, person=WEI, home=HERE, excused_on=None, number=1):
    return EvaluationFact(
        id_of(number),
        department_id=home,
        excused_on=excused_on,
        person=person,
        term="2009-1",
        term_name="2009—2010学年第一学期",
        happened_on=date(2009, 12, 20),
        score=Decimal(score),
    )


def seen(*facts, below=60, **options):
    return list(DETECTOR.detect(facts, terms(thresholds={"score_below": below}, **options)))


def test_exactly_sixty_is_silent():
    assert seen(fact("60.00"), fact("60.01"), fact(100)) == []


def test_teacher_of_another_department_is_silent_here():
    assert seen(fact(30, home=THERE)) == []


def test_excused_row_is_silent_where_the_rule_knows_excuses():
    assert seen(fact(30, excused_on=APPROVED), excusable=True) == []


def test_exempt_category_is_silent():
    assert seen(fact(30), exempt={"full_time"}) == []


def test_a_hundredth_below_sixty_is_seen():
    (found,) = seen(fact("59.99"))
    assert said(found) == (
        "low", date(2009, 12, 20), "person:00000000-0000-0000-0000-00000000000b", "2009-1", 1, False,
    )  # fmt: skip
    assert sentence("evaluation", found) == (
        "张伟(00123): the students' mark in 2009—2010学年第一学期 is 59.99, below 60."
    )


def test_this_rule_knows_no_excuse_so_an_excused_one_is_seen():
    assert len(seen(fact(59, excused_on=APPROVED))) == 1


def test_threshold_is_the_rulebook_s():
    assert len(seen(fact(71), below="71.5")) == 1
    assert seen(fact("71.5"), below="71.5") == []


def test_namesakes_are_two_people():
    assert len({one.subject.key for one in seen(fact(10), fact(10, person=NAMESAKE, number=2))}) == 2


ROWS = st.builds(
    fact,
    st.decimals(58, 62, places=2),
    person=st.sampled_from(PEOPLE),
    home=places,
    excused_on=excuses,
    number=st.integers(1, 99),
)


@given(st.lists(ROWS, max_size=8), st.booleans())
def test_restated(rows, excusable):
    expected = [
        row.uuid
        for row in rows
        if row.department_id == 1 and row.score < 60 and not (excusable and row.excused_on is not None)
    ]
    assert [one.rests_on[0].uuid for one in seen(*rows, excusable=excusable)] == expected
