"""Study sessions: announced, or entered later on a witness's word; changed, cancelled; what they meet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calculations.sessions import first_start
from campaigns.enums import ObligationKind
from campaigns.models import Department, Obligation, StudySession
from campaigns.services.obligations import meet_obligations, reopen_obligations
from campaigns.services.session_drafts import SessionDraft, judged, moment_of
from campaigns.services.session_rows import says, state_of, write_invitations, write_sittings
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy

KIND = "study-session"
MAXIMUM_REASON = 200


@transaction.atomic
def announce_session(
    department: Department, draft: SessionDraft, *, uuid: UUID, by_id: int, at: datetime
) -> StudySession:
    """Return a session announced before it is held; the assessment team is told by it, at this moment.

    The same uuid again returns the first answer; Refused with `entry` where a sitting is past already.
    """
    draft = judged(draft, campaign=department.campaign, at=at, invited_on=day_of(at))
    earliest = min(sitting.starts_at for sitting in draft.sittings)
    if earliest <= at and not StudySession.objects.filter(uuid=uuid).exists():
        message = _(
            "%(moment)s is past: an announcement comes before the session. Choose “Entered later” and name a witness."
        )
        raise Refused(message % {"moment": moment_of(earliest)}, field="entry", code="past")
    return _start(department, draft, uuid=uuid, by_id=by_id, at=at, announced_at=at, notified_at=at)


@transaction.atomic
def enter_session(
    department: Department,
    draft: SessionDraft,
    *,
    uuid: UUID,
    witness: str,
    notified_on: date | None,
    by_id: int,
    at: datetime,
) -> StudySession:
    """Return a session written down after it was held, on the word of a named witness.

    `notified_on`: the day the assessment team was told, by that witness (None: it was not told).
    """
    draft = judged(draft, campaign=department.campaign, at=at)
    witness = _judge_later(draft, witness=witness, notified_on=notified_on, at=at)
    return _start(department, draft, uuid=uuid, by_id=by_id, at=at, notified_at=_start_of(notified_on), witness=witness)


def _start(
    department: Department, draft: SessionDraft, *, uuid: UUID, by_id: int, at: datetime, **values: Any
) -> StudySession:
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    there = StudySession.objects.filter(uuid=uuid).first()
    if there is not None:
        if there.department_id == department.pk and there.entered_by_id == by_id and says(there, draft):
            return there
        if there.department_id != department.pk:  # of which nothing is told here
            raise Refused(_("This form was used already. Open it anew."), code="used")
        message = _("This form was used already, for the session “%(topic)s”. Open that one to change it.")
        raise Refused(message % {"topic": there.topic}, code="used", existing=there)
    session = StudySession.objects.create(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        topic=draft.topic,
        entered_by_id=by_id,
        entered_at=at,
        **values,
    )
    write_sittings(session, draft.sittings)
    write_invitations(session, draft.invitations)
    record("session.announce" if session.announced_at else "session.enter", session, by_id=by_id, at=at)
    return session


@transaction.atomic
def edit_session(
    session: StudySession,
    draft: SessionDraft,
    *,
    version: int | None,
    witness: str = "",
    notified_on: date | None = None,
    by_id: int,
    at: datetime,
) -> StudySession:
    """Change topic, sittings and invitations, of one entered later its witness too; what it met follows its day.

    With another `version` than the row's (None: any) it is refused as stale.
    """
    session = locked(session)
    if version is not None and version != session.version:
        message = _("Somebody else changed this session meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=session)
    draft = judged(draft, campaign=session.campaign, at=at)
    before = state_of(session)
    if session.announced_at is not None:
        _judge_announced(draft, announced_at=session.announced_at)
    else:
        session.witness = _judge_later(draft, witness=witness, notified_on=notified_on, at=at)
        session.notified_at = _start_of(notified_on)
    session.topic = draft.topic
    write_sittings(session, draft.sittings)
    write_invitations(session, draft.invitations)
    if state_of(session) == before:
        return session
    session.version += 1
    session.save(update_fields=["topic", "witness", "notified_at", "version"])
    record("session.edit", session, by_id=by_id, at=at, before=before)
    bring_obligation_up_to_date(session.department, by_id=by_id, at=at)
    return session


@transaction.atomic
def cancel_session(session: StudySession, *, because: str, by_id: int, at: datetime) -> StudySession:
    """Cancel a session; what it had met is open again. A second time changes nothing."""
    session = locked(session, even_cancelled=True)
    if session.cancelled_at is not None:
        return session
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    session.cancelled_at, session.cancelled_because = at, because
    session.version += 1
    session.save(update_fields=["cancelled_at", "cancelled_because", "version"])
    record("session.cancel", session, by_id=by_id, at=at, before={"cancelled": None}, after={"because": because})
    bring_obligation_up_to_date(session.department, by_id=by_id, at=at)
    return session


def bring_obligation_up_to_date(department: Department, *, by_id: int, at: datetime) -> None:
    """Let the department's first held and minuted session meet what is owed, at its true moment, and no other."""
    minuted = StudySession.objects.filter(
        department=department, minuted_at__isnull=False, cancelled_at__isnull=True
    ).prefetch_related("sittings")
    began = [(moment, session.pk, session.uuid) for session in minuted if (moment := began_at(session)) is not None]
    first = min(began, default=None)
    met = Obligation.objects.filter(department=department, kind=ObligationKind.SESSION, met_by_kind=KIND)
    for met_at, uuid in set(met.values_list("met_at", "met_by_uuid")):
        if uuid is not None and (first is None or (met_at, uuid) != (first[0], first[2])):
            reopen_obligations(by_kind=KIND, by_uuid=uuid, by_id=by_id, at=at)
    if first is not None:
        meet_obligations(
            department, ObligationKind.SESSION, met_at=first[0], by_kind=KIND, by_uuid=first[2], by_id=by_id, at=at
        )


