"""Beginning a plan, the page of its writers, its parts of prose and free sections."""

import uuid

import pytest

from campaigns.enums import PlanKind, PlanState, Role
from campaigns.models import Attachment, Plan, PlanEvent, PlanPart, PlanRemark, PlanVersion
from campaigns.services.plan_items import remove_item
from campaigns.services.plans import add_section, save_part, start_plan
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.handing_in import make_attachment
from tests.campaigns.writing_working import (
    make_duty,
    make_item,
    make_plan,
    make_suggestion,
    make_writer,
    page,
)
from tests.factories import NOON, department, make_membership, make_user

HTMX = {"HTTP_HX_REQUEST": "true"}
START = "/campaigns/2009/plans/start/"
PAGE_QUERIES = 18


@pytest.fixture
def writer(season):
    return make_writer(season)


@pytest.fixture
def plan(season, writer):
    return make_plan(season, writer)


@pytest.fixture
def browser(client, writer):
    client.force_login(writer)
    return client


def goals(plan):
    return PlanPart.objects.get(plan=plan, code="goals")


def section(plan, writer, title="其他", text="正文"):
    return add_section(plan, uuid=uuid.uuid4(), title=title, text=text, by_id=writer.pk, at=NOON)


def close(plan, state=PlanState.SUBMITTED):
    Plan.objects.filter(pk=plan.pk).update(state=state, submitted_at=NOON)


# --- beginning


def test_start_plan_twice_is_one_plan(season, writer):
    place = department(season)
    first = start_plan(place, by_id=writer.pk, at=NOON)
    assert start_plan(place, by_id=writer.pk, at=NOON) == first
    assert PlanPart.objects.filter(plan=first).count() == 4
    assert AuditEntry.objects.filter(act="plan.start").count() == 1
    assert first.title.startswith("图书馆")
    assert first.title.count("“质量管理季”活动") == 1
    assert (first.kind, first.state) == (PlanKind.DEPARTMENT, PlanState.DRAFT)


def test_start_page_begins_the_plan_of_ones_only_department(browser, season):
    answer = browser.post(START)
    plan = Plan.objects.get(department__name="图书馆")
    assert (answer.status_code, answer.url) == (302, page("plan-write", plan))
    assert browser.get(START).url == "/campaigns/2009/plans/"


def test_start_page_of_several_departments_asks_which(browser, season, writer):
    make_membership(season, writer, Role.STAFF, department=department(season, "工会"))
    answer = browser.post(START)
    offered = list(answer.context["form"].fields["department"].queryset)
    assert [place.name for place in offered] == ["工会", "图书馆"]
    assert not Plan.objects.exists()
    browser.post(START, {"department": str(department(season, "工会").uuid)})
    assert Plan.objects.get().department.name == "工会"


def test_start_page_refuses_a_department_of_others(browser, season):
    answer = browser.post(START, {"department": str(department(season, "工会").uuid)})
    assert answer.context["form"].errors["department"]
    assert not Plan.objects.exists()


def test_office_begins_a_plan_for_any_department_but_one_of_its_interest(client, season):
    office = make_writer(season, home=None, role=Role.OFFICE, username="office")
    make_membership(season, office, Role.STAFF, department=department(season, "工会"), ends_on=season.facts_from)
    client.force_login(office)
    offered = client.post(START).context["form"].fields["department"].queryset
    assert offered.count() == 23
    assert not offered.filter(name="工会").exists()
    client.post(START, {"department": str(department(season).uuid)})
    assert Plan.objects.get().department.name == "图书馆"


def test_start_page_leads_to_the_plan_that_is_handed_in(browser, plan):
    close(plan)
    assert browser.post(START).url == page("plan", plan)


# --- who may write, and when


def test_writers_page_of_another_department_is_not_found(client, season, plan):
    client.force_login(make_writer(season, "工会", username="other"))
    for name in ("plan-write", "plan-section-new", "plan-item-new"):
        assert client.get(page(name, plan)).status_code == 404
    assert client.post(page("plan-item-new", plan), {"title": "开馆"}).status_code == 404


def test_office_with_an_interest_is_told_so(client, season, plan):
    office = make_writer(season, home=None, role=Role.OFFICE, username="office")
    make_membership(season, office, Role.STAFF, department=department(season), ends_on=season.facts_from)
    client.force_login(office)
    answer = client.get(page("plan-write", plan))
    assert answer.status_code == 403
    assert "图书馆" in answer.content.decode()


