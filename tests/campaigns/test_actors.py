"""Who somebody is in a season on a day, and what the campaign side shows to each."""

from datetime import date

import pytest

from campaigns.enums import ImportKind, Role
from campaigns.models import (
    Department,
    ImportBatch,
    Interest,
    Membership,
    Posting,
    Responsibility,
    StaffMember,
    StudentClass,
)
from campaigns.policy import can_issue_slip, can_see_department_people, importable_kinds
from campaigns.queries.actors import campaigns_of, load_actor
from tests.factories import (
    DAY,
    NOON,
    department,
    make_actor,
    make_class,
    make_membership,
    make_person,
    make_user,
)


def test_load_actor_without_any_membership_is_nobody(season):
    assert load_actor(make_user("li"), season, on=DAY) is None


def test_load_actor_of_a_superuser_without_membership_is_nobody(season):
    assert load_actor(make_user("root", is_superuser=True), season, on=DAY) is None


@pytest.mark.parametrize(
    ("day", "present"),
    [
        (date(2009, 10, 31), False),
        (date(2009, 11, 1), True),
        (date(2009, 11, 30), True),
        (date(2009, 12, 1), False),
    ],
)
def test_load_actor_holds_a_role_from_its_first_to_its_last_day(season, day, present):
    user = make_user("li")
    make_membership(season, user, Role.ASSESSOR, starts_on=date(2009, 11, 1), ends_on=date(2009, 11, 30))
    actor = load_actor(user, season, on=day)
    assert (actor is not None) == present
    if present:
        assert actor.roles == {Role.ASSESSOR}


def test_load_actor_merges_the_roles_of_one_person(season):
    user = make_user("li", name="李娜")
    study, union = department(season, "教务处"), department(season, "工会")
    make_membership(season, user, Role.HEAD, department=study)
    make_membership(season, user, Role.STAFF, department=union)
    make_membership(season, user, Role.LEADERSHIP)
    actor = load_actor(user, season, on=DAY)
    assert actor.roles == {Role.HEAD, Role.STAFF, Role.LEADERSHIP}
    assert (actor.departments, actor.headed) == ({study.pk, union.pk}, {study.pk})
    assert actor.interests == {study.pk, union.pk}


def test_load_actor_of_another_season_brings_nothing_along(season, other_season):
    user = make_user("li")
    make_membership(season, user, Role.HEAD, department=department(season))
    make_membership(other_season, user, Role.ASSESSOR)
    actor = load_actor(user, other_season, on=other_season.starts_on)
    assert (actor.roles, actor.departments, actor.interests) == ({Role.ASSESSOR}, frozenset(), frozenset())


# --- interests


def test_interest_follows_from_a_department_belonged_to_at_any_time_this_season(season):
    """Head of 教务处 until October, assessor since: still no act for or against it."""
    user = make_user("li")
    home = department(season, "教务处")
    make_membership(season, user, Role.HEAD, department=home, ends_on=date(2009, 10, 31))
    make_membership(season, user, Role.ASSESSOR, starts_on=date(2009, 11, 1))
    actor = load_actor(user, season, on=DAY)
    assert (actor.roles, actor.departments) == ({Role.ASSESSOR}, frozenset())
    assert actor.is_interested_in(home.pk)
    assert actor.is_interested_in(None, home.pk)
    assert not actor.is_interested_in(department(season, "工会").pk, None)


def test_interest_follows_from_the_department_an_assessor_is_entered_with(season):
    home = department(season, "教务处")
    assert make_actor(season, Role.ASSESSOR, department=home).interests == {home.pk}


@pytest.mark.parametrize(
    ("ends_on", "interested"),
    [(None, True), (date(2009, 9, 1), True), (date(2009, 8, 31), False)],
)
def test_interest_follows_from_a_posting_during_the_season(season, ends_on, interested):
    person = make_person(season, home="图书馆")
    Posting.objects.filter(staff_member=person).update(starts_on=date(2001, 1, 1), ends_on=ends_on)
    user = make_user("li")
    make_membership(season, user, Role.ASSESSOR)
    StaffMember.objects.filter(pk=person.pk).update(user=user)
    actor = load_actor(user, season, on=DAY)
    assert actor.is_interested_in(department(season).pk) == interested


def test_interest_follows_from_a_declaration(season):
    user = make_user("li")
    make_membership(season, user, Role.TEAM_LEAD)
    union = department(season, "工会")
    Interest.objects.create(campaign=season, user=user, department=union, reason="亲属", starts_on=DAY)
    assert load_actor(user, season, on=DAY).interests == {union.pk}


