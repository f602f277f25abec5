"""Who sees what departments hand in: one queryset per model, told role by role."""

import pytest

from campaigns.enums import ContestState, ResponsibilityCode, Role
from campaigns.models import (
    Ballot,
    Contest,
    ContestEntry,
    Duty,
    Interest,
    Obligation,
    Plan,
    PlanMark,
    PlanVersion,
    Proposal,
    Receipt,
    Responsibility,
    StudySession,
    Suggestion,
)
from campaigns.queries.actors import load_actor
from qualityseason.models import User
from tests.campaigns.handing_in import make_handed_in, make_submitted_plan
from tests.factories import NOON, department, make_actor, make_membership, make_person, make_user

LIBRARY, SPORT = "图书馆", "体育部"


def actor_with(season, code, *, role=Role.ASSESSOR, home=None):
    """Return an actor who holds a responsibility besides a role."""
    user = make_user(f"holder-{code}")
    make_membership(season, user, role, department=department(season, home) if home else None)
    Responsibility.objects.create(campaign=season, code=code, user=user)
    return load_actor(user, season, on=season.facts_until)


@pytest.fixture
def handed_in(season):
    """One record of everything of the library, and the sport department's draft."""
    clerk = make_user("clerk")
    place = department(season, LIBRARY)
    make_handed_in(season, place, make_person(season, home=LIBRARY), by_id=clerk.pk, number=1, at=NOON)
    Duty.objects.create(campaign=season, department=place, number="1", text="读者服务")
    draft = make_submitted_plan(season, department(season, SPORT), by_id=clerk.pk, at=NOON, number=2, state="draft")
    draft.versions.all().delete()
    Plan.objects.filter(pk=draft.pk).update(submitted_at=None)
    return season


def seen(actor, *models):
    """Return how many rows of each model the actor sees."""
    return [model.objects.visible_to(actor).count() for model in models]


RECORDS = (StudySession, Suggestion, Duty, Proposal, Receipt, Plan, PlanVersion, PlanMark)


@pytest.mark.parametrize(
    ("role", "home", "expected"),
    [
        (Role.OFFICE, None, [1, 1, 1, 1, 1, 2, 1, 1]),
        (Role.ASSESSOR, None, [1, 1, 1, 0, 1, 1, 1, 1]),
        (Role.TEAM_LEAD, None, [1, 1, 1, 0, 1, 1, 1, 1]),
        (Role.LEADERSHIP, None, [1, 1, 1, 0, 1, 1, 1, 0]),
        (Role.HEAD, LIBRARY, [1, 1, 1, 1, 1, 1, 1, 0]),
        (Role.STAFF, LIBRARY, [1, 1, 1, 1, 1, 1, 1, 0]),
        (Role.HEAD, SPORT, [0, 0, 0, 0, 0, 1, 0, 0]),
        (Role.STAFF, "工会", [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_records_are_seen_by_overseers_and_by_their_department(handed_in, role, home, expected):
    actor = make_actor(handed_in, role, department=department(handed_in, home) if home else None)
    assert seen(actor, *RECORDS) == expected


def test_nobody_of_another_season_sees_anything(handed_in, other_season):
    for role in (Role.OFFICE, Role.TEAM_LEAD, Role.LEADERSHIP):
        assert seen(make_actor(other_season, role), *RECORDS, Obligation) == [0, 0, 0, 0, 0, 0, 0, 0, 8]


def test_obligations_are_seen_by_overseers_receivers_and_their_department(handed_in):
    # five milestones owed by all; publicity by four offices, five specialty, three teaching ones; one task per month
    everything = 24 * 5 + 12 + 24 * 2
    assert Obligation.objects.filter(campaign=handed_in).count() == everything
    assert seen(make_actor(handed_in, Role.LEADERSHIP), Obligation) == [everything]
    assert seen(make_actor(handed_in, Role.HEAD, department=department(handed_in, LIBRARY)), Obligation) == [7]
    assert seen(make_actor(handed_in, Role.STAFF, department=department(handed_in, SPORT)), Obligation) == [8]
    receiver = actor_with(handed_in, ResponsibilityCode.PAPER_RECEIVER, role=Role.STAFF, home="工会")
    assert seen(receiver, Obligation) == [4 * 24 + 3]  # plans, summaries, materials; own session and two months


def test_receiver_reads_submitted_plans_and_receipts_alone(handed_in):
    receiver = actor_with(handed_in, ResponsibilityCode.ELECTRONIC_RECEIVER, role=Role.STAFF, home="工会")
    assert seen(receiver, *RECORDS) == [0, 0, 0, 0, 1, 1, 1, 0]


def test_judge_reads_the_plans_of_the_contest_alone(handed_in):
    judge = actor_with(handed_in, ResponsibilityCode.CONTEST_JUDGE, role=Role.STAFF, home="工会")
    assert seen(judge, *RECORDS, Contest, ContestEntry) == [0, 0, 0, 0, 0, 1, 1, 0, 1, 1]
    ContestEntry.objects.all().delete()
    assert seen(judge, Plan, PlanVersion) == [0, 0]


def test_marks_are_kept_from_who_has_an_interest(handed_in):
    assessor = make_actor(handed_in, Role.ASSESSOR)
    Interest.objects.create(
        campaign=handed_in,
        user=User.objects.get(pk=assessor.user_id),
        department=department(handed_in, LIBRARY),
        reason="亲属",
        starts_on=handed_in.facts_from,
    )
    interested = load_actor(User.objects.get(pk=assessor.user_id), handed_in, on=handed_in.facts_until)
    assert seen(assessor, PlanMark) == [1]
    assert seen(interested, PlanMark) == [0]


def test_departments_see_the_contest_once_it_is_awarded(handed_in):
    head = make_actor(handed_in, Role.HEAD, department=department(handed_in, SPORT))
    assert seen(head, Contest, ContestEntry) == [0, 0]
    Contest.objects.update(state=ContestState.AWARDED)
    assert seen(head, Contest, ContestEntry) == [1, 1]


def test_ballots_are_seen_by_who_gave_them_and_by_who_counts(handed_in):
    judge = actor_with(handed_in, ResponsibilityCode.CONTEST_JUDGE, role=Role.STAFF, home="工会")
    Ballot.objects.create(entry=ContestEntry.objects.get(), judge_id=judge.user_id, points={"全面": 90}, given_at=NOON)
    assert seen(judge, Ballot) == [1]
    for role, count in ((Role.OFFICE, 1), (Role.TEAM_LEAD, 1), (Role.LEADERSHIP, 1), (Role.ASSESSOR, 0)):
        assert seen(make_actor(handed_in, role), Ballot) == [count], role
    for role in (Role.OFFICE, Role.LEADERSHIP):  # with a membership in the department judged
        user = make_user(f"own-{role}")
        make_membership(handed_in, user, role)
        make_membership(handed_in, user, Role.STAFF, department=department(handed_in, LIBRARY))
        assert seen(load_actor(user, handed_in, on=handed_in.facts_until), Ballot) == [0], role
