"""The minutes say that study was held without a discussion, and none was held at another session (S4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.study import DISCUSSED, NOT_DISCUSSED, HeldSession, Study

NOT_HELD, UNSAID = "not-discussed", "unsaid"


def detect(facts: Study, terms: Terms) -> Iterator[Suspicion]:
    """Yield one when minutes say there was no discussion and those of no session say there was one.

    Where other sessions' minutes do not say, it rests on their silence, once minutes were due.
    """
    over = facts.over(terms.season)
    without = [one for one in over if one.minutes.discussion_held == NOT_DISCUSSED]
    if not without or any(one.minutes.discussion_held == DISCUSSED for one in facts.sessions):
        return
    unsaid = [one for one in over if not one.minutes.discussion_held]
    by = minutes_due(unsaid, facts) if unsaid else without[0].began_on
    if by is None or terms.on <= by:
        return
    yield Suspicion(
        reason=UNSAID if unsaid else NOT_HELD,
        parameters={
            "days": [one.began_on.isoformat() for one in without],
            "others": [one.began_on.isoformat() for one in unsaid],
        },
        happened_on=by,
        rests_on=tuple(one.minutes for one in (*without, *unsaid)),
        silence=RecordKind.SESSION if unsaid else None,
    )


def minutes_due(sessions: list[HeldSession], facts: Study) -> date | None:
    """Return the day by which the minutes of these sessions had to be there; None where nobody said by when."""
    due = facts.due_on()
    return max(due, *(session.last_on for session in sessions)) if due else None


DETECTORS = (
    Detector(
        "study-no-discussion",
        source="study",
        detect=detect,
        reasons={
            NOT_HELD: _("By the minutes the study session of %(days)s was held without a discussion."),
            UNSAID: _(
                "By the minutes the study session of %(days)s was held without a discussion; "
                "nothing says whether there was one on %(others)s."
            ),
        },
        words={DISCUSSED: _("discussed"), NOT_DISCUSSED: _("not discussed")},
    ),
)
