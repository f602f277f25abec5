"""S2: people away from every session, not excused."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from scoring.detectors.absence import DETECTORS, detect
from scoring.facts.study import Study
from tests.scoring.detectors.study_working import (
    DAYS,
    FIRST,
    SECOND,
    excused,
    found,
    last_day,
    line,
    member,
    person,
    session,
    studies,
    terms,
)

ONE, OTHER = session(), session(SECOND, number=2)
ABSENT = line("absent")


@pytest.mark.parametrize("status", ["sick", "official"])
def test_silent_of_leave_with_approved_slip_and_suggestion(status):
    assert found(detect, Study((ONE,), members=(member(excused(status)),))) == []


def test_silent_of_who_was_present_at_either_session():
    assert found(detect, Study((ONE, OTHER), members=(member(ABSENT, line("present", of=2)),))) == []


def test_silent_of_who_was_excused_from_either_session():
    assert found(detect, Study((ONE, OTHER), members=(member(ABSENT, excused(of=2)),))) == []


def test_silent_of_who_was_present_at_another_departments_session():
    assert found(detect, Study((ONE,), members=(member(ABSENT, line("present", of=9)),))) == []


def test_silent_of_who_came_or_left_in_time():
    before, after = FIRST - timedelta(days=1), FIRST + timedelta(days=1)
    assert found(detect, Study((ONE,), members=(member(ABSENT, since=after),))) == []
    assert found(detect, Study((ONE,), members=(member(ABSENT, until=before),))) == []
    assert len(found(detect, Study((ONE,), members=(member(ABSENT, since=FIRST, until=FIRST),)))) == 1


def test_silent_of_a_category_the_rule_never_charges():
    outside = member(ABSENT, of=person(category="external"))
    assert found(detect, Study((ONE,), members=(outside,)), terms(exempt=frozenset({"external"}))) == []
    assert len(found(detect, Study((ONE,), members=(outside,)))) == 1


def test_silent_until_the_make_up_sitting_is_over():
    facts = Study((session(FIRST, SECOND),), members=(member(ABSENT),))
    assert found(detect, facts, terms(date(2009, 10, 22))) == []
    assert len(found(detect, facts, terms(date(2009, 10, 23)))) == 1


def test_silent_where_no_roll_was_taken():
    assert found(detect, Study((session(taken=False),), members=(member(), member(excused(suggestion=""))))) == []


def test_silent_where_the_only_roll_was_taken_after_the_person_left():
    facts = Study((session(taken=False), OTHER), members=(member(until=FIRST),))
    assert found(detect, facts) == []


@pytest.mark.parametrize(("status", "reason"), [("absent", "away"), ("personal", "personal")])
def test_what_the_roll_says_is_proven(status, reason):
    row = excused(status)
    [suspicion] = found(detect, Study((ONE,), members=(member(row),)))
    assert (suspicion.reason, suspicion.silence, suspicion.quantity) == (reason, None, 1)
    assert suspicion.happened_on == date(2009, 10, 15)
    assert suspicion.rests_on == (ONE.fact, row)
    assert (suspicion.subject.label, suspicion.subject.person_id) == ("张伟(00101)", 1)
    assert suspicion.subject.key == "person:00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("less", "reason"),
    [
        ({"slip": False}, "no-slip"),
        ({"by": ""}, "not-approved"),
        ({"on": None}, "not-approved"),
        ({"suggestion": ""}, "no-suggestion"),
    ],
)
def test_a_paper_of_the_leave_that_is_missing_is_silence(less, reason):
    [suspicion] = found(detect, Study((ONE,), members=(member(excused(**less)),)))
    assert (suspicion.reason, suspicion.silence) == (reason, "session")
    assert suspicion.parameters == {"person": "张伟(00101)", "day": "2009-10-15", "leave": "sick"}


def test_not_on_a_roll_that_was_taken_is_silence():
    [suspicion] = found(detect, Study((ONE,), members=(member(),)))
    assert (suspicion.reason, suspicion.silence, suspicion.rests_on) == ("not-on-roll", "session", (ONE.fact,))


def test_two_sessions_are_one_absence():
    [suspicion] = found(detect, Study((OTHER, ONE), members=(member(ABSENT, line("absent", of=2)),)))
    assert (suspicion.happened_on, suspicion.silence) == (date(2009, 10, 15), None)
    assert len(suspicion.rests_on) == 4


def test_absent_once_and_not_on_the_other_roll_rests_on_the_silence_of_that():
    [suspicion] = found(detect, Study((ONE, OTHER), members=(member(ABSENT),)))
    assert (suspicion.reason, suspicion.silence) == ("not-on-roll", "session")
    assert suspicion.happened_on == date(2009, 10, 22)


def test_namesakes_are_two():
    facts = Study((ONE,), members=(member(ABSENT), member(ABSENT, of=person(2))))
    assert [one.subject.label for one in found(detect, facts)] == ["张伟(00101)", "张伟(00102)"]


@given(studies(), DAYS)
def test_as_the_clause_says(facts, on):
    told = terms(on, exempt=frozenset({"external"}))
    expected = {}
    for one in facts.members:
        was_there = False
        for row in one.lines:
            papers = row.files and row.approved_by and row.approved_on and row.suggestion
            was_there = was_there or row.status == "present" or (row.status in ("sick", "official") and bool(papers))
        [(first, last)] = one.postings
        mine = [each for each in facts.sessions if last_day(each) < on and first <= each.began_on <= (last or on)]
        if was_there or one.person.category == "external" or not any(each.is_roll_taken for each in mine):
            continue
        said = {row.page: row.status for row in one.lines}
        silent = [each.began_on for each in mine if said.get(each.fact.uuid) not in ("absent", "personal")]
        day = min(silent or [each.began_on for each in mine])
        expected[one.person.id] = (day, "session" if silent else None)
    assert {one.subject.person_id: (one.happened_on, one.silence) for one in detect(facts, told)} == expected


def test_each_reason_is_a_sentence():
    rows = [(line(status),) for status in ("absent", "personal")]
    rows += [(excused(slip=False),), (excused(by=""),), (excused(suggestion=""),), ()]
    seen = set()
    for lines in rows:
        [suspicion] = found(detect, Study((ONE,), members=(member(*lines),)))
        seen.add(suspicion.reason)
        sentence = str(DETECTORS[0].reasons[suspicion.reason]) % suspicion.parameters
        assert "张伟(00101)" in sentence
        assert "2009-10-15" in sentence
    assert seen == set(DETECTORS[0].reasons)
