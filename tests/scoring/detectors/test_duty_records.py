"""Records of duties: silent while the phase lasts, and where evidence stands (A1, B1)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from tests.scoring.detectors.paper_terms import NOW, PHASE_END, SECOND, duty, said, sentences, spring, terms

DETECTOR = DETECTORS["duty-records"]


def seen(*facts, on=NOW, phase=3):
    return list(DETECTOR.detect(facts, terms(on, phase=phase)))


def test_department_without_duties_is_silent():
    assert seen() == []


def test_last_day_of_the_phase_is_silent():
    assert seen(duty(), on=date(2009, 12, 22)) == []


def test_duty_with_evidence_is_silent():
    assert seen(duty(is_recorded=True)) == []


def test_phase_the_season_has_not_is_silent():
    assert seen(duty(), phase=7) == []


def test_duty_without_evidence_is_charged_the_day_after():
    found = seen(duty(), duty("2", "借阅", uuid=SECOND, is_recorded=True), on=date(2009, 12, 23))
    assert [said(one) for one in found] == [
        ("no-record", 1, date(2009, 12, 22), "duty:00000000-0000-0000-0000-000000000001", "evidence")
    ]
    assert found[0].subject.label == "1 采购图书"
    assert found[0].rests_on == (duty(),)
    assert "2009-12-22" in sentences(DETECTOR, found)[0]


def test_what_is_kept_does_not_change_from_day_to_day():
    assert seen(duty(), on=date(2009, 12, 23)) == seen(duty(), on=date(2010, 1, 20))


@given(recorded=st.lists(st.booleans(), max_size=5), on=spring)
def test_random_duties_equal_the_clause_restated(recorded, on):
    facts = [duty(str(place), is_recorded=one) for place, one in enumerate(recorded)]
    charged = [str(place) for place, one in enumerate(recorded) if on > PHASE_END and not one]
    found = seen(*facts, on=on)
    assert [one.rests_on[0].number for one in found] == charged
    assert {one.happened_on for one in found} <= {PHASE_END}
