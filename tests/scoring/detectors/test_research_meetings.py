"""Teaching-research meetings: there, excused or from outside is silent; away is not (A8, B10)."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.registers import ResearchMeetingFact
from tests.scoring.detectors.register_terms import (
    APPROVED,
    EXTERNAL,
    HERE,
    NAMESAKE,
    PEOPLE,
    THERE,
    WEI,
    excuses,
    id_of,
    places,
    said,
    sentence,
    terms,
)

DETECTOR = DETECTORS["research-meetings"]
NAMES = {HERE: "财会金融系", THERE: "基础部"}
DAY = date(2009, 11, 18)


def fact(
    *,
    attended=False,
    topic="课程建设",
    organiser=HERE,
    home=HERE,
    person=WEI,
    informed_on=None,
    excused_on=None,
    number=1,
):
    return ResearchMeetingFact(
        id_of(number),
        department_id=home,
        organiser_id=organiser,
        organiser=NAMES[organiser],
        excused_on=excused_on,
        person=person,
        happened_on=DAY,
        topic=topic,
        attended=attended,
        informed_on=informed_on,
    )


def seen(*facts, excusable=True, exempt=("external",), **options):
    return list(DETECTOR.detect(facts, terms(excusable=excusable, exempt=exempt, **options)))


def records(found):
    return [int(one.record.removeprefix("research-meeting:").replace("-", ""), 16) for one in found]


def test_teacher_who_came_is_silent():
    assert seen(fact(attended=True)) == []


def test_excused_teacher_is_silent():
    assert seen(fact(excused_on=APPROVED)) == []


def test_external_teacher_is_silent_whether_told_or_not():
    assert seen(fact(person=EXTERNAL), fact(person=EXTERNAL, informed_on=date(2009, 11, 20), number=2)) == []


def test_teacher_of_another_department_is_silent_here_though_the_meeting_was_ours():
    assert seen(fact(home=THERE)) == []


def test_teacher_who_was_away_is_seen():
    (found,) = seen(fact(organiser=THERE))
    assert said(found) == (
        "away", date(2009, 11, 18), "person:00000000-0000-0000-0000-00000000000b",
        "research-meeting:00000000-0000-0000-0000-000000000001", 1, False,
    )  # fmt: skip
    assert sentence("research-meetings", found) == (
        "张伟(00123) did not attend the teaching-research meeting of 基础部 on 2009-11-18 课程建设."
    )


def test_two_topics_of_a_day_are_two_meetings_and_namesakes_two_people():
    found = seen(fact(), fact(topic="教学分析", number=2), fact(person=NAMESAKE, number=3))
    assert records(found) == [1, 2, 3]


def test_away_from_one_topic_and_there_for_another_is_proven():
    found = seen(fact(), fact(topic="教学分析", attended=True, number=2))
    assert [(one.reason, one.is_contradicted) for one in found] == [("away", False)]


def test_there_by_a_row_without_topic_contradicts():
    (found,) = seen(fact(), fact(topic="", attended=True, number=2))
    assert (found.reason, found.is_contradicted, len(found.rests_on)) == ("disagree", True, 2)
    assert "2009-11-18" in sentence("research-meetings", found)


def test_away_by_a_row_without_topic_contradicts_being_there():
    found = seen(fact(topic=""), fact(attended=True, number=2))
    assert [(one.reason, one.is_contradicted) for one in found] == [("disagree", True)]


def test_there_at_another_department_s_meeting_contradicts_nothing():
    assert [one.is_contradicted for one in seen(fact(), fact(organiser=THERE, attended=True, number=2))] == [False]


def test_one_meeting_in_two_rows_is_one_fact():
    assert records(seen(fact(topic="", number=1), fact(topic="课程 建设", number=2))) == [2]


def test_excuse_of_the_row_without_topic_holds_for_the_meeting():
    assert seen(fact(), fact(topic="", excused_on=APPROVED, number=2)) == []


ROWS = st.builds(
    fact,
    attended=st.booleans(),
    topic=st.sampled_from(["", "课程建设", "教学分析"]),
    organiser=places,
    home=st.just(HERE),
    person=st.sampled_from(PEOPLE),
    excused_on=excuses,
)


def key(row):
    return row.person, row.organiser_id, row.topic


@given(st.lists(ROWS, max_size=10, unique_by=key), st.booleans())
def test_restated(rows, excusable):
    """Meeting by meeting: a row without topic belongs to every meeting of its person and organiser that day."""
    rows = [replace(row, uuid=id_of(number)) for number, row in enumerate(rows)]
    by_key = {key(row): row for row in rows}
    expected = set()
    for row in rows:
        titled = [by_key.get((row.person, row.organiser_id, topic)) for topic in ("课程建设", "教学分析")]
        titled = [other for other in titled if other is not None]
        blank = by_key.get((row.person, row.organiser_id, ""))
        meeting = [row, *(titled if row is blank else [blank] if blank else [])]
        away = [other for other in meeting if not other.attended]
        if row.attended or row.person.category == "external":
            continue
        if excusable and any(other.excused_on for other in away):
            continue
        if row is blank and len(away) > 1:
            continue  # the meeting away from is named by another row
        expected.add((row.uuid, len(away) < len(meeting)))
    found = seen(*rows, excusable=excusable)
    assert {(one.rests_on[0].uuid, one.is_contradicted) for one in found} == expected
