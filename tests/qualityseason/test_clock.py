"""The wall clock, a campaign's clock, and days in Shanghai."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from qualityseason.clock import day_of, moment_on, noon_of, now, wall_now

WALL = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@dataclass
class Season:
    clock_offset: timedelta | None = None


@time_machine.travel(WALL, tick=False)
def test_now_is_the_wall_clock_without_an_offset():
    assert wall_now() == now() == now(Season()) == WALL


@time_machine.travel(WALL, tick=False)
def test_now_of_a_campaign_in_demonstration_is_moved_and_runs_on():
    season = Season(clock_offset=timedelta(days=-5907))
    before = now(season)
    assert before == datetime(2009, 12, 28, 4, 0, tzinfo=UTC)
    with time_machine.travel(WALL + timedelta(hours=2), tick=False):
        assert now(season) - before == timedelta(hours=2)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2009, 11, 6, 15, 59, 59, tzinfo=UTC), date(2009, 11, 6)),
        (datetime(2009, 11, 6, 16, 0, tzinfo=UTC), date(2009, 11, 7)),
        (datetime(2009, 12, 31, 16, 0, tzinfo=UTC), date(2010, 1, 1)),
    ],
)
def test_day_ends_at_midnight_in_shanghai(moment, day):
    assert day_of(moment) == day


def test_noon_stands_for_a_day_and_now_for_today():
    noon = noon_of(date(2009, 11, 6))
    assert (noon, day_of(noon)) == (datetime(2009, 11, 6, 4, 0, tzinfo=UTC), date(2009, 11, 6))
    at = datetime(2009, 11, 6, 16, 0, tzinfo=UTC)  # the 7th in Shanghai
    assert (moment_on(date(2009, 11, 7), at=at), moment_on(date(2009, 11, 6), at=at)) == (at, noon)
