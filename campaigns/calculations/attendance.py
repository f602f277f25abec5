"""Who counts as absent from a study session (S2), and why."""

from __future__ import annotations

from campaigns.enums import EXCUSABLE_LEAVES, AbsenceReason, AttendanceStatus


def absence_reason(status: str, *, has_slip: bool, is_approved: bool, has_suggestion: bool) -> AbsenceReason | None:
    """Return why a person counts as absent, None when they do not.

    Only sick and official leave excuse, and only with an approved slip and a written suggestion.
    """
    if status == AttendanceStatus.PRESENT:
        return None
    if status not in EXCUSABLE_LEAVES:
        return AbsenceReason.PERSONAL if status == AttendanceStatus.PERSONAL else AbsenceReason.AWAY
    if not has_slip:
        return AbsenceReason.NO_SLIP
    if not is_approved:
        return AbsenceReason.NOT_APPROVED
    return None if has_suggestion else AbsenceReason.NO_SUGGESTION
