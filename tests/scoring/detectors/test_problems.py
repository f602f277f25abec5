"""Problems: silent while time is left; unanswered is silence, an answer sent back is proven (A10, B12)."""

from datetime import date
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.tasks import ProblemFact
from tests.scoring.detectors.task_terms import AFTER, DUE, FIRST, days, maybe_days, said, terms

DETECTOR = DETECTORS["problems"]
RECORD = "problem-answer:00000000-0000-0000-0000-000000000001"


def seen(*facts, on=AFTER):
    return list(DETECTOR.detect(facts, terms(on)))


def problem(*, deadline=DUE, answered_on=None, sent_back_on=None):
    return ProblemFact(FIRST, "阅览室地面积水", date(2009, 11, 16), deadline, answered_on, sent_back_on)


def test_nothing_open_is_silent():
    assert seen() == []


def test_last_day_itself_is_silent():
    assert seen(problem(), on=DUE) == []


def test_extended_one_is_silent_until_the_day_it_was_extended_to():
    assert seen(problem(deadline=date(2009, 11, 25)), on=date(2009, 11, 25)) == []


def test_answer_sent_back_in_time_is_silent_on_the_last_day():
    assert seen(problem(answered_on=date(2009, 11, 17), sent_back_on=date(2009, 11, 18)), on=DUE) == []


def test_no_answer_is_seen_the_day_after_the_last_one():
    (found,) = seen(problem())
    assert said(found) == ("unanswered", date(2009, 11, 20), RECORD, "problem")
    assert (found.quantity, found.subject.label, found.rests_on) == (1, "阅览室地面积水", (problem(),))
    assert "阅览室地面积水" in DETECTOR.reasons["unanswered"] % found.parameters


def test_answer_sent_back_in_time_counts_from_the_last_day():
    (found,) = seen(problem(answered_on=date(2009, 11, 17), sent_back_on=date(2009, 11, 18)))
    assert said(found) == ("sent-back", date(2009, 11, 20), RECORD, None)
    assert "2009-11-18" in DETECTOR.reasons["sent-back"] % found.parameters


def test_answer_sent_back_later_counts_from_that_day():
    (found,) = seen(problem(answered_on=DUE, sent_back_on=date(2009, 12, 3)), on=date(2009, 12, 28))
    assert said(found) == ("sent-back", date(2009, 12, 3), RECORD, None)


def test_day_does_not_move_with_the_day_of_detection():
    once, again = (seen(problem(), on=day) for day in (AFTER, date(2009, 12, 28)))
    assert once == again


@given(
    facts=st.lists(
        st.builds(
            ProblemFact,
            st.builds(uuid4),
            title=st.text(max_size=5),
            found_on=days,
            deadline=days,
            answered_on=maybe_days,
            sent_back_on=maybe_days,
        ),
        max_size=6,
    ),
    on=days,
)
def test_random_problems_equal_the_clause_restated(facts, on):
    overdue = {f"problem-answer:{one.uuid}": one.sent_back_on is not None for one in facts if one.deadline < on}
    assert {one.record: one.silence is None for one in seen(*facts, on=on)} == overdue
