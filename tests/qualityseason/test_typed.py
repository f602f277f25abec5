"""What was typed by somebody whose session had ended is there again after the login."""

import pytest
import time_machine
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import StudentClass
from tests.factories import PASSWORD, department, make_membership, make_person, make_user

pytestmark = pytest.mark.django_db
KEPT = "刚才填写的内容已保留"


@pytest.fixture
def office(season):
    user = make_user("office", name="钟敏")
    make_membership(season, user, Role.OFFICE)
    return user


@pytest.fixture
def form(season):
    return {"name": "会计0901", "department": str(department(season, "财会金融系").uuid), "csrfmiddlewaretoken": "x"}


ADDRESS = "/campaigns/2009/classes/new/"


def sign_in(client, following="", username="office"):
    return client.post("/login/", {"username": username, "password": PASSWORD, "next": following})


def end_session(client):
    """Let the session cookie run out in the browser; the other cookies stay."""
    del client.cookies["sessionid"]


@pytest.fixture
def was_in(client, office):
    """The office has been signed in on this browser until its session ended."""
    sign_in(client)
    end_session(client)


def test_typed_form_is_there_again_after_login(client, was_in, form):
    response = client.post(ADDRESS, form)
    assert response.url == f"/login/?next={ADDRESS}"
    assert sign_in(client, ADDRESS).url == ADDRESS
    response = client.get(ADDRESS)
    assert response.context["form"]["name"].value() == "会计0901"
    assert len(response.context["messages"]) == 1
    assert StudentClass.objects.count() == 0
    response = client.post(ADDRESS, form)
    assert response.status_code == 302
    assert StudentClass.objects.get().name == "会计0901"


def test_login_page_says_that_typing_waits(client, was_in, form):
    assert KEPT not in client.get("/login/").text
    client.post(ADDRESS, form)
    assert KEPT in client.get("/login/").text
    client.cookies["typed_by"] = "somebody else"
    assert KEPT not in client.get("/login/").text


def test_login_page_promises_no_typing_an_hour_old(client, was_in, form):
    with time_machine.travel("2026-03-02T08:00:00+08:00", tick=False):
        client.post(ADDRESS, form)
    with time_machine.travel("2026-03-02T09:00:00+08:00", tick=False):
        assert KEPT in client.get("/login/").text
    with time_machine.travel("2026-03-02T09:00:01+08:00", tick=False):
        assert KEPT not in client.get("/login/").text


def test_typed_form_comes_once(client, was_in, form):
    client.post(ADDRESS, form)
    sign_in(client, ADDRESS)
    client.get(ADDRESS)
    assert client.get(ADDRESS).context["form"]["name"].value() is None


def test_typed_form_is_gone_when_somebody_else_signs_in(client, season, was_in, form):
    make_membership(season, make_user("colleague"), Role.OFFICE)
    client.post(ADDRESS, form)
    assert sign_in(client, ADDRESS, "colleague").url == ADDRESS
    response = client.get(ADDRESS)
    assert response.context["form"]["name"].value() is None
    assert len(response.context["messages"]) == 0
    end_session(client)
    sign_in(client, ADDRESS)
    assert client.get(ADDRESS).context["form"]["name"].value() is None


def test_form_of_the_one_who_came_last_is_kept(client, season, was_in, form):
    make_membership(season, make_user("colleague"), Role.OFFICE)
    sign_in(client, ADDRESS, "colleague")
    end_session(client)
    client.post(ADDRESS, form)
    sign_in(client, ADDRESS, "colleague")
    assert client.get(ADDRESS).context["form"]["name"].value() == "会计0901"


def test_form_of_a_browser_nobody_has_signed_in_on_is_not_kept(client, db, form):
    client.post(ADDRESS, form)
    assert "typed" not in client.session


def test_cookie_tells_no_person_and_is_closed_to_scripts(client, was_in):
    cookie = client.cookies["typed_by"]
    assert len(cookie.value) == 64
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_typed_form_is_forgotten_after_an_hour(client, was_in, form):
    with time_machine.travel("2026-03-02T08:00:00+08:00", tick=False):
        client.post(ADDRESS, form)
    with time_machine.travel("2026-03-02T09:00:01+08:00", tick=False):
        sign_in(client, ADDRESS)
        assert client.get(ADDRESS).context["form"]["name"].value() is None


def test_typed_password_is_not_kept(client, was_in):
    client.post("/password/", {"old_password": "geheim", "new_password1": "a", "new_password2": "a"})
    assert "typed" not in client.session


def test_too_long_a_form_is_not_kept(client, was_in):
    client.post(ADDRESS, {"name": "名" * 170_000})
    assert "typed" not in client.session


def test_three_forms_are_kept_at_most(client, was_in):
    for number in range(5):
        client.post(f"/campaigns/s{number}/classes/new/", {"name": "a"})
    assert list(client.session["typed"]) == [f"/campaigns/s{number}/classes/new/" for number in (2, 3, 4)]


def test_typed_form_inside_another_page_leads_back_to_that_page(client, was_in, season):
    person = make_person(season)
    page = reverse("campaigns:staff-edit", args=["2009", person.uuid])
    response = client.post(
        reverse("campaigns:posting-add", args=["2009", person.uuid]),
        {"department": str(department(season, "工会").uuid), "starts_on": "2009.12.1", "ends_on": ""},
        headers={"referer": f"http://testserver{page}"},
    )
    assert response.url == f"/login/?next={page}"
    sign_in(client, page)
    response = client.get(page)
    assert response.context["posting_form"]["starts_on"].value() == "2009.12.1"
    assert response.context["form"]["name"].value() == "张伟"


def test_referer_of_another_host_is_not_gone_to(client, office, form):
    response = client.post(ADDRESS, form, headers={"referer": "http://elsewhere.example/evil/"})
    assert response.url == f"/login/?next={ADDRESS}"


def test_piece_of_a_page_sends_the_whole_page_to_login(client, office):
    response = client.get(
        "/campaigns/2009/classes/",
        headers={"hx-request": "true", "hx-current-url": "http://testserver/campaigns/2009/staff/?q=1"},
    )
    assert response["HX-Redirect"] == "/login/?next=/campaigns/2009/staff/%3Fq%3D1"
