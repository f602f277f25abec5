"""Assignments not done in time, or not done (A11): one fact, of which the second takes the place of the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from campaigns.calculations.assignments import timeliness, undone_after
from campaigns.enums import Timeliness
from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.tasks import AssignmentFact

DAY = timedelta(days=1)
DONE, SENT_BACK, UNREPORTED = "done", "sent-back", "unreported"  # after whether it is late or undone
Detect = Callable[[Sequence[AssignmentFact], Terms], Iterator[Suspicion]]


def detecting(wanted: Timeliness) -> Detect:
    """Return the detector of assignments that stand so (late, or not done) on the day of detection.

    The day it was done counts, reported late or not. The fact's day is the first on which it stood so, or the day its
    report was sent back.
    """

    def detect(facts: Sequence[AssignmentFact], terms: Terms) -> Iterator[Suspicion]:
        days = terms.season.assignment_days
        for one in facts:
            if timeliness(one.deadline, one.done_on, on=terms.on, days=days) != wanted:
                continue
            last = one.deadline if wanted == Timeliness.LATE else undone_after(one.deadline, days)
            yield _suspicion(one, wanted, last + DAY, days)

    return detect


def _suspicion(one: AssignmentFact, wanted: Timeliness, first: date, days: int) -> Suspicion:
    how = DONE if one.done_on else SENT_BACK if one.sent_back_on else UNREPORTED
    return Suspicion(
        reason=f"{wanted.value}-{how}",
        parameters={
            "title": one.title,
            "day": one.deadline.isoformat(),
            "done": one.done_on.isoformat() if one.done_on else "",
            "sent_back": one.sent_back_on.isoformat() if one.sent_back_on else "",
            "days": days,
        },
        happened_on=max(first, one.sent_back_on or first),
        rests_on=(one,),
        subject=Subject(label=one.title),
        record=one.key,
        silence=RecordKind.ASSIGNMENT if how == UNREPORTED else None,
    )


LATE_REASONS = {
    "late-done": _("“%(title)s” was due on %(day)s and done on %(done)s."),
    "late-sent-back": _(
        "“%(title)s” was due on %(day)s; the report was sent back on %(sent_back)s, no other has come."
    ),
    "late-unreported": _("“%(title)s” was due on %(day)s; nothing was reported of it by then."),
}
UNDONE_REASONS = {
    "undone-done": _(
        "“%(title)s” was due on %(day)s and done on %(done)s; more than %(days)s days late counts as not done."
    ),
    "undone-sent-back": _(
        "“%(title)s” was due on %(day)s; the report was sent back on %(sent_back)s, no other has come; "
        "more than %(days)s days late counts as not done."
    ),
    "undone-unreported": _(
        "“%(title)s” was due on %(day)s; nothing was reported of it; more than %(days)s days late counts as not done."
    ),
}
DETECTORS = (
    Detector("assignments-late", source="assignments", detect=detecting(Timeliness.LATE), reasons=LATE_REASONS),
    Detector("assignments-undone", source="assignments", detect=detecting(Timeliness.UNDONE), reasons=UNDONE_REASONS),
)
