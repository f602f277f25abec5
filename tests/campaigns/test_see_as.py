"""The office sees the portal as a department does: the same pages, nothing written, everything logged."""

import pytest
from django.urls import reverse

from campaigns.enums import ResponsibilityCode, Role
from campaigns.models import Delegation, Interest, Responsibility
from campaigns.queries.actors import load_actor, seen_as
from qualityseason.models import AuditEntry, User
from tests.campaigns.handing_in import make_submitted_plan
from tests.campaigns.motion_records import make_evidence
from tests.factories import NOON, department, make_actor, make_membership, make_user

LIBRARY, SPORT = "图书馆", "体育部"


@pytest.fixture
def office(season):
    user = make_user("office", name="办公室")
    make_membership(season, user, Role.OFFICE)
    return user


@pytest.fixture
def browser(client, office):
    client.force_login(office)
    return client


def address(name, *parts):
    return reverse(f"campaigns:{name}", args=["2009", *parts])


def look_as(client, place):
    return client.post(address("see-as"), {"department": str(place.uuid)})


def test_actor_is_the_head_of_that_department_and_nobody_else(season, office):
    place = department(season, LIBRARY)
    Responsibility.objects.create(campaign=season, code=ResponsibilityCode.PAPER_RECEIVER, department=place)
    actor = load_actor(office, season, on=season.facts_until)
    seen = seen_as(actor, str(place.uuid))
    assert seen.roles == {Role.HEAD, Role.STAFF}
    assert (seen.departments, seen.headed, seen.interests) == ({place.pk}, {place.pk}, {place.pk})
    assert seen.responsibilities == {ResponsibilityCode.PAPER_RECEIVER}
    assert (seen.user_id, seen.seeing_as, seen.oversees) == (office.pk, place.pk, False)


@pytest.mark.parametrize("named", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_department_that_is_not_there_is_seen_by_nobody(season, office, named):
    assert seen_as(load_actor(office, season, on=season.facts_until), named) is None


def test_only_the_office_looks(season):
    place = department(season, LIBRARY)
    for role in (Role.TEAM_LEAD, Role.LEADERSHIP, Role.ASSESSOR):
        assert seen_as(make_actor(season, role), str(place.uuid)) is None


def test_pages_show_what_the_department_sees(season, browser):
    own, other = department(season, LIBRARY), department(season, SPORT)
    for number, place in enumerate((own, other), start=1):
        make_submitted_plan(season, place, by_id=User.objects.get(username="office").pk, at=NOON, number=number)
    mine, foreign = own.plan.uuid, other.plan.uuid
    assert browser.get(address("plan", foreign)).status_code == 200
    look_as(browser, own)
    assert browser.get(address("plan", mine)).status_code == 200
    assert browser.get(address("plan", foreign)).status_code == 404
    assert browser.get(address("people")).status_code == 403
    page = browser.get(address("campaign-home")).content.decode()
    assert "您现在看到的是图书馆看到的内容" in page


def test_nothing_can_be_written_while_looking(season, browser, office):
    own = department(season, LIBRARY)
    evidence = make_evidence(season, own, by_id=office.pk, at=NOON)
    look_as(browser, own)
    answer = browser.post(address("evidence-withdraw", evidence.uuid), {"because": "误传"})
    assert answer.status_code == 403
    assert "只能看，不能写" in answer.content.decode()
    assert browser.post(address("delegations"), {}).status_code == 403
    evidence.refresh_from_db()
    assert evidence.withdrawn_at is None
    assert not Delegation.objects.exists()


def test_look_is_logged_from_beginning_to_end(season, browser, office):
    own = department(season, LIBRARY)
    look_as(browser, own)
    browser.get(address("obligations") + "?show=overdue")
    browser.post(address("see-as-end"))
    browser.get(address("obligations"))
    log = AuditEntry.objects.filter(act__startswith="see-as.").order_by("pk")
    assert [(entry.act, entry.by_id, entry.department_id) for entry in log] == [
        ("see-as.begin", office.pk, own.pk),
        ("see-as.open", office.pk, own.pk),
        ("see-as.end", office.pk, own.pk),
    ]
    assert log[1].after == {"path": "/campaigns/2009/obligations/?show=overdue"}


def test_after_the_end_one_is_oneself_again(season, browser):
    own = department(season, LIBRARY)
    look_as(browser, own)
    assert browser.get(address("people")).status_code == 403
    assert browser.post(address("see-as-end")).headers["Location"] == address("department", own.uuid)
    assert browser.get(address("people")).status_code == 200


def test_another_department_is_chosen_without_ending_first(season, browser):
    look_as(browser, department(season, LIBRARY))
    assert look_as(browser, department(season, SPORT)).status_code == 302
    assert "体育部" in browser.get(address("campaign-home")).content.decode()


def test_office_that_is_not_the_office_any_more_is_oneself(season, browser, office):
    look_as(browser, department(season, LIBRARY))
    office.memberships.update(role=Role.TEAM_LEAD)
    page = browser.get(address("campaign-home"))
    assert page.context["actor"].seeing_as is None


def test_other_seasons_are_seen_as_oneself(season, other_season, browser, office):
    make_membership(other_season, office, Role.OFFICE, starts_on=season.facts_from)
    look_as(browser, department(season, LIBRARY))
    page = browser.get(reverse("campaigns:campaign-home", args=[other_season.slug]))
    assert page.context["actor"].seeing_as is None


def test_department_of_another_season_cannot_be_chosen(season, other_season, browser):
    assert look_as(browser, department(other_season, "灯塔馆")).status_code == 404
    assert browser.post(address("see-as"), {"department": "x"}).status_code == 404
    assert not AuditEntry.objects.filter(act__startswith="see-as.").exists()


def test_own_interest_is_no_bar_and_gives_nothing_more(season, browser, office):
    place = department(season, LIBRARY)
    Interest.objects.create(campaign=season, user=office, department=place, reason="亲属", starts_on=season.facts_from)
    look_as(browser, place)
    assert browser.get(address("campaign-home")).status_code == 200
