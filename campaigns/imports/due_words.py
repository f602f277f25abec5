"""By when, as plans write it: 11月底前, 11月6日前, 2009年12月中旬; what is no day stays in its words."""

from __future__ import annotations

import calendar
import re
from datetime import date

from qualityseason.text import clean, parse_date

BEFORE = re.compile(r"(?:之前|以前|前|止|前完成|完成)$")
DAY = re.compile(r"^(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]$")
TIME_OF_MONTH = re.compile(r"^(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<when>底|末|中旬|上旬|下旬|份内|份|内)?$")
LAST_DAY = {"上旬": 10, "中旬": 20}
MAXIMUM = 20  # characters that can still be nothing but a day


def due_of(text: str, *, starts_on: date, ends_on: date) -> str:
    """Return the last day as ISO where the words name one, the year being the season's; else the words themselves."""
    words = " ".join(text.split())
    short = clean(words).replace(" ", "")
    if not short or len(short) > MAXIMUM:
        return words
    bare = short
    while BEFORE.search(bare):
        bare = BEFORE.sub("", bare)
    try:
        return parse_date(bare).isoformat()
    except ValueError:
        pass
    day, month = DAY.match(bare), TIME_OF_MONTH.match(bare)
    found = day or (month if month and (month["when"] or month["year"] or bare != short) else None)
    if found is None:
        return words
    year = int(found["year"]) if found["year"] else _year(int(found["month"]), starts_on, ends_on)
    try:
        if day:
            return date(year, int(day["month"]), int(day["day"])).isoformat()
        last = LAST_DAY.get(found["when"] or "") or calendar.monthrange(year, int(found["month"]))[1]
        return date(year, int(found["month"]), last).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        return words


def _year(month: int, starts_on: date, ends_on: date) -> int:
    """Return the year in which the month lies in the season, else the season's first."""
    years = range(starts_on.year, ends_on.year + 1)
    inside = (
        year for year in years if (starts_on.year, starts_on.month) <= (year, month) <= (ends_on.year, ends_on.month)
    )
    return next(inside, starts_on.year)
