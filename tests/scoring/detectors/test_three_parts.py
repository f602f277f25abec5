"""Persons a problem concerns: silent with all three parts, and until the problem's day is over (A13, B15)."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts import Person, Subject
from scoring.facts.tasks import ProblemPersonFact
from scoring.queries.finding_words import sentence_of
from tests.scoring.detectors.task_terms import AFTER, DUE, FIRST, days, said, terms

DETECTOR = DETECTORS["three-parts"]
ZHANG = Person(7, UUID(int=7), "张伟", "00123", "full_time")
PARTS = ("handling", "counselling", "teaching")


def seen(*facts, on=AFTER, **values):
    return list(DETECTOR.detect(facts, terms(on, **values)))


def dealt(*parts, person=None, label="会计0901 12", deadline=DUE, uuid=FIRST):
    """Return a person dealt with in these parts."""
    return ProblemPersonFact(
        uuid,
        *(part in parts for part in PARTS),
        label=label,
        title="打架",
        deadline=deadline,
        handled_on=None,
        counselled_on=None,
        taught_on=None,
        person=person,
    )


def test_nobody_concerned_is_silent():
    assert seen() == []


def test_all_three_parts_are_silent():
    assert seen(dealt(*PARTS), on=date(2009, 12, 28)) == []


def test_last_day_itself_is_silent():
    assert seen(dealt(), on=DUE) == []


def test_extended_one_is_silent_until_the_day_it_was_extended_to():
    assert seen(dealt(deadline=date(2009, 11, 25)), on=date(2009, 11, 25)) == []


def test_category_the_rule_exempts_is_silent():
    assert seen(dealt(person=ZHANG), exempt=["full_time"]) == []
    assert len(seen(dealt(person=ZHANG), exempt=["external"])) == 1


@pytest.mark.parametrize("missing", PARTS)
def test_each_part_alone_is_enough(missing):
    (found,) = seen(dealt(*(part for part in PARTS if part != missing)))
    record = "problem-person:00000000-0000-0000-0000-000000000001"
    assert said(found) == ("parts-missing", date(2009, 11, 20), record, "problem")
    assert (found.quantity, found.parameters["parts"]) == (1, [missing])


def test_person_of_the_staff_list_is_the_subject_and_others_are_text():
    (known,) = seen(dealt(person=ZHANG, label="张伟(00123)"))
    assert known.subject == Subject("张伟(00123)", person_id=7, key="person:00000000-0000-0000-0000-000000000007")
    (student,) = seen(dealt())
    assert student.subject == Subject("会计0901 12")


def test_sentence_names_the_parts_in_words():
    (found,) = seen(dealt("handling"))
    sentence = sentence_of(DETECTOR, found.reason, found.parameters)
    assert "会计0901 12" in sentence
    assert str(DETECTOR.words["teaching"]) in sentence
    assert str(DETECTOR.words["handling"]) not in sentence


@given(
    facts=st.lists(
        st.builds(
            lambda parts, deadline: dealt(*parts, deadline=deadline, uuid=uuid4()),
            st.sets(st.sampled_from(PARTS)),
            days,
        ),
        max_size=6,
    ),
    on=days,
)
def test_random_persons_equal_the_clause_restated(facts, on):
    charged = {
        f"problem-person:{one.uuid}"
        for one in facts
        if on > one.deadline and not (one.is_handled and one.is_counselled and one.is_taught)
    }
    assert {one.record for one in seen(*facts, on=on)} == charged
