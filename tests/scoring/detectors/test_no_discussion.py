"""S4: minuted as held without a discussion."""

from datetime import date

from hypothesis import given

from scoring.detectors import minutes
from scoring.detectors.no_discussion import DETECTORS, detect
from scoring.facts.study import Study
from tests.scoring.detectors.study_working import (
    DAYS,
    FIRST,
    SECOND,
    bare,
    found,
    last_day,
    owed,
    session,
    studies,
    terms,
)

DUE = (owed(),)


def without(*days, **values):
    """Return a session minuted as held without discussion."""
    return session(*days, **({"held": "not-discussed", "discussion": ""} | values))


def test_silent_when_discussed():
    assert found(detect, Study((session(),))) == []


def test_silent_where_nothing_says_whether_it_was():
    assert found(detect, Study((bare(),), owed=DUE)) == []


def test_silent_when_another_session_was_discussed():
    assert found(detect, Study((without(), session(SECOND, number=2)))) == []


def test_silent_until_the_last_sitting_is_over():
    facts = Study((without(FIRST, SECOND),))
    assert found(detect, facts, terms(date(2009, 10, 22))) == []
    assert len(found(detect, facts, terms(date(2009, 10, 23)))) == 1


def test_silent_until_the_minutes_of_another_session_were_due():
    facts = Study((without(), bare(SECOND, number=2)), owed=DUE)
    assert found(detect, facts, terms(date(2009, 10, 31))) == []
    [suspicion] = found(detect, facts, terms(date(2009, 11, 1)))
    assert (suspicion.reason, suspicion.silence) == ("unsaid", "session")
    assert suspicion.happened_on == date(2009, 10, 31)
    assert suspicion.parameters == {"days": ["2009-10-15"], "others": ["2009-10-22"]}


def test_minutes_of_a_session_after_the_deadline_are_due_on_its_own_day():
    facts = Study((without(), bare(date(2009, 11, 5), number=2)), owed=DUE)
    [suspicion] = found(detect, facts)
    assert suspicion.happened_on == date(2009, 11, 5)


def test_minuted_without_discussion():
    one = without()
    [suspicion] = found(detect, Study((one,)))
    assert (suspicion.reason, suspicion.silence) == ("not-discussed", None)
    assert (suspicion.happened_on, suspicion.quantity) == (date(2009, 10, 15), 1)
    assert (suspicion.parameters, suspicion.rests_on) == ({"days": ["2009-10-15"], "others": []}, (one.minutes,))


def test_two_sessions_without_discussion_are_one():
    [suspicion] = found(detect, Study((without(SECOND, number=2), without())))
    assert suspicion.parameters["days"] == ["2009-10-15", "2009-10-22"]


def test_never_both_from_one_session():
    facts = Study((without(main=""),), owed=DUE)
    assert len(found(detect, facts)) == 1
    assert found(minutes.detect, facts) == []


@given(studies(), DAYS)
def test_as_the_clause_says(facts, on):
    past = [one for one in facts.sessions if last_day(one) < on]
    said = {one.minutes.discussion_held for one in facts.sessions}
    without = [one for one in past if one.minutes.discussion_held == "not-discussed"]
    unsaid = [one for one in past if one.minutes.discussion_held == ""]
    expected = []
    if without and "discussed" not in said and not unsaid:
        expected = [(min(one.began_on for one in without), None)]
    elif without and "discussed" not in said and facts.owed:
        day = max([one.deadline for one in facts.owed] + [last_day(one) for one in unsaid])
        expected = [(day, "session")] if on > day else []
    assert [(one.happened_on, one.silence) for one in detect(facts, terms(on))] == expected


def test_each_reason_is_a_sentence():
    for facts in (Study((without(),)), Study((without(), bare(SECOND, number=2)), owed=DUE)):
        [suspicion] = found(detect, facts)
        assert "2009-10-15" in str(DETECTORS[0].reasons[suspicion.reason]) % suspicion.parameters
