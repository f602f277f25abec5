"""Naming the fullest mark: what is frozen, what it supersedes, who may, what it would change."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import DecisionKind, Role
from campaigns.models import Decision, Interest
from qualityseason.errors import ConflictOfInterest
from qualityseason.models import AuditEntry, User
from scoring.enums import Basis
from scoring.models import Benchmark, Rulebook
from scoring.queries.benchmarks import load_benchmarks
from scoring.queries.ranking import load_ranking
from scoring.queries.what_if import what_if_basis, what_if_benchmark
from scoring.services.benchmarks import decide_basis, name_benchmark
from tests.at_once import at_once
from tests.factories import NOON, department, make_actor
from tests.scoring.decision_working import benchmark_draft, name, place, refusal, said
from tests.scoring.reading import Pair

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


def total_of(season, who):
    return next(row for block in load_ranking(season).blocks for row in block.rows if row.department == who).total


def moves_of(blocks, who):
    return next(row for block in blocks for row in block.rows if row.department == who)


# --- naming


def test_named_with_the_amount_deducted_at_that_moment(season, pair, lead):
    pair.charge("S1a")
    pair.record("S1b")  # waits for confirmation: not in the figure
    made = name(season, by=lead)
    assert (made.amount, made.department.name, made.named_at) == (Decimal("1.00"), "图书馆", NOON)
    entry = AuditEntry.objects.get(act="benchmark.name")
    assert (entry.object_id, entry.before, entry.after["amount"]) == (str(made.uuid), None, "1.00")


def test_later_one_supersedes_and_both_are_kept(season, pair, lead):
    pair.charge("S1a")
    first = name(season, by=lead)
    second = name(season, "体育部", by=lead, at=LATER)
    first.refresh_from_db()
    assert (first.superseded_at, first.amount, second.superseded_at) == (LATER, Decimal("1.00"), None)
    found = next(one for one in load_benchmarks(lead, season).places if one.standing)
    assert (found.standing.uuid, [one.uuid for one in found.earlier]) == (second.uuid, [first.uuid])
    assert Benchmark.objects.standing().count() == 1


def test_amount_stays_frozen_and_the_page_warns_with_both_figures(season, pair, lead):
    pair.charge("S1a")
    name(season, by=lead)
    assert load_benchmarks(lead, season).moved == ()
    pair.charge("S1b")
    (moved,) = load_benchmarks(lead, season).moved
    assert (moved.standing.amount, moved.standing.now) == (Decimal("1.00"), Decimal("1.50"))
    again = name(season, by=lead, at=LATER)
    assert (again.amount, load_benchmarks(lead, season).moved) == (Decimal("1.50"), ())


def test_sent_twice_is_named_once_and_with_other_words_refused(season, lead):
    draft = benchmark_draft(season)
    first = name_benchmark(season, draft, by=lead, at=NOON)
    assert name_benchmark(season, draft, by=lead, at=LATER) == first
    assert refusal(name_benchmark, season, replace(draft, reason="别的理由"), by=lead, at=NOON) == "reused"
    other = make_actor(season, Role.TEAM_LEAD)
    assert refusal(name_benchmark, season, draft, by=other, at=NOON) == "reused"
    assert Benchmark.objects.count() == 1


def test_refused_where_the_figure_or_the_benchmark_moved_meanwhile(season, pair, lead):
    draft = benchmark_draft(season)
    pair.charge("S1a")
    assert refusal(name_benchmark, season, draft, by=lead, at=NOON) == "moved"
    stale = benchmark_draft(season)
    standing = name(season, "体育部", by=lead)
    assert refusal(name_benchmark, season, stale, by=lead, at=NOON) == "stale"
    assert list(Benchmark.objects.standing()) == [standing]


@pytest.mark.parametrize(("values", "code"), [({"reason": " "}, "empty"), ({"reason": "长" * 1001}, "long")])
def test_refused_without_a_reason_or_with_too_long_a_one(season, lead, values, code):
    assert refusal(name_benchmark, season, benchmark_draft(season, **values), by=lead, at=NOON) == code


def test_refused_for_a_department_of_another_block_and_for_what_stands_already(season, lead):
    elsewhere = replace(benchmark_draft(season), department=department(season, "工会"))
    assert refusal(name_benchmark, season, elsewhere, by=lead, at=NOON) == "other_block"
    name(season, by=lead)
    assert refusal(name_benchmark, season, benchmark_draft(season), by=lead, at=NOON) == "same"


def test_refused_for_a_category_of_another_season(season, other_season, lead):
    _block, category = place(season)
    foreign = other_season.categories.first()
    draft = replace(benchmark_draft(season), category=foreign)
    assert refusal(name_benchmark, season, draft, by=lead, at=NOON) == "other_block"
    assert category.campaign_id == season.pk


def test_nobody_names_a_department_of_own_interest(season, lead):
    Interest.objects.create(
        campaign=season, user_id=lead.user_id, department=department(season), reason="亲属", starts_on=season.facts_from
    )
    interested = replace(lead, interests=frozenset({department(season).pk}))
    with pytest.raises(ConflictOfInterest):
        name_benchmark(season, benchmark_draft(season), by=interested, at=NOON)
    assert name(season, "体育部", by=interested).department.name == "体育部"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.LEADERSHIP])
def test_only_the_head_of_the_team_names(season, role):
    with pytest.raises(PermissionDenied):
        name_benchmark(season, benchmark_draft(season), by=make_actor(season, role), at=NOON)


def test_named_twice_at_once_stands_once(committed_season):
    leads = [make_actor(committed_season, Role.TEAM_LEAD) for _number in range(4)]
    drafts = [benchmark_draft(committed_season, who) for who in ("图书馆", "体育部", "基础部", "实训中心")]
    results = at_once(
        *(
            lambda draft=draft, by=by: name_benchmark(committed_season, draft, by=by, at=NOON)
            for draft, by in zip(drafts, leads, strict=True)
        )
    )
    assert [type(result).__name__ for result in results].count("Benchmark") == 1
    assert {getattr(result, "refusal_code", "") for result in results} == {"", "stale"}
    assert Benchmark.objects.standing().count() == 1


# --- what it would change


def test_what_if_gives_back_the_benchmark_in_its_block_alone(season, pair):
    pair.charge("S1a")  # 图书馆 loses 1.00
    pair.charge("S1a", charged="体育部")
    pair.charge("S1b", charged="体育部")
    pair.charge("S1a", charged="工会")
    block, category = place(season)
    moves = what_if_benchmark(season, block_id=block.pk, category_id=category.pk, amount=Decimal("1.00"))
    library, sport, union = (moves_of(moves, who) for who in ("图书馆", "体育部", "工会"))
    assert (library.total, library.new_total, library.new_rank) == (Decimal("99.00"), Decimal("100.00"), 1)
    assert (sport.total, sport.new_total) == (Decimal("98.50"), Decimal("99.50"))
    assert (union.total, union.new_total) == (Decimal("99.00"), Decimal("99.00"))
    assert (library.up, library.down, library.moves) == (8, 0, True)


def test_what_if_foretells_the_ranking_to_the_hundredth(season, pair, lead, leader):
    pair.charge("S1a")
    pair.charge("P2", charged="体育部", quantity=2)
    name(season, by=lead)
    name(season, "体育部", category="plan", by=lead)
    foretold = what_if_basis(season, Basis.BEST_IS_FULL)
    decide_basis(season, said(season, leader), basis=Basis.BEST_IS_FULL, by=leader, at=NOON)
    now = {row.uuid: (row.rank, row.total) for block in load_ranking(season).blocks for row in block.rows}
    assert {row.uuid: (row.new_rank, row.new_total) for block in foretold for row in block.rows} == now


def test_what_if_asks_the_same_queries_at_any_size(season, pair, django_assert_num_queries):
    block, category = place(season)
    with django_assert_num_queries(11):
        what_if_benchmark(season, block_id=block.pk, category_id=category.pk, amount=Decimal("1.00"))
    for who in ("图书馆", "体育部", "基础部"):
        pair.charge("S1a", charged=who)
    with django_assert_num_queries(11):
        what_if_benchmark(season, block_id=block.pk, category_id=category.pk, amount=Decimal("1.00"))


# --- the basis


def test_basis_decided_changes_scores_and_back_again(season, pair, lead, leader):
    pair.charge("S1a")
    name(season, by=lead)
    assert total_of(season, "图书馆") == Decimal("99.00")
    first = decide_basis(season, said(season, leader), basis=Basis.BEST_IS_FULL, by=leader, at=NOON)
    assert (first.kind, first.data) == (DecisionKind.BASIS, {"basis": "best_is_full"})
    assert total_of(season, "图书馆") == Decimal("100.00")
    draft = said(season, leader, standing=first.uuid)
    decide_basis(season, draft, basis=Basis.ABSOLUTE, by=leader, at=NOON)
    assert (total_of(season, "图书馆"), Decision.objects.count()) == (Decimal("99.00"), 2)


def test_first_sending_again_does_not_turn_the_basis_back(season, leader):
    draft = said(season, leader)
    first = decide_basis(season, draft, basis=Basis.BEST_IS_FULL, by=leader, at=NOON)
    back = said(season, leader, standing=first.uuid)
    decide_basis(season, back, basis=Basis.ABSOLUTE, by=leader, at=NOON)
    assert decide_basis(season, draft, basis=Basis.BEST_IS_FULL, by=leader, at=NOON) == first
    assert Rulebook.objects.get(campaign=season).basis == Basis.ABSOLUTE


@pytest.mark.parametrize(("basis", "code"), [(Basis.ABSOLUTE, "same"), ("half", "unknown")])
def test_basis_refused_where_it_is_in_force_or_none(season, leader, basis, code):
    assert refusal(decide_basis, season, said(season, leader), basis=basis, by=leader, at=NOON) == code


def test_head_of_the_team_does_not_decide_the_basis(season, lead):
    with pytest.raises(PermissionDenied):
        decide_basis(season, said(season, lead), basis=Basis.BEST_IS_FULL, by=lead, at=NOON)


def test_names_are_for_who_sees_names(season, lead, leader):
    name(season, by=lead)
    shown = [
        next(one.standing for one in load_benchmarks(who, season).places if one.standing) for who in (lead, leader)
    ]
    assert [one.named_by for one in shown] == [User.objects.get(pk=lead.user_id).display_name, ""]