def began_at(session: StudySession) -> datetime | None:
    """Return when the session began, by its sittings."""
    return first_start((sitting.starts_at, sitting.is_make_up) for sitting in session.sittings.all())


def locked(session: StudySession, *, even_cancelled: bool = False) -> StudySession:
    """Return the session as it stands, held for this transaction; raises Refused where it was cancelled."""
    rows = StudySession.objects.select_for_update(of=("self",)).select_related("department", "campaign")
    now = rows.get(pk=session.pk)
    if now.cancelled_at is not None and not even_cancelled:
        raise Refused(_("This session was called off; nothing is written into it any more."), code="cancelled")
    return now


def _judge_announced(draft: SessionDraft, *, announced_at: datetime) -> None:
    earliest = min(sitting.starts_at for sitting in draft.sittings)
    if earliest <= announced_at:
        words = {"moment": moment_of(earliest), "announced": moment_of(announced_at)}
        message = _(
            "%(moment)s comes before the announcement of %(announced)s. "
            "A session held before is another one: enter it as one entered later."
        )
        raise Refused(message % words, field="sittings", code="before")


def _judge_later(draft: SessionDraft, *, witness: str, notified_on: date | None, at: datetime) -> str:
    began, witness = draft.began, clean(witness)
    if began is None or began > at:
        message = _("%(moment)s is still to come. Choose “Announce it now”.")
        raise Refused(message % {"moment": moment_of(began) if began else ""}, field="entry", code="ahead")
    if not 0 < len(witness) <= 64:
        message = _("Name who was there and vouches for what is entered later, in at most 64 characters.")
        raise Refused(message, field="witness", code="witness")
    if notified_on is not None and notified_on > day_of(began):
        words = {"day": notified_on.isoformat(), "began": day_of(began).isoformat()}
        message = _("%(day)s is after the session of %(began)s. A notice afterwards is none: choose “Not told”.")
        raise Refused(message % words, field="notified_on", code="after")
    return witness


def _start_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) if day else None


def record(
    act: str,
    session: StudySession,
    *,
    by_id: int,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append an act on a session to the audit log; `after` is all it says now where nothing else is given."""
    audit.record(
        act,
        session,
        by_id=by_id,
        campaign_id=session.campaign_id,
        department_id=session.department_id,
        at=at,
        before=before,
        after=state_of(session) if after is None else after,
    )
