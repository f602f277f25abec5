"""Time: the wall clock, a campaign's clock, and days in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.utils import timezone


class HasClock(Protocol):
    """Anything with its own offset from the wall clock (a campaign in demonstration)."""

    clock_offset: timedelta | None


def wall_now() -> datetime:
    """Return the wall clock, aware."""
    return timezone.now()


def now(campaign: HasClock | None = None) -> datetime:
    """Return the campaign's clock: the wall clock, moved by the demonstration offset when there is one."""
    moment = wall_now()
    if campaign is not None and campaign.clock_offset is not None:
        return moment + campaign.clock_offset
    return moment


def day_of(moment: datetime) -> date:
    """Return the calendar day of an aware moment in the portal's zone (Asia/Shanghai)."""
    return timezone.localdate(moment)


def noon_of(day: date) -> datetime:
    """Return the moment that stands for a day of which no time is known: its noon in the portal's zone."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def moment_on(day: date, *, at: datetime) -> datetime:
    """Return `at` for what is of today, noon of its day for what is entered later."""
    return at if day == day_of(at) else noon_of(day)
