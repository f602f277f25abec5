"""The page on which the next season is set up."""

import pytest

from campaigns.enums import Role
from campaigns.models import Campaign
from tests.campaigns.people_working import make_duty, signed_in, url

TYPED = {"slug": "2010", "name": "第二季", "starts_on": "2010年10月11日", "seen": "", "term_0": ""}


@pytest.fixture
def office(client, season):
    return signed_in(client, season, Role.OFFICE)


def test_seen_first_and_then_made(client, season, office):
    form = client.get(url("season-copy")).context["form"]
    assert (form["name"].value(), form["slug"].value()) == (season.name, None)
    page = client.post(url("season-copy"), TYPED | {"preview": "1"})
    body = page.content.decode()
    assert page.context["preview"].days == 365
    assert ("2010-11-06" in body, "2010—2011学年第一学期" in body) == (True, True)
    assert not Campaign.objects.filter(slug="2010").exists()
    confirmed = TYPED | {"confirm": "1", "seen": page.context["form"]["seen"].value()}
    for _click in range(2):
        assert client.post(url("season-copy"), confirmed).url == "/campaigns/2010/scheme/"
    assert client.get("/campaigns/2010/scheme/").status_code == 200
    assert Campaign.objects.filter(slug="2010").count() == 1


def test_unseen_is_shown_and_not_made(client, season, office):
    page = client.post(url("season-copy"), TYPED | {"confirm": "1"})
    assert (page.status_code, page.context["preview"].days) == (200, 365)
    make_duty(season)
    again = client.post(url("season-copy"), TYPED | {"confirm": "1", "seen": page.context["form"]["seen"].value()})
    assert again.context["preview"].duties == 1
    assert not Campaign.objects.filter(slug="2010").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"slug": "2009"}, "slug"),
        ({"slug": "a b"}, "slug"),
        ({"starts_on": "2009-10-01"}, "starts_on"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_form_keeps_what_was_typed(client, season, office, values, field):
    typed = TYPED | values | {"confirm": "1"}
    page = client.post(url("season-copy"), typed)
    assert list(page.context["form"].errors) == [field]
    assert {name: page.context["form"][name].value() for name in TYPED} == {name: typed[name] for name in TYPED}
    assert Campaign.objects.count() == 2


def test_nobody_else_is_at_home_in_the_new_season(client, season, office):
    page = client.post(url("season-copy"), TYPED | {"preview": "1"})
    client.post(url("season-copy"), TYPED | {"confirm": "1", "seen": page.context["form"]["seen"].value()})
    signed_in(client, season, Role.STAFF, "图书馆")
    assert client.get("/campaigns/2010/scheme/").status_code == 404
