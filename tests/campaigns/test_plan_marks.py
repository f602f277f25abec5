"""Assessors mark items: for the team and the office alone, never for the department, never one's own."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import MarkReason, Role
from campaigns.models import Interest, PlanItem, PlanMark
from campaigns.services.plan_marks import mark_item, withdraw_mark
from qualityseason.clock import wall_now
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.flow_working import (
    HEAD,
    LATER,
    OFFICE,
    actor,
    again,
    appoint,
    give_back,
    log_in,
    make_plan,
    submit,
    url,
)
from tests.factories import department

VAGUE, CHANGED = MarkReason.NOT_CONCRETE, MarkReason.CHANGED_UNREVIEWED


@pytest.fixture
def head(season):
    return actor(season, HEAD, place="图书馆", name="王馆长")


@pytest.fixture
def assessor(season):
    return actor(season, Role.ASSESSOR, name="考核员甲")


@pytest.fixture
def plan(season, head):
    plan = make_plan(season)
    submit(plan, head)
    return plan


def item(title="借阅服务"):
    return PlanItem.objects.get(title=title).uuid


def mark(plan, by, **values):
    given = {"number": 1, "target": item(), "reason": VAGUE, "note": "没有频次", "at": LATER} | values
    return mark_item(plan, by=by, **given)


def code_of(refusal):
    return refusal.value.refusal_code


def test_mark_is_kept_with_who_and_when(plan, assessor):
    made = mark(plan, assessor, reason=CHANGED, reviewed_on=date(2009, 9, 28))
    assert (made.reason, made.reviewed_on, made.by_id, made.at) == (CHANGED, date(2009, 9, 28), assessor.user_id, LATER)
    assert AuditEntry.objects.get(act="plan.mark").after["item"] == str(item())


def test_day_of_review_belongs_to_a_changed_standard(plan, assessor):
    assert mark(plan, assessor, reviewed_on=date(2009, 9, 28)).reviewed_on is None
    with pytest.raises(Refused) as refusal:
        mark(plan, assessor, reason=CHANGED, reviewed_on=LATER.date() + timedelta(days=1))
    assert code_of(refusal) == "future"


def test_same_mark_again_is_the_first(season, plan, assessor):
    first = mark(plan, assessor)
    assert mark(plan, assessor) == first
    for by, note in ((assessor, "另一句"), (actor(season, Role.TEAM_LEAD), "没有频次")):
        with pytest.raises(Refused) as refusal:
            mark(plan, by, note=note)
        assert (code_of(refusal), refusal.value.existing) == ("marked", first)
    withdraw_mark(first, by=assessor, at=LATER)
    assert mark(plan, assessor, note="另一句") != first


def test_mark_on_what_is_not_submitted_is_refused(plan, assessor):
    made = PlanItem.objects.create(plan=plan, title="新条目")
    with pytest.raises(Refused) as refusal:
        mark(plan, assessor, target=made.uuid)
    assert code_of(refusal) == "target"


def test_mark_on_an_older_version_is_stale(season, plan, head, assessor):
    give_back(plan, actor(season, OFFICE))
    submit(plan, head, at=LATER)
    with pytest.raises(Refused) as refusal:
        mark(plan, assessor, number=1)
    assert code_of(refusal) == "stale"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADERSHIP, Role.HEAD])
def test_only_the_team_marks(season, plan, role):
    with pytest.raises(PermissionDenied):
        mark(plan, actor(season, role, place="教务处" if role == Role.HEAD else ""))


def test_draft_is_not_marked(season, assessor):
    plan = make_plan(season)
    with pytest.raises(PermissionDenied):
        mark(plan, assessor)


def test_own_department_is_not_marked(season, plan, head, assessor):
    with pytest.raises(ConflictOfInterest):
        mark(plan, appoint(season, head, Role.ASSESSOR))
    Interest.objects.create(
        campaign=season,
        user_id=assessor.user_id,
        department=department(season),
        reason="配偶",
        starts_on=season.facts_from,
    )
    with pytest.raises(ConflictOfInterest):
        mark(plan, again(season, assessor))


def test_mark_is_withdrawn_by_its_maker_or_the_team_lead(season, plan, assessor):
    made = mark(plan, assessor)
    with pytest.raises(PermissionDenied):
        withdraw_mark(made, by=actor(season, Role.ASSESSOR, username="another"), at=LATER)
    lead = actor(season, Role.TEAM_LEAD)
    withdraw_mark(made, by=lead, at=LATER)
    withdraw_mark(made, by=assessor, at=LATER + timedelta(days=1))
    made.refresh_from_db()
    assert (made.withdrawn_by_id, made.withdrawn_at) == (lead.user_id, LATER)


# --- the page


@pytest.fixture(autouse=True)
def _clock(season):
    """Let the season's clock stand in November 2009."""
    season.clock_offset = LATER - wall_now()
    season.save(update_fields=["clock_offset"])


