"""Ruling on appeals: who may, what the ledger has then, and what the department is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import ObligationKind, Role
from campaigns.models import Obligation
from campaigns.services.people import add_interest
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from scoring.enums import AppealState, FindingState
from scoring.models import Appeal, Deduction, Finding, RuleVersion, Tally
from scoring.queries.rulers import load_rulers
from scoring.queries.ruling_choices import reductions_of
from scoring.services.appeals import WordOfMouth
from scoring.services.findings import charge_findings
from scoring.services.ledger import confirm_deductions
from scoring.services.notices import open_notices
from tests.factories import DAY, NOON, department, make_actor, make_subject, rule
from tests.scoring.appeal_working import LATER, Cast, fresh, standing, states
from tests.scoring.finding_working import make_finding, picked


@pytest.fixture
def cast(season):
    return Cast(season)


def charged(home, category):
    tally = Tally.objects.get(department__name=home, category__code=category, campaign__slug="2009")
    return tally.charged


def code_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.field, refused.value.refusal_code


def test_upheld_line_stands_and_may_not_be_appealed_again(cast):
    line = cast.charge()
    appeal = cast.rule(cast.appeal(line))
    assert (appeal.state, appeal.ruled_by_id, appeal.outcome) == ("upheld", cast.lead.user_id, None)
    assert fresh(line).withdrawn_at is None
    assert code_of(lambda: cast.appeal(line)) == (None, "again")


def test_revoked_line_is_withdrawn_by_the_ruler_and_costs_nothing(cast):
    line = cast.charge(quantity=3)
    assert charged("图书馆", "plan") == Decimal("0.30")
    appeal = cast.rule(cast.appeal(line), AppealState.REVOKED, ruling="佐证成立")
    line = fresh(line)
    assert (line.withdrawn_by_id, line.withdrawn_at) == (cast.lead.user_id, appeal.ruled_at)
    assert "佐证成立" in line.withdrawn_because
    assert (standing(line.campaign), charged("图书馆", "plan")) == ([], Decimal(0))


def test_reduced_line_gives_its_place_to_a_smaller_one_with_the_same_recorder(season, cast):
    line = cast.charge(quantity=3)
    appeal = cast.rule(cast.appeal(line), AppealState.REDUCED, quantity=1)
    made = appeal.outcome
    assert standing(season) == [("P1", 1, "0.10")]
    assert (made.replaces, made.recorded_by_id, made.confirmed_by_id) == (
        line,
        cast.recorder.user_id,
        cast.lead.user_id,
    )
    assert (made.happened_on, made.note, made.text, made.visited) == (
        line.happened_on,
        line.note,
        line.text,
        line.visited,
    )
    assert charged("图书馆", "plan") == Decimal("0.10")
    acts = AuditEntry.objects.filter(object_id=str(made.uuid)).order_by("pk").values_list("act", "by_id")
    assert list(acts) == [("deduction.record", cast.lead.user_id), ("deduction.confirm", cast.lead.user_id)]


def test_reduced_line_keeps_the_price_it_was_charged_at(season, cast):
    line = cast.charge(quantity=3)
    version = line.rule_version
    RuleVersion.objects.create(
        rule=line.rule, number=2, text="新", label="新", points=Decimal(5), valid_from=season.facts_from
    )
    made = cast.rule(cast.appeal(line), AppealState.REDUCED, quantity=2).outcome
    assert (made.rule_version, made.amount) == (version, Decimal("0.20"))


def test_reduction_to_a_lighter_line_of_the_clause_takes_its_price_and_key(season, cast):
    line = cast.charge("S3b")
    assert [one.key for one in reductions_of(line)] == ["S3a:1"]
    made = cast.rule(cast.appeal(line), AppealState.REDUCED, rule=rule(season, "S3a"), quantity=1).outcome
    assert (made.rule.code, made.amount, made.charge_key) == ("S3a", Decimal(5), line.charge_key.replace("S3b", "S3a"))
    assert charged("图书馆", "study") == Decimal(5)


def test_reduction_to_a_line_of_the_same_family_keeps_the_fact_charged_once(season):
    cast = Cast(season, "工会")
    line = cast.charge("A11b", subject=make_subject(season, "A11b", "报表"))
    made = cast.rule(cast.appeal(line), AppealState.REDUCED, rule=rule(season, "A11a"), quantity=1).outcome
    assert (made.charge_key, made.subject_label) == (line.charge_key, "报表")


def test_reduction_that_is_none_or_leaves_the_clause_is_refused(season, cast):
    appeal = cast.appeal(cast.charge(quantity=3))
    for quantity in (0, 3, 4):
        assert code_of(lambda q=quantity: cast.rule(appeal, AppealState.REDUCED, quantity=q)) == (
            "quantity",
            "not_smaller",
        )
    for code in ("P2", "S5"):
        assert code_of(lambda c=code: cast.rule(appeal, AppealState.REDUCED, rule=rule(season, c), quantity=1)) == (
            "rule",
            "other_clause",
        )
    heavier = cast.appeal(cast.charge("S3a"))
    assert code_of(lambda: cast.rule(heavier, AppealState.REDUCED, rule=rule(season, "S3b"), quantity=1)) == (
        "quantity",
        "not_smaller",
    )
    assert states() == ["pending", "pending"]


def test_reduction_to_what_is_charged_already_is_refused_naming_the_line(season, cast):
    other = cast.charge("S1b")
    appeal = cast.appeal(cast.charge("S1a"))
    with pytest.raises(Refused) as refused:
        cast.rule(appeal, AppealState.REDUCED, rule=rule(season, "S1b"), quantity=1)
    assert (refused.value.field, refused.value.refusal_code, refused.value.existing) == ("rule", "charged", other)
    assert standing(season) == [("S1b", 1, "0.50"), ("S1a", 1, "1.00")]


@pytest.mark.parametrize("ruling", ["", "  ", "字" * 2001])
def test_ruling_without_a_fitting_reason_is_refused_at_it(cast, ruling):
    appeal = cast.appeal(cast.charge())
    assert code_of(lambda: cast.rule(appeal, ruling=ruling)) == ("ruling", "reason")
    assert code_of(lambda: cast.rule(appeal, AppealState.WITHDRAWN)) == ("state", "state")


def test_ruling_sent_twice_is_one_and_another_is_told_of_the_first(cast):
    appeal = cast.appeal(cast.charge(quantity=3))
    first = cast.rule(appeal, AppealState.REDUCED, quantity=2)
    assert cast.rule(appeal, AppealState.REDUCED, quantity=2).outcome == first.outcome
    assert code_of(lambda: cast.rule(appeal, AppealState.REDUCED, quantity=1)) == (None, "ruled")
    assert code_of(lambda: cast.rule(appeal, AppealState.REVOKED)) == (None, "ruled")
    assert AuditEntry.objects.filter(act="appeal.rule").count() == 1


def test_recorder_and_confirmer_do_not_rule_whatever_they_are(season, cast):
    lead = make_actor(season, Role.TEAM_LEAD)
    for names in ({"recorder": lead}, {"confirmer": lead}):
        same = Cast.__new__(Cast)
        same.__dict__ |= vars(cast) | names
        appeal = same.appeal(same.charge())
        assert code_of(lambda a=appeal: cast.rule(a, by=lead)) == (None, "not_ruler")


def test_who_has_an_interest_gets_the_sentence_and_who_is_no_ruler_is_refused(season, cast):
    appeal = cast.appeal(cast.charge())
    with pytest.raises(ConflictOfInterest):
        cast.rule(appeal, by=make_actor(season, Role.TEAM_LEAD, department=department(season)))
    for actor in (cast.office, make_actor(season, Role.ASSESSOR)):
        assert code_of(lambda by=actor: cast.rule(appeal, by=by)) == (None, "not_ruler")
    assert states() == ["pending"]


def test_ruler_of_another_season_is_nobody_here(season, other_season, cast):
    with pytest.raises(PermissionDenied):
        cast.rule(cast.appeal(cast.charge()), by=make_actor(other_season, Role.TEAM_LEAD))


def test_leader_rules_only_where_no_head_of_the_team_is_free(season, cast):
    leader = make_actor(season, Role.LEADERSHIP)
    appeal = cast.appeal(cast.charge())
    on = LATER.date()
    rulers = load_rulers([appeal], on=on)[appeal.pk]
    assert (rulers.leads, rulers.leaders) == ({cast.lead.user_id}, {leader.user_id})
    assert code_of(lambda: cast.rule(appeal, by=leader)) == (None, "not_ruler")
    add_interest(
        season,
        user=User.objects.get(pk=cast.lead.user_id),
        department=department(season),
        reason="亲属",
        starts_on=on,
        by_id=cast.office.user_id,
        at=NOON,
    )
    assert cast.rule(appeal, by=leader).ruled_by_id == leader.user_id


@pytest.mark.parametrize("why", ["switched off", "membership ended", "recorded it"])
def test_head_of_the_team_who_cannot_does_not_stand_in_a_leaders_way(season, cast, why):
    leader = make_actor(season, Role.LEADERSHIP)
    if why == "recorded it":
        cast.recorder = cast.lead
    appeal = cast.appeal(cast.charge())
    user = User.objects.get(pk=cast.lead.user_id)
    if why == "switched off":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif why == "membership ended":
        user.memberships.update(ends_on=date(2009, 12, 1))
    assert cast.rule(appeal, by=leader).state == AppealState.UPHELD


def test_nobody_is_free_is_known(season, cast):
    cast.recorder = cast.lead
    [rulers] = load_rulers([cast.appeal(cast.charge())], on=LATER.date()).values()
    assert rulers.is_nobody


def test_changed_line_is_told_anew_and_appealed_once_more_to_somebody_else(season, cast):
    first = cast.appeal(cast.charge(quantity=5))
    made = cast.rule(first, AppealState.REDUCED, quantity=3).outcome
    assert (made.told_at, made.appeal_until) == (None, None)
    owed = Obligation.objects.get(department=made.charged, kind=ObligationKind.NOTICE)
    assert owed.met_at is None
    day_after = LATER + timedelta(days=1)
    open_notices([made], by=cast.head, at=day_after)
    assert fresh(made).appeal_until == day_after.date() + timedelta(days=season.appeal_days)
    second = cast.appeal(made, at=day_after)
    assert second.earlier == first
    assert code_of(lambda: cast.rule(second, at=day_after)) == (None, "not_ruler")
    confirmer = make_actor(season, Role.TEAM_LEAD)
    last = cast.rule(second, AppealState.REDUCED, quantity=1, by=confirmer, at=day_after).outcome
    assert standing(season) == [("P1", 1, "0.10")]
    open_notices([last], by=cast.head, at=day_after)
    assert code_of(lambda: cast.appeal(last, at=day_after)) == (None, "exhausted")


def test_who_confirmed_the_first_line_does_not_rule_on_the_changed_one(season, cast):
    cast.confirmer = make_actor(season, Role.TEAM_LEAD)
    made = cast.rule(cast.appeal(cast.charge(quantity=3)), AppealState.REDUCED, quantity=2).outcome
    second = cast.appeal(made)
    assert code_of(lambda: cast.rule(second, by=cast.confirmer)) == (None, "not_ruler")


def test_revoking_a_line_not_opened_yet_leaves_nothing_to_open(season, cast):
    line = cast.charge(told=False)
    appeal = cast.appeal(line, by=cast.office, spoken=WordOfMouth("李主任", NOON.date()))
    owed = Obligation.objects.get(department=line.charged, kind=ObligationKind.NOTICE)
    assert owed.met_at is None
    cast.rule(appeal, AppealState.REVOKED)
    assert fresh(owed).met_at is not None


def test_finding_of_a_revoked_line_is_dismissed_with_the_ruling(season, cast):
    line = charge_finding(season, cast, make_finding(season, "S1a", happened_on=DAY))
    cast.rule(cast.appeal(line), AppealState.REVOKED, ruling="已邀请")
    finding = Finding.objects.get()
    assert (finding.state, finding.deduction) == (FindingState.DISMISSED, None)
    assert "已邀请" in finding.because


def test_finding_follows_to_a_line_of_its_family_and_is_let_go_by_another(season):
    cast = Cast(season, "工会")
    late = charge_finding(season, cast, make_finding(season, "A11b", "工会", record="assignment:1"))
    made = cast.rule(cast.appeal(late), AppealState.REDUCED, rule=rule(season, "A11a"), quantity=1).outcome
    finding = Finding.objects.get()
    assert (finding.state, finding.deduction, made.charge_key) == (FindingState.CHARGED, made, finding.charge_key)
    other = charge_finding(season, cast, make_finding(season, "S1a", "工会", happened_on=DAY))
    made = cast.rule(cast.appeal(other), AppealState.REDUCED, rule=rule(season, "S1b"), quantity=1).outcome
    finding = Finding.objects.get(rule__code="S1a")
    assert (finding.state, made.finding, made.charge_key.split("|")[0]) == (FindingState.DISMISSED, None, "S1b")


def charge_finding(season, cast, finding):
    """Return the confirmed and opened line that charges the finding."""
    assert charge_findings([picked(finding)], by=cast.recorder, at=NOON).done
    line = Deduction.objects.get(finding=finding)
    confirm_deductions([line], by=cast.confirmer, at=NOON)
    open_notices([fresh(line)], by=cast.head, at=NOON)
    return fresh(line)


def test_ruling_of_a_line_withdrawn_past_the_services_is_refused(cast):
    appeal = cast.appeal(cast.charge())
    Deduction.objects.filter(pk=appeal.deduction_id).update(
        withdrawn_by=cast.lead.user_id, withdrawn_at=LATER, withdrawn_because="x"
    )
    assert code_of(lambda: cast.rule(appeal)) == (None, "withdrawn")
    assert Appeal.objects.get().state == AppealState.PENDING
