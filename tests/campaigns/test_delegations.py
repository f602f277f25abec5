"""A head hands submitting and appealing to somebody for some days: when it holds, who gives it, how it ends."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import PlanAct, Role
from campaigns.models import Delegation, Membership, PlanEvent
from campaigns.queries.actors import load_actor
from campaigns.services.delegations import end_delegation, give_delegation
from qualityseason.clock import wall_now
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from tests.campaigns.people_working import actor_of, make_member, make_version, signed_in, url
from tests.factories import NOON, department, make_membership

TODAY = NOON.date()  # 2009-12-28


def day(offset):
    return TODAY + timedelta(days=offset)


@pytest.fixture
def people(season):
    """Head and liaison of the library, head of the union, the office."""
    return {
        "head": make_member(season, Role.HEAD, "图书馆", username="head", name="馆长"),
        "liaison": make_member(season, Role.STAFF, "图书馆", username="liaison", name="联络员"),
        "stranger": make_member(season, Role.HEAD, "工会", username="stranger"),
        "office": make_member(season, Role.OFFICE, username="office"),
    }


@pytest.fixture
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def give(season, people):
    def run(first=0, last=3, *, by="head", head="head", to="liaison"):
        return give_delegation(
            department(season),
            head=people[head],
            delegate=people[to],
            starts_on=day(first),
            ends_on=day(last),
            by=actor_of(people[by], season),
            at=NOON,
        )

    return run


def delegated(season, user, on):
    actor = load_actor(user, season, on=on)
    return actor.delegated if actor else None


# --- when it holds


@pytest.mark.parametrize(("offset", "holds"), [(0, False), (1, True), (2, True), (3, True), (4, False)])
def test_holds_from_its_first_to_its_last_day(season, people, give, offset, holds):
    give(1, 3)
    library = frozenset({department(season).pk})
    assert delegated(season, people["liaison"], day(offset)) == (library if holds else frozenset())
    assert delegated(season, people["head"], day(offset)) == frozenset()


def test_ends_when_the_delegate_has_left_the_department(season, people, give):
    give(0, 3)
    make_membership(season, people["liaison"], Role.STAFF, department=department(season, "工会"))
    Membership.objects.filter(user=people["liaison"], department=department(season)).update(ends_on=day(1))
    assert delegated(season, people["liaison"], day(1)) == {department(season).pk}
    assert delegated(season, people["liaison"], day(2)) == frozenset()


def test_ends_when_the_head_is_head_no_longer(season, people, give):
    give(0, 3)
    Membership.objects.filter(user=people["head"]).update(ends_on=day(1))
    assert delegated(season, people["liaison"], day(1)) == {department(season).pk}
    assert delegated(season, people["liaison"], day(2)) == frozenset()


def test_head_who_became_liaison_or_moved_hands_nothing_over(season, people, give):
    give(0, 3)
    Membership.objects.filter(user=people["head"]).update(role=Role.STAFF)
    assert delegated(season, people["liaison"], day(1)) == frozenset()
    Membership.objects.filter(user=people["head"]).update(role=Role.HEAD, department=department(season, "工会"))
    assert delegated(season, people["liaison"], day(1)) == frozenset()


def test_actor_is_loaded_with_three_queries(season, people, give, django_assert_num_queries):
    for rows in (1, 3):
        give(rows, rows)
        with django_assert_num_queries(3):
            load_actor(people["liaison"], season, on=day(rows))


# --- giving


def test_given_twice_is_one(give):
    assert give() == give()
    assert (Delegation.objects.count(), AuditEntry.objects.filter(act="delegation.give").count()) == (1, 1)


def test_two_people_may_stand_in_on_the_same_days(season, people, give):
    people["second"] = make_member(season, Role.HEAD, "图书馆", username="second")
    assert give() != give(to="second")


def test_same_person_on_overlapping_days_is_refused_with_the_days_held(give):
    first = give(0, 3)
    with pytest.raises(Refused) as refusal:
        give(3, 5)
    assert refusal.value.existing == first
    assert give(4, 5) != first


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(3, 2, "ends_on"), (-1, 3, "starts_on"), (-3, -1, "starts_on"), (0, 400, "ends_on")],
)
def test_nonsense_days_are_refused(give, first, last, field):
    with pytest.raises(Refused) as refusal:
        give(first, last)
    assert refusal.value.field == field
    assert not Delegation.objects.exists()


def test_one_day_is_enough(give):
    assert give(0, 0).ends_on == TODAY


@pytest.mark.parametrize(("to", "code"), [("head", "self"), ("stranger", "stranger"), ("office", "stranger")])
def test_delegate_is_another_of_the_department(give, to, code):
    with pytest.raises(Refused) as refusal:
        give(to=to)
    assert (refusal.value.field, refusal.value.refusal_code) == ("delegate", code)


@pytest.mark.parametrize("by", ["liaison", "stranger"])
def test_nobody_but_the_head_hands_over(give, by):
    with pytest.raises(PermissionDenied):
        give(by=by)


def test_head_does_not_hand_over_in_anothers_name(season, people, give):
    people["second"] = make_member(season, Role.HEAD, "图书馆", username="second")
    with pytest.raises(PermissionDenied):
        give(head="second")


def test_office_enters_it_on_a_heads_behalf_for_heads_alone(give):
    delegation = give(by="office")
    assert (delegation.head.username, delegation.delegate.username) == ("head", "liaison")
    with pytest.raises(Refused) as refusal:
        give(by="office", head="liaison", to="head")
    assert refusal.value.field == "head"


def test_office_with_an_interest_keeps_out(season, people, give):
    make_membership(season, people["office"], Role.STAFF, department=department(season))
    with pytest.raises(ConflictOfInterest):
        give(by="office")


# --- ending


@pytest.fixture
def end(season, people):
    def run(delegation, last, *, by="head"):
        end_delegation(delegation, ends_on=day(last), by=actor_of(people[by], season), at=NOON)

    return run


def test_ends_early_and_at_once(season, people, give, end):
    delegation = give(0, 5)
    Delegation.objects.update(starts_on=day(-3))
    end(delegation, 2)
    end(delegation, -1)
    delegation.refresh_from_db()
    assert delegation.ends_on == day(-1)
    assert delegated(season, people["liaison"], TODAY) == frozenset()


@pytest.mark.parametrize(("last", "code"), [(-2, "past"), (5, "ended"), (9, "ended")])
def test_is_neither_rewritten_nor_prolonged(give, end, last, code):
    delegation = give(0, 5)
    Delegation.objects.update(starts_on=day(-9))
    with pytest.raises(Refused) as refusal:
        end(delegation, last)
    assert refusal.value.refusal_code == code


def test_before_it_begins_it_is_taken_back_once(season, people, give, end):
    delegation = give(2, 5)
    end(delegation, 0)
    end(delegation, 0)
    assert not Delegation.objects.exists()
    assert AuditEntry.objects.get(act="delegation.take-back").before["until"] == day(5).isoformat()


def test_used_on_its_first_day_it_ends_with_that_day(season, people, give, end):
    delegation = give(0, 5)
    plan = make_version(season).plan
    PlanEvent.objects.create(
        plan=plan, act=PlanAct.SUBMITTED, by=people["liaison"], on_behalf_of=people["head"], at=NOON
    )
    with pytest.raises(Refused) as refusal:
        end(delegation, -1)
    assert refusal.value.refusal_code == "used"
    end(delegation, 0)
    delegation.refresh_from_db()
    assert delegation.ends_on == TODAY


@pytest.mark.parametrize("by", ["liaison", "stranger"])
def test_only_head_and_office_end_it(give, end, by):
    delegation = give(0, 5)
    with pytest.raises(PermissionDenied):
        end(delegation, 0, by=by)
    end(delegation, 0, by="office")


# --- pages


def test_head_hands_over_and_ends_at_once_on_the_page(client, season, people, at_noon):
    client.force_login(people["head"])
    form = client.get(url("delegations")).context["form"]
    assert [label for _value, label in form.fields["delegate"].choices][1:] == ["联络员 · 部门联络员"]
    member = Membership.objects.get(user=people["liaison"])
    sent = {"delegate": member.uuid, "starts_on": "2009.12.28", "ends_on": "2009年12月31日"}
    for _click in range(2):
        assert client.post(url("delegations"), sent).url == url("delegations")
    delegation = Delegation.objects.get()
    assert (delegation.starts_on, delegation.ends_on) == (TODAY, date(2009, 12, 31))
    assert [row.state for row in client.get(url("delegations")).context["lists"].ahead] == ["done"]
    answer = client.post(url("delegation-end", delegation.uuid), {"at_once": "1", "ends_on": ""})
    assert (answer.status_code, Delegation.objects.count()) == (302, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": "昨天"}, "starts_on"),
        ({"ends_on": "2009-12-27"}, "ends_on"),
        ({"ends_on": "2009-02-30"}, "ends_on"),
        ({"delegate": "nobody"}, "delegate"),
        ({"delegate": ""}, "delegate"),
    ],
)
def test_bad_form_keeps_what_was_typed(client, season, people, at_noon, values, field):
    client.force_login(people["head"])
    member = str(Membership.objects.get(user=people["liaison"]).uuid)
    sent = {"delegate": member, "starts_on": "2009-12-28", "ends_on": "2009-12-31"} | values
    form = client.post(url("delegations"), sent).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in sent} == sent


def test_office_names_head_and_delegate_by_login(client, season, people, at_noon):
    client.force_login(people["office"])
    sent = {
        "department": department(season).uuid,
        "head": "head",
        "delegate": "nobody",
        "starts_on": "2009-12-28",
        "ends_on": "2009-12-31",
    }
    assert list(client.post(url("delegations"), sent).context["form"].errors) == ["delegate"]
    assert client.post(url("delegations"), sent | {"delegate": "liaison"}).status_code == 302
    assert Delegation.objects.get().head.username == "head"


def test_liaison_reads_and_hands_nothing_over(client, season, people, give, at_noon):
    delegation = give()
    client.force_login(people["liaison"])
    page = client.get(url("delegations"))
    assert (page.context["form"], [row.may_end for row in page.context["lists"].ahead]) == (None, [False])
    assert client.post(url("delegations"), {}).status_code == 403
    assert client.post(url("delegation-end", delegation.uuid), {"ends_on": "2009-12-28"}).status_code == 403


def test_another_departments_delegation_is_not_there(client, season, people, give, at_noon):
    delegation = give()
    client.force_login(people["stranger"])
    assert client.get(url("delegation-end", delegation.uuid)).status_code == 404
    assert client.get(url("delegation-end", uuid.uuid4())).status_code == 404
    assert client.get(url("delegations")).context["lists"].ahead == ()


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_others_have_no_delegations(client, season, role):
    signed_in(client, season, role)
    assert client.get(url("delegations")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, people, give, at_noon, rows, django_assert_num_queries):
    for number in range(rows):
        give(number, number)
        Delegation.objects.filter(pk=give(10 + number, 10 + number).pk).update(starts_on=day(-9), ends_on=day(-9))
    client.force_login(User.objects.get(username="head"))
    with django_assert_num_queries(8):
        client.get(url("delegations"))
