"""What is read of study sessions, and what the whole look at a department makes of it."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Attachment, Attendance, Obligation, Posting
from campaigns.services.attachments import remove_attachment
from campaigns.services.minutes import MinutesDraft, keep_minutes
from campaigns.services.obligations import extend_obligation
from campaigns.services.sessions import cancel_session
from scoring.enums import RecordKind
from scoring.facts import FileFact
from scoring.queries.detection import know_season, look_at
from scoring.queries.sources import LINKS
from scoring.queries.sources.study import read
from scoring.services.announcements import announce
from tests.campaigns.session_working import (
    FIRST,
    HOME,
    SECOND,
    TOLD,
    announced,
    approved,
    at,
    entered,
    five_people,
    invited,
    kept_roll,
    liaison,
    make_upload,
    owed,
)
from tests.factories import department, make_actor, make_person, make_user

COMPLETE = MinutesDraft(held=True, main_content="学习方案", discussion="人人发言")
LATER = date(2009, 12, 28)
DAY, NEXT = date(2009, 10, 15), date(2009, 10, 22)


@pytest.fixture
def person(season):
    return liaison(season)


@pytest.fixture
def session(season, person):
    """A session announced and minuted, a leader invited."""
    session = announced(season, FIRST, by=person, invitations=(invited(),))
    keep_minutes(session, COMPLETE, by_id=person.pk, at=at(10, 16))
    return session


def facts(season, on=LATER, home=HOME):
    return read(department(season, home), on)


def seen(season, on=LATER, home=HOME):
    """Return what the study rules see, by code."""
    looked = look_at(department(season, home), know_season(season, on=on))
    assert [one for one in looked.troubles if one.detector.startswith("study-")] == []
    return {one.charge_key: one for one in looked.seen if one.rule.category.code == "study"}


def names(study):
    return [member.person.name for member in study.members]


# --- what is read


def test_a_session_as_it_was_entered(season, session):
    [held] = facts(season).sessions
    assert (held.fact.uuid, held.fact.days, held.began_on) == (session.uuid, (DAY,), DAY)
    assert (held.notice.began, held.notice.told, held.notified_at) == ("2009-10-15 15:00", "2009-10-12 09:00", TOLD)
    [row] = held.invitations
    assert (row.leader, row.invited_on, row.page) == ("李岳彪", date(2009, 10, 12), session.uuid)
    assert (held.minutes.discussion_held, held.minutes.discussion) == ("discussed", "人人发言")
    assert held.is_roll_taken is False


def test_a_session_is_held_from_its_day_on(season, session):
    assert facts(season, date(2009, 10, 14)).sessions == ()
    assert len(facts(season, date(2009, 10, 15)).sessions) == 1


def test_a_session_called_off_after_the_notice_is_none(season, session, person):
    cancel_session(session, because="停电", by_id=person.pk, at=at(10, 15, 10))
    assert facts(season).sessions == ()


def test_another_departments_session_is_not_read(season, session):
    assert facts(season, home="监察审计室").sessions == ()


def test_scans_of_the_minutes_are_kept_by_content(season, person, session):
    scan = make_upload(person, content="scan", name="记录.pdf")
    keep_minutes(session, COMPLETE, scans=[scan], by_id=person.pk, at=at(10, 17))
    [held] = facts(season).sessions
    assert held.minutes.files == (FileFact("记录.pdf", hashlib.sha256(b"scan").hexdigest()),)


def test_what_is_owed_with_its_extension(season):
    office = make_actor(season, Role.OFFICE)
    extend_obligation(
        owed(season), until=date(2009, 11, 10), reason="搬迁", version="2009-10-31", by=office, at=at(10, 20)
    )
    [duty] = facts(season).owed
    assert (duty.due_on, duty.extended_to, duty.deadline) == (
        date(2009, 10, 31),
        date(2009, 11, 10),
        date(2009, 11, 10),
    )


def test_what_is_owed_no_more(season):
    Obligation.objects.filter(pk=owed(season).pk).update(dropped_at=TOLD)
    study = facts(season)
    assert (study.owed, study.is_released) == ((), True)
    assert facts(season, home="监察审计室").is_released is False


def test_people_present_are_left_out_the_others_come_with_what_the_roll_says(season, person, session):
    people = five_people(season)
    kept_roll(session, people, ["present", "absent", "sick", "", "personal"], by=person)
    row = approved(Attendance.objects.get(person=people[2]), by=person)
    study = facts(season)
    assert study.sessions[0].is_roll_taken
    assert names(study) == ["王二", "张三", "李四", "赵五"]
    assert [[line.status for line in member.lines] for member in study.members] == [
        ["absent"],
        ["sick"],
        [],
        ["personal"],
    ]
    [line] = study.members[1].lines
    assert (line.uuid, line.page, line.person) == (row.uuid, session.uuid, "张三(00103)")
    assert (line.approved_by, line.approved_on, line.suggestion) == ("刘馆长", date(2009, 10, 14), "多买书")
    assert line.files == (FileFact("slip.jpg", hashlib.sha256(f"slip of {row.pk}".encode()).hexdigest()),)


def test_a_slip_taken_back_is_none(season, person, session):
    people = five_people(season)[:2]
    kept_roll(session, people, ["sick", "present"], by=person)
    row = approved(Attendance.objects.get(person=people[0]), by=person)
    slip = Attachment.objects.get(owner_kind="attendance", owner_uuid=row.uuid)
    remove_attachment(slip, by_id=person.pk, at=at(10, 24))
    assert facts(season).members[0].lines[0].files == ()


def test_leaves_noted_beforehand_are_no_roll(season, person, session):
    kept_roll(session, five_people(season)[:1], ["sick"], by=person, now=at(10, 14))
    study = facts(season)
    assert (study.sessions[0].is_roll_taken, study.members) == (False, ())


def test_who_was_present_elsewhere_after_moving_is_left_out(season, person, session):
    moved, stayed = (
        make_person(season, name, number=number) for name, number in (("丁一", "00101"), ("王二", "00102"))
    )
    Posting.objects.filter(staff_member=moved).update(ends_on=date(2009, 10, 18))
    Posting.objects.create(
        campaign=season, staff_member=moved, department=department(season, "教务处"), starts_on=date(2009, 10, 19)
    )
    kept_roll(session, [moved, stayed], ["absent", "absent"], by=person)
    assert names(facts(season)) == ["丁一", "王二"]
    there = announced(season, SECOND, by=liaison(season, "教务处"), home="教务处")
    kept_roll(there, [moved], ["present"], by=person)
    assert names(facts(season, date(2009, 10, 21))) == ["丁一", "王二"]
    assert names(facts(season, NEXT)) == ["王二"]
    cancel_session(there, because="停电", by_id=person.pk, at=at(10, 23))
    assert names(facts(season)) == ["丁一", "王二"]


def test_who_came_or_left_between_two_sessions(season, person, session):
    other = announced(season, SECOND, by=person)
    old, new, never = (make_person(season, name, number=name) for name in ("丁一", "王二", "赵五"))
    Posting.objects.filter(staff_member=old).update(ends_on=date(2009, 10, 18))
    Posting.objects.filter(staff_member=new).update(starts_on=date(2009, 10, 19))
    Posting.objects.filter(staff_member=never).update(starts_on=date(2009, 10, 23))
    kept_roll(session, [old], ["absent"], by=person)
    kept_roll(other, [new], ["absent"], by=person)
    study = facts(season)
    assert names(study) == ["丁一", "王二"]
    assert [member.belonged_on(DAY) for member in study.members] == [True, False]
    assert [member.belonged_on(NEXT) for member in study.members] == [False, True]


def test_namesakes_are_told_apart(season, person, session):
    one, other = (make_person(season, "张伟", number=number) for number in ("00301", "00302"))
    kept_roll(session, [one, other], ["absent", "present"], by=person)
    [member] = facts(season).members
    assert (str(member.person), member.person.id) == ("张伟(00301)", one.pk)


@pytest.mark.parametrize("number", [1, 3])
def test_asks_nine_queries_at_any_size(season, number, django_assert_num_queries):
    by = make_user("liaison")
    people = five_people(season)
    for day in range(15, 15 + number):
        session = announced(season, at(10, day, 15), by=by, invitations=(invited(),))
        kept_roll(session, people[:number], ["sick"] * number, by=by)
        kept_roll(session, people[3:4], ["absent"], by=by)
        for row in session.roll.filter(status="sick"):
            approved(row, by=by)
        scan = make_upload(by, content=f"scan {day}", name="记录.pdf")
        keep_minutes(session, COMPLETE, scans=[scan], by_id=by.pk, at=at(10, 23))
    place = department(season)
    with django_assert_num_queries(9):
        study = read(place, LATER)
    assert len(study.sessions) == number
    assert sum(len(member.lines) for member in study.members) == (number + 1) * number


def test_each_fact_has_a_page(season, session):
    for kind in ("study-session", "study-notice", "study-invitation", "study-minutes", "attendance"):
        assert reverse(LINKS[kind], args=[season.slug, session.uuid]) == f"/campaigns/2009/sessions/{session.uuid}/"
    row = owed(season)
    assert reverse(LINKS["study-owed"], args=[season.slug, row.uuid]) == f"/campaigns/2009/obligations/{row.uuid}/"


# --- what is made of it


def test_nothing_is_seen_of_a_session_all_in_order(season, person, session):
    people = five_people(season)
    kept_roll(session, people, ["present"] * 5, by=person)
    assert seen(season) == {}


def test_each_clause_once_of_a_session_with_nothing_in_order(season, person):
    session = entered(season, FIRST, by=person)
    keep_minutes(session, replace(COMPLETE, discussion=""), by_id=person.pk, at=at(10, 23))
    away, there = five_people(season)[:2]
    kept_roll(session, [away, there], ["absent", "present"], by=person)
    place = department(season)
    found = seen(season)
    assert {key: (one.rule.code, one.proof) for key, one in found.items()} == {
        f"S1a|department:{place.uuid}|season": ("S1a", "no-record"),
        f"S1b|department:{place.uuid}|season": ("S1b", "no-record"),
        f"S2|person:{away.uuid}|season": ("S2", "proven"),
        f"S5|department:{place.uuid}|season": ("S5", "proven"),
    } | {
        f"S2|person:{one.staff_member.uuid}|season": ("S2", "no-record")
        for one in Posting.objects.filter(department=place).exclude(staff_member__in=[away, there])
    }
    assert {one.suspicion.happened_on for one in found.values()} == {DAY}


def test_a_session_minuted_without_discussion(season, person, session):
    keep_minutes(session, MinutesDraft(held=False, main_content="学习方案"), by_id=person.pk, at=at(10, 17))
    [(key, one)] = seen(season).items()
    assert key == f"S4|department:{department(season).uuid}|season"
    assert (one.proof, one.version.points, one.suspicion.happened_on) == ("proven", 7, DAY)


def test_no_session_proves_something_once_the_office_has_announced_it(season):
    key = f"S3b|department:{department(season).uuid}|season"
    assert seen(season, date(2009, 10, 31)) == {}
    assert {name: one.proof for name, one in seen(season, date(2009, 11, 1)).items()} == {key: "no-record"}
    office = make_actor(season, Role.OFFICE)
    announce(season, kind=RecordKind.SESSION, starts_on=date(2009, 10, 31), by=office, at=at(10, 20))
    [one] = seen(season, date(2009, 11, 1)).values()
    assert (one.charge_key, one.proof, one.suspicion.happened_on) == (key, "proven", date(2009, 10, 31))


def test_a_department_made_of_others_after_the_deadline_owes_no_session(season):
    row = owed(season)
    assert list(seen(season)) == [f"S3b|department:{row.department.uuid}|season"]
    Obligation.objects.filter(pk=row.pk).update(dropped_at=at(12, 1))
    assert seen(season) == {}


def test_the_same_is_seen_on_a_later_day_and_nothing_once_a_session_was_held(season, person):
    [before], [after] = seen(season, date(2009, 11, 1)).values(), seen(season, LATER).values()
    assert before.fingerprint == after.fingerprint
    session = entered(season, at(11, 20), by=person, now=at(11, 21), invitations=(invited(on=date(2009, 11, 19)),))
    keep_minutes(session, COMPLETE, by_id=person.pk, at=at(11, 21))
    assert [one.rule.code for one in seen(season).values()] == ["S1b"]


def test_changed_minutes_change_what_was_seen_of_them_and_of_nothing_else(season, person):
    session = entered(season, FIRST, by=person)
    keep_minutes(session, replace(COMPLETE, discussion=""), by_id=person.pk, at=at(10, 23))
    before = {one.rule.code: one.fingerprint for one in seen(season).values()}
    keep_minutes(session, MinutesDraft(held=True, discussion="人人发言"), by_id=person.pk, at=at(10, 24))
    after = {one.rule.code: one.fingerprint for one in seen(season).values()}
    assert {code for code in before if before[code] != after[code]} == {"S5"}
