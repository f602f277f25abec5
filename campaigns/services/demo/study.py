"""The demo's study sessions: announced and held, in two sittings, with leaves and slips; one late, one missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from campaigns.enums import AttendanceStatus, LeaderPost
from campaigns.models import Attendance, Department, DepartmentLeader, StudySession
from campaigns.queries.roll import posted_people
from campaigns.services.attachments import attach_uploads
from campaigns.services.demo.paperwork import Paperwork, picture
from campaigns.services.minutes import MinutesDraft, keep_minutes
from campaigns.services.roll import RollDraft, keep_roll, record_leave
from campaigns.services.session_drafts import InvitationDraft, SessionDraft, SittingDraft
from campaigns.services.sessions import KIND, announce_session, enter_session
from campaigns.services.suggestions import SuggestionDraft, add_suggestions
from qualityseason.models import User

SLIP = "slip"
SIGN_IN = "sign-in"
SPOKE = 0.8  # share of those present whose idea is written down
CAME = 0.7  # share of the leaders invited who came


def hold_sessions(paperwork: Paperwork) -> None:
    """Let every department hold its session as the data says."""
    for department in paperwork.departments:
        what = paperwork.of(department).get("session", "")
        if what != "none":
            _hold(paperwork, department, what)


def _hold(paperwork: Paperwork, department: Department, what: str) -> None:
    rng, campaign = paperwork.rng, paperwork.campaign
    last = campaign.phases.get(number=1).ends_on
    day = last + timedelta(days=6) if what == "late" else last - timedelta(days=rng.randint(2, 10))
    first = paperwork.moment(day, rng.choice([9, 14, 15]), 30)
    sittings = [SittingDraft(first, paperwork.pick("places"))]
    if department.order % 4 == 0:
        sittings.append(SittingDraft(first + timedelta(days=1), sittings[0].place, is_make_up=True))
    leaders = DepartmentLeader.objects.filter(department=department)
    announced = paperwork.moment(first.date() - timedelta(days=2), 10)
    asked = announced.date()
    invited = [] if what == "uninvited" else leaders
    invitations = tuple(InvitationDraft(LeaderPost(leader.post), leader.name, invited_on=asked) for leader in invited)
    draft = SessionDraft(paperwork.pick("topics"), tuple(sittings), invitations)
    by_id, uuid = paperwork.liaison(department).user_id, paperwork.uuid()
    if what in ("late", "untold"):
        entered = paperwork.moment(day + timedelta(days=4), 16)
        witness = paperwork.data["witness"]
        session = enter_session(
            department, draft, uuid=uuid, witness=witness, notified_on=None, by_id=by_id, at=entered
        )
    else:
        session = announce_session(department, draft, uuid=uuid, by_id=by_id, at=announced)
    _write_up(paperwork, session, department, what, by_id=by_id)


def _write_up(paperwork: Paperwork, session: StudySession, department: Department, what: str, *, by_id: int) -> None:
    discussed = what != "no-discussion"
    last = max(session.sittings.values_list("starts_at", flat=True))
    at = max(paperwork.moment(last.date() + timedelta(days=1), 16, 10), last + timedelta(hours=3), session.entered_at)
    _call_the_roll(paperwork, session, department, at=at, by_id=by_id)
    scan = paperwork.upload(
        picture(department.order),
        name=paperwork.data["sign_in_name"],
        media_type="image/png",
        by=paperwork.liaison(department),
    )
    attach_uploads(
        [scan],
        campaign_id=session.campaign_id,
        department_id=department.pk,
        owner_kind=KIND,
        owner_uuid=session.uuid,
        slot=SIGN_IN,
        by_id=by_id,
        at=at,
    )
    draft = MinutesDraft(
        held=discussed,
        main_content=paperwork.pick("main_content"),
        discussion=paperwork.pick("discussion") if discussed and what != "half-minuted" else "",
    )
    keep_minutes(session, draft, by_id=by_id, at=at + timedelta(minutes=20))
    if discussed:
        texts = paperwork.rng.sample(paperwork.data["suggestions"], 2)
        drafts = [SuggestionDraft(paperwork.uuid(), text) for text in texts]
        add_suggestions(session, drafts, by_id=by_id, at=at + timedelta(minutes=30))


def _call_the_roll(
    paperwork: Paperwork, session: StudySession, department: Department, *, at: datetime, by_id: int
) -> None:
    rng = paperwork.rng
    people = list(posted_people(session))
    starts = list(session.sittings.order_by("starts_at").values_list("starts_at", flat=True))
    rows = {
        person.uuid: RollDraft(
            AttendanceStatus.PRESENT,
            rng.choice(starts) if len(starts) > 1 else None,
            paperwork.pick("ideas") if rng.random() < SPOKE else "",
        )
        for person in people
    }
    away = people[2:5] if department.order % 3 == 0 else people[2:3]
    statuses = [AttendanceStatus.SICK, AttendanceStatus.PERSONAL, AttendanceStatus.OFFICIAL]
    for person, status in zip(away, statuses, strict=False):
        rows[person.uuid] = RollDraft(status)
    came = {invitation.uuid: rng.random() < CAME for invitation in session.invitations.all()}
    keep_roll(session, rows, came=came, by_id=by_id, at=at)
    for attendance in session.roll.filter(status__in=(AttendanceStatus.SICK, AttendanceStatus.OFFICIAL)):
        _record_leave(paperwork, attendance, department, day=starts[0].date(), at=at, by_id=by_id)


def _record_leave(
    paperwork: Paperwork, attendance: Attendance, department: Department, *, day: date, at: datetime, by_id: int
) -> None:
    whole = attendance.status == AttendanceStatus.SICK
    slip = paperwork.upload(
        picture(attendance.pk % 50 + 100),
        name=paperwork.data["slip_name"],
        media_type="image/png",
        by=paperwork.liaison(department),
    )
    record_leave(
        attendance,
        approved_by=User.objects.get(pk=paperwork.head(department).user_id).display_name,
        approved_on=day,
        suggestion=paperwork.pick("suggestions") if whole else "",
        slips=[slip],
        by_id=by_id,
        at=at,
    )
