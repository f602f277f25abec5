"""Duties and own policies as facts: which of them evidence or a measure carries out."""

import uuid
from datetime import date

import pytest

from campaigns.enums import EvidenceTarget, Role
from campaigns.models import Evidence, PlanItem, Policy, PolicyItem
from campaigns.services.duties import end_duty
from campaigns.services.policies import withdraw_policy
from campaigns.services.policy_measures import add_measure, remove_measure
from scoring.queries.sources.duties import read_duties, read_policies
from scoring.services.announcements import announce
from tests.campaigns.circular_working import entered, liaison_of, prove
from tests.campaigns.flow_working import HEAD, IN_TIME, LATE, LATER, actor, give_back, make_plan, submit
from tests.campaigns.handing_in import make_attachment
from tests.campaigns.writing_working import make_duty
from tests.factories import NOON, department, make_actor
from tests.scoring.sources.paper_rows import DAY, HOME, OTHER, merge, read, shown

PHASE_END = date(2009, 12, 22)


@pytest.fixture
def liaison(season):
    return liaison_of(season)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def recorded(season, **values):
    return {duty.number: duty.is_recorded for duty in read(read_duties, season, **values)}


def evidence_of(season, target, key, by, **values):
    return prove(season, target, key, by_id=by.user_id, **values)


# --- duties


def test_department_without_duties(season):
    make_duty(season, home=OTHER)
    assert read(read_duties, season) == ()


def test_ended_duty_is_not_read(season, office):
    end_duty(make_duty(season), by_id=office.user_id, at=LATER)
    assert read(read_duties, season) == ()


def test_duty_with_standing_evidence_is_recorded(season, liaison):
    first, second, third = (make_duty(season, number) for number in "123")
    evidence_of(season, EvidenceTarget.DUTY, first.uuid, liaison)
    evidence_of(season, EvidenceTarget.DUTY, second.uuid, liaison, withdrawn=True)
    evidence_of(season, EvidenceTarget.PROBLEM, third.uuid, liaison)
    assert recorded(season) == {"1": True, "2": False, "3": False}


def test_evidence_of_an_item_records_the_duties_it_serves(season, liaison):
    plan = make_plan(season)
    served, other = make_duty(season, "1", "采购图书"), make_duty(season, "2", "装订")
    first, second = PlanItem.objects.filter(plan=plan)
    first.duties.add(served)
    second.duties.add(other)
    evidence_of(season, EvidenceTarget.PLAN_ITEM, first.uuid, liaison)
    assert recorded(season) == {"1": True, "2": False}


def test_item_that_served_the_duty_as_submitted_still_records_it(season, liaison, office):
    plan, duty = make_plan(season), make_duty(season)
    item = PlanItem.objects.filter(plan=plan).first()
    item.duties.add(duty)
    submit(plan, actor(season, HEAD, place=HOME), at=IN_TIME)
    give_back(plan, office)
    item.duties.clear()
    evidence_of(season, EvidenceTarget.PLAN_ITEM, item.uuid, liaison)
    assert recorded(season) == {"1": True}


def test_item_taken_out_still_records_what_it_served(season, liaison):
    plan, duty = make_plan(season), make_duty(season)
    item = PlanItem.objects.filter(plan=plan).first()
    item.duties.add(duty)
    PlanItem.objects.filter(pk=item.pk).update(removed_at=LATER)
    evidence_of(season, EvidenceTarget.PLAN_ITEM, item.uuid, liaison)
    assert recorded(season) == {"1": True}


def test_merged_duty_keeps_its_evidence(season, office, liaison):
    plan = make_plan(season, OTHER)
    direct, by_item = make_duty(season, "1", "体育场地", home=OTHER), make_duty(season, "2", "运动会", home=OTHER)
    make_duty(season, "3", "体测", home=OTHER)
    item = PlanItem.objects.filter(plan=plan).first()
    item.duties.add(by_item)
    evidence_of(season, EvidenceTarget.DUTY, direct.uuid, liaison, home=OTHER)
    evidence_of(season, EvidenceTarget.PLAN_ITEM, item.uuid, liaison, home=OTHER)
    merge(season, office)
    assert recorded(season) == {"1": True, "2": True, "3": False}
    assert recorded(season, home=OTHER) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_does_not_grow_with_duties(season, liaison, rows, django_assert_num_queries):
    plan = make_plan(season, items=[f"条目{number}" for number in range(rows)])
    for number, item in enumerate(PlanItem.objects.filter(plan=plan)):
        duty = make_duty(season, str(number))
        item.duties.add(duty)
        evidence_of(season, EvidenceTarget.PLAN_ITEM, item.uuid, liaison)
    submit(plan, actor(season, HEAD, place=HOME))
    place = department(season, HOME)
    with django_assert_num_queries(4):
        found = read_duties(place, DAY)
    assert [duty.is_recorded for duty in found] == [True] * rows


