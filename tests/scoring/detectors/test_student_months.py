"""Months without a report on students: silent with any report but one of breaches nobody handled (B4)."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.detectors import DETECTORS
from scoring.facts.tasks import MonthlyReportFact, StudentMonthFact
from tests.scoring.detectors.task_terms import FIRST, SECOND, days, said, terms

DETECTOR = DETECTORS["student-months"]
LAST = date(2009, 11, 30)
LATER = date(2009, 12, 28)


def seen(*facts, on=LATER):
    return list(DETECTOR.detect(facts, terms(on)))


def month(owed="conduct", *, report=None, deadline=LAST, code="2009-11", uuid=FIRST):
    return StudentMonthFact(uuid, owed, code, deadline, report)


def report(*, breaches=False, handling=False):
    return MonthlyReportFact(SECOND, "2009-11", LATER, breaches, handling)


@pytest.mark.parametrize("owed", ["conduct", "breaches"])
def test_last_day_itself_is_silent(owed):
    assert seen(month(owed), on=LAST) == []


def test_extended_month_is_silent_until_the_day_it_was_extended_to():
    assert seen(month(deadline=date(2009, 12, 5)), on=date(2009, 12, 5)) == []


@pytest.mark.parametrize("owed", ["conduct", "breaches"])
def test_report_that_there_was_nothing_is_silent_however_late(owed):
    assert seen(month(owed, report=report())) == []


def test_breaches_that_were_handled_are_silent():
    assert seen(month("breaches", report=report(breaches=True, handling=True))) == []


def test_report_on_conduct_with_breaches_needs_no_handling():
    assert seen(month(report=report(breaches=True))) == []


def test_breaches_not_handled_yet_are_silent_on_the_last_day():
    assert seen(month("breaches", report=report(breaches=True)), on=LAST) == []


@pytest.mark.parametrize(("owed", "reason"), [("conduct", "no-conduct"), ("breaches", "no-breaches")])
def test_month_without_report_is_seen_the_day_after_its_last_one(owed, reason):
    (found,) = seen(month(owed), on=date(2009, 12, 1))
    assert said(found) == (reason, date(2009, 11, 30), "2009-11", "monthly-report")
    assert (found.quantity, found.record, found.rests_on) == (1, "", (month(owed),))
    assert DETECTOR.reasons[found.reason] % found.parameters


def test_breaches_nobody_handled_are_proven_by_the_report():
    fact = month("breaches", report=report(breaches=True))
    (found,) = seen(fact, on=date(2009, 12, 1))
    assert said(found) == ("not-handled", date(2009, 11, 30), "2009-11", None)
    assert found.rests_on == (fact, report(breaches=True))
    assert DETECTOR.reasons[found.reason] % found.parameters


def test_month_with_two_reports_owed_costs_once_by_what_is_proven():
    missing = month("conduct", uuid=UUID(int=3))
    unhandled = month("breaches", report=report(breaches=True))
    for facts in ((missing, unhandled), (unhandled, missing)):
        assert [said(one) for one in seen(*facts)] == [("not-handled", LAST, "2009-11", None)]


reports = st.none() | st.builds(report, breaches=st.booleans(), handling=st.booleans())
months = st.builds(
    month,
    st.sampled_from(["conduct", "breaches"]),
    report=reports,
    deadline=days,
    code=st.sampled_from(["2009-10", "2009-11", "2009-12"]),
    uuid=st.builds(uuid4),
)


@given(facts=st.lists(months, max_size=8), on=days)
def test_random_months_equal_the_clause_restated(facts, on):
    proven, silent = set(), set()
    for one in facts:
        if one.deadline >= on:
            continue
        if one.report is None:
            silent.add(one.month)
        elif one.owed == "breaches" and one.report.has_breaches and not one.report.has_handling:
            proven.add(one.month)
    found = seen(*facts, on=on)
    assert len(found) == len({one.period for one in found})
    assert {one.period for one in found if one.silence is None} == proven
    assert {one.period for one in found if one.silence is not None} == silent - proven
