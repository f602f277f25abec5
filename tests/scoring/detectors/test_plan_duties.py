"""Duties in the plan: silent when an item names the duty by number or text, and until the plan is overdue (P3)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from tests.scoring.detectors.paper_terms import (
    EARLY,
    LATE,
    MIDDLE,
    NOW,
    SECOND,
    WORD,
    duty,
    item,
    owed,
    plan,
    said,
    sentences,
    spring,
    terms,
    text,
)

DETECTOR = DETECTORS["plan-duties"]
KEY = "duty:00000000-0000-0000-0000-000000000001"


def seen(facts, *, on=NOW):
    return list(DETECTOR.detect(facts, terms(on)))


def serving(*labels, **values):
    return text(item(duties=labels), **values)


def test_department_without_duties_is_silent():
    assert seen(plan(text(item()))) == []
    assert seen(plan(owed=owed())) == []


@pytest.mark.parametrize(
    "label",
    ["1 采购图书", "1 采购图书和期刊", "3 采购图书", "3 采购 图书", "采购图书", "1"],
    ids=["both", "reworded", "numbered anew", "blanks", "text alone", "number alone"],
)
def test_duty_an_item_names_is_silent(label):
    assert seen(plan(serving(label), duties=(duty(),))) == []


def test_duty_with_a_number_of_several_words_is_silent():
    assert seen(plan(serving("第三条 二 采购图书和期刊"), duties=(duty("第三条 二"),))) == []


def test_duty_that_the_plan_of_a_predecessor_serves_is_silent():
    elsewhere = {duty().uuid: ("7 采购图书",)}
    assert seen(plan(serving(), duties=(duty(),), elsewhere=elsewhere)) == []
    assert seen(plan(duties=(duty(),), elsewhere=elsewhere, owed=owed())) == []


def test_number_in_the_plan_of_a_predecessor_serves_no_duty_that_did_not_come_from_there():
    elsewhere = {UUID(SECOND): ("1 体育场地",)}
    found = seen(plan(serving(), duties=(duty(), duty("4", "体育场地", uuid=SECOND)), elsewhere=elsewhere))
    assert [one.record for one in found] == [KEY]


def test_no_plan_is_silent_on_the_last_day_itself():
    assert seen(plan(duties=(duty(),), owed=owed()), on=date(2009, 11, 6)) == []


def test_no_plan_is_silent_until_the_day_it_was_extended_to():
    late = owed(date(2009, 12, 31))
    assert seen(plan(duties=(duty(),), owed=late), on=date(2009, 12, 28)) == []


def test_no_plan_that_nobody_asks_for_is_silent():
    assert seen(plan(duties=(duty(),))) == []


def test_plan_handed_in_late_is_silent():
    assert seen(plan(serving("1 采购图书", on=LATE), duties=(duty(),), owed=owed())) == []


@pytest.mark.parametrize("label", ["11 不采购图书", "2 采购图书馆设备", "", "图书 1"])
def test_duty_that_no_item_names_is_charged(label):
    (found,) = seen(plan(serving(label), duties=(duty(),)))
    assert said(found) == ("no-item", 1, EARLY, KEY, None)
    assert found.subject.label == "1 采购图书"
    assert [fact.kind for fact in found.rests_on] == ["plan", "duty"]
    assert "2009-11-05" in sentences(DETECTOR, [found])[0]


def test_duty_left_out_again_keeps_its_day_and_facts():
    facts = plan(
        serving("1 采购图书"), serving(number=2, on=MIDDLE), serving("9 其他", number=3, on=LATE), duties=(duty(),)
    )
    (found,) = seen(facts)
    assert found.happened_on == MIDDLE
    assert found.rests_on[0].frozen()["values"] == {
        "title": "图书馆活动方案",
        "version": 2,
        "submitted_on": "2009-11-12",
    }


def test_word_file_as_official_text_proves_nothing_by_what_is_not_split():
    (found,) = seen(plan(text(word=WORD), duties=(duty(),)))
    assert said(found) == ("no-item-word", 1, EARLY, KEY, "plan")
    assert "方案.doc" in sentences(DETECTOR, [found])[0]


def test_no_plan_the_day_after_charges_every_duty_from_silence():
    found = seen(plan(duties=(duty(), duty("2", "借阅", uuid=SECOND)), owed=owed()), on=date(2009, 11, 7))
    assert [said(one) for one in found] == [
        ("no-plan", 1, date(2009, 11, 6), KEY, "plan"),
        ("no-plan", 1, date(2009, 11, 6), "duty:00000000-0000-0000-0000-000000000002", "plan"),
    ]
    assert found[0].rests_on == (owed(), duty())
    assert "2009-11-06" in sentences(DETECTOR, found)[1]


def test_long_duty_is_cut_for_print():
    (found,) = seen(plan(serving(), duties=(duty(words="图" * 300),)))
    assert len(found.subject.label) == 200
    assert found.subject.label.startswith("1 图")


numbers = st.sampled_from(["1", "2", "3"])
words = st.sampled_from(["采购", "借阅", "采购借阅"])


@given(
    duties=st.lists(st.tuples(numbers, words), max_size=2),
    versions=st.lists(st.lists(st.tuples(numbers, words), max_size=2), max_size=3),
    deadline=st.none() | spring,
    on=spring,
)
def test_random_plans_equal_the_clause_restated(duties, versions, deadline, on):
    facts = plan(
        *(
            serving(*(f"{number} {word}" for number, word in one), number=place, on=EARLY + timedelta(days=place))
            for place, one in enumerate(versions, start=1)
        ),
        duties=tuple(duty(number, word) for number, word in duties),
        owed=owed(deadline) if deadline else None,
    )
    charged = []
    for number, word in duties:
        if versions:
            served = [any(number == old or word == said for old, said in one) for one in versions]
            if not served[-1]:
                first = len(served)
                while first > 1 and not served[first - 2]:
                    first -= 1
                charged.append(EARLY + timedelta(days=first))
        elif deadline and on > deadline:
            charged.append(deadline)
    assert [one.happened_on for one in seen(facts, on=on)] == charged
