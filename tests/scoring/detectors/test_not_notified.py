"""S1b: the assessment team was not told before the session."""

from datetime import date

from hypothesis import given

from scoring.detectors.not_notified import DETECTORS, detect
from scoring.facts.study import Study
from tests.scoring.detectors.study_working import (
    DAYS,
    FIRST,
    SECOND,
    found,
    last_day,
    moment,
    session,
    studies,
    terms,
)

BEFORE, AFTER = moment(FIRST, 14), moment(FIRST, 16)


def test_silent_without_any_session():
    assert found(detect, Study()) == []


def test_silent_when_told_an_hour_before():
    assert found(detect, Study((session(notified_at=BEFORE),))) == []


def test_silent_when_told_of_one_of_two_sessions():
    assert found(detect, Study((session(), session(SECOND, number=2, notified_at=BEFORE)))) == []


def test_silent_until_the_session_is_over():
    facts = Study((session(FIRST),))
    assert found(detect, facts, terms(date(2009, 10, 15))) == []
    assert len(found(detect, facts, terms(date(2009, 10, 16)))) == 1


def test_not_told():
    one = session(FIRST)
    [suspicion] = found(detect, Study((one,)))
    assert (suspicion.reason, suspicion.silence) == ("untold", "session")
    assert (suspicion.happened_on, suspicion.quantity) == (date(2009, 10, 15), 1)
    assert suspicion.parameters["days"] == ["2009-10-15"]
    assert suspicion.rests_on == (one.notice,)


def test_told_when_it_began_is_proven():
    [suspicion] = found(detect, Study((session(FIRST, notified_at=moment(FIRST, 15)),)))
    assert (suspicion.reason, suspicion.silence) == ("late", None)
    assert suspicion.parameters == {"days": ["2009-10-15"], "told": ["2009-10-15 15:00"]}


def test_told_late_of_one_and_not_of_the_other_rests_on_the_silence_of_that():
    [suspicion] = found(detect, Study((session(notified_at=AFTER), session(SECOND, number=2))))
    assert (suspicion.reason, suspicion.silence) == ("untold", "session")
    assert suspicion.happened_on == date(2009, 10, 22)


@given(studies(), DAYS)
def test_as_the_clause_says(facts, on):
    past = [one for one in facts.sessions if last_day(one) < on]
    told_in_time = [one for one in facts.sessions if one.notified_at and one.notified_at < one.began_at]
    nothing_said = sorted(one.began_on for one in past if not one.notified_at)
    found = [(one.happened_on, one.silence) for one in detect(facts, terms(on))]
    if not past or told_in_time:
        assert found == []
    elif nothing_said:
        assert found == [(nothing_said[0], "session")]
    else:
        assert found == [(min(one.began_on for one in past), None)]


def test_each_reason_is_a_sentence():
    for notified_at in (None, AFTER):
        [suspicion] = found(detect, Study((session(notified_at=notified_at),)))
        assert "2009-10-15" in str(DETECTORS[0].reasons[suspicion.reason]) % suspicion.parameters
