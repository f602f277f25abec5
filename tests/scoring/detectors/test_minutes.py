"""S5: minutes that lack the main content or the discussion, or are not there at all."""

from datetime import date

import pytest
from hypothesis import given

from scoring.detectors.minutes import DETECTORS, detect
from scoring.facts.study import Study
from tests.scoring.detectors.study_working import (
    DAYS,
    FIRST,
    SCAN,
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
ENDED, AFTER = date(2009, 10, 31), date(2009, 11, 1)


def test_silent_when_both_parts_are_there():
    assert found(detect, Study((session(),), owed=DUE)) == []


def test_silent_when_the_parts_are_on_pages_of_a_scan():
    one = session(main="", main_pages="1", discussion="", discussion_pages="2-3", scans=[SCAN])
    assert found(detect, Study((one,), owed=DUE)) == []


def test_silent_when_one_of_two_sessions_has_complete_minutes():
    assert found(detect, Study((session(discussion=""), session(SECOND, number=2)), owed=DUE)) == []


@pytest.mark.parametrize("main", ["学习通知", ""])
def test_silent_where_no_discussion_was_held_which_is_another_clause(main):
    assert found(detect, Study((session(held="not-discussed", main=main, discussion=""),), owed=DUE)) == []


def test_silent_without_minutes_until_they_were_due():
    assert found(detect, Study((bare(),), owed=DUE), terms(ENDED)) == []
    assert found(detect, Study((bare(),), owed=(owed(date(2009, 11, 10)),)), terms(date(2009, 11, 10))) == []
    assert found(detect, Study((bare(date(2009, 11, 5)),), owed=DUE), terms(date(2009, 11, 5))) == []
    assert found(detect, Study((bare(),))) == []


def test_silent_of_a_discussion_until_the_last_sitting_is_over():
    facts = Study((session(FIRST, SECOND, discussion=""),))
    assert found(detect, facts, terms(date(2009, 10, 22))) == []
    assert len(found(detect, facts, terms(date(2009, 10, 23)))) == 1


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"discussion": ""}, ["discussion"]),
        ({"main": ""}, ["main-content"]),
        ({"main": "", "discussion": ""}, ["main-content", "discussion"]),
        ({"main": "", "main_pages": "2"}, ["scan"]),
    ],
)
def test_parts_that_lack_of_a_discussion_are_proven(values, parts):
    one = session(**values)
    [suspicion] = found(detect, Study((one,)))
    assert (suspicion.reason, suspicion.silence, suspicion.quantity) == ("lacking", None, 1)
    assert suspicion.happened_on == date(2009, 10, 15)
    assert suspicion.parameters == {"day": "2009-10-15", "parts": parts}
    assert suspicion.rests_on == (one.minutes,)


def test_no_minutes_once_they_were_due():
    [suspicion] = found(detect, Study((bare(),), owed=DUE), terms(AFTER))
    assert (suspicion.reason, suspicion.silence, suspicion.happened_on) == ("missing", "session", ENDED)
    assert suspicion.parameters["day"] == "2009-10-15"


def test_minutes_of_a_session_after_the_deadline_are_due_on_its_own_day():
    [suspicion] = found(detect, Study((bare(date(2009, 11, 5)),), owed=DUE), terms(date(2009, 11, 6)))
    assert suspicion.happened_on == date(2009, 11, 5)


def test_minutes_that_do_not_say_whether_it_was_discussed_are_no_proof():
    [suspicion] = found(detect, Study((bare(main="学习通知"),), owed=DUE), terms(AFTER))
    assert (suspicion.reason, suspicion.silence) == ("lacking", "session")
    assert suspicion.parameters["parts"] == ["held", "discussion"]


def test_parts_that_may_be_on_a_scan_are_no_proof():
    one = session(discussion="", scans=[SCAN])
    assert found(detect, Study((one,), owed=DUE), terms(ENDED)) == []
    [suspicion] = found(detect, Study((one,), owed=DUE), terms(AFTER))
    assert (suspicion.reason, suspicion.silence, suspicion.happened_on) == ("lacking", "session", ENDED)
    assert suspicion.rests_on[0].files == (SCAN,)


def test_what_one_lacks_while_another_has_no_minutes_rests_on_the_silence_of_that():
    [suspicion] = found(detect, Study((session(main=""), bare(SECOND, number=2)), owed=DUE))
    assert (suspicion.reason, suspicion.silence, suspicion.parameters["day"]) == ("missing", "session", "2009-10-22")
    assert len(suspicion.rests_on) == 2


@given(studies(), DAYS)
def test_as_the_clause_says(facts, on):
    asked = [one for one in facts.sessions if one.minutes.discussion_held != "not-discussed"]
    complete = []
    for one in asked:
        said = one.minutes
        main = said.main_content or (said.main_content_pages and said.files)
        discussion = said.discussion or (said.discussion_pages and said.files)
        if said.discussion_held == "discussed" and main and discussion:
            complete.append(one)
    past = [one for one in asked if last_day(one) < on]
    unproven = [one for one in past if one.minutes.discussion_held == "" or one.minutes.files]
    expected = []
    if past and not complete and not unproven:
        expected = [(min(one.began_on for one in past), None)]
    elif past and not complete and facts.owed:
        day = max([one.deadline for one in facts.owed] + [last_day(one) for one in unproven])
        expected = [(day, "session")] if on > day else []
    assert [(one.happened_on, one.silence) for one in detect(facts, terms(on))] == expected


def test_each_reason_is_a_sentence():
    for facts in (Study((session(main=""),)), Study((bare(),), owed=DUE)):
        [suspicion] = found(detect, facts)
        assert "2009-10-15" in str(DETECTORS[0].reasons[suspicion.reason]) % suspicion.parameters
