"""What the tests of detectors of months and tasks share: terms, days around a deadline, what a suspicion says."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from scoring.facts import Department, RuleTerms, Season, Terms

FIRST = UUID(int=1)
SECOND = UUID(int=2)
DUE = date(2009, 11, 20)
AFTER = date(2009, 11, 21)

days = st.dates(date(2009, 11, 1), date(2009, 12, 31))
maybe_days = st.none() | days


def terms(on, *, late_days=7, exempt=()):
    """Return the terms of a rule of the season of 2009 on a day."""
    return Terms(
        RuleTerms(code="X1", attribution="department", exempt=frozenset(exempt)),
        Season(on=on, facts_from=date(2009, 9, 1), facts_until=date(2010, 1, 31), assignment_days=late_days),
        Department(id=1, uuid=UUID(int=9), name="图书馆", kind="support", block="B"),
    )


def later(day, number):
    """Return the day so many days later."""
    return day + timedelta(days=number)


def said(suspicion):
    """Return what a charge rests on: reason, day, record or period, whether it is concluded from silence."""
    return (
        suspicion.reason,
        suspicion.happened_on,
        suspicion.record or suspicion.period,
        suspicion.silence.value if suspicion.silence else None,
    )
