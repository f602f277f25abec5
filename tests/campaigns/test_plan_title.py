"""The title of a plan: changed by its writers, safe when two write, offered by the Word file."""

import pytest
from django.urls import reverse

from campaigns.enums import PlanState, Role
from campaigns.models import Plan, PlanReading
from campaigns.services.plan_title import rename_plan
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.handing_in import READ_NOTHING, make_attachment, make_file
from tests.campaigns.writing_working import make_plan, make_writer, page
from tests.factories import NOON, PASSWORD, department


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


def rename(plan, title, writer, *, seen=None):
    return rename_plan(plan, title=title, seen=plan.title if seen is None else seen, by_id=writer.pk, at=NOON)


def title_of(plan):
    return Plan.objects.get(pk=plan.pk).title


# --- the service


def test_rename_plan_keeps_the_words_and_the_old_ones_in_the_log(plan, writer):
    old = plan.title
    assert rename(plan, "  书香\u3000校园\n 活动方案 ", writer).title == "书香 校园 活动方案"
    entry = AuditEntry.objects.get(act="plan.title")
    assert (entry.before, entry.after) == ({"title": old}, {"title": "书香 校园 活动方案"})
    assert title_of(plan) == "书香 校园 活动方案"


def test_rename_plan_twice_is_one_change(plan, writer):
    seen = plan.title
    for _click in range(2):
        rename(plan, "活动方案", writer, seen=seen)
    assert AuditEntry.objects.filter(act="plan.title").count() == 1


@pytest.mark.parametrize("title", ["", " \u200b ", "题" * 201])
def test_rename_plan_refuses_no_title_and_one_too_long(plan, writer, title):
    old = plan.title
    with pytest.raises(Refused) as refused:
        rename(plan, title, writer)
    assert (refused.value.field, title_of(plan)) == ("title", old)


def test_rename_plan_takes_two_hundred_characters(plan, writer):
    assert rename(plan, "题" * 200, writer).title == "题" * 200


def test_rename_plan_is_refused_as_stale_and_once_handed_in(plan, writer):
    seen = plan.title
    rename(plan, "甲的方案", writer)
    with pytest.raises(Refused) as refused:
        rename(plan, "乙的方案", writer, seen=seen)
    assert (refused.value.refusal_code, title_of(plan)) == ("stale", "甲的方案")
    Plan.objects.update(state=PlanState.SUBMITTED, submitted_at=NOON)
    with pytest.raises(Refused) as refused:
        rename(plan, "丙的方案", writer, seen="甲的方案")
    assert (refused.value.refusal_code, title_of(plan)) == ("closed", "甲的方案")


# --- the page


def test_title_is_changed_from_the_writers_page(browser, plan):
    assert page("plan-title", plan) in browser.get(page("plan-write", plan)).content.decode()
    form = browser.get(page("plan-title", plan)).context["form"]
    assert form["title"].value() == form["seen"].value() == plan.title
    answer = browser.post(page("plan-title", plan), {"title": "书香校园活动方案", "seen": plan.title}, follow=True)
    assert answer.redirect_chain == [(page("plan-write", plan), 302)]
    assert "书香校园活动方案</h1>" in answer.content.decode()


def test_two_people_see_both_titles_and_lose_neither(browser, plan, writer):
    seen = plan.title
    rename(plan, "甲的方案", writer)
    stale = browser.post(page("plan-title", plan), {"title": "乙的方案", "seen": seen})
    text = stale.content.decode()
    assert (stale.context["standing"], stale.context["form"]["title"].value()) == ("甲的方案", "乙的方案")
    assert 'name="seen" value="甲的方案"' in text
    assert title_of(plan) == "甲的方案"
    browser.post(page("plan-title", plan), {"title": "乙的方案", "seen": stale.context["seen"]})
    assert title_of(plan) == "乙的方案"


@pytest.mark.parametrize("title", ["", "题" * 201])
def test_bad_title_is_kept_in_its_field(browser, plan, title):
    answer = browser.post(page("plan-title", plan), {"title": title, "seen": plan.title})
    assert answer.context["form"].errors["title"]
    assert answer.context["form"]["title"].value() == title


def test_typing_into_a_plan_handed_in_meanwhile_is_not_lost(browser, plan):
    Plan.objects.update(state=PlanState.SUBMITTED, submitted_at=NOON)
    assert browser.get(page("plan-title", plan)).status_code == 403
    answer = browser.post(page("plan-title", plan), {"title": "新题目", "seen": plan.title})
    assert (answer.status_code, "新题目" in answer.content.decode()) == (403, True)


def test_title_typed_before_the_session_ended_waits_on_the_writers_page(browser, plan, writer):
    signing_in = {"username": writer.username, "password": PASSWORD}
    del browser.cookies["sessionid"]
    browser.post(reverse("login"), signing_in)
    del browser.cookies["sessionid"]
    lost = browser.post(page("plan-title", plan), {"title": "没存的题目", "seen": plan.title})
    browser.post(lost.url, signing_in)
    assert browser.get(page("plan-write", plan)).context["waiting"] == [page("plan-title", plan)]
    assert browser.get(page("plan-title", plan)).context["form"]["title"].value() == "没存的题目"


@pytest.mark.parametrize(("said", "offered"), [("图书馆质量季方案", "图书馆质量季方案"), ("", ""), ("长" * 201, "")])
def test_word_file_offers_its_own_title(browser, season, plan, writer, said, offered):
    file = make_attachment(season, department(season), kind="plan", owner=plan, by_id=writer.pk, at=NOON)
    PlanReading.objects.create(
        plan=plan, attachment=file, content=READ_NOTHING | {"title": said}, read_by=writer, read_at=NOON
    )
    assert browser.get(page("plan-title", plan)).context["offered"] == offered
    if offered:
        browser.post(page("plan-title", plan), {"title": offered, "seen": plan.title})
        assert browser.get(page("plan-title", plan)).context["offered"] == ""


def test_others_find_no_title_to_change(client, season, plan):
    client.force_login(make_writer(season, home="工会", username="stranger"))
    assert client.get(page("plan-title", plan)).status_code == 404
    client.force_login(make_writer(season, home=None, role=Role.LEADERSHIP, username="leader"))
    assert client.post(page("plan-title", plan), {"title": "别的", "seen": plan.title}).status_code == 403
    assert title_of(plan) != "别的"


# --- the files enclosed with the plan


def test_writers_page_shows_the_files_of_the_plan_itself_and_lets_one_add_more(browser, season, plan, writer):
    for slot, name in (("", "经费表.xlsx"), ("word", "方案.docx"), ("signed", "签字页.pdf")):
        make_attachment(
            season,
            department(season),
            kind="plan",
            owner=plan,
            by_id=writer.pk,
            at=NOON,
            slot=slot,
            file=make_file(by_id=writer.pk, content=name, name=name),
        )
    answer = browser.get(page("plan-write", plan))
    assert [file.name for file in answer.context["files"]] == ["经费表.xlsx"]
    text = answer.content.decode()
    assert f"/files/add/plan/{plan.uuid}/" in text
    assert answer.context["files"][0].remove_url in text
    for url in (page("plan", plan), page("plan-write", plan)):
        assert "经费表.xlsx" in browser.get(url).content.decode()
