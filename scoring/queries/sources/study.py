"""Study sessions of a department as detectors take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from campaigns.calculations.sessions import first_start
from campaigns.enums import AttendanceStatus, ObligationKind
from campaigns.models import (
    Attachment,
    Attendance,
    Department,
    Obligation,
    Posting,
    Sitting,
    StaffMember,
    StudySession,
    Suggestion,
)
from campaigns.queries.roll import SLIP
from campaigns.queries.session_page import MINUTES
from campaigns.queries.sessions import KIND
from qualityseason.clock import day_of
from scoring.facts import FileFact
from scoring.facts.study import (
    DISCUSSED,
    NOT_DISCUSSED,
    AttendanceFact,
    HeldSession,
    InvitationFact,
    Member,
    MinutesFact,
    NoticeFact,
    OwedFact,
    SessionFact,
    Study,
)
from scoring.queries.sources.persons import person_of

TAKEN = (AttendanceStatus.PRESENT, AttendanceStatus.ABSENT)
SAID = {True: DISCUSSED, False: NOT_DISCUSSED, None: ""}


def read(department: Department, on: date) -> Study:
    """Return what the records say of a department's study by that day. Nine queries, fewer where nothing was held."""
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    rows = (
        StudySession.objects.filter(department=department, cancelled_at__isnull=True)
        .annotate(is_roll_taken=Exists(Attendance.objects.filter(session=OuterRef("pk"), status__in=TAKEN)))
        .prefetch_related("sittings", "invitations")
        .order_by("pk")
    )
    held = [(row, began) for row in rows if (began := _began_at(row)) is not None and began < end]
    scans = _files(department, KIND, MINUTES, [row.uuid for row, _began in held])
    sessions = tuple(_session(row, began, tuple(scans[row.uuid]), taken=row.is_roll_taken) for row, began in held)
    owed = list(
        Obligation.objects.filter(department=department, kind=ObligationKind.SESSION).select_related("milestone")
    )
    standing = tuple(
        OwedFact(row.uuid, row.deadline, row.label, row.due_on, row.extended_to)
        for row in owed
        if row.dropped_at is None
    )
    return Study(
        sessions=sessions,
        owed=standing,
        members=_members(department, sessions, end=end),
        is_released=bool(owed) and not standing,
    )


def _began_at(row: StudySession) -> datetime | None:
    return first_start((sitting.starts_at, sitting.is_make_up) for sitting in row.sittings.all())


def _session(row: StudySession, began: datetime, scans: tuple[FileFact, ...], *, taken: bool) -> HeldSession:
    days = tuple(sorted({day_of(sitting.starts_at) for sitting in row.sittings.all()}))
    return HeldSession(
        fact=SessionFact(row.uuid, row.topic, days),
        notice=NoticeFact(row.uuid, row.topic, _moment(began), _moment(row.notified_at), row.witness),
        minutes=MinutesFact(
            row.uuid,
            row.topic,
            days,
            SAID[row.discussion_held],
            row.main_content,
            row.main_content_pages,
            row.discussion,
            row.discussion_pages,
            files=scans,
        ),
        invitations=tuple(
            InvitationFact(one.uuid, one.name, one.invited_on, page=row.uuid) for one in row.invitations.all()
        ),
        began_at=began,
        began_on=day_of(began),
        notified_at=row.notified_at,
        is_roll_taken=taken,
    )


def _members(department: Department, sessions: Sequence[HeldSession], *, end: datetime) -> tuple[Member, ...]:
    """Return who belonged to the department on the day of a session and was present at none of the season."""
    if not any(session.is_roll_taken for session in sessions):
        return ()
    begun = Sitting.objects.filter(session=OuterRef("session_id"), starts_at__lt=end)
    held = Attendance.objects.filter(Exists(begun), session__cancelled_at__isnull=True)
    present = held.filter(person=OuterRef("staff_member_id"), status=AttendanceStatus.PRESENT)
    days = [session.began_on for session in sessions]
    rows = (
        Posting.objects.filter(~Exists(present), department=department, starts_on__lte=max(days))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=min(days)))
        .select_related("staff_member")
        .order_by("staff_member__number", "starts_on")
    )
    people: dict[int, StaffMember] = {}
    postings: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for row in rows:
        people[row.staff_member_id] = row.staff_member
        postings[row.staff_member_id].append((row.starts_on, row.ends_on))
    told = ("status", "approved_by", "approved_on", "uuid", "person__name", "person__number", "session__uuid")
    named = held.filter(person_id__in=list(people)).select_related("person", "session").only(*told)
    lines = _lines(list(named.order_by("pk")), department)
    return tuple(Member(person_of(person), tuple(postings[pk]), tuple(lines[pk])) for pk, person in people.items())


def _lines(rows: Sequence[Attendance], department: Department) -> dict[int, list[AttendanceFact]]:
    """Return what rolls say, by person. Two queries."""
    slips = _files(department, "attendance", SLIP, [row.uuid for row in rows])
    written: dict[int | None, str] = dict(
        Suggestion.objects.filter(attendance__in=[row.pk for row in rows])
        .order_by("-id")
        .values_list("attendance_id", "text")
    )
    lines: dict[int, list[AttendanceFact]] = defaultdict(list)
    for row in rows:
        lines[row.person_id].append(
            AttendanceFact(
                row.uuid,
                str(row.person),
                row.status,
                row.approved_by,
                row.approved_on,
                written.get(row.pk, ""),
                page=row.session.uuid,
                files=tuple(slips[row.uuid]),
            )
        )
    return lines


def _files(department: Department, kind: str, slot: str, owners: Sequence[UUID]) -> dict[UUID, list[FileFact]]:
    files: dict[UUID, list[FileFact]] = defaultdict(list)
    found = Attachment.objects.current().filter(
        campaign_id=department.campaign_id, owner_kind=kind, slot=slot, owner_uuid__in=owners
    )
    for uuid, name, sha256 in found.order_by("pk").values_list("owner_uuid", "file__name", "file__sha256"):
        files[uuid].append(FileFact(name, sha256))
    return files


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


SOURCES: dict[str, Callable[[Department, date], Any]] = {"study": read}
LINKS = {
    "study-session": "campaigns:session",
    "study-notice": "campaigns:session",
    "study-invitation": "campaigns:session",
    "study-minutes": "campaigns:session",
    "attendance": "campaigns:session",
    "study-owed": "campaigns:obligation",
}
