"""Time: the wall clock, a campaign's clock, and days in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timedelta
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
