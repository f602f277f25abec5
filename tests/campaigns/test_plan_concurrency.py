"""Several people on one plan, each with a connection of their own: nobody's text is lost, no two orders collide."""

import uuid

import pytest
from django.db import transaction

from campaigns.enums import PlanState
from campaigns.models import Plan, PlanItem, PlanPart
from campaigns.services.plan_items import ItemDraft, add_item, move_item, save_item
from campaigns.services.plans import add_section, lock_plan, save_part, start_plan
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.at_once import at_once
from tests.campaigns.writing_working import make_item, make_plan, make_writer, titles
from tests.factories import NOON, department

THREADS = 8


@pytest.fixture
def writer(committed_season):
    return make_writer(committed_season)


@pytest.fixture
def plan(committed_season, writer):
    return make_plan(committed_season, writer)


def test_plan_begun_by_several_at_once_is_one(committed_season, writer):
    place = department(committed_season)
    results = at_once(*[lambda: start_plan(place, by_id=writer.pk, at=NOON)] * THREADS)
    assert {type(result) for result in results} == {Plan}
    assert len({result.pk for result in results}) == 1
    assert PlanPart.objects.filter(plan=results[0]).count() == 4
    assert AuditEntry.objects.filter(act="plan.start").count() == 1


def test_items_added_at_once_all_stay_with_orders_of_their_own(plan, writer):
    def adding(number):
        draft = ItemDraft(title=f"条目{number}")
        return lambda: add_item(plan, draft, uuid=uuid.uuid4(), by_id=writer.pk, at=NOON)

    results = at_once(*(adding(number) for number in range(THREADS)))
    assert {type(result) for result in results} == {PlanItem}
    assert sorted(titles(plan)) == [f"条目{number}" for number in range(THREADS)]
    assert list(PlanItem.objects.filter(plan=plan).values_list("order", flat=True)) == list(range(1, THREADS + 1))


def test_one_form_sent_several_times_at_once_adds_one_item_and_one_section(plan, writer):
    item, section = uuid.uuid4(), uuid.uuid4()
    signed = {"by_id": writer.pk, "at": NOON}
    results = at_once(
        *[lambda: add_item(plan, ItemDraft(title="开馆"), uuid=item, **signed)] * 4,
        *[lambda: add_section(plan, uuid=section, title="其他", text="正文", **signed)] * 4,
    )
    assert {type(result) for result in results} == {PlanItem, PlanPart}
    assert titles(plan) == ["开馆"]
    assert PlanPart.objects.filter(plan=plan, code="").count() == 1
    assert AuditEntry.objects.filter(act__in=["plan.item.add", "plan.section.add"]).count() == 2


def test_one_item_saved_by_several_at_once_takes_one_and_tells_the_others(plan, writer):
    item = make_item(plan, writer, measure="旧")

    def saving(number):
        draft = ItemDraft(title="开馆", measure=f"第{number}人写的")
        return lambda: save_item(item, draft, version=1, by_id=writer.pk, at=NOON)

    results = at_once(*(saving(number) for number in range(THREADS)))
    won = [result for result in results if isinstance(result, PlanItem)]
    told = [result for result in results if isinstance(result, Refused)]
    assert (len(won), len(told)) == (1, THREADS - 1)
    assert {refusal.refusal_code for refusal in told} == {"stale"}
    item.refresh_from_db()
    assert (item.measure, item.version) == (won[0].measure, 2)
    assert AuditEntry.objects.filter(act="plan.item.save").count() == 1


def test_different_items_saved_at_once_are_all_saved(plan, writer):
    items = [make_item(plan, writer, f"条目{number}") for number in range(THREADS)]

    def saving(item):
        draft = ItemDraft(title=item.title, measure=f"{item.title}的举措")
        return lambda: save_item(item, draft, version=1, by_id=writer.pk, at=NOON)

    results = at_once(*(saving(item) for item in items))
    assert {type(result) for result in results} == {PlanItem}
    written = PlanItem.objects.filter(plan=plan).values_list("title", "measure", "version")
    assert list(written) == [(f"条目{number}", f"条目{number}的举措", 2) for number in range(THREADS)]


def test_part_saved_by_two_at_once_takes_one_and_tells_the_other(plan, writer):
    part = PlanPart.objects.get(plan=plan, code="goals")

    def saving(text):
        return lambda: save_part(part, version=1, text=text, by_id=writer.pk, at=NOON)

    results = at_once(saving("甲写的"), saving("乙写的"))
    assert sorted(type(result).__name__ for result in results) == ["PlanPart", "Refused"]
    part.refresh_from_db()
    assert (part.version, part.text in ("甲写的", "乙写的")) == (2, True)


def test_items_moved_at_once_keep_every_item_and_distinct_orders(plan, writer):
    items = [make_item(plan, writer, f"条目{number}") for number in range(THREADS)]

    def moving(number, up):
        item = items[number - 1]
        return lambda: move_item(item, number=number, up=up, by_id=writer.pk, at=NOON)

    results = at_once(*(moving(number, number % 2 == 0) for number in range(1, THREADS + 1)))
    assert {type(result) for result in results} == {bool}
    assert sorted(titles(plan)) == [f"条目{number}" for number in range(THREADS)]
    orders = list(PlanItem.objects.filter(plan=plan).values_list("order", flat=True))
    assert orders == list(range(1, THREADS + 1))


def test_no_item_comes_in_after_the_plan_was_handed_in(plan, writer):
    def hand_in():
        with transaction.atomic():
            locked = lock_plan(plan)
            seen = PlanItem.objects.filter(plan=plan).count()
            locked.state = PlanState.SUBMITTED
            locked.save(update_fields=["state"])
            return seen

    def adding(number):
        draft = ItemDraft(title=f"条目{number}")
        return lambda: add_item(plan, draft, uuid=uuid.uuid4(), by_id=writer.pk, at=NOON)

    seen, *results = at_once(hand_in, *(adding(number) for number in range(5)))
    refused = [result for result in results if isinstance(result, Refused)]
    assert {refusal.refusal_code for refusal in refused} <= {"closed"}
    assert PlanItem.objects.filter(plan=plan).count() == seen == 5 - len(refused)
