"""Assignments: silent in time; late within the season's days, not done beyond them; one fact of two amounts (A11)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.tasks import AssignmentFact
from tests.scoring.detectors.task_terms import AFTER, DUE, FIRST, days, later, maybe_days, said, terms

LATE, UNDONE = DETECTORS["assignments-late"], DETECTORS["assignments-undone"]
RECORD = "assignment:00000000-0000-0000-0000-000000000001"
LAST_LATE, FIRST_UNDONE = date(2009, 11, 27), date(2009, 11, 28)
END = date(2009, 12, 28)


def seen(*facts, on=END, late_days=7):
    """Return what both detectors say."""
    now = terms(on, late_days=late_days)
    return [one for detector in (LATE, UNDONE) for one in detector.detect(facts, now)]


def assignment(*, done_on=None, sent_back_on=None, deadline=DUE):
    return AssignmentFact(FIRST, "报送档案目录", date(2009, 11, 16), deadline, done_on, sent_back_on)


@pytest.mark.parametrize("on", [date(2009, 11, 16), DUE])
def test_not_done_is_silent_up_to_the_last_day(on):
    assert seen(assignment(), on=on) == []


@pytest.mark.parametrize("done_on", [date(2009, 11, 16), DUE])
def test_done_in_time_is_silent_however_late_it_was_reported(done_on):
    assert seen(assignment(done_on=done_on)) == []


def test_extended_one_is_silent_until_the_day_it_was_extended_to():
    assert seen(assignment(deadline=date(2009, 12, 28))) == []
    assert seen(assignment(deadline=date(2009, 12, 28), done_on=date(2009, 12, 28))) == []


def test_late_and_undone_are_never_both_seen():
    for number in range(1, 20):
        assert len(seen(assignment(), on=later(DUE, number))) == 1


@pytest.mark.parametrize("on", [AFTER, LAST_LATE])
def test_nothing_reported_is_late_through_the_seventh_day(on):
    (found,) = seen(assignment(), on=on)
    assert said(found) == ("late-unreported", date(2009, 11, 21), RECORD, "assignment")
    assert (found.quantity, found.subject.label, found.rests_on) == (1, "报送档案目录", (assignment(),))


@pytest.mark.parametrize("on", [FIRST_UNDONE, END])
def test_nothing_reported_counts_as_not_done_from_the_eighth_day(on):
    (found,) = seen(assignment(), on=on)
    assert said(found) == ("undone-unreported", date(2009, 11, 28), RECORD, "assignment")


@pytest.mark.parametrize(
    ("done_on", "reason", "day"),
    [
        (AFTER, "late-done", date(2009, 11, 21)),
        (LAST_LATE, "late-done", date(2009, 11, 21)),
        (FIRST_UNDONE, "undone-done", date(2009, 11, 28)),
        (date(2009, 12, 20), "undone-done", date(2009, 11, 28)),
    ],
)
def test_day_it_was_done_decides_and_proves(done_on, reason, day):
    (found,) = seen(assignment(done_on=done_on))
    assert said(found) == (reason, day, RECORD, None)


def test_report_sent_back_proves_and_counts_from_that_day():
    early = assignment(sent_back_on=date(2009, 11, 18))
    assert [said(one) for one in seen(early, on=AFTER)] == [("late-sent-back", date(2009, 11, 21), RECORD, None)]
    late = assignment(sent_back_on=date(2009, 12, 3))
    assert [said(one) for one in seen(late)] == [("undone-sent-back", date(2009, 12, 3), RECORD, None)]


def test_other_season_gives_other_days():
    assert [one.reason for one in seen(assignment(), on=AFTER, late_days=0)] == ["undone-unreported"]
    assert [one.reason for one in seen(assignment(), on=FIRST_UNDONE, late_days=8)] == ["late-unreported"]


@pytest.mark.parametrize("detector", [LATE, UNDONE])
def test_every_sentence_takes_the_parameters(detector):
    for on in (AFTER, END):
        for fact in (assignment(), assignment(sent_back_on=DUE), assignment(done_on=on)):
            for one in detector.detect([fact], terms(on)):
                assert "2009-11-20" in detector.reasons[one.reason] % one.parameters


@given(
    facts=st.lists(
        st.builds(
            AssignmentFact,
            st.builds(uuid4),
            title=st.text(max_size=5),
            given_on=days,
            deadline=days,
            done_on=maybe_days,
            sent_back_on=st.none(),
        ),
        max_size=6,
    ),
    on=days,
    late_days=st.integers(0, 10),
)
def test_random_assignments_equal_the_clause_restated(facts, on, late_days):
    late, undone = set(), set()
    for one in facts:
        overrun = ((one.done_on or on) - one.deadline) // timedelta(days=1)
        if overrun > late_days:
            undone.add(f"assignment:{one.uuid}")
        elif overrun > 0:
            late.add(f"assignment:{one.uuid}")
    now = terms(on, late_days=late_days)
    assert {one.record for one in LATE.detect(facts, now)} == late
    assert {one.record for one in UNDONE.detect(facts, now)} == undone
