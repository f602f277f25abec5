"""Own policies on paper only: silent while the phase lasts, and where a measure or evidence stands (A4, B3)."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.papers import PolicyItemFact
from tests.scoring.detectors.paper_terms import NOW, PHASE_END, said, sentences, spring, terms

DETECTOR = DETECTORS["policy-measures"]


def seen(*facts, on=NOW, phase=3):
    return list(DETECTOR.detect(facts, terms(on, phase=phase)))


def content(text="每周检查一次", *, number=1, issued_on=date(2008, 9, 1), **done):
    return PolicyItemFact(UUID(int=number), "值班制度", "馆字[2008]3号", issued_on, text, page=UUID(int=4), **done)


def test_department_without_policies_is_silent():
    assert seen() == []


def test_last_day_of_the_phase_is_silent():
    assert seen(content(), on=date(2009, 12, 22)) == []


@pytest.mark.parametrize("done", [{"measures": 1}, {"evidence": 1}, {"measures": 2, "evidence": 3}])
def test_content_that_is_carried_out_is_silent(done):
    assert seen(content(**done)) == []


def test_policy_issued_after_the_phase_is_silent_on_its_first_day():
    assert seen(content(issued_on=NOW)) == []


def test_phase_the_season_has_not_is_silent():
    assert seen(content(), phase=7) == []


def test_each_content_of_a_document_is_charged_by_itself():
    found = seen(content(), content("每月通报", number=2), content("考核", number=3, measures=1), on=date(2009, 12, 23))
    assert [said(one) for one in found] == [
        ("on-paper", 1, date(2009, 12, 22), "policy-item:00000000-0000-0000-0000-000000000001", "policy"),
        ("on-paper", 1, date(2009, 12, 22), "policy-item:00000000-0000-0000-0000-000000000002", "policy"),
    ]
    assert found[0].subject.label == "值班制度 每周检查一次"
    assert "每月通报" in sentences(DETECTOR, found)[1]


def test_policy_issued_after_the_phase_is_charged_from_its_day():
    (found,) = seen(content(issued_on=date(2009, 12, 25)), on=date(2009, 12, 26))
    assert found.happened_on == date(2009, 12, 25)


@given(
    st.lists(st.tuples(spring, st.integers(0, 1), st.integers(0, 1)), max_size=5),
    spring,
)
def test_random_contents_equal_the_clause_restated(rows, on):
    facts = [
        content(number=place, issued_on=issued, measures=measures, evidence=evidence)
        for place, (issued, measures, evidence) in enumerate(rows)
    ]
    charged = [
        (one.uuid, one.issued_on if one.issued_on > PHASE_END else PHASE_END)
        for one in facts
        if not one.measures and not one.evidence and on > PHASE_END and on > one.issued_on
    ]
    assert [(one.rests_on[0].uuid, one.happened_on) for one in seen(*facts, on=on)] == charged
