"""Appeals, rulings and the ledger at once, each with a connection of its own: one story, told by everything alike."""

from dataclasses import replace

import pytest

from campaigns.enums import Role
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from scoring.enums import AppealState
from scoring.models import Appeal
from scoring.services.appeals import WordOfMouth, take_back_appeal
from scoring.services.invariants import Checked, check_invariants
from scoring.services.ledger import confirm_deductions, record_deduction, withdraw_deduction
from tests.at_once import at_once
from tests.factories import NOON, make_actor, make_deduction, make_draft, make_subject
from tests.scoring.appeal_working import LATER, Cast, fresh, standing, states

ROUNDS = 4


@pytest.fixture
def cast(committed_season):
    return Cast(committed_season)


@pytest.fixture
def leads(committed_season):
    return [make_actor(committed_season, Role.TEAM_LEAD) for _number in range(5)]


def differences():
    """Return what differs in any department."""
    return [one.sentence for one in check_invariants(Checked()) if one.department]


def count(act):
    return AuditEntry.objects.filter(act=act).count()


def unexpected(results):
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]


def test_two_appeals_of_one_line_at_once_are_one_and_the_other_is_told(cast):
    other = replace(cast.head, user_id=cast.liaison.user_id)
    spoken = WordOfMouth("李主任", NOON.date())
    for _round in range(ROUNDS):
        line = cast.charge()
        results = at_once(
            lambda line=line: cast.appeal(line),
            lambda line=line: cast.appeal(line, by=other),
            lambda line=line: cast.appeal(line, by=cast.office, spoken=spoken),
        )
        assert unexpected(results) == []
        assert sorted(isinstance(result, Refused) for result in results) == [False, True, True]
        assert {result.refusal_code for result in results if isinstance(result, Refused)} == {"again"}
        assert Appeal.objects.filter(deduction=line).count() == 1
    assert count("appeal.make") == ROUNDS
    assert differences() == []


def test_appeal_sent_six_times_at_once_is_one(cast):
    line, key = cast.charge(), "6b0f4f9e-6a0c-4f0e-9c57-0f3f3f6f1b11"
    results = at_once(*[lambda: cast.appeal(line, uuid=key)] * 6)
    assert len({result.pk for result in results}) == 1
    assert count("appeal.make") == 1


def test_rulings_of_five_at_once_are_one_and_the_ledger_has_what_it_says(cast, committed_season, leads):
    wanted = [
        {"state": AppealState.REVOKED},
        {"state": AppealState.REDUCED, "quantity": 1},
        {"state": AppealState.UPHELD},
        {"state": AppealState.REDUCED, "quantity": 2},
        {"state": AppealState.REVOKED, "ruling": "另一理由"},
    ]
    for _round in range(ROUNDS):
        appeal = cast.appeal(cast.charge(quantity=3))
        before = len(standing(committed_season))
        results = at_once(
            *(
                lambda by=by, values=values, appeal=appeal: cast.rule(appeal, by=by, **values)
                for by, values in zip(leads, wanted, strict=True)
            )
        )
        assert unexpected(results) == []
        [ruled] = [result for result in results if isinstance(result, Appeal)]
        assert {result.refusal_code for result in results if isinstance(result, Refused)} == {"ruled"}
        assert fresh(appeal).ruled_by_id == ruled.ruled_by_id
        assert len(standing(committed_season)) == before - (ruled.state == AppealState.REVOKED)
    assert count("appeal.rule") == ROUNDS
    assert differences() == []


def test_one_ruling_sent_five_times_at_once_reduces_once(cast, committed_season):
    appeal = cast.appeal(cast.charge(quantity=3))
    results = at_once(*[lambda: cast.rule(appeal, AppealState.REDUCED, quantity=1)] * 5)
    assert {result.outcome_id for result in results} == {fresh(appeal).outcome_id}
    assert standing(committed_season) == [("P1", 1, "0.10")]
    assert differences() == []


def test_ruling_and_taking_back_at_once_end_in_one_of_the_two(cast):
    for number in range(ROUNDS):
        line = cast.charge(quantity=2)
        appeal = cast.appeal(line)
        acts = [
            lambda appeal=appeal: cast.rule(appeal, AppealState.REVOKED),
            lambda appeal=appeal: take_back_appeal(appeal, by=cast.head, at=LATER),
        ]
        results = at_once(*(acts if number % 2 else acts[::-1]))
        assert unexpected(results) == []
        assert sum(isinstance(result, Refused) for result in results) == 1
        assert (fresh(appeal).state == AppealState.REVOKED) == (fresh(line).withdrawn_at is not None)
    assert set(states()) <= {"revoked", "withdrawn"}
    assert differences() == []


