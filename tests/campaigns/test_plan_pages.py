"""The pages of plans: who sees what, submitting and reviewing in the browser, and nothing typed is lost."""

import pytest

from campaigns import hooks
from campaigns.enums import PlanState, Role
from campaigns.models import Plan, PlanItem, PlanVersion, Receipt
from tests.campaigns.flow_working import (
    HEAD,
    IN_TIME,
    LATE,
    LATER,
    OFFICE,
    STAFF,
    actor,
    appoint,
    approve,
    digest,
    give_back,
    hand_over,
    log_in,
    make_plan,
    submit,
    url,
)
from tests.factories import department

SECRET = "尚未提交的新举措"


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


@pytest.fixture(autouse=True)
def _clock(season):
    """Let the season's clock stand in November 2009."""
    from qualityseason.clock import wall_now

    season.clock_offset = LATE - wall_now()
    season.save(update_fields=["clock_offset"])


def page(client, who, name="plan", *args):
    log_in(client, who)
    return client.get(url(name, *args))


def receive(season, version, kind, *, by, number, pages=None):
    Receipt.objects.create(
        campaign=season,
        number=number,
        kind=kind,
        department=version.plan.department,
        version=version,
        received_on=LATE.date(),
        pages=pages,
        received_by_id=by.user_id,
        entered_at=LATE,
    )


# --- the list


def rows_of(response):
    return {row.department: row for row in response.context["rows"]}


def test_list_shows_the_office_every_department(client, season, plan, head, office):
    version = submit(plan, head)
    receive(season, version, "electronic", by=office, number=1)
    receive(season, version, "paper", by=office, number=2, pages=5)
    make_plan(season, "教务处")
    rows = rows_of(page(client, office, "plans"))
    assert len(rows) == 24
    library, academic, union = rows["图书馆"], rows["教务处"], rows["工会"]
    assert (library.state, library.number, library.items, library.days_late) == ("submitted", 1, 2, 4)
    assert (library.electronic.number, library.paper.pages, library.submitted_at) == (1, 5, LATE)
    assert (academic.state, academic.number, academic.is_overdue, academic.days_late) == ("draft", 0, True, 4)
    assert (union.uuid, union.state) == (None, "")


def test_list_hides_drafts_from_assessors(client, season, plan):
    rows = rows_of(page(client, actor(season, Role.ASSESSOR), "plans"))
    assert (len(rows), rows["图书馆"].uuid, rows["图书馆"].state) == (24, None, "")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "submitted"}, ["图书馆"]),
        ({"state": "draft"}, ["教务处"]),
        ({"block": "B", "state": "none"}, 9),
        ({"state": "approved"}, []),
    ],
)
def test_list_is_filtered(client, season, plan, head, office, query, expected):
    submit(plan, head)
    make_plan(season, "教务处")
    log_in(client, office)
    found = list(rows_of(client.get(url("plans"), query)))
    assert (len(found) if isinstance(expected, int) else found) == expected


@pytest.mark.parametrize("plans", [1, 3])
def test_list_asks_the_same_queries(client, season, office, head, plans, django_assert_num_queries):
    for place in ("图书馆", "教务处", "工会")[:plans]:
        by = head if place == "图书馆" else appoint(season, head, HEAD, place)
        version = submit(make_plan(season, place), by)
        receive(season, version, "electronic", by=office, number=version.pk)
    log_in(client, office)
    with django_assert_num_queries(12):
        client.get(url("plans"))


def test_department_is_led_to_its_plan(client, plan, liaison):
    assert page(client, liaison, "plans").url == url("plan", plan.uuid)


def test_department_without_plan_may_begin_one(client, season, liaison):
    response = page(client, liaison, "plans")
    assert [place.name for place in response.context["startable"]] == ["图书馆"]
    assert f'value="{department(season).uuid}"' in response.content.decode()


# --- the page


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.OFFICE, "", 200),
        (Role.STAFF, "图书馆", 200),
        (Role.HEAD, "教务处", 404),
        (Role.ASSESSOR, "", 404),
        (Role.TEAM_LEAD, "", 404),
        (Role.LEADERSHIP, "", 404),
    ],
)
@pytest.mark.parametrize("name", ["plan", "plan-changes"])
def test_draft_is_the_departments_and_the_offices(client, season, plan, role, place, status, name):
    who = actor(season, role, place=place)
    allowed = status if name == "plan" or status == 404 else 302
    assert page(client, who, name, plan.uuid).status_code == allowed


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_others_read_what_was_submitted_not_what_is_being_written(client, season, plan, head, office, role):
    submit(plan, head)
    give_back(plan, office, note="请写得具体")
    PlanItem.objects.filter(title="借阅服务").update(measure=SECRET)
    reader = actor(season, role)
    text = page(client, reader, "plan", plan.uuid).content.decode()
    assert "借阅服务的举措" in text
    assert SECRET not in text
    assert "请写得具体" not in text
    assert SECRET not in client.get(url("plan-changes", plan.uuid)).content.decode()
    assert client.get(url("plan-changes", plan.uuid), {"older": 1, "newer": 0}).status_code == 404
    for who in (head, office):
        assert SECRET in page(client, who, "plan", plan.uuid).content.decode()


