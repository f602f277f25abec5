"""What tests of study sessions share: people, sessions by the services, leaves with their papers."""

from datetime import date, datetime
from uuid import UUID, uuid4

from campaigns.enums import Role
from campaigns.models import Obligation, Posting, StudySession
from campaigns.services.roll import RollDraft, keep_roll, record_leave
from campaigns.services.session_drafts import InvitationDraft, SessionDraft, SittingDraft
from campaigns.services.sessions import announce_session, enter_session
from qualityseason.models import StoredFile
from tests.campaigns.handing_in import make_file
from tests.factories import SHANGHAI, department, make_membership, make_person, make_user

HOME = "图书馆"
TOPIC = "学习质量管理季活动实施方案"


def at(month, day, hour=9, minute=0, year=2009) -> datetime:
    """Return a moment of the season."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


TOLD = at(10, 12)  # when sessions of these tests are announced
FIRST, SECOND = at(10, 15, 15), at(10, 22, 15)
NOW = at(10, 23)


def signed_in(client, season, role, home=None, *, name=None, language="en"):
    """Return a new user with one role, signed in."""
    user = make_user(name or f"{role.lower()}-{uuid4().hex[:6]}")
    make_membership(season, user, role, department=department(season, home) if home else None)
    client.force_login(user)
    client.cookies["django_language"] = language
    return user


def liaison(season, home=HOME):
    """Return a new liaison of a department."""
    user = make_user(f"liaison-{uuid4().hex[:6]}")
    make_membership(season, user, Role.STAFF, department=department(season, home))
    return user


def draft(*starts, topic=TOPIC, invitations=(), **values) -> SessionDraft:
    """Return a session of sittings that begin then; by default one on 15 October, 15:00."""
    return SessionDraft(topic, tuple(SittingDraft(start, "三楼会议室") for start in starts or (FIRST,)), invitations)


def invited(name="李岳彪", post="in-charge", on=date(2009, 10, 12)) -> InvitationDraft:
    """Return a leader invited."""
    return InvitationDraft(post, name, on)


def announced(season, *starts, by, home=HOME, uuid=None, **values) -> StudySession:
    """Return a session announced on 12 October, 09:00."""
    place = department(season, home)
    return announce_session(place, draft(*starts, **values), uuid=uuid or uuid4(), by_id=by.pk, at=TOLD)


def entered(season, *starts, by, home=HOME, now=NOW, witness="王馆长", notified_on=None, **values) -> StudySession:
    """Return a session entered later."""
    return enter_session(
        department(season, home),
        draft(*starts, **values),
        uuid=uuid4(),
        witness=witness,
        notified_on=notified_on,
        by_id=by.pk,
        at=now,
    )


def make_upload(by, content="slip", name="slip.jpg") -> UUID:
    """Return the uuid of an upload of that person that waits to be attached."""
    return make_file(by_id=by.pk, content=content, name=name, is_upload=True).uuid


def upload(uuid) -> StoredFile:
    """Return an upload by its uuid."""
    return StoredFile.objects.get(uuid=uuid)


def five_people(season, home=HOME):
    """Return five people of a department, numbers 00101 to 00105."""
    names = ["丁一", "王二", "张三", "李四", "赵五"]
    return [make_person(season, name, number=f"0010{index}", home=home) for index, name in enumerate(names, start=1)]


def kept_roll(session, people, statuses, *, by, now=NOW, **values):
    """Keep a roll: `statuses` go with `people`, '' where nothing is said."""
    rows = {person.uuid: RollDraft(status) for person, status in zip(people, statuses, strict=True)}
    return keep_roll(session, rows, by_id=by.pk, at=now, **values)


def approved(attendance, *, by, suggestion="多买书", slip=True, now=NOW):
    """Write down a leave approved on 14 October."""
    slips = [make_upload(by, content=f"slip of {attendance.pk}")] if slip else []
    return record_leave(
        attendance,
        approved_by="刘馆长",
        approved_on=date(2009, 10, 14),
        suggestion=suggestion,
        slips=slips,
        by_id=by.pk,
        at=now,
    )


def owed(season, home=HOME) -> Obligation:
    """Return what a department owes as its study session."""
    return Obligation.objects.get(campaign=season, department=department(season, home), kind="session")


def leaves_on(person, day):
    """End a person's posting on that day."""
    Posting.objects.filter(staff_member=person).update(ends_on=day)