@pytest.mark.parametrize("state", [PlanState.SUBMITTED, PlanState.APPROVED])
def test_handed_in_plan_says_why_it_is_closed_and_what_to_do(browser, plan, writer, state):
    item, part = make_item(plan, writer), section(plan, writer)
    close(plan, state)
    for url in (
        page("plan-write", plan),
        page("plan-part", plan, part.uuid),
        page("plan-section-new", plan),
        page("plan-section-remove", plan, part.uuid),
        page("plan-item-new", plan),
        page("plan-item", plan, item.uuid),
        page("plan-item-remove", plan, item.uuid),
    ):
        answer = browser.get(url, headers={"accept-language": "en"})
        assert (url, answer.status_code) == (url, 403)
        assert str(answer.context["exception"])
    assert browser.post(page("plan-item-move", plan, item.uuid), {"number": "1"}).status_code == 403


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.REQUESTED, PlanState.RETURNED])
def test_plan_in_the_departments_hands_is_written(browser, plan, state):
    close(plan, state)
    assert browser.get(page("plan-write", plan)).status_code == 200


def test_text_sent_to_a_plan_handed_in_meanwhile_is_not_lost(browser, plan):
    part = goals(plan)
    close(plan)
    answer = browser.post(page("plan-part", plan, part.uuid), {"version": 1, "text": "写了一下午"})
    assert answer.status_code == 403
    assert "写了一下午" in answer.content.decode()
    assert answer.context["form"].non_field_errors()
    assert goals(plan).text == ""


# --- the page


@pytest.mark.parametrize("amount", [1, 3])
def test_writers_page_asks_the_same_queries_at_any_length(
    browser, season, plan, writer, amount, django_assert_num_queries
):
    for number in range(amount):
        duty = make_duty(season, str(number))
        make_item(plan, writer, f"条目{number}", duties=(duty,), cooperating=(department(season, "教务处"),))
        section(plan, writer, f"其他{number}")
        make_suggestion(season, writer)
        remove_item(make_item(plan, writer, "移除"), by_id=writer.pk, at=NOON)
    plan.word_file = make_attachment(season, department(season), kind="plan", owner=plan, by_id=writer.pk, at=NOON)
    plan.submitted_at, plan.state = NOON, PlanState.RETURNED
    plan.save()
    browser.get(page("plan-write", plan))
    with django_assert_num_queries(PAGE_QUERIES):
        browser.get(page("plan-write", plan))
    assert Attachment.objects.count() == 1


def test_writers_page_shows_who_changed_a_part_last_and_the_offices_remark(browser, season, plan, writer):
    part = save_part(goals(plan), version=1, text="满意度九成", by_id=writer.pk, at=NOON)
    for number, words in ((1, "旧意见"), (2, "写得再具体些")):
        version = PlanVersion.objects.create(
            plan=plan, number=number, code=f"A-{number}", content={}, digest="", submitted_at=NOON, submitted_by=writer
        )
        PlanRemark.objects.create(version=version, target=part.uuid, text=words)
    close(plan, PlanState.RETURNED)
    body = browser.get(page("plan-write", plan)).content.decode()
    assert "满意度九成" in body
    assert "联络员甲" in body
    assert "写得再具体些" in body
    assert "旧意见" not in body
    form = browser.get(page("plan-part", plan, part.uuid)).text
    assert ("写得再具体些" in form, "旧意见" in form) == (True, False)


def test_writers_page_shows_the_offices_note_on_the_last_version_alone(browser, season, plan, writer):
    for number, words in ((1, "总的意见一"), (2, "总的意见二")):
        version = PlanVersion.objects.create(
            plan=plan, number=number, code=f"A-{number}", content={}, digest="", submitted_at=NOON, submitted_by=writer
        )
        PlanEvent.objects.create(plan=plan, version=version, act="returned", by=writer, note=words, at=NOON)
    close(plan, PlanState.RETURNED)
    body = browser.get(page("plan-write", plan)).text
    assert ("总的意见二" in body, "总的意见一" in body) == (True, False)


def test_form_of_an_item_shows_the_offices_remark_on_it(browser, season, plan, writer):
    item, other = make_item(plan, writer, "开馆"), make_item(plan, writer, "采编")
    version = PlanVersion.objects.create(
        plan=plan, number=1, code="A-1", content={}, digest="", submitted_at=NOON, submitted_by=writer
    )
    PlanRemark.objects.create(version=version, target=item.uuid, text="由谁统计")
    close(plan, PlanState.RETURNED)
    assert "由谁统计" in browser.get(page("plan-item", plan, item.uuid)).text
    assert "由谁统计" not in browser.get(page("plan-item", plan, other.uuid)).text


# --- parts


