"""Which month of the calendar is shown."""

from __future__ import annotations

import re

from qualityseason.text import clean

MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")


def chosen_month(typed: object) -> str:
    """Return the month as 2009-11, '' where it cannot be read."""
    month = clean(typed).replace("/", "-").replace(".", "-")
    return month if MONTH.match(month) else ""
