"""The pages of circulars: the lists, what each role sees of one, sending, changing, recording."""

from datetime import date

import pytest

from campaigns.enums import Role
from campaigns.models import Obligation
from campaigns.services.circulars import withdraw_circular
from tests.campaigns.circular_working import (
    HOME,
    OTHER,
    carried_out,
    liaison_of,
    part,
    prove,
    relayed,
    sent,
)
from tests.campaigns.people_working import signed_in, url
from tests.factories import NOON, department, make_actor, make_membership, make_person


@pytest.fixture(autouse=True)
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def words(page):
    return page.content.decode()


# --- the lists


def test_overseers_read_how_far_each_circular_got(client, season, office):
    circular = sent(season, office, HOME, OTHER, "保卫处")
    for home in (HOME, OTHER):
        relayed(circular, office, home=home)
    carried_out(circular, office, home=OTHER)
    withdraw_circular(sent(season, office, title="误发的"), because="误发", by=office, at=NOON)
    signed_in(client, season, Role.LEADERSHIP)
    rows = client.get(url("circulars")).context["rows"]
    told = [(row.title, row.recipients, row.relayed, row.carried_out, row.neither, row.overdue) for row in rows]
    assert told == [("误发的", 1, 0, 0, 1, 0), ("关于加强考勤的通知", 3, 2, 1, 1, 2)]


def test_list_is_narrowed_by_state_block_and_department(client, season, office):
    late, later, done = (
        sent(season, office, HOME, OTHER),
        sent(season, office, OTHER, title="不急", due_on=date(2009, 12, 30)),
        sent(season, office, HOME, title="已办"),
    )
    relayed(done, office)
    carried_out(done, office)
    withdraw_circular(sent(season, office, HOME, title="误发的"), because="误发", by=office, at=NOON)
    signed_in(client, season, Role.ASSESSOR)

    def shown(**query):
        return [row.title for row in client.get(url("circulars"), query).context["rows"]]

    assert shown() == ["误发的", "已办", "不急", "关于加强考勤的通知"]
    assert shown(show="open") == ["不急", "关于加强考勤的通知"]
    assert shown(show="overdue") == ["关于加强考勤的通知"]
    assert shown(show="withdrawn") == ["误发的"]
    assert shown(block="A") == ["不急", "关于加强考勤的通知"]
    assert shown(department=department(season, HOME).uuid, show="open") == ["关于加强考勤的通知"]
    assert shown(department="x", show="y") == ["误发的", "已办", "不急", "关于加强考勤的通知"]
    (row,) = [row for row in client.get(url("circulars"), {"block": "B"}).context["rows"] if row.uuid == late.uuid]
    assert (row.recipients, later.title) == (1, "不急")


def test_department_reads_its_own_the_most_urgent_first(client, season, office):
    done = sent(season, office, title="已办")
    relayed(done, office, on=date(2009, 12, 12))
    carried_out(done, office, on=date(2009, 12, 13))
    sent(season, office, title="将到期", due_on=date(2009, 12, 28))
    sent(season, office, title="已过期", due_on=date(2009, 12, 20))
    extended = sent(season, office, title="有延期", due_on=date(2009, 12, 21))
    Obligation.objects.filter(key=str(extended.uuid)).update(extended_to=date(2009, 12, 31))
    sent(season, office, OTHER, title="别人的")
    signed_in(client, season, Role.STAFF, HOME)
    page = client.get(url("circulars"))
    told = [
        (row.title, row.standing.state, row.standing.days_late, row.standing.days_left) for row in page.context["own"]
    ]
    assert told == [
        ("已过期", "overdue", 8, -8),
        ("将到期", "open", 0, 0),
        ("有延期", "open", 0, 3),
        ("已办", "met-late", 3, -18),
    ]
    assert page.context.get("filter") is None
    assert "别人的" not in words(page)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_overseers_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for number in range(rows):
        circular = sent(season, office, HOME, OTHER, title=f"第{number}份")
        relayed(circular, office)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(11):
        client.get(url("circulars"))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_a_department_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for number in range(rows):
        relayed(sent(season, office, HOME, OTHER, title=f"第{number}份"), office)
    signed_in(client, season, Role.HEAD, HOME)
    with django_assert_num_queries(8):
        client.get(url("circulars"))


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    homes = (HOME, OTHER, "保卫处")[:rows]
    circular = sent(season, office, *homes)
    person = make_person(season)
    for home in homes:
        relayed(circular, office, home=home, persons=[person] if home == HOME else [])
        prove(season, "circular", circular.uuid, home=home, by_id=office.user_id)
    signed_in(client, season, Role.TEAM_LEAD)
    with django_assert_num_queries(15):
        client.get(url("circular", circular.uuid))


