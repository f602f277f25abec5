"""Which files belong where: slots a record has, who fills them, whose eyes they reach, and what is not taken away."""

import pytest
from django.urls import reverse

from campaigns.enums import ContestState, DecisionKind, ResponsibilityCode, Role
from campaigns.models import (
    Attachment,
    Attendance,
    Contest,
    ContestEntry,
    Decision,
    Interest,
    Obligation,
    Responsibility,
)
from campaigns.queries.attachments import files_of
from campaigns.services.attachments import attach_uploads, remove_attachment
from campaigns.services.minutes import MinutesDraft, keep_minutes
from campaigns.services.obligations import hand_in, note_mark
from campaigns.services.plan_readings import bring_in
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, StoredFile, User
from tests.campaigns.files_working import PDF, make_docx, make_session, upload_of
from tests.campaigns.flow_working import (
    HEAD,
    IN_TIME,
    LATER,
    OFFICE,
    STAFF,
    actor,
    again,
    give_back,
    log_in,
    make_plan,
    submit,
    url,
)
from tests.campaigns.owed_working import ask_for_files
from tests.factories import NOON, department, make_person

OWN = "图书馆"


@pytest.fixture(autouse=True)
def _files(portal_files):
    """Every test here keeps files of its own."""


@pytest.fixture
def liaison(season):
    return actor(season, STAFF, place=OWN)


def user_of(who):
    return User.objects.get(pk=who.user_id)


def attach(season, record, who, *, kind, slot="", name="材料.pdf", content=b"", at=NOON):
    stored = upload_of(user_of(who), season, content or pdf_of(name), name)
    [made] = attach_uploads(
        [stored.uuid],
        campaign_id=season.pk,
        department_id=department(season, OWN).pk,
        owner_kind=kind,
        owner_uuid=record.uuid,
        slot=slot,
        by_id=who.user_id,
        at=at,
    )
    return made


def pdf_of(name):
    """Return a PDF of its own content."""
    return PDF + b"%" + name.encode() + b"\nstartxref\n164\n%%EOF\n"


def add_url(kind, record, slot=""):
    address = reverse("campaigns:attachment-add", args=["2009", kind, record.uuid])
    return f"{address}?slot={slot}" if slot else address


def status(client, who, address):
    log_in(client, who)
    return client.get(address).status_code


def receiver(season):
    who = actor(season, STAFF, place="工会", username="receiver")
    Responsibility.objects.create(campaign=season, code=ResponsibilityCode.ELECTRONIC_RECEIVER, user_id=who.user_id)
    return again(season, who)


def judge(season):
    who = actor(season, STAFF, place="工会", username="judge")
    Responsibility.objects.create(campaign=season, code=ResponsibilityCode.CONTEST_JUDGE, user_id=who.user_id)
    return again(season, who)


# --- slots


def test_record_has_its_own_slots_alone(client, season, liaison):
    session, plan = make_session(season, user_of(liaison)), make_plan(season)
    for slot in ("", "minutes", "sign-in"):
        assert status(client, liaison, add_url("study-session", session, slot)) == 200, slot
    for slot in ("slip", "word", "anything"):
        assert status(client, liaison, add_url("study-session", session, slot)) == 404, slot
    assert status(client, liaison, add_url("plan", plan, "signed")) == 200
    for slot in ("word", "sheet", "extension"):
        assert status(client, liaison, add_url("plan", plan, slot)) == 404, slot


def test_paper_of_an_extension_is_the_offices(client, season, liaison):
    make_plan(season)
    owed = Obligation.objects.filter(department=department(season, OWN)).first()
    office = actor(season, OFFICE)
    assert status(client, liaison, add_url("obligation", owed, "extension")) == 403
    assert status(client, office, add_url("obligation", owed, "extension")) == 200
    paper = attach(season, owed, office, kind="obligation", slot="extension")
    [shown] = files_of(liaison, "obligation", [owed.uuid], campaign=season)[owed.uuid]
    assert (shown.replace_url, shown.remove_url) == ("", "")
    for name in ("attachment-replace", "attachment-remove"):
        assert status(client, liaison, url(name, paper.uuid)) == 403
    log_in(client, liaison)
    assert client.post(url("attachment-remove", paper.uuid)).status_code == 403
    assert Attachment.objects.current().filter(pk=paper.pk).exists()


def test_member_of_the_office_keeps_no_paper_of_the_own_departments_extension(client, season):
    make_plan(season)
    owed = Obligation.objects.filter(department=department(season, OWN)).first()
    office = actor(season, OFFICE)
    Interest.objects.create(
        campaign=season, user_id=office.user_id, department=owed.department, reason="亲属", starts_on=season.facts_from
    )
    assert status(client, office, add_url("obligation", owed, "extension")) == 403


