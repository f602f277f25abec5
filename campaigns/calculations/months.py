"""Months as the season writes them: 2009-11."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def month_of(day: date) -> str:
    """Return the month a day lies in, as 2009-11."""
    return f"{day:%Y-%m}"


def first_day_of_month(month: str) -> date:
    """Return the first day of a month written as 2009-11."""
    return date.fromisoformat(f"{month}-01")


def last_day_of_month(month: str) -> date:
    """Return the last day of a month written as 2009-11."""
    first = first_day_of_month(month)
    return first.replace(day=monthrange(first.year, first.month)[1])
