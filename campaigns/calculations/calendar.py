"""The weeks of a month and the months of a season, Monday first: plain arithmetic on days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from campaigns.calculations.months import first_day_of_month, last_day_of_month, month_of

WEEK = 7


def weeks_of(month: str) -> tuple[tuple[date, ...], ...]:
    """Return the days of the weeks that touch a month (2009-11), from Monday to Sunday."""
    first, last = first_day_of_month(month), last_day_of_month(month)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= last:
        weeks.append(tuple(monday + timedelta(days=number) for number in range(WEEK)))
        monday += timedelta(days=WEEK)
    return tuple(weeks)


def months_between(first: date, last: date) -> Iterator[str]:
    """Yield the months from that of the first day to that of the last."""
    month = month_of(first)
    while month <= month_of(last):
        yield month
        month = month_of(last_day_of_month(month) + timedelta(days=1))


def nearest(month: str, months: tuple[str, ...]) -> str:
    """Return the month itself where it is one of those, else the first or last of them; `months` are in order."""
    return min(max(month, months[0]), months[-1])
