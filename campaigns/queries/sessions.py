"""The list of study sessions, and the departments without one. Fixed numbers of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.actors import Actor
from campaigns.enums import AttendanceStatus
from campaigns.models import (
    Attachment,
    Attendance,
    Campaign,
    Department,
    Invitation,
    Posting,
    StudySession,
)
from campaigns.queries.roll import day_of_session
from qualityseason.clock import day_of

KIND = "study-session"


class SessionState(TextChoices):
    """Where a study session stands on a day."""

    ANNOUNCED = "announced", _("Announced")
    HELD = "held", _("Held, no minutes yet")
    MINUTED = "minuted", _("Held and minuted")
    CANCELLED = "cancelled", _("Called off")


@dataclass(frozen=True)
class SessionRow:
    """One session of the list; ``of`` counts who belongs to the department on its day."""

    uuid: UUID
    topic: str
    department: str
    starts: tuple[datetime, ...]
    state: SessionState
    is_announced: bool
    is_told: bool
    is_outside: bool
    recorded: int
    present: int
    of: int
    invited: int
    came: int
    files: int


@dataclass(frozen=True)
class SessionList:
    """The sessions, and the departments that have none (of those the filter leaves)."""

    rows: tuple[SessionRow, ...]
    without: tuple[Department, ...]


def session_state(session: StudySession, starts: Sequence[datetime], *, at: datetime) -> SessionState:
    """Return where a session stands at that moment."""
    if session.cancelled_at is not None:
        return SessionState.CANCELLED
    if session.minuted_at is not None:
        return SessionState.MINUTED
    return SessionState.HELD if starts and min(starts) <= at else SessionState.ANNOUNCED


def session_list(
    actor: Actor,
    campaign: Campaign,
    *,
    at: datetime,
    department: Department | None = None,
    block: str = "",
    state: str = "",
    without: bool = False,
) -> SessionList:
    """Return the sessions the actor sees, latest first, and the departments without one. Seven queries.

    Departments are listed as having none to overseers and to their own people; a cancelled session is none.
    """
    sessions = StudySession.objects.visible_to(actor).select_related("department").prefetch_related("sittings")
    departments = Department.objects.statement_visible_to(actor).order_by("order")
    if department is not None:
        sessions, departments = sessions.filter(department=department), departments.filter(pk=department.pk)
    if block:
        sessions, departments = sessions.filter(department__block__code=block), departments.filter(block__code=block)
    found = list(sessions)
    having = {session.department_id for session in found if session.cancelled_at is None}
    none = tuple(one for one in departments if one.pk not in having)
    rows = [] if without else _rows(found, campaign, at=at)
    if state:
        rows, none = [row for row in rows if row.state == state], ()
    rows.sort(key=lambda row: max(row.starts) if row.starts else at, reverse=True)
    return SessionList(tuple(rows), none)


def _rows(sessions: Iterable[StudySession], campaign: Campaign, *, at: datetime) -> list[SessionRow]:
    sessions = list(sessions)
    ids = [session.pk for session in sessions]
    postings = defaultdict(list)
    for posting in Posting.objects.filter(department_id__in={session.department_id for session in sessions}):
        postings[posting.department_id].append(posting)
    marked = defaultdict(list)
    for session_id, person_id, status in Attendance.objects.filter(session_id__in=ids).values_list(
        "session_id", "person_id", "status"
    ):
        marked[session_id].append((person_id, status))
    invited, came = Counter[int](), Counter[int]()
    for session_id, was_there in Invitation.objects.filter(session_id__in=ids).values_list("session_id", "came"):
        invited[session_id] += 1
        came[session_id] += was_there is True
    owners = [session.uuid for session in sessions]
    files = Counter(
        Attachment.objects.current().filter(owner_kind=KIND, owner_uuid__in=owners).values_list("owner_uuid", flat=True)
    )
    rows = []
    for session in sessions:
        day = day_of_session(session)
        posted = {
            posting.staff_member_id
            for posting in postings[session.department_id]
            if day and posting.starts_on <= day and (posting.ends_on is None or posting.ends_on >= day)
        }
        here = [status for person_id, status in marked[session.pk] if person_id in posted]
        starts = tuple(sitting.starts_at for sitting in session.sittings.all())
        rows.append(
            SessionRow(
                uuid=session.uuid,
                topic=session.topic,
                department=session.department.name,
                starts=starts,
                state=session_state(session, starts, at=at),
                is_announced=session.announced_at is not None,
                is_told=session.notified_at is not None,
                is_outside=is_outside(campaign, starts),
                recorded=len(here),
                present=here.count(AttendanceStatus.PRESENT),
                of=len(posted),
                invited=invited[session.pk],
                came=came[session.pk],
                files=files[session.uuid],
            )
        )
    return rows


def is_outside(campaign: Campaign, starts: Iterable[datetime]) -> bool:
    """Whether a sitting lies outside the season's dates, which is shown and locks nobody out."""
    return any(not campaign.starts_on <= day_of(start) <= campaign.ends_on for start in starts)
