"""The figures of decisions: what open matters could still change, and freezing a result."""

from collections.abc import Callable
from decimal import Decimal
from random import Random

from scoring.calculations.ranges import charged_range
from scoring.facts import RuleSum
from scoring.facts.outlook import Choice, Matter
from scoring.queries.results import freeze, load_result
from tests.benchmarks.data import Store, after_the_facts
from tests.benchmarks.measure import Row, compare, row
from tests.benchmarks.portals import Portal

FEW = 100  # times as many matters on the other side
LINEAR = 1.25  # times as long per matter
FREEZING = 2.5  # times as long as reading what is frozen
RULES = [RuleSum(1, 1, "held", Decimal(5)), RuleSum(2, 2, "held", Decimal(7)), RuleSum(3, 3, "", Decimal(1))]


def measure_decisions(store: Store) -> list[Row]:
    """Measure ranges over many open matters against few, and freezing a result against reading it."""
    many = store.sizes.lines // 5
    few = max(1, many // FEW)
    pair = compare(_ranges(many), _repeated(_ranges(few), many // few), rounds=store.sizes.rounds // 2 or 3)
    portal = store.portal(store.college, lines=store.sizes.few_lines)
    frozen = compare(_freezing(portal), _reading(portal), rounds=store.sizes.rounds // 2 or 3)
    return [
        row(f"ranges over {many:,} open matters", f"{FEW} times those over {few:,}", pair, LINEAR),
        row(
            f"freezing a result of {store.sizes.few_lines:,} deductions as canonical JSON",
            "reading the same result",
            frozen,
            FREEZING,
        ),
    ]


def _ranges(number: int) -> Callable[[], None]:
    """Return the work of finding the range over so many matters, a third of them in an exclusive group."""
    chance = Random(number)  # the same every time, no secret
    matters = [
        Matter((Choice(kind, "held" if kind < 3 else "", Decimal(chance.randrange(1, 9))),), may_vanish=True)
        for kind in chance.choices((1, 2, 3), (1, 1, 4), k=number)
    ]

    def work() -> None:
        charged_range(RULES, matters)

    return work


def _repeated(work: Callable[[], None], times: int) -> Callable[[], None]:
    def again() -> None:
        for _time in range(times):
            work()

    return again


def _reading(portal: Portal) -> Callable[[], None]:
    campaign = portal.campaign()

    def work() -> None:
        portal.use()
        load_result(campaign, at=after_the_facts(campaign))

    return work


def _freezing(portal: Portal) -> Callable[[], None]:
    campaign = portal.campaign()

    def work() -> None:
        portal.use()
        freeze(load_result(campaign, at=after_the_facts(campaign)))

    return work
