"""What a plan says as a frozen value: `content_of`."""

import pytest

from campaigns.calculations.plans import digest_of
from campaigns.facts.plans import FileContent, ItemContent, PlanContent
from campaigns.queries.plan_content import content_of
from campaigns.services.plan_items import move_item, remove_item
from tests.campaigns.handing_in import make_attachment, make_file
from tests.campaigns.writing_working import make_duty, make_item, make_plan, make_writer
from tests.factories import NOON, department


@pytest.fixture
def writer(season):
    return make_writer(season)


@pytest.fixture
def plan(season, writer):
    return make_plan(season, writer)


def test_content_of_a_plan_begun_has_the_seasons_parts(plan):
    content = content_of(plan)
    assert [part.code for part in content.parts] == ["goals", "theme", "focus", "management"]
    assert content.parts[0].title == "工作目标"
    assert (content.items, content.files, content.word_name, content.word_sha256) == ((), (), "", "")


def test_content_of_a_plan_for_the_college_has_three_parts_more(season, writer):
    content = content_of(make_plan(season, writer, "教务处"))
    assert [part.code for part in content.parts][4:] == ["down", "across", "basis"]


def test_content_of_an_item_prints_duties_departments_and_day(season, writer, plan):
    duty = make_duty(season, "3", "采购图书")
    places = (department(season, "体育部"), department(season, "教务处"))
    item = make_item(plan, writer, due="2009年11月6日", measure="八点开门", duties=(duty,), cooperating=places)
    assert content_of(plan).items == (
        ItemContent(
            uuid=str(item.uuid),
            number=1,
            title="开馆",
            measure="八点开门",
            due="2009-11-06",
            duties=("3 采购图书",),
            cooperating=("教务处", "体育部"),  # in the scheme's order, not in that of the ticks
        ),
    )


def test_content_numbers_standing_items_in_their_order(writer, plan):
    first, second, third = (make_item(plan, writer, title) for title in "甲乙丙")
    remove_item(second, by_id=writer.pk, at=NOON)
    move_item(third, number=2, up=True, by_id=writer.pk, at=NOON)
    assert [(item.number, item.title) for item in content_of(plan).items] == [(1, "丙"), (2, "甲")]
    assert first.uuid != third.uuid


def test_content_names_the_files_of_the_plan_and_its_word_text(season, writer, plan):
    placed = {"kind": "plan", "owner": plan, "by_id": writer.pk, "at": NOON}
    place = department(season)
    belongs = make_attachment(season, place, **placed, file=make_file(by_id=writer.pk, content="a", name="附件.pdf"))
    make_attachment(season, place, **placed, slot="signed", file=make_file(by_id=writer.pk, content="b"))
    make_attachment(season, place, **placed, removed_at=NOON, file=make_file(by_id=writer.pk, content="c"))
    word = make_attachment(
        season, place, **placed, slot="word", file=make_file(by_id=writer.pk, content="d", name="方案.docx")
    )
    plan.word_file = word
    plan.save(update_fields=["word_file"])
    content = content_of(plan)
    assert content.files == (FileContent(str(belongs.uuid), "附件.pdf", belongs.file.sha256, "application/pdf"),)
    assert (content.word_name, content.word_sha256) == ("方案.docx", word.file.sha256)


def test_content_read_twice_is_the_same_and_changes_with_a_word(writer, plan):
    make_item(plan, writer)
    before = content_of(plan)
    assert digest_of(content_of(plan)) == digest_of(before)
    assert PlanContent.from_json(before.as_json()) == before
    plan.items.update(measure="一")
    assert digest_of(content_of(plan)) != digest_of(before)


@pytest.mark.parametrize("amount", [1, 3])
def test_content_asks_the_same_queries_at_any_length(season, writer, plan, amount, django_assert_num_queries):
    duty = make_duty(season)
    for number in range(amount):
        make_item(plan, writer, f"条目{number}", duties=(duty,), cooperating=(department(season, "教务处"),))
    with django_assert_num_queries(5):
        content_of(plan)