def test_receiver_reads_the_submitted_plan(client, season, plan, head):
    from campaigns.models import Responsibility

    receiver = actor(season, STAFF, place="组织人事处")
    Responsibility.objects.create(
        campaign=season, code="electronic-receiver", department=department(season, "组织人事处")
    )
    assert page(client, receiver, "plan", plan.uuid).status_code == 404
    submit(plan, head)
    assert client.get(url("plan", plan.uuid)).status_code == 200


def names_on(client, who, plan):
    page_of = page(client, who, "plan", plan.uuid).context["page"]
    return [(step.act, step.who, step.on_behalf_of) for step in page_of.steps]


def test_history_names_people_to_those_who_may_know(client, season, plan, head, liaison, office):
    submit(plan, hand_over(season, head, liaison))
    give_back(plan, office)
    named = [("returned", "办公室小陈", ""), ("submitted", "李联络", "王馆长")]
    assert names_on(client, office, plan) == named
    assert names_on(client, actor(season, Role.ASSESSOR), plan) == named
    assert names_on(client, head, plan) == [("returned", "活动办公室", ""), ("submitted", "李联络", "王馆长")]
    assert names_on(client, actor(season, Role.LEADERSHIP), plan) == [
        ("returned", "活动办公室", ""),
        ("submitted", "图书馆", ""),
    ]


def test_steps_inside_the_department_stay_there(client, season, plan, head, liaison):
    from campaigns.services.plan_workflow import request_confirmation

    request_confirmation(plan, by=liaison, at=LATE)
    submit(plan, head)
    assert [step[0] for step in names_on(client, head, plan)] == ["submitted", "requested"]
    assert [step[0] for step in names_on(client, actor(season, Role.ASSESSOR), plan)] == ["submitted"]


def test_remarks_stand_where_they_belong_until_the_next_submission(client, plan, head, office):
    submit(plan, head)
    item = PlanItem.objects.get(title="借阅服务")
    give_back(plan, office, note="总的来说不错", remarks={item.uuid: "写明频次"})
    shown = page(client, head, "plan", plan.uuid).context["page"].text
    assert shown.remarks.note == "总的来说不错"
    assert [remark for _item, remark in shown.items] == ["写明频次", ""]
    submit(plan, head, at=LATER)
    assert not page(client, head, "plan", plan.uuid).context["page"].text.remarks


def acts_of(client, who, plan):
    context = page(client, who, "plan", plan.uuid).context
    return {
        name
        for name in ("can_write", "can_request", "can_recall", "can_submit", "can_review", "can_mark")
        if context[name]
    }


def test_what_may_be_done_follows_state_and_role(client, season, plan, head, liaison, office):
    assert acts_of(client, liaison, plan) == {"can_write", "can_request"}
    assert acts_of(client, head, plan) == {"can_write", "can_request", "can_submit"}
    assert acts_of(client, office, plan) == {"can_write", "can_request", "can_submit"}
    submit(plan, head)
    assessor = actor(season, Role.ASSESSOR)
    assert [acts_of(client, who, plan) for who in (head, office, assessor)] == [set(), {"can_review"}, {"can_mark"}]
    approve(plan, office)
    assert acts_of(client, office, plan) == {"can_review"}


@pytest.mark.parametrize("items", [1, 3])
def test_page_asks_the_same_queries(client, season, office, head, items, django_assert_num_queries):
    plan = make_plan(season, items=[f"条目{number}" for number in range(items)])
    for _time in range(items):
        submit(plan, head)
        give_back(plan, office)
    log_in(client, head)
    with django_assert_num_queries(22):
        client.get(url("plan", plan.uuid))


def test_panels_of_other_apps_stand_on_the_page(client, plan, head, monkeypatch):
    panel = hooks.Panel("campaigns/_plan_remarks.html", lambda campaign, who, place, at: {"place": place.name})
    monkeypatch.setitem(hooks.panels, "plan", [panel])
    assert page(client, head, "plan", plan.uuid).context["panels"][0]["data"] == {"place": "图书馆"}


# --- asking and submitting


def test_liaison_asks_and_takes_back(client, plan, liaison):
    log_in(client, liaison)
    client.post(url("plan-request", plan.uuid))
    assert Plan.objects.get().state == PlanState.REQUESTED
    client.post(url("plan-recall", plan.uuid))
    assert Plan.objects.get().state == PlanState.DRAFT
    assert client.get(url("plan-submit", plan.uuid)).status_code == 403


