"""Telling departments of deductions: opened by a head or liaison, handed over on paper, owed while it is not."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from campaigns.enums import ObligationKind, Role
from campaigns.models import Attachment, Interest, Obligation
from campaigns.queries.actors import load_actor, seen_as
from campaigns.queries.obligations import owed_row
from campaigns.services.attachments import remove_attachment
from campaigns.services.obligations import hand_in, note_mark, owe
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from scoring.models import Deduction, Notice
from scoring.services.ledger import confirm_deductions, withdraw_deduction
from scoring.services.notice_invariants import check_notices
from scoring.services.notices import hand_over_notice, open_notices, owe_notices
from scoring.services.tallies import lock_departments
from tests.campaigns.files_working import upload_of
from tests.campaigns.test_department_changes_tasks import close
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.reading import Pair, parsed, reader, turn_clock

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
EARLIER = NOON - 5 * DAY


@pytest.fixture
def home(season):
    return department(season)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def head(season, home):
    return make_actor(season, Role.HEAD, department=home)


@pytest.fixture
def clerk(season):
    return make_actor(season, Role.OFFICE)


def owed(home):
    """Return what the department owes towards its notices, None where it never had one."""
    return Obligation.objects.filter(department=home, kind=ObligationKind.NOTICE).first()


def told(line):
    return Deduction.objects.get(pk=line.pk)


def acts(prefix):
    return list(AuditEntry.objects.filter(act__startswith=prefix).order_by("pk").values_list("act", flat=True))


def hand_over(home, clerk, lines, *, on=None, at=NOON, **values):
    said = {"uuid": uuid.uuid4(), "received_by": "王芳"} | values
    return hand_over_notice(
        home, lines=[line.uuid for line in lines], handed_on=on or day_of(at), by=clerk, at=at, **said
    )


def in_order(*homes):
    return [sentence for home in homes for sentence in check_notices(home, appeal_days=home.campaign.appeal_days)] == []


# --- owed from the confirmation on


def test_a_recorded_line_is_owed_nothing_a_confirmed_one_a_notice(season, home, pair):
    line = pair.record("P3")
    assert owed(home) is None
    confirm_deductions([line], by=pair.second, at=EARLIER)
    found = owed(home)
    assert (found.due_on, found.met_at, found.dropped_at) == (day_of(EARLIER) + WEEK, None, None)
    assert "deductions" not in found.label.split()[-1:]
    assert in_order(home)


def test_the_oldest_untold_line_sets_the_day_and_there_is_one_row(season, home, pair):
    pair.charge("P3", at=EARLIER)
    pair.charge("P1", at=NOON)
    assert Obligation.objects.filter(kind=ObligationKind.NOTICE).count() == 1
    assert owed(home).due_on == day_of(EARLIER) + WEEK


def test_the_campaign_says_how_many_days(season, home, pair):
    season.appeal_days = 3
    season.save(update_fields=["appeal_days"])
    line = pair.charge("P3", at=EARLIER)
    head = make_actor(season, Role.STAFF, department=home)
    open_notices([line], by=head, at=NOON)
    assert told(line).appeal_until == day_of(NOON) + timedelta(days=3)
    assert owed(home).due_on == day_of(EARLIER) + timedelta(days=3)


def test_another_confirmed_line_costs_two_queries(season, home, pair, django_assert_num_queries):
    pair.charge("P3", at=EARLIER)
    pair.charge("P1", at=NOON)
    with django_assert_num_queries(2):
        owe_notices(home.pk, by_id=pair.second.user_id, at=NOON)


def test_a_line_withdrawn_before_it_was_opened_is_owed_no_more(season, home, pair):
    line = pair.charge("P3", at=EARLIER)
    lead = make_actor(season, Role.TEAM_LEAD)
    withdraw_deduction(line, by=lead, at=NOON, because="误记")
    assert owed(home).met_at == NOON
    assert in_order(home)


def test_the_oldest_line_withdrawn_leaves_the_day_of_the_next(season, home, pair):
    line = pair.charge("P3", at=EARLIER)
    pair.charge("P1", at=NOON)
    withdraw_deduction(line, by=make_actor(season, Role.TEAM_LEAD), at=NOON, because="误记")
    assert (owed(home).due_on, owed(home).met_at) == (day_of(NOON) + WEEK, None)
    assert in_order(home)


# --- opened


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_head_and_liaison_tell_by_opening(season, home, pair, role):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    reader = make_actor(season, role, department=home)
    assert {line.pk for line in open_notices(lines, by=reader, at=NOON)} == {line.pk for line in lines}
    for line in map(told, lines):
        assert (line.told_at, line.told_by_id, line.notice_id) == (NOON, reader.user_id, None)
        assert line.appeal_until == day_of(NOON) + WEEK
    assert owed(home).met_at == NOON
    assert acts("deduction.tell") == ["deduction.tell"] * 2
    assert in_order(home)


def test_opening_again_changes_nothing(season, home, pair, head, django_assert_num_queries):
    line = pair.charge("P3", at=EARLIER)
    open_notices([line], by=head, at=NOON)
    assert open_notices([line], by=head, at=NOON + DAY) == []  # known as untold from before
    known = told(line)
    with django_assert_num_queries(0):
        assert open_notices([known], by=head, at=NOON + DAY) == []
    assert told(line).told_at == NOON
    assert acts("deduction.tell") == ["deduction.tell"]


def test_one_line_opened_leaves_the_other_owed_and_a_later_one_opens_it_again(season, home, pair, head):
    first, second = pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER + DAY)
    open_notices([first], by=head, at=NOON)
    assert (owed(home).met_at, owed(home).due_on) == (None, day_of(EARLIER + DAY) + WEEK)
    open_notices([second], by=head, at=NOON)
    assert owed(home).met_at == NOON
    pair.charge("S5", at=NOON + DAY)
    again = owed(home)
    assert (again.met_at, again.due_on) == (None, day_of(NOON + DAY) + WEEK)
    assert acts("obligation.reopen") == ["obligation.reopen"]
    assert in_order(home)


def test_opened_too_late_is_met_late(season, home, pair, head):
    line = pair.charge("P3", at=EARLIER)
    late = EARLIER + WEEK + DAY
    open_notices([line], by=head, at=late)
    assert owed_row(owed(home), on=day_of(late)).days_late == 1


def test_others_tell_nobody(season, home, pair, clerk):
    line = pair.charge("P3", at=EARLIER)
    lead = make_actor(season, Role.TEAM_LEAD)
    elsewhere = make_actor(season, Role.HEAD, department=department(season, "体育部"))
    looking = seen_as(clerk, str(home.uuid))
    assert looking is not None
    for actor in (pair.first, lead, clerk, elsewhere, looking):
        assert open_notices([line], by=actor, at=NOON) == []
    assert told(line).told_at is None


def test_recorded_and_withdrawn_lines_are_not_told(season, home, pair, head):
    recorded, gone = pair.record("P3"), pair.charge("P1", at=EARLIER)
    withdraw_deduction(gone, by=make_actor(season, Role.TEAM_LEAD), at=NOON, because="误记")
    assert open_notices([recorded, gone], by=head, at=NOON) == []
    assert told(gone).told_at is None


# --- handed over on paper


def test_handed_over_the_days_begin_with_the_paper(season, home, pair, clerk):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    on = day_of(EARLIER + DAY)
    notice = hand_over(home, clerk, lines, on=on, received_by=" 王 芳 ", note="代签")
    assert (notice.handed_on, notice.received_by, notice.note) == (on, "王 芳", "代签")
    for line in map(told, lines):
        assert (day_of(line.told_at), line.appeal_until, line.notice) == (on, on + WEEK, notice)
    assert owed(home).met_at == NOON
    assert acts("notice.") == ["notice.hand-over"]
    assert in_order(home)


def test_a_line_is_never_told_before_it_was_confirmed(season, home, pair, clerk):
    afternoon = NOON + timedelta(hours=4)
    line = pair.charge("P3", at=afternoon)
    hand_over(home, clerk, [line], at=afternoon + timedelta(minutes=5))
    assert told(line).told_at == afternoon


def test_what_was_opened_meanwhile_keeps_its_day(season, home, pair, head, clerk):
    first, second = pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)
    open_notices([first], by=head, at=EARLIER + DAY)
    notice = hand_over(home, clerk, [first, second])
    assert list(notice.lines.all()) == [second]
    assert told(first).told_at == EARLIER + DAY


def test_sent_twice_it_is_one_notice(season, home, pair, clerk):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    same = {"uuid": uuid.uuid4()}
    first = hand_over(home, clerk, lines, **same)
    assert hand_over(home, clerk, lines, at=NOON + timedelta(hours=1), **same) == first
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("change", [{"received_by": "李明"}, {"note": "补"}, {"on": day_of(EARLIER)}, {"less": True}])
def test_the_same_form_with_other_words_is_refused(season, home, pair, clerk, change):
    lines = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)]
    same = {"uuid": uuid.uuid4()}
    hand_over(home, clerk, lines, **same)
    lines = lines[:1] if change.pop("less", False) else lines
    with pytest.raises(Refused) as refused:
        hand_over(home, clerk, lines, **same, **change)
    assert refused.value.refusal_code == "reused"


def test_the_same_form_with_a_line_more_is_refused(season, home, pair, clerk):
    first, second = pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)
    same = {"uuid": uuid.uuid4()}
    hand_over(home, clerk, [first], **same)
    with pytest.raises(Refused) as refused:
        hand_over(home, clerk, [first, second], **same)
    assert refused.value.refusal_code == "reused"
    assert told(second).told_at is None


def test_another_clerk_does_not_get_the_first_one_s_answer(season, home, pair, clerk):
    line = pair.charge("P3", at=EARLIER)
    same = {"uuid": uuid.uuid4()}
    hand_over(home, clerk, [line], **same)
    with pytest.raises(Refused):
        hand_over(home, make_actor(season, Role.OFFICE), [line], **same)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"on": date(2009, 12, 22)}, "handed_on", "day"),
        ({"on": date(2009, 12, 29)}, "handed_on", "day"),
        ({"received_by": "  "}, "received_by", "name"),
        ({"received_by": "王" * 51}, "received_by", "name"),
        ({"note": "长" * 301}, "note", "long"),
    ],
)
def test_what_cannot_be_is_refused(season, home, pair, clerk, values, field, code):
    line = pair.charge("P3", at=EARLIER)
    with pytest.raises(Refused) as refused:
        hand_over(home, clerk, [line], **values)
    assert (refused.value.field, refused.value.refusal_code) == (field, code)
    assert told(line).told_at is None
    assert not Notice.objects.exists()


def test_lines_told_recorded_withdrawn_or_of_others_cannot_be_handed_over(season, home, pair, head, clerk):
    opened, recorded = pair.charge("P3", at=EARLIER), pair.record("P1")
    open_notices([opened], by=head, at=NOON)
    foreign = pair.charge("P3", charged="体育部", at=EARLIER)
    with pytest.raises(Refused) as refused:
        hand_over(home, clerk, [opened, recorded, foreign])
    assert refused.value.field == "lines"
    assert told(foreign).told_at is None


def test_only_the_office_without_interest_hands_over(season, home, pair, head, clerk):
    line = pair.charge("P3", at=EARLIER)
    for actor in (head, pair.first, make_actor(season, Role.TEAM_LEAD), make_actor(season, Role.LEADERSHIP)):
        with pytest.raises(PermissionDenied):
            hand_over(home, actor, [line])
    user = User.objects.get(pk=clerk.user_id)
    Interest.objects.create(campaign=season, user=user, department=home, reason="亲属", starts_on=season.facts_from)
    with pytest.raises(ConflictOfInterest):
        hand_over(home, load_actor(user, season, on=day_of(NOON)), [line])
    with pytest.raises(PermissionDenied):
        hand_over(home, replace(clerk, campaign_id=clerk.campaign_id + 1000), [line])
    assert told(line).told_at is None


# --- what the checks find


def test_the_checks_find_what_is_not_owed_as_it_should_be(season, home, pair, head):
    line = pair.charge("P3", at=EARLIER)
    Obligation.objects.filter(pk=owed(home).pk).update(due_on=date(2009, 12, 1))
    assert not in_order(home)
    Obligation.objects.filter(pk=owed(home).pk).update(dropped_at=NOON)
    assert not in_order(home)
    Obligation.objects.filter(pk=owed(home).pk).delete()
    assert not in_order(home)
    lock_departments([home.pk])
    owe_notices(home.pk, by_id=head.user_id, at=NOON)
    assert in_order(home)
    open_notices([line], by=head, at=NOON)
    Obligation.objects.filter(pk=owed(home).pk).update(met_at=None, recorded_at=None)
    assert not in_order(home)


def test_departments_do_not_touch_each_other(season, home, pair, head):
    make_deduction(season, "P3", by=pair.first, confirmed_by=pair.second, charged="体育部", at=EARLIER)
    line = pair.charge("P3", at=EARLIER)
    open_notices([line], by=head, at=NOON)
    assert owed(home).met_at == NOON
    assert owed(department(season, "体育部")).met_at is None


def test_what_a_closed_department_was_not_told_of_is_owed_there_and_nowhere_else(season, home, pair, clerk):
    pair.charge("P3", at=EARLIER)
    heir = department(season, "体育部")
    close(season, clerk, home, heir)
    assert (owed(home).met_at, owed(home).dropped_at, owed(heir)) == (None, None, None)
    hand_over(home, clerk, [Deduction.objects.get()])
    assert owed(home).met_at == NOON
    assert in_order(home, heir)


# --- the signed confirmation, met by files like what is handed in


def test_a_signed_confirmation_is_handed_in_as_files(season, home, head, portal_files):
    asked = owe(home, ObligationKind.CONFIRMATION, key=str(uuid.uuid4()), name="扣分确认单", due_on=date(2009, 12, 31))
    turn_clock(season, NOON)
    where = reverse("campaigns:obligation", args=[season.slug, asked.uuid])
    browser, form = reader(head), reverse("campaigns:obligation-hand-in", args=[season.slug, asked.uuid])
    assert form in parsed(browser.get(where)).xpath("//@href")
    file = upload_of(User.objects.get(pk=head.user_id), season, name="扣分确认单.pdf")
    answer = browser.post(form, {"files": [str(file.uuid)], "note": "", "version": note_mark(asked)})
    assert answer.url == where
    asked.refresh_from_db()
    assert asked.met_at is not None
    attached = Attachment.objects.get(owner_uuid=asked.uuid)
    with pytest.raises(Refused) as refused:
        remove_attachment(attached, by_id=head.user_id, at=NOON)
    assert refused.value.refusal_code == "kept"
    assert "扣分确认单.pdf" in browser.get(where).content.decode()


def test_a_notice_is_not_met_by_files(season, home, pair, head):
    pair.charge("P3", at=EARLIER)
    turn_clock(season, NOON)
    form = reverse("campaigns:obligation-hand-in", args=[season.slug, owed(home).uuid])
    assert reader(head).get(form).status_code == 404
    with pytest.raises(Refused):
        hand_in(owed(home), uploads=[], note="", version=note_mark(owed(home)), by=head, at=NOON)
