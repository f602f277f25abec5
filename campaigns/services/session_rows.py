"""The rows below a study session: its sittings and the leaders invited, brought in line with a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import DepartmentLeader, Invitation, Sitting, StudySession
from campaigns.services.session_drafts import InvitationDraft, SessionDraft, SittingDraft
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import squeeze


def write_sittings(session: StudySession, drafts: tuple[SittingDraft, ...]) -> None:
    """Bring the sittings in line; a sitting whose time changes stays the same, so that the roll keeps it."""
    rows = {sitting.starts_at: sitting for sitting in session.sittings.all()}
    kept = {draft.was: draft for draft in drafts if draft.was in rows}
    Sitting.objects.filter(pk__in=[row.pk for start, row in rows.items() if start not in kept]).delete()
    moved = [rows[was] for was, draft in kept.items() if was is not None and draft.starts_at != was]
    for number, row in enumerate(moved, start=1):  # out of each other's way: two sittings may change places
        row.starts_at += timedelta(microseconds=number)
        row.save(update_fields=["starts_at"])
    for draft in drafts:
        is_kept = draft.was is not None and kept.get(draft.was) is draft
        row = rows[draft.was] if is_kept and draft.was else Sitting(session=session)
        row.starts_at, row.place, row.is_make_up = draft.starts_at, draft.place, draft.is_make_up
        row.save()


def write_invitations(session: StudySession, drafts: tuple[InvitationDraft, ...]) -> None:
    """Bring the invitations in line, by name, else by the row they were typed over; accounts come from the leaders.

    Raises Refused at `invitations` where one would go whose leader has said something of the session.
    """
    rows = {squeeze(row.name): row for row in session.invitations.all()}
    wanted = {squeeze(draft.name) for draft in drafts}
    going = {row.uuid: row for name, row in rows.items() if name not in wanted}
    pairs: list[tuple[Invitation, InvitationDraft]] = []
    for draft in drafts:
        row = rows.get(squeeze(draft.name))
        if row is None and draft.was in going and not going[draft.was].remark:
            row = going.pop(draft.was)
        pairs.append((row or Invitation(session=session), draft))
    for row in going.values():
        if row.remark:
            message = _("%(leader)s has said something of this session; the invitation stays.")
            raise Refused(message % {"leader": row.name}, field="invitations", code="remark")
        row.delete()
    known = DepartmentLeader.objects.filter(department_id=session.department_id, user__isnull=False)
    accounts = {squeeze(leader.name): leader.user_id for leader in known}
    for row, draft in pairs:
        row.post, row.name, row.user_id = draft.post, draft.name, accounts.get(squeeze(draft.name))
        row.invited_on = draft.invited_on or day_of(session.entered_at)
        row.save()


def state_of(session: StudySession) -> dict[str, Any]:
    """Return what the audit log keeps of a session; its rows are read from the database."""
    sittings = Sitting.objects.filter(session=session).order_by("starts_at")
    invitations = Invitation.objects.filter(session=session).order_by("post", "id")
    return {
        "topic": session.topic,
        "announced_at": session.announced_at,
        "notified_at": session.notified_at,
        "witness": session.witness,
        "sittings": list(sittings.values_list("starts_at", "place", "is_make_up")),
        "invitations": list(invitations.values_list("post", "name", "invited_on")),
    }


def says(session: StudySession, draft: SessionDraft) -> bool:
    """Whether the session says what the draft says: it is the same form sent again."""
    state = state_of(session)
    return bool(
        session.topic == draft.topic
        and state["sittings"] == [(row.starts_at, row.place, row.is_make_up) for row in draft.sittings]
        and sorted(state["invitations"]) == sorted((row.post, row.name, row.invited_on) for row in draft.invitations)
    )