def test_appeal_and_withdrawal_of_the_line_at_once_leave_no_appeal_without_a_line(cast):
    for _round in range(ROUNDS):
        line = cast.charge()
        appeal, withdrawal = at_once(
            lambda line=line: cast.appeal(line),
            lambda line=line: withdraw_deduction(line, by=cast.lead, at=LATER, because="看错"),
        )
        assert unexpected([appeal, withdrawal]) == []
        assert isinstance(appeal, Refused) != isinstance(withdrawal, Refused)
        assert (fresh(line).withdrawn_at is None) == isinstance(appeal, Appeal)
    assert differences() == []


def test_ruling_and_withdrawal_of_the_line_at_once_take_it_off_once(cast, committed_season):
    for _round in range(ROUNDS):
        appeal = cast.appeal(cast.charge(quantity=3))
        results = at_once(
            lambda appeal=appeal: cast.rule(appeal, AppealState.REDUCED, quantity=1),
            lambda appeal=appeal: withdraw_deduction(appeal.deduction, by=cast.lead, at=LATER, because="看错"),
        )
        assert unexpected(results) == []
        assert fresh(appeal).state == AppealState.REDUCED
        assert isinstance(results[1], Refused)
    assert standing(committed_season) == [("P1", 1, "0.10")] * ROUNDS
    assert differences() == []


def test_ruling_while_another_line_would_take_its_place_leaves_one_line_for_the_fact(committed_season):
    cast = Cast(committed_season, "工会")
    for number in range(ROUNDS):
        subject = make_subject(committed_season, "A11a", f"报表{number}")
        line = cast.charge("A11b", subject=subject)
        other = make_deduction(
            committed_season, "A11a", by=cast.recorder, charged="工会", subject=subject, replaces=line
        )
        appeal = cast.appeal(line)
        results = at_once(
            lambda appeal=appeal, rule=other.rule: cast.rule(appeal, AppealState.REDUCED, rule=rule, quantity=1),
            lambda other=other: confirm_deductions([other], by=cast.confirmer, at=LATER),
        )
        assert unexpected(results) == []
        assert results[1].confirmed == []
        assert fresh(appeal).outcome.charge_key == line.charge_key
    assert differences() == []
    assert len(standing(committed_season, "工会")) == 2 * ROUNDS


def test_ruling_to_a_lighter_line_while_it_is_recorded_by_hand_charges_its_fact_once(committed_season):
    for home in ("图书馆", "体育部", "实训中心", "基础部"):
        here = Cast(committed_season, home)
        appeal = here.appeal(here.charge("S1a"))
        lighter = make_draft(committed_season, "S1b", charged=home)
        results = at_once(
            lambda here=here, appeal=appeal, rule=lighter.rule: here.rule(
                appeal, AppealState.REDUCED, rule=rule, quantity=1
            ),
            lambda here=here, draft=lighter: record_deduction(draft, by=here.recorder, at=LATER),
        )
        assert unexpected(results) == []
        assert sum(isinstance(result, Refused) for result in results) == 1
        assert [code for code, _quantity, _amount in standing(committed_season, home)].count("S1b") == 1
    assert differences() == []


def test_appeals_and_rulings_of_several_departments_at_once_do_not_wait_in_a_circle(committed_season):
    homes = [Cast(committed_season, home) for home in ("图书馆", "体育部", "实训中心")]
    lines = [here.charge(quantity=2) for here in homes]
    appeals = [here.appeal(line) for here, line in zip(homes, lines, strict=True)]
    more = [here.charge("P2") for here in homes]
    results = at_once(
        *(lambda here=here, line=line: here.appeal(line) for here, line in zip(homes, more, strict=True)),
        *(
            lambda here=here, appeal=appeal: here.rule(appeal, AppealState.REDUCED, quantity=1)
            for here, appeal in reversed(list(zip(homes, appeals, strict=True)))
        ),
    )
    assert unexpected(results) == []
    assert sorted(states()) == ["pending"] * 3 + ["reduced"] * 3
    assert differences() == []