def test_head_submits_with_one_tap_late(client, plan, head):
    response = page(client, head, "plan-submit", plan.uuid)
    text = response.content.decode()
    assert "借阅服务的举措" in text
    assert [(row.state, row.days_late) for row in response.context["owed"]] == [("overdue", 4)]
    assert response.context["gaps"].count > 0
    done = client.post(url("plan-submit", plan.uuid), {"digest": response.context["digest"]})
    assert done.url == url("plan", plan.uuid)
    assert PlanVersion.objects.get().submitted_by_id == head.user_id
    client.post(url("plan-submit", plan.uuid), {"digest": response.context["digest"]})
    assert PlanVersion.objects.count() == 1


def test_text_changed_meanwhile_is_shown_anew(client, plan, head):
    read = digest(plan)
    PlanItem.objects.filter(title="借阅服务").update(measure=SECRET)
    log_in(client, head)
    response = client.post(url("plan-submit", plan.uuid), {"digest": read})
    assert SECRET in response.content.decode()
    assert response.context["form"].non_field_errors()
    assert (response.context["digest"], PlanVersion.objects.count()) == (digest(plan), 0)
    client.post(url("plan-submit", plan.uuid), {"digest": response.context["digest"]})
    assert PlanVersion.objects.get().content["items"][0]["measure"] == SECRET


def test_delegate_reads_for_whom(client, season, plan, head, liaison):
    response = page(client, hand_over(season, head, liaison), "plan-submit", plan.uuid)
    assert (response.context["head"].display_name, response.context["by_office"]) == ("王馆长", False)


def test_office_is_asked_for_the_paper(client, plan, office):
    response = page(client, office, "plan-submit", plan.uuid)
    assert response.context["by_office"]
    response = client.post(url("plan-submit", plan.uuid), {"digest": response.context["digest"], "note": "馆长已签"})
    assert "files" in response.context["form"].errors
    assert response.context["form"]["note"].value() == "馆长已签"
    assert not PlanVersion.objects.exists()


# --- reviewing


def remark(uuid):
    return f"remark-{uuid}"


def test_office_returns_from_the_page(client, plan, head, office):
    submit(plan, head)
    item = PlanItem.objects.get(title="借阅服务")
    response = page(client, office, "plan-review", plan.uuid)
    assert [row.title for row, _field in response.context["form"].item_rows] == ["借阅服务", "开放时间"]
    form = {"number": 1, "note": "", remark(item.uuid): "写明频次"}
    assert client.post(url("plan-review", plan.uuid), form).url == url("plan", plan.uuid)
    assert plan.versions.get().remarks.get().text == "写明频次"


def test_return_without_a_word_comes_back(client, plan, head, office):
    submit(plan, head)
    log_in(client, office)
    response = client.post(url("plan-review", plan.uuid), {"number": 1, "note": ""})
    assert "note" in response.context["form"].errors


def test_newer_version_keeps_what_was_typed(client, plan, head, office):
    submit(plan, head)
    kept, gone = PlanItem.objects.order_by("order")
    give_back(plan, office)
    gone.removed_at = LATE
    gone.save()
    submit(plan, head, at=LATER)
    log_in(client, office)
    form = {"number": 1, "note": "总评", remark(kept.uuid): "写明频次", remark(gone.uuid): "时间太短"}
    response = client.post(url("plan-review", plan.uuid), form)
    shown = response.context["form"]
    assert shown.non_field_errors()
    assert shown["note"].value() == "总评\n开放时间: 时间太短"
    assert shown[remark(kept.uuid)].value() == "写明频次"
    assert shown["number"].value() == "2"
    assert Plan.objects.get().state == PlanState.SUBMITTED


def test_office_approves_from_the_page(client, plan, head, office):
    submit(plan, head, at=IN_TIME)
    item = PlanItem.objects.first()
    log_in(client, office)
    response = client.post(url("plan-approve", plan.uuid), {"number": 1, "note": "", remark(item.uuid): "写明频次"})
    assert response.context["form"][remark(item.uuid)].value() == "写明频次"
    assert Plan.objects.get().state == PlanState.SUBMITTED
    client.post(url("plan-approve", plan.uuid), {"number": 1, "note": ""})
    assert Plan.objects.get().state == PlanState.APPROVED


def test_own_department_is_not_reviewed(client, season, plan, head):
    submit(plan, head)
    both = appoint(season, head, Role.OFFICE)
    assert page(client, both, "plan-review", plan.uuid).status_code == 403
    assert client.post(url("plan-approve", plan.uuid), {"number": 1}).status_code == 403
    assert Plan.objects.get().state == PlanState.SUBMITTED


def test_nothing_to_review_leads_back(client, plan, head, office):
    assert page(client, office, "plan-review", plan.uuid).url == url("plan", plan.uuid)
    submit(plan, head)
    give_back(plan, office)
    assert client.get(url("plan-review", plan.uuid)).url == url("plan", plan.uuid)
