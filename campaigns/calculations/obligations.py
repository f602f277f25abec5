"""When something owed is late: days are counted in whole calendar days, the due day itself is in time to 24:00."""

from __future__ import annotations

from datetime import date

from campaigns.enums import ObligationState


def deadline_of(due_on: date, extended_to: date | None) -> date:
    """Return the last day that is not late; an extension that the general day has overtaken means nothing."""
    return max(due_on, extended_to) if extended_to else due_on


def obligation_state(deadline: date, met_on: date | None, *, on: date) -> ObligationState:
    """Return where an obligation stands on the day `on`."""
    if met_on is not None:
        return ObligationState.MET_LATE if met_on > deadline else ObligationState.MET
    return ObligationState.OVERDUE if on > deadline else ObligationState.OPEN


def days_late(deadline: date, met_on: date | None, *, on: date) -> int:
    """Return by how many days it was met late, or is overdue on the day `on`; 0 when it is not."""
    return max(0, ((met_on or on) - deadline).days)
