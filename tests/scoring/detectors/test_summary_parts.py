"""Parts of the closing summary: silent when all say something, and until the summary is overdue (A14, B16)."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.facts import PartContent
from scoring.detectors import DETECTORS
from scoring.facts.papers import SummaryFacts, SummaryText
from tests.scoring.detectors.paper_terms import FIVE, WORD, owed, said, sentences, spring, terms

DETECTOR = DETECTORS["summary-parts"]
KEY = "summary:00000000-0000-0000-0000-000000000009"
DUE, HANDED_IN, AGAIN = date(2009, 12, 31), date(2009, 12, 26), date(2010, 1, 5)
NOW = date(2010, 1, 10)


def seen(facts, *, on=NOW, maximum=5):
    return list(DETECTOR.detect(facts, terms(on, maximum=maximum)))


def version(*written, on=HANDED_IN, word=None, free=()):
    """Return a version whose named parts say something, and free sections besides."""
    parts = [
        PartContent(uuid="", code=f"part-{place}", title=name, text="如下。" if name in written else " ")
        for place, name in enumerate(FIVE, start=1)
    ]
    parts += [PartContent(uuid="", code="", title=title, text=text) for title, text in free]
    return SummaryText(on, "图书馆总结", tuple(parts), word)


def summary(*versions, **values):
    return SummaryFacts(uuid=UUID(int=6) if versions else None, texts=versions, **values)


def test_complete_summary_is_silent():
    assert seen(summary(version(*FIVE))) == []


def test_summary_completed_late_is_silent():
    assert seen(summary(version(FIVE[0]), version(*FIVE, on=AGAIN), owed=owed(DUE))) == []


@pytest.mark.parametrize("title", ["改进举措", " 改进 举措 "])
def test_section_of_that_name_is_as_good_as_the_part(title):
    assert seen(summary(version(*FIVE[:4], free=[(title, "加强")]))) == []


def test_no_summary_is_silent_on_the_last_day_itself():
    assert seen(summary(owed=owed(DUE)), on=DUE) == []


def test_no_summary_that_nobody_asks_for_is_silent():
    assert seen(summary()) == []


def test_each_missing_part_counts():
    (found,) = seen(summary(version("实施成效", "存在的问题", "问题处理"), owed=owed(DUE)), on=HANDED_IN)
    assert said(found) == ("lacking", 2, HANDED_IN, KEY, None)
    assert found.parameters["parts"] == ["原因剖析", "改进举措"]
    assert found.subject.label == "图书馆总结"
    assert found.rests_on[0].frozen()["values"] == {
        "title": "图书馆总结",
        "submitted_on": "2009-12-26",
        "written": ["实施成效", "存在的问题", "问题处理"],
    }
    assert "2009-12-26" in sentences(DETECTOR, [found])[0]


def test_section_of_that_name_without_text_is_none():
    (found,) = seen(summary(version(*FIVE[:4], free=[("改进举措", "")])))
    assert found.parameters["parts"] == ["改进举措"]


def test_no_more_than_the_rule_allows_is_charged():
    (found,) = seen(summary(version()), maximum=3)
    assert found.quantity == 3
    assert len(found.parameters["parts"]) == 5


def test_day_is_that_since_which_these_parts_are_missing():
    (found,) = seen(summary(version(*FIVE[:4]), version(*FIVE[:4], free=[("体会", "有")], on=AGAIN)))
    assert found.happened_on == HANDED_IN
    (found,) = seen(summary(version(*FIVE[:3]), version(*FIVE[:4], on=AGAIN)))
    assert (found.happened_on, found.quantity) == (AGAIN, 1)


def test_word_file_as_official_text_proves_nothing_by_what_is_not_split():
    (found,) = seen(summary(version(word=WORD)))
    assert said(found) == ("lacking-word", 5, HANDED_IN, KEY, "summary")
    assert found.rests_on[0].files == (WORD,)
    assert "方案.doc" in sentences(DETECTOR, [found])[0]


def test_no_summary_the_day_after_charges_every_part_from_silence():
    missing = summary(owed=owed(DUE, "书面总结材料"))
    (found,) = seen(missing, on=date(2010, 1, 1))
    assert said(found) == ("none", 5, DUE, KEY, "summary")
    assert found.subject.label == "书面总结材料"
    assert found.rests_on == (missing.owed,)
    assert "2009-12-31" in sentences(DETECTOR, [found])[0]


def test_season_that_asks_for_no_parts_is_silent():
    nothing = terms(NOW)
    nothing = type(nothing)(
        nothing.rule,
        type(nothing.season)(on=NOW, facts_from=date(2009, 9, 1), facts_until=date(2010, 1, 31)),
        nothing.department,
    )
    assert list(DETECTOR.detect(summary(version()), nothing)) == []
    assert list(DETECTOR.detect(summary(owed=owed(DUE)), nothing)) == []


@given(
    versions=st.lists(st.sets(st.sampled_from(FIVE)), max_size=3),
    deadline=st.none() | spring,
    on=spring,
    maximum=st.integers(1, 5),
)
def test_random_summaries_equal_the_clause_restated(versions, deadline, on, maximum):
    texts = [version(*written, on=date(2009, 12, 20 + place)) for place, written in enumerate(versions)]
    found = seen(summary(*texts, owed=owed(deadline) if deadline else None), on=on, maximum=maximum)
    expected = []
    if versions:
        missing = 5 - len(versions[-1])
        if missing:
            first = len(versions) - 1
            while first and versions[first - 1] == versions[-1]:
                first -= 1
            expected = [(min(missing, maximum), date(2009, 12, 20 + first))]
    elif deadline and on > deadline:
        expected = [(maximum, deadline)]
    assert [(one.quantity, one.happened_on) for one in found] == expected
