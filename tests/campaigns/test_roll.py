"""The roll of a study session and its leaves: who counts as absent, worked by hand; services alone."""

from datetime import date

import pytest

from campaigns.models import Attachment, Attendance, Posting, Suggestion
from campaigns.queries.roll import roll_of
from campaigns.services.roll import RollDraft, keep_roll, leave_mark, record_leave, roll_mark
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.session_working import (
    FIRST,
    NOW,
    SECOND,
    TOLD,
    announced,
    approved,
    at,
    five_people,
    invited,
    kept_roll,
    leaves_on,
    liaison,
    make_upload,
)
from tests.factories import department, make_person


@pytest.fixture
def person(season):
    return liaison(season)


@pytest.fixture
def people(season):
    return five_people(season)


@pytest.fixture
def session(season, person):
    return announced(season, FIRST, SECOND, by=person, invitations=(invited(),))


def said(session):
    return [(line.name, line.status, line.reason and line.reason.value) for line in roll_of(session).lines]


def row_of(person):
    return Attendance.objects.select_related("session", "person").get(person=person)


# --- the case of the issue: two sittings, one absent, one sick with everything, one sick without a slip


def test_who_counts_as_absent_and_why(season, session, people, person):
    kept_roll(session, people, ["present", "absent", "sick", "sick", "official"], by=person)
    approved(row_of(people[2]), by=person)
    approved(row_of(people[3]), by=person, slip=False)
    approved(row_of(people[4]), by=person, suggestion="")
    assert said(session) == [
        ("丁一", "present", None),
        ("王二", "absent", "away"),
        ("张三", "sick", None),
        ("李四", "sick", "no-slip"),
        ("赵五", "official", "no-suggestion"),
    ]
    roll = roll_of(session)
    assert (roll.of, roll.present, roll.absent, roll.excused, roll.open) == (5, 1, 3, 1, 0)
    assert [line.name for line in roll.absentees] == ["王二", "李四", "赵五"]


def test_personal_leave_is_absent_with_all_its_papers(season, session, people, person):
    kept_roll(session, people[:1], ["personal"], by=person)
    approved(row_of(people[0]), by=person)
    assert said(session)[0] == ("丁一", "personal", "personal")


def test_slip_without_approval_does_not_excuse_and_a_removed_one_is_none(season, session, people, person):
    kept_roll(session, people[:1], ["sick"], by=person)
    row = row_of(people[0])
    record_leave(row, suggestion="多买书", slips=[make_upload(person)], by_id=person.pk, at=NOW)
    assert said(session)[0][2] == "not-approved"
    record_leave(row, approved_by="刘", approved_on=date(2009, 10, 14), suggestion="多买书", by_id=person.pk, at=NOW)
    assert said(session)[0][2] is None
    Attachment.objects.update(removed_at=NOW)
    assert said(session)[0][2] == "no-slip"


def test_words_say_why(season, session, people, person, settings):
    from django.utils import translation

    kept_roll(session, people, ["present", "absent", "sick", "personal", ""], by=person)
    with translation.override("en"):
        words = [line.words for line in roll_of(session).lines]
    assert words == [
        "Present",
        "counts as absent: without leave",
        "Sick leave, counts as absent: no leave slip",
        "Personal leave, counts as absent: personal leave does not excuse",
        "nothing recorded yet",
    ]


# --- saving whole


def test_rest_is_present_with_one_button(season, session, people, person):
    kept_roll(session, people, ["", "sick", "", "", ""], by=person, rest_present=True)
    assert [status for _name, status, _reason in said(session)] == ["present", "sick", "present", "present", "present"]


def test_rest_present_leaves_alone_what_another_has_recorded(season, session, people, person):
    kept_roll(session, people[:1], ["absent"], by=person)
    keep_roll(session, {people[1].uuid: RollDraft()}, rest_present=True, by_id=person.pk, at=NOW)
    assert [status for _name, status, _reason in said(session)] == ["absent", *["present"] * 4]