def test_official_word_text_is_changed_by_bringing_in_another_alone(client, season, liaison):
    plan = make_plan(season)
    upload = upload_of(user_of(liaison), season, make_docx("方案"), "方案.docx")
    word = bring_in(plan, upload=upload.uuid, kind="word", read=None, by_id=liaison.user_id, at=NOON).attachment
    for name in ("attachment-replace", "attachment-remove"):
        assert status(client, liaison, url(name, word.uuid)) == 403
    assert status(client, liaison, url("attachment", word.uuid)) == 200


def test_files_of_a_plan_stand_still_while_it_is_in_the_offices_hands(client, season, liaison):
    plan = make_plan(season)
    enclosed = attach(season, plan, liaison, kind="plan")
    submit(plan, actor(season, HEAD, place=OWN))
    for address in (add_url("plan", plan), url("attachment-replace", enclosed.uuid)):
        assert status(client, liaison, address) == 403
    assert status(client, liaison, add_url("plan", plan, "signed")) == 200


# --- whose eyes


def test_file_added_to_a_returned_plan_is_a_draft_until_it_is_submitted(client, season, liaison):
    plan, head = make_plan(season), actor(season, HEAD, place=OWN)
    first = attach(season, plan, liaison, kind="plan", name="一.pdf")
    submit(plan, head)
    give_back(plan, actor(season, OFFICE))
    draft = attach(season, plan, liaison, kind="plan", name="二.pdf")
    strangers = [actor(season, role) for role in (Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP)]
    strangers.append(receiver(season))
    for who in strangers:
        assert status(client, who, url("attachment", first.uuid)) == 200, who.roles
        for name in ("attachment", "attachment-open", "attachment-pages"):
            assert status(client, who, url(name, draft.uuid)) == 404, (who.roles, name)
        assert [file.name for file in files_of(who, "plan", [plan.uuid], campaign=season).get(plan.uuid, ())] == [
            "一.pdf"
        ]
    assert status(client, liaison, url("attachment", draft.uuid)) == 200
    submit(plan, head, at=LATER)
    for who in strangers:
        assert status(client, who, url("attachment", draft.uuid)) == 200, who.roles


def test_judge_opens_the_files_of_the_version_entered_alone(client, season, liaison):
    plan, head, office = make_plan(season), actor(season, HEAD, place=OWN), actor(season, OFFICE)
    first = attach(season, plan, liaison, kind="plan", name="一.pdf")
    signed = attach(season, plan, liaison, kind="plan", name="签字.pdf", slot="signed")
    entered = submit(plan, head)
    contest = Contest.objects.create(
        campaign=season, judged_until=season.ends_on, opened_by_id=office.user_id, opened_at=NOON
    )
    ContestEntry.objects.create(contest=contest, plan=plan, version=entered)
    give_back(plan, office)
    later = attach(season, plan, liaison, kind="plan", name="二.pdf")
    submit(plan, head, at=LATER)
    who = judge(season)
    assert status(client, who, url("attachment", first.uuid)) == 200
    assert status(client, who, url("attachment", later.uuid)) == 404
    assert status(client, who, url("attachment", signed.uuid)) == 404


def test_file_of_a_submitted_version_opens_although_the_next_leaves_it_out(client, season, liaison):
    plan, head = make_plan(season), actor(season, HEAD, place=OWN)
    enclosed = attach(season, plan, liaison, kind="plan")
    submit(plan, head)
    give_back(plan, actor(season, OFFICE))
    remove_attachment(enclosed, by_id=liaison.user_id, at=LATER)
    for who in (liaison, actor(season, Role.ASSESSOR)):
        assert status(client, who, url("attachment", enclosed.uuid)) == 200
        assert files_of(who, "plan", [plan.uuid], campaign=season) == {}
    draft = attach(season, plan, liaison, kind="plan", name="二.pdf")
    remove_attachment(draft, by_id=liaison.user_id, at=LATER)
    assert status(client, liaison, url("attachment", draft.uuid)) == 404


def test_name_of_a_private_slip_waits_for_the_logged_click(client, season, liaison):
    session = make_session(season, user_of(liaison))
    leave = Attendance.objects.create(session=session, person=make_person(season, home=OWN), status="sick")
    slip = attach(season, leave, liaison, kind="attendance", slot="slip", name="张三抑郁症诊断.pdf")
    team = actor(season, Role.TEAM_LEAD)
    [shown] = files_of(team, "attendance", [leave.uuid], campaign=season)[leave.uuid]
    assert "张三" not in shown.name
    log_in(client, team)
    for address in (url("session", session.uuid), url("attachment-open", slip.uuid)):
        page = client.get(address)
        assert page.status_code == 200
        assert "抑郁" not in page.content.decode()
    assert not AuditEntry.objects.filter(act="file.open-private").exists()
    assert "%E6%8A%91%E9%83%81" in client.post(url("attachment-open", slip.uuid))["Content-Disposition"]
    [own] = files_of(liaison, "attendance", [leave.uuid], campaign=season)[leave.uuid]
    assert own.name == "张三抑郁症诊断.pdf"


