"""Memberships, interests, responsibilities: services and pages."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.enums import ResponsibilityCode, Role
from campaigns.models import Interest, Membership, Responsibility
from campaigns.queries.people import short_departments
from campaigns.services.people import (
    add_interest,
    add_membership,
    add_responsibility,
    end_interest,
    end_membership,
    remove_responsibility,
)
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.factories import NOON, department, make_membership, make_person, make_user

FIRST = date(2009, 11, 1)
TODAY = date(2009, 12, 28)
SIGNED = {"by_id": None, "at": NOON}


@pytest.fixture
def user(db):
    return make_user("liu", name="刘杰")


@pytest.fixture
def office(client, season):
    """The one office account, signed in; the season stands on its twenty-eighth of December."""
    user = make_user("office", name="钟敏")
    make_membership(season, user, Role.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def _in_december(season):
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


# --- memberships


def test_add_membership_is_written_down(season, user):
    made = add_membership(season, user=user, role=Role.HEAD, department=department(season), starts_on=FIRST, **SIGNED)
    assert (made.role, made.department.name, made.starts_on, made.ends_on) == ("HEAD", "图书馆", FIRST, None)
    entry = AuditEntry.objects.get(act="membership.add")
    assert entry.after == {"user": "liu", "role": "HEAD", "from": "2009-11-01", "until": None}
    assert (entry.campaign_id, entry.department_id) == (season.pk, made.department_id)


def test_head_without_department_is_refused(season, user):
    with pytest.raises(Refused) as refusal:
        add_membership(season, user=user, role=Role.HEAD, department=None, starts_on=FIRST, **SIGNED)
    assert refusal.value.field == "department"


def test_department_of_another_season_is_refused(season, other_season, user):
    foreign = other_season.departments.first()
    with pytest.raises(Refused) as refusal:
        add_membership(season, user=user, role=Role.HEAD, department=foreign, starts_on=FIRST, **SIGNED)
    assert refusal.value.field == "department"


@pytest.mark.parametrize(
    ("standing", "starts_on", "ends_on"),
    [
        ((date(2009, 11, 1), None), date(2009, 12, 1), None),
        ((date(2009, 11, 1), date(2009, 11, 30)), date(2009, 11, 30), None),
        ((date(2009, 11, 1), None), date(2009, 10, 1), date(2009, 11, 1)),
    ],
)
def test_same_membership_overlapping_is_refused(season, user, standing, starts_on, ends_on):
    make_membership(season, user, Role.ASSESSOR, starts_on=standing[0], ends_on=standing[1])
    with pytest.raises(Refused) as refusal:
        add_membership(
            season, user=user, role=Role.ASSESSOR, department=None, starts_on=starts_on, ends_on=ends_on, **SIGNED
        )
    assert refusal.value.existing == Membership.objects.get()


def test_same_membership_after_the_former_ended_stands(season, user):
    make_membership(season, user, Role.ASSESSOR, starts_on=FIRST, ends_on=date(2009, 11, 30))
    add_membership(season, user=user, role=Role.ASSESSOR, department=None, starts_on=date(2009, 12, 1), **SIGNED)
    assert Membership.objects.count() == 2


def test_membership_ending_before_it_starts_is_refused(season, user):
    with pytest.raises(Refused) as refusal:
        add_membership(
            season,
            user=user,
            role=Role.ASSESSOR,
            department=None,
            starts_on=FIRST,
            ends_on=date(2009, 10, 31),
            **SIGNED,
        )
    assert refusal.value.field == "ends_on"


def test_end_membership_of_last_office_is_refused(season, user):
    membership = make_membership(season, user, Role.OFFICE)
    with pytest.raises(Refused) as refusal:
        end_membership(membership, ends_on=date(2009, 12, 28), **SIGNED)
    assert refusal.value.refusal_code == "last-office"
    membership.refresh_from_db()
    assert membership.ends_on is None


@pytest.mark.parametrize("other", ["ending", "inactive", "later", "elsewhere"])
def test_end_membership_of_office_without_a_lasting_other_is_refused(season, other_season, user, other):
    membership = make_membership(season, user, Role.OFFICE)
    colleague = make_user("colleague", is_active=other != "inactive")
    make_membership(
        other_season if other == "elsewhere" else season,
        colleague,
        Role.OFFICE,
        starts_on=date(2010, 1, 2) if other == "later" else FIRST,
        ends_on=date(2011, 1, 1) if other == "ending" else None,
    )
    with pytest.raises(Refused):
        end_membership(membership, ends_on=date(2009, 12, 31), **SIGNED)


def test_end_membership_of_office_with_another_one_stands(season, user):
    membership = make_membership(season, user, Role.OFFICE)
    make_membership(season, make_user("colleague"), Role.OFFICE, starts_on=date(2010, 1, 1))
    end_membership(membership, ends_on=date(2009, 12, 31), **SIGNED)
    membership.refresh_from_db()
    assert membership.ends_on == date(2009, 12, 31)
    assert AuditEntry.objects.get(act="membership.end").after == {"until": "2009-12-31"}


def test_end_membership_twice_is_refused(season, user):
    membership = make_membership(season, user, Role.ASSESSOR, ends_on=date(2009, 12, 1))
    with pytest.raises(Refused) as refusal:
        end_membership(membership, ends_on=date(2009, 12, 28), **SIGNED)
    assert refusal.value.refusal_code == "ended"


# --- interests and responsibilities


def test_add_interest_twice_is_refused(season, user):
    first = add_interest(season, user=user, department=department(season), reason=" 配偶 ", starts_on=TODAY, **SIGNED)
    assert first.reason == "配偶"
    with pytest.raises(Refused) as refusal:
        add_interest(season, user=user, department=department(season), reason="配偶", starts_on=TODAY, **SIGNED)
    assert refusal.value.existing == first
    assert Interest.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "因" * 201])
def test_add_interest_without_a_fitting_reason_is_refused(season, user, reason):
    with pytest.raises(Refused) as refusal:
        add_interest(season, user=user, department=department(season), reason=reason, starts_on=TODAY, **SIGNED)
    assert refusal.value.field == "reason"


def test_end_interest_before_it_began_is_refused(season, user):
    interest = add_interest(season, user=user, department=department(season), reason="配偶", starts_on=TODAY, **SIGNED)
    with pytest.raises(Refused):
        end_interest(interest, ends_on=date(2009, 12, 27), **SIGNED)
    end_interest(interest, ends_on=TODAY, **SIGNED)
    interest.refresh_from_db()
    assert interest.ends_on == TODAY


def test_interest_of_a_day_that_is_over_is_refused(season, user):
    yesterday = date(2009, 12, 27)
    with pytest.raises(Refused) as refusal:
        add_interest(season, user=user, department=department(season), reason="配偶", starts_on=yesterday, **SIGNED)
    assert refusal.value.field == "starts_on"
    assert Interest.objects.count() == 0


@pytest.mark.parametrize("both", [True, False])
def test_responsibility_has_one_holder(season, user, both):
    with pytest.raises(Refused):
        add_responsibility(
            season,
            code="paper-receiver",
            department=department(season) if both else None,
            user=user if both else None,
            **SIGNED,
        )


def test_responsibility_given_twice_is_refused_and_taken_away_once(season):
    values = {"code": "paper-receiver", "department": department(season, "督导室"), "user": None}
    made = add_responsibility(season, **values, **SIGNED)
    with pytest.raises(Refused):
        add_responsibility(season, **values, **SIGNED)
    remove_responsibility(made, **SIGNED)
    assert Responsibility.objects.count() == 0
    assert AuditEntry.objects.get(act="responsibility.remove").before == {"code": "paper-receiver", "user_id": None}


# --- who may still act


def short(season, on=date(2009, 12, 28)):
    return {row.name: row.names for row in short_departments(season.pk, on=on)}


def test_departments_with_two_free_of_interest_are_not_short(season):
    for name in ("a", "b", "c"):
        make_membership(season, make_user(name), Role.ASSESSOR)
    own = Membership.objects.get(user__username="c")
    own.department = department(season, "教务处")
    own.save()
    assert short(season) == {}


def test_departments_without_team_are_all_short(season):
    assert len(short(season)) == 24
    assert set(short(season).values()) == {()}


def test_departments_of_interest_are_short(season):
    lead, assessor = make_user("lead", name="甲"), make_user("assessor", name="乙")
    make_membership(season, lead, Role.TEAM_LEAD)
    make_membership(season, assessor, Role.ASSESSOR, department=department(season, "教务处"))
    add_interest(season, user=lead, department=department(season, "教务处"), reason="配偶", starts_on=TODAY, **SIGNED)
    person = make_person(season, home="工会")
    person.user = lead
    person.save()
    assert short(season) == {"工会": ("乙",), "教务处": ()}


def test_departments_count_only_the_present_team(season):
    make_membership(season, make_user("a", name="甲"), Role.ASSESSOR)
    make_membership(season, make_user("b"), Role.ASSESSOR, ends_on=date(2009, 12, 27))
    make_membership(season, make_user("c", is_active=False), Role.ASSESSOR)
    make_membership(season, make_user("d"), Role.OFFICE)
    assert set(short(season).values()) == {("甲",)}


# --- pages


def test_people_page_shows_present_roles_and_with_the_filter_ended_ones(client, season, office, user):
    make_membership(season, user, Role.ASSESSOR, ends_on=date(2009, 12, 1))
    page = client.get(url("people"))
    assert [row.user.username for row in page.context["page"].memberships] == ["office"]
    page = client.get(url("people"), {"ended": "on", "role": "ASSESSOR"})
    assert [row.user.username for row in page.context["page"].memberships] == ["liu"]


def test_people_page_warns_where_too_few_may_act(client, season, office):
    assert len(client.get(url("people")).context["page"].short) == 24


def test_people_page_with_nonsense_filter_shows_all(client, season, office):
    page = client.get(url("people"), {"role": "KING", "department": "not-a-uuid"})
    assert (page.status_code, len(page.context["page"].memberships)) == (200, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_people_page_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for number in range(rows):
        person = make_user(f"person-{number}")
        make_membership(season, person, Role.ASSESSOR, department=department(season))
        add_interest(season, user=person, department=department(season), reason="配偶", starts_on=TODAY, **SIGNED)
        add_responsibility(season, code="contest-judge", department=None, user=person, **SIGNED)
    with django_assert_num_queries(15):
        client.get(url("people"))


def test_role_is_given_by_the_page(client, season, office, user):
    form = {
        "user": " liu ",
        "role": "STAFF",
        "department": department(season).uuid,
        "starts_on": "２００９年１２月１日",
        "ends_on": "",
    }
    response = client.post(url("membership-add"), form)
    assert response.url == url("people")
    made = Membership.objects.get(user=user)
    assert (made.role, made.department.name, made.starts_on) == ("STAFF", "图书馆", date(2009, 12, 1))
    assert AuditEntry.objects.get(act="membership.add").by == office


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"user": "nobody"}, "user"),
        ({"role": "KING"}, "role"),
        ({"department": ""}, "department"),
        ({"department": "0"}, "department"),
        ({"starts_on": "31.12.2009"}, "starts_on"),
        ({"ends_on": "2009-11-30"}, "ends_on"),
    ],
)
def test_role_badly_typed_keeps_what_was_typed(client, season, office, user, wrong, field):
    form = {"user": "liu", "role": "STAFF", "department": department(season).uuid, "starts_on": "2009-12-01"}
    response = client.post(url("membership-add"), form | {"ends_on": ""} | wrong)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert response.context["form"]["user"].value() == (form | wrong)["user"]
    assert not Membership.objects.filter(user=user).exists()


def test_role_is_ended_by_the_page(client, season, office, user):
    membership = make_membership(season, user, Role.ASSESSOR)
    response = client.post(url("membership-end", membership.uuid), {"ends_on": "2009-12-31"})
    assert response.status_code == 302
    membership.refresh_from_db()
    assert membership.ends_on == date(2009, 12, 31)


def test_last_office_is_not_ended_by_the_page(client, season, office):
    membership = Membership.objects.get(user=office)
    response = client.post(url("membership-end", membership.uuid), {"ends_on": "2009-12-28"})
    assert response.status_code == 200
    assert len(response.context["form"].non_field_errors()) == 1


def test_role_of_another_season_is_404(client, season, other_season, office, user):
    membership = make_membership(other_season, user, Role.ASSESSOR)
    assert client.get(url("membership-end", membership.uuid)).status_code == 404


def test_interest_is_declared_and_ended_by_the_page(client, season, office, user):
    form = {"user": "liu", "department": department(season).uuid, "reason": "配偶", "starts_on": "2009-12-28"}
    assert client.post(url("interest-add"), form).status_code == 302
    interest = Interest.objects.get()
    assert client.get(url("interest-end", interest.uuid)).status_code == 200
    assert client.post(url("interest-end", interest.uuid), {"ends_on": "2009-12-28"}).status_code == 302
    assert client.get(url("people")).status_code == 200
    interest.refresh_from_db()
    assert interest.ends_on == date(2009, 12, 28)


def test_responsibility_is_given_and_taken_by_the_page(client, season, office):
    form = {"code": "electronic-receiver", "department": department(season, "组织人事处").uuid, "user": ""}
    assert client.post(url("responsibility-add"), form).status_code == 302
    made = Responsibility.objects.get()
    shown = client.get(url("people")).context["page"].responsibilities
    assert shown == ((made, str(ResponsibilityCode.ELECTRONIC_RECEIVER.label)),)
    assert client.get(url("responsibility-remove", made.uuid)).status_code == 405
    assert client.post(url("responsibility-remove", made.uuid)).status_code == 302
    assert Responsibility.objects.count() == 0


def test_responsibility_without_holder_keeps_what_was_typed(client, season, office):
    response = client.post(url("responsibility-add"), {"code": "contest-judge", "department": "", "user": ""})
    assert "department" in response.context["form"].errors


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP, Role.HEAD, Role.STAFF])
@pytest.mark.parametrize("name", ["people", "membership-add", "interest-add", "responsibility-add"])
def test_people_pages_are_the_offices_alone(client, season, user, role, name):
    make_membership(season, user, role, department=department(season))
    client.force_login(user)
    assert client.get(url(name)).status_code == 403
    assert client.post(url(name), {}).status_code == 403
