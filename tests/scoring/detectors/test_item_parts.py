"""Parts an item must have: silent when all four say something, whatever else is empty (P2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from tests.scoring.detectors.paper_terms import (
    EARLY,
    LATE,
    MIDDLE,
    SECOND,
    WORD,
    item,
    plan,
    said,
    sentences,
    terms,
    text,
    texts,
    uuids,
)

DETECTOR = DETECTORS["plan-item-parts"]
KEY = "plan-item:00000000-0000-0000-0000-000000000001"
FOUR = ("measure", "standard", "outcome", "incentive")


def seen(facts, *, per="item", maximum=4):
    return list(DETECTOR.detect(facts, terms(per=per, maximum=maximum)))


@pytest.mark.parametrize("per", ["item", "plan"])
def test_department_without_a_plan_is_silent(per):
    assert seen(plan(), per=per) == []


@pytest.mark.parametrize("per", ["item", "plan"])
def test_item_that_lacks_service_alone_is_silent(per):
    assert seen(plan(item(service="")), per=per) == []


@pytest.mark.parametrize("per", ["item", "plan"])
def test_word_text_without_items_is_silent(per):
    assert seen(plan(text(word=WORD)), per=per) == []


def test_item_mended_in_the_latest_version_is_silent():
    assert seen(plan(text(item(incentive="")), text(item(), number=2, on=LATE))) == []


def test_item_taken_out_is_silent():
    assert seen(plan(text(item(incentive="")), text(number=2, on=LATE))) == []


@pytest.mark.parametrize(
    ("empty", "parts"),
    [
        (("incentive",), ["incentive"]),
        (("measure", "outcome"), ["measure", "outcome"]),
        (FOUR, ["measure", "standard", "outcome", "incentive"]),
    ],
)
def test_each_missing_part_counts(empty, parts):
    (found,) = seen(plan(item(**dict.fromkeys(empty, "  "))))
    assert said(found) == ("item", len(parts), EARLY, KEY, None)
    assert found.parameters == {"title": "开馆", "day": "2009-11-05", "parts": parts, "file": ""}
    assert found.subject.label == "开馆"
    assert "2009-11-05" in sentences(DETECTOR, [found])[0]


def test_each_item_is_charged_by_itself():
    found = seen(plan(text(item(incentive=""), item(SECOND, "读者", measure="", standard=""))))
    assert [(one.record[-1], one.quantity) for one in found] == [("1", 1), ("2", 2)]


def test_no_more_than_the_rule_allows_is_charged():
    (found,) = seen(plan(item(**dict.fromkeys(FOUR, ""))), maximum=3)
    assert found.quantity == 3


def test_item_submitted_again_as_it_was_keeps_its_day():
    lacking = item(incentive="")
    again = text(item(incentive="", number=3), number=3, on=LATE)
    (found,) = seen(plan(text(item()), text(lacking, number=2, on=MIDDLE), again))
    assert found.happened_on == MIDDLE


def test_item_that_lacks_again_what_it_had_has_the_later_day():
    lacking = text(item(incentive=""))
    (found,) = seen(plan(lacking, text(item(), number=2, on=MIDDLE), text(item(incentive=""), number=3, on=LATE)))
    assert found.happened_on == LATE


@pytest.mark.parametrize(("per", "reason"), [("item", "item-word"), ("plan", "plan-word")])
def test_word_file_as_official_text_proves_nothing_by_what_is_not_split(per, reason):
    (found,) = seen(plan(text(item(incentive=""), word=WORD)), per=per)
    assert (found.reason, found.silence) == (reason, "plan")
    assert "方案.doc" in sentences(DETECTOR, [found])[0]
    assert found.rests_on[0].files == (WORD,)


def test_per_plan_a_part_counts_once_however_many_items_lack_it():
    first = text(item(incentive=""), item(SECOND, "读者", incentive="", measure=""))
    (found,) = seen(plan(first), per="plan")
    assert said(found) == ("plan", 2, EARLY, "plan:00000000-0000-0000-0000-000000000005", None)
    assert found.parameters == {"items": 2, "day": "2009-11-05", "parts": ["measure", "incentive"], "file": ""}
    assert found.subject.label == "图书馆活动方案"
    assert [fact.title for fact in found.rests_on] == ["开馆", "读者"]


def test_per_plan_the_day_is_that_since_which_these_parts_are_missing():
    versions = (
        text(item(incentive="", measure="")),
        text(item(incentive=""), number=2, on=MIDDLE),
        text(item(incentive=""), item(SECOND, "读者"), number=3, on=LATE),
    )
    (found,) = seen(plan(*versions), per="plan")
    assert said(found)[:3] == ("plan", 1, MIDDLE)


items = st.lists(
    st.builds(item, uuids, measure=texts, standard=texts, outcome=texts, incentive=texts, service=texts),
    max_size=2,
    unique_by=lambda one: one.uuid,
)


@given(first=items, last=items, maximum=st.integers(1, 4))
def test_random_items_equal_the_clause_restated(first, last, maximum):
    facts = plan(text(*first), text(*last, number=2, on=LATE))
    charged = {}
    for one in last:
        missing = [one.measure, one.standard, one.outcome, one.incentive].count("")
        missing += [one.measure, one.standard, one.outcome, one.incentive].count(" ")
        if missing:
            same = [old for old in first if old.uuid == one.uuid and old == one]
            charged[f"plan-item:{one.uuid}"] = (min(missing, maximum), EARLY if same else LATE)
    found = seen(facts, maximum=maximum)
    assert {one.record: (one.quantity, one.happened_on) for one in found} == charged
    anywhere = {part for one in last for part in FOUR if not getattr(one, part).strip()}
    whole = seen(facts, per="plan", maximum=maximum)
    assert [one.quantity for one in whole] == ([min(len(anywhere), maximum)] if anywhere else [])
