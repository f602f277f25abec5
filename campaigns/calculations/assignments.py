"""Whether an assignment is done in time (A11): late up to some days after its last day, not done beyond them."""

from __future__ import annotations

from datetime import date, timedelta

from campaigns.enums import Timeliness


def timeliness(deadline: date, done_on: date | None, *, on: date, days: int) -> Timeliness:
    """Return how an assignment stands on the day `on`; more than `days` after the deadline counts as not done.

    `done_on` is the day it was done, None while it is not.
    """
    if (done_on or on) <= deadline:
        return Timeliness.ON_TIME if done_on else Timeliness.OPEN
    return Timeliness.LATE if (done_on or on) <= undone_after(deadline, days) else Timeliness.UNDONE


def undone_after(deadline: date, days: int) -> date:
    """Return the last day on which an assignment is late and not yet undone."""
    return deadline + timedelta(days=days)
