"""The forms of circulars: sending, changing, withdrawing, relay and execution; typing kept, stale ones shown."""

from datetime import date, timedelta

import pytest

from campaigns.enums import Role
from campaigns.models import Circular, Department, Interest
from qualityseason.models import User
from tests.campaigns.circular_working import (
    HOME,
    OTHER,
    carried_out,
    owed,
    part,
    relayed,
    sent,
)
from tests.campaigns.handing_in import make_file
from tests.campaigns.people_working import make_member, signed_in, url
from tests.factories import NOON, PASSWORD, department, make_actor, make_person

KEY = "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11"


@pytest.fixture(autouse=True)
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def typed(season, *names, **values):
    return {
        "uuid": KEY,
        "kind": "forwarded",
        "number": "教高【2006】16号",
        "title": "关于全面提高教学质量的若干意见",
        "text": "",
        "issued_on": "2009年12月1日",
        "due_on": "２００９．１２．１０",
        "departments": [str(department(season, name).uuid) for name in names],
    } | values


def words(page):
    return page.content.decode()


# --- sending and changing


def test_circular_is_sent_as_people_type_and_twice_is_once(client, season):
    office = signed_in(client, season, Role.OFFICE)
    stored = make_file(by_id=office.pk, is_upload=True)
    type(stored).objects.update(campaign_id=season.pk)
    data = typed(season, HOME, OTHER, files=[str(stored.uuid)])
    answers = [client.post(url("circular-new"), data).url for _click in range(2)]
    circular = Circular.objects.get()
    assert answers == [url("circular", KEY)] * 2
    assert (circular.issued_on, circular.due_on, circular.kind) == (
        date(2009, 12, 1),
        date(2009, 12, 10),
        "forwarded",
    )
    assert circular.recipients.count() == 2
    assert "a.pdf" in words(client.get(url("circular", KEY)))


@pytest.mark.parametrize(
    ("groups", "number"),
    [(["all"], 24), (["block-A"], 14), (["block-B"], 10), (["kind-specialty"], 5), (["block-A", "kind-specialty"], 19)],
)
def test_groups_stand_for_their_departments(client, season, groups, number):
    signed_in(client, season, Role.OFFICE)
    client.post(url("circular-new"), typed(season, groups=groups))
    assert Circular.objects.get().recipients.count() == number


def test_closed_departments_are_not_offered(client, season):
    Department.objects.filter(campaign=season, name=OTHER).update(closed_on=date(2009, 12, 1))
    closed = str(department(season, OTHER).uuid)
    signed_in(client, season, Role.OFFICE)
    assert closed not in words(client.get(url("circular-new")))
    assert "departments" in client.post(url("circular-new"), typed(season, OTHER)).context["form"].errors
    client.post(url("circular-new"), typed(season, groups=["all"]))
    assert Circular.objects.get().recipients.count() == 23


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": "2009-11-30"}, "due_on"),
        ({"issued_on": "昨天"}, "issued_on"),
        ({"title": ""}, "title"),
        ({"kind": "x"}, "kind"),
        ({"departments": []}, "departments"),
        ({"departments": ["x"]}, "departments"),
        ({"groups": ["x"]}, "groups"),
    ],
)
def test_bad_circular_keeps_what_was_typed(client, season, values, field):
    signed_in(client, season, Role.OFFICE)
    data = typed(season, HOME) | values
    page = client.post(url("circular-new"), data)
    form = page.context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in data} == data
    assert not Circular.objects.exists()


def test_twin_is_linked_typing_kept_and_entered_when_confirmed(client, season):
    signed_in(client, season, Role.OFFICE)
    assert 'name="again"' not in words(client.get(url("circular-new")))
    client.post(url("circular-new"), typed(season, HOME))
    data = typed(season, OTHER, uuid="7f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a12", text="再发")
    page = client.post(url("circular-new"), data)
    assert url("circular", KEY) in words(page)
    assert (page.context["form"]["text"].value(), 'name="again"' in words(page)) == ("再发", True)
    assert client.post(url("circular-new"), data | {"again": "on"}).status_code == 302
    assert Circular.objects.count() == 2


def test_change_shows_who_stays_and_says_so(client, season, office):
    circular = sent(season, office, HOME, OTHER)
    relayed(circular, office)
    signed_in(client, season, Role.OFFICE)
    path = url("circular-edit", circular.uuid)
    form = client.get(path).context["form"]
    ticked = [one.name for block in form.blocks for one in block.departments if one.is_ticked]
    fixed = [one.name for block in form.blocks for one in block.departments if one.is_fixed]
    assert (ticked, fixed) == (["工会", "图书馆"], ["图书馆"])
    data = typed(season, OTHER, version="1", due_on="2009-12-20")
    page = client.post(path, data, follow=True)
    assert "图书馆" in words(page)
    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]
    assert (owed(circular).due_on, circular.recipients.filter(removed_at=None).count()) == (date(2009, 12, 20), 2)


def test_stale_change_shows_both_and_then_saves(client, season, office):
    circular = sent(season, office)
    Circular.objects.update(version=5, title="他人改过的")
    signed_in(client, season, Role.OFFICE)
    path, data = url("circular-edit", circular.uuid), typed(season, HOME, version="1")
    page = client.post(path, data)
    form = page.context["form"]
    assert (form["title"].value(), form["version"].value()) == ("关于全面提高教学质量的若干意见", "5")
    assert "他人改过的" in words(page)
    assert client.post(path, data | {"version": "5"}).status_code == 302
    assert Circular.objects.get().title == "关于全面提高教学质量的若干意见"