def test_part_is_saved_with_its_author_and_an_audit_entry(browser, plan, writer):
    part = goals(plan)
    answer = browser.post(page("plan-part", plan, part.uuid), {"version": 1, "text": " 满意度\r\n九成\u202e\x00 "})
    assert (answer.status_code, answer.url) == (302, page("plan-write", plan) + f"#part-{part.uuid}")
    part.refresh_from_db()
    assert (part.text, part.version, part.changed_by) == ("满意度\n九成", 2, writer)
    entry = AuditEntry.objects.get(act="plan.part.save")
    assert entry.before == {"title": "工作目标", "text": ""}
    assert entry.after == {"title": "工作目标", "text": "满意度\n九成", "version": 2}
    assert (entry.by_id, entry.department_id) == (writer.pk, plan.department_id)


def test_part_sent_twice_is_saved_once(browser, plan):
    part = goals(plan)
    for _time in range(2):
        assert browser.post(page("plan-part", plan, part.uuid), {"version": 1, "text": "甲"}).status_code == 302
    part.refresh_from_db()
    assert part.version == 2
    assert AuditEntry.objects.filter(act="plan.part.save").count() == 1


def test_part_of_100_000_characters_is_refused_and_kept_on_the_page(browser, plan):
    part = goals(plan)
    long = "长" * 100_000
    answer = browser.post(page("plan-part", plan, part.uuid), {"version": 1, "text": long})
    assert answer.status_code == 200
    assert "100000" in answer.context["form"].errors["text"][0]
    assert long in answer.content.decode()
    assert goals(plan).text == ""


def test_part_of_20_000_characters_is_taken_and_one_more_refused(plan, writer):
    part = save_part(goals(plan), version=1, text="长" * 20_000, by_id=writer.pk, at=NOON)
    with pytest.raises(Refused) as refusal:
        save_part(part, version=2, text="长" * 20_001, by_id=writer.pk, at=NOON)
    assert (refusal.value.field, refusal.value.refusal_code) == ("text", "long")


def test_title_of_a_listed_part_stays_the_seasons(browser, plan):
    part = goals(plan)
    browser.post(page("plan-part", plan, part.uuid), {"version": 1, "text": "甲", "title": "别的"})
    part.refresh_from_db()
    assert part.title == "工作目标"


def test_stale_part_shows_both_texts_and_keeps_mine_when_sent_again(browser, season, plan, writer):
    other = make_writer(season, username="second", name="副馆长乙")
    part = goals(plan)
    save_part(part, version=1, text="乙写的", by_id=other.pk, at=NOON)
    answer = browser.post(page("plan-part", plan, part.uuid), {"version": 1, "text": "甲写的"})
    conflict = answer.context["conflict"]
    assert [(row.theirs, row.mine, row.side) for row in conflict.rows] == [("乙写的", "甲写的", "both")]
    assert conflict.by == "副馆长乙"
    assert answer.context["form"].initial["text"] == "甲写的"
    assert goals(plan).text == "乙写的"
    assert browser.post(page("plan-part", plan, part.uuid), dict(conflict.kept)).status_code == 302
    part.refresh_from_db()
    assert (part.text, part.version, part.changed_by) == ("甲写的", 3, writer)


@pytest.mark.parametrize("version", ["", "x", "99", "-1", "9" * 40])
def test_part_with_a_version_made_up_never_overwrites(browser, plan, version):
    part = goals(plan)
    browser.post(page("plan-part", plan, part.uuid), {"version": version, "text": "甲写的"})
    assert goals(plan).text == ""


def test_part_of_another_plan_is_not_found(browser, season, plan, writer):
    foreign = goals(make_plan(season, writer, "工会"))
    for url in (page("plan-part", plan, foreign.uuid), page("plan-part", plan, uuid.uuid4())):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"version": 1, "text": "甲"}).status_code == 404
    assert goals(foreign.plan).text == ""


# --- free sections


def test_section_is_added_at_the_end_once_for_one_form(browser, plan):
    form = {"uuid": str(uuid.uuid4()), "title": " 安全  保障 ", "text": "消防"}
    for _time in range(2):
        assert browser.post(page("plan-section-new", plan), form).status_code == 302
    added = PlanPart.objects.get(plan=plan, code="")
    assert (added.title, added.text, added.order) == ("安全 保障", "消防", 5)
    again = browser.post(page("plan-section-new", plan), form | {"text": "别的"})
    assert again.context["form"].non_field_errors()
    assert "别的" in again.content.decode()


@pytest.mark.parametrize("title", ["", " ", "\u202e", "题" * 101])
def test_section_needs_a_title(browser, plan, title):
    answer = browser.post(page("plan-section-new", plan), {"title": title, "text": "正文仍在"})
    assert answer.context["form"].errors["title"]
    assert "正文仍在" in answer.content.decode()
    assert not PlanPart.objects.filter(plan=plan, code="").exists()


