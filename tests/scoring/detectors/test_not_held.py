"""S3b: no session at all once the phase is over."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors.not_held import DETECTORS, detect
from scoring.facts.study import Study
from tests.scoring.detectors.study_working import DAYS, PHASE_END, bare, found, owed, studies, terms

ENDED, AFTER = date(2009, 10, 31), date(2009, 11, 1)


def test_silent_on_the_last_day_itself():
    assert found(detect, Study(owed=(owed(),)), terms(ENDED)) == []


def test_silent_when_held_even_without_minutes_and_however_late():
    assert found(detect, Study((bare(),), owed=(owed(),))) == []
    assert found(detect, Study((bare(date(2009, 12, 20)),), owed=(owed(),))) == []


def test_silent_to_the_end_of_an_extension():
    facts = Study(owed=(owed(date(2009, 11, 10)),))
    assert found(detect, facts, terms(date(2009, 11, 10))) == []
    [suspicion] = found(detect, facts, terms(date(2009, 11, 11)))
    assert suspicion.happened_on == date(2009, 11, 10)


def test_silent_to_the_end_of_the_phase_where_the_deadline_is_earlier():
    assert found(detect, Study(owed=(owed(date(2009, 10, 20)),)), terms(date(2009, 10, 25))) == []


def test_silent_where_a_session_is_owed_no_more():
    assert found(detect, Study(is_released=True)) == []


def test_silent_of_a_closed_department_whose_duty_went_to_another():
    assert found(detect, Study(), terms(closed_on=date(2009, 11, 20))) == []
    assert len(found(detect, Study(owed=(owed(),)), terms(closed_on=date(2009, 11, 20)))) == 1


def test_silent_in_a_season_that_names_no_day():
    assert found(detect, Study(), terms(phase_end=None)) == []


def test_not_held():
    duty = owed()
    [suspicion] = found(detect, Study(owed=(duty,)), terms(AFTER))
    assert (suspicion.reason, suspicion.happened_on, suspicion.quantity) == ("not-held", ENDED, 1)
    assert (suspicion.silence, suspicion.rests_on) == ("session", (duty,))
    assert suspicion.parameters == {"day": "2009-10-31"}
    assert "2009-10-31" in str(DETECTORS[0].reasons[suspicion.reason]) % suspicion.parameters


@pytest.mark.parametrize("on", [AFTER, date(2010, 1, 20)])
def test_says_the_same_on_every_later_day(on):
    [suspicion] = found(detect, Study(owed=(owed(),)), terms(on))
    assert (suspicion.happened_on, suspicion.parameters) == (PHASE_END, {"day": "2009-10-31"})


@given(studies(), DAYS, st.booleans())
def test_as_the_clause_says(facts, on, has_phase):
    days = [one.extended_to or one.due_on for one in facts.owed] + ([PHASE_END] if has_phase else [])
    is_due = bool(days) and all(on > day for day in days)
    expected = [max(days)] if is_due and not facts.sessions and not facts.is_released else []
    told = terms(on, phase_end=PHASE_END if has_phase else None)
    assert [one.happened_on for one in detect(facts, told)] == expected