def test_withdrawing_asks_why(client, season, office):
    circular = sent(season, office)
    signed_in(client, season, Role.OFFICE)
    path = url("circular-withdraw", circular.uuid)
    assert "because" in client.post(path, {"because": ""}).context["form"].errors
    assert client.post(path, {"because": "误发"}).url == url("circular", circular.uuid)
    assert owed(circular).dropped_at is not None


def test_what_was_typed_survives_the_end_of_the_session(client, season):
    user = make_member(season, Role.OFFICE)
    User.objects.filter(pk=user.pk).update(last_login=NOON + timedelta(days=1))
    path = url("circular-new")
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    client.cookies.pop("sessionid")
    assert client.post(path, typed(season, HOME, groups=["block-A"])).status_code == 302
    client.post(f"/login/?next={path}", {"username": user.username, "password": PASSWORD})
    form = client.get(path).context["form"]
    ticked = [one.name for block in form.blocks for one in block.departments if one.is_ticked]
    assert (form["title"].value(), ticked) == ("关于全面提高教学质量的若干意见", ["图书馆"])
    assert [block.group.is_ticked for block in form.blocks] == [True, False]


# --- recording


def test_department_records_relay_and_execution(client, season, office):
    circular = sent(season, office)
    person, gone = make_person(season), make_person(season, "李敏", number="00124", home=OTHER)
    signed_in(client, season, Role.STAFF, HOME)
    relay, done = (url(name, part(circular).uuid) for name in ("circular-relay", "circular-carry-out"))
    form = client.get(relay).context["form"]
    assert ([one.member for one in form.people], form["relayed_on"].value()) == ([person], "2009-12-28")
    data = {"version": "1", "relayed_on": "2009.12.3", "to": "some", "persons": [str(person.uuid)], "how": "例会"}
    assert "persons" in client.post(relay, data | {"persons": [str(gone.uuid)]}).context["form"].errors
    assert client.post(relay, data).url == url("circular", circular.uuid)
    data = {"version": "2", "carried_out_on": "2009年12月8日", "what": "已落实"}
    assert client.post(done, data).url == url("circular", circular.uuid)
    row = part(circular)
    assert (row.relayed_on, list(row.relayed_to.all()), row.carried_out_on, row.carried_out) == (
        date(2009, 12, 3),
        [person],
        date(2009, 12, 8),
        "已落实",
    )
    assert owed(circular).met_at is not None
    form = client.get(relay).context["form"]
    assert [(one.member.name, ticked) for one, ticked in form.offered] == [("张伟", True)]


def test_persons_ticked_say_by_themselves_to_whom(client, season, office):
    circular = sent(season, office)
    person = make_person(season)
    signed_in(client, season, Role.STAFF, HOME)
    data = {"version": "1", "relayed_on": "2009-12-03", "persons": [str(person.uuid)], "how": ""}
    client.post(url("circular-relay", part(circular).uuid), data)
    assert list(part(circular).relayed_to.all()) == [person]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"relayed_on": "2009-11-30"}, "relayed_on"),
        ({"relayed_on": "2009-12-29"}, "relayed_on"),
        ({"to": ""}, "to"),
        ({"to": "some"}, "persons"),
        ({"to": "some", "persons": ["x"]}, "persons"),
    ],
)
def test_bad_relay_keeps_what_was_typed(client, season, office, values, field):
    circular = sent(season, office)
    signed_in(client, season, Role.STAFF, HOME)
    data = {"version": "1", "relayed_on": "2009-12-03", "to": "all", "persons": [], "how": "例会"} | values
    form = client.post(url("circular-relay", part(circular).uuid), data).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in data} == data
    assert part(circular).relayed_on is None


def test_stale_records_show_both(client, season, office):
    circular = sent(season, office)
    relayed(circular, office, how="会上宣读")
    carried_out(circular, office, what="他人写的")
    signed_in(client, season, Role.STAFF, HOME)
    for name, data, theirs in (
        ("circular-relay", {"version": "1", "relayed_on": "2009-12-04", "to": "all", "how": "张贴"}, "会上宣读"),
        ("circular-carry-out", {"version": "1", "carried_out_on": "2009-12-09", "what": "我写的"}, "他人写的"),
    ):
        path = url(name, part(circular).uuid)
        page = client.post(path, data)
        form = page.context["form"]
        assert (theirs in words(page), form["version"].value()) == (True, str(part(circular).version))
        assert {field: form[field].value() for field in data if field != "version"} == {
            field: value for field, value in data.items() if field != "version"
        }
        assert client.post(path, data | {"version": form["version"].value()}).status_code == 302


def test_office_of_interest_is_refused_before_and_after_typing(client, season, office):
    circular = sent(season, office, HOME, OTHER)
    user = signed_in(client, season, Role.OFFICE)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="配偶", starts_on=date(2009, 9, 1)
    )
    for name in ("circular-relay", "circular-carry-out"):
        assert client.get(url(name, part(circular).uuid)).status_code == 403
        assert client.post(url(name, part(circular).uuid), {}).status_code == 403
        assert client.get(url(name, part(circular, OTHER).uuid)).status_code == 200
    assert url("circular-relay", part(circular).uuid) not in words(client.get(url("circular", circular.uuid)))
