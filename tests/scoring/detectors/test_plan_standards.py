"""Marked below the standard or changed without review: silent where the review was found (P4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from tests.scoring.detectors.paper_terms import EARLY, LATE, item, mark, plan, said, sentences, terms, text

DETECTOR = DETECTORS["plan-standards"]
BELOW, CHANGED = "below-standard", "changed-unreviewed"
KEY = "plan-item:00000000-0000-0000-0000-000000000001"


def seen(facts):
    return list(DETECTOR.detect(facts, terms()))


def test_plan_nobody_marked_is_silent():
    assert seen(plan(item())) == []


def test_draft_alone_is_no_plan():
    assert seen(plan(marks=())) == []


def test_item_marked_as_not_concrete_is_silent():
    assert seen(plan(item(), marks=(mark(item(), "not-concrete"),))) == []


def test_change_whose_review_was_found_is_silent():
    assert seen(plan(item(), marks=(mark(item(), CHANGED, reviewed_on=date(2009, 10, 20)),))) == []


def test_item_rewritten_since_is_silent():
    later = text(item(standard="等候不超过3分钟"), number=2, on=LATE)
    assert seen(plan(text(item()), later, marks=(mark(item(), BELOW), mark(item(), CHANGED)))) == []


@pytest.mark.parametrize("reason", [BELOW, CHANGED])
def test_marked_item_is_charged(reason):
    (found,) = seen(plan(item(), marks=(mark(item(), reason, note="体系要求3分钟"),)))
    assert said(found) == (reason, 1, EARLY, KEY, None)
    (sentence,) = sentences(DETECTOR, [found])
    assert "体系要求3分钟" not in sentence
    assert "2009-11-10" in sentence


def test_both_grounds_are_one_charge():
    marks = (mark(item(), CHANGED, on=date(2009, 11, 9), number=8), mark(item(), BELOW))
    (found,) = seen(plan(item(), marks=marks))
    assert said(found) == ("both", 1, EARLY, KEY, None)
    assert found.parameters == {"title": "开馆", "day": "2009-11-09"}
    assert len(found.rests_on) == 3


def test_reviewed_change_leaves_the_other_ground():
    marks = (mark(item(), CHANGED, reviewed_on=date(2009, 10, 20), number=8), mark(item(), BELOW))
    (found,) = seen(plan(item(), marks=marks))
    assert said(found) == (BELOW, 1, EARLY, KEY, None)
    assert found.rests_on[1:] == (marks[1],)


@given(
    marked=st.lists(
        st.tuples(st.sampled_from([BELOW, CHANGED, "not-concrete"]), st.none() | st.just(EARLY), st.booleans()),
        max_size=4,
    )
)
def test_random_marks_equal_the_clause_restated(marked):
    old = item(standard="旧")
    marks = tuple(mark(item() if now else old, reason, reviewed_on=day) for reason, day, now in marked)
    below = any(reason == BELOW and day is None and now for reason, day, now in marked)
    changed = any(reason == CHANGED and day is None and now for reason, day, now in marked)
    expected = "both" if below and changed else BELOW if below else CHANGED if changed else None
    found = seen(plan(text(old), text(item(), number=2, on=LATE), marks=marks))
    assert [one.reason for one in found] == ([expected] if expected else [])
