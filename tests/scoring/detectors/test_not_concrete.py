"""Marked as not concrete: silent without a mark and once the item was rewritten (P1)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from tests.scoring.detectors.paper_terms import (
    EARLY,
    LATE,
    SECOND,
    WORD,
    item,
    mark,
    plan,
    said,
    sentences,
    terms,
    text,
    uuids,
)

DETECTOR = DETECTORS["plan-not-concrete"]
VAGUE = "not-concrete"
KEY = "plan-item:00000000-0000-0000-0000-000000000001"


def seen(facts):
    return list(DETECTOR.detect(facts, terms()))


def test_department_without_a_plan_is_silent():
    assert seen(plan()) == []


def test_plan_nobody_marked_is_silent():
    assert seen(plan(item(measure="加强管理"))) == []


@pytest.mark.parametrize("reason", ["below-standard", "changed-unreviewed"])
def test_mark_for_another_reason_is_silent(reason):
    assert seen(plan(item(), marks=(mark(item(), reason),))) == []


@pytest.mark.parametrize(
    "rewritten",
    [
        {"measure": "每周一检查"},
        {"standard": "等候5分钟"},
        {"title": "周末开馆"},
        {"due": "2009-12-01"},
        {"responsible": "张某"},
        {"quality_document": "QD-7"},
    ],
)
def test_item_rewritten_since_is_silent(rewritten):
    later = text(item(**rewritten), number=2, on=LATE)
    assert seen(plan(text(item()), later, marks=(mark(item(), VAGUE),))) == []


def test_item_taken_out_since_is_silent():
    later = text(item(SECOND), number=2, on=LATE)
    assert seen(plan(text(item()), later, marks=(mark(item(), VAGUE),))) == []


def test_mark_on_what_the_version_never_had_is_silent():
    assert seen(plan(item(), marks=(mark(None, VAGUE),))) == []


def test_marked_item_is_charged_once_from_the_day_its_version_was_submitted():
    note = mark(item(), VAGUE, note="只有口号")
    (found,) = seen(plan(item(), marks=(note,)))
    assert said(found) == ("marked", 1, EARLY, KEY, None)
    assert found.subject.label == "开馆"
    assert [fact.kind for fact in found.rests_on] == ["plan-item", "plan-mark"]
    assert found.rests_on[1].frozen()["values"] == {"noted_on": "2009-11-10", "version": 1, "note": "只有口号"}
    (sentence,) = sentences(DETECTOR, [found])
    assert "开馆" in sentence
    assert "2009-11-10" in sentence
    assert "只有口号" not in sentence


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"number": 4},
        {"measure": " 有 "},
        {"duties": ("1 采购图书",)},
        {"cooperating": ("工会",)},
    ],
)
def test_item_submitted_again_as_it_was_stays_charged_and_dated_as_before(same):
    later = text(item(**same), number=2, on=LATE)
    (found,) = seen(plan(text(item()), later, marks=(mark(item(), VAGUE),)))
    assert said(found) == ("marked", 1, EARLY, KEY, None)


def test_item_marked_again_after_it_was_rewritten_is_charged_from_then():
    new = item(measure="加强服务")
    marks = (mark(item(), VAGUE), mark(new, VAGUE, version=2, submitted_on=LATE, number=8))
    (found,) = seen(plan(text(item()), text(new, number=2, on=LATE), marks=marks))
    assert said(found) == ("marked", 1, LATE, KEY, None)
    assert found.rests_on[1:] == (marks[1],)


def test_several_marks_on_one_item_are_one_charge():
    marks = (mark(item(), VAGUE, on=date(2009, 11, 12), number=8), mark(item(), VAGUE))
    (found,) = seen(plan(item(), marks=marks))
    assert found.parameters["day"] == "2009-11-10"
    assert found.rests_on[1:] == (marks[1], marks[0])


def test_word_file_of_the_version_is_kept_with_the_item():
    (found,) = seen(plan(text(item(), word=WORD), marks=(mark(item(), VAGUE),)))
    assert found.rests_on[0].frozen()["files"] == [["方案.doc", "ab" * 32]]
    assert found.silence is None


items = st.builds(item, uuids, measure=st.sampled_from(["甲", "乙"]), number=st.integers(1, 9))


@given(
    first=st.lists(items, max_size=2, unique_by=lambda one: one.uuid),
    last=st.lists(items, max_size=2, unique_by=lambda one: one.uuid),
    marked=st.lists(
        st.tuples(
            st.integers(0, 1), st.sampled_from([VAGUE, "below-standard"]), st.none() | st.just(EARLY), st.booleans()
        ),
        max_size=3,
    ),
)
def test_random_marks_equal_the_clause_restated(first, last, marked):
    versions = (text(*first), text(*last, number=2, on=LATE))
    marks = tuple(
        mark(one, reason, version=number + 1, submitted_on=versions[number].submitted_on, reviewed_on=reviewed)
        for place, reason, reviewed, later in marked
        for number in [int(later)]
        for one in versions[number].items[place : place + 1]
    )
    charged = set()
    for now in last:
        for note in marks:
            same = note.item.uuid == now.uuid and replace(note.item, number=now.number) == now
            if same and note.reason == VAGUE and note.reviewed_on is None:
                charged.add(f"plan-item:{now.uuid}")
    found = seen(plan(*versions, marks=marks))
    assert sorted(one.record for one in found) == sorted(charged)
    assert {one.quantity for one in found} <= {1}
