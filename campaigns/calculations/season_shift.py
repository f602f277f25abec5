"""Moving a season's dates: days by days, months by whole months, years in names by whole years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
DAYS_OF_A_YEAR = 365.25
MIDDLE = 15  # of a month: as far from its ends as a day is


def shift_months(months: Sequence[str], days: int) -> list[str]:
    """Return months (2009-11) moved by as many whole months as the middle of the first moves by `days`."""
    if not months:
        return []
    first = _index(months[0])
    moved = date.fromisoformat(f"{months[0]}-{MIDDLE}") + timedelta(days=days)
    by = moved.year * 12 + moved.month - 1 - first
    return [_month(_index(month) + by) for month in months]


def whole_years(days: int) -> int:
    """Return how many years, rounded, that many days are."""
    return round(days / DAYS_OF_A_YEAR)


def shift_years(text: str, years: int) -> str:
    """Return a name with its years moved: 2009-2010-1 by one is 2010-2011-1."""
    return YEAR.sub(lambda found: str(int(found.group()) + years), text)


def _index(month: str) -> int:
    year, number = (int(part) for part in month.split("-"))
    return year * 12 + number - 1


def _month(index: int) -> str:
    return f"{index // 12:04}-{index % 12 + 1:02}"
