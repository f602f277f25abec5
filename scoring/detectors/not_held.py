"""No study session was held by the end of the phase, and none has been made up for since (S3b)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.study import Study

NOT_HELD = "not-held"


def detect(facts: Study, terms: Terms) -> Iterator[Suspicion]:
    """Yield one when no session is held and the last day for it, extensions included, is over."""
    due = facts.due_on(terms.phase_end)
    if facts.sessions or facts.is_released or due is None or terms.on <= due:
        return
    if terms.department.closed_on is not None and not facts.owed:
        return  # what it owed went to the department that came after it
    yield Suspicion(
        reason=NOT_HELD,
        parameters={"day": due.isoformat()},
        happened_on=due,
        rests_on=facts.owed,
        silence=RecordKind.SESSION,
    )


DETECTORS = (
    Detector(
        "study-not-held",
        source="study",
        detect=detect,
        reasons={NOT_HELD: _("No study session was held by %(day)s, nor later.")},
        thresholds=("phase",),
    ),
)
