"""The pages of recommendations."""

import uuid

import pytest
from django.utils.translation import gettext as _

from campaigns.enums import EvidenceTarget, Role
from campaigns.models import Evidence, EvidenceLink, Recommendation
from campaigns.services.recommendations import RecommendationDraft, choose_recommendation, edit_recommendation
from tests.campaigns.honours_working import liaison_of, praise, stop_clock
from tests.campaigns.people_working import actor_of, make_member, signed_in, url
from tests.factories import NOON, department, make_actor


@pytest.fixture(autouse=True)
def at_noon(season):
    stop_clock(season)


def typed(season, *, of="工会", **values):
    return {
        "recommended": str(department(season, of).uuid),
        "title": "预约上门服务",
        "practice": "每周到各系部一次。",
        "outcome": "",
        "uuid": "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11",
    } | values


def test_written_sent_twice_and_shown(client, season):
    signed_in(client, season, Role.STAFF, "图书馆")
    first = client.post(url("recommendation-new"), typed(season))
    assert client.post(url("recommendation-new"), typed(season)).url == first.url
    found = Recommendation.objects.get()
    assert (first.url, str(found.uuid)) == (url("recommendation", found.uuid), typed(season)["uuid"])
    page = client.get(first.url)
    body = page.content.decode()
    assert _("The assessment team reads this; it never changes a score.") in body
    assert "每周到各系部一次。" in body
    assert (page.context["may_edit"], page.context["may_withdraw"], page.context["form"]) == (True, True, None)
    assert page.context["section"].add_url


def test_form_keeps_what_was_typed(client, season):
    signed_in(client, season, Role.STAFF, "图书馆")
    form = client.post(url("recommendation-new"), typed(season, practice="")).context["form"]
    assert (list(form.errors), form["title"].value()) == (["practice"], "预约上门服务")
    assert "department" not in form.fields


def test_office_says_for_whom(client, season):
    signed_in(client, season, Role.OFFICE, "团委")
    form = client.get(url("recommendation-new")).context["form"]
    names = {row.name for row in form.fields["department"].queryset}
    assert (len(names), "团委" in names) == (23, False)
    assert "department" in client.post(url("recommendation-new"), typed(season)).context["form"].errors
    body = typed(season, department=str(department(season, "教务处").uuid))
    assert client.post(url("recommendation-new"), body).status_code == 302
    assert Recommendation.objects.get().department.name == "教务处"
    about_own = typed(season, of="团委", department=body["department"], uuid=str(uuid.uuid4()))
    assert client.post(url("recommendation-new"), about_own).status_code == 403


def test_stale_edit_shows_both_and_the_next_sending_wins(client, season):
    user = signed_in(client, season, Role.STAFF, "图书馆")
    liaison = actor_of(user, season)
    found = praise(season, liaison)
    path = url("recommendation-edit", found.uuid)
    assert client.get(path).context["form"]["version"].value() == 1
    theirs = RecommendationDraft(department(season, "工会"), "她的题目", "她的做法", "")
    edit_recommendation(found, theirs, version=1, by=liaison, at=NOON)
    page = client.post(path, typed(season, title="我的题目", version="1"))
    assert page.context["now"].title == "她的题目"
    body = page.content.decode()
    assert ("她的做法" in body, "我的题目" in body) == (True, True)
    assert page.context["form"]["version"].value() == "2"
    assert client.post(path, typed(season, title="我的题目", version="2")).status_code == 302
    found.refresh_from_db()
    assert (found.title, found.version) == ("我的题目", 3)


@pytest.mark.parametrize("version", ["", "x", "0"])
def test_edit_without_a_version_is_stale(client, season, version):
    user = signed_in(client, season, Role.STAFF, "图书馆")
    found = praise(season, actor_of(user, season))
    page = client.post(url("recommendation-edit", found.uuid), typed(season, title="我的题目", version=version))
    assert page.context["now"] == found


