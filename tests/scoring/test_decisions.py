"""Decisions of the leading group about the result: what each sets, what it replaces, what is refused."""

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import DecisionKind, Role
from campaigns.models import Attachment, Decision, Department
from campaigns.queries.attached_sight import decisions_of_interest
from qualityseason.errors import ConflictOfInterest
from qualityseason.models import AuditEntry
from scoring.enums import Basis, Visibility
from scoring.models import Rulebook
from scoring.queries.decisions import decided_visibility, load_register
from scoring.queries.ranking import load_ranking
from scoring.queries.results import load_commended_numbers, load_percentages, result_of
from scoring.queries.ties import ties_of
from scoring.services.benchmarks import decide_basis
from scoring.services.decision_invariants import check_decisions
from scoring.services.decisions import decide_conversion, decide_numbers, decide_visibility
from scoring.services.rank_decisions import decide_commended, decide_rank_tie
from tests.at_once import at_once
from tests.factories import NOON, department, make_actor
from tests.scoring.decision_working import TODAY, YESTERDAY, name, publish, refusal, said
from tests.scoring.reading import Pair

PERCENTAGES = {"party": Decimal("15"), "work": Decimal("12.50")}


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def uuids(season, *names):
    return [department(season, name).uuid for name in names]


def interested(actor, season, *names):
    return replace(actor, interests=frozenset(department(season, name).pk for name in names))


def tie_two(pair):
    """Let 图书馆 and 体育部 lose one point each, the rest of their block nothing."""
    pair.charge("S1a")
    pair.charge("S1a", charged="体育部")


def decide_two(season, by, *names, total="99.00", at=NOON, **values):
    order = uuids(season, *(names or ("体育部", "图书馆")))
    return decide_rank_tie(
        season, said(season, by, **values), block="B", total=Decimal(total), order=order, by=by, at=at
    )


def ranks_of(season, *names):
    found = {row.department: row.rank for block in load_ranking(season).blocks for row in block.rows}
    return [found[name] for name in names]


# --- what every decision has in common


def test_recorded_with_who_was_there_and_audited(season, leader):
    made = decide_conversion(season, said(season, leader), percentages=PERCENTAGES, by=leader, at=NOON)
    assert (made.kind, made.decided_on, made.present, made.text) == (
        DecisionKind.CONVERSION,
        TODAY,
        "支校衡、郭朝雄",
        "一致同意。",
    )
    entry = AuditEntry.objects.get(act="decision.record")
    assert (entry.object_id, entry.before) == (str(made.uuid), None)
    assert entry.after["data"] == {"percentages": {"party": "15.00", "work": "12.50"}}


def test_office_enters_it_with_the_minutes(season, office):
    bare = said(season, office, uploads=[])
    assert refusal(decide_conversion, season, bare, percentages=PERCENTAGES, by=office, at=NOON) == "no_paper"
    made = decide_conversion(season, said(season, office), percentages=PERCENTAGES, by=office, at=NOON)
    attached = Attachment.objects.get()
    assert (attached.owner_kind, attached.owner_uuid, attached.department_id) == ("decision", made.uuid, None)


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.ASSESSOR, Role.HEAD])
def test_nobody_else_records_one(season, role):
    place = department(season) if role == Role.HEAD else None
    actor = make_actor(season, role, department=place)
    with pytest.raises(PermissionDenied):
        decide_visibility(season, said(season, actor), visibility=Visibility.OWN, by=actor, at=NOON)


def test_leader_of_another_season_records_nothing_here(season, other_season):
    actor = make_actor(other_season, Role.LEADERSHIP)
    with pytest.raises(PermissionDenied):
        decide_visibility(season, said(other_season, actor), visibility=Visibility.OWN, by=actor, at=NOON)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"decided_on": TODAY + timedelta(days=1)}, "future"),
        ({"present": " "}, "empty"),
        ({"present": "名" * 301}, "long"),
        ({"text": "\n"}, "empty"),
        ({"text": "字" * 2001}, "long"),
        ({"standing": uuid.uuid4()}, "stale"),
    ],
)
def test_refused_where_something_is_missing_or_of_tomorrow(season, leader, values, code):
    draft = said(season, leader, **values)
    assert refusal(decide_visibility, season, draft, visibility=Visibility.OWN, by=leader, at=NOON) == code
    assert not Decision.objects.exists()


def test_sent_twice_is_recorded_once_and_with_other_words_refused(season, leader, office):
    draft = said(season, leader)
    first = decide_visibility(season, draft, visibility=Visibility.OWN, by=leader, at=NOON)
    assert decide_visibility(season, draft, visibility=Visibility.OWN, by=leader, at=NOON) == first
    for other in (
        {"draft": draft, "visibility": Visibility.ALL, "by": leader},
        {"draft": replace(draft, text="另议。"), "visibility": Visibility.OWN, "by": leader},
        {"draft": replace(draft, uploads=[]), "visibility": Visibility.OWN, "by": office},
    ):
        words = dict(other)
        assert refusal(decide_visibility, season, words.pop("draft"), at=NOON, **words) == "reused"
    assert Decision.objects.count() == 1


