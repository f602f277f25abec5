"""The items of a plan: their forms, moving, removing, and what a stale save shows."""

import uuid
from datetime import date

import pytest
from django.utils import translation

from campaigns.enums import PlanState, Role
from campaigns.forms.plans import ItemForm
from campaigns.models import Department, Plan, PlanItem
from campaigns.services.plan_items import ItemDraft, add_item, put_back_item, remove_item, save_item
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.writing_working import (
    item_data,
    make_duty,
    make_item,
    make_plan,
    make_writer,
    page,
    titles,
)
from tests.factories import NOON, department

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def writer(season):
    return make_writer(season)


@pytest.fixture
def second(season):
    return make_writer(season, username="second", name="副馆长乙")


@pytest.fixture
def plan(season, writer):
    return make_plan(season, writer)


@pytest.fixture
def browser(client, writer):
    client.force_login(writer)
    return client


def saved(item, by, *, version=1, **values):
    draft = ItemDraft(**{"title": item.title} | values)
    return save_item(item, draft, version=version, by_id=by.pk, at=NOON)


# --- adding


def test_item_is_added_with_all_it_says(browser, season, plan, writer):
    duty = make_duty(season)
    places = [department(season, "教务处"), department(season, "体育部")]
    data = item_data(
        " 延长 开馆 ",
        measure="周末开馆\r\n八点到二十点\u202e",
        standard="无投诉",
        outcome="借阅量增一成",
        incentive="加班补贴",
        service="与学生会协调",
        responsible="李四",
        due="２００９年１１月６日",
        quality_document="QP-07",
        duties=[str(duty.uuid)],
        cooperating=[str(place.uuid) for place in places],
    )
    answer = browser.post(page("plan-item-new", plan), data)
    item = PlanItem.objects.get()
    assert answer.url == page("plan-write", plan) + f"#item-{item.uuid}"
    assert (item.title, item.measure, item.responsible) == ("延长 开馆", "周末开馆\n八点到二十点", "李四")
    assert (item.due_on, item.due_text, item.quality_document) == (date(2009, 11, 6), "", "QP-07")
    assert (list(item.duties.all()), list(item.cooperating.all())) == ([duty], places)
    assert (str(item.uuid), item.order, item.version, item.changed_by) == (data["uuid"], 1, 1, writer)
    entry = AuditEntry.objects.get(act="plan.item.add")
    assert (entry.after["title"], entry.after["duties"]) == ("延长 开馆", [str(duty.uuid)])


def test_item_with_words_for_a_day_keeps_them(browser, plan):
    browser.post(page("plan-item-new", plan), item_data(due="每周一"))
    item = PlanItem.objects.get()
    assert (item.due_on, item.due_text) == (None, "每周一")


def test_form_of_an_item_sent_twice_adds_one(browser, plan):
    data = item_data()
    for _time in range(2):
        assert browser.post(page("plan-item-new", plan), data).status_code == 302
    assert titles(plan) == ["开馆"]
    other = browser.post(page("plan-item-new", plan), data | {"title": "闭馆"})
    assert other.context["form"].non_field_errors()
    assert titles(plan) == ["开馆"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\u202e \x00"}, "title"),
        ({"title": "题" * 201}, "title"),
        ({"measure": "长" * 100_000}, "measure"),
        ({"standard": "长" * 20_001}, "standard"),
        ({"responsible": "名" * 101}, "responsible"),
        ({"due": "2009-13-45"}, "due"),
        ({"due": "2909-11-06"}, "due"),
        ({"due": "字" * 101}, "due"),
        ({"quality_document": "文" * 201}, "quality_document"),
        ({"duties": [str(uuid.UUID(int=7))]}, "duties"),
        ({"duties": ["x'; --"]}, "duties"),
        ({"cooperating": [str(uuid.UUID(int=7))]}, "cooperating"),
        ({"cooperating": ["\x00"]}, "cooperating"),
    ],
)
def test_item_with_bad_input_is_refused_at_its_field_and_kept_on_the_page(browser, plan, values, field):
    answer = browser.post(page("plan-item-new", plan), item_data("标题仍在", outcome="效果仍在") | values)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    body = answer.content.decode()
    assert "效果仍在" in body
    assert str(answer.context["form"].errors[field][0]) in body.replace("&#x27;", "'").replace("&quot;", '"')
    assert not PlanItem.objects.exists()