def test_responsibilities_come_from_the_person_and_from_the_own_department(season):
    user = make_user("li")
    home = department(season, "督导室")
    make_membership(season, user, Role.STAFF, department=home)
    Responsibility.objects.create(campaign=season, code="paper", department=home)
    Responsibility.objects.create(campaign=season, code="judge", user=user)
    Responsibility.objects.create(campaign=season, code="ecopies", department=department(season, "组织人事处"))
    Responsibility.objects.create(campaign=season, code="other", user=make_user("wang"))
    assert load_actor(user, season, on=DAY).responsibilities == {"paper", "judge"}


def test_load_actor_asks_three_queries_whatever_somebody_holds(season, django_assert_num_queries):
    user = make_user("li")
    make_membership(season, user, Role.ASSESSOR)
    for count in (1, 3):
        for row in Department.objects.filter(campaign=season)[count : 2 * count]:
            Interest.objects.create(campaign=season, user=user, department=row, reason="亲属", starts_on=DAY)
        with django_assert_num_queries(3):
            load_actor(user, season, on=DAY)


@pytest.mark.parametrize(
    ("role", "oversees", "is_team", "sees_names"),
    [
        (Role.HEAD, False, False, False),
        (Role.STAFF, False, False, False),
        (Role.ASSESSOR, True, True, True),
        (Role.TEAM_LEAD, True, True, True),
        (Role.OFFICE, True, False, True),
        (Role.LEADERSHIP, True, False, False),
    ],
)
def test_what_a_role_brings(season, role, oversees, is_team, sees_names):
    home = department(season) if role in (Role.HEAD, Role.STAFF) else None
    actor = make_actor(season, role, department=home)
    assert (actor.oversees, actor.is_team, actor.sees_names) == (oversees, is_team, sees_names)
    assert actor.has(role)
    assert not actor.has(*(set(Role) - {role}))


def test_campaigns_of_a_user_are_those_with_a_membership_latest_first(season, other_season):
    user = make_user("li")
    assert list(campaigns_of(user)) == []
    make_membership(season, user, Role.OFFICE)
    make_membership(season, user, Role.ASSESSOR)
    assert list(campaigns_of(user)) == [season]
    make_membership(other_season, user, Role.OFFICE)
    assert list(campaigns_of(user)) == [other_season, season]


# --- sight of the campaign side


@pytest.fixture
def actors(season):
    homes = {Role.HEAD: "教务处", Role.STAFF: "教务处"}
    return {
        role: make_actor(season, role, department=department(season, homes[role]) if role in homes else None)
        for role in Role
    }


def roles_that_see(actors, query, row):
    return {role for role, actor in actors.items() if query(actor).filter(pk=row.pk).exists()}


TEAM_AND_OFFICE = {Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD}


def test_departments_are_no_secret_but_their_statements_are(season, other_season, actors):
    own, other = department(season, "教务处"), department(season, "工会")
    foreign = department(other_season, "灯塔馆")
    assert roles_that_see(actors, Department.objects.visible_to, own) == set(Role)
    assert roles_that_see(actors, Department.objects.visible_to, other) == set(Role)
    assert roles_that_see(actors, Department.objects.visible_to, foreign) == set()
    overseers = TEAM_AND_OFFICE | {Role.LEADERSHIP}
    assert roles_that_see(actors, Department.objects.statement_visible_to, own) == set(Role)
    assert roles_that_see(actors, Department.objects.statement_visible_to, other) == overseers
    assert roles_that_see(actors, Department.objects.statement_visible_to, foreign) == set()


@pytest.mark.parametrize(
    ("home", "expected"), [("教务处", TEAM_AND_OFFICE | {Role.HEAD, Role.STAFF}), ("工会", TEAM_AND_OFFICE)]
)
def test_people_and_classes_are_seen_by_office_team_and_the_own_department(season, actors, home, expected):
    person, klass = make_person(season, home=home), make_class(season, home=home)
    assert roles_that_see(actors, StaffMember.objects.visible_to, person) == expected
    assert roles_that_see(actors, StudentClass.objects.visible_to, klass) == expected


def test_person_posted_twice_to_one_department_is_listed_once(season, actors):
    person = make_person(season, home="教务处")
    Posting.objects.create(campaign=season, staff_member=person, department=department(season, "教务处"), starts_on=DAY)
    assert list(StaffMember.objects.visible_to(actors[Role.HEAD])) == [person]


