"""Accounts of a campaign: reach, slips, unlocking."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Membership
from qualityseason.models import AuditEntry, User
from qualityseason.services.accounts import create_account, issue_one_time_password
from tests.factories import PASSWORD, SHANGHAI, department, make_membership, make_person, make_user

HERE = "10.0.0.1"


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def member(season, username, role, home=None, **fields):
    user = make_user(username, **fields)
    make_membership(season, user, role, department=department(season, home) if home else None)
    return user


@pytest.fixture
def office(client, season):
    user = member(season, "office", Role.OFFICE, name="钟敏")
    client.force_login(user)
    return user


@pytest.fixture
def head(client, season):
    user = member(season, "head-24", Role.HEAD, "图书馆")
    client.force_login(user)
    return user


@pytest.fixture
def liaison(season):
    return member(season, "staff-24", Role.STAFF, "图书馆", name="张伟")


def listed(client, **query):
    return [row.username for row in client.get(url("accounts"), query).context["rows"]]


def issue(client, *usernames):
    return client.post(url("account-slips"), {"account": usernames})


def lock(client, username):
    for _try in range(5):
        client.post("/login/", {"username": username, "password": "wrong"}, REMOTE_ADDR=HERE)


def unchanged(user):
    return User.objects.get(pk=user.pk).check_password(PASSWORD)


# --- the list


def test_office_sees_everybody_of_the_season(client, season, other_season, office, liaison):
    member(other_season, "stranger", Role.OFFICE)
    superuser = make_user("root", is_superuser=True)
    make_membership(season, superuser, Role.LEADERSHIP)
    assert listed(client) == ["office", "staff-24"]


def test_head_sees_own_liaisons_alone(client, season, head, liaison):
    member(season, "staff-23", Role.STAFF, "实训中心")
    member(season, "assessor", Role.ASSESSOR)
    member(season, "second-head", Role.HEAD, "图书馆")
    assert listed(client) == ["staff-24"]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_head_does_not_see_a_liaison_with_another_role(client, season, head, liaison, role):
    make_membership(season, liaison, role)
    assert listed(client) == []


def test_head_does_not_see_a_liaison_of_two_departments(client, season, head, liaison):
    make_membership(season, liaison, Role.STAFF, department=department(season, "工会"))
    assert listed(client) == []


def test_head_does_not_see_a_liaison_who_is_office_of_another_season(client, season, other_season, head, liaison):
    make_membership(other_season, liaison, Role.OFFICE)
    assert listed(client) == []


def test_head_does_not_see_a_former_liaison(client, season, head, liaison):
    Membership.objects.filter(user=liaison).update(ends_on=date(2009, 12, 1))
    assert listed(client) == []


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP, Role.STAFF])
def test_accounts_are_closed_to_others(client, season, role):
    client.force_login(member(season, "other", role, "图书馆"))
    assert client.get(url("accounts")).status_code == 403
    assert issue(client, "other").status_code == 403
    assert client.post(url("account-unlock"), {"unlock": "other"}).status_code == 403


def test_list_tells_slip_and_lock(client, season, office, liaison):
    made = create_account("new", display_name="新", by_id=None)
    make_membership(season, made, Role.STAFF, department=department(season))
    issue(client, "staff-24")
    rows = {row.username: row for row in client.get(url("accounts")).context["rows"]}
    assert {name: row.slip for name, row in rows.items()} == {"new": "none", "office": "used", "staff-24": "out"}
    assert rows["staff-24"].slip_at is not None
    assert rows["office"].is_own
    assert not any(row.is_locked for row in rows.values())
    assert listed(client, slip="out") == ["staff-24"]
    assert listed(client, slip="none") == ["new"]
    assert listed(client, role="STAFF", department=department(season).uuid) == ["new", "staff-24"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for number in range(rows):
        member(season, f"person-{number}", Role.STAFF, "图书馆")
    with django_assert_num_queries(12):
        client.get(url("accounts"))


# --- slips


def test_slips_are_shown_once_and_not_stored(client, season, office, liaison):
    response = issue(client, "staff-24")
    page = response.content.decode()
    password = response.context["slips"][0]["password"]
    assert "no-store" in response["Cache-Control"]
    assert password in page
    assert "张伟" in page
    assert "http://testserver/" in page
    assert "图书馆" in page
    assert User.objects.get(pk=liaison.pk).check_password(password)
    assert password not in str(list(AuditEntry.objects.values()))
    assert password not in str(dict(client.session))
    assert client.get(url("account-slips")).url == url("accounts")


def test_slips_of_several_are_in_order(client, season, office, liaison):
    member(season, "head-24", Role.HEAD, "图书馆")
    slips = issue(client, "staff-24", "head-24").context["slips"]
    assert [slip["user"].username for slip in slips] == ["head-24", "staff-24"]
    assert slips[0]["password"] != slips[1]["password"]


def test_slips_without_a_tick_say_so(client, season, office):
    response = issue(client)
    assert response.url == url("accounts")
    assert len(client.get(response.url).context["messages"]) == 1


def test_own_slip_is_refused(client, season, office, liaison):
    assert issue(client, "office", "staff-24").url == url("accounts")
    assert unchanged(office)
    assert unchanged(liaison)


def test_head_issues_a_slip_for_the_own_liaison(client, season, head, liaison):
    assert issue(client, "staff-24").status_code == 200
    assert not unchanged(liaison)
    assert AuditEntry.objects.get(act="account.slip").by == head


def test_head_issues_no_slip_for_another_departments_liaison(client, season, head, liaison):
    other = member(season, "staff-23", Role.STAFF, "实训中心")
    assert issue(client, "staff-23").status_code == 404
    assert issue(client, "staff-24", "staff-23").status_code == 404
    assert unchanged(other)
    assert unchanged(liaison)


def test_head_issues_no_slip_for_a_liaison_who_is_also_office(client, season, head, liaison):
    make_membership(season, liaison, Role.OFFICE)
    assert issue(client, "staff-24").status_code == 404
    assert unchanged(liaison)


def test_foreign_account_reads_like_a_missing_one(client, season, other_season, office):
    member(other_season, "stranger", Role.OFFICE)
    there, missing = issue(client, "stranger"), issue(client, "nobody")
    assert (there.status_code, missing.status_code) == (404, 404)


# --- slips of those who oversee another season


OVERSEERS = [Role.OFFICE, Role.TEAM_LEAD, Role.ASSESSOR, Role.LEADERSHIP]


@pytest.mark.parametrize("role", OVERSEERS)
def test_office_issues_no_slip_for_an_overseer_of_another_season(client, season, other_season, office, liaison, role):
    make_membership(other_season, liaison, role)
    row = client.get(url("accounts")).context["rows"][1]
    assert (row.username, row.is_elsewhere) == ("staff-24", True)
    response = issue(client, "staff-24")
    assert response.url == url("accounts")
    page = client.get(response.url)
    assert "张伟" in str(next(iter(page.context["messages"])))
    assert 'name="account" value="staff-24"' not in page.content.decode()
    assert unchanged(liaison)
    assert client.post(url("account-unlock"), {"unlock": "staff-24"}).status_code == 302


@pytest.mark.parametrize(("role", "ends_on"), [(Role.STAFF, None), (Role.HEAD, None), (Role.OFFICE, date(2009, 12, 1))])
def test_office_issues_slips_for_lesser_and_former_roles_elsewhere(
    client, season, other_season, office, liaison, role, ends_on
):
    place = other_season.departments.first()
    make_membership(other_season, liaison, role, department=place, starts_on=date(2009, 9, 1), ends_on=ends_on)
    assert issue(client, "staff-24").status_code == 200
    assert not unchanged(liaison)


def test_slip_is_issued_beside_the_account_in_one_click(client, season, office, liaison):
    page = client.get(url("accounts")).content.decode()
    buttons = re.findall(r'<button type="submit" form="one-account"[^>]*name="account" value="([^"]*)"', page)
    assert buttons == ["staff-24"]
    assert f'action="{url("account-slips")}" id="one-account"' in page


def test_expired_slip_is_told(client, season, office, liaison):
    with time_machine.travel(datetime(2026, 3, 2, 8, tzinfo=SHANGHAI), tick=False):
        issue_one_time_password(liaison, by_id=None)
    with time_machine.travel(datetime(2026, 4, 1, 8, tzinfo=SHANGHAI), tick=False):
        client.force_login(office)
        assert listed(client, slip="expired") == ["staff-24"]
        assert listed(client, slip="out") == []


# --- what addresses and forms may carry


NUL = "staff-24\x00"


def test_control_characters_of_a_request_are_dropped(client, season, office, liaison):
    assert client.get(url("accounts"), {"new": NUL}).context["new"] == "staff-24"
    assert client.post(url("account-unlock"), {"unlock": NUL}).status_code == 302
    assert issue(client, NUL).context["slips"][0]["user"] == liaison


@pytest.mark.parametrize("name", ["accounts", "people", "staff", "classes"])
@pytest.mark.parametrize("filter_", ["after", "before", "q", "role", "department", "category", "slip", "new"])
def test_list_with_a_nul_in_its_address_opens(client, season, office, name, filter_):
    assert client.get(url(name), {filter_: "\x00"}).status_code == 200
    assert client.get(url(name), {filter_: "a\x00"}).status_code == 200


def test_page_after_nothing_but_control_characters_is_the_first(client, season, office):
    make_person(season)
    assert client.get(url("staff"), {"after": "\x00"}).context["before_url"] == ""


def test_added_login_with_a_plus_is_ticked(client, season, office):
    form = FORM | {"username": "a+b@c", "department": department(season).uuid}
    page = client.get(client.post(url("account-add"), form).url)
    assert page.context["new"] == "a+b@c"
    assert re.search(r'value="a\+b@c"[^>]* checked', page.content.decode())


# --- unlocking


def test_locked_account_is_shown_and_opened_in_one_click(client, season, office, liaison):
    from django.test import Client

    other = Client()
    lock(other, "staff-24")
    rows = {row.username: row.is_locked for row in client.get(url("accounts")).context["rows"]}
    assert rows == {"office": False, "staff-24": True}
    assert client.post(url("account-unlock"), {"unlock": "staff-24"}).url == url("accounts")
    answer = other.post("/login/", {"username": "staff-24", "password": PASSWORD}, REMOTE_ADDR=HERE)
    assert answer.status_code == 302


def test_head_unlocks_nobody_elses_liaison(client, season, head):
    member(season, "staff-23", Role.STAFF, "实训中心")
    assert client.post(url("account-unlock"), {"unlock": "staff-23"}).status_code == 404
    assert client.post(url("account-unlock"), {}).status_code == 404


# --- one by one


FORM = {"username": "00777", "display_name": "李 敏", "staff_number": "00777", "role": "STAFF", "department": ""}


def test_account_is_added_with_role_and_link(client, season, office):
    person = make_person(season, "李敏", number="00777")
    form = FORM | {"department": department(season).uuid}
    response = client.post(url("account-add"), form)
    assert response.url == url("accounts") + "?new=00777"
    user = User.objects.get(username="00777")
    assert not user.has_usable_password()
    assert [(row.role, row.department.name) for row in user.memberships.all()] == [("STAFF", "图书馆")]
    person.refresh_from_db()
    assert person.user == user
    assert 'value="00777"' in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"username": "office"}, "username"), ({"department": ""}, "department"), ({"role": ""}, "role")],
)
def test_account_badly_typed_writes_nothing(client, season, office, wrong, field):
    form = FORM | {"department": department(season).uuid} | wrong
    response = client.post(url("account-add"), form)
    assert field in response.context["form"].errors
    assert response.context["form"]["display_name"].value() == "李 敏"
    assert get_user_model().objects.count() == 1


# --- the first office account


def test_appoint_office_makes_an_account(client, season, capsys):
    call_command("appoint_office", "2009", "zhong", name="钟敏")
    user = User.objects.get(username="zhong")
    assert (user.display_name, user.must_change_password) == ("钟敏", True)
    assert [(row.role, row.starts_on) for row in user.memberships.all()] == [("OFFICE", date(2009, 9, 1))]
    password = capsys.readouterr().out.strip().replace("：", " ").split()[-1]
    assert client.post("/login/", {"username": "zhong", "password": password}).status_code == 302


def test_appoint_office_takes_an_account_that_is_there(season, capsys):
    user = make_user("zhong")
    call_command("appoint_office", "2009", "zhong")
    assert unchanged(user)
    assert user.memberships.get().role == "OFFICE"
    with pytest.raises(CommandError):
        call_command("appoint_office", "2009", "zhong")


@pytest.mark.parametrize("words", [("1999", "zhong"), ("2009", "a b")])
def test_appoint_office_with_bad_words_writes_nothing(season, words):
    with pytest.raises(CommandError):
        call_command("appoint_office", *words)
    assert User.objects.count() == 0