def test_idea_and_sitting_are_kept_and_the_log_names_the_changed(season, session, people, person):
    rows = {
        people[0].uuid: RollDraft("present", SECOND, " 分区排架 "),
        people[1].uuid: RollDraft("absent", SECOND),
    }
    keep_roll(session, rows, by_id=person.pk, at=NOW)
    assert (row_of(people[0]).idea, row_of(people[0]).sitting.starts_at) == ("分区排架", SECOND)
    assert row_of(people[1]).sitting is None  # who was absent attended no sitting
    entry = AuditEntry.objects.get(act="session.roll")
    assert entry.before == {"00101": "", "00102": ""}
    assert entry.after == {"00101": "present · 2009-10-22 15:00 · 分区排架", "00102": "absent"}


def test_saving_the_same_twice_writes_once(season, session, people, person):
    for _time in range(2):
        kept_roll(session, people, ["present"] * 5, by=person)
    assert (Attendance.objects.count(), AuditEntry.objects.filter(act="session.roll").count()) == (5, 1)


def test_stale_roll_is_refused_and_writes_nothing(season, session, people, person):
    seen = roll_mark(session)
    kept_roll(session, people[:1], ["absent"], by=person, seen=seen)
    with pytest.raises(Refused) as refusal:
        kept_roll(session, people, ["present"] * 5, by=person, seen=seen)
    assert refusal.value.refusal_code == "stale"
    assert [status for _name, status, _reason in said(session)] == ["absent", "", "", "", ""]


def test_leaders_who_came_are_part_of_the_roll(season, session, people, person):
    invitation, seen = session.invitations.get(), roll_mark(session)
    keep_roll(session, {}, came={invitation.uuid: False}, seen=seen, by_id=person.pk, at=NOW)
    invitation.refresh_from_db()
    assert invitation.came is False
    assert roll_mark(session) != seen


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (RollDraft("king"), "status"),
        (RollDraft("", idea="好主意"), "status"),
        (RollDraft("present", sitting=at(10, 16)), "sitting"),
        (RollDraft("present", idea="字" * 2001), "idea"),
    ],
)
def test_nonsense_on_a_roll_is_refused_whole(season, session, people, person, draft, code):
    rows = {people[0].uuid: RollDraft("present"), people[1].uuid: draft}
    with pytest.raises(Refused) as refusal:
        keep_roll(session, rows, by_id=person.pk, at=NOW)
    assert refusal.value.refusal_code == code
    assert Attendance.objects.count() == 0


def test_nobody_is_present_before_it_begins_but_leaves_may_be_noted(season, session, people, person):
    with pytest.raises(Refused) as refusal:
        kept_roll(session, people[:1], ["present"], by=person, now=TOLD)
    assert refusal.value.refusal_code == "ahead"
    kept_roll(session, people[:1], ["sick"], by=person, now=TOLD)
    assert said(session)[0][1] == "sick"


def test_row_is_taken_back_unless_a_leave_hangs_on_it(season, session, people, person):
    kept_roll(session, people[:2], ["absent", "sick"], by=person)
    approved(row_of(people[1]), by=person)
    kept_roll(session, people[:1], [""], by=person)
    assert Attendance.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        kept_roll(session, people[1:2], [""], by=person)
    assert refusal.value.refusal_code == "leave"


# --- postings of the day


def test_roll_lists_who_belongs_there_on_the_day_of_the_first_sitting(season, session, people, person):
    leaves_on(people[0], date(2009, 10, 14))  # the day before the first sitting
    leaves_on(people[1], date(2009, 10, 15))  # that day still counts
    Posting.objects.filter(staff_member=people[2]).update(starts_on=date(2009, 10, 16))
    make_person(season, "外人", number="00999", home="工会")
    assert [name for name, _status, _reason in said(session)] == ["王二", "李四", "赵五"]


