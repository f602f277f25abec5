"""A plan's way from draft to approval: who may, what is kept, what is refused, and that once is once."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.calculations.plans import version_code
from campaigns.enums import ObligationKind, PlanAct, PlanState, Role
from campaigns.models import Attachment, Interest, Obligation, Plan, PlanEvent, PlanItem, PlanRemark, PlanVersion
from campaigns.services.plan_workflow import (
    approve_plan,
    recall_plan,
    request_confirmation,
    return_plan,
    submit_plan,
)
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, StoredFile
from tests.at_once import at_once
from tests.campaigns.flow_working import (
    HEAD,
    IN_TIME,
    LATE,
    LATER,
    OFFICE,
    STAFF,
    actor,
    again,
    appoint,
    approve,
    digest,
    give_back,
    hand_over,
    make_plan,
    submit,
)
from tests.factories import department


@pytest.fixture
def plan(season):
    return make_plan(season)


@pytest.fixture
def head(season):
    return actor(season, HEAD, place="图书馆", name="王馆长")


@pytest.fixture
def liaison(season):
    return actor(season, STAFF, place="图书馆", name="李联络")


@pytest.fixture
def office(season):
    return actor(season, OFFICE, name="办公室小陈")


def state(plan):
    return Plan.objects.get(pk=plan.pk).state


def owed(plan):
    return Obligation.objects.get(department=plan.department, kind=ObligationKind.PLAN_ELECTRONIC)


def upload(by):
    return StoredFile.objects.create(
        sha256=uuid.uuid4().hex * 2,
        name="签字稿.pdf",
        media_type="application/pdf",
        size=3,
        stored_by_id=by.user_id,
        is_upload=True,
    )


def code_of(refusal):
    return refusal.value.refusal_code


# --- asking the head


def test_liaison_asks_the_head_and_may_take_it_back(plan, liaison):
    request_confirmation(plan, by=liaison, at=LATE)
    assert state(plan) == PlanState.REQUESTED
    request_confirmation(plan, by=liaison, at=LATE)
    recall_plan(plan, by=liaison, at=LATE)
    assert state(plan) == PlanState.DRAFT
    assert [event.act for event in PlanEvent.objects.all()] == ["requested", "recalled"]


def test_empty_plan_is_not_put_before_the_head(season, liaison):
    plan = make_plan(season, items=(), text="  \n")
    with pytest.raises(Refused) as refusal:
        request_confirmation(plan, by=liaison, at=LATE)
    assert code_of(refusal) == "empty"


def test_another_departments_people_ask_nothing(season, plan):
    with pytest.raises(PermissionDenied):
        request_confirmation(plan, by=actor(season, STAFF, place="教务处"), at=LATE)


# --- submitting


def test_head_submits_and_the_first_submission_is_the_electronic_receipt(plan, head):
    version = submit(plan, head, at=LATE)
    assert (plan.state, plan.submitted_at) == (PlanState.SUBMITTED, LATE)
    assert (version.number, version.digest, len(version.code)) == (1, digest(plan), 9)
    assert [item["title"] for item in version.content["items"]] == ["借阅服务", "开放时间"]
    row = owed(plan)
    assert (row.met_at, row.met_by_kind, row.met_by_uuid) == (LATE, "plan-version", version.uuid)
    event = PlanEvent.objects.get()
    assert (event.act, event.by_id, event.on_behalf_of_id, event.version) == ("submitted", head.user_id, None, version)
    entry = AuditEntry.objects.get(act="plan.submit")
    assert (entry.before, entry.after["state"], entry.after["version"]) == ({"state": "draft"}, "submitted", 1)
    assert (entry.department_id, entry.after["code"]) == (plan.department_id, version.code)


def test_later_version_leaves_the_time_of_the_first(plan, head, office):
    submit(plan, head, at=IN_TIME)
    give_back(plan, office)
    PlanItem.objects.filter(title="借阅服务").update(measure="每周汇总借阅数据")
    version = submit(plan, head, at=LATER)
    assert (version.number, plan.submitted_at, owed(plan).met_at) == (2, IN_TIME, IN_TIME)
    assert PlanVersion.objects.values_list("code", flat=True).distinct().count() == 2


def test_liaison_without_delegation_does_not_submit(plan, liaison):
    with pytest.raises(PermissionDenied):
        submit(plan, liaison)
    assert not PlanVersion.objects.exists()


def test_delegate_submits_for_the_head(season, plan, head, liaison):
    delegate = hand_over(season, head, liaison)
    submit(plan, delegate)
    event = PlanEvent.objects.get()
    assert (event.by_id, event.on_behalf_of_id) == (liaison.user_id, head.user_id)
    assert AuditEntry.objects.get(act="plan.submit").after["on_behalf_of"] == head.user_id


def test_delegation_that_is_over_hands_over_nothing(season, plan, head, liaison):
    hand_over(season, head, liaison)
    with pytest.raises(PermissionDenied):
        submit(plan, again(season, liaison, LATER), at=LATER)


@pytest.mark.parametrize("words", ["text", "item", "word"])
def test_a_word_anywhere_is_enough(season, head, words):
    plan = make_plan(season, items=("条目",) if words == "item" else (), text="目标" if words == "text" else "")
    if words == "word":
        plan.word_file = Attachment.objects.create(
            campaign=season,
            department=plan.department,
            owner_kind="plan",
            owner_uuid=plan.uuid,
            slot="word",
            file=upload(head),
            added_by_id=head.user_id,
            added_at=LATE,
        )
        plan.save()
    assert submit(plan, head).word_file_id == plan.word_file_id


def test_empty_plan_is_not_submitted(season, head):
    plan = make_plan(season, items=(), text="")
    with pytest.raises(Refused) as refusal:
        submit(plan, head)
    assert code_of(refusal) == "empty"
    assert (state(plan), owed(plan).met_at) == (PlanState.DRAFT, None)


def test_text_changed_after_reading_is_not_submitted(plan, head):
    read = digest(plan)
    PlanItem.objects.filter(title="借阅服务").update(measure="别人刚改的")
    with pytest.raises(Refused) as refusal:
        submit_plan(plan, by=head, digest=read, at=LATE)
    assert code_of(refusal) == "stale"
    assert (state(plan), PlanVersion.objects.count()) == (PlanState.DRAFT, 0)


def test_second_click_makes_no_second_version(plan, head):
    first = submit_plan(plan, by=head, digest=digest(plan), at=LATE)
    second = submit_plan(plan, by=head, digest=digest(plan), at=LATE + timedelta(seconds=1))
    assert (first.is_new, second.is_new, first.version) == (True, False, second.version)
    assert (PlanVersion.objects.count(), PlanEvent.objects.count()) == (1, 1)


def test_stranger_learns_nothing_from_a_second_click(season, plan, head):
    submit(plan, head)
    with pytest.raises((PermissionDenied, Refused)):
        submit_plan(plan, by=actor(season, HEAD, place="教务处"), digest=digest(plan), at=LATE)


def test_same_text_after_a_return_is_taken_and_said(plan, head, office):
    submit(plan, head)
    give_back(plan, office)
    done = submit_plan(plan, by=head, digest=digest(plan), at=LATER)
    assert (done.version.number, done.is_new, done.is_unchanged) == (2, True, True)


def test_code_taken_by_chance_is_bumped(season, plan, head):
    taken = version_code(digest(plan), department=f"2009/{plan.department.uuid}", number=1)
    PlanVersion.objects.create(
        plan=make_plan(season, "教务处"),
        number=1,
        code=taken,
        content={},
        digest="0" * 64,
        submitted_at=LATE,
        submitted_by_id=head.user_id,
    )
    version = submit(plan, head)
    assert (version.number, len(version.code)) == (1, 9)
    assert version.code != taken


@pytest.mark.parametrize("at", [LATE, LATER + timedelta(days=60)])
def test_late_is_taken(plan, head, at):
    submit(plan, head, at=at)
    assert owed(plan).met_at == at


# --- the office for a department


def test_office_submits_with_the_signed_paper_and_a_note(plan, office):
    paper = upload(office)
    submit(plan, office, signed=[paper.uuid], note="馆长已在纸上签字，11月9日")
    event = PlanEvent.objects.get()
    assert (event.by_id, event.on_behalf_of_id, event.note) == (office.user_id, None, "馆长已在纸上签字，11月9日")
    attached = Attachment.objects.get(slot="signed")
    assert (attached.owner_uuid, attached.file) == (plan.uuid, paper)


def test_office_without_paper_or_note_is_refused(plan, office):
    for values, code in (({"note": "为什么"}, "signed"), ({"signed": [upload(office).uuid]}, "note")):
        with pytest.raises(Refused) as refusal:
            submit(plan, office, **values)
        assert code_of(refusal) == code
    assert (state(plan), Attachment.objects.count()) == (PlanState.DRAFT, 0)


def test_head_who_serves_in_the_office_submits_as_head(season, plan, head):
    submit(plan, appoint(season, head, Role.OFFICE))
    assert not Attachment.objects.exists()


def test_office_with_an_interest_submits_nothing(season, plan, office):
    Interest.objects.create(
        campaign=season,
        user_id=office.user_id,
        department=department(season),
        reason="配偶",
        starts_on=season.facts_from,
    )
    with pytest.raises(ConflictOfInterest):
        submit(plan, again(season, office), signed=[upload(office).uuid], note="签了")


# --- returning and approving


def test_office_returns_with_remarks_at_items(plan, head, office):
    version = submit(plan, head)
    item = PlanItem.objects.get(title="借阅服务")
    remarks = {item.uuid: " 举措不具体 ", plan.parts.get().uuid: "  "}
    return_plan(plan, by=office, number=1, note="", remarks=remarks, at=LATER)
    assert state(plan) == PlanState.RETURNED
    assert list(PlanRemark.objects.values_list("version", "target", "text")) == [(version.pk, item.uuid, "举措不具体")]
    assert AuditEntry.objects.get(act="plan.return").after["remarks"] == 1


def test_return_without_a_word_is_refused(plan, head, office):
    submit(plan, head)
    with pytest.raises(Refused) as refusal:
        return_plan(plan, by=office, number=1, note=" ", remarks={uuid.uuid4(): " "}, at=LATER)
    assert code_of(refusal) == "remarks"


def test_remark_on_something_not_in_the_version_is_refused(plan, head, office):
    submit(plan, head)
    with pytest.raises(Refused) as refusal:
        return_plan(plan, by=office, number=1, note="", remarks={uuid.uuid4(): "甲"}, at=LATER)
    assert (code_of(refusal), PlanRemark.objects.count()) == ("target", 0)


def test_return_of_an_older_version_is_stale(plan, head, office):
    submit(plan, head)
    give_back(plan, office)
    submit(plan, head, at=LATER)
    for act in (
        lambda: return_plan(plan, by=office, number=1, note="甲", remarks={}, at=LATER),
        lambda: approve_plan(plan, by=office, number=1, at=LATER),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert code_of(refusal) == "stale"
    assert state(plan) == PlanState.SUBMITTED


def test_second_click_on_return_changes_nothing(plan, head, office):
    submit(plan, head)
    item = PlanItem.objects.first().uuid
    for _click in range(2):
        return_plan(plan, by=office, number=1, note="请补充", remarks={item: "甲"}, at=LATER)
    assert (PlanRemark.objects.count(), PlanEvent.objects.filter(act=PlanAct.RETURNED).count()) == (1, 1)
    with pytest.raises(Refused) as refusal:
        return_plan(plan, by=office, number=1, note="另一句", remarks={item: "甲"}, at=LATER)
    assert code_of(refusal) == "state"


def test_approved_once_and_an_approved_plan_may_still_be_returned(plan, head, office):
    submit(plan, head)
    approve(plan, office)
    approve(plan, office, at=LATER + timedelta(days=1))
    assert (plan.state, plan.approved_at) == (PlanState.APPROVED, LATER)
    give_back(plan, office, note="评估组发现有误")
    assert (plan.state, plan.approved_at) == (PlanState.RETURNED, None)


def test_draft_is_neither_approved_nor_returned(plan, head, office):
    submit(plan, head)
    give_back(plan, office)
    with pytest.raises(Refused) as refusal:
        approve_plan(plan, by=office, number=1, at=LATER)
    assert code_of(refusal) == "state"


@pytest.mark.parametrize("role", [Role.HEAD, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_only_the_office_decides(season, plan, head, role):
    submit(plan, head)
    other = actor(season, role, place="教务处" if role == Role.HEAD else "")
    with pytest.raises(PermissionDenied):
        approve_plan(plan, by=other, number=1, at=LATER)
    with pytest.raises(PermissionDenied):
        return_plan(plan, by=other, number=1, note="甲", remarks={}, at=LATER)


def test_office_of_the_own_department_decides_nothing(season, plan, head):
    submit(plan, head)
    both = appoint(season, head, Role.OFFICE)
    with pytest.raises(ConflictOfInterest):
        approve_plan(plan, by=both, number=1, at=LATER)
    with pytest.raises(ConflictOfInterest):
        return_plan(plan, by=both, number=1, note="甲", remarks={}, at=LATER)


# --- at once


def test_two_heads_at_once_make_one_version(committed_season):
    plan = make_plan(committed_season)
    heads = [actor(committed_season, HEAD, place="图书馆", username=f"head{number}") for number in range(4)]
    seen = digest(plan)
    results = at_once(*(lambda by=by: submit_plan(plan, by=by, digest=seen, at=LATE) for by in heads))
    assert sorted(result.is_new for result in results) == [False, False, False, True]
    assert (PlanVersion.objects.count(), PlanEvent.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(act="plan.submit").count() == 1


def test_return_and_approval_at_once_are_one_of_them(committed_season):
    plan = make_plan(committed_season)
    submit(plan, actor(committed_season, HEAD, place="图书馆"))
    one, two = (actor(committed_season, OFFICE, username=f"office{number}") for number in range(2))
    results = at_once(
        lambda: approve_plan(plan, by=one, number=1, at=LATER),
        lambda: return_plan(plan, by=two, number=1, note="甲", remarks={}, at=LATER),
    )
    acts = list(PlanEvent.objects.exclude(act="submitted").values_list("act", flat=True))
    refused = [result for result in results if isinstance(result, Refused)]
    # an approved plan may be returned after all; a returned one is approved no more
    assert (acts, len(refused)) in [(["approved", "returned"], 0), (["returned"], 1)]
    assert state(plan) == PlanState.RETURNED
