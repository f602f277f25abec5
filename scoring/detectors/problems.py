"""Problems neither rectified nor explained in time (A10, B12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.tasks import ProblemFact

UNANSWERED, SENT_BACK = "unanswered", "sent-back"


def detect(facts: Sequence[ProblemFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each problem without an answer once its last day is over.

    An answer that was sent back is none, from the day it was sent back; that stands in the records.
    """
    for problem in facts:
        if terms.on <= problem.deadline:
            continue
        is_sent_back = problem.sent_back_on is not None
        yield Suspicion(
            reason=SENT_BACK if is_sent_back else UNANSWERED,
            parameters={
                "title": problem.title,
                "day": problem.deadline.isoformat(),
                "sent_back": problem.sent_back_on.isoformat() if problem.sent_back_on else "",
            },
            happened_on=max(problem.deadline, problem.sent_back_on or problem.deadline),
            rests_on=(problem,),
            subject=Subject(label=problem.title),
            record=problem.key,
            silence=None if is_sent_back else RecordKind.PROBLEM,
        )


REASONS = {
    UNANSWERED: _("The problem “%(title)s” was neither rectified nor explained by %(day)s."),
    SENT_BACK: _(
        "The answer to the problem “%(title)s”, due on %(day)s, was sent back on %(sent_back)s; no other has come."
    ),
}
DETECTORS = (Detector("problems", source="problems", detect=detect, reasons=REASONS),)