def test_later_one_replaces_and_one_of_an_earlier_day_is_refused(season, leader):
    first = decide_visibility(season, said(season, leader), visibility=Visibility.OWN, by=leader, at=NOON)
    early = said(season, leader, decided_on=YESTERDAY, standing=first.uuid)
    assert refusal(decide_visibility, season, early, visibility=Visibility.ALL, by=leader, at=NOON) == "earlier"
    second = said(season, leader, standing=first.uuid)
    decide_visibility(season, second, visibility=Visibility.BLOCK, by=leader, at=NOON)
    assert decided_visibility(season) == Visibility.BLOCK
    assert [row.counts for row in load_register(leader).rows] == [True, False]


def test_recorded_by_four_at_once_stands_once(committed_season):
    leaders = [make_actor(committed_season, Role.LEADERSHIP) for _number in range(4)]
    drafts = [said(committed_season, by) for by in leaders]
    results = at_once(
        *(
            lambda draft=draft, by=by: decide_visibility(
                committed_season, draft, visibility=Visibility.OWN, by=by, at=NOON
            )
            for draft, by in zip(drafts, leaders, strict=True)
        )
    )
    assert sorted(getattr(result, "refusal_code", "made") for result in results) == ["made", "stale", "stale", "stale"]
    assert Decision.objects.count() == 1


# --- percentages, numbers, visibility


def test_percentages_and_numbers_are_read_as_decided_last(season, leader):
    assert (load_percentages(season), load_commended_numbers(season), decided_visibility(season)) == ({}, {}, None)
    first = decide_conversion(season, said(season, leader), percentages=PERCENTAGES, by=leader, at=NOON)
    only = {"party": Decimal("20"), "work": None}
    decide_conversion(season, said(season, leader, standing=first.uuid), percentages=only, by=leader, at=NOON)
    decide_numbers(season, said(season, leader), numbers={"A": 3, "B": None}, by=leader, at=NOON)
    assert load_percentages(season) == {"party": Decimal("20.00")}
    assert load_commended_numbers(season) == {"A": 3}


@pytest.mark.parametrize("percent", ["0", "-1", "100.01", "12.345"])
def test_percentage_outside_or_too_fine_is_refused(season, leader, percent):
    given = {"party": Decimal(percent), "work": None}
    assert (
        refusal(decide_conversion, season, said(season, leader), percentages=given, by=leader, at=NOON) == "percentage"
    )


def test_empty_ones_are_refused(season, leader):
    nothing = {"party": None, "work": None}
    assert refusal(decide_conversion, season, said(season, leader), percentages=nothing, by=leader, at=NOON) == "empty"
    assert refusal(decide_numbers, season, said(season, leader), numbers={"A": None}, by=leader, at=NOON) == "empty"


@pytest.mark.parametrize("numbers", [{"A": 15}, {"B": 11}, {"Q": 1}, {"A": -1}])
def test_more_than_the_block_has_are_refused(season, leader, numbers):
    assert refusal(decide_numbers, season, said(season, leader), numbers=numbers, by=leader, at=NOON) == "number"


# --- ties


def test_tie_decided_gives_each_a_rank(season, pair, leader):
    tie_two(pair)
    assert ranks_of(season, "体育部", "图书馆") == [9, 9]
    made = decide_two(season, leader)
    assert made.data["total"] == "99.00"
    assert ranks_of(season, "体育部", "图书馆") == [9, 10]
    (tie,) = (tie for tie in ties_of(load_ranking(season)) if tie.decided)
    assert (tie.rank, tie.names, tie.decided.decided_on) == (9, ("体育部", "图书馆"), TODAY)
    again = decide_two(season, leader, "图书馆", "体育部", standing=made.uuid)
    assert ranks_of(season, "体育部", "图书馆") == [10, 9]
    assert [row.uuid for row in load_register(leader).rows if row.counts] == [again.uuid]


def test_tie_that_is_another_by_now_is_refused(season, pair, leader):
    tie_two(pair)
    assert refusal(decide_two, season, leader, total="98.00") == "no_tie"
    assert refusal(decide_two, season, leader, "体育部", "图书馆", "基础部") == "no_tie"
    assert refusal(decide_two, season, leader, "体育部") == "no_tie"
    assert refusal(decide_two, season, leader, "体育部", "图书馆", "图书馆") == "order"
    pair.charge("S1b")
    assert refusal(decide_two, season, leader) == "no_tie"