def rows(response):
    return {marked.title: marked for marked, _form, _is_sent in response.context["rows"]}


def test_items_are_marked_on_the_page(client, plan, assessor):
    log_in(client, assessor)
    page = client.get(url("plan-marks", plan.uuid))
    assert list(rows(page)) == ["借阅服务", "开放时间"]
    assert "借阅服务的举措" in page.content.decode()
    form = {"target": item(), "number": 1, "reason": "not-concrete", "note": "没有频次", "reviewed_on": ""}
    response = client.post(url("plan-marks", plan.uuid), form)
    assert response.url == f"{url('plan-marks', plan.uuid)}#item-{item()}"
    shown = rows(client.get(url("plan-marks", plan.uuid)))["借阅服务"]
    assert [(row.reason, row.note, row.by, row.may_withdraw) for row in shown.marks] == [
        ("not-concrete", "没有频次", "考核员甲", True)
    ]
    client.post(url("plan-mark-withdraw", PlanMark.objects.get().uuid))
    assert PlanMark.objects.standing().count() == 0


def test_form_comes_back_whole_at_its_item(client, plan, assessor):
    log_in(client, assessor)
    form = {"target": item(), "number": 1, "reason": "changed-unreviewed", "note": "改了", "reviewed_on": "九月"}
    sent = [
        (marked.title, form)
        for marked, form, is_sent in client.post(url("plan-marks", plan.uuid), form).context["rows"]
        if is_sent
    ]
    assert [title for title, _form in sent] == ["借阅服务"]
    assert "reviewed_on" in sent[0][1].errors
    assert (sent[0][1]["note"].value(), sent[0][1]["reviewed_on"].value()) == ("改了", "九月")


def test_newer_version_keeps_the_note(client, season, plan, head, assessor):
    give_back(plan, actor(season, OFFICE))
    gone = item("开放时间")
    PlanItem.objects.filter(uuid=gone).update(removed_at=LATER)
    submit(plan, head, at=LATER)
    log_in(client, assessor)
    form = {"target": gone, "number": 1, "reason": "not-concrete", "note": "时间没有写", "reviewed_on": ""}
    response = client.post(url("plan-marks", plan.uuid), form)
    assert response.context["lost"]["note"].value() == "时间没有写"
    assert "时间没有写" in response.content.decode()
    response = client.post(url("plan-marks", plan.uuid), form | {"target": item()})
    assert [sent["note"].value() for _marked, sent, is_sent in response.context["rows"] if is_sent] == ["时间没有写"]
    assert not PlanMark.objects.exists()


def test_marks_of_earlier_versions_stay_with_their_item(client, season, plan, head, assessor):
    mark(plan, assessor)
    mark(plan, assessor, target=item("开放时间"))
    give_back(plan, actor(season, OFFICE))
    PlanItem.objects.filter(title="开放时间").update(removed_at=LATER)
    submit(plan, head, at=LATER)
    log_in(client, assessor)
    shown = rows(client.get(url("plan-marks", plan.uuid)))
    assert [(title, marked.item is not None, marked.marks[0].version) for title, marked in shown.items()] == [
        ("借阅服务", True, 1),
        ("开放时间", False, 1),
    ]


def test_department_never_sees_marks(client, season, plan, head, assessor):
    mark(plan, assessor, note="只给考核小组看")
    log_in(client, head)
    assert client.get(url("plan-marks", plan.uuid)).status_code == 403
    for name, *rest in (("plan",), ("plan-version", 1)):
        assert "只给考核小组看" not in client.get(url(name, plan.uuid, *rest)).content.decode()
    both = appoint(season, head, Role.ASSESSOR)
    log_in(client, both)
    assert client.get(url("plan-marks", plan.uuid)).status_code == 403
    assert client.get(url("plan", plan.uuid)).context["page"].marks == 0
    assert client.post(url("plan-mark-withdraw", PlanMark.objects.get().uuid)).status_code == 404


@pytest.mark.parametrize("state", ["draft", "unknown"])
def test_what_is_not_submitted_has_no_marks_page(client, season, plan, assessor, state):
    log_in(client, assessor)
    uuid = make_plan(season, "工会").uuid if state == "draft" else "00000000-0000-4000-8000-000000000000"
    assert client.get(url("plan-marks", uuid)).status_code == 404


@pytest.mark.parametrize("marks", [1, 3])
def test_page_asks_the_same_queries(client, plan, assessor, marks, django_assert_num_queries):
    for reason in list(MarkReason)[:marks]:
        mark(plan, assessor, reason=reason)
    log_in(client, assessor)
    with django_assert_num_queries(9):
        client.get(url("plan-marks", plan.uuid))
