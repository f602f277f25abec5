"""Service and cooperation: silent where an item says so or names a department (P5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from tests.scoring.detectors.paper_terms import (
    EARLY,
    LATE,
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

DETECTOR = DETECTORS["plan-service"]
KEY = "plan-item:00000000-0000-0000-0000-000000000001"


def seen(facts):
    return list(DETECTOR.detect(facts, terms()))


def test_department_without_a_plan_is_silent():
    assert seen(plan()) == []


def test_word_text_without_items_is_silent():
    assert seen(plan(text(word=WORD))) == []


@pytest.mark.parametrize("shown", [{"service": "上门征求意见"}, {"service": "", "cooperating": ("工会",)}])
def test_item_that_shows_either_is_silent(shown):
    assert seen(plan(item(**shown))) == []


def test_item_that_lacks_other_parts_is_silent():
    assert seen(plan(item(measure="", incentive=""))) == []


def test_item_mended_in_the_latest_version_is_silent():
    assert seen(plan(text(item(service="")), text(item(cooperating=("工会",)), number=2, on=LATE))) == []


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_item_that_shows_neither_is_charged(blank):
    (found,) = seen(plan(item(service=blank)))
    assert said(found) == ("no-service", 1, EARLY, KEY, None)
    assert found.subject.label == "开馆"
    assert "开馆" in sentences(DETECTOR, [found])[0]


def test_item_submitted_again_as_it_was_keeps_its_day():
    (found,) = seen(plan(text(item(service="")), text(item(service="", number=2), number=2, on=LATE)))
    assert found.happened_on == EARLY


def test_word_file_as_official_text_proves_nothing_by_what_is_not_split():
    (found,) = seen(plan(text(item(service=""), word=WORD)))
    assert said(found) == ("no-service-word", 1, EARLY, KEY, "plan")
    assert "方案.doc" in sentences(DETECTOR, [found])[0]


@given(
    st.lists(
        st.builds(item, uuids, service=texts, measure=texts, cooperating=st.sampled_from([(), ("工会",)])),
        max_size=2,
        unique_by=lambda one: one.uuid,
    )
)
def test_random_items_equal_the_clause_restated(items):
    charged = [f"plan-item:{one.uuid}" for one in items if one.service in ("", " ") and one.cooperating == ()]
    assert [one.record for one in seen(plan(text(*items)))] == charged
