"""The staff list with dated postings, and the classes: services and pages."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.enums import Role, StaffCategory
from campaigns.models import Posting, StaffMember, StudentClass
from campaigns.services.staff import (
    add_class,
    add_posting,
    add_staff_member,
    update_class,
    update_staff_member,
    version_of,
)
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.factories import NOON, department, make_class, make_membership, make_person, make_user

SIGNED = {"by_id": None, "at": NOON}


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def signed_in(client, season, role, home=None):
    user = make_user(f"{role.lower()}-user")
    make_membership(season, user, role, department=department(season, home) if home else None)
    client.force_login(user)
    return user


@pytest.fixture
def office(client, season):
    return signed_in(client, season, Role.OFFICE)


def postings(person):
    rows = Posting.objects.filter(staff_member=person).order_by("starts_on")
    return [(row.department.name, row.starts_on, row.ends_on) for row in rows]


# --- staff members


def test_add_staff_member_is_cleaned_and_squeezed(season):
    person = add_staff_member(season, number="００１２３", name="张 伟", category="external", **SIGNED)
    assert (person.number, person.name, person.squeezed_name) == ("00123", "张 伟", "张伟")
    assert AuditEntry.objects.get(act="staff.add").after["number"] == "00123"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "00123"}, "number"),
        ({"number": ""}, "number"),
        ({"number": "9" * 33}, "number"),
        ({"name": " "}, "name"),
        ({"name": "名" * 65}, "name"),
        ({"category": "king"}, "category"),
    ],
)
def test_add_staff_member_with_bad_words_is_refused(season, values, field):
    make_person(season)
    whole = {"number": "00456", "name": "李敏", "category": "full_time"} | values
    with pytest.raises(Refused) as refusal:
        add_staff_member(season, **whole, **SIGNED)
    assert refusal.value.field == field
    assert StaffMember.objects.count() == 1


def test_account_belongs_to_one_person(season):
    user = make_user("zhang")
    first = add_staff_member(season, number="1", name="张伟", category="full_time", user=user, **SIGNED)
    with pytest.raises(Refused) as refusal:
        add_staff_member(season, number="2", name="张伟", category="full_time", user=user, **SIGNED)
    assert (refusal.value.field, refusal.value.existing) == ("user", first)


def test_update_staff_member_stale_is_refused(season):
    person = make_person(season)
    seen = version_of(person)
    values = {"number": "00123", "category": StaffCategory.FULL_TIME, "user": None}
    update_staff_member(person, version=seen, name="张卫", **values, **SIGNED)
    with pytest.raises(Refused) as refusal:
        update_staff_member(person, version=seen, name="张玮", **values, **SIGNED)
    assert refusal.value.refusal_code == "stale"
    assert "张卫" in str(refusal.value.sentence)
    person.refresh_from_db()
    assert (person.name, person.squeezed_name) == ("张卫", "张卫")


def test_update_staff_member_without_change_writes_nothing(season):
    person = make_person(season)
    update_staff_member(
        person,
        version=None,
        number="00123",
        name="张伟",
        category=StaffCategory.FULL_TIME,
        user=None,
        **SIGNED,
    )
    assert AuditEntry.objects.filter(act="staff.edit").count() == 0


# --- postings


def test_add_posting_ends_the_former_the_day_before(season):
    person = make_person(season, home="图书馆")
    add_posting(person, department=department(season, "工会"), starts_on=date(2009, 12, 1), **SIGNED)
    assert postings(person) == [
        ("图书馆", date(2009, 9, 1), date(2009, 11, 30)),
        ("工会", date(2009, 12, 1), None),
    ]
    assert AuditEntry.objects.get(act="posting.end").after == {"until": "2009-11-30"}


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2009, 9, 1), None),  # the same day as the first
        (date(2009, 8, 1), None),  # before it, open
        (date(2009, 8, 1), date(2009, 9, 1)),  # into its first day
        (date(2009, 12, 15), None),  # inside the second, which has an end
    ],
)
def test_overlapping_posting_is_refused(season, starts_on, ends_on):
    person = make_person(season, home="图书馆")
    add_posting(
        person,
        department=department(season, "工会"),
        starts_on=date(2009, 12, 1),
        ends_on=date(2009, 12, 31),
        **SIGNED,
    )
    with pytest.raises(Refused) as refusal:
        add_posting(person, department=department(season, "教务处"), starts_on=starts_on, ends_on=ends_on, **SIGNED)
    assert refusal.value.refusal_code == "overlap"
    assert len(postings(person)) == 2


def test_posting_before_the_first_and_ending_in_time_stands(season):
    person = make_person(season, home="图书馆")
    add_posting(
        person,
        department=department(season, "工会"),
        starts_on=date(2009, 8, 1),
        ends_on=date(2009, 8, 31),
        **SIGNED,
    )
    assert [row[0] for row in postings(person)] == ["工会", "图书馆"]
    assert postings(person)[1][2] is None


def test_posting_to_where_one_is_already_is_refused(season):
    person = make_person(season, home="图书馆")
    with pytest.raises(Refused) as refusal:
        add_posting(person, department=department(season, "图书馆"), starts_on=date(2009, 12, 1), **SIGNED)
    assert refusal.value.refusal_code == "already"


def test_posting_to_another_seasons_department_is_refused(season, other_season):
    person = make_person(season)
    with pytest.raises(Refused):
        add_posting(person, department=other_season.departments.first(), starts_on=date(2009, 12, 1), **SIGNED)


# --- classes


def test_class_of_the_same_name_is_refused(season):
    first = add_class(season, name="会计 0901", department=department(season, "财会金融系"), **SIGNED)
    assert first.squeezed_name == "会计0901"
    with pytest.raises(Refused) as refusal:
        add_class(season, name="会计０９０１", department=department(season, "财会金融系"), **SIGNED)
    assert refusal.value.existing == first


def test_update_class_stale_is_refused(season):
    row = make_class(season)
    seen = version_of(row)
    update_class(row, version=seen, name="会计0902", department=row.department, **SIGNED)
    with pytest.raises(Refused) as refusal:
        update_class(row, version=seen, name="会计0903", department=row.department, **SIGNED)
    assert refusal.value.refusal_code == "stale"
    row.refresh_from_db()
    assert row.name == "会计0902"


# --- pages


def people(client, **query):
    return [row.member.name for row in client.get(url("staff"), query).context["rows"]]


@pytest.fixture
def three(season):
    make_person(season, "张 伟", number="00123", home="图书馆")
    make_person(season, "李敏", number="00124", home="工会", category=StaffCategory.EXTERNAL)
    make_person(season, "张卫", number="00200", home="教务处")


def test_staff_list_is_searched(client, season, office, three):
    assert people(client) == ["张 伟", "李敏", "张卫"]
    assert people(client, q="张伟") == ["张 伟"]
    assert people(client, q="0012") == ["张 伟", "李敏"]
    assert people(client, q="００２") == ["张卫"]
    assert people(client, category="external") == ["李敏"]
    assert people(client, department=department(season, "教务处").uuid) == ["张卫"]
    assert people(client, q="%") == []


def test_staff_list_goes_page_by_page(client, season, office):
    for number in range(120):
        make_person(season, f"人{number}", number=f"{number:05d}")
    first = client.get(url("staff"))
    second = client.get(url("staff") + first.context["after_url"])
    third = client.get(url("staff") + second.context["after_url"])
    back = client.get(url("staff") + third.context["before_url"])
    pages = [[row.member.number for row in page.context["rows"]] for page in (first, second, third, back)]
    assert [(len(page), page[0], page[-1]) for page in pages] == [
        (50, "00000", "00049"),
        (50, "00050", "00099"),
        (20, "00100", "00119"),
        (50, "00050", "00099"),
    ]
    assert (first.context["before_url"], third.context["after_url"]) == ("", "")


@pytest.mark.parametrize("rows", [1, 3])
def test_staff_list_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for number in range(rows):
        make_person(season, f"人{number}", number=f"{number:05d}")
    with django_assert_num_queries(9):
        client.get(url("staff"))


def test_head_sees_own_people_without_logins(client, season, three):
    signed_in(client, season, Role.HEAD, "图书馆")
    assert people(client) == ["张 伟"]
    assert "/staff/new/" not in client.get(url("staff")).content.decode()


def test_leadership_has_no_staff_list(client, season):
    signed_in(client, season, Role.LEADERSHIP)
    assert client.get(url("staff")).status_code == 403
    assert client.get(url("classes")).status_code == 403


@pytest.mark.parametrize("name", ["staff-add", "class-add"])
@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.HEAD, Role.STAFF])
def test_lists_are_kept_by_the_office_alone(client, season, role, name):
    signed_in(client, season, role, "图书馆")
    assert client.post(url(name), {}).status_code == 403


def test_person_is_added_with_the_first_posting(client, season, office):
    form = {
        "number": "00123",
        "name": "张伟",
        "category": "full_time",
        "user": "",
        "department": department(season).uuid,
        "starts_on": "2009.9.1",
        "version": "",
    }
    assert client.post(url("staff-add"), form).url == url("staff")
    assert postings(StaffMember.objects.get()) == [("图书馆", date(2009, 9, 1), None)]
    response = client.post(url("staff-add"), form)
    assert "number" in response.context["form"].errors
    assert StaffMember.objects.count() == 1


def test_person_is_changed_and_a_stale_change_shows_both(client, season, office):
    person = make_person(season)
    page = client.get(url("staff-edit", person.uuid))
    form = {
        "number": "00123",
        "name": "张卫",
        "category": "full_time",
        "user": "",
        "version": page.context["form"]["version"].value(),
    }
    assert client.post(url("staff-edit", person.uuid), form).status_code == 302
    stale = client.post(url("staff-edit", person.uuid), form | {"name": "张玮"})
    assert stale.context["form"]["name"].value() == "张玮"
    assert "张卫" in stale.content.decode()
    again = form | {"name": "张玮", "version": stale.context["form"]["version"].value()}
    assert client.post(url("staff-edit", person.uuid), again).status_code == 302
    person.refresh_from_db()
    assert person.name == "张玮"


def test_posting_is_added_by_the_page(client, season, office):
    person = make_person(season)
    form = {"department": department(season, "工会").uuid, "starts_on": "2009-12-01", "ends_on": ""}
    assert client.post(url("posting-add", person.uuid), form).status_code == 302
    assert len(postings(person)) == 2
    response = client.post(url("posting-add", person.uuid), form)
    assert response.context["posting_form"].errors != {}
    assert response.context["form"].errors == {}


def test_person_of_another_season_is_404(client, season, other_season, office):
    person = StaffMember.objects.create(
        campaign=other_season, number="1", name="a", squeezed_name="a", category="external"
    )
    assert client.get(url("staff-edit", person.uuid)).status_code == 404
    assert client.post(url("posting-add", person.uuid), {}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_class_list_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for number in range(rows):
        make_class(season, f"会计09{number:02d}")
    with django_assert_num_queries(8):
        client.get(url("classes"))


def test_class_is_added_and_changed_by_the_page(client, season, office):
    home = department(season, "财会金融系")
    form = {"name": "会计0901", "department": home.uuid, "version": ""}
    assert client.post(url("class-add"), form).status_code == 302
    assert "name" in client.post(url("class-add"), form).context["form"].errors
    row = StudentClass.objects.get()
    page = client.get(url("class-edit", row.uuid))
    form = {"name": "会计0902", "department": home.uuid, "version": page.context["form"]["version"].value()}
    assert client.post(url("class-edit", row.uuid), form).status_code == 302
    stale = client.post(url("class-edit", row.uuid), form | {"name": "会计0903"})
    assert "会计0902" in stale.content.decode()
    assert stale.context["form"]["name"].value() == "会计0903"
    assert [each.name for each in client.get(url("classes"), {"q": "０９０２"}).context["classes"]] == ["会计0902"]
