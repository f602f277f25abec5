"""The roll of a study session, saved whole; and each leave with its approval, slip and written suggestion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.enums import AttendanceStatus
from campaigns.models import Attachment, Attendance, Invitation, Sitting, StaffMember, StudySession
from campaigns.queries.roll import LEAVES, SLIP, posted_people
from campaigns.services.attachments import attach_uploads
from campaigns.services.session_drafts import moment_of
from campaigns.services.sessions import began_at, locked, record
from campaigns.services.suggestions import set_written_suggestion
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, fingerprint, tidy

MAXIMUM_IDEA = 2000


@dataclass(frozen=True)
class RollDraft:
    """What was typed for one person; ``status`` '' when nothing was said, ``sitting`` the start of the one attended."""

    status: str = ""
    sitting: datetime | None = None
    idea: str = ""


@dataclass(frozen=True)
class KeptRoll:
    """What saving a roll did; ``left`` are the names typed who do not belong to the department that day any more."""

    changed: int
    left: tuple[str, ...] = ()


def roll_mark(session: StudySession) -> str:
    """Return a mark of the roll as it stands; a form carries it, so that a stale one is seen. Two queries."""
    rows = Attendance.objects.filter(session=session).order_by("person_id")
    came = Invitation.objects.filter(session=session).order_by("id").values_list("id", "came")
    said = [*rows.values_list("person_id", "status", "sitting__starts_at", "idea"), *came]
    return fingerprint(said)


@transaction.atomic
def keep_roll(
    session: StudySession,
    rows: Mapping[UUID, RollDraft],
    *,
    came: Mapping[UUID, bool | None] | None = None,
    seen: str | None = None,
    rest_present: bool = False,
    by_id: int,
    at: datetime,
) -> KeptRoll:
    """Write the whole roll, by the uuid of each person, and which leaders came; `rest_present` fills what is empty.

    With another `seen` than the roll's mark (None: any) it is refused as stale.
    """
    session = locked(session)
    if seen is not None and seen != roll_mark(session):
        raise Refused(_("Somebody else saved this roll meanwhile. Both are shown below; yours is kept."), code="stale")
    there = {row.person.uuid: row for row in session.roll.select_related("person", "sitting")}
    posted = {person.uuid: person for person in posted_people(session)}
    people = posted | {uuid: row.person for uuid, row in there.items()}
    drafts = {uuid: draft for uuid, draft in rows.items() if uuid in people}
    if rest_present:
        drafts |= _present(drafts, [uuid for uuid in posted if uuid not in there or uuid in drafts])
    sittings = {sitting.starts_at: sitting for sitting in session.sittings.all()}
    _judge_rows(session, {people[uuid]: draft for uuid, draft in drafts.items()}, sittings, at=at)
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for uuid, draft in drafts.items():
        row = there.get(uuid) or Attendance(session=session, person=people[uuid])
        before[people[uuid].number], after[people[uuid].number] = _write_row(row, draft, sittings)
    _write_came(session, came or {}, before, after)
    changed = [number for number, said in after.items() if before[number] != said]
    if changed:
        record(
            "session.roll",
            session,
            by_id=by_id,
            at=at,
            before={number: before[number] for number in changed},
            after={number: after[number] for number in changed},
        )
    gone = [uuid for uuid, draft in rows.items() if uuid not in people and draft.status]
    names = StaffMember.objects.filter(campaign_id=session.campaign_id, uuid__in=gone).values_list("name", flat=True)
    return KeptRoll(len(changed), tuple(names))


def _present(drafts: Mapping[UUID, RollDraft], uuids: Sequence[UUID]) -> dict[UUID, RollDraft]:
    """Return those of whom nothing is said as present."""
    rest = {uuid: drafts.get(uuid, RollDraft()) for uuid in uuids}
    return {
        uuid: RollDraft(AttendanceStatus.PRESENT, draft.sitting, draft.idea)
        for uuid, draft in rest.items()
        if not draft.status
    }


def _judge_rows(
    session: StudySession,
    drafts: Mapping[StaffMember, RollDraft],
    sittings: Mapping[datetime, Sitting],
    *,
    at: datetime,
) -> None:
    began = began_at(session)
    for person, draft in drafts.items():
        words = {"person": person.name}
        if draft.status and draft.status not in AttendanceStatus:
            raise Refused(_("Choose what the roll says of %(person)s.") % words, code="status")
        if draft.status == AttendanceStatus.PRESENT and (began is None or began > at):
            words |= {"moment": moment_of(began) if began else ""}
            message = _("The session begins on %(moment)s: %(person)s cannot have been there yet. Leaves may be noted.")
            raise Refused(message % words, code="ahead")
        if draft.sitting is not None and draft.sitting not in sittings:
            message = _("The sitting chosen for %(person)s is not there any more. Choose another.")
            raise Refused(message % words, code="sitting")
        if len(draft.idea) > MAXIMUM_IDEA:
            message = _("The idea of %(person)s is longer than 2000 characters. Shorten it.")
            raise Refused(message % words, code="idea")


def _write_row(row: Attendance, draft: RollDraft, sittings: Mapping[datetime, Sitting]) -> tuple[str, str]:
    """Write, change or take away one row; returns what it said before and says now."""
    before, idea = _said(row), tidy(draft.idea)
    if not draft.status:
        if not row._state.adding:
            _refuse_losing_leave(row)
            row.delete()
        elif idea:
            message = _("Say whether %(person)s was there; the idea alone is no attendance.")
            raise Refused(message % {"person": row.person.name}, code="status")
        return before, ""
    attended = draft.sitting if draft.status == AttendanceStatus.PRESENT else None
    row.status, row.idea = draft.status, idea
    row.sitting = sittings[attended] if attended else None
    if _said(row) != before:
        row.save()
    return before, _said(row)


def _said(row: Attendance) -> str:
    parts = (row.status, moment_of(row.sitting.starts_at) if row.sitting else "", row.idea)
    return " · ".join(part for part in parts if part)


def _refuse_losing_leave(row: Attendance) -> None:
    slips = Attachment.objects.current().of_owner("attendance", row.uuid)
    if row.approved_by or row.suggestions.exists() or slips.exists():
        message = _("%(person)s has a leave with slip, approval or suggestion here. Choose what the roll says instead.")
        raise Refused(message % {"person": row.person.name}, code="leave")


def _write_came(
    session: StudySession, came: Mapping[UUID, bool | None], before: dict[str, str], after: dict[str, str]
) -> None:
    for invitation in session.invitations.filter(uuid__in=came):
        key = f"invitation {invitation.name}"
        before[key], after[key] = str(invitation.came), str(came[invitation.uuid])
        if invitation.came is not came[invitation.uuid]:
            invitation.came = came[invitation.uuid]
            invitation.save(update_fields=["came"])


def leave_mark(attendance: Attendance) -> str:
    """Return a mark of the leave as it stands. One query."""
    suggestion = attendance.suggestions.order_by("id").values_list("text", flat=True).first()
    said = [attendance.status, attendance.approved_by, attendance.approved_on, suggestion]
    return fingerprint(said)


@transaction.atomic
def record_leave(
    attendance: Attendance,
    *,
    approved_by: str = "",
    approved_on: date | None = None,
    suggestion: str = "",
    slips: Sequence[UUID] = (),
    seen: str | None = None,
    by_id: int,
    at: datetime,
) -> Attendance:
    """Write down who approved a leave and when, its slip and the written suggestion; each may still be missing.

    With another `seen` than the leave's mark (None: any) it is refused as stale.
    """
    session = locked(attendance.session)
    attendance = Attendance.objects.select_related("person").get(pk=attendance.pk)
    if attendance.status not in LEAVES:
        message = _("The roll does not say that %(person)s was on leave. Correct the roll first.")
        raise Refused(message % {"person": attendance.person.name}, code="no_leave")
    if seen is not None and seen != leave_mark(attendance):
        message = _("Somebody else saved this leave meanwhile. What stands there now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=attendance)
    approved_by = clean(approved_by)
    if len(approved_by) > 64:
        raise Refused(_("The name takes at most 64 characters."), field="approved_by", code="name")
    if bool(approved_by) != bool(approved_on):
        field = "approved_on" if approved_by else "approved_by"
        raise Refused(_("An approval has a name and a day: give both, or neither."), field=field, code="half")
    if approved_on is not None and approved_on > day_of(at):
        message = _("%(day)s is still to come. Write down the approval when it is given.")
        raise Refused(message % {"day": approved_on.isoformat()}, field="approved_on", code="future")
    before = {"approved_by": attendance.approved_by, "approved_on": attendance.approved_on}
    attendance.approved_by, attendance.approved_on = approved_by, approved_on
    after = {"approved_by": approved_by, "approved_on": approved_on}
    if after != before:
        attendance.save(update_fields=["approved_by", "approved_on"])
        audit.record(
            "session.leave",
            attendance,
            by_id=by_id,
            campaign_id=session.campaign_id,
            department_id=session.department_id,
            at=at,
            before=before,
            after=after,
        )
    set_written_suggestion(attendance, session=session, text=suggestion, by_id=by_id, at=at)
    attach_uploads(
        slips,
        campaign_id=session.campaign_id,
        department_id=session.department_id,
        owner_kind="attendance",
        owner_uuid=attendance.uuid,
        slot=SLIP,
        by_id=by_id,
        at=at,
    )
    return attendance
