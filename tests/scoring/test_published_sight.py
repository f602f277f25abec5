"""What of a frozen result one reader may know: default deny, over random results, readers and visibilities."""

import uuid
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.actors import Actor
from campaigns.enums import Role
from scoring.calculations import ranks
from scoring.enums import Visibility
from scoring.facts.results import (
    BlockRanking,
    CategoryColumn,
    HonouredPerson,
    Ranking,
    RankingRow,
    Result,
    Statement,
    StatementCategory,
    StatementDepartment,
    WonPrize,
)
from scoring.queries.published import Change, changes_between, changes_of, narrower, seen_by, seen_changes
from tests.factories import SHANGHAI

FULL = Decimal("100.00")
COLUMN = CategoryColumn(1, "study", "学习讨论", FULL)
VISIBILITIES = [visibility.value for visibility in Visibility]


def uuid_of(pk):
    return uuid.UUID(int=pk)


def result_from(blocks):
    """Return a result of blocks, each a mapping of department id to what it was charged."""
    rankings, statements = [], []
    for number, charged in enumerate(blocks):
        code = "ABC"[number]
        places = ranks([FULL - amount for amount in charged.values()])
        rows = [
            RankingRow(place, pk, uuid_of(pk), f"部门{pk}", (FULL - amount,), (amount,), FULL - amount, None)
            for place, (pk, amount) in zip(places, charged.items(), strict=True)
        ]
        rankings.append(BlockRanking(code, f"{code}块", tuple(sorted(rows, key=lambda row: row.rank))))
        for row in rows:
            part = StatementCategory(COLUMN, (), (), row.charged[0], Decimal("0.00"), Decimal("0.00"), row.total)
            whose = StatementDepartment(row.uuid, row.department, "", "support", code, f"{code}块")
            statements.append(Statement(whose, "absolute", (part,), sees_pending=False))
    everybody = [row for block in rankings for row in block.rows]
    return Result(
        college="学院",
        season="活动",
        slug="x",
        document_number="",
        taken_at=datetime(2009, 12, 28, tzinfo=SHANGHAI),
        ranking=Ranking("absolute", None, (COLUMN,), tuple(rankings)),
        statements=tuple(statements),
        clauses=(),
        exclusive=(),
        prizes=tuple(WonPrize(row.uuid, row.department, number, "一等奖") for number, row in enumerate(everybody, 1)),
        honoured=tuple(HonouredPerson(row.department, f"人{row.department_id}", "先进") for row in everybody),
        percentages={},
        commended={},
        supplements=(),
    )


@st.composite
def results(draw):
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    points = st.integers(0, 300).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
    start, blocks = 1, []
    for size in sizes:
        blocks.append({pk: draw(points) for pk in range(start, start + size)})
        start += size
    return result_from(blocks)


def rows_of(result):
    return [row for block in result.ranking.blocks for row in block.rows]


def reader(own=(), *roles):
    return Actor(user_id=1, campaign_id=1, roles=frozenset(roles or {Role.HEAD}), departments=frozenset(own))


def told(seen):
    """Every department anything at all is told of."""
    return (
        {row.department for block in seen.blocks for row in block.rows}
        | {one.department.name for one in seen.statements}
        | {prize.name for prize in seen.prizes}
        | {person.department for person in seen.honoured}
    )


@given(results(), st.sets(st.integers(1, 15), max_size=3), st.sampled_from([*VISIBILITIES, "", "everything"]))
def test_a_department_is_told_no_more_than_the_visibility_lets(result, own, visibility):
    seen = seen_by(result, reader(own), visibility)
    mine = {row.department for row in rows_of(result) if row.department_id in own}
    home = {block.code for block in result.ranking.blocks for row in block.rows if row.department_id in own}
    in_home = {row.department for block in result.ranking.blocks if block.code in home for row in block.rows}
    everybody = {row.department for row in rows_of(result)}
    assert told(seen) == {Visibility.ALL: everybody, Visibility.BLOCK: in_home}.get(visibility, mine)
    assert {one.department.name for one in seen.statements} == mine  # another's statement never
    if visibility not in (Visibility.ALL, Visibility.BLOCK):
        assert seen.blocks == ()
        assert [seen.rank_of(row.uuid) for row in rows_of(result)] == [None] * len(rows_of(result))


@given(results(), st.sampled_from(VISIBILITIES), st.sampled_from(sorted(Role)))
def test_overseers_alone_are_told_all(result, visibility, role):
    seen = seen_by(result, reader((), role), visibility)
    oversees = role not in (Role.HEAD, Role.STAFF)
    assert (len(seen.statements) == len(result.statements)) == oversees
    if oversees:
        assert seen.blocks == result.ranking.blocks


@given(results(), results(), st.integers(1, 15), st.sampled_from(VISIBILITIES), st.sampled_from(VISIBILITIES))
def test_changes_tell_no_more_than_both_results_do(old, new, own, first, second):
    changes = changes_between(old, new)
    actor = reader({own})
    seen = seen_by(new, actor, narrower(first, second))
    found = seen_changes(changes, seen)
    before, after = seen_by(old, actor, first), seen_by(new, actor, second)
    assert {change.department for change in found} <= after.departments
    known = {row.uuid for block in before.blocks for row in block.rows} | {uuid_of(own)}
    in_old = {row.uuid for row in rows_of(old)}
    if first != Visibility.BLOCK:  # there a department's block may be another one in the other result
        assert {change.department for change in found if change.department in in_old} <= known
    if Visibility.OWN in (first, second):
        assert {(change.rank_from, change.rank_to) for change in found} <= {(None, None)}
        assert {change.department for change in found} <= {uuid_of(own)}


@given(results(), results())
def test_changes_are_all_there_is_and_survive_json(old, new):
    changes = changes_between(old, new)
    assert changes_of([change.as_json() for change in changes]) == changes
    before = {row.uuid: (row.total, row.rank) for row in rows_of(old)}
    after = {row.uuid: (row.total, row.rank) for row in rows_of(new)}
    differ = {pk for pk in before | after if before.get(pk) != after.get(pk)}
    assert {change.department for change in changes} == differ
    assert changes_between(new, new) == ()


def test_a_change_of_rank_alone_is_not_the_departments_own():
    old = result_from([{1: Decimal("1.00"), 2: Decimal("0.50")}])
    new = result_from([{1: Decimal("0.20"), 2: Decimal("0.50")}])
    first, second = changes_between(old, new)
    assert (first.is_own, first.rank_from, first.rank_to) == (False, 1, 2)
    assert (second.is_own, second.total_from, second.total_to) == (True, Decimal("99.00"), Decimal("99.80"))


def test_a_department_that_is_new_or_gone_is_a_change():
    old, new = result_from([{1: FULL, 2: FULL}]), result_from([{1: FULL, 3: FULL}])
    assert [(change.name, change.total_from, change.total_to) for change in changes_between(old, new)] == [
        ("部门2", Decimal("0.00"), None),
        ("部门3", None, Decimal("0.00")),
    ]


@pytest.mark.parametrize("names", [("own", "block"), ("all", "own"), ("own", "own"), ("all", "nonsense")])
def test_the_narrower_visibility_is_the_one_that_tells_less(names):
    assert narrower(*names) in ("own", "nonsense")


def test_a_change_keeps_what_it_says():
    change = Change(uuid_of(1), "部门1", "A", None, FULL, None, 1, is_own=True)
    assert replace(change, rank_to=None).as_json()["rank_to"] is None