def test_decision_on_a_tie_loses_its_hold_when_one_moves(season, pair, leader):
    tie_two(pair)
    decide_two(season, leader)
    pair.charge("S1b", charged="基础部")
    assert ranks_of(season, "体育部", "图书馆") == [9, 10]  # another department moved: the tie is the same
    pair.charge("S1b", charged="体育部")
    assert ranks_of(season, "图书馆", "体育部") == [9, 10]
    assert not [tie for tie in ties_of(load_ranking(season)) if tie.decided]


def test_nobody_decides_a_tie_of_own_interest(season, pair, leader):
    tie_two(pair)
    with pytest.raises(ConflictOfInterest, match="图书馆"):
        decide_two(season, interested(leader, season, "图书馆"))
    assert decide_two(season, interested(leader, season, "工会")).kind == DecisionKind.RANK_TIE


# --- departments to commend


def commend(season, by, publication, *names, **values):
    return decide_commended(
        season, said(season, by, **values), publication=publication, chosen=uuids(season, *names), by=by, at=NOON
    )


def test_commended_are_named_from_the_publication(season, pair, leader):
    tie_two(pair)
    publication = publish(season)
    made = commend(season, leader, publication, "财会金融系", "教务处")
    assert made.data["publication"] == str(publication.uuid)
    assert made.data["departments"] == [str(uuid) for uuid in uuids(season, "教务处", "财会金融系")]
    assert str(department(season, "图书馆").uuid) not in made.data["touched"]  # stands below the last one named


def test_commended_no_more_than_was_decided(season, pair, leader):
    tie_two(pair)
    publication = publish(season)
    decide_numbers(season, said(season, leader), numbers={"A": 1, "B": 0}, by=leader, at=NOON)
    assert refusal(commend, season, leader, publication, "教务处", "工会") == "too_many"
    assert refusal(commend, season, leader, publication, "财会金融系") == "too_many"
    assert commend(season, leader, publication, "教务处").data["departments"] == [
        str(department(season, "教务处").uuid)
    ]


def test_commended_from_what_is_current_and_from_its_departments(season, other_season, leader):
    first = publish(season)
    publish(season, number=2, replaces=first)
    assert refusal(commend, season, leader, first, "教务处") == "replaced"
    current = season.publications.get(number=2)
    foreign = other_season.departments.first().uuid
    draft = said(season, leader)
    assert (
        refusal(decide_commended, season, draft, publication=current, chosen=[foreign], by=leader, at=NOON) == "empty"
    )
    assert refusal(commend, season, leader, current) == "empty"


def test_nobody_commends_or_passes_over_a_department_of_own_interest(season, pair, leader):
    tie_two(pair)
    publication = publish(season)
    below = interested(leader, season, "图书馆")
    for barred in (interested(leader, season, "财会金融系"), interested(leader, season, "成人教育部")):
        with pytest.raises(ConflictOfInterest):
            commend(season, barred, publication, "财会金融系")
    assert commend(season, below, publication, "财会金融系").kind == DecisionKind.COMMENDED


def test_commended_stand_in_no_frozen_result(season, leader):
    publication = publish(season)
    before = publication.snapshot.sha256
    commend(season, leader, publication, "教务处")
    publication.snapshot.refresh_from_db()
    assert (publication.snapshot.sha256, result_of(publication.snapshot).commended) == (before, {})


# --- what an interest hides


def test_decisions_about_an_own_department_tell_kind_and_day_only(season, pair, leader):
    tie_two(pair)
    tie = decide_two(season, leader)
    named = commend(season, leader, publish(season), "教务处")
    free = decide_visibility(season, said(season, leader), visibility=Visibility.OWN, by=leader, at=NOON)
    reader = interested(leader, season, "图书馆", "教务处")
    assert decisions_of_interest(reader, [tie, named, free]) == {tie.uuid, named.uuid}
    rows = {row.uuid: row for row in load_register(reader).rows}
    assert [(rows[one.uuid].is_own, rows[one.uuid].text, rows[one.uuid].effects) for one in (tie, named)] == [
        (True, "", ()),
        (True, "", ()),
    ]
    assert rows[free.uuid].text == "一致同意。"
    assert decisions_of_interest(interested(leader, season, "工会"), [tie, free]) == frozenset()


# --- invariants


def test_invariants_find_what_was_changed_past_the_services(season, pair, leader):
    tie_two(pair)
    tie = decide_two(season, leader)
    decide_basis(season, said(season, leader), basis=Basis.BEST_IS_FULL, by=leader, at=NOON)
    named = commend(season, leader, publish(season), "教务处")
    name(season, by=make_actor(season, Role.TEAM_LEAD))
    assert list(check_decisions(season)) == []
    Rulebook.objects.filter(campaign=season).update(basis=Basis.ABSOLUTE)
    Decision.objects.filter(pk=tie.pk).update(data=tie.data | {"block": "A"})
    Decision.objects.filter(pk=named.pk).update(data=named.data | {"publication": str(uuid.uuid4())})
    Department.objects.filter(campaign=season, name="图书馆").update(block=department(season, "工会").block)
    assert len(list(check_decisions(season))) == 4
