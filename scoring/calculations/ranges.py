"""What open matters leave possible: the least and most a category is charged, the best and worst rank.

Nothing is enumerated: the work grows with the number of matters, not with that of their combinations.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product

from scoring.calculations import ZERO
from scoring.facts import RuleSum
from scoring.facts.outlook import Choice, Matter, Places, Range

Sums = dict[str, dict[int, Decimal]]  # by exclusive group: what each of its rules comes to
Heads = Mapping[str, int]  # by exclusive group: the rule that counts


def charged_range(settled: Iterable[RuleSum], matters: Sequence[Matter]) -> Range:
    """Return the least and most that one category of a department can be charged, after tiers.

    Matters are independent of each other. Exact, as long as each matter with a choice in an exclusive group may vanish:
    the loader of a rulebook sees to it. Else `least` lies too low, never too high.
    """
    plain, sums = _split(settled)
    least = plain + _heaviest(sums) + sum((_least_of(matter) for matter in matters), ZERO)
    return Range(least, plain + _most(sums, matters))


def place_ranges(totals: Sequence[Range]) -> list[Places]:
    """Return the best and worst rank of each in its block, where equal totals share a rank.

    At best it reaches its most while all others come to their least, at worst the other way round: departments don't
    depend on each other.
    """
    lows, highs = sorted(total.least for total in totals), sorted(total.most for total in totals)
    found = []
    for total in totals:
        better_at_best = len(lows) - bisect_right(lows, total.most)
        better_at_worst = len(highs) - bisect_right(highs, total.least) - (total.most > total.least)
        found.append(Places(1 + better_at_best, 1 + better_at_worst))
    return found


def next_better(totals: Sequence[Decimal]) -> list[Decimal | None]:
    """Return for each total by how much the next better one exceeds it, None for the best."""
    ordered = sorted(totals)
    found: list[Decimal | None] = []
    for total in totals:
        place = bisect_right(ordered, total)
        found.append(ordered[place] - total if place < len(ordered) else None)
    return found


def line_of(totals: Sequence[Decimal], number: int) -> Decimal | None:
    """Return the total of the last place among the first `number` (who has as much is in), None without any."""
    ordered = sorted(totals, reverse=True)
    return ordered[min(number, len(ordered)) - 1] if ordered and number > 0 else None


def _split(settled: Iterable[RuleSum]) -> tuple[Decimal, Sums]:
    plain = ZERO
    sums: Sums = defaultdict(lambda: defaultdict(lambda: ZERO))
    for item in settled:
        if item.group:
            sums[item.group][item.rule_id] += item.amount
        else:
            plain += item.amount
    return plain, sums


def _heaviest(sums: Sums) -> Decimal:
    return sum((max(rules.values(), default=ZERO) for rules in sums.values()), ZERO)


def _least_of(matter: Matter) -> Decimal:
    if matter.may_vanish:
        return ZERO
    return min((ZERO if choice.group else choice.amount for choice in matter.choices), default=ZERO)


def _most(sums: Sums, matters: Sequence[Matter]) -> Decimal:
    """Return the most that groups and matters come to.

    The heaviest rule of each group is tried in turn; once it is chosen the matters no longer depend on each other.
    Groups that no matter joins are tried on their own.
    """
    of_groups: dict[frozenset[str], list[Matter]] = defaultdict(list)
    for matter in matters:
        of_groups[frozenset(choice.group for choice in matter.choices if choice.group)].append(matter)
    most = sum((_worth(matter, {}) for matter in of_groups.pop(frozenset(), [])), ZERO)
    clusters = _joined(of_groups)
    for groups, joined in clusters:
        rules = {group: _rules_of(group, sums, joined) for group in sorted(groups)}
        most += max(_weight(dict(zip(rules, heads, strict=True)), sums, joined) for heads in product(*rules.values()))
    touched = {group for groups, _matters in clusters for group in groups}
    return most + _heaviest({group: rules for group, rules in sums.items() if group not in touched})


def _joined(of_groups: Mapping[frozenset[str], list[Matter]]) -> list[tuple[set[str], list[Matter]]]:
    clusters: list[tuple[set[str], list[Matter]]] = []
    for groups, matters in of_groups.items():
        mine, ours = set(groups), list(matters)
        apart = []
        for cluster in clusters:
            if mine.isdisjoint(cluster[0]):
                apart.append(cluster)
            else:
                mine |= cluster[0]
                ours += cluster[1]
        clusters = [*apart, (mine, ours)]
    return clusters


def _rules_of(group: str, sums: Sums, matters: Sequence[Matter]) -> list[int]:
    met = {choice.rule_id for matter in matters for choice in matter.choices if choice.group == group}
    return sorted(met | sums.get(group, {}).keys())


def _weight(heads: Heads, sums: Sums, matters: Sequence[Matter]) -> Decimal:
    settled = sum((sums[group].get(rule, ZERO) for group, rule in heads.items() if group in sums), ZERO)
    return settled + sum((_worth(matter, heads) for matter in matters), ZERO)


def _worth(matter: Matter, heads: Heads) -> Decimal:
    return max((_counted(choice, heads) for choice in matter.choices), default=ZERO)


def _counted(choice: Choice, heads: Heads) -> Decimal:
    return choice.amount if not choice.group or heads[choice.group] == choice.rule_id else ZERO
