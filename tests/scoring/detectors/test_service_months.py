"""Months without service work: silent until the last day is over, and wherever any stands (A2)."""

from datetime import date
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts import Subject
from scoring.facts.tasks import ServiceMonthFact
from tests.scoring.detectors.task_terms import AFTER, DUE, FIRST, days, said, terms

DETECTOR = DETECTORS["service-months"]
LAST = date(2009, 11, 30)


def seen(*facts, on):
    return list(DETECTOR.detect(facts, terms(on)))


def month(*, deadline=LAST, is_served=False):
    return ServiceMonthFact(FIRST, "2009-11", deadline, is_served)


def test_nothing_owed_is_silent():
    assert seen(on=date(2009, 12, 28)) == []


def test_last_day_itself_is_silent():
    assert seen(month(), on=LAST) == []


def test_extended_month_is_silent_until_the_day_it_was_extended_to():
    assert seen(month(deadline=date(2009, 12, 5)), on=date(2009, 12, 5)) == []


def test_month_with_service_is_silent_however_late():
    assert seen(month(is_served=True), on=date(2009, 12, 28)) == []


def test_month_without_service_is_seen_the_day_after_its_last_one():
    (found,) = seen(month(), on=date(2009, 12, 1))
    assert said(found) == ("no-service", date(2009, 11, 30), "2009-11", "service")
    assert (found.quantity, found.subject, found.record) == (1, Subject(), "")
    assert found.rests_on == (month(),)


def test_sentence_says_month_and_day():
    (found,) = seen(month(deadline=DUE), on=AFTER)
    assert DETECTOR.reasons[found.reason] % found.parameters
    assert found.parameters == {"month": "2009-11", "day": "2009-11-20"}


@given(
    facts=st.lists(
        st.builds(
            ServiceMonthFact,
            st.builds(uuid4),
            month=st.sampled_from(["2009-11", "2009-12"]),
            deadline=days,
            is_served=st.booleans(),
        ),
        max_size=6,
    ),
    on=days,
)
def test_random_months_equal_the_clause_restated(facts, on):
    owed = [one.month for one in facts if one.deadline < on and not one.is_served]
    assert [one.period for one in seen(*facts, on=on)] == owed
