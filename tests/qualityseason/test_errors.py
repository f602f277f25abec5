"""Error pages: each shows the number of its request."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from campaigns.enums import Role
from qualityseason.errors import ConflictOfInterest
from qualityseason.views import errors
from tests.factories import make_membership, make_user


@pytest.fixture
def member(season):
    user = make_user("liu")
    make_membership(season, user, Role.LEADERSHIP)
    return user


def test_unknown_address_is_404_with_its_number(client, member):
    client.force_login(member)
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert response["X-Request-ID"] in response.content.decode()


def test_role_lacking_is_403_with_its_number(client, member, season):
    client.force_login(member)
    response = client.get("/campaigns/2009/people/")
    assert response.status_code == 403
    assert response["X-Request-ID"] in response.content.decode()


def test_conflict_of_interest_shows_its_sentence(member):
    request = RequestFactory().get("/")
    request.user = member
    response = errors.permission_denied(request, ConflictOfInterest("You belong to this department."))
    assert response.status_code == 403
    assert "You belong to this department." in response.content.decode()


def test_server_error_shows_its_number(client, member, settings):
    settings.ROOT_URLCONF = "tests.qualityseason.failing_urls"
    client.raise_request_exception = False
    response = client.get("/login/")
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()


def test_bad_request_shows_its_number(client, db):
    response = client.get("/login/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert response["X-Request-ID"] in response.content.decode()


# --- a form with an old token: a login in another tab has renewed it


@pytest.fixture
def strict(settings, member):
    settings.CSRF_FAILURE_VIEW = "qualityseason.views.errors.csrf_failure"
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    return client


FORM = {"name": "会计 <b>0901</b>", "password": "geheim", "csrfmiddlewaretoken": "old"}


def test_stale_form_from_here_offers_to_send_again(strict):
    address = reverse("campaigns:class-add", args=["2009"])
    response = strict.post(address, FORM, headers={"origin": "http://testserver"})
    page = response.content.decode()
    assert response.status_code == 403
    assert '<input type="hidden" name="name" value="会计 &lt;b&gt;0901&lt;/b&gt;">' in page
    assert f'action="{address}"' in page
    assert "geheim" not in page
    assert response["X-Request-ID"] in page


@pytest.mark.parametrize("headers", [{}, {"referer": "http://elsewhere.example/"}])
def test_form_from_elsewhere_is_not_offered_again(strict, headers):
    response = strict.post(reverse("campaigns:class-add", args=["2009"]), FORM, headers=headers)
    assert response.status_code == 403
    assert "0901" not in response.content.decode()


def test_stale_login_goes_on_to_the_login(strict):
    response = strict.post("/login/", {"username": "liu", "password": "x"}, headers={"origin": "http://testserver"})
    page = response.content.decode()
    assert response.status_code == 403
    assert 'href="/login/"' in page
    assert 'value="liu"' not in page