def test_duty_without_evidence_is_shown_once_the_phase_is_over(season, liaison, office):
    duty = make_duty(season)
    key = f"A1B1|duty:{duty.uuid}"
    assert shown(season, "B1", on=PHASE_END) == []
    assert shown(season, "B1", on=date(2009, 12, 23)) == [(key, 1, "no-record", PHASE_END)]
    assert shown(season, "A1", on=DAY) == []
    announce(season, kind="evidence", starts_on=date(2009, 11, 10), by=office, at=LATE)
    assert shown(season, "B1") == [(key, 1, "proven", PHASE_END)]
    evidence_of(season, EvidenceTarget.DUTY, duty.uuid, liaison)
    assert shown(season, "B1") == []


def test_announcement_after_the_last_day_proves_nothing(season, office):
    duty = make_duty(season)
    announce(season, kind="evidence", starts_on=date(2009, 12, 23), by=office, at=LATE)
    assert shown(season, "B1") == [(f"A1B1|duty:{duty.uuid}", 1, "no-record", PHASE_END)]


def test_twin_charges_an_office_by_its_own_line(season):
    duty = make_duty(season, home="工会")
    assert shown(season, "A1", home="工会") == [(f"A1B1|duty:{duty.uuid}", 1, "no-record", PHASE_END)]
    assert shown(season, "B1", home="工会") == []


# --- own policies


def test_contents_of_policies_in_force_are_read_with_what_carries_them_out(season, liaison):
    policy = entered(season, liaison, "每周检查", "每月通报", "纳入考核")
    first, second, third = PolicyItem.objects.filter(policy=policy)
    add_measure(first, uuid=uuid.uuid4(), text="查四次", happened_on=date(2009, 11, 30), by=liaison, at=NOON)
    undone = add_measure(second, uuid=uuid.uuid4(), text="通报", happened_on=date(2009, 11, 30), by=liaison, at=NOON)
    remove_measure(undone, by=liaison, at=NOON)
    evidence_of(season, EvidenceTarget.POLICY_ITEM, third.uuid, liaison)
    evidence_of(season, EvidenceTarget.POLICY_ITEM, second.uuid, liaison, withdrawn=True)
    found = read(read_policies, season)
    assert [(item.text, item.measures, item.evidence) for item in found] == [
        ("每周检查", 1, 0),
        ("每月通报", 0, 0),
        ("纳入考核", 0, 1),
    ]
    assert {(item.title, item.number, item.issued_on, item.page) for item in found} == {
        ("值班制度", "馆字[2008]3号", date(2008, 9, 1), policy.uuid)
    }


def test_withdrawn_policy_removed_content_and_other_departments_are_not_read(season, liaison):
    withdraw_policy(entered(season, liaison, "每周检查"), because="废止", by=liaison, at=NOON)
    kept = entered(season, liaison, "每月通报", "已删")
    PolicyItem.objects.filter(policy=kept, text="已删").update(removed_at=NOON)
    entered(season, liaison_of(season, OTHER), "其他", home=OTHER)
    assert [item.text for item in read(read_policies, season)] == ["每月通报"]


def test_files_of_the_policy_are_kept_with_each_content(season, liaison):
    policy = entered(season, liaison, "每周检查", "每月通报")
    make_attachment(season, department(season, HOME), kind="policy", owner=policy, by_id=liaison.user_id, at=NOON)
    assert [[file.name for file in item.files] for item in read(read_policies, season)] == [["a.pdf"], ["a.pdf"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_does_not_grow_with_policies(season, liaison, rows, django_assert_num_queries):
    for number in range(rows):
        policy = entered(season, liaison, *(f"内容{place}" for place in range(rows)), title=f"制度{number}")
        make_attachment(season, department(season, HOME), kind="policy", owner=policy, by_id=liaison.user_id, at=NOON)
    place = department(season, HOME)
    with django_assert_num_queries(3):
        found = read_policies(place, DAY)
    assert len(found) == rows * rows


def test_content_on_paper_is_shown_until_it_is_carried_out(season, liaison, office):
    item = PolicyItem.objects.get(policy=entered(season, liaison, "每周检查"))
    key = f"A4B3|policy-item:{item.uuid}"
    assert shown(season, "B3", on=PHASE_END) == []
    assert shown(season, "B3") == [(key, 1, "no-record", PHASE_END)]
    announce(season, kind="policy", starts_on=PHASE_END, by=office, at=LATE)
    assert shown(season, "B3") == [(key, 1, "proven", PHASE_END)]
    add_measure(item, uuid=uuid.uuid4(), text="查四次", happened_on=date(2009, 12, 27), by=liaison, at=NOON)
    assert shown(season, "B3") == []


def test_merged_policy_and_its_evidence_go_to_the_successor(season, office, liaison):
    theirs = liaison_of(season, OTHER)
    item = PolicyItem.objects.get(policy=entered(season, theirs, "每周检查", home=OTHER))
    piece = evidence_of(season, EvidenceTarget.POLICY_ITEM, item.uuid, theirs, home=OTHER)
    merge(season, office)
    (found,) = read(read_policies, season)
    assert (found.uuid, found.evidence) == (item.uuid, 1)
    assert Evidence.objects.get(pk=piece.pk).department.name == HOME
    assert Policy.objects.get().department.name == HOME
    assert read(read_policies, season, home=OTHER) == ()
