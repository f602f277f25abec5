"""No leader of the college was invited to any study session (S1a); whether an invited one came is not asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.study import HeldSession, Study

NONE, LATE = "none", "late"


def detect(facts: Study, terms: Terms) -> Iterator[Suspicion]:
    """Yield one when sessions are over and to none of all sessions held a leader was invited by its last sitting."""
    over = facts.over(terms.season)
    if not over or any(_is_invited(session) for session in facts.sessions):
        return
    late = [row for session in over for row in session.invitations]
    yield Suspicion(
        reason=LATE if late else NONE,
        parameters={
            "days": [session.began_on.isoformat() for session in over],
            "leaders": [f"{row.leader} {row.invited_on.isoformat()}" for row in late],
        },
        happened_on=over[0].began_on,
        rests_on=(*(session.fact for session in over), *late),
        silence=RecordKind.SESSION,
    )


def _is_invited(session: HeldSession) -> bool:
    return any(row.invited_on <= session.last_on for row in session.invitations)


DETECTORS = (
    Detector(
        "study-not-invited",
        source="study",
        detect=detect,
        reasons={
            NONE: _("No leader of the college was invited to the study session of %(days)s."),
            LATE: _(
                "No leader of the college was invited to the study session of %(days)s before it was over: %(leaders)s."
            ),
        },
    ),
)