def tied_decision(season, by):
    """Return a decision on a tie in which the library stands."""
    plan = make_plan(season)
    version = submit(plan, actor(season, HEAD, place=OWN))
    contest = Contest.objects.create(
        campaign=season,
        judged_until=season.ends_on,
        state=ContestState.CLOSED,
        opened_by_id=by.user_id,
        opened_at=NOON,
    )
    entry = ContestEntry.objects.create(contest=contest, plan=plan, version=version)
    return Decision.objects.create(
        campaign=season,
        kind=DecisionKind.CONTEST_TIE,
        decided_on=NOON.date(),
        present="全体",
        text="决定",
        data={"order": [str(entry.uuid)], "rank": 1, "mean": "90.00"},
        recorded_by_id=by.user_id,
        recorded_at=NOON,
    )


def test_minutes_of_a_decision_are_not_for_who_has_an_interest_in_the_tie(client, season):
    office, leader = actor(season, OFFICE), actor(season, Role.LEADERSHIP)
    decision = tied_decision(season, office)
    minutes = attach(season, decision, office, kind="decision")
    assert status(client, leader, url("attachment", minutes.uuid)) == 200
    Interest.objects.create(
        campaign=season,
        user_id=leader.user_id,
        department=department(season, OWN),
        reason="亲属",
        starts_on=season.facts_from,
    )
    assert status(client, leader, url("attachment", minutes.uuid)) == 404
    assert status(client, leader, url("attachment-remove", minutes.uuid)) == 404
    assert status(client, leader, add_url("decision", decision)) == 403


def test_upload_made_in_another_season_is_attached_to_nothing_here(season, other_season, liaison):
    stored = upload_of(user_of(liaison), other_season)
    session = make_session(season, user_of(liaison))
    with pytest.raises(Refused) as refused:
        attach_uploads(
            [stored.uuid],
            campaign_id=season.pk,
            department_id=session.department_id,
            owner_kind="study-session",
            owner_uuid=session.uuid,
            by_id=liaison.user_id,
            at=NOON,
        )
    assert refused.value.refusal_code == "gone"


# --- what is not taken away


def test_last_file_handed_in_is_replaced_and_not_removed(client, season, liaison):
    make_plan(season)
    ask_for_files(season)
    owed = Obligation.objects.filter(department=department(season, OWN), kind="hand-in").first()
    uploads = [upload_of(user_of(liaison), season, pdf_of(name), name).uuid for name in ("一.pdf", "二.pdf")]
    hand_in(owed, uploads=uploads, note="", version=note_mark(owed), by=liaison, at=IN_TIME)
    first, last = Attachment.objects.of_owner("obligation", owed.uuid)
    remove_attachment(first, by_id=liaison.user_id, at=NOON)
    with pytest.raises(Refused) as refused:
        remove_attachment(last, by_id=liaison.user_id, at=NOON)
    assert refused.value.refusal_code == "kept"
    log_in(client, liaison)
    page = client.post(url("attachment-remove", last.uuid))
    assert page.status_code == 200
    assert str(page.context["problem"])
    assert Attachment.objects.current().filter(pk=last.pk).exists()


def test_file_lying_with_something_not_handed_in_yet_is_removed(season, liaison):
    make_plan(season)
    ask_for_files(season)
    owed = Obligation.objects.filter(department=department(season, OWN), kind="hand-in").first()
    lying = attach(season, owed, liaison, kind="obligation")
    remove_attachment(lying, by_id=liaison.user_id, at=NOON)
    assert not Attachment.objects.current().filter(pk=lying.pk).exists()


def test_scan_that_minutes_rest_on_is_replaced_and_not_removed(season, liaison):
    session = make_session(season, user_of(liaison))
    session.sittings.create(starts_at=IN_TIME)
    draft = MinutesDraft(held=True, main_content_pages="1", discussion_pages="2")
    scan = upload_of(user_of(liaison), season).uuid
    assert keep_minutes(session, draft, scans=[scan], by_id=liaison.user_id, at=LATER) == ()
    attached = Attachment.objects.of_owner("study-session", session.uuid).get()
    with pytest.raises(Refused) as refused:
        remove_attachment(attached, by_id=liaison.user_id, at=LATER)
    assert refused.value.refusal_code == "kept"
    typed = MinutesDraft(held=True, main_content="学习文件", discussion="各抒己见")
    keep_minutes(session, typed, by_id=liaison.user_id, at=LATER)
    remove_attachment(attached, by_id=liaison.user_id, at=LATER)
    assert StoredFile.objects.filter(pk=attached.file_id).exists()
