"""What a plan lacks while it is written, and where each gap leads."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from campaigns.enums import ItemPart
from campaigns.models import PlanPart
from campaigns.queries.plan_writing import plan_gaps
from campaigns.services.plan_items import remove_item
from tests.campaigns.handing_in import make_attachment
from tests.campaigns.writing_working import FULL, make_duty, make_item, make_plan, make_suggestion, make_writer, page
from tests.factories import NOON, department


@pytest.fixture
def writer(season):
    return make_writer(season)


@pytest.fixture
def plan(season, writer):
    return make_plan(season, writer)


def written(plan):
    PlanPart.objects.filter(plan=plan).update(text="有")


def test_gaps_of_a_plan_just_begun(plan):
    gaps = plan_gaps(plan)
    assert [part.title for part in gaps.parts] == [
        "工作目标",
        "近期工作主题（或工作口号）",
        "工作重点",
        "本部门内部管理",
    ]
    assert (gaps.has_items, gaps.unchecked, gaps.duties_known) == (False, False, False)
    assert gaps.count == 5  # four parts, and no item


def test_gaps_of_a_whole_plan_are_none(season, writer, plan):
    written(plan)
    make_item(plan, writer, duties=(make_duty(season),), **FULL)
    gaps = plan_gaps(plan)
    assert (gaps.count, gaps.duties, gaps.items, gaps.parts, gaps.suggestions, gaps.without_duty) == (
        0,
        (),
        (),
        (),
        (),
        (),
    )


def test_gaps_name_duties_no_item_serves(season, writer, plan):
    served, other = make_duty(season, "1", "采购"), make_duty(season, "2", "借阅")
    make_duty(season, "3", "废止", ended_at=NOON)
    make_duty(season, "4", "别处的", home="工会")
    item = make_item(plan, writer, duties=(served,))
    assert [(duty.uuid, duty.label) for duty in plan_gaps(plan).duties] == [(other.uuid, "2 借阅")]
    remove_item(item, by_id=writer.pk, at=NOON)
    assert [duty.label for duty in plan_gaps(plan).duties] == ["1 采购", "2 借阅"]


def test_gaps_name_the_empty_parts_of_items(season, writer, plan):
    make_item(plan, writer, "一", **FULL)
    second = make_item(plan, writer, "二", measure="有", service="有")
    (gap,) = plan_gaps(plan).items
    assert (gap.uuid, gap.number, gap.title) == (second.uuid, 2, "二")
    assert gap.parts == (ItemPart.STANDARD, ItemPart.OUTCOME, ItemPart.INCENTIVE)


def test_items_without_duty_are_a_hint_only(season, writer, plan):
    written(plan)
    duty = make_duty(season)
    make_item(plan, writer, "一", duties=(duty,), **FULL)
    make_item(plan, writer, "二", **FULL)
    gaps = plan_gaps(plan)
    assert [item.number for item in gaps.without_duty] == [2]
    assert gaps.count == 0


def test_gaps_name_suggestions_neither_taken_in_nor_answered(season, writer, plan):
    item = make_item(plan, writer)
    waiting = make_suggestion(season, writer, "延长开馆时间")
    make_suggestion(season, writer, "取消", answer="不可行")
    taken = make_suggestion(season, writer, "添置书架", item=item)
    make_suggestion(season, writer, "别处的", home="工会")
    assert [gap.uuid for gap in plan_gaps(plan).suggestions] == [waiting.uuid]
    remove_item(item, by_id=writer.pk, at=NOON)
    assert [gap.uuid for gap in plan_gaps(plan).suggestions] == [waiting.uuid, taken.uuid]


def test_suggestions_of_a_cancelled_session_are_no_gap(season, writer, plan):
    suggestion = make_suggestion(season, writer)
    suggestion.session.cancelled_at = NOON
    suggestion.session.save()
    assert plan_gaps(plan).suggestions == ()


def test_word_text_not_split_says_what_could_not_be_checked(season, writer, plan):
    make_duty(season)
    suggestion = make_suggestion(season, writer)
    plan.word_file = make_attachment(season, department(season), kind="plan", owner=plan, by_id=writer.pk, at=NOON)
    plan.save(update_fields=["word_file"])
    gaps = plan_gaps(plan)
    assert (gaps.unchecked, gaps.duties, gaps.parts, gaps.count) == (True, (), (), 1)
    assert [gap.uuid for gap in gaps.suggestions] == [suggestion.uuid]
    make_item(plan, writer)
    gaps = plan_gaps(plan)
    assert (gaps.unchecked, len(gaps.duties), len(gaps.parts), len(gaps.items)) == (False, 1, 4, 1)


@pytest.mark.parametrize("amount", [1, 3])
def test_gaps_ask_the_same_queries_at_any_length(season, writer, plan, amount, django_assert_num_queries):
    for number in range(amount):
        make_duty(season, str(number))
        make_suggestion(season, writer)
        make_item(plan, writer)
    with django_assert_num_queries(5):
        plan_gaps(plan)


def test_each_gap_leads_to_where_it_is_mended(client, season, writer, plan):
    duty = make_duty(season)
    item = make_item(plan, writer)
    suggestion = make_suggestion(season, writer)
    client.force_login(writer)
    body = client.get(page("plan-write", plan)).content.decode()
    assert f"{page('plan-item-new', plan)}?duty={duty.uuid}" in body
    assert f'href="{page("plan-item", plan, item.uuid)}"' in body
    assert f'href="{page("plan-part", plan, plan.parts.first().uuid)}"' in body
    assert reverse("campaigns:suggestion", args=["2009", suggestion.uuid]) in body


def test_gaps_for_readers_link_nowhere(season, writer, plan):
    make_duty(season)
    make_item(plan, writer)
    make_suggestion(season, writer)
    context = {"gaps": plan_gaps(plan), "paper": plan, "campaign": season, "can_write": False}
    body = render_to_string("campaigns/_plan_gaps.html", context)
    assert "采购图书" in body
    assert "href" not in body


def test_duty_of_a_gap_comes_ticked_into_the_new_item(client, season, writer, plan):
    duty, other = make_duty(season), make_duty(season, "2", "借阅")
    client.force_login(writer)
    form = client.get(page("plan-item-new", plan), {"duty": str(duty.uuid)}).context["form"]
    assert [box.data["selected"] for box in form["duties"]] == [True, False]
    strange = client.get(page("plan-item-new", plan), {"duty": "x'--"})
    assert strange.status_code == 200
    assert other.text == "借阅"
