"""What waits for a person, over all hats: only what one can act on, the most urgent first, in fixed queries."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaigns.enums import ContestState, ReceiptKind, ResponsibilityCode, Role
from campaigns.models import (
    Ballot,
    Campaign,
    Contest,
    ContestEntry,
    Decision,
    Delegation,
    Interest,
    Invitation,
    Obligation,
    PlanVersion,
    Proposal,
    Receipt,
    Responsibility,
    Sitting,
    StudySession,
    Suggestion,
)
from campaigns.queries.actors import load_actor
from campaigns.queries.todo import todo_list
from campaigns.queries.todo_item import few
from qualityseason.models import User
from tests.campaigns.owed_working import LIBRARY, UNION, make_plan, met, moment
from tests.factories import NOON, department, make_actor, make_membership, make_user

SEASON = "/campaigns/2009/"
OTHERS = ("教务处", "团委", "保卫处", "督导室", "总务处", "体育部")


def todo(actor, at=NOON):
    """Return the list of what waits, as (url below the season, about, count, days left)."""
    found = todo_list(Campaign.objects.select_related("contest").get(slug="2009"), actor, at=at)
    return [(item.url.removeprefix(SEASON), item.about, item.count, item.days_left) for item in found]


def below(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args]).removeprefix(SEASON)


@pytest.fixture
def nothing_owed(season):
    """Everything is met, so that only what a test makes is left."""
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))


def version_of(plan, *, number=1, at=None):
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        code=f"{plan.pk:04}-{number:04}",
        content={},
        digest="0" * 64,
        submitted_at=at or moment(11, 5),
        submitted_by=User.objects.first() or make_user("submitter"),
    )


def make_session(season, home=LIBRARY, **values):
    whole = {"topic": "学习方案", "entered_by": make_user(f"s{StudySession.objects.count()}"), "entered_at": NOON}
    return StudySession.objects.create(campaign=season, department=department(season, home), **whole | values)


# --- what departments owe


def test_a_liaison_sees_what_the_department_owes_the_most_urgent_first(season):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    met(season, moment(10, 30), "study-session")
    paper = Obligation.objects.get(department__name=LIBRARY, milestone__code="plan-paper").uuid
    report = f"{below('monthly-report-new')}?department={department(season).uuid}&month=%s&kind=conduct"
    assert todo(liaison) == [
        (below("plans"), "", 0, -52),
        (below("obligation", paper), "", 0, -52),
        (report % "2009-11", "", 0, -28),
        (report % "2009-12", "", 0, 3),
        (below("summaries"), "", 0, 3),
        (below("summaries"), "", 0, 3),
    ]


def test_an_extension_counts(season, nothing_owed):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    Obligation.objects.filter(department__name=LIBRARY, milestone__code="summary").update(
        met_at=None, recorded_at=None, extended_to=date(2010, 1, 8)
    )
    assert [row[3] for row in todo(liaison)] == [11]


def test_the_departments_of_two_hats_are_named(season, nothing_owed):
    user = make_user("both")
    for home in (LIBRARY, UNION):
        make_membership(season, user, Role.STAFF, department=department(season, home))
    Obligation.objects.filter(milestone__code="summary").update(met_at=None, recorded_at=None)
    actor = load_actor(user, season, on=date(2009, 12, 28))
    assert {row[1] for row in todo(actor)} == {LIBRARY, UNION}


# --- plans in the hands of heads and delegates


def test_a_head_confirms_with_one_tap_instead_of_handing_in(season):
    plan = make_plan(season, state="requested")
    head = make_actor(season, Role.HEAD, department=department(season))
    rows = {row[0]: row[3] for row in todo(head)}
    assert rows[below("plan-submit", plan.uuid)] == -52  # due as the electronic copy is
    assert below("plan", plan.uuid) not in rows
    liaison = make_actor(season, Role.STAFF, department=department(season))
    rows = {row[0] for row in todo(liaison)}
    assert below("plan-submit", plan.uuid) not in rows
    assert below("plan", plan.uuid) in rows


def test_a_delegate_confirms_for_the_head_on_these_days_alone(season, nothing_owed):
    plan = make_plan(season, state="requested")
    head, deputy = make_user("head", name="颜惠芳"), make_user("deputy")
    make_membership(season, head, Role.HEAD, department=department(season))
    make_membership(season, deputy, Role.STAFF, department=department(season))
    Delegation.objects.create(
        campaign=season,
        department=department(season),
        head=head,
        delegate=deputy,
        starts_on=date(2009, 12, 20),
        ends_on=date(2009, 12, 28),
        given_at=NOON,
    )
    [(url, about, _count, _days)] = todo(load_actor(deputy, season, on=date(2009, 12, 28)))
    assert url == below("plan-submit", plan.uuid)
    assert LIBRARY in about
    assert "颜惠芳" in about
    assert todo(load_actor(deputy, season, on=date(2009, 12, 29)), NOON + timedelta(days=1)) == []


def test_a_returned_plan_waits_for_its_department(season, nothing_owed):
    plan = make_plan(season, state="returned", submitted_at=moment(11, 5))
    for role in (Role.HEAD, Role.STAFF):
        assert todo(make_actor(season, role, department=department(season))) == [
            (below("plan", plan.uuid), "", 0, None)
        ]
        assert todo(make_actor(season, role, department=department(season, UNION))) == []


def test_suggestions_wait_until_they_are_settled(season, nothing_owed):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    session, cancelled = make_session(season), make_session(season, cancelled_at=NOON)
    for number in range(3):
        Suggestion.objects.create(session=session, text=f"建议{number}")
        Suggestion.objects.create(session=cancelled, text=f"建议{number}")
    Suggestion.objects.create(session=session, text="已答复", settled_at=NOON)
    assert todo(liaison) == [(below("session", session.uuid), "学习方案", 3, None)]


def test_decided_proposals_are_told_for_a_fortnight(season, nothing_owed):
    liaison = make_actor(season, Role.STAFF, department=department(season))

    def decided(state, at):
        return Proposal.objects.create(
            campaign=season,
            department=department(season),
            kind="staff-join",
            reason="新来",
            state=state,
            proposed_by_id=liaison.user_id,
            proposed_at=moment(12, 1),
            decided_at=at,
        )

    decided("accepted", NOON - timedelta(days=15))
    decided("proposed", None)
    assert todo(liaison) == []
    fresh = decided("refused", NOON - timedelta(days=14))
    assert [row[0] for row in todo(liaison)] == [below("proposal", fresh.uuid)]
    decided("accepted", NOON)
    assert [(row[0], row[2]) for row in todo(liaison)] == [(below("proposals"), 2)]


# --- receivers


def receiver(season, code, home="组织人事处"):
    Responsibility.objects.create(campaign=season, code=code, department=department(season, home))
    return make_actor(season, Role.STAFF, department=department(season, home))


def test_the_latest_version_waits_for_its_confirmation(season, nothing_owed):
    actor = receiver(season, ResponsibilityCode.ELECTRONIC_RECEIVER)
    plan = make_plan(season, state="submitted", submitted_at=moment(11, 5))
    first = version_of(plan)
    assert [row[:2] for row in todo(actor)] == [(below("receipts"), LIBRARY)]  # where its button is

    def confirm(version, number):
        Receipt.objects.create(
            campaign=season,
            number=number,
            kind=ReceiptKind.ELECTRONIC,
            department=plan.department,
            version=version,
            received_on=moment(11, 6).date(),
            received_by_id=actor.user_id,
            entered_at=NOON,
        )

    second = version_of(plan, number=2)
    assert [row[:2] for row in todo(actor)] == [(below("receipts"), LIBRARY)]
    second.delete()
    confirm(first, 1)
    assert todo(actor) == []
    second = version_of(plan, number=2)
    version_of(make_plan(season, UNION, state="submitted", submitted_at=moment(11, 5)))
    assert todo(actor) == [(below("receipts"), f"{LIBRARY}、{UNION}", 2, None)]
    confirm(second, 2)
    assert [row[1] for row in todo(actor)] == [UNION]


def test_the_paper_receiver_expects_the_papers(season, nothing_owed):
    actor = receiver(season, ResponsibilityCode.PAPER_RECEIVER, "督导室")
    rows = Obligation.objects.filter(milestone__code="plan-paper", department__name__in=[LIBRARY, UNION])
    rows.update(met_at=None, recorded_at=None)
    rows.filter(department__name=UNION).update(extended_to=date(2010, 1, 4))
    assert todo(actor) == [(below("receipt-paper"), f"{UNION}、{LIBRARY}", 2, -52)]


# --- the office


def test_the_office_reviews_decides_and_reminds(season, nothing_owed):
    office = make_actor(season, Role.OFFICE)
    assert todo(office) == []
    plan = make_plan(season, state="submitted", submitted_at=moment(11, 5))
    make_plan(season, UNION, state="approved", submitted_at=moment(11, 5))
    proposal = Proposal.objects.create(
        campaign=season,
        department=department(season),
        kind="staff-join",
        reason="新来",
        proposed_by_id=office.user_id,
        proposed_at=NOON,
    )
    late = Obligation.objects.filter(milestone__code__in=["plan-paper", "summary"], department__name=UNION)
    late.update(met_at=None, recorded_at=None)
    assert todo(office) == [
        (below("plan-review", plan.uuid), LIBRARY, 0, None),
        (below("proposal", proposal.uuid), LIBRARY, 0, None),
        (below("reminders"), UNION, 0, None),
    ]
    late.filter(milestone__code="plan-paper").update(extended_to=NOON.date())
    assert len(todo(office)) == 2


def test_the_office_is_not_asked_to_act_where_it_has_an_interest(season, nothing_owed):
    user = make_user("office")
    make_membership(season, user, Role.OFFICE)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="配偶", starts_on=date(2009, 9, 1)
    )
    make_plan(season, state="submitted", submitted_at=moment(11, 5))
    assert todo(load_actor(user, season, on=date(2009, 12, 28))) == []


# --- the contest


@pytest.fixture
def contest(season):
    return Contest.objects.create(
        campaign=season, judged_until=date(2009, 12, 30), opened_by=make_user("opener"), opened_at=NOON
    )


def enter(season, contest, home):
    plan = make_plan(season, home, state="approved", submitted_at=moment(11, 5))
    return ContestEntry.objects.create(contest=contest, plan=plan, version=version_of(plan))


def give(entry, judge_id, points):
    Ballot.objects.create(
        entry=entry, judge_id=judge_id, points={"全面": points, "可行": points, "有特色": points}, given_at=NOON
    )


def test_a_judge_is_asked_for_the_plans_not_judged_but_never_the_own(season, contest, nothing_owed):
    judge = receiver(season, ResponsibilityCode.CONTEST_JUDGE, LIBRARY)
    enter(season, contest, LIBRARY)
    union, council = enter(season, contest, UNION), enter(season, contest, "教务处")
    assert todo(judge) == [(below("contest"), f"{UNION}、教务处", 2, 2)]
    give(union, judge.user_id, 80)
    assert todo(judge) == [(below("contest-ballot", council.uuid), "教务处", 0, 2)]
    Contest.objects.update(state=ContestState.CLOSED)
    assert todo(judge) == []


def test_a_tie_waits_for_the_leading_group_without_interest(season, contest, nothing_owed):
    judge = make_user("judge")
    make_membership(season, judge, Role.ASSESSOR)
    Responsibility.objects.create(campaign=season, code=ResponsibilityCode.CONTEST_JUDGE, user=judge)
    entries = [enter(season, contest, home) for home in (LIBRARY, UNION, "教务处")]
    for entry, points in zip(entries, (90, 90, 70), strict=True):
        give(entry, judge.pk, points)
    leader, office = make_actor(season, Role.LEADERSHIP), make_actor(season, Role.OFFICE)
    assert todo(leader) == []
    Contest.objects.update(state=ContestState.CLOSED)
    tie = (f"{below('contest-tie')}?rank=1", f"{UNION}、{LIBRARY}", 0, None)
    assert (todo(leader), todo(office)) == ([tie], [tie])
    own = make_actor(season, Role.LEADERSHIP, department=department(season, UNION))
    assert todo(own) == []
    Decision.objects.create(
        campaign=season,
        kind="contest-tie",
        decided_on=NOON.date(),
        present="支校衡",
        text="图书馆一等奖",
        data={"order": [str(entries[0].uuid), str(entries[1].uuid)], "rank": 1, "mean": "90.00"},
        recorded_by_id=leader.user_id,
        recorded_at=NOON,
    )
    assert (todo(leader), [row[0] for row in todo(office)]) == ([], [below("contest")])


# --- sessions and invitations


def test_the_team_is_told_of_sessions_still_to_come(season, nothing_owed):
    assessor = make_actor(season, Role.ASSESSOR, department=department(season, UNION))
    coming = make_session(season, announced_at=NOON)
    Sitting.objects.create(session=coming, starts_at=moment(12, 27))
    Sitting.objects.create(session=coming, starts_at=moment(12, 30))
    Sitting.objects.create(session=make_session(season, "教务处", announced_at=NOON), starts_at=moment(12, 27))
    Sitting.objects.create(session=make_session(season, "团委"), starts_at=moment(12, 30))
    Sitting.objects.create(session=make_session(season, UNION, announced_at=NOON), starts_at=moment(12, 30))
    gone = make_session(season, "保卫处", announced_at=NOON, cancelled_at=NOON)
    Sitting.objects.create(session=gone, starts_at=moment(12, 30))
    assert todo(assessor) == [(below("session", coming.uuid), LIBRARY, 0, 2)]
    assert todo(make_actor(season, Role.LEADERSHIP)) == []


def test_an_invited_leader_is_told_and_asked_afterwards(season, nothing_owed):
    leader = make_actor(season, Role.LEADERSHIP)
    session = make_session(season, announced_at=NOON)
    Sitting.objects.create(session=session, starts_at=moment(12, 30))
    invitation = Invitation.objects.create(
        session=session, post="in-charge", name="方敬之", user_id=leader.user_id, invited_on=NOON.date()
    )
    assert todo(leader) == [(below("session", session.uuid), LIBRARY, 0, 2)]
    after = moment(12, 31)
    assert todo(leader, after) == []
    Invitation.objects.update(came=True)
    assert todo(leader, after) == [(below("invitation-remark", invitation.uuid), LIBRARY, 0, None)]
    asked = [(below("invitation-remark", invitation.uuid), LIBRARY, 0, None)]
    for name in (UNION, "教务处", "团委", "保卫处"):
        other = Invitation.objects.create(
            session=make_session(season, name),
            post="liaison",
            name="方",
            user_id=leader.user_id,
            invited_on=NOON.date(),
            came=True,
        )
        asked.append((below("invitation-remark", other.uuid), name, 0, None))
    assert todo(leader, after) == asked
    sixth = make_session(season, "总务处")
    Invitation.objects.create(
        session=sixth, post="liaison", name="方", user_id=leader.user_id, invited_on=NOON.date(), came=True
    )
    assert todo(leader, after) == [*asked[:4], (below("sessions"), "保卫处、总务处", 2, None)]
    Invitation.objects.update(remark="讨论充分")
    assert todo(leader, after) == []


# --- all together


def test_what_is_only_to_be_known_stands_last(season, nothing_owed):
    user = make_user("many")
    make_membership(season, user, Role.ASSESSOR)
    make_membership(season, user, Role.STAFF, department=department(season, UNION))
    Obligation.objects.filter(milestone__code="summary", department__name=UNION).update(met_at=None, recorded_at=None)
    Sitting.objects.create(session=make_session(season, announced_at=NOON), starts_at=moment(12, 29))
    rows = todo(load_actor(user, season, on=date(2009, 12, 28)))
    assert [row[3] for row in rows] == [3, 1]


@pytest.mark.parametrize("rows", [1, 3])
def test_everything_is_asked_in_the_same_queries(season, contest, rows, django_assert_num_queries):
    user = make_user("every-hat")
    for role in (Role.OFFICE, Role.ASSESSOR, Role.LEADERSHIP):
        make_membership(season, user, role)
    make_membership(season, user, Role.HEAD, department=department(season))
    for code in ResponsibilityCode:
        Responsibility.objects.create(campaign=season, code=code, user=user)
    for home in OTHERS[:rows]:
        version_of(make_plan(season, home, state="submitted", submitted_at=moment(11, 5)))
        session = make_session(season, home, announced_at=NOON)
        Sitting.objects.create(session=session, starts_at=moment(12, 30))
        Invitation.objects.create(session=session, post="liaison", name="某", user=user, invited_on=NOON.date())
        Proposal.objects.create(
            campaign=season,
            department=department(season, home),
            kind="staff-join",
            reason="新来",
            proposed_by=user,
            proposed_at=NOON,
        )
    for home in OTHERS[3 : 3 + rows]:
        enter(season, contest, home)
    actor = load_actor(user, season, on=date(2009, 12, 28))
    campaign = Campaign.objects.select_related("contest").get(slug="2009")
    with django_assert_num_queries(23):
        found = todo_list(campaign, actor, at=NOON)
    assert len(found) >= 9


def test_few_names_the_first_and_counts_the_rest():
    assert few(["一", "二", "二", "三", "四", "五"]) == "一、二、三、四、五"
    words = few(["一", "二", "三", "四", "五", "六"])
    assert words.startswith("一、二、三、四")
    assert "五" not in words
    assert "2" in words