# --- one circular


def test_department_sees_its_own_part_alone(client, season, office):
    circular = sent(season, office, HOME, OTHER)
    relayed(circular, office, home=OTHER, how="工会小组长会")
    carried_out(circular, office, home=OTHER, what="工会已办")
    prove(season, "circular", circular.uuid, home=OTHER, by_id=office.user_id)
    signed_in(client, season, Role.STAFF, HOME)
    page = client.get(url("circular", circular.uuid))
    ((own, section),) = page.context["page"].own
    assert (own.department.name, own.standing.state, own.may_enter) == ("图书馆", "overdue", True)
    assert page.context["page"].parts == ()
    assert section.rows == ()
    assert section.add_url.startswith(url("evidence-new"))
    for betrayal in ("工会", "会议照片", url("circular-relay", part(circular, OTHER).uuid)):
        assert betrayal not in words(page)


@pytest.mark.parametrize(
    ("role", "persons"),
    [
        (Role.OFFICE, ("张伟",)),
        (Role.ASSESSOR, ("张伟",)),
        (Role.TEAM_LEAD, ("张伟",)),
        (Role.LEADERSHIP, ()),
    ],
)
def test_names_are_for_team_and_office_numbers_for_leaders(client, season, office, role, persons):
    circular = sent(season, office)
    relayed(circular, office, persons=[make_person(season)])
    signed_in(client, season, role)
    page = client.get(url("circular", circular.uuid))
    (found,) = page.context["page"].parts
    assert (found.persons, found.people) == (persons, 1)
    assert ("张伟" in words(page)) == bool(persons)


def test_own_people_read_the_names(client, season, office):
    circular = sent(season, office)
    relayed(circular, office, persons=[make_person(season)])
    signed_in(client, season, Role.HEAD, HOME)
    assert "张伟" in words(client.get(url("circular", circular.uuid)))


def test_strangers_and_withdrawn_circulars_are_not_there(client, season, office):
    circular = sent(season, office, OTHER)
    withdrawn = sent(season, office, title="误发的")
    own = part(withdrawn)
    withdraw_circular(withdrawn, because="误发", by=office, at=NOON)
    signed_in(client, season, Role.STAFF, HOME)
    for path in (
        url("circular", circular.uuid),
        url("circular-relay", part(circular, OTHER).uuid),
        url("circular-carry-out", part(circular, OTHER).uuid),
        url("circular", withdrawn.uuid),
        url("circular-relay", own.uuid),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, {}).status_code in (404, 405)
    signed_in(client, season, Role.OFFICE)
    page = client.get(url("circular", withdrawn.uuid))
    assert "误发" in words(page)
    assert client.get(url("circular-relay", own.uuid)).status_code == 404


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_office_alone_has_the_forms(client, season, office, role):
    circular = sent(season, office)
    signed_in(client, season, role, HOME if role in (Role.HEAD, Role.STAFF) else None)
    assert client.get(url("circular-new")).status_code == 403
    for name in ("circular-edit", "circular-withdraw"):
        assert client.get(url(name, circular.uuid)).status_code == 403


def test_overseer_with_a_department_sees_the_own_part_and_all(client, season, office):
    circular = sent(season, office, HOME, OTHER)
    user = signed_in(client, season, Role.ASSESSOR)
    make_membership(season, user, Role.STAFF, department=department(season, HOME))
    page = client.get(url("circular", circular.uuid)).context["page"]
    assert ([own.department.name for own, _section in page.own], len(page.parts)) == (["图书馆"], 2)
    listed = client.get(url("circulars")).context
    assert (len(listed["own"]), len(listed["rows"])) == (1, 1)


def test_head_of_two_departments_has_both_parts(client, season, office):
    circular = sent(season, office, HOME, OTHER, "保卫处")
    user = signed_in(client, season, Role.HEAD, HOME)
    make_membership(season, user, Role.HEAD, department=department(season, OTHER))
    page = client.get(url("circular", circular.uuid)).context["page"]
    assert [own.department.name for own, _section in page.own] == ["工会", "图书馆"]
    assert liaison_of(season, "保卫处").departments.isdisjoint({own.department.pk for own, _section in page.own})
