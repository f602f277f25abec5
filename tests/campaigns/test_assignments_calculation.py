"""On time, late, undone: by hand, and whatever the days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.assignments import timeliness, undone_after
from campaigns.enums import Timeliness

DEADLINE = date(2009, 11, 20)
OPEN, ON_TIME, LATE, UNDONE = Timeliness.OPEN, Timeliness.ON_TIME, Timeliness.LATE, Timeliness.UNDONE


@pytest.mark.parametrize(
    ("done_on", "on", "found"),
    [
        (date(2009, 11, 16), date(2009, 12, 28), ON_TIME),
        (date(2009, 11, 20), date(2009, 12, 28), ON_TIME),
        (date(2009, 11, 21), date(2009, 12, 28), LATE),
        (date(2009, 11, 27), date(2009, 12, 28), LATE),  # the seventh day
        (date(2009, 11, 28), date(2009, 12, 28), UNDONE),  # the eighth
        (None, date(2009, 11, 16), OPEN),
        (None, date(2009, 11, 20), OPEN),
        (None, date(2009, 11, 21), LATE),
        (None, date(2009, 11, 27), LATE),
        (None, date(2009, 11, 28), UNDONE),
    ],
)
def test_more_than_a_week_late_counts_as_not_done(done_on, on, found):
    assert timeliness(DEADLINE, done_on, on=on, days=7) == found


@pytest.mark.parametrize(("done_on", "found"), [(date(2009, 11, 20), ON_TIME), (date(2009, 11, 21), UNDONE)])
def test_without_days_of_grace_late_is_undone(done_on, found):
    assert timeliness(DEADLINE, done_on, on=date(2009, 12, 28), days=0) == found


def test_last_day_of_being_late_lies_the_days_after_the_deadline():
    assert undone_after(DEADLINE, 7) == date(2009, 11, 27)


DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))
SHORT = st.integers(min_value=0, max_value=60)


@given(deadline=DAYS, after=st.integers(min_value=-100, max_value=100), days=SHORT, on=DAYS)
def test_what_is_done_stands_by_the_days_it_took_alone(deadline, after, days, on):
    done_on = deadline + timedelta(days=after)
    expected = ON_TIME if after <= 0 else LATE if after <= days else UNDONE
    assert timeliness(deadline, done_on, on=on, days=days) == expected


@given(deadline=DAYS, after=st.integers(min_value=-100, max_value=100), days=SHORT)
def test_what_is_not_done_stands_as_if_it_were_done_today_but_for_on_time(deadline, after, days):
    on = deadline + timedelta(days=after)
    found = timeliness(deadline, None, on=on, days=days)
    assert found == {ON_TIME: OPEN}.get(done := timeliness(deadline, on, on=on, days=days), done)


@given(deadline=DAYS, first=SHORT, more=SHORT, days=SHORT)
def test_waiting_never_makes_it_better(deadline, first, more, days):
    def place(after):
        return [OPEN, LATE, UNDONE].index(timeliness(deadline, None, on=deadline + timedelta(days=after), days=days))

    assert place(first) <= place(first + more)