def test_longest_texts_are_taken(browser, plan):
    browser.post(page("plan-item-new", plan), item_data("题" * 200, measure="长" * 20_000))
    item = PlanItem.objects.get()
    assert (len(item.title), len(item.measure)) == (200, 20_000)


def test_duty_of_another_department_is_refused_by_form_and_service(browser, season, plan, writer):
    foreign, ended = make_duty(season, home="工会"), make_duty(season, "2", ended_at=NOON)
    for duty in (foreign, ended):
        answer = browser.post(page("plan-item-new", plan), item_data(duties=[str(duty.uuid)]))
        assert list(answer.context["form"].errors) == ["duties"]
        with pytest.raises(Refused) as refusal:
            make_item(plan, writer, duties=(duty,))
        assert refusal.value.field == "duties"
    assert titles(plan) == []


def test_departments_of_another_season_and_the_own_one_do_not_cooperate(browser, season, other_season, plan, writer):
    foreign = Department.objects.filter(campaign=other_season).first()
    for place in (foreign, plan.department):
        answer = browser.post(page("plan-item-new", plan), item_data(cooperating=[str(place.uuid)]))
        assert list(answer.context["form"].errors) == ["cooperating"]
        with pytest.raises(Refused) as refusal:
            make_item(plan, writer, cooperating=(place,))
        assert refusal.value.field == "cooperating"


def test_plan_takes_so_many_items_and_no_more(plan, writer):
    PlanItem.objects.bulk_create(PlanItem(plan=plan, title="条目", order=number) for number in range(300))
    with pytest.raises(Refused) as refusal:
        make_item(plan, writer)
    assert refusal.value.refusal_code == "many"


@pytest.mark.parametrize(
    ("covered", "words"),
    [(True, "it is held against"), (False, "it is modelled on"), (None, "it is held against or modelled on")],
)
def test_quality_document_is_named_as_the_department_stands_to_the_system(plan, covered, words):
    Department.objects.filter(pk=plan.department_id).update(in_quality_system=covered)
    plan.refresh_from_db()
    with translation.override("en"):
        label = str(ItemForm(plan=plan).fields["quality_document"].label)
    assert label == f"Document of the quality system {words}"


# --- writing


def test_item_is_saved_and_its_ended_duty_may_stay(browser, season, plan, writer):
    duty = make_duty(season)
    item = make_item(plan, writer, duties=(duty,))
    duty.ended_at = NOON
    duty.save()
    data = item_data("闭馆", version=1, duties=[str(duty.uuid)])
    assert browser.post(page("plan-item", plan, item.uuid), data).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.version, list(item.duties.all())) == ("闭馆", 2, [duty])
    entry = AuditEntry.objects.get(act="plan.item.save")
    assert (entry.before["title"], entry.after["title"], entry.after["version"]) == ("开馆", "闭馆", 2)


def test_item_sent_twice_is_saved_once(browser, plan, writer):
    item = make_item(plan, writer)
    for _time in range(2):
        answer = browser.post(page("plan-item", plan, item.uuid), item_data("闭馆", version=1))
        assert answer.status_code == 302
    assert AuditEntry.objects.filter(act="plan.item.save").count() == 1


def test_item_of_another_plan_is_not_found(browser, season, plan, writer):
    foreign = make_item(make_plan(season, writer, "工会"), writer)
    for url in (
        page("plan-item", plan, foreign.uuid),
        page("plan-item-remove", plan, foreign.uuid),
        page("plan-item", plan, uuid.uuid4()),
    ):
        assert browser.get(url).status_code == 404
        assert browser.post(url, item_data(version=1)).status_code == 404
    assert browser.post(page("plan-item-move", plan, foreign.uuid), {"number": "1"}).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.version, foreign.removed_at) == (1, None)


