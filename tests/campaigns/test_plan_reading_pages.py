"""Bringing a plan in as a file and checking it: the file kept, the proposal corrected, all of it or nothing taken."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from campaigns.enums import PlanState, Role
from campaigns.models import Attachment, Duty, Interest, Plan, PlanItem, PlanPart, PlanReading
from campaigns.services.plan_items import ItemDraft, add_item, save_item
from campaigns.services.plan_readings import take_over
from campaigns.services.plans import save_part, start_plan
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.files_working import PDF
from tests.campaigns.writing_working import make_duty, make_plan, make_writer, page
from tests.factories import NOON, department, make_membership, make_user
from tests.library_plan import library_plan
from tests.word_files import paragraph, table, word_file

CHECK_QUERIES = 13
HEAD = ("项目", "举措", "标准", "效果", "奖惩", "服务协调配合", "对应职责", "完成时间")


@pytest.fixture(autouse=True)
def _own_files(portal_files):
    return portal_files


@pytest.fixture
def writer(season):
    return make_writer(season)


@pytest.fixture
def plan(season, writer):
    make_duty(season, number="1", text="做好开馆工作")
    return make_plan(season, writer)


@pytest.fixture
def browser(client, writer):
    client.force_login(writer)
    return client


def word(*rows, extra=()):
    return word_file(paragraph("一、工作目标"), paragraph("满意"), *extra, table(HEAD, *rows))


ROW = ("开馆", "两班轮值", "98小时", "满意", "奖50元", "与团委、教务处商定", "1", "11月底前")


def bring(browser, plan, content, *, act="read", name="方案.docx"):
    file = SimpleUploadedFile(name, content)
    return browser.post(page("plan-bring-in", plan), {"files": file, "act": act})


def reading_of(plan):
    return PlanReading.objects.get(plan=plan, settled_at__isnull=True)


def address(plan):
    return page("plan-reading", plan, reading_of(plan).uuid)


def filled(browser, plan, **changes):
    """Return the fields of the check page as a browser would send them."""
    answer = browser.get(address(plan))
    form = answer.context["form"]
    data = {"version": answer.context["version"], "seen": answer.context["seen"], "act": "take"}
    for entry in form:
        for name in entry.fields:
            value = entry[name].value()
            data[f"{entry.prefix}-{name}"] = "" if value is None else value
    return data | {key.replace("__", "-"): value for key, value in changes.items()}


# --- the file


def test_word_file_is_kept_as_the_official_text_and_read(browser, plan, writer):
    answer = bring(browser, plan, word(ROW))
    plan.refresh_from_db()
    assert answer.url == address(plan)
    assert (plan.word_file.slot, plan.word_file.owner_uuid, plan.word_file.version) == ("word", plan.uuid, 1)
    assert PlanItem.objects.filter(plan=plan).count() == 0
    assert AuditEntry.objects.filter(act="plan.word").count() == 1


def test_newer_word_file_is_a_version_and_the_same_again_is_none(browser, plan):
    bring(browser, plan, word(ROW))
    bring(browser, plan, word(ROW, ROW))
    bring(browser, plan, word(ROW, ROW))
    plan.refresh_from_db()
    assert [(file.version, file.replaces_id is None) for file in Attachment.objects.filter(owner_uuid=plan.uuid)] == [
        (1, True),
        (2, False),
    ]
    assert plan.word_file.version == 2
    assert PlanReading.objects.filter(plan=plan, settled_at__isnull=True).count() == 1


def test_word_file_can_be_stored_without_reading_it_and_read_later(browser, plan):
    answer = bring(browser, plan, word(ROW), act="store")
    plan.refresh_from_db()
    assert (answer.url, plan.word_file is not None) == (page("plan", plan), True)
    assert not PlanReading.objects.filter(plan=plan).exists()
    answer = browser.post(page("plan-bring-in", plan), {"act": "again"})
    assert answer.url == address(plan)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (word_file(), "空.docx", "没有文字"),
        (b"%PDF-1.4\n%%EOF", "方案.pdf", ""),
        (b"PK\x03\x04rubbish", "坏.docx", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧.doc", ""),
    ],
)
def test_file_that_cannot_be_read_is_refused_on_the_page(browser, plan, content, name, sentence):
    answer = bring(browser, plan, content, name=name)
    assert answer.status_code == 200
    assert answer.context["form"].errors["files"]
    plan.refresh_from_db()
    assert plan.word_file is None


def test_bring_in_names_only_the_endings_it_takes(browser, plan):
    shown = browser.get(page("plan-bring-in", plan)).content.decode()
    assert (".docx" in shown, ".xlsx" in shown, ".pptx" in shown, "image/*" in shown) == (True, True, False, False)
    answer = bring(browser, plan, PDF, name="方案.pdf")
    (sentence,) = answer.context["form"].errors["files"]
    assert ("方案.pdf" in sentence, ".docx" in sentence, ".pptx" in sentence) == (True, True, False)


def test_bring_in_needs_a_file(browser, plan):
    answer = browser.post(page("plan-bring-in", plan), {"act": "read"})
    assert answer.context["form"].errors["files"]


# --- the check


def test_check_proposes_duties_departments_and_days(browser, plan):
    duty = Duty.objects.get(department=plan.department)
    bring(browser, plan, word(ROW))
    content = reading_of(plan).content
    [item] = content["items"]
    assert (item["duties"], item["cooperating"], item["due"], item["choice"]) == (
        [str(duty.uuid)],
        "团委、教务处",
        "2009-11-30",
        "new",
    )
    goals = PlanPart.objects.get(plan=plan, code="goals")
    assert [(part["code"], part["choice"]) for part in content["parts"]] == [("goals", f"append:{goals.uuid}")]


def test_duties_are_proposed_by_likeness_and_one_stays_uncovered(browser, plan, season):
    texts = ("做好图书借阅和读者咨询，按时开馆。", "按教学需要采购、编目文献。", "维护阅览秩序，反馈学生表现。")
    texts += ("建设和维护电子资源。", "做好馆舍防火防盗。")
    Duty.objects.filter(department=plan.department).delete()
    duties = [make_duty(season, number=str(at), text=text) for at, text in enumerate(texts, start=1)]
    bring(browser, plan, library_plan())
    proposed = {uuid for item in reading_of(plan).content["items"] for uuid in item["duties"]}
    assert proposed == {str(duty.uuid) for duty in duties if duty.number != "4"}


def test_signature_of_the_file_becomes_no_section_unless_wanted(browser, plan):
    bring(browser, plan, library_plan())
    *others, signature = reading_of(plan).content["parts"]
    assert (signature["title"], signature["choice"]) == ("落款", "leave")
    assert "leave" not in [part["choice"] for part in others]


def test_sections_of_the_file_stand_where_the_file_has_them(browser, plan):
    bring(browser, plan, library_plan())
    assert browser.post(address(plan), filled(browser, plan) | {"act": "take"}).status_code == 302
    assert list(PlanPart.objects.filter(plan=plan).values_list("title", flat=True)) == [
        *("前言", "指导思想和工作基础", "工作目标", "近期工作主题（或工作口号）", "工作重点", "本部门内部管理"),
        *("工作措施", "保障措施"),
    ]


def test_taking_over_writes_what_was_corrected(browser, plan, season):
    duty = make_duty(season, number="7", text="别的职责")
    bring(browser, plan, word(ROW))
    data = filled(browser, plan, i1__title="延长开馆", i1__cooperating="教务处，学生处", i1__duties=[str(duty.uuid)])
    answer = browser.post(address(plan), data)
    assert answer.url == page("plan-write", plan)
    item = PlanItem.objects.get(plan=plan)
    assert (item.title, item.measure, str(item.due_on)) == ("延长开馆", "两班轮值", "2009-11-30")
    assert [one.name for one in item.cooperating.all()] == ["教务处", "学生工作处"]
    assert list(item.duties.all()) == [duty]
    assert PlanPart.objects.get(plan=plan, code="goals").text == "满意"
    assert AuditEntry.objects.filter(act="plan.reading.settle").count() == 1


def test_entry_left_out_is_not_written_and_prose_may_become_a_section(browser, plan):
    bring(browser, plan, word(ROW))
    data = filled(browser, plan, i1__choice="leave", p1__choice="new", p1__title="我们的目标")
    browser.post(address(plan), data)
    assert PlanItem.objects.filter(plan=plan).count() == 0
    assert list(PlanPart.objects.filter(plan=plan, code="").values_list("title", "text")) == [("我们的目标", "满意")]


def test_faulty_entry_stops_everything_and_keeps_what_was_typed(browser, plan):
    bring(browser, plan, word(ROW))
    answer = browser.post(address(plan), filled(browser, plan, i1__cooperating="校医院", p1__text="我改的目标"))
    assert answer.status_code == 200
    assert "校医院" in answer.context["form"].items[0].errors["cooperating"][0]
    assert "我改的目标" in answer.content.decode()
    assert PlanPart.objects.get(plan=plan, code="goals").text == ""


def test_item_of_the_same_title_is_shown_beside_and_replaced_only_as_chosen(browser, plan, writer):
    item = add_item(plan, ItemDraft("开馆", measure="旧举措"), uuid=plan.uuid, by_id=writer.pk, at=NOON)
    bring(browser, plan, word(ROW))
    answer = browser.get(address(plan))
    assert answer.context["form"].items[0].entry["choice"] == f"replace:{item.uuid}"
    assert ("举措", "旧举措") in answer.context["form"].items[0].now or "旧举措" in answer.content.decode()
    browser.post(address(plan), filled(browser, plan, i1__choice="new"))
    assert list(PlanItem.objects.filter(plan=plan).values_list("title", "measure")) == [
        ("开馆", "旧举措"),
        ("开馆", "两班轮值"),
    ]


def test_item_saved_meanwhile_is_not_overwritten(browser, plan, writer):
    item = add_item(plan, ItemDraft("开馆", measure="旧举措"), uuid=plan.uuid, by_id=writer.pk, at=NOON)
    bring(browser, plan, word(ROW))
    data = filled(browser, plan)
    save_item(item, ItemDraft("开馆", measure="别人写的"), version=1, by_id=writer.pk, at=NOON)
    answer = browser.post(address(plan), data)
    assert answer.status_code == 200
    assert "别人写的" in answer.content.decode()
    item.refresh_from_db()
    assert (item.measure, PlanPart.objects.get(plan=plan, code="goals").text) == ("别人写的", "")
    again = data | {"seen": answer.context["seen"], "version": answer.context["version"]}
    assert browser.post(address(plan), again).status_code == 302
    item.refresh_from_db()
    assert item.measure == "两班轮值"


def test_duty_nobody_knows_stays_in_the_words_of_the_item(browser, plan):
    bring(browser, plan, word((*ROW[:6], "第九条", ROW[7])))
    entry = reading_of(plan).content["items"][0]
    assert entry["duties"] == []
    assert entry["measure"].startswith("两班轮值\n")
    assert entry["measure"].endswith("第九条")


def test_two_entries_cannot_replace_the_same_item(browser, plan, writer):
    item = add_item(plan, ItemDraft("开馆"), uuid=plan.uuid, by_id=writer.pk, at=NOON)
    bring(browser, plan, word(ROW, ("咨询", *ROW[1:])))
    answer = browser.post(address(plan), filled(browser, plan, i2__choice=f"replace:{item.uuid}"))
    assert answer.context["form"].items[1].errors["choice"]
    assert PlanItem.objects.get(plan=plan).measure == ""


def test_part_with_text_is_replaced_or_added_to_as_chosen(browser, plan, writer):
    goals = PlanPart.objects.get(plan=plan, code="goals")
    save_part(goals, version=1, text="原来的目标", by_id=writer.pk, at=NOON)
    bring(browser, plan, word(ROW))
    assert reading_of(plan).content["parts"][0]["choice"] == f"replace:{goals.uuid}"
    browser.post(address(plan), filled(browser, plan, p1__choice=f"append:{goals.uuid}"))
    goals.refresh_from_db()
    assert goals.text == "原来的目标\n满意"


def test_check_is_kept_for_later_and_two_people_do_not_lose_each_others(browser, plan):
    bring(browser, plan, word(ROW))
    mine = filled(browser, plan, act="keep", i1__measure="我的")
    theirs = filled(browser, plan, act="keep", i1__measure="他的")
    assert browser.post(address(plan), theirs).status_code == 302
    answer = browser.post(address(plan), mine)
    assert answer.status_code == 200
    assert "我的" in answer.content.decode()
    assert "他的" in answer.content.decode()
    assert reading_of(plan).content["items"][0]["measure"] == "他的"
    browser.post(address(plan), mine | {"version": answer.context["version"]})
    assert reading_of(plan).content["items"][0]["measure"] == "我的"


def test_sending_twice_writes_once(browser, plan, writer):
    bring(browser, plan, word(ROW))
    data, here = filled(browser, plan), address(plan)
    assert browser.post(here, data).status_code == 302
    assert browser.post(here, data).url == page("plan-write", plan)
    assert PlanItem.objects.filter(plan=plan).count() == 1


def test_dropped_reading_writes_nothing(browser, plan):
    bring(browser, plan, word(ROW))
    browser.post(address(plan), {"act": "drop"})
    assert PlanItem.objects.filter(plan=plan).count() == 0
    assert PlanReading.objects.get(plan=plan).settled_at is not None


def test_same_file_after_taking_over_has_nothing_new(browser, plan):
    bring(browser, plan, word(ROW))
    browser.post(address(plan), filled(browser, plan))
    answer = bring(browser, plan, word(ROW))
    assert answer.url == page("plan", plan)
    assert not PlanReading.objects.filter(plan=plan, settled_at__isnull=True).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_check_page_asks_a_fixed_number_of_queries(browser, plan, django_assert_num_queries, rows):
    bring(browser, plan, word(*((f"条目{at}", *ROW[1:]) for at in range(rows))))
    here = address(plan)
    browser.get(here)
    with django_assert_num_queries(CHECK_QUERIES):
        assert browser.get(here).status_code == 200


# --- who


def test_others_find_nothing_and_a_plan_handed_in_is_closed(client, browser, plan, season):
    bring(browser, plan, word(ROW))
    here = address(plan)
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED, submitted_at=NOON)
    assert [browser.get(url).status_code for url in (here, page("plan-bring-in", plan))] == [403, 403]
    stranger = make_user("stranger")
    make_membership(season, stranger, Role.STAFF, department=department(season, "工会"))
    client.force_login(stranger)
    assert [client.get(url).status_code for url in (here, page("plan-bring-in", plan))] == [404, 404]


def test_office_with_an_interest_writes_nothing_in_that_plan(client, browser, plan, season):
    bring(browser, plan, word(ROW))
    here = address(plan)
    office = make_writer(season, home=None, role=Role.OFFICE, username="office")
    client.force_login(office)
    pages = (here, page("plan-bring-in", plan), page("plan-template", plan))
    assert [client.get(url).status_code for url in pages] == [200, 200, 200]
    Interest.objects.create(
        campaign=season, user=office, department=plan.department, reason="配偶", starts_on=season.starts_on
    )
    answers = [client.get(url) for url in pages] + [client.post(here, {"act": "drop"})]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    sentence = _("You have an interest in %(department)s, so another member of the office writes for it.")
    sentence %= {"department": plan.department.name}
    assert all(sentence in answer.content.decode() for answer in answers)
    assert reading_of(plan).settled_at is None


def test_reading_of_another_plan_is_not_found(browser, plan, season, writer):
    bring(browser, plan, word(ROW))
    other = start_plan(department(season, "工会"), by_id=writer.pk, at=NOON)
    make_membership(season, writer, Role.STAFF, department=department(season, "工会"))
    assert browser.get(page("plan-reading", other, reading_of(plan).uuid)).status_code == 404


def test_take_over_is_refused_once_settled(browser, plan, writer):
    bring(browser, plan, word(ROW))
    reading = reading_of(plan)
    browser.post(address(plan), {"act": "drop"})
    with pytest.raises(Refused) as refused:
        take_over(reading, version=1, entries={}, seen={}, by_id=writer.pk, at=NOON)
    assert refused.value.refusal_code == "settled"


# --- the template


def template(browser, plan):
    answer = browser.get(page("plan-template", plan))
    assert answer["Content-Disposition"].endswith(".xlsx") or "xlsx" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_template_comes_back_unchanged_and_says_so(browser, plan):
    bring(browser, plan, word(ROW))
    browser.post(address(plan), filled(browser, plan))
    answer = bring(browser, plan, template(browser, plan), name="方案.xlsx")
    assert answer.url == page("plan", plan)
    assert not PlanReading.objects.filter(plan=plan, settled_at__isnull=True).exists()


def test_changed_template_is_checked_and_taken_over(browser, plan, season):
    bring(browser, plan, word(ROW))
    browser.post(address(plan), filled(browser, plan))
    book = load_workbook(io.BytesIO(template(browser, plan)))
    book["实施条目"]["B2"] = "三班轮值"
    book["实施条目"]["A3"] = "=新条目"
    book["方案正文"]["B3"] = "书香校园"
    file = io.BytesIO()
    book["实施条目"]["A3"].data_type = "s"
    book.save(file)
    assert bring(browser, plan, file.getvalue(), name="方案.xlsx").url == address(plan)
    browser.post(address(plan), filled(browser, plan))
    assert list(PlanItem.objects.filter(plan=plan).values_list("title", "measure")) == [
        ("开馆", "三班轮值"),
        ("=新条目", ""),
    ]
    assert PlanPart.objects.get(plan=plan, code="theme").text == "书香校园"


def test_every_error_of_a_sheet_is_told_at_its_cell_and_nothing_is_kept(browser, plan):
    book = load_workbook(io.BytesIO(template(browser, plan)))
    sheet = book["实施条目"]
    sheet["A2"], sheet["G2"], sheet["H2"], sheet["J2"] = "条目", "9", "校医院", "2009-13-45"
    sheet["B3"] = "没有名称"
    file = io.BytesIO()
    book.save(file)
    answer = bring(browser, plan, file.getvalue(), name="方案.xlsx")
    assert [problem.place for problem in answer.context["problems"]] == [
        "实施条目/2/对应职责",
        "实施条目/2/配合部门",
        "实施条目/2/完成时间",
        "实施条目/3/条目",
    ]
    assert not Attachment.objects.filter(owner_uuid=plan.uuid).exists()
