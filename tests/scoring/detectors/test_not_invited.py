"""S1a: nobody of the college's leaders was invited."""

from datetime import date

import pytest
from hypothesis import given

from scoring.detectors.not_invited import DETECTORS, detect
from scoring.facts.study import Study
from tests.scoring.detectors.study_working import DAYS, FIRST, SECOND, found, last_day, session, studies, terms


def test_silent_without_any_session():
    assert found(detect, Study()) == []


@pytest.mark.parametrize("day", [date(2009, 10, 1), FIRST], ids=["before", "on the very day"])
def test_silent_when_invited_by_the_day_of_the_session_whether_or_not_anybody_came(day):
    assert found(detect, Study((session(invited=[day]),))) == []


def test_silent_when_invited_to_the_second_sitting():
    assert found(detect, Study((session(FIRST, SECOND, invited=[SECOND]),))) == []


def test_silent_when_invited_to_one_of_two_sessions():
    assert found(detect, Study((session(), session(SECOND, number=2, invited=[FIRST])))) == []


def test_silent_until_the_last_sitting_is_over():
    facts = Study((session(FIRST, SECOND),))
    assert found(detect, facts, terms(date(2009, 10, 22))) == []
    assert len(found(detect, facts, terms(date(2009, 10, 23)))) == 1


def test_silent_of_a_session_before_the_season():
    assert found(detect, Study((session(date(2009, 8, 31)),))) == []


def test_nobody_invited():
    one = session(FIRST)
    [suspicion] = found(detect, Study((one,)))
    assert (suspicion.reason, suspicion.happened_on, suspicion.quantity) == ("none", date(2009, 10, 15), 1)
    assert suspicion.parameters == {"days": ["2009-10-15"], "leaders": []}
    assert (suspicion.silence, suspicion.record, suspicion.rests_on) == ("session", "", (one.fact,))
    assert suspicion.subject.label == ""


def test_nobody_invited_to_either_session_is_one():
    [suspicion] = found(detect, Study((session(SECOND, number=2), session(FIRST))))
    assert suspicion.parameters["days"] == ["2009-10-15", "2009-10-22"]
    assert suspicion.happened_on == date(2009, 10, 15)


def test_invited_afterwards():
    [suspicion] = found(detect, Study((session(FIRST, invited=[date(2009, 10, 16)]),)))
    assert (suspicion.reason, suspicion.silence) == ("late", "session")
    assert suspicion.parameters["leaders"] == ["院领导0 2009-10-16"]


@given(studies(), DAYS)
def test_as_the_clause_says(facts, on):
    past = [one for one in facts.sessions if last_day(one) < on]
    invited = False
    for one in facts.sessions:
        for row in one.invitations:
            if any(row.invited_on <= day for day in one.fact.days):
                invited = True
    days = [one.happened_on for one in detect(facts, terms(on))]
    assert days == ([min(one.fact.days[0] for one in past)] if past and not invited else [])


def test_each_reason_is_a_sentence():
    for suspicion in (
        *found(detect, Study((session(),))),
        *found(detect, Study((session(invited=[SECOND]),))),
    ):
        assert "2009-10-15" in str(DETECTORS[0].reasons[suspicion.reason]) % suspicion.parameters