def test_section_is_renamed_and_moved_one_place_by_a_double_click(browser, plan, writer):
    one, two, three = (section(plan, writer, title) for title in ("一", "二", "三"))
    browser.post(page("plan-part", plan, one.uuid), {"version": 1, "title": "壹", "text": "正文"})
    for _time in range(2):
        browser.post(page("plan-part", plan, three.uuid), {"move": "up", "position": "7"})
    free = PlanPart.objects.filter(plan=plan, code="")
    assert [row.title for row in free] == ["壹", "三", "二"]
    assert len(set(PlanPart.objects.filter(plan=plan).values_list("order", flat=True))) == 7
    assert two.title == "二"


def test_section_moves_in_front_of_the_parts_of_the_season_which_stay(browser, plan, writer):
    preface = section(plan, writer, "前言")
    for place in (5, 4, 3, 2, 1):
        browser.post(page("plan-part", plan, preface.uuid), {"move": "up", "position": str(place)})
    browser.post(page("plan-part", plan, goals(plan).uuid), {"move": "up", "position": "2"})
    titles = ["前言", "工作目标", "近期工作主题（或工作口号）", "工作重点", "本部门内部管理"]
    assert [row.title for row in PlanPart.objects.filter(plan=plan)] == titles
    body = browser.get(page("plan-write", plan)).text
    places = [body.index(f">{title}</h3>") for title in titles]
    assert places == sorted(places)


def test_section_is_removed_after_a_question_and_kept_in_the_audit(browser, plan, writer):
    one = section(plan, writer, "其他", "三段正文")
    assert "三段正文" in browser.get(page("plan-section-remove", plan, one.uuid)).content.decode()
    browser.post(page("plan-section-remove", plan, one.uuid), {"version": "1"})
    assert not PlanPart.objects.filter(pk=one.pk).exists()
    assert AuditEntry.objects.get(act="plan.section.remove").before == {"title": "其他", "text": "三段正文"}


def test_section_changed_since_the_question_is_not_removed(browser, plan, writer):
    one = section(plan, writer)
    save_part(one, version=1, title="其他", text="刚补上的", by_id=writer.pk, at=NOON)
    browser.post(page("plan-section-remove", plan, one.uuid), {"version": "1"})
    assert PlanPart.objects.filter(pk=one.pk).exists()


def test_listed_part_cannot_be_removed(browser, plan):
    assert browser.post(page("plan-section-remove", plan, goals(plan).uuid), {"version": "1"}).status_code == 404
    assert goals(plan)


def test_text_sent_to_a_section_removed_meanwhile_becomes_a_new_one(browser, plan, writer):
    one = section(plan, writer)
    browser.post(page("plan-section-remove", plan, one.uuid), {"version": "1"})
    sent = {"version": 1, "title": "其他", "text": "写了一下午"}
    answer = browser.post(page("plan-part", plan, one.uuid), sent)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form["text"].value() == "写了一下午"
    browser.post(answer.context["action"], sent | {"uuid": form["uuid"].value()})
    assert PlanPart.objects.get(plan=plan, code="").text == "写了一下午"


# --- with htmx


def test_htmx_takes_the_form_and_gives_the_card_and_the_gaps_back(browser, plan):
    part = goals(plan)
    url = page("plan-part", plan, part.uuid)
    form = browser.get(url, **HTMX).content.decode()
    assert form.lstrip().startswith("<article")
    assert f'hx-post="{url}"' in form
    card = browser.post(url, {"version": 1, "text": "甲"}, **HTMX)
    assert card.status_code == 200
    body = card.content.decode()
    assert "<html" not in body
    assert f'id="part-{part.uuid}"' in body
    assert 'id="plan-gaps" hx-swap-oob="true"' in body
    assert browser.get(url, {"card": "1"}, **HTMX).content.decode().count("<form") == 0


def test_typing_of_an_ended_session_is_offered_on_the_page_and_in_its_form(client, plan, writer):
    client.post("/login/", {"username": writer.username, "password": "quality-season"})
    url = page("plan-part", plan, goals(plan).uuid)
    client.post("/logout/")
    client.post(
        url, {"version": "1", "text": "写了一下午"}, headers={"referer": f"http://testserver{page('plan-write', plan)}"}
    )
    client.post("/login/", {"username": writer.username, "password": "quality-season"})
    assert url in client.get(page("plan-write", plan)).context["waiting"]
    assert "写了一下午" in client.get(url).content.decode()
    assert client.get(page("plan-write", plan)).context["waiting"] == []


def test_reader_of_a_submitted_plan_does_not_write_it(client, season, plan):
    close(plan, PlanState.RETURNED)
    assessor = make_user("assessor")
    make_membership(season, assessor, Role.ASSESSOR)
    make_membership(season, assessor, Role.STAFF, department=department(season, "工会"))
    client.force_login(assessor)
    assert client.get(page("plan-write", plan)).status_code == 403
