"""Study sessions: announced, entered later, changed, cancelled; what they meet; what leaders say. Services alone."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Attendance, DepartmentLeader, Invitation, StudySession
from campaigns.services.invitations import record_remark
from campaigns.services.minutes import MinutesDraft, keep_minutes
from campaigns.services.roll import RollDraft, keep_roll
from campaigns.services.session_drafts import SessionDraft, SittingDraft
from campaigns.services.sessions import announce_session, cancel_session, edit_session
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.session_working import (
    FIRST,
    NOW,
    SECOND,
    TOLD,
    TOPIC,
    announced,
    at,
    draft,
    entered,
    five_people,
    invited,
    liaison,
    owed,
)
from tests.factories import department, make_actor, make_membership, make_user

COMPLETE = MinutesDraft(held=True, main_content="学习方案", discussion="人人发言")


@pytest.fixture
def person(season):
    return liaison(season)


def sittings(session):
    return [(row.starts_at, row.place, row.is_make_up) for row in session.sittings.all()]


def minuted(session, by, now=NOW):
    assert keep_minutes(session, COMPLETE, by_id=by.pk, at=now) == ()


# --- announcing


def test_announcing_tells_the_team_at_that_moment(season, person):
    session = announced(season, FIRST, SECOND, by=person, invitations=(invited(),))
    session.refresh_from_db()
    assert (session.announced_at, session.notified_at, session.witness) == (TOLD, TOLD, "")
    assert sittings(session) == [(FIRST, "三楼会议室", False), (SECOND, "三楼会议室", False)]
    assert session.invitations.get().invited_on == date(2009, 10, 12)
    entry = AuditEntry.objects.get(act="session.announce")
    assert (entry.by_id, entry.campaign_at, entry.after["topic"]) == (person.pk, TOLD, TOPIC)
    assert entry.department_id == department(season).pk


@pytest.mark.parametrize("start", [TOLD, TOLD - timedelta(minutes=1)])
def test_what_is_past_is_not_announced(season, person, start):
    with pytest.raises(Refused) as refusal:
        announced(season, SECOND, start, by=person)
    assert (refusal.value.field, refusal.value.refusal_code) == ("entry", "past")
    assert StudySession.objects.count() == 0


def test_same_form_again_is_the_same_session(season, person):
    uuid = uuid4()
    first = announced(season, FIRST, by=person, uuid=uuid, invitations=(invited(),))
    assert announced(season, FIRST, by=person, uuid=uuid, invitations=(invited(),)) == first
    assert StudySession.objects.count() == 1
    assert AuditEntry.objects.filter(act="session.announce").count() == 1
    with pytest.raises(Refused) as refusal:
        announced(season, FIRST, by=person, uuid=uuid, topic="别的")
    assert (refusal.value.refusal_code, refusal.value.existing) == ("used", first)
    with pytest.raises(Refused):
        announced(season, FIRST, by=liaison(season), uuid=uuid, invitations=(invited(),))


def make_up(start):
    return SittingDraft(start, is_make_up=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topic": " "}, "topic"),
        ({"topic": "题" * 201}, "topic"),
        ({"sittings": ()}, "sittings"),
        ({"sittings": (make_up(FIRST),)}, "sittings"),
        ({"sittings": (SittingDraft(FIRST), make_up(FIRST))}, "sittings"),
        ({"sittings": (SittingDraft(FIRST, place="楼" * 101),)}, "sittings"),
        ({"sittings": (SittingDraft(at(10, 15, year=2019)),)}, "sittings"),
        ({"invitations": (invited(""),)}, "invitations"),
        ({"invitations": (invited("名" * 65),)}, "invitations"),
        ({"invitations": (invited(post="king"),)}, "invitations"),
        ({"invitations": (invited("李岳彪"), invited("李 岳彪", "liaison"))}, "invitations"),
        ({"invitations": (invited(on=date(2009, 10, 13)),)}, "invitations"),
    ],
)
def test_nonsense_is_refused(season, person, changes, field):
    with pytest.raises(Refused) as refusal:
        announce_session(department(season), replace(draft(), **changes), uuid=uuid4(), by_id=person.pk, at=TOLD)
    assert refusal.value.field == field
    assert StudySession.objects.count() == 0


def test_sitting_outside_the_season_is_taken(season, person):
    session = announced(season, at(3, 1, year=2010), by=person)
    assert session.pk is not None  # the season ends on 20 January 2010


def test_empty_day_of_invitation_is_the_day_of_the_announcement(season, person):
    session = announced(season, FIRST, by=person, invitations=(invited(on=None),))
    assert session.invitations.get().invited_on == date(2009, 10, 12)


def test_invitation_knows_the_leaders_account(season, person):
    leader = make_user("leader")
    DepartmentLeader.objects.create(
        campaign=season, department=department(season), post="in-charge", name="李 岳彪", user=leader
    )
    session = announced(season, FIRST, by=person, invitations=(invited("李岳彪"), invited("郭朝雄", "liaison")))
    assert [(row.name, row.user_id) for row in session.invitations.all()] == [("李岳彪", leader.pk), ("郭朝雄", None)]


# --- entered later


@pytest.mark.parametrize(("day", "told"), [(date(2009, 10, 14), at(10, 14, 0)), (None, None)])
def test_entered_later_keeps_witness_and_notice(season, person, day, told):
    session = entered(season, FIRST, by=person, notified_on=day)
    session.refresh_from_db()
    assert (session.announced_at, session.notified_at, session.witness) == (None, told, "王馆长")
    assert (session.entered_at, sittings(session)[0][0]) == (NOW, FIRST)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"witness": " "}, "witness"),
        ({"witness": "名" * 65}, "witness"),
        ({"notified_on": date(2009, 10, 16)}, "notified_on"),  # a day after the session
        ({"now": FIRST - timedelta(minutes=1)}, "entry"),  # still to come
        ({"invitations": (invited(on=None),)}, "invitations"),
        ({"invitations": (invited(on=date(2009, 10, 16)),)}, "invitations"),  # after the last sitting
    ],
)
def test_entered_later_without_what_vouches_is_refused(season, person, values, field):
    with pytest.raises(Refused) as refusal:
        entered(season, FIRST, by=person, **values)
    assert refusal.value.field == field
    assert StudySession.objects.count() == 0


def test_one_that_began_may_have_a_sitting_to_come(season, person):
    session = entered(season, FIRST, at(11, 5, 15), by=person)
    assert len(sittings(session)) == 2


# --- changing


def drafted(session, **changes):
    rows = [SittingDraft(row.starts_at, row.place, row.is_make_up, row.starts_at) for row in session.sittings.all()]
    return replace(SessionDraft(session.topic, tuple(rows)), **changes)


def test_sittings_that_change_places_keep_the_roll(season, person):
    session = announced(season, FIRST, SECOND, by=person)
    someone = five_people(season)[0]
    rows = {someone.uuid: RollDraft("present", sitting=FIRST)}
    keep_roll(session, rows, by_id=person.pk, at=NOW)
    first, second = drafted(session).sittings
    swapped = (replace(first, starts_at=SECOND), replace(second, starts_at=FIRST))
    edit_session(session, drafted(session, sittings=swapped), version=1, by_id=person.pk, at=NOW)
    assert Attendance.objects.get().sitting.starts_at == SECOND
    assert [row.starts_at for row in session.sittings.order_by("starts_at")] == [FIRST, SECOND]


def test_edit_stale_is_refused_and_one_without_change_writes_nothing(season, person):
    session = announced(season, FIRST, by=person)
    edit_session(session, drafted(session), version=1, by_id=person.pk, at=NOW)
    assert AuditEntry.objects.filter(act="session.edit").count() == 0
    edit_session(session, drafted(session, topic="新题目"), version=1, by_id=person.pk, at=NOW)
    with pytest.raises(Refused) as refusal:
        edit_session(session, drafted(session, topic="旧题目"), version=1, by_id=person.pk, at=NOW)
    assert refusal.value.refusal_code == "stale"
    session.refresh_from_db()
    assert (session.topic, session.version) == ("新题目", 2)


def test_announced_session_is_not_moved_before_its_announcement(season, person):
    session = announced(season, FIRST, by=person)
    earlier = drafted(session, sittings=(SittingDraft(TOLD - timedelta(days=1), was=FIRST),))
    with pytest.raises(Refused) as refusal:
        edit_session(session, earlier, version=1, by_id=person.pk, at=NOW)
    assert refusal.value.refusal_code == "before"


def test_renamed_invitation_keeps_who_came_and_one_with_a_remark_stays(season, person):
    session = announced(season, FIRST, by=person, invitations=(invited("李岳标"), invited("郭朝雄", "liaison")))
    wrong, other = session.invitations.order_by("post")
    Invitation.objects.update(came=True)
    right = (replace(invited("李岳彪"), was=wrong.uuid), invited("郭朝雄", "liaison"))
    edit_session(session, drafted(session, invitations=right), version=1, by_id=person.pk, at=NOW)
    wrong.refresh_from_db()
    assert (wrong.name, wrong.came) == ("李岳彪", True)
    record_remark(other, remark="讨论深入", actor=make_actor(season, Role.ASSESSOR), at=NOW)
    with pytest.raises(Refused) as refusal:
        edit_session(session, drafted(session, invitations=right[:1]), version=2, by_id=person.pk, at=NOW)
    assert (refusal.value.field, refusal.value.refusal_code) == ("invitations", "remark")


# --- what it meets


def test_minuted_session_meets_what_is_owed_at_its_first_sitting(season, person):
    session = announced(season, FIRST, SECOND, by=person)
    assert owed(season).met_at is None
    minuted(session, person)
    row = owed(season)
    assert (row.met_at, row.recorded_at, row.met_by_id) == (FIRST, NOW, person.pk)
    assert (row.met_by_kind, row.met_by_uuid) == ("study-session", session.uuid)


def test_obligation_follows_the_day_and_the_cancelling(season, person):
    session = announced(season, FIRST, by=person)
    minuted(session, person)
    moved = drafted(session, sittings=(SittingDraft(SECOND, was=FIRST),))
    edit_session(session, moved, version=1, by_id=person.pk, at=at(10, 24))
    assert (owed(season).met_at, owed(season).recorded_at) == (SECOND, at(10, 24))
    cancel_session(session, because="填错部门", by_id=person.pk, at=at(10, 25))
    cancel_session(session, because="再一次", by_id=person.pk, at=at(10, 26))
    session.refresh_from_db()
    assert owed(season).met_at is None
    assert (session.cancelled_at, session.cancelled_because) == (at(10, 25), "填错部门")


def test_first_of_several_sessions_meets(season, person):
    late = announced(season, SECOND, by=person)
    minuted(late, person)
    assert owed(season).met_at == SECOND
    first = entered(season, FIRST, by=person)
    minuted(first, person)
    assert owed(season).met_by_uuid == first.uuid
    minuted_again = AuditEntry.objects.filter(act="obligation.meet").count()
    keep_minutes(late, replace(COMPLETE, discussion="又议一次"), by_id=person.pk, at=NOW)
    assert AuditEntry.objects.filter(act="obligation.meet").count() == minuted_again
    cancel_session(first, because="重复", by_id=person.pk, at=NOW)
    assert (owed(season).met_by_uuid, owed(season).met_at) == (late.uuid, SECOND)


def test_cancelled_session_takes_nothing_more(season, person):
    session = announced(season, FIRST, by=person)
    with pytest.raises(Refused):
        cancel_session(session, because=" ", by_id=person.pk, at=NOW)
    cancel_session(session, because="填错", by_id=person.pk, at=NOW)
    for act in (
        lambda: edit_session(session, drafted(session), version=None, by_id=person.pk, at=NOW),
        lambda: keep_minutes(session, COMPLETE, by_id=person.pk, at=NOW),
        lambda: keep_roll(session, {}, by_id=person.pk, at=NOW),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.refusal_code == "cancelled"


# --- what a leader says


@pytest.fixture
def invitation(season, person):
    leader = make_user("leader", name="李岳彪")
    make_membership(season, leader, Role.LEADERSHIP)
    DepartmentLeader.objects.create(
        campaign=season, department=department(season), post="in-charge", name="李岳彪", user=leader
    )
    return announced(season, FIRST, by=person, invitations=(invited(),)).invitations.get()


def actor_of(season, user):
    from campaigns.queries.actors import load_actor

    return load_actor(user, season, on=date(2009, 10, 23))


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.OFFICE])
def test_team_and_office_write_down_what_a_leader_says(season, invitation, role):
    actor = make_actor(season, role)
    record_remark(invitation, remark=" 讨论有内容 ", actor=actor, at=NOW)
    invitation.refresh_from_db()
    assert (invitation.remark, invitation.remark_by_id, invitation.remark_at) == ("讨论有内容", actor.user_id, NOW)
    assert AuditEntry.objects.get(act="invitation.remark").after["remark"] == "讨论有内容"


def test_what_the_leader_wrote_nobody_else_changes(season, invitation):
    record_remark(invitation, remark="流于形式", actor=actor_of(season, invitation.user), at=NOW)
    with pytest.raises(Refused) as refusal:
        record_remark(invitation, remark="很好", actor=make_actor(season, Role.ASSESSOR), at=NOW)
    assert refusal.value.refusal_code == "own"
    invitation.refresh_from_db()
    assert invitation.remark == "流于形式"


def test_own_people_and_other_leaders_do_not(season, invitation):
    with pytest.raises(PermissionDenied):
        record_remark(invitation, remark="很好", actor=make_actor(season, Role.LEADERSHIP), at=NOW)
    for role in (Role.HEAD, Role.ASSESSOR, Role.OFFICE, Role.LEADERSHIP):
        interested = make_actor(season, role, department=department(season))
        with pytest.raises(ConflictOfInterest):
            record_remark(invitation, remark="很好", actor=interested, at=NOW)


def test_remark_of_a_leader_who_did_not_come_or_a_stale_one_is_refused(season, invitation):
    actor = make_actor(season, Role.ASSESSOR)
    record_remark(invitation, remark="有内容", seen="", actor=actor, at=NOW)
    with pytest.raises(Refused) as refusal:
        record_remark(invitation, remark="没内容", seen="", actor=actor, at=NOW)
    assert refusal.value.refusal_code == "stale"
    assert "有内容" in str(refusal.value.sentence)
    Invitation.objects.update(came=False)
    with pytest.raises(Refused) as refusal:
        record_remark(invitation, remark="没内容", actor=actor, at=NOW)
    assert refusal.value.refusal_code == "absent"
