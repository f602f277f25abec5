"""Circulars: silent when relayed and carried out, and until the last day is over (A9, B11)."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.tasks import CircularFact
from tests.scoring.detectors.task_terms import AFTER, DUE, FIRST, days, maybe_days, said, terms

DETECTOR = DETECTORS["circulars"]
DONE = date(2009, 11, 18)


def seen(*facts, on=AFTER):
    return list(DETECTOR.detect(facts, terms(on)))


def circular(*, relayed_on=None, carried_out_on=None, deadline=DUE):
    return CircularFact(
        FIRST, "关于考勤的通知", "院发[2009]40号", date(2009, 11, 2), deadline, relayed_on, carried_out_on
    )


def test_nothing_received_is_silent():
    assert seen() == []


def test_last_day_itself_is_silent():
    assert seen(circular(), on=DUE) == []


def test_extended_one_is_silent_until_the_day_it_was_extended_to():
    assert seen(circular(deadline=date(2009, 11, 25)), on=date(2009, 11, 25)) == []


def test_relayed_and_carried_out_is_silent_however_late():
    late = date(2009, 12, 20)
    assert seen(circular(relayed_on=late, carried_out_on=late), on=date(2009, 12, 28)) == []


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        ({}, "neither"),
        ({"carried_out_on": DONE}, "not-relayed"),
        ({"relayed_on": DONE}, "not-carried-out"),
    ],
)
def test_part_that_is_missing_is_said_the_day_after_the_last_one(done, reason):
    (found,) = seen(circular(**done))
    record = "circular-recipient:00000000-0000-0000-0000-000000000001"
    assert said(found) == (reason, date(2009, 11, 20), record, "circular")
    assert (found.quantity, found.subject.label) == (1, "关于考勤的通知")
    assert found.rests_on == (circular(**done),)
    assert "2009-11-20" in DETECTOR.reasons[reason] % found.parameters


@given(
    facts=st.lists(
        st.builds(
            CircularFact,
            st.builds(uuid4),
            title=st.text(max_size=5),
            number=st.just(""),
            issued_on=days,
            deadline=days,
            relayed_on=maybe_days,
            carried_out_on=maybe_days,
        ),
        max_size=6,
    ),
    on=days,
)
def test_random_circulars_equal_the_clause_restated(facts, on):
    charged = {
        f"circular-recipient:{one.uuid}"
        for one in facts
        if on > one.deadline and not (one.relayed_on and one.carried_out_on)
    }
    found = seen(*facts, on=on)
    assert {one.record for one in found} == charged
    assert all(one.happened_on < on and one.quantity == 1 for one in found)