def test_office_chooses_on_the_page(client, season):
    found = praise(season, liaison_of(season))
    signed_in(client, season, Role.OFFICE)
    page = client.get(url("recommendation", found.uuid))
    assert page.context["form"]["version"].value() == 1
    answer = client.post(url("recommendation-choose", found.uuid), {"version": "1", "for_volume": "on"})
    assert answer.url == url("recommendation", found.uuid)
    found.refresh_from_db()
    assert (found.for_volume, found.for_exchange) == (True, False)
    stale = client.post(url("recommendation-choose", found.uuid), {"version": "1", "for_exchange": "on"})
    assert (stale.status_code, stale.context["form"]["for_exchange"].value()) == (200, True)
    again = {"version": stale.context["form"]["version"].value(), "for_exchange": "on"}
    assert client.post(url("recommendation-choose", found.uuid), again).status_code == 302


def test_own_interest_is_told_and_refused(client, season):
    found = praise(season, liaison_of(season))
    signed_in(client, season, Role.OFFICE, "工会")
    page = client.get(url("recommendation", found.uuid))
    assert (page.context["form"], page.context["is_barred"]) == (None, True)
    assert client.post(url("recommendation-choose", found.uuid), {"version": "1"}).status_code == 403


def test_withdrawing_asks_why(client, season):
    user = signed_in(client, season, Role.STAFF, "图书馆")
    found = praise(season, actor_of(user, season))
    path = url("recommendation-withdraw", found.uuid)
    assert "because" in client.post(path, {"because": ""}).context["form"].errors
    assert client.post(path, {"because": "事实有误"}).status_code == 302
    page = client.get(url("recommendation", found.uuid))
    assert "事实有误" in page.content.decode()
    assert (page.context["may_edit"], page.context["section"].add_url) == (False, "")


def test_anothers_recommendation_is_not_there(client, season):
    found = praise(season, liaison_of(season))
    signed_in(client, season, Role.STAFF, "团委")
    for name in ("recommendation", "recommendation-edit", "recommendation-withdraw"):
        assert client.get(url(name, found.uuid)).status_code == 404


def test_department_praised_reads_it_without_author_and_others_evidence(client, season):
    liaison = liaison_of(season)
    found = praise(season, liaison)
    evidence = Evidence.objects.create(
        campaign=season,
        department=department(season),
        text="上门照片",
        happened_on=NOON.date(),
        entered_by_id=liaison.user_id,
        entered_at=NOON,
    )
    EvidenceLink.objects.create(evidence=evidence, target=EvidenceTarget.RECOMMENDATION, key=str(found.uuid))
    signed_in(client, season, Role.STAFF, "工会")
    page = client.get(url("recommendation", found.uuid))
    assert (page.context["section"].rows, page.context["section"].add_url, page.context["row"].made_by) == ((), "", "")
    assert client.get(url("recommendation-edit", found.uuid)).status_code == 403
    signed_in(client, season, Role.ASSESSOR)
    assert [row.text for row in client.get(url("recommendation", found.uuid)).context["section"].rows] == ["上门照片"]
    assert client.get(url("recommendations")).context["page"].rows[0].evidence == 1


def test_filters_are_for_who_oversees(client, season):
    found = praise(season, liaison_of(season))
    choose_recommendation(
        found,
        for_exchange=True,
        for_volume=False,
        for_honours=False,
        version=1,
        by=make_actor(season, Role.OFFICE),
        at=NOON,
    )
    signed_in(client, season, Role.LEADERSHIP)
    assert [row.title for row in client.get(url("recommendations"), {"use": "exchange"}).context["page"].rows]
    page = client.get(url("recommendations"), {"state": "open", "older": "x"})
    assert (page.context["page"].rows, page.context["active"]) == ((), 1)
    signed_in(client, season, Role.STAFF, "工会")
    page = client.get(url("recommendations"), {"state": "open"})
    assert (len(page.context["page"].rows), page.context["filter"]) == (1, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    by = actor_of(make_member(season, Role.STAFF, "图书馆"), season)
    for number in range(rows):
        praise(season, by, title=f"{number}")
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(10):
        client.get(url("recommendations"))
    signed_in(client, season, Role.STAFF, "工会")
    with django_assert_num_queries(8):
        client.get(url("recommendations"))