def test_memberships_are_seen_by_the_office_and_by_the_head_of_the_department(season, actors):
    of_home = Membership.objects.get(user_id=actors[Role.STAFF].user_id)
    of_team = Membership.objects.get(user_id=actors[Role.ASSESSOR].user_id)
    assert roles_that_see(actors, Membership.objects.visible_to, of_home) == {Role.OFFICE, Role.HEAD}
    assert roles_that_see(actors, Membership.objects.visible_to, of_team) == {Role.OFFICE}


def test_interests_and_responsibilities_are_seen_by_the_office_alone(season, other_season, actors):
    user = make_user("li")
    interest = Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="亲属", starts_on=DAY
    )
    task = Responsibility.objects.create(campaign=season, code="judge", user=user)
    foreign = Responsibility.objects.create(campaign=other_season, code="judge", user=user)
    assert roles_that_see(actors, Interest.objects.visible_to, interest) == {Role.OFFICE}
    assert roles_that_see(actors, Responsibility.objects.visible_to, task) == {Role.OFFICE}
    assert roles_that_see(actors, Responsibility.objects.visible_to, foreign) == set()


def test_imports_are_seen_by_those_who_may_bring_in_their_kind(season, actors):
    user = make_user("li")

    def batch(kind):
        return ImportBatch.objects.create(
            campaign=season, kind=kind, name="x.xlsx", digest=kind, uploaded_by=user, uploaded_at=NOON
        )

    def visible(actor):
        return ImportBatch.objects.visible_to(actor, kinds=importable_kinds(actor))

    for kind in (ImportKind.STAFF, ImportKind.CLASSES, ImportKind.ACCOUNTS):
        assert roles_that_see(actors, visible, batch(kind)) == {Role.OFFICE}
    assert roles_that_see(actors, visible, batch(ImportKind.DEDUCTIONS)) == {Role.ASSESSOR, Role.TEAM_LEAD}


@pytest.mark.parametrize("day", [date(2009, 11, 19), date(2009, 11, 20), date(2009, 11, 25), date(2009, 11, 26)])
def test_current_rows_hold_on_their_first_and_last_day(season, day):
    person = make_person(season)
    Posting.objects.filter(staff_member=person).update(starts_on=DAY, ends_on=date(2009, 11, 25))
    assert Posting.objects.current(on=day).exists() == (day in (date(2009, 11, 20), date(2009, 11, 25)))


# --- acts on people


def test_slips_are_issued_by_the_office_and_by_a_head_to_the_own_liaison(season, actors):
    own = Membership.objects.get(user_id=actors[Role.STAFF].user_id)
    self_head = Membership.objects.get(user_id=actors[Role.HEAD].user_id)
    foreign = make_membership(season, make_user("wang"), Role.STAFF, department=department(season, "工会"))
    may = {
        name: {role for role, actor in actors.items() if can_issue_slip(actor, membership)}
        for name, membership in (("own liaison", own), ("head", self_head), ("other liaison", foreign))
    }
    assert may == {
        "own liaison": {Role.OFFICE, Role.HEAD},
        "head": {Role.OFFICE},
        "other liaison": {Role.OFFICE},
    }


def test_names_of_a_department_s_people_are_for_office_team_and_the_department(season, actors):
    own, other = department(season, "教务处"), department(season, "工会")
    assert {role for role, actor in actors.items() if can_see_department_people(actor, own)} == (
        TEAM_AND_OFFICE | {Role.HEAD, Role.STAFF}
    )
    assert {role for role, actor in actors.items() if can_see_department_people(actor, other)} == TEAM_AND_OFFICE


def test_load_actor_names_the_departments_of_current_memberships(season):
    user = make_user("li")
    make_membership(season, user, Role.STAFF, department=department(season, "图书馆"))
    make_membership(season, user, Role.HEAD, department=department(season, "团委"))
    actor = load_actor(user, season, on=DAY)
    assert actor is not None
    assert set(actor.department_names) == {"团委", "图书馆"}


def test_load_actor_forgets_a_declared_interest_after_its_last_day(season):
    user = make_user("wang")
    make_membership(season, user, Role.ASSESSOR)
    library = department(season, "图书馆")
    Interest.objects.create(
        campaign=season,
        user=user,
        department=library,
        reason="配偶",
        starts_on=date(2009, 10, 1),
        ends_on=date(2009, 11, 20),
    )
    assert load_actor(user, season, on=date(2009, 11, 20)).interests == {library.pk}
    assert load_actor(user, season, on=date(2009, 11, 21)).interests == frozenset()
