"""Means, spread, ranks and prizes of the plan contest: literals by hand, and what must hold for any figures."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.calculations.contest import (
    Decided,
    Placing,
    Prize,
    entry_mean,
    hundredths,
    judge_mean,
    place,
    prize_at,
    spread,
)

PRIZES = (Prize("一等奖", 1), Prize("二等奖", 2), Prize("三等奖", 3))


def means(**values):
    return {name: Decimal(value) for name, value in values.items()}


def placed(outcome):
    return {key: (placing.rank, placing.prize) for key, placing in outcome.placings.items()}


# --- figures


def test_entry_mean_is_the_mean_of_the_judges_means():
    # (90 + 80 + 85) / 3 = 85; (70 + 75 + 71) / 3 = 72; together 78.50
    assert entry_mean([(90, 80, 85), (70, 75, 71)]) == Decimal("78.50")


def test_entry_mean_weighs_judges_alike_whatever_they_gave():
    # 100/3 and 200/3: each judge's mean unrounded, (33.333… + 66.666…) / 2 = 50 exactly
    assert entry_mean([(100, 0, 0), (100, 100, 0)]) == Decimal("50.00")


def test_entry_mean_is_rounded_half_up_only_at_the_end():
    # (85.333… + 85.666… + 86) / 3 = 85.666… → 85.67
    assert entry_mean([(85, 85, 86), (85, 86, 86), (86, 86, 86)]) == Decimal("85.67")
    # two criteria, four judges: (1 + 0 + 0 + 0) / 8 = 0.125 → 0.13, a banker would say 0.12
    assert entry_mean([(1, 0), (0, 0), (0, 0), (0, 0)]) == Decimal("0.13")


def test_entry_mean_without_ballots_is_none_and_not_zero():
    assert entry_mean([]) is None
    assert entry_mean([(0, 0, 0)]) == Decimal("0.00")


def test_spread_is_highest_less_lowest_judge():
    # 91.666… − 60.333… = 31.333…
    assert spread([(95, 90, 90), (60, 60, 61), (80, 80, 80)]) == Decimal("31.33")
    assert spread([(95, 90, 90)]) is None
    assert spread([]) is None


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(Fraction(1, 200), "0.01"), (Fraction(1, 201), "0.00"), (Fraction(100), "100.00"), (Fraction(257, 3), "85.67")],
)
def test_hundredths(exact, shown):
    assert str(hundredths(exact)) == shown


# --- prizes


def test_prizes_by_counts():
    outcome = place(means(a="95", b="90", c="85", d="80", e="75", f="70", g="65"), PRIZES)
    assert placed(outcome) == {
        "a": (1, "一等奖"),
        "b": (2, "二等奖"),
        "c": (3, "二等奖"),
        "d": (4, "三等奖"),
        "e": (5, "三等奖"),
        "f": (6, "三等奖"),
        "g": (7, ""),
    }
    assert outcome.ties == ()


def test_tie_inside_one_class_shares_rank_and_prize():
    outcome = place(means(a="95", b="90", c="90", d="80"), PRIZES)
    assert placed(outcome) == {"a": (1, "一等奖"), "b": (2, "二等奖"), "c": (2, "二等奖"), "d": (4, "三等奖")}
    assert outcome.ties == ()


def test_tie_below_all_prizes_needs_nobody():
    outcome = place(means(a="9", b="8", c="7", d="6", e="5", f="4", g="3", h="3"), PRIZES)
    assert (outcome.placings["g"], outcome.placings["h"], outcome.ties) == (Placing(7, ""), Placing(7, ""), ())


def test_tie_across_a_line_waits():
    outcome = place(means(a="95", b="90", c="85", d="85", e="70"), PRIZES)
    assert placed(outcome) == {
        "a": (1, "一等奖"),
        "b": (2, "二等奖"),
        "c": (3, None),
        "d": (3, None),
        "e": (5, "三等奖"),
    }
    (tie,) = outcome.open_ties
    assert (tie.entries, tie.rank, tie.prizes) == (("c", "d"), 3, ("二等奖", "三等奖"))


def test_tie_across_the_last_line_is_for_a_prize_or_none():
    outcome = place(means(a="9", b="8", c="7", d="6", e="5", f="4", g="4"), PRIZES)
    assert outcome.open_ties[0].prizes == ("三等奖", "")
    assert outcome.placings["g"] == Placing(6, None)


def test_tie_of_all_spans_every_prize():
    outcome = place({key: Decimal("80.00") for key in range(7)}, PRIZES)
    assert outcome.open_ties[0].prizes == ("一等奖", "二等奖", "三等奖", "")


def test_decision_gives_each_its_rank_and_prize():
    scores = means(a="95", b="90", c="85", d="85", e="70")
    outcome = place(scores, PRIZES, [Decided(("d", "c"), 3, Decimal("85"))])
    assert (outcome.placings["d"], outcome.placings["c"]) == (Placing(3, "二等奖"), Placing(4, "三等奖"))
    assert outcome.open_ties == ()
    assert outcome.ties[0].order == ("d", "c")


@pytest.mark.parametrize(
    "decided",
    [
        Decided(("d",), 3, Decimal("85")),  # not all of them
        Decided(("d", "c", "e"), 3, Decimal("85")),  # more than are tied
        Decided(("d", "c"), 2, Decimal("85")),  # at another rank
        Decided(("d", "c"), 3, Decimal("84.99")),  # with another mean
        Decided(("b", "c"), 3, Decimal("85")),
    ],
)
def test_decision_about_another_tie_settles_nothing(decided):
    outcome = place(means(a="95", b="90", c="85", d="85", e="70"), PRIZES, [decided])
    assert outcome.placings["c"] == Placing(3, None)


def test_of_two_decisions_the_later_holds():
    both = [Decided(("d", "c"), 3, Decimal("85")), Decided(("c", "d"), 3, Decimal("85"))]
    outcome = place(means(a="95", b="90", c="85", d="85"), PRIZES, both)
    assert outcome.placings["c"] == Placing(3, "二等奖")


def test_fewer_plans_than_prizes():
    assert placed(place(means(a="1", b="2"), PRIZES)) == {"a": (2, "二等奖"), "b": (1, "一等奖")}
    assert place({}, PRIZES).placings == {}
    assert placed(place(means(a="1"), ())) == {"a": (1, "")}


def test_prize_at_counts_through_the_classes():
    assert [prize_at(position, PRIZES) for position in range(1, 8)] == [
        "一等奖", "二等奖", "二等奖", "三等奖", "三等奖", "三等奖", ""
    ]  # fmt: skip
    assert prize_at(1, (Prize("空", 0), Prize("云杯", 2))) == "云杯"


# --- what holds for any figures


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # figures count, not the machine

SCORES = st.dictionaries(st.integers(0, 30), st.integers(0, 12).map(Decimal), max_size=15)
COUNTS = st.lists(st.integers(0, 4), max_size=4).map(
    lambda counts: tuple(Prize(f"prize {number}", count) for number, count in enumerate(counts))
)


def level(prize, prizes):
    """Return how good a prize is: 0 the best, one below all prizes for none."""
    return [each.name for each in prizes].index(prize) if prize else len(prizes)


@unhurried
@given(SCORES, COUNTS)
def test_never_more_prizes_than_there_are(scores, prizes):
    given_away = [placing.prize for placing in place(scores, prizes).placings.values()]
    assert all(given_away.count(prize.name) <= prize.count for prize in prizes)


@unhurried
@given(SCORES, COUNTS)
def test_better_score_never_gets_a_worse_rank_or_prize(scores, prizes):
    placings = place(scores, prizes).placings
    for better in scores:
        for worse in scores:
            if scores[better] > scores[worse]:
                first, second = placings[better], placings[worse]
                assert first.rank < second.rank
                if first.prize is not None and second.prize is not None:
                    assert level(first.prize, prizes) <= level(second.prize, prizes)
            if scores[better] == scores[worse]:
                assert placings[better] == placings[worse]


@unhurried
@given(SCORES, COUNTS)
def test_tie_is_found_where_and_only_where_a_line_runs_through_it(scores, prizes):
    outcome = place(scores, prizes)
    for mean in set(scores.values()):
        tied = {key for key in scores if scores[key] == mean}
        above = sum(1 for key in scores if scores[key] > mean)
        classes = {prize_at(above + place + 1, prizes) for place in range(len(tied))}
        found = [tie for tie in outcome.ties if tie.mean == mean]
        assert [set(tie.entries) for tie in found] == ([tied] if len(classes) > 1 else [])


@unhurried
@given(SCORES, COUNTS, st.randoms(use_true_random=False))
def test_deciding_every_tie_fills_every_prize_there_are_plans_for(scores, prizes, random):
    decided = []
    for tie in place(scores, prizes).ties:
        order = list(tie.entries)
        random.shuffle(order)
        decided.append(Decided(tuple(order), tie.rank, tie.mean))
    outcome = place(scores, prizes, decided)
    assert outcome.open_ties == ()
    assert sorted((placing.prize for placing in outcome.placings.values()), key=lambda prize: level(prize, prizes)) == [
        prize_at(position, prizes) for position in range(1, len(scores) + 1)
    ]


@unhurried
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=9))
def test_mean_lies_between_the_judges_and_is_within_half_a_hundredth(ballots):
    exact = sum((judge_mean(points) for points in ballots), Fraction(0)) / len(ballots)
    shown = entry_mean(ballots)
    assert shown == shown.quantize(Decimal("0.01"))
    assert abs(Fraction(shown) - exact) <= Fraction(1, 200)
    assert Fraction(shown) - exact > -Fraction(1, 200)  # half goes up
