"""Versions are kept as they were, and what changed between them is marked."""

import pytest

from campaigns.enums import PlanState, Role
from campaigns.models import Contest, ContestEntry, PlanItem, Responsibility
from campaigns.queries.plan_changes import plan_changes
from tests.campaigns.flow_working import (
    HEAD,
    LATE,
    LATER,
    OFFICE,
    STAFF,
    actor,
    give_back,
    log_in,
    make_plan,
    submit,
    url,
)
from tests.factories import department


@pytest.fixture
def plan(season):
    return make_plan(season)


@pytest.fixture
def head(season):
    return actor(season, HEAD, place="图书馆")


@pytest.fixture
def office(season):
    return actor(season, OFFICE)


@pytest.fixture
def twice(plan, head, office):
    """A plan submitted, returned with a remark, mended and submitted again."""
    submit(plan, head)
    first = PlanItem.objects.get(title="借阅服务")
    give_back(plan, office, remarks={first.uuid: "写明频次"})
    PlanItem.objects.filter(pk=first.pk).update(measure="借阅服务的举措，每周一次")
    PlanItem.objects.filter(title="开放时间").update(removed_at=LATER)
    PlanItem.objects.create(plan=plan, order=9, title="网上续借")
    submit(plan, head, at=LATER)
    return plan


def kinds(changes):
    return [("".join(piece.text for piece in entry.title), entry.kind) for entry in changes.items]


def test_version_stays_as_it_was(client, twice, head):
    log_in(client, head)
    text = client.get(url("plan-version", twice.uuid, 1)).content.decode()
    assert "开放时间的举措" in text
    assert "每周一次" not in text
    assert "写明频次" in text
    text = client.get(url("plan-version", twice.uuid, 2)).content.decode()
    assert "每周一次" in text
    assert "写明频次" not in text


@pytest.mark.parametrize("number", [0, 3])
def test_version_that_is_not_there_is_404(client, twice, head, number):
    log_in(client, head)
    assert client.get(url("plan-version", twice.uuid, number)).status_code == 404


def test_what_changed_since_the_return_is_marked(client, twice, office):
    changes = plan_changes(office, twice)
    assert (changes.older, changes.newer) == (1, 2)
    assert kinds(changes) == [("借阅服务", "changed"), ("开放时间", "removed"), ("网上续借", "added")]
    (field,) = changes.items[0].fields
    assert [(piece.kind, piece.text) for piece in field.pieces] == [
        ("same", "借阅服务的举措"),
        ("added", "，每周一次"),
    ]
    assert [entry.remark for entry in changes.items] == ["写明频次", "", ""]
    log_in(client, office)
    text = client.get(url("plan-changes", twice.uuid)).content.decode()
    assert "<ins>，每周一次</ins>" in text
    assert "<del>开放时间</del>" in text


def test_text_being_written_is_compared_with_what_was_returned(twice, head, office):
    give_back(twice, office)
    PlanItem.objects.filter(title="网上续借").update(measure="每日处理")
    changes = plan_changes(head, twice)
    assert (changes.older, changes.newer) == (2, 0)
    assert kinds(changes) == [("借阅服务", "same"), ("网上续借", "changed")]


def test_assessor_compares_versions_alone(season, twice, office):
    give_back(twice, office)
    PlanItem.objects.filter(title="网上续借").update(measure="每日处理")
    assessor = actor(season, Role.ASSESSOR)
    changes = plan_changes(assessor, twice)
    assert (changes.older, changes.newer, changes.sees_working) == (1, 2, False)
    assert [entry.remark for entry in changes.items] == ["", "", ""]
    assert not changes.remarks
    assert plan_changes(assessor, twice, older=1, newer=0) is None


def test_any_two_versions_may_be_compared(client, twice, head):
    log_in(client, head)
    response = client.get(url("plan-changes", twice.uuid), {"older": "2", "newer": "1"})
    assert kinds(response.context["changes"]) == [
        ("借阅服务", "changed"),
        ("网上续借", "removed"),
        ("开放时间", "added"),
    ]
    assert client.get(url("plan-changes", twice.uuid), {"older": "7"}).status_code == 404
    assert client.get(url("plan-changes", twice.uuid), {"older": "x', ²"}).status_code == 200


def test_same_text_submitted_again_says_so(client, plan, head, office):
    submit(plan, head)
    give_back(plan, office)
    submit(plan, head, at=LATER)
    assert plan_changes(head, plan).comparison.is_same
    log_in(client, head)
    rows = client.get(url("plan", plan.uuid)).context["page"].versions
    assert [(row.number, row.is_unchanged) for row in rows] == [(2, True), (1, False)]


def test_judge_reads_the_version_entered_alone(client, season, plan, head, office):
    judge = actor(season, STAFF, place="工会")
    Responsibility.objects.create(campaign=season, code="contest-judge", user_id=judge.user_id)
    first = submit(plan, head)
    give_back(plan, office)
    submit(plan, head, at=LATER)
    log_in(client, judge)
    assert client.get(url("plan", plan.uuid)).status_code == 404
    contest = Contest.objects.create(
        campaign=season, judged_until=LATER.date(), opened_by_id=office.user_id, opened_at=LATER
    )
    ContestEntry.objects.create(contest=contest, plan=plan, version=first)
    assert client.get(url("plan", plan.uuid)).context["page"].text.number == 1
    assert client.get(url("plan-version", plan.uuid, 1)).status_code == 200
    assert client.get(url("plan-version", plan.uuid, 2)).status_code == 404


def test_stranger_sees_no_version(client, season, twice):
    log_in(client, actor(season, HEAD, place="教务处"))
    for name, *rest in (("plan-version", 1), ("plan-changes",), ("plan",)):
        assert client.get(url(name, twice.uuid, *rest)).status_code == 404
    assert client.post(url("plan-print", twice.uuid, 1)).status_code == 404


def test_plan_begun_anew_after_nothing_has_nothing_to_compare(client, plan, head):
    log_in(client, head)
    assert client.get(url("plan-changes", plan.uuid)).url == url("plan", plan.uuid)
    assert plan.state == PlanState.DRAFT


def test_versions_belong_to_their_own_plan(client, season, twice, head):
    other = make_plan(season, "教务处")
    submit(other, actor(season, HEAD, place="教务处"), at=LATE)
    assert other.department == department(season, "教务处")
    log_in(client, head)
    assert client.get(url("plan-version", other.uuid, 1)).status_code == 404
