"""The pages of honours: nominating, the short list, deciding, what stands there for everybody."""

import pytest
from django.utils.translation import gettext as _

from campaigns.enums import NominationState, Role
from campaigns.models import Attachment, Decision, Nomination, Recommendation
from campaigns.queries.honours import decision_list
from campaigns.queries.nominations import mark_of
from campaigns.services.nominations import edit_nomination
from tests.campaigns.honours_working import (
    HONOURS,
    decide,
    liaison_of,
    nominate_in,
    praise,
    put_up,
    shortlist,
    states,
    stop_clock,
    upload,
)
from tests.campaigns.people_working import actor_of, signed_in, url
from tests.factories import NOON, department, make_actor, make_person

UUID = "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a13"


@pytest.fixture(autouse=True)
def at_noon(season):
    stop_clock(season)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def typed(person, **values):
    return {"uuid": UUID, "person": str(person.uuid), "honour": "服务育人", "reasons": "坚持延时开放。"} | values


# --- nominating


def test_nominated_once_with_files(client, season):
    person, stranger = make_person(season), make_person(season, "李敏", number="2", home="工会")
    user = signed_in(client, season, Role.STAFF, "图书馆")
    form = client.get(url("nomination-new")).context["form"]
    assert [key for key, _word in form.fields["person"].choices] == ["", str(person.uuid)]
    assert [key for key, _word in form.fields["honour"].choices] == ["", *HONOURS]
    assert "person" in client.post(url("nomination-new"), typed(stranger)).context["form"].errors
    body = typed(person, files=[str(upload(season, actor_of(user, season)))])
    first = client.post(url("nomination-new"), body)
    assert client.post(url("nomination-new"), body).url == first.url == url("nomination", UUID)
    assert (Nomination.objects.count(), Attachment.objects.get().owner_kind) == (1, "nomination")
    page = client.get(first.url)
    assert (page.context["may_change"], "a.pdf" in page.content.decode()) == (True, True)


def test_error_keeps_typing_and_files(client, season):
    person = make_person(season)
    user = signed_in(client, season, Role.STAFF, "图书馆")
    file = str(upload(season, actor_of(user, season)))
    form = client.post(url("nomination-new"), typed(person, reasons="", files=[file])).context["form"]
    assert (list(form.errors), form["person"].value()) == (["reasons"], str(person.uuid))
    assert [str(each.uuid) for each in form["files"].value()] == [file]


def test_twin_is_linked(client, season):
    person = make_person(season)
    first = put_up(season, liaison_of(season), person)
    signed_in(client, season, Role.STAFF, "图书馆")
    page = client.post(url("nomination-new"), typed(person))
    assert page.context["twin"] == first
    assert url("nomination", first.uuid) in page.content.decode()


def test_office_chooses_the_department_first(client, season):
    person = make_person(season)
    signed_in(client, season, Role.OFFICE, "工会")
    listed = client.get(url("nomination-new")).context["departments"]
    assert (len(listed), "工会" in {row.name for row in listed}) == (23, False)
    path = f"{url('nomination-new')}?department={department(season).uuid}"
    assert client.post(path, typed(person)).status_code == 302
    assert client.get(f"{url('nomination-new')}?department={department(season, '工会').uuid}").status_code == 403
    assert client.get(f"{url('nomination-new')}?department=x").status_code == 404


def test_recommendation_chosen_for_honours_is_offered(client, season):
    person, praising = make_person(season), praise(season, liaison_of(season, "工会"), home="工会", of="图书馆")
    signed_in(client, season, Role.STAFF, "图书馆")
    assert "recommendation" not in client.get(url("nomination-new")).context["form"].fields
    Recommendation.objects.update(for_honours=True)
    assert client.post(url("nomination-new"), typed(person, recommendation=str(praising.uuid))).status_code == 302
    assert Nomination.objects.get().recommendation == praising
    assert praising.title in client.get(url("nomination", UUID)).content.decode()


def test_stale_edit_shows_both_and_the_next_sending_wins(client, season):
    user = signed_in(client, season, Role.STAFF, "图书馆")
    liaison, person = actor_of(user, season), make_person(season)
    found = put_up(season, liaison, person)
    edit_nomination(found, honour="服务育人", reasons="她写的", version=1, by=liaison, at=NOON)
    path, mine = url("nomination-edit", found.uuid), {"honour": "服务育人", "reasons": "我写的", "version": "1"}
    page = client.post(path, mine)
    assert (page.context["now"].reasons, page.context["form"]["reasons"].value()) == ("她写的", "我写的")
    assert client.post(path, mine | {"version": page.context["form"]["version"].value()}).status_code == 302
    found.refresh_from_db()
    assert (found.reasons, found.person) == ("我写的", person)


