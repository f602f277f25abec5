from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calculations import ZERO, apply_tiers, floor_excess, ranks, score
from scoring.enums import Basis
from scoring.facts import RuleSum, TierResult

POINTS = st.integers(0, 20_000).map(lambda hundredths: Decimal(hundredths) / 100)
TOTALS = st.lists(POINTS, max_size=40)
SUMS = st.lists(st.tuples(st.sampled_from(["", "", "x", "y"]), POINTS), max_size=12).map(
    lambda pairs: [RuleSum(number, number, group, amount) for number, (group, amount) in enumerate(pairs, start=1)]
)


def points(text):
    return Decimal(text)


def test_apply_tiers_of_nothing_is_nothing():
    assert apply_tiers([]) == TierResult(ZERO, ZERO, frozenset())


def test_apply_tiers_without_groups_counts_everything():
    sums = [RuleSum(1, 1, "", points("1.00")), RuleSum(2, 2, "", points("0.50"))]
    assert apply_tiers(sums) == TierResult(points("1.50"), ZERO, frozenset({1, 2}))


def test_apply_tiers_counts_the_heaviest_of_a_group_and_absorbs_the_rest():
    sums = [
        RuleSum(1, 1, "", points("0.50")),
        RuleSum(4, 4, "S3S4", points("5.00")),
        RuleSum(5, 5, "S3S4", points("10.00")),
        RuleSum(6, 6, "S3S4", points("7.00")),
    ]
    assert apply_tiers(sums) == TierResult(points("10.50"), points("12.00"), frozenset({1, 5}))


def test_apply_tiers_of_equal_weight_counts_the_first_as_printed():
    sums = [RuleSum(9, 2, "g", points("3.00")), RuleSum(4, 1, "g", points("3.00"))]
    assert apply_tiers(sums) == TierResult(points("3.00"), points("3.00"), frozenset({4}))


def test_apply_tiers_keeps_groups_apart():
    sums = [RuleSum(1, 1, "g", points("3.00")), RuleSum(2, 2, "h", points("2.00"))]
    assert apply_tiers(sums) == TierResult(points("5.00"), ZERO, frozenset({1, 2}))


@pytest.mark.parametrize(
    ("full", "charged", "kept", "excess"),
    [
        ("10.00", "0.00", "10.00", "0.00"),
        ("10.00", "0.10", "9.90", "0.00"),
        ("10.00", "10.00", "0.00", "0.00"),
        ("10.00", "10.01", "0.00", "0.01"),
        ("70.00", "134.50", "0.00", "64.50"),
    ],
)
def test_score_never_falls_below_zero(full, charged, kept, excess):
    assert score(points(full), points(charged)) == points(kept)
    assert floor_excess(points(full), points(charged)) == points(excess)


@pytest.mark.parametrize(
    ("charged", "benchmark", "kept"),
    [
        ("0.00", "1.50", "20.00"),
        ("1.50", "1.50", "20.00"),
        ("4.00", "1.50", "17.50"),
        ("21.50", "1.50", "0.00"),
        ("30.00", "1.50", "0.00"),
    ],
)
def test_score_of_the_best_case_deducts_what_exceeds_the_benchmark(charged, benchmark, kept):
    given_ = {"basis": Basis.BEST_IS_FULL, "benchmark": points(benchmark)}
    assert score(points("20.00"), points(charged), **given_) == points(kept)


def test_score_on_the_absolute_basis_heeds_no_benchmark():
    assert score(points("20.00"), points("4.00"), basis=Basis.ABSOLUTE, benchmark=points("1.50")) == points("16.00")


@pytest.mark.parametrize(
    ("totals", "places"),
    [
        ([], []),
        (["88.00"], [1]),
        (["90.00", "95.00", "90.00", "80.00"], [2, 1, 2, 4]),
        (["100.00", "100.00", "100.00"], [1, 1, 1]),
        (["70.00", "70.00", "60.00", "60.00", "50.00"], [1, 1, 3, 3, 5]),
    ],
)
def test_ranks_share_a_place_for_equal_totals(totals, places):
    assert ranks([points(total) for total in totals]) == places


@given(SUMS)
def test_tiers_neither_lose_nor_invent_points(sums):
    result = apply_tiers(sums)
    assert result.charged + result.absorbed == sum((item.amount for item in sums), ZERO)
    assert result.charged == sum((item.amount for item in sums if item.rule_id in result.counting), ZERO)


@given(SUMS)
def test_tiers_count_one_rule_of_each_group_and_none_heavier(sums):
    counting = apply_tiers(sums).counting
    for group in {item.group for item in sums if item.group}:
        members = [item for item in sums if item.group == group]
        chosen = [item for item in members if item.rule_id in counting]
        assert [item.amount for item in chosen] == [max(item.amount for item in members)]


@given(SUMS, st.randoms(use_true_random=False))
def test_tiers_do_not_depend_on_the_order_of_the_sums(sums, random):
    shuffled = list(sums)
    random.shuffle(shuffled)
    assert apply_tiers(shuffled) == apply_tiers(sums)


@given(POINTS.filter(bool), POINTS, POINTS)
def test_score_stays_within_the_full_mark_and_falls_with_every_point(full, charged, more):
    kept = score(full, charged)
    assert ZERO <= kept <= full
    assert score(full, charged + more) <= kept
    assert kept == full - charged + floor_excess(full, charged)


@given(POINTS.filter(bool), POINTS, POINTS)
def test_best_case_is_never_worse_than_the_absolute_score(full, charged, benchmark):
    best = score(full, charged, basis=Basis.BEST_IS_FULL, benchmark=benchmark)
    assert score(full, charged) <= best <= full


@given(TOTALS)
def test_rank_is_one_more_than_how_many_are_better(totals):
    assert ranks(totals) == [1 + sum(other > total for other in totals) for total in totals]