def test_stale_item_shows_both_texts_of_the_fields_that_differ(browser, season, plan, writer, second):
    ours, theirs = make_duty(season, "1", "采购"), make_duty(season, "2", "借阅")
    item = make_item(plan, writer, measure="旧", standard="旧", outcome="旧")
    saved(item, second, measure="乙的举措", standard="旧", outcome="乙的效果", duties=(theirs,))
    sent = item_data(version=1, measure="旧", standard="甲的标准", outcome="甲的效果", duties=[str(ours.uuid)])
    answer = browser.post(page("plan-item", plan, item.uuid), sent)
    assert answer.status_code == 200
    conflict = answer.context["conflict"]
    assert [(row.theirs, row.mine, row.side) for row in conflict.rows] == [
        ("乙的举措", "旧", "theirs"),
        ("旧", "甲的标准", "mine"),
        ("乙的效果", "甲的效果", "both"),
        ("2 借阅", "1 采购", "both"),
    ]
    assert conflict.by == "副馆长乙"
    body = answer.content.decode()
    for words in ("乙的举措", "甲的标准", "乙的效果", "甲的效果"):
        assert words in body
    item.refresh_from_db()
    assert (item.outcome, item.version) == ("乙的效果", 2)
    # the fields hold mine, and theirs where I had changed nothing
    form = answer.context["form"]
    assert [form[name].value() for name in ("version", "measure", "standard", "outcome")] == [
        2,
        "乙的举措",
        "甲的标准",
        "甲的效果",
    ]
    assert [box.data["selected"] for box in form["duties"]] == [True, False]


def test_keep_mine_saves_what_was_sent_unless_a_third_was_faster(browser, season, plan, writer, second):
    duty = make_duty(season)
    item = make_item(plan, writer, measure="旧")
    saved(item, second, measure="乙的")
    url = page("plan-item", plan, item.uuid)
    sent = item_data(version=1, measure="甲的\n两行", duties=[str(duty.uuid)])
    kept = browser.post(url, sent).context["conflict"].kept
    mine = {name: [value for key, value in kept if key == name] for name, _value in kept}
    saved(item, second, version=2, measure="乙又改")
    again = browser.post(url, mine).context["conflict"]
    assert [row.theirs for row in again.rows if row.mine.startswith("甲的")] == ["乙又改"]
    mine["version"] = ["3"]
    assert browser.post(url, mine).status_code == 302
    item.refresh_from_db()
    assert (item.measure, list(item.duties.all()), item.version) == ("甲的\n两行", [duty], 4)


@pytest.mark.parametrize("version", ["", "x", "0", "2", "-1"])
def test_item_with_a_version_made_up_never_overwrites(browser, plan, writer, version):
    item = make_item(plan, writer, measure="旧")
    answer = browser.post(page("plan-item", plan, item.uuid), item_data(version=version, measure="新"))
    assert answer.status_code == 200
    item.refresh_from_db()
    assert item.measure == "旧"


def test_item_sent_to_a_plan_handed_in_meanwhile_stays_on_the_page(browser, plan, writer):
    item = make_item(plan, writer)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    for url in (page("plan-item", plan, item.uuid), page("plan-item-new", plan)):
        answer = browser.post(url, item_data("写了一下午", version=1))
        assert answer.status_code == 403
        assert "写了一下午" in answer.content.decode()
    assert titles(plan) == ["开馆"]


# --- removing and putting back


def test_item_is_removed_after_a_question_and_put_back(browser, plan, writer):
    one, two, _three = (make_item(plan, writer, title) for title in "甲乙丙")
    url = page("plan-item-remove", plan, two.uuid)
    assert browser.get(url).status_code == 200
    assert titles(plan) == ["甲", "乙", "丙"]
    for _time in range(2):
        answer = browser.post(url, follow=True)
    assert titles(plan) == ["甲", "丙"]
    assert f'<a href="{url}">' in answer.content.decode()
    assert browser.get(page("plan-item", plan, two.uuid)).url == url
    for _time in range(2):
        browser.post(url, {"put_back": "1"})
    assert titles(plan) == ["甲", "乙", "丙"]
    acts = AuditEntry.objects.filter(act__in=["plan.item.remove", "plan.item.put-back"]).values_list("act", flat=True)
    assert sorted(acts) == ["plan.item.put-back", "plan.item.remove"]
    assert one.title == "甲"


