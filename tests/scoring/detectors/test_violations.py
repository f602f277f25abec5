"""Serious violations: one with a consequence is silent, however late it came (A12, B14)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.enums import RecordKind
from scoring.facts.registers import ViolationFact
from tests.scoring.detectors.register_terms import (
    APPROVED,
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

DETECTOR = DETECTORS["violations"]


def fact(consequence="", *, person=WEI, home=HERE, excused_on=None, number=1, day=date(2009, 11, 12)):
    return ViolationFact(
        id_of(number),
        department_id=home,
        excused_on=excused_on,
        person=person,
        happened_on=day,
        violation="旷工",
        told="11月12日无故不到岗",
        consequence=consequence,
    )


def seen(*facts, **options):
    return list(DETECTOR.detect(facts, terms(**options)))


def test_violation_with_a_consequence_is_silent():
    assert seen(fact("扣发当月津贴50元")) == []


def test_person_of_another_department_is_silent_here():
    assert seen(fact(home=THERE)) == []


def test_exempt_category_is_silent():
    assert seen(fact(), exempt={"full_time"}) == []


def test_excuse_holds_where_the_rule_knows_excuses():
    assert seen(fact(excused_on=APPROVED), excusable=True) == []


def test_violation_nothing_followed_is_concluded_from_silence():
    (found,) = seen(fact())
    assert said(found) == (
        "no-consequence", date(2009, 11, 12), "person:00000000-0000-0000-0000-00000000000b",
        "violation:00000000-0000-0000-0000-000000000001", 1, False,
    )  # fmt: skip
    assert found.silence is RecordKind.VIOLATION
    assert sentence("violations", found) == (
        "张伟(00123), 旷工 on 2009-11-12: the register tells of no economic consequence by the regulations."
    )


def test_two_of_one_person_are_two_facts():
    found = seen(fact(), fact(number=2, day=date(2009, 11, 13)))
    assert len({one.record for one in found}) == 2


ROWS = st.builds(
    fact,
    st.sampled_from(["", "", "扣津贴"]),
    person=st.sampled_from(PEOPLE),
    home=places,
    excused_on=excuses,
    number=st.integers(1, 99),
)


@given(st.lists(ROWS, max_size=8))
def test_restated(rows):
    expected = [f"violation:{row.uuid}" for row in rows if row.department_id == 1 and not row.consequence]
    assert [one.record for one in seen(*rows)] == expected
