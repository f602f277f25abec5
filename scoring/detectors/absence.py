"""Somebody of the department was away from every study session, and no leave excuses it (S2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from campaigns.calculations.attendance import absence_reason
from campaigns.enums import AbsenceReason, AttendanceStatus
from scoring.enums import RecordKind
from scoring.facts import Detector, Fact, Suspicion, Terms
from scoring.facts.study import AttendanceFact, HeldSession, Member, Study

NOT_ON_ROLL = "not-on-roll"
STATED = frozenset({AbsenceReason.AWAY, AbsenceReason.PERSONAL})  # by the roll itself


@dataclass(frozen=True)
class Absence:
    """Why somebody counts as absent from one session."""

    session: HeldSession
    reason: str
    line: AttendanceFact | None = None

    @property
    def is_silence(self) -> bool:
        """Whether it is concluded from what is not there."""
        return self.reason not in STATED

    @property
    def rests_on(self) -> tuple[Fact, ...]:
        """The records that show it."""
        return (self.session.fact, self.line) if self.line else (self.session.fact,)


def detect(facts: Study, terms: Terms) -> Iterator[Suspicion]:
    """Yield one for each person who was neither present nor excused at any session, once a roll was taken.

    Where one of several sessions says too little of the person, it rests on that silence.
    """
    over = facts.over(terms.season)
    if not any(session.is_roll_taken for session in over):
        return
    for member in facts.members:
        if member.person.category in terms.rule.exempt or any(reason_of(line) is None for line in member.lines):
            continue
        absences = [_absence(member, session) for session in over if member.belonged_on(session.began_on)]
        if any(one.session.is_roll_taken for one in absences):
            yield _suspicion(member, absences)


def reason_of(line: AttendanceFact) -> AbsenceReason | None:
    """Return why a line of a roll counts as absence, None when it does not."""
    return absence_reason(
        line.status,
        has_slip=bool(line.files),
        is_approved=bool(line.approved_by and line.approved_on),
        has_suggestion=bool(line.suggestion),
    )


def _absence(member: Member, session: HeldSession) -> Absence:
    line = next((line for line in member.lines if line.page == session.fact.uuid), None)
    reason = reason_of(line) if line else None
    return Absence(session, reason or NOT_ON_ROLL, line)


def _suspicion(member: Member, absences: list[Absence]) -> Suspicion:
    shown = next((one for one in absences if one.is_silence), absences[0])
    return Suspicion(
        reason=shown.reason,
        parameters={
            "person": str(member.person),
            "day": shown.session.began_on.isoformat(),
            "leave": shown.line.status if shown.line else "",
        },
        happened_on=shown.session.began_on,
        rests_on=tuple(fact for one in absences for fact in one.rests_on),
        subject=member.person.subject,
        silence=RecordKind.SESSION if shown.is_silence else None,
    )


DETECTORS = (
    Detector(
        "study-absence",
        source="study",
        detect=detect,
        reasons={
            AbsenceReason.AWAY.value: _("%(person)s was absent from the study session of %(day)s without leave."),
            AbsenceReason.PERSONAL.value: _(
                "%(person)s was on personal leave at the study session of %(day)s, which does not excuse."
            ),
            AbsenceReason.NO_SLIP.value: _(
                "%(person)s was away from the study session of %(day)s (%(leave)s) without a leave slip."
            ),
            AbsenceReason.NOT_APPROVED.value: _(
                "%(person)s was away from the study session of %(day)s (%(leave)s); the leave slip is not approved."
            ),
            AbsenceReason.NO_SUGGESTION.value: _(
                "%(person)s was away from the study session of %(day)s (%(leave)s) and made no written suggestion."
            ),
            NOT_ON_ROLL: _("The roll of the study session of %(day)s says nothing of %(person)s."),
        },
        words={status.value: status.label for status in AttendanceStatus},
    ),
)
