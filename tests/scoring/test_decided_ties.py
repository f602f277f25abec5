"""Ranks where a tie was decided, and scores where the best case counts as full mark."""

from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.enums import DecisionKind, Role
from campaigns.models import Decision
from scoring.calculations import places, ranks
from scoring.enums import Basis
from scoring.models import Benchmark, Category, Rulebook
from scoring.queries.ranking import load_ranking
from scoring.queries.reading import load_reading
from scoring.queries.statement import load_statement
from tests.factories import NOON, department, make_actor, make_user
from tests.scoring.reading import Pair

A, B, C, D = (UUID(int=number) for number in range(1, 5))
TWO = [Decimal("98.00"), Decimal("97.00"), Decimal("97.00"), Decimal("96.00")]


def test_tie_that_was_decided_follows_the_decision():
    decided = {(frozenset({B, C}), Decimal("97.00")): (C, B)}
    assert places([A, B, C, D], TWO, decided={}) == [1, 2, 2, 4]
    assert places([A, B, C, D], TWO, decided=decided) == [1, 3, 2, 4]


@pytest.mark.parametrize(
    "totals",
    [
        ["98.00", "97.00", "97.01", "96.00"],  # no tie any more
        ["97.00", "97.00", "97.00", "96.00"],  # a third came in
        ["98.00", "96.50", "96.50", "96.00"],  # the same two at another total
    ],
)
def test_decision_is_void_once_the_tie_is_another(totals):
    found = [Decimal(total) for total in totals]
    decided = {(frozenset({B, C}), Decimal("97.00")): (C, B)}
    assert places([A, B, C, D], found, decided=decided) == ranks(found)


@given(st.lists(st.sampled_from([90, 91, 92, 93]), min_size=1, max_size=7), st.randoms())
def test_every_decided_tie_gives_each_a_place_of_its_own(totals, random):
    keys = [uuid4() for _total in totals]
    points = [Decimal(total) for total in totals]
    decided = {}
    for total in set(points):
        members = [key for key, one in zip(keys, points, strict=True) if one == total]
        random.shuffle(members)
        decided[frozenset(members), total] = tuple(members)
    found = places(keys, points, decided=decided)
    assert sorted(found) == list(range(1, len(totals) + 1))
    in_order = [points[index] for index in sorted(range(len(points)), key=found.__getitem__)]
    assert in_order == sorted(points, reverse=True)


def decide(season, block, total, *names):
    order = [str(department(season, name).uuid) for name in names]
    return Decision.objects.create(
        campaign=season,
        kind=DecisionKind.RANK_TIE,
        decided_on=date(2009, 12, 20),
        present="甲",
        text="并列",
        data={"block": block, "total": total, "order": order},
        recorded_by=make_user("decider"),
        recorded_at=NOON,
    )


def test_ranking_follows_the_recorded_decision_and_says_so(season):
    pair = Pair(season)
    for name in ("图书馆", "体育部"):
        pair.charge("P2", charged=name)
    decide(season, "B", "99.00", "体育部", "图书馆")
    block = next(one for one in load_ranking(season).blocks if one.code == "B")
    assert [(row.rank, row.department) for row in block.rows[-2:]] == [(9, "体育部"), (10, "图书馆")]
    assert [(str(tie.total), tie.decided_on) for tie in block.ties] == [("99.00", date(2009, 12, 20))]
    pair.charge("P2", charged="图书馆", quantity=2)
    block = next(one for one in load_ranking(season).blocks if one.code == "B")
    assert [(row.rank, row.department) for row in block.rows[-2:]] == [(9, "体育部"), (10, "图书馆")]
    assert block.ties == ()


def name_benchmark(season, name, category, amount):
    Rulebook.objects.filter(campaign=season).update(basis=Basis.BEST_IS_FULL)
    place = department(season, name)
    return Benchmark.objects.create(
        campaign=season,
        block=place.block,
        category=Category.objects.get(campaign=season, code=category),
        department=place,
        amount=Decimal(amount),
        reason="最好",
        named_by=make_user(f"namer-{category}-{name}"),
        named_at=NOON,
    )


def test_best_case_counts_as_full_mark_in_its_block_and_category_alone(season):
    pair = Pair(season)
    pair.charge("P2", charged="图书馆")  # 1.00 of the plan
    pair.charge("P2", charged="体育部", quantity=3)  # 3.00 of the plan
    pair.charge("P2", charged="工会", quantity=3)  # 3.00, of the other block
    name_benchmark(season, "图书馆", "plan", "1.00")
    found = {row.department: str(row.total) for block in load_ranking(season).blocks for row in block.rows}
    assert (found["图书馆"], found["体育部"], found["工会"]) == ("100.00", "98.00", "97.00")
    statement = load_statement(department(season, "体育部"), actor=make_actor(season, Role.TEAM_LEAD))
    part = next(one for one in statement.categories if one.category.code == "plan")
    assert (str(part.charged), str(part.benchmark), str(part.score)) == ("3.00", "1.00", "18.00")
    assert str(statement.total) == "98.00"


def test_superseded_benchmarks_and_the_absolute_basis_read_none(season):
    first = name_benchmark(season, "图书馆", "plan", "1.00")
    first.superseded_at = datetime(2009, 12, 1, tzinfo=NOON.tzinfo)
    first.save(update_fields=["superseded_at"])
    assert load_reading(season).benchmarks == {}
    second = name_benchmark(season, "体育部", "plan", "2.00")
    assert load_reading(season).benchmarks == {(second.block_id, second.category_id): Decimal("2.00")}
    Rulebook.objects.filter(campaign=season).update(basis=Basis.ABSOLUTE)
    assert load_reading(season).benchmarks == {}


def test_order_of_ranking_rows_is_that_of_the_decision_for_every_order(season):
    pair = Pair(season)
    names = ("图书馆", "体育部", "实训中心")
    for name in names:
        pair.charge("P2", charged=name)
    for day, order in enumerate(permutations(names), start=1):
        made = Decision(
            campaign=season,
            kind=DecisionKind.RANK_TIE,
            decided_on=date(2009, 12, day),
            present="甲",
            text="并列",
            data={"block": "B", "total": "99.00", "order": [str(department(season, name).uuid) for name in order]},
            recorded_by=make_user(f"decider-{day}"),
            recorded_at=NOON,
        )
        made.save()
        block = next(one for one in load_ranking(season).blocks if one.code == "B")
        assert [row.department for row in block.rows[-3:]] == list(order)
