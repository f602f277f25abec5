"""The assessment team was not told of any study session before it began (S1b)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.study import Study

UNTOLD, LATE = "untold", "late"


def detect(facts: Study, terms: Terms) -> Iterator[Suspicion]:
    """Yield one when sessions are over and of none of all sessions held the team was told before it began.

    A notice that came later proves it only where nothing is missing of other sessions.
    """
    over = facts.over(terms.season)
    if not over or any(one.notified_at is not None and one.notified_at < one.began_at for one in facts.sessions):
        return
    untold = [session for session in over if session.notified_at is None]
    first = (untold or over)[0]
    yield Suspicion(
        reason=UNTOLD if untold else LATE,
        parameters={"days": [one.began_on.isoformat() for one in over], "told": [one.notice.told for one in over]},
        happened_on=first.began_on,
        rests_on=tuple(session.notice for session in over),
        silence=RecordKind.SESSION if untold else None,
    )


DETECTORS = (
    Detector(
        "study-not-notified",
        source="study",
        detect=detect,
        reasons={
            UNTOLD: _("The assessment team was not told before the study session of %(days)s."),
            LATE: _(
                "The assessment team was told of the study session of %(days)s only when it had begun: on %(told)s."
            ),
        },
    ),
)
