"""The roll of a study session as a page shows it: who was there, who counts as absent, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.calculations.attendance import absence_reason
from campaigns.calculations.sessions import first_start
from campaigns.enums import AbsenceReason, AttendanceStatus
from campaigns.models import Attachment, Attendance, Posting, StaffMember, StudySession, Suggestion
from qualityseason.clock import day_of

SLIP = "slip"
LEAVES = frozenset({AttendanceStatus.SICK, AttendanceStatus.OFFICIAL, AttendanceStatus.PERSONAL})


@dataclass(frozen=True)
class RollLine:
    """One person on the roll; ``status`` '' and no ``uuid`` when nothing is recorded yet.

    ``reason`` is why the person counts as absent (None: does not, or nothing is recorded); ``is_posted`` False for
    somebody recorded who does not belong to the department that day any more.
    """

    person: UUID
    number: str
    name: str
    is_posted: bool = True
    uuid: UUID | None = None
    status: str = ""
    sitting: datetime | None = None
    idea: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    slips: int = 0
    suggestion: str = ""
    reason: AbsenceReason | None = None

    @property
    def is_leave(self) -> bool:
        """Whether there is a leave with a page of its own."""
        return self.status in LEAVES

    @property
    def is_excused(self) -> bool:
        """Whether the person was away and yet does not count as absent."""
        return self.is_leave and self.reason is None

    @property
    def words(self) -> str:
        """What the roll says of the person, with who counts as absent and why."""
        if not self.status:
            return _("nothing recorded yet")
        label = str(AttendanceStatus(self.status).label)
        if self.status == AttendanceStatus.PRESENT:
            return label
        if self.reason is None:
            return _("%(leave)s, does not count as absent") % {"leave": label}
        if self.reason == AbsenceReason.AWAY:
            return _("counts as absent: without leave")
        return _("%(leave)s, counts as absent: %(reason)s") % {"leave": label, "reason": self.reason.label}


@dataclass(frozen=True)
class Roll:
    """All lines in the order of staff numbers, those of the department first, and their sums."""

    day: date | None
    lines: tuple[RollLine, ...]

    @property
    def of(self) -> int:
        """How many belong to the department on the day of the session."""
        return sum(line.is_posted for line in self.lines)

    @property
    def present(self) -> int:
        """How many of them were there."""
        return sum(line.is_posted and line.status == AttendanceStatus.PRESENT for line in self.lines)

    @property
    def absent(self) -> int:
        """How many of them count as absent."""
        return sum(line.is_posted and line.reason is not None for line in self.lines)

    @property
    def excused(self) -> int:
        """How many of them were away and do not count as absent."""
        return sum(line.is_posted and line.is_excused for line in self.lines)

    @property
    def open(self) -> int:
        """Of how many of them nothing is recorded."""
        return sum(line.is_posted and not line.status for line in self.lines)

    @property
    def absentees(self) -> tuple[RollLine, ...]:
        """Those who count as absent."""
        return tuple(line for line in self.lines if line.reason is not None)

    @property
    def leaves(self) -> tuple[RollLine, ...]:
        """Those on leave, excused or not."""
        return tuple(line for line in self.lines if line.is_leave)

    @property
    def ideas(self) -> tuple[RollLine, ...]:
        """Those whose idea is written down."""
        return tuple(line for line in self.lines if line.idea)


def day_of_session(session: StudySession) -> date | None:
    """Return the day of the first sitting; asks nothing where the sittings are prefetched."""
    began = first_start((sitting.starts_at, sitting.is_make_up) for sitting in session.sittings.all())
    return day_of(began) if began else None


def posted_people(session: StudySession) -> tuple[StaffMember, ...]:
    """Return who belongs to the department on the day of the first sitting, in the order of numbers. Two queries."""
    return posted_on(session, day_of_session(session))


def posted_on(session: StudySession, day: date | None) -> tuple[StaffMember, ...]:
    """Return who belongs to the session's department on a day, in the order of numbers. One query."""
    if day is None:
        return ()
    postings = Posting.objects.filter(department_id=session.department_id).current(on=day)
    people = {posting.staff_member_id: posting.staff_member for posting in postings.select_related("staff_member")}
    return tuple(sorted(people.values(), key=lambda person: person.number))


def roll_of(session: StudySession) -> Roll:
    """Return the roll of a session. Five queries, four where its sittings are prefetched."""
    rows = list(Attendance.objects.filter(session=session).select_related("person", "sitting"))
    lines = {row.person_id: line for row, line in zip(rows, lines_of(rows), strict=True)}
    day, here = day_of_session(session), []
    for person in posted_on(session, day):
        line = lines.pop(person.pk, None)
        here.append(line or RollLine(person.uuid, person.number, person.name))
    gone = sorted(lines.values(), key=lambda line: line.number)
    return Roll(day, (*here, *(replace(line, is_posted=False) for line in gone)))


def lines_of(rows: Iterable[Attendance]) -> tuple[RollLine, ...]:
    """Return rows (with person and sitting) as lines, in their order. Two queries."""
    rows = list(rows)
    slips = slips_of(rows)
    suggestions: dict[int | None, str] = {}
    written = Suggestion.objects.filter(attendance__in=rows).order_by("-id")
    suggestions.update(written.values_list("attendance_id", "text"))
    return tuple(_line(row, slips[row.uuid], suggestions.get(row.pk, "")) for row in rows)


def slips_of(rows: Iterable[Attendance]) -> Counter[UUID]:
    """Return how many leave slips each row has. One query."""
    owners = [row.uuid for row in rows]
    slips = Attachment.objects.current().filter(owner_kind="attendance", slot=SLIP, owner_uuid__in=owners)
    return Counter(slips.values_list("owner_uuid", flat=True))


def _line(row: Attendance, slips: int, suggestion: str) -> RollLine:
    return RollLine(
        person=row.person.uuid,
        number=row.person.number,
        name=row.person.name,
        uuid=row.uuid,
        status=row.status,
        sitting=row.sitting.starts_at if row.sitting else None,
        idea=row.idea,
        approved_by=row.approved_by,
        approved_on=row.approved_on,
        slips=slips,
        suggestion=suggestion,
        reason=absence_reason(
            row.status,
            has_slip=slips > 0,
            is_approved=bool(row.approved_by and row.approved_on),
            has_suggestion=bool(suggestion),
        ),
    )