def test_saving_an_item_removed_meanwhile_asks_and_then_puts_it_back(browser, plan, writer, second):
    item = make_item(plan, writer)
    remove_item(item, by_id=second.pk, at=NOON)
    url = page("plan-item", plan, item.uuid)
    answer = browser.post(url, item_data("写了一下午", version=1))
    assert answer.context["form"].non_field_errors()
    body = answer.content.decode()
    assert "写了一下午" in body
    assert 'name="put_back"' in body
    assert titles(plan) == []
    browser.post(url, item_data("写了一下午", version=1, put_back="on"))
    assert titles(plan) == ["写了一下午"]


def test_removing_from_a_plan_handed_in_is_refused(plan, writer):
    item = make_item(plan, writer)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED)
    for act in (remove_item, put_back_item):
        with pytest.raises(Refused) as refusal:
            act(item, by_id=writer.pk, at=NOON)
        assert refusal.value.refusal_code == "closed"


# --- moving


def move(browser, item, number, direction, **headers):
    sent = {"number": number, "direction": direction}
    return browser.post(page("plan-item-move", item.plan, item.uuid), sent, **headers)


def test_item_moves_one_place_however_often_its_button_is_pressed(browser, plan, writer):
    items = [make_item(plan, writer, title) for title in "甲乙丙丁"]
    for _time in range(3):
        assert move(browser, items[3], 4, "up").url.endswith(f"#item-{items[3].uuid}")
    assert titles(plan) == ["甲", "乙", "丁", "丙"]
    move(browser, items[0], 1, "down")
    assert titles(plan) == ["乙", "甲", "丁", "丙"]
    assert AuditEntry.objects.filter(act="plan.item.move").count() == 2


def test_item_moves_over_removed_ones_and_not_out_of_the_list(browser, plan, writer):
    one, two, three = (make_item(plan, writer, title) for title in "甲乙丙")
    remove_item(two, by_id=writer.pk, at=NOON)
    for item, number, direction in ((one, 1, "up"), (three, 2, "down"), (one, "x", "up"), (one, "9" * 9, "down")):
        move(browser, item, number, direction)
    assert titles(plan) == ["甲", "丙"]
    move(browser, three, 2, "up")
    assert titles(plan) == ["丙", "甲"]
    put_back_item(two, by_id=writer.pk, at=NOON)
    assert sorted(titles(plan)) == sorted("甲乙丙")


def test_items_brought_in_with_equal_order_move_too(browser, plan):
    one, two = (PlanItem.objects.create(plan=plan, title=title) for title in "甲乙")
    move(browser, two, 2, "up")
    assert titles(plan) == ["乙", "甲"]
    assert one.order == 0


def test_htmx_gets_the_list_after_a_move_and_the_card_after_a_save(browser, plan, writer):
    one, _two = (make_item(plan, writer, title) for title in "甲乙")
    body = move(browser, one, 1, "down", **HTMX).content.decode()
    assert body.index("乙") < body.index("甲")
    assert "<html" not in body
    card = browser.post(page("plan-item", plan, one.uuid), item_data("丙", version=1), **HTMX).content.decode()
    assert (card.count("<article"), f'id="item-{one.uuid}"' in card) == (1, True)
    assert 'id="plan-gaps" hx-swap-oob="true"' in card
    added = browser.post(page("plan-item-new", plan), item_data("丁"), **HTMX).content.decode()
    assert 'hx-swap-oob="beforeend:#plan-items"' in added


def test_office_writes_on_behalf_of_a_department(client, season, plan):
    office = make_writer(season, home=None, role=Role.OFFICE, username="office", name="办公室")
    client.force_login(office)
    client.post(page("plan-item-new", plan), item_data())
    item = PlanItem.objects.get()
    assert (item.changed_by, item.plan) == (office, plan)
    assert AuditEntry.objects.get(act="plan.item.add").by_id == office.pk


def test_add_item_of_a_plan_handed_in_is_refused(plan, writer):
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED)
    with pytest.raises(Refused) as refusal:
        add_item(plan, ItemDraft(title="甲"), uuid=uuid.uuid4(), by_id=writer.pk, at=NOON)
    assert refusal.value.refusal_code == "closed"