def test_who_left_meanwhile_stays_when_recorded_and_is_named_when_not(season, session, people, person):
    kept_roll(session, people[:1], ["present"], by=person)
    leaves_on(people[0], date(2009, 10, 1))
    leaves_on(people[1], date(2009, 10, 1))
    kept = kept_roll(session, people, ["absent", "present", "present", "present", "present"], by=person)
    assert kept.left == ("王二",)
    roll = roll_of(session)
    assert [(line.name, line.is_posted) for line in roll.lines] == [
        ("张三", True),
        ("李四", True),
        ("赵五", True),
        ("丁一", False),
    ]
    assert (roll.of, roll.present, roll.absent) == (3, 3, 0)


def test_roll_asks_the_same_queries_for_one_and_for_five(season, session, people, person, django_assert_num_queries):
    kept_roll(session, people[:1], ["sick"], by=person)
    with django_assert_num_queries(5):
        assert len(roll_of(session).lines) == 5
    kept_roll(session, people, ["sick"] * 5, by=person)
    with django_assert_num_queries(5):
        assert len(roll_of(session).leaves) == 5


# --- leaves


def test_leave_writes_suggestion_and_slip(season, session, people, person):
    kept_roll(session, people[:1], ["sick"], by=person)
    approved(row_of(people[0]), by=person)
    row = row_of(people[0])
    assert (row.approved_by, row.approved_on) == ("刘馆长", date(2009, 10, 14))
    suggestion = Suggestion.objects.get()
    assert (suggestion.attendance, suggestion.made_by, suggestion.text) == (row, "丁一", "多买书")
    slip = Attachment.objects.get()
    assert (slip.owner_kind, slip.owner_uuid, slip.slot) == ("attendance", row.uuid, "slip")
    assert slip.department == department(season)
    assert AuditEntry.objects.get(act="session.leave").after == {"approved_by": "刘馆长", "approved_on": "2009-10-14"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"approved_by": "刘"}, "approved_on"),
        ({"approved_on": date(2009, 10, 14)}, "approved_by"),
        ({"approved_by": "刘", "approved_on": date(2009, 10, 24)}, "approved_on"),  # tomorrow
        ({"approved_by": "刘" * 65, "approved_on": date(2009, 10, 14)}, "approved_by"),
        ({"suggestion": "字" * 2001}, "suggestion"),
    ],
)
def test_half_or_future_approval_is_refused(season, session, people, person, values, field):
    kept_roll(session, people[:1], ["sick"], by=person)
    with pytest.raises(Refused) as refusal:
        record_leave(row_of(people[0]), **values, by_id=person.pk, at=NOW)
    assert refusal.value.field == field
    assert (row_of(people[0]).approved_by, Suggestion.objects.count()) == ("", 0)


def test_stale_leave_and_leave_of_who_was_there_are_refused(season, session, people, person):
    kept_roll(session, people[:2], ["sick", "present"], by=person)
    seen = leave_mark(row_of(people[0]))
    record_leave(row_of(people[0]), suggestion="甲", seen=seen, by_id=person.pk, at=NOW)
    with pytest.raises(Refused) as refusal:
        record_leave(row_of(people[0]), suggestion="乙", seen=seen, by_id=person.pk, at=NOW)
    assert refusal.value.refusal_code == "stale"
    with pytest.raises(Refused) as refusal:
        record_leave(row_of(people[1]), suggestion="乙", by_id=person.pk, at=NOW)
    assert refusal.value.refusal_code == "no_leave"
    assert [row.text for row in Suggestion.objects.all()] == ["甲"]


def test_written_suggestion_is_taken_back_unless_settled(season, session, people, person):
    kept_roll(session, people[:1], ["sick"], by=person)
    row = row_of(people[0])
    record_leave(row, suggestion="甲", by_id=person.pk, at=NOW)
    record_leave(row, suggestion="", by_id=person.pk, at=NOW)
    assert Suggestion.objects.count() == 0
    record_leave(row, suggestion="甲", by_id=person.pk, at=NOW)
    Suggestion.objects.update(answer="没有经费")
    with pytest.raises(Refused) as refusal:
        record_leave(row, suggestion="", by_id=person.pk, at=NOW)
    assert (refusal.value.field, refusal.value.refusal_code) == ("suggestion", "settled")
