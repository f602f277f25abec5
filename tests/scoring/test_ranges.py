"""What open matters leave possible, against every combination of their outcomes written out."""

from decimal import Decimal
from itertools import product
from random import Random

import pytest

from scoring.calculations import ZERO, apply_tiers, ranks, score
from scoring.calculations.ranges import charged_range, line_of, next_better, place_ranges
from scoring.enums import Basis
from scoring.facts import RuleSum
from scoring.facts.outlook import Choice, Matter, Places, Range

CASES = 3_000
GROUPS = ("", "", "g", "g", "g", "h", "h")  # of the rules 0…6
STEP = Decimal("0.50")


# --- every combination, naively


def outcomes(matter):
    """Return what a matter may come to: the amounts it adds by rule, None for nothing."""
    return [*matter.choices, *([None] if matter.may_vanish else [])]


def charged_in_every_case(settled, matters):
    """Yield what a category is charged in each combination."""
    for chosen in product(*map(outcomes, matters)):
        added = [RuleSum(one.rule_id, one.rule_id, one.group, one.amount) for one in chosen if one is not None]
        sums = {}
        for item in [*settled, *added]:
            sums[item.rule_id] = sums.get(item.rule_id, ZERO) + item.amount
        yield apply_tiers([RuleSum(rule, rule, GROUPS[rule], amount) for rule, amount in sums.items()]).charged


def amounts(random):
    return STEP * random.randint(1, 8)


def some_matter(random):
    """Return a matter as the portal knows them; one that may not vanish lies outside groups."""
    kind = random.choice(("line", "appeal", "lighter", "replacement"))
    if kind == "replacement":
        rules = random.sample((0, 1), 2)
        return Matter(tuple(Choice(rule, "", amounts(random)) for rule in rules), may_vanish=False)
    rule = random.randrange(len(GROUPS))
    amount = amounts(random)
    choices = [Choice(rule, GROUPS[rule], amount)]
    if kind != "line":
        choices += [Choice(rule, GROUPS[rule], STEP * n) for n in range(1, int(amount / STEP))]
    if kind == "lighter":
        other = random.randrange(len(GROUPS))
        choices += [Choice(other, GROUPS[other], STEP * n) for n in range(1, int(amount / STEP)) if other != rule]
    return Matter(tuple(choices), may_vanish=True)


def some_category(random):
    """Return settled sums, at most three matters, full mark and benchmark."""
    rules = random.sample(range(len(GROUPS)), random.randint(0, 4))
    settled = [RuleSum(rule, rule, GROUPS[rule], amounts(random)) for rule in rules]
    matters = [some_matter(random) for _n in range(random.choice((0, 1, 1, 2, 3)))]
    return settled, matters, STEP * random.randint(2, 20), random.choice((ZERO, STEP, 3 * STEP))


def test_ranges_equal_every_combination_in_three_thousand_cases():
    random = Random(20091011)
    moved = 0
    for case in range(CASES):
        basis = random.choice((Basis.ABSOLUTE, Basis.BEST_IS_FULL))
        totals, reachable = [], []
        for _department in range(random.randint(1, 3)):
            least, most, every = ZERO, ZERO, {ZERO}
            for _category in range(random.randint(1, 2)):
                settled, matters, full, benchmark = some_category(random)
                charged = charged_range(settled, matters)
                all_charged = set(charged_in_every_case(settled, matters))
                assert (charged.least, charged.most) == (min(all_charged), max(all_charged)), (case, settled, matters)

                def mark(amount, full=full, benchmark=benchmark, basis=basis):
                    return score(full, amount, basis=basis, benchmark=benchmark)

                least, most = least + mark(charged.most), most + mark(charged.least)
                every = {one + mark(amount) for one in every for amount in all_charged}
            assert (least, most) == (min(every), max(every))
            totals.append(Range(least, most))
            reachable.append(sorted(every))
        found = [set() for _total in totals]
        for together in product(*reachable):
            for index, rank in enumerate(ranks(together)):
                found[index].add(rank)
        assert place_ranges(totals) == [Places(min(one), max(one)) for one in found]
        moved += any(len(one) > 1 for one in found)
    assert moved > CASES / 3  # the cases are worth something


# --- by hand


def test_range_without_matters_is_the_figure_itself():
    settled = [RuleSum(0, 0, "", Decimal(2)), RuleSum(2, 2, "g", Decimal(5)), RuleSum(3, 3, "g", Decimal(3))]
    assert charged_range(settled, []) == Range(Decimal(7), Decimal(7))


def test_reduction_to_a_rule_of_the_group_may_cost_more_than_the_line_it_lightens():
    settled = [RuleSum(3, 3, "g", Decimal(8))]
    matter = Matter((Choice(2, "g", Decimal(10)), Choice(3, "g", Decimal(5))), may_vanish=True)
    assert charged_range(settled, [matter]) == Range(Decimal(8), Decimal(13))


def test_line_in_a_group_that_another_outweighs_changes_nothing():
    settled = [RuleSum(2, 2, "g", Decimal(10))]
    assert charged_range(settled, [Matter((Choice(3, "g", Decimal(4)),), True)]) == Range(Decimal(10), Decimal(10))


def test_places_of_departments_that_share_a_total():
    same = Range(Decimal(90), Decimal(90))
    assert place_ranges([same, same, Range(Decimal(85), Decimal(95))]) == [Places(1, 2), Places(1, 2), Places(1, 3)]
    assert place_ranges([]) == []


def test_next_better_total_and_the_line_of_a_number_of_places():
    totals = [Decimal(95), Decimal(90), Decimal(95), Decimal(80)]
    assert next_better(totals) == [None, Decimal(5), None, Decimal(10)]
    assert [line_of(totals, number) for number in (0, 1, 2, 3, 9)] == [None, 95, 95, 90, 80]
    assert line_of([], 3) is None


class Counted(tuple):
    """Choices that count how often each of them is looked at."""

    looks = 0

    def __iter__(self):
        for one in super().__iter__():
            Counted.looks += 1
            yield one


def looks(number):
    """Return how many choices are looked at for so many matters."""
    Counted.looks = 0
    matters = [
        Matter(Counted((Choice(n % 7, GROUPS[n % 7], STEP), Choice((n + 1) % 7, GROUPS[(n + 1) % 7], STEP))), True)
        for n in range(number)
    ]
    charged_range([], matters)
    return Counted.looks


@pytest.mark.parametrize("number", [70, 700])
def test_work_grows_with_the_number_of_matters_alone(number):
    assert looks(2 * number) == 2 * looks(number)
    assert looks(number) < 30 * number