def test_withdrawing_asks_why(client, season):
    user = signed_in(client, season, Role.STAFF, "图书馆")
    found = put_up(season, actor_of(user, season), make_person(season))
    path = url("nomination-withdraw", found.uuid)
    assert "because" in client.post(path, {}).context["form"].errors
    assert client.post(path, {"because": "本人谢绝"}).status_code == 302
    assert "本人谢绝" in client.get(url("nomination", found.uuid)).content.decode()


def test_shortlisted_is_said_and_not_changed(client, season, office):
    user = signed_in(client, season, Role.STAFF, "图书馆")
    found = put_up(season, actor_of(user, season), make_person(season))
    shortlist(season, office, found)
    page = client.get(url("nomination", found.uuid))
    assert (page.context["may_change"], page.context["is_stuck"]) == (False, True)
    body = {"honour": "服务育人", "reasons": "我写的", "version": "2"}
    assert client.post(url("nomination-edit", found.uuid), body).status_code == 200
    found.refresh_from_db()
    assert found.reasons == "坚持延时开放。"


# --- the short list


def ticks(*nominations, of=()):
    seen = [f"{row.uuid} {mark_of(row)}" for row in (*nominations, *of)]
    return {"ticked": [str(row.uuid) for row in nominations], "seen": seen}


def test_office_saves_its_ticks(client, season):
    first, second = nominate_in(season, ["图书馆", "工会"])
    signed_in(client, season, Role.OFFICE)
    groups = client.get(url("honours-shortlist")).context["groups"]
    assert [(honour, [(row.name, tick) for row, tick in rows]) for honour, rows in groups] == [
        ("服务育人", [("某2", False), ("某1", False)])
    ]
    assert client.post(url("honours-shortlist"), ticks(first, of=[second])).url == url("honours")
    assert states(first, second) == [NominationState.SHORTLISTED, NominationState.NOMINATED]


def test_own_department_has_no_tick_box(client, season):
    first, second = nominate_in(season, ["图书馆", "工会"])
    signed_in(client, season, Role.OFFICE, "工会")
    body = client.get(url("honours-shortlist")).content.decode()
    assert (f'value="{first.uuid}"' in body, f'value="{second.uuid}"' in body) == (True, False)
    assert client.post(url("honours-shortlist"), ticks(second)).status_code == 403


def test_stale_tick_is_told_and_the_ticks_stay(client, season):
    first, second = nominate_in(season, ["图书馆", "工会"])
    body = ticks(first, second)
    edit_nomination(second, honour="服务育人", reasons="改过", version=1, by=liaison_of(season, "工会"), at=NOON)
    signed_in(client, season, Role.OFFICE)
    page = client.post(url("honours-shortlist"), body)
    assert "某2" in str(page.context["form"].errors)
    assert [tick for _honour, rows in page.context["groups"] for _row, tick in rows] == [True, True]
    second.refresh_from_db()
    assert f"{second.uuid} {mark_of(second)}" in page.content.decode()


def test_rubbish_in_the_form_changes_nothing(client, season):
    (found,) = nominate_in(season, ["图书馆"])
    signed_in(client, season, Role.OFFICE)
    for body in ({"ticked": ["x"], "seen": ["y z", str(found.uuid), ""]}, {}):
        assert client.post(url("honours-shortlist"), body).status_code == 302
    assert states(found) == [NominationState.NOMINATED]


# --- deciding


def decision(*, chosen=(), standing, **values):
    return {
        "uuid": UUID,
        "standing": standing,
        "chosen": [str(row.uuid) for row in chosen],
        "decided_on": "2009.12.28",
        "present": "支校衡",
        "text": "一致同意。",
    } | values


def test_leading_group_decides_on_the_page(client, season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first, second)
    signed_in(client, season, Role.LEADERSHIP)
    form = client.get(url("honours-decide")).context["form"]
    body = decision(chosen=[first], standing=form["standing"].value())
    for _click in range(2):
        assert client.post(url("honours-decide"), body).url == url("honours")
    assert states(first, second) == [NominationState.CHOSEN, NominationState.PASSED_OVER]
    assert Decision.objects.count() == 1


