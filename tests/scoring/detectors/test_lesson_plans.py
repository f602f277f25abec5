"""Lesson plans: a plan on paper, or all three documents of a reformed course, is silent (B13)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.registers import LessonPlanFact
from tests.scoring.detectors.register_terms import (
    APPROVED,
    EXTERNAL,
    HERE,
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

DETECTOR = DETECTORS["lesson-plans"]
DAY = date(2009, 11, 17)


def fact(
    paper=True, designs=None, *, person=WEI, home=HERE, course="基础会计", excused_on=None, number=1, checker=THERE
):
    """Return a row; `designs` are overall design, unit design and material of a reformed course."""
    overall, unit, material = designs or (False, False, False)
    return LessonPlanFact(
        id_of(number),
        department_id=home,
        organiser_id=checker,
        organiser="督导室" if checker == THERE else "财会金融系",
        excused_on=excused_on,
        person=person,
        happened_on=DAY,
        course=course,
        is_reformed=designs is not None,
        has_paper=paper,
        has_overall_design=overall,
        has_unit_design=unit,
        has_material=material,
    )


def seen(*facts, attribution="teaching", **options):
    return list(DETECTOR.detect(facts, terms(attribution=attribution, **options)))


def test_plan_on_paper_is_silent():
    assert seen(fact(paper=True)) == []


def test_reformed_course_with_all_three_is_silent_without_paper():
    assert seen(fact(False, (True, True, True))) == []


def test_teacher_of_another_department_is_silent_here_though_we_checked():
    assert seen(fact(False, home=THERE, checker=HERE)) == []


@pytest.mark.parametrize("kind", ["administrative", "support"])
def test_department_that_does_not_teach_is_never_charged(kind):
    assert seen(fact(False), kind=kind) == []


def test_exempt_category_is_silent():
    assert seen(fact(False, person=EXTERNAL), exempt={"external"}) == []


def test_excuse_holds_where_the_rule_knows_excuses():
    assert seen(fact(False, excused_on=APPROVED), excusable=True) == []


@pytest.mark.parametrize("kind", ["specialty", "teaching"])
def test_no_plan_on_paper_is_seen(kind):
    (found,) = seen(fact(False), kind=kind)
    assert said(found) == (
        "missing", date(2009, 11, 17), "person:00000000-0000-0000-0000-00000000000b",
        "lesson-plan:00000000-0000-0000-0000-000000000001", 1, False,
    )  # fmt: skip
    assert found.parameters["missing"] == ["paper"]
    assert sentence("lesson-plans", found).startswith(
        "张伟(00123), lesson plans checked by 督导室 on 2009-11-17 基础会计"
    )


def test_reformed_course_is_seen_by_any_of_the_three_and_paper_does_not_help():
    (found,) = seen(fact(True, (True, False, False)))
    assert found.parameters["missing"] == ["unit-design", "material"]
    assert {"paper", "overall-design", "unit-design", "material"} == set(DETECTOR.words)


def test_two_courses_are_two_facts():
    assert len(seen(fact(False), fact(False, course="审计", number=2))) == 2


def test_another_check_of_the_day_that_found_all_there_contradicts():
    (found,) = seen(fact(False), fact(course="", checker=HERE, number=2))
    assert (found.reason, found.is_contradicted) == ("disagree", True)
    assert "财会金融系" in sentence("lesson-plans", found)


def test_check_of_another_course_contradicts_nothing():
    assert [one.is_contradicted for one in seen(fact(False), fact(course="审计", number=2))] == [False]


TRUTHS = st.booleans()
ROWS = st.builds(
    fact,
    TRUTHS,
    st.none() | st.tuples(TRUTHS, TRUTHS, TRUTHS),
    person=st.sampled_from(PEOPLE),
    home=places,
    excused_on=excuses,
)


@given(ROWS, st.sampled_from(["specialty", "teaching", "administrative", "support"]), st.booleans())
def test_restated(row, kind, excusable):
    if row.is_reformed:
        lacks = not (row.has_overall_design and row.has_unit_design and row.has_material)
    else:
        lacks = not row.has_paper
    is_spared = excusable and row.excused_on is not None
    is_charged = lacks and not is_spared and row.department_id == 1 and kind in ("specialty", "teaching")
    assert len(seen(row, kind=kind, excusable=excusable)) == int(is_charged)
