"""A day as official papers write it, whatever the language of who asked."""

from __future__ import annotations

from datetime import date

WRITTEN = "%d年%d月%d日"


def paper_day(day: date) -> str:
    """Return the day in words of the paper."""
    return WRITTEN % (day.year, day.month, day.day)
