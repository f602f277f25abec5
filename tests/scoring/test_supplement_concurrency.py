"""Supplements adopted while others adopt, record and confirm, each with a connection of its own."""

import uuid

import pytest

from campaigns.enums import DecisionKind, Role
from campaigns.models import Decision
from qualityseason.errors import Refused
from scoring.models import Deduction, RuleVersion, Supplement
from scoring.queries.rule_versions import standing_mark
from scoring.services.invariants import Checked, check_invariants
from scoring.services.ledger import confirm_deductions, record_deduction
from tests.at_once import at_once
from tests.factories import NOON, make_actor, make_deduction, make_draft
from tests.scoring.supplement_working import adopt, drafted, reprice


@pytest.fixture
def people(committed_season):
    return [make_actor(committed_season, Role.LEADERSHIP) for _number in range(3)]


@pytest.fixture
def team(committed_season):
    return [make_actor(committed_season, Role.ASSESSOR) for _number in range(2)]


def wrong():
    return [difference.sentence for difference in check_invariants(Checked()) if difference.department]


def test_two_drafts_of_one_rule_adopted_at_once_are_one_in_force_and_one_to_read_again(committed_season, people):
    office = make_actor(committed_season, Role.OFFICE)
    drafts = [drafted(committed_season, office, reprice(committed_season, "P1", price)) for price in ("0.80", "0.90")]
    marks = [standing_mark(draft) for draft in drafts]
    results = at_once(
        *(lambda i=i: adopt(drafts[i], people[i], standing=marks[i]) for i in range(2)),
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert [one.refusal_code for one in refused] == ["stale"]
    [adopted] = [one for one in results if isinstance(one, Supplement)]
    assert (adopted.number, RuleVersion.objects.filter(supplement__isnull=False).count()) == (1, 1)


def test_one_draft_adopted_by_three_at_once_is_adopted_once(committed_season, people):
    office = make_actor(committed_season, Role.OFFICE)
    draft = drafted(committed_season, office, reprice(committed_season, "P1", "0.80"))
    mark = standing_mark(draft)
    results = at_once(*(lambda by=by: adopt(draft, by, standing=mark) for by in people))
    assert sorted(type(one).__name__ for one in results) == ["Refused", "Refused", "Supplement"]
    assert Decision.objects.filter(kind=DecisionKind.SUPPLEMENT).count() == 1


def test_one_form_sent_three_times_at_once_is_one_adoption(committed_season, people):
    office = make_actor(committed_season, Role.OFFICE)
    draft = drafted(committed_season, office, reprice(committed_season, "P1", "0.80"))
    mark, key = standing_mark(draft), uuid.uuid4()
    results = at_once(*[lambda: adopt(draft, people[0], standing=mark, key=key)] * 3)
    assert results == [draft] * 3
    assert Decision.objects.filter(kind=DecisionKind.SUPPLEMENT).count() == 1


def test_lines_recorded_and_confirmed_while_adopting_have_one_price_each(committed_season, people, team):
    office = make_actor(committed_season, Role.OFFICE)
    places = ("图书馆", "基础部", "体育部")
    waiting = [make_deduction(committed_season, "P1", by=team[0], charged=place) for place in places]
    draft = drafted(committed_season, office, reprice(committed_season, "P1", "0.80"))
    mark = standing_mark(draft)
    drafts = [make_draft(committed_season, "P1", charged=place) for place in places]
    at_once(
        lambda: adopt(draft, people[0], standing=mark),
        *(lambda one=one: record_deduction(one, by=team[1], at=NOON) for one in drafts),
        *(lambda line=line: confirm_deductions([line], by=team[1], at=NOON) for line in waiting),
    )
    assert Supplement.objects.get().number == 1
    standing = Deduction.objects.standing()
    assert standing.count() == len(places) * 2
    assert {str(line.points) for line in standing.recorded()} <= {"0.80"}
    assert wrong() == []
