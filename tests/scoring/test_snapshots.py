"""A result frozen: the same JSON again, everything in it, and nothing that could be read from nowhere else."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from campaigns.enums import Role
from qualityseason.models import User
from scoring.models import Snapshot
from scoring.queries.ranking import load_ranking
from scoring.queries.results import freeze, load_result, result_of, thaw
from scoring.queries.statement import load_statement
from scoring.services.snapshots import audit_digest, sha256_of, take_snapshot
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import Pair


@pytest.fixture
def pair(season):
    found = Pair(season)
    found.charge("S3b", charged="基础部")
    found.charge("S4", charged="基础部")
    found.charge("P2", charged="图书馆", quantity=3, note="三条措施不全")
    found.record("P2", charged="体育部")  # waits: in no frozen result
    return found


def test_thawed_result_is_the_result_and_freezes_to_the_same_text(season, pair):
    result = load_result(season, at=NOON)
    frozen = freeze(result)
    assert thaw(frozen) == result
    assert freeze(thaw(frozen)) == frozen
    assert json.loads(frozen)["season"] == season.name


def test_frozen_result_has_the_ranking_and_the_statements_departments_read(season, pair):
    snapshot = take_snapshot(season, at=NOON)
    result = result_of(snapshot)
    live = load_ranking(season)
    rows = [(row.rank, row.department, row.total) for block in result.ranking.blocks for row in block.rows]
    assert rows == [(row.rank, row.department, row.total) for block in live.blocks for row in block.rows]
    head = make_actor(season, Role.HEAD, department=department(season, "图书馆"))
    own = load_statement(department(season, "图书馆"), actor=head)
    assert result.statement_of(own.department.uuid) == own
    assert [str(one.total) for one in result.statements if one.department.name == "基础部"] == ["90.00"]
    assert "体育部" not in [one.department.name for one in result.statements if one.confirmed_lines]


def test_frozen_result_names_neither_recorder_nor_confirmer(season, pair):
    content = take_snapshot(season, at=NOON).content
    for actor in (pair.first, pair.second):
        user = User.objects.get(pk=actor.user_id)
        assert user.username not in content
        assert not user.display_name or user.display_name not in content


def test_snapshot_cannot_be_altered_or_taken_away(season, pair):
    snapshot = take_snapshot(season, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).delete()


def test_snapshot_keeps_the_sum_of_its_text_and_of_the_ledgers_entries(season, pair):
    snapshot = take_snapshot(season, at=NOON)
    assert snapshot.sha256 == sha256_of(snapshot.content)
    pair.charge("P2", charged="图书馆")  # later entries are not summed
    assert audit_digest(season, until=snapshot.audit_until) == snapshot.audit_digest
    assert take_snapshot(season, at=NOON + timedelta(hours=1)).audit_digest != snapshot.audit_digest


@pytest.mark.parametrize("amount", [1, 3])
def test_result_asks_the_same_queries_at_any_size(season, amount, django_assert_num_queries):
    pair = Pair(season)
    for _each in range(amount):
        pair.charge("P2", charged="图书馆")
    with django_assert_num_queries(22):
        load_result(season, at=NOON)


def test_frozen_text_refuses_what_it_does_not_know(season):
    frozen = json.loads(freeze(load_result(season, at=NOON)))
    frozen["extra"] = 1
    with pytest.raises(ValueError, match="Result"):
        thaw(json.dumps(frozen))


def test_every_hundredth_survives_freezing(season):
    result = load_result(season, at=NOON)
    changed = replace(result, percentages={"party": Decimal("12.30")})
    assert str(thaw(freeze(changed)).percentages["party"]) == "12.30"
