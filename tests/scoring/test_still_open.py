"""What is still open when a result is proposed, and who may know of it."""

import uuid

import pytest

from campaigns.enums import DecisionKind
from campaigns.models import Decision, Interest
from campaigns.queries.actors import load_actor
from qualityseason.models import User
from scoring.enums import Basis
from scoring.enums.open_matters import OpenKind
from scoring.models import Appeal, Benchmark, Category, Rulebook
from scoring.queries.still_open import load_still_open, matters_of
from scoring.services.displays import answer_objection, make_objection
from tests.factories import NOON, department
from tests.scoring.finding_working import make_finding
from tests.scoring.publishing import START, Press
from tests.scoring.reading import Pair


@pytest.fixture
def press(season):
    return Press(season)


@pytest.fixture
def pair(season):
    return Pair(season)


def found(season, actor, display=None):
    """Return the open matters by kind, the warnings apart."""
    matters = load_still_open(season, actor, display=display)
    return {matter.kind: matter for matter in matters if matter.kind != OpenKind.COVERAGE}


def decide(season, kind, data, by):
    Decision.objects.create(
        campaign=season,
        kind=kind,
        decided_on=START,
        present="甲、乙",
        text="决定",
        data=data,
        recorded_by_id=by.user_id,
        recorded_at=NOON,
    )


def interested(season, actor, name="图书馆"):
    user = User.objects.get(pk=actor.user_id)
    Interest.objects.create(
        campaign=season, user=user, department=department(season, name), reason="亲属", starts_on=season.facts_from
    )
    return load_actor(user, season, on=START)


def test_an_untouched_season_lacks_only_its_percentages(season, press):
    assert {kind: matter.count for kind, matter in found(season, press.office).items()} == {OpenKind.PERCENTAGES: 2}
    decide(season, DecisionKind.CONVERSION, {"percentages": {"party": "30"}}, press.leader)
    assert found(season, press.office)[OpenKind.PERCENTAGES].count == 1
    decide(season, DecisionKind.CONVERSION, {"percentages": {"party": "30", "work": "20"}}, press.leader)
    assert found(season, press.office) == {}


def test_lines_notices_appeals_and_findings_are_counted_by_department(season, press, pair):
    pair.record("B1")
    pair.record("B1", charged="体育部")
    pair.record("B2", charged="体育部")
    line = pair.charge("B1", charged="基础部")
    make_finding(season, "B1")
    Appeal.objects.create(
        campaign=season,
        department=line.charged,
        deduction=line,
        reason="不实",
        appealed_by_id=press.office.user_id,
        appealed_at=NOON,
        appealed_on=START,
    )
    matters = found(season, press.office)
    assert matters[OpenKind.LINES].where == ("体育部 2", "图书馆 1")
    assert matters[OpenKind.NOTICES].where == matters[OpenKind.APPEALS].where == ("基础部 1",)
    assert matters[OpenKind.FINDINGS].where == ("图书馆 1",)


def test_objections_count_until_they_are_answered(season, press):
    display = press.display()
    objection = make_objection(
        display,
        uuid=uuid.uuid4(),
        text="有误",
        department=None,
        name="李四",
        objected_on=START,
        by=press.office,
        at=NOON,
    )
    assert found(season, press.office, display)[OpenKind.OBJECTIONS].count == 1
    answer_objection(objection, answer="已核对", by=press.lead, at=NOON)
    assert OpenKind.OBJECTIONS not in found(season, press.office, display)


def test_benchmarks_are_missed_only_where_the_best_case_counts(season, press):
    assert OpenKind.BENCHMARKS not in found(season, press.office)
    Rulebook.objects.filter(campaign=season).update(basis=Basis.BEST_IS_FULL)
    assert found(season, press.office)[OpenKind.BENCHMARKS].count == 6
    place = department(season)
    Benchmark.objects.create(
        campaign=season,
        block=place.block,
        category=Category.objects.get(campaign=season, code="study"),
        department=place,
        amount=0,
        reason="最好",
        named_by_id=press.lead.user_id,
        named_at=NOON,
    )
    assert found(season, press.office)[OpenKind.BENCHMARKS].count == 5


def test_a_tie_counts_where_the_line_of_those_to_commend_runs_through_it(season, press, pair):
    for name in ("图书馆", "体育部"):
        pair.charge("B1", charged=name)
    numbers = {"A": 14, "B": 8}
    decide(season, DecisionKind.COMMENDED_NUMBER, {"numbers": numbers}, press.leader)
    assert OpenKind.TIES not in found(season, press.office)  # eight full marks, then the two
    decide(season, DecisionKind.COMMENDED_NUMBER, {"numbers": numbers | {"B": 9}}, press.leader)
    tie = found(season, press.office)[OpenKind.TIES]
    assert (tie.count, set(tie.where[0].split("、"))) == (1, {"图书馆", "体育部"})
    order = [str(department(season, name).uuid) for name in ("体育部", "图书馆")]
    decide(season, DecisionKind.RANK_TIE, {"block": "B", "total": "99.80", "order": order}, press.leader)
    assert OpenKind.TIES not in found(season, press.office)


def test_who_has_an_interest_does_not_learn_what_waits_there(season, press, pair):
    for name in ("图书馆", "体育部"):
        pair.record("B1", charged=name)
    own = interested(season, press.lead)
    assert found(season, own)[OpenKind.LINES].where == ("体育部 1",)
    kept = [matter.as_json() for matter in load_still_open(season, press.office, display=None)]
    everything = {matter.kind: matter for matter in matters_of(kept, press.office)}
    assert everything[OpenKind.LINES].count == 2
    assert everything == {matter.kind: matter for matter in load_still_open(season, press.office, display=None)}
    limited = {matter.kind: matter for matter in matters_of(kept, own)}
    assert (limited[OpenKind.LINES].count, limited[OpenKind.LINES].where) == (1, ("体育部 1",))
    assert limited[OpenKind.COVERAGE].sentences == ()
    both = interested(season, press.leader, "体育部")
    both = interested(season, both)
    assert OpenKind.LINES not in {matter.kind for matter in matters_of(kept, both)}


@pytest.mark.parametrize("amount", [1, 3])
def test_it_asks_the_same_queries(season, press, pair, amount, django_assert_num_queries):
    for number in range(amount):
        pair.record("P2", quantity=number + 1)
    with django_assert_num_queries(29):
        load_still_open(season, press.office, display=None)
