"""The plan contest: opening, judging, closing, deciding ties, awarding."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import ContestState, PlanState, ResponsibilityCode, Role
from campaigns.models import Ballot, Contest, ContestEntry, Decision, Interest, Responsibility
from campaigns.queries.contest import contest_page
from campaigns.queries.contest_facts import judges_of, load_contest
from campaigns.services.contest import award_contest, close_contest, give_ballot, open_contest, reopen_contest
from campaigns.services.contest_ties import decide_tie
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from qualityseason.services.files import store_file
from tests.campaigns.contest_working import (
    SIX,
    UNTIL,
    as_actor,
    awarded_contest,
    entry_of,
    judge,
    make_approved_plan,
    make_contest,
    make_judge,
    make_office,
    tied_contest,
)
from tests.factories import NOON, department, make_actor, make_membership, make_user


def refusal(call, *args, **options):
    with pytest.raises(Refused) as refused:
        call(*args, **options)
    return refused.value


def declare_interest(season, actor, name):
    Interest.objects.create(
        campaign=season,
        user_id=actor.user_id,
        department=department(season, name),
        reason="配偶",
        starts_on=season.facts_from,
    )


# --- opening


def test_opening_takes_all_approved_plans_with_their_latest_version(season):
    make_approved_plan(season, "图书馆")
    make_approved_plan(season, "图书馆")
    make_approved_plan(season, "工会")
    make_approved_plan(season, "团委", state=PlanState.SUBMITTED)
    make_judge(season, "judge")
    contest = open_contest(season, judged_until=UNTIL, by=make_office(season), at=NOON)
    entries = contest.entries.order_by("plan__department__order")
    assert [(entry.plan.department.name, entry.version.number) for entry in entries] == [("工会", 1), ("图书馆", 2)]
    assert AuditEntry.objects.get(act="contest.open").after["entered"] == ["工会", "图书馆"]


def test_opening_again_adds_plans_approved_since_and_moves_the_day(season):
    office, _voters, contest = make_contest(season, ["图书馆"])
    make_approved_plan(season, "工会")
    later = UNTIL + timedelta(days=9)
    assert open_contest(season, judged_until=later, by=office, at=NOON) == contest
    assert {entry.plan.department.name for entry in contest.entries.all()} == {"工会", "图书馆"}
    open_contest(season, judged_until=later, by=office, at=NOON)
    assert AuditEntry.objects.filter(act="contest.open").count() == 2
    assert ContestEntry.objects.count() == 2


def test_version_approved_anew_is_taken_unless_somebody_has_judged_the_former(season):
    office, (first, _second), _contest = make_contest(season, ["图书馆", "工会"])
    judge(first, "工会", 80, 80, 80)
    make_approved_plan(season, "图书馆")
    make_approved_plan(season, "工会")
    open_contest(season, judged_until=UNTIL, by=office, at=NOON)
    assert (entry_of("图书馆").version.number, entry_of("工会").version.number) == (2, 1)


@pytest.mark.parametrize(
    ("has_plan", "has_judge", "until", "code"),
    [
        (False, True, UNTIL, "no_plans"),
        (True, False, UNTIL, "no_judges"),
        (True, True, date(2009, 12, 27), "past"),
    ],
)
def test_opening_without_plan_judge_or_time_is_refused(season, has_plan, has_judge, until, code):
    if has_plan:
        make_approved_plan(season, "图书馆")
    if has_judge:
        make_judge(season, "judge")
    found = refusal(open_contest, season, judged_until=until, by=make_office(season), at=NOON)
    assert found.refusal_code == code
    assert not Contest.objects.exists()


def test_judges_are_holders_and_people_of_departments_that_hold_it(season):
    make_judge(season, "direct", name="甲")
    Responsibility.objects.create(
        campaign=season, code=ResponsibilityCode.CONTEST_JUDGE, department=department(season, "教务处")
    )
    make_membership(season, make_user("head", name="乙"), Role.HEAD, department=department(season, "教务处"))
    make_membership(
        season, make_user("gone", name="丙", is_active=False), Role.HEAD, department=department(season, "教务处")
    )
    former = make_user("former", name="丁")
    make_membership(season, former, Role.STAFF, department=department(season, "教务处"), ends_on=date(2009, 11, 1))
    outsider = make_user("outsider", name="戊")
    Responsibility.objects.create(campaign=season, code=ResponsibilityCode.CONTEST_JUDGE, user=outsider)
    assert sorted(judges_of(season, on=NOON.date()).values()) == ["乙", "甲"]


# --- judging


def test_ballot_is_kept_and_changed_until_closed(season):
    _office, (first, _second), _contest = make_contest(season, ["图书馆"])
    given = judge(first, "图书馆", 90, 80, 85, comment="扎实")
    assert (given.points, given.version) == ({"全面": 90, "可行": 80, "有特色": 85}, 1)
    changed = judge(first, "图书馆", 91, 80, 85, version=1)
    assert (changed.points["全面"], changed.comment, changed.version) == (91, "", 2)
    assert AuditEntry.objects.filter(act="contest.judge").latest("id").before["comment"] == "扎实"


def test_same_ballot_twice_is_one(season):
    _office, (first, _second), _contest = make_contest(season, ["图书馆"])
    assert judge(first, "图书馆", 90, 80, 85) == judge(first, "图书馆", 90, 80, 85)
    assert (Ballot.objects.count(), AuditEntry.objects.filter(act="contest.judge").count()) == (1, 1)


def test_stale_ballot_is_refused_and_shows_what_stands(season):
    _office, (first, _second), _contest = make_contest(season, ["图书馆"])
    judge(first, "图书馆", 90, 80, 85)
    found = refusal(judge, first, "图书馆", 70, 70, 70, version=0)
    assert (found.refusal_code, found.existing.points["全面"]) == ("stale", 90)
    assert Ballot.objects.get().points["全面"] == 90


@pytest.mark.parametrize("points", [{"全面": 101}, {"全面": -1}, {"全面": None}, {"全面": 80.5}, {"全面": True}])
def test_points_that_are_none_are_refused_at_their_criterion(season, points):
    _office, (first, _second), _contest = make_contest(season, ["图书馆"])
    whole = {"全面": 90, "可行": 0, "有特色": 100} | points
    found = refusal(give_ballot, entry_of("图书馆"), points=whole, comment="", version=0, by=first, at=NOON)
    assert (found.field, found.refusal_code) == ("全面", "points")
    assert not Ballot.objects.exists()


def test_own_department_is_never_judged(season):
    make_approved_plan(season, "图书馆")
    own = make_judge(season, "judge", home="图书馆")
    open_contest(season, judged_until=UNTIL, by=make_office(season), at=NOON)
    with pytest.raises(ConflictOfInterest) as conflict:
        judge(own, "图书馆", 100, 100, 100)
    assert "图书馆" in str(conflict.value)
    assert not Ballot.objects.exists()


def test_who_is_no_judge_judges_nothing(season):
    make_contest(season, ["图书馆"])
    with pytest.raises(PermissionDenied):
        judge(make_actor(season, Role.ASSESSOR), "图书馆", 100, 100, 100)


def test_judging_after_closing_is_refused(season):
    _office, (first, _second), _contest = tied_contest(season)
    assert refusal(judge, first, "图书馆", 1, 1, 1, version=1).refusal_code == "closed"
    assert Ballot.objects.get(entry=entry_of("图书馆"), judge_id=first.user_id).points["全面"] == 80


def test_interest_declared_later_takes_the_ballot_out_of_the_score(season):
    _office, (first, second), contest = make_contest(season, ["图书馆"])
    judge(first, "图书馆", 90, 90, 90)
    judge(second, "图书馆", 60, 60, 60)
    (entry,) = load_contest(contest, on=NOON.date()).entries
    assert (entry.mean, entry.spread) == (Decimal("75.00"), Decimal("30.00"))
    declare_interest(season, first, "图书馆")
    (entry,) = load_contest(contest, on=NOON.date()).entries
    assert (entry.mean, entry.spread, entry.judges) == (Decimal("60.00"), None, ("评委2",))
    assert [ballot.counts for ballot in entry.ballots] == [False, True]


# --- closing and opening again


def test_closing_waits_for_a_ballot_on_each_plan(season):
    office, (first, _second), contest = make_contest(season, ["图书馆", "工会"])
    judge(first, "工会", 80, 80, 80)
    found = refusal(close_contest, contest, accepts_missing=True, by=office, at=NOON)
    assert (found.refusal_code, "图书馆" in str(found.sentence)) == ("unjudged", True)


def test_closing_without_some_judges_has_to_be_accepted(season):
    office, (first, _second), contest = make_contest(season, ["图书馆"])
    judge(first, "图书馆", 80, 80, 80)
    assert refusal(close_contest, contest, accepts_missing=False, by=office, at=NOON).refusal_code == "missing"
    closed = close_contest(contest, accepts_missing=True, by=office, at=NOON)
    assert (closed.state, closed.closed_at) == (ContestState.CLOSED, NOON)
    close_contest(contest, accepts_missing=False, by=office, at=NOON + timedelta(hours=1))
    assert AuditEntry.objects.get(act="contest.close").after == {"missing": {"图书馆": ["评委2"]}}


def test_judge_in_conflict_is_not_missed(season):
    make_approved_plan(season, "图书馆")
    free, _own = make_judge(season, "free"), make_judge(season, "own", home="图书馆")
    office = make_office(season)
    contest = open_contest(season, judged_until=UNTIL, by=office, at=NOON)
    judge(free, "图书馆", 80, 80, 80)
    assert close_contest(contest, accepts_missing=False, by=office, at=NOON).state == ContestState.CLOSED


def test_page_warns_of_a_plan_nobody_may_judge(season):
    make_approved_plan(season, "图书馆")
    make_approved_plan(season, "工会")
    make_judge(season, "own", home="图书馆")
    office = make_office(season)
    open_contest(season, judged_until=UNTIL, by=office, at=NOON)
    assert contest_page(office, season, at=NOON).unjudgeable == ("图书馆",)


def test_reopening_needs_a_reason_and_lets_judges_change(season):
    office, (first, _second), contest = tied_contest(season)
    assert refusal(reopen_contest, contest, reason=" ", by=office, at=NOON).field == "reason"
    reopen_contest(contest, reason="评委2漏看附件", by=office, at=NOON)
    reopen_contest(contest, reason="评委2漏看附件", by=office, at=NOON)
    assert judge(first, "图书馆", 81, 80, 80, version=1).version == 2
    assert AuditEntry.objects.get(act="contest.reopen").after == {"reason": "评委2漏看附件"}


# --- ties


def decide(contest, by, *names, **values):
    order = [entry_of(name).uuid for name in names]
    whole = {
        "uuid": uuid.uuid4(),
        "rank": 3,
        "order": order,
        "decided_on": NOON.date(),
        "present": "支校衡、郭朝雄",
        "text": "图书馆方案更有特色。",
        "standing": None,
        "uploads": [],
    }
    return decide_tie(contest, **whole | values, by=by, at=NOON)


def results():
    rows = ContestEntry.objects.order_by("rank", "plan__department__order")
    return [(row.plan.department.name, row.rank, row.mean, row.prize) for row in rows]


def test_award_waits_for_the_decision_on_a_tie(season):
    office, _voters, contest = tied_contest(season)
    assert refusal(award_contest, contest, by=office, at=NOON).refusal_code == "tie"
    assert {row.rank for row in ContestEntry.objects.all()} == {None}
    decide(contest, make_actor(season, Role.LEADERSHIP), "图书馆", "基础部")
    award_contest(contest, by=office, at=NOON)
    assert results() == [
        ("监察审计室", 1, Decimal("95.00"), "一等奖"),
        ("工会", 2, Decimal("90.00"), "二等奖"),
        ("图书馆", 3, Decimal("80.00"), "二等奖"),
        ("基础部", 4, Decimal("80.00"), "三等奖"),
        ("党院办", 5, Decimal("70.00"), "三等奖"),
        ("教务处", 6, Decimal("60.00"), "三等奖"),
    ]


def test_decision_names_who_was_there_and_is_in_the_log(season):
    _office, _voters, contest = tied_contest(season)
    decision = decide(contest, make_actor(season, Role.LEADERSHIP), "基础部", "图书馆")
    assert (decision.present, decision.decided_on) == ("支校衡、郭朝雄", date(2009, 12, 28))
    assert decision.data == {
        "order": [str(entry_of("基础部").uuid), str(entry_of("图书馆").uuid)],
        "rank": 3,
        "mean": "80.00",
    }
    assert AuditEntry.objects.get(act="contest.decide").after["departments"] == ["基础部", "图书馆"]


def test_same_form_twice_decides_once_and_with_other_words_is_refused(season):
    _office, _voters, contest = tied_contest(season)
    leader, form = make_actor(season, Role.LEADERSHIP), uuid.uuid4()
    assert decide(contest, leader, "图书馆", "基础部", uuid=form) == decide(
        contest, leader, "图书馆", "基础部", uuid=form
    )
    with pytest.raises(Refused) as found:
        decide(contest, leader, "基础部", "图书馆", uuid=form)
    assert (found.value.refusal_code, Decision.objects.count()) == ("reused", 1)


def test_second_decision_has_to_know_of_the_first(season):
    office, _voters, contest = tied_contest(season)
    leader = make_actor(season, Role.LEADERSHIP)
    first = decide(contest, leader, "图书馆", "基础部")
    with pytest.raises(Refused) as found:
        decide(contest, leader, "基础部", "图书馆")
    assert (found.value.refusal_code, found.value.existing) == ("stale", first)
    decide(contest, leader, "基础部", "图书馆", standing=first.uuid)
    award_contest(contest, by=office, at=NOON)
    assert [name for name, *_rest in results()][2:4] == ["基础部", "图书馆"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"rank": 1}, "no_tie"),
        ({"present": " "}, "empty"),
        ({"present": "名" * 301}, "long"),
        ({"text": ""}, "empty"),
        ({"decided_on": date(2009, 12, 29)}, "future"),
        ({"uploads": [uuid.UUID(int=1)]}, "gone"),
        ({"order": []}, "order"),
    ],
)
def test_decision_with_something_wrong_is_refused(season, values, code):
    _office, _voters, contest = tied_contest(season)
    with pytest.raises(Refused) as found:
        decide(contest, make_actor(season, Role.LEADERSHIP), "图书馆", "基础部", **values)
    assert (found.value.refusal_code, Decision.objects.count()) == (code, 0)


def test_decision_covers_exactly_the_tied_plans(season):
    _office, _voters, contest = tied_contest(season)
    for names in [("图书馆",), ("图书馆", "图书馆"), ("图书馆", "工会"), ("图书馆", "基础部", "工会")]:
        with pytest.raises(Refused) as found:
            decide(contest, make_actor(season, Role.LEADERSHIP), *names)
        assert found.value.refusal_code == "order"


def test_office_enters_the_decision_with_its_paper(season, portal_files):
    office, _voters, contest = tied_contest(season)
    with pytest.raises(Refused) as found:
        decide(contest, office, "图书馆", "基础部")
    assert (found.value.field, found.value.refusal_code) == ("files", "no_paper")
    paper = store_file(
        [b"%PDF-1.4"],
        name="纪要.pdf",
        media_type="application/pdf",
        by_id=office.user_id,
        campaign_id=season.pk,
        is_upload=True,
    )
    decide(contest, office, "图书馆", "基础部", uploads=[paper.uuid])
    paper.refresh_from_db()
    assert not paper.is_upload


def test_nobody_with_an_interest_in_the_tie_records_it(season):
    _office, _voters, contest = tied_contest(season)
    leader = make_actor(season, Role.LEADERSHIP)
    declare_interest(season, leader, "基础部")
    leader = as_actor(season, User.objects.get(pk=leader.user_id))
    with pytest.raises(ConflictOfInterest) as conflict:
        decide(contest, leader, "图书馆", "基础部")
    assert "基础部" in str(conflict.value)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD])
def test_the_team_decides_no_tie(season, role):
    _office, _voters, contest = tied_contest(season)
    with pytest.raises(PermissionDenied):
        decide(contest, make_actor(season, role), "图书馆", "基础部")


def test_decision_does_not_outlive_the_tie_it_was_about(season):
    office, voters, contest = tied_contest(season)
    decide(contest, make_actor(season, Role.LEADERSHIP), "图书馆", "基础部")
    reopen_contest(contest, reason="复核", by=office, at=NOON)
    for voter in voters:  # the two tie again, with other points
        for name in ("图书馆", "基础部"):
            judge(voter, name, 81, 81, 81, version=1)
    close_contest(contest, accepts_missing=False, by=office, at=NOON)
    assert refusal(award_contest, contest, by=office, at=NOON).refusal_code == "tie"


# --- award


def test_award_is_given_once_and_ends_the_contest(season):
    office, (first, _second), contest = awarded_contest(season)
    before = results()
    award_contest(contest, by=office, at=NOON + timedelta(days=1))
    assert (results(), AuditEntry.objects.filter(act="contest.award").count()) == (before, 1)
    assert before[0] == ("监察审计室", 1, Decimal("95.00"), "一等奖")
    for call, options in [
        (reopen_contest, {"reason": "晚了"}),
        (close_contest, {"accepts_missing": True}),
    ]:
        assert refusal(call, contest, **options, by=office, at=NOON).refusal_code == "closed"
    assert refusal(judge, first, "图书馆", 1, 1, 1, version=1).refusal_code == "closed"
    assert refusal(open_contest, season, judged_until=UNTIL, by=office, at=NOON).refusal_code == "closed"


def test_award_before_closing_is_refused(season):
    office, voters, contest = make_contest(season, SIX[:1])
    for voter in voters:
        judge(voter, SIX[0], 80, 80, 80)
    assert refusal(award_contest, contest, by=office, at=NOON).refusal_code == "closed"


def test_another_season_has_its_own_criteria_and_prizes(other_season):
    season = other_season
    name = season.departments.order_by("order").first().name
    make_approved_plan(season, name)
    voter, office = make_judge(season, "judge"), make_office(season)
    at = NOON.replace(year=2031, month=9, day=20)
    contest = open_contest(season, judged_until=at.date(), by=office, at=at)
    entry = ContestEntry.objects.get(contest=contest)
    give_ballot(entry, points={"清楚": 90, "能做": 81}, comment="", version=0, by=voter, at=at)
    close_contest(contest, accepts_missing=False, by=office, at=at)
    award_contest(contest, by=office, at=at)
    entry.refresh_from_db()
    assert (entry.rank, entry.mean, entry.prize) == (1, Decimal("85.50"), "云杯")
