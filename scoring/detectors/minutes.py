"""The minutes of a discussion lack the main content or the discussion (S5), or are not there at all."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from campaigns.calculations.sessions import DISCUSSION, HELD, MAIN_CONTENT, SCAN, minutes_lack
from scoring.detectors.no_discussion import minutes_due
from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.study import DISCUSSED, NOT_DISCUSSED, HeldSession, Study

LACKING, MISSING = "lacking", "missing"
SAID = {DISCUSSED: True, NOT_DISCUSSED: False}


def detect(facts: Study, terms: Terms) -> Iterator[Suspicion]:
    """Yield one when sessions are over and the minutes of no discussion are complete.

    A session minuted as held without discussion is another clause's. That minutes of a discussion lack parts is proven;
    where these may be on a scan, or other minutes are not there, it rests on their silence once they were due.
    """
    asked = [one for one in facts.sessions if one.minutes.discussion_held != NOT_DISCUSSED]
    over = [one for one in facts.over(terms.season) if one in asked]
    if not over or not all(lacks(one) for one in asked):
        return
    silent = [one for one in over if one.minutes.files or not one.minutes.discussion_held]
    by = minutes_due(silent, facts) if silent else over[0].began_on
    if by is None or terms.on <= by:
        return
    shown = (silent or over)[0]
    yield Suspicion(
        reason=MISSING if shown.minutes.is_empty else LACKING,
        parameters={"day": shown.began_on.isoformat(), "parts": list(lacks(shown))},
        happened_on=by,
        rests_on=tuple(one.minutes for one in over),
        silence=RecordKind.SESSION if silent else None,
    )


def lacks(session: HeldSession) -> tuple[str, ...]:
    """Return the parts the minutes of a session lack."""
    minutes = session.minutes
    return minutes_lack(
        SAID.get(minutes.discussion_held),
        main_content=minutes.main_content,
        main_content_pages=minutes.main_content_pages,
        discussion=minutes.discussion,
        discussion_pages=minutes.discussion_pages,
        has_scan=bool(minutes.files),
    )


DETECTORS = (
    Detector(
        "study-minutes",
        source="study",
        detect=detect,
        reasons={
            LACKING: _("The minutes of the study session of %(day)s lack: %(parts)s."),
            MISSING: _("There are no minutes of the study session of %(day)s."),
        },
        words={
            HELD: _("whether a discussion was held"),
            MAIN_CONTENT: _("the main content"),
            DISCUSSION: _("the discussion"),
            SCAN: _("the scan whose pages are named"),
            DISCUSSED: _("discussed"),
            NOT_DISCUSSED: _("not discussed"),
        },
    ),
)