def test_office_attaches_the_minutes(client, season, office):
    found = nominate_in(season, ["图书馆"])
    shortlist(season, office, *found)
    user = signed_in(client, season, Role.OFFICE)
    body = decision(chosen=found, standing=client.get(url("honours-decide")).context["form"]["standing"].value())
    page = client.post(url("honours-decide"), body)
    assert list(page.context["form"].errors) == ["files"]
    assert page.context["lists"]["shortlisted"][0][1][0][1] is True  # the tick is kept
    body["files"] = [str(upload(season, actor_of(user, season)))]
    assert client.post(url("honours-decide"), body).status_code == 302
    shown = client.get(url("honours"))
    assert "a.pdf" in shown.content.decode()
    assert [row.chosen for row, _files in shown.context["decisions"]] == [1]


def test_stale_decision_shows_the_list_anew_with_ticks(client, season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first)
    seen = decision_list(office, season).standing
    shortlist(season, office, second)
    signed_in(client, season, Role.LEADERSHIP)
    page = client.post(url("honours-decide"), decision(chosen=[first], standing=seen))
    rows = [(row.name, tick) for _honour, found in page.context["lists"]["shortlisted"] for row, tick in found]
    assert rows == [("某2", False), ("某1", True)]
    again = decision(chosen=[first], standing=page.context["form"]["standing"].value())
    assert client.post(url("honours-decide"), again).status_code == 302


def test_own_interest_is_told_at_the_door(client, season, office):
    found = nominate_in(season, ["图书馆"])
    shortlist(season, office, *found)
    signed_in(client, season, Role.LEADERSHIP, "图书馆")
    assert client.get(url("honours-decide")).status_code == 403
    assert client.post(url("honours-decide"), decision(chosen=found, standing="x")).status_code == 403


def test_earlier_choice_of_an_own_department_is_not_offered(client, season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first, second)
    decide(season, make_actor(season, Role.LEADERSHIP), chosen=[first])
    signed_in(client, season, Role.LEADERSHIP, "图书馆")
    lists = client.get(url("honours-decide")).context["lists"]
    assert (lists["chosen"], [row.name for row, _tick in lists["passed_over"][0][1]]) == ([], ["某2"])


# --- for everybody


def test_others_read_the_chosen_alone(client, season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first, second)
    decide(season, make_actor(season, Role.LEADERSHIP), chosen=[first])
    signed_in(client, season, Role.STAFF, "团委")
    body = client.get(url("honours")).content.decode()
    assert ("某1" in body, "某2" in body, "坚持延时开放" in body, _("All nominations") in body) == (
        True,
        False,
        False,
        False,
    )
    for found in (first, second):
        for name in ("nomination", "nomination-edit", "nomination-withdraw"):
            assert client.get(url(name, found.uuid)).status_code == 404
    signed_in(client, season, Role.STAFF, "工会")
    body = client.get(url("honours")).content.decode()
    assert ("某2" in body, str(NominationState.PASSED_OVER.label) in body) == (True, True)


def test_filters_are_for_who_oversees(client, season, office):
    nominate_in(season, ["图书馆"])
    nominate_in(season, ["工会"], honour="教书育人")
    signed_in(client, season, Role.ASSESSOR)

    def names(**query):
        return [row.name for _honour, rows in client.get(url("honours"), query).context["groups"] for row in rows]

    assert names() == ["某2", "某1"]
    assert names(honour="教书育人") == ["某2"]
    assert names(department=str(department(season).uuid)) == ["某1"]
    assert (names(state="nominated"), names(state="chosen"), names(state="x")) == (["某2", "某1"], [], ["某2", "某1"])


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_the_same_queries(client, season, office, rows, django_assert_num_queries):
    homes = ["图书馆", "工会", "团委"][:rows]
    shortlist(season, office, *nominate_in(season, homes))
    decide(season, office, chosen=list(Nomination.objects.all()))
    nominate_in(season, homes, honour="教书育人")
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(12):
        client.get(url("honours"))
    with django_assert_num_queries(7):
        client.get(url("honours-shortlist"))
    with django_assert_num_queries(7):
        client.get(url("honours-decide"))
    signed_in(client, season, Role.STAFF, "图书馆")
    with django_assert_num_queries(8):
        client.get(url("honours"))
