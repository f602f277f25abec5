"""Who may know of what on the scoring side: every role, every model, with and without an interest."""

from datetime import timedelta

import pytest

from campaigns.enums import OVERSEEING_ROLES, Role
from scoring.models import Deduction, Inspection, Tally
from scoring.queries.ranking import load_ranking
from scoring.queries.statement import load_statement
from scoring.services.ledger import withdraw_deduction
from tests.factories import NOON, department, make_actor, make_deduction


@pytest.fixture
def lines(season):
    """Recorded, confirmed and withdrawn lines of two departments, and one charged to one while visiting the other."""
    by, second = make_actor(season, Role.ASSESSOR), make_actor(season, Role.TEAM_LEAD)
    made = {}
    for name, short in (("教务处", "j"), ("工会", "g")):
        made[f"{short} recorded"] = make_deduction(season, "P1", by=by, charged=name)
        made[f"{short} confirmed"] = make_deduction(season, "P1", by=by, confirmed_by=second, charged=name)
        for state in ("recorded", "confirmed"):
            line = make_deduction(
                season, "P1", by=by, confirmed_by=second if state == "confirmed" else None, charged=name
            )
            made[f"{short} {state}, withdrawn"] = withdraw_deduction(line, by=second, at=NOON, because="看错")
    made["g recorded at j"] = make_deduction(season, "P1", by=by, charged="工会", visited=department(season, "教务处"))
    return made


ALL = {
    "j recorded",
    "j confirmed",
    "j recorded, withdrawn",
    "j confirmed, withdrawn",
    "g recorded",
    "g confirmed",
    "g recorded, withdrawn",
    "g confirmed, withdrawn",
    "g recorded at j",
}
OWN = {"j confirmed", "j confirmed, withdrawn"}  # what 教务处 knows of itself
WITH_INTEREST = ALL - {"j recorded", "j recorded, withdrawn", "g recorded at j"}


def seen(lines, actor):
    visible = set(Deduction.objects.visible_to(actor))
    return {name for name, line in lines.items() if line in visible}


@pytest.mark.parametrize(
    ("role", "home", "expected"),
    [
        (Role.OFFICE, None, ALL),
        (Role.ASSESSOR, None, ALL),
        (Role.TEAM_LEAD, None, ALL),
        (Role.LEADERSHIP, None, ALL),
        (Role.OFFICE, "教务处", WITH_INTEREST),
        (Role.ASSESSOR, "教务处", WITH_INTEREST),
        (Role.TEAM_LEAD, "教务处", WITH_INTEREST),
        (Role.LEADERSHIP, "教务处", WITH_INTEREST),
        (Role.HEAD, "教务处", OWN),
        (Role.STAFF, "教务处", OWN),
        (Role.HEAD, "体育部", set()),
        (Role.STAFF, "体育部", set()),
    ],
)
def test_deductions_visible_to_each_role(season, lines, role, home, expected):
    actor = make_actor(season, role, department=department(season, home) if home else None)
    assert seen(lines, actor) == expected


@pytest.mark.parametrize("role", list(Role))
def test_deductions_of_another_season_are_visible_to_nobody(season, other_season, lines, role):
    home = department(other_season, "灯塔馆") if role in (Role.HEAD, Role.STAFF) else None
    actor = make_actor(other_season, role, department=home)
    assert list(Deduction.objects.visible_to(actor)) == []
    assert set(Tally.objects.visible_to(actor).values_list("campaign__slug", flat=True)) <= {"2031"}


def test_deductions_awaiting_are_those_one_may_confirm(season, lines):
    fresh = make_actor(season, Role.ASSESSOR)
    interested = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    assert set(Deduction.objects.awaiting(fresh)) == {
        lines["j recorded"],
        lines["g recorded"],
        lines["g recorded at j"],
    }
    assert set(Deduction.objects.awaiting(interested)) == {lines["g recorded"]}


def test_deductions_awaiting_leave_out_one_s_own(season):
    by = make_actor(season, Role.ASSESSOR)
    make_deduction(season, "P1", by=by)
    assert list(Deduction.objects.awaiting(by)) == []


@pytest.mark.parametrize("role", list(Role))
def test_tallies_visible_to_each_role(season, role):
    """All 24 departments by 3 categories to who oversees, 3 of the own to the rest."""
    home = department(season, "教务处") if role in (Role.HEAD, Role.STAFF) else None
    visible = Tally.objects.visible_to(make_actor(season, role, department=home))
    assert visible.count() == (72 if role in OVERSEEING_ROLES else 3)
    if role not in OVERSEEING_ROLES:
        assert set(visible.values_list("department__name", flat=True)) == {"教务处"}


@pytest.mark.parametrize(
    ("role", "home", "expected"),
    [
        (Role.OFFICE, None, {"j open", "j ended", "g open", "g ended"}),
        (Role.ASSESSOR, None, {"j open", "j ended", "g open", "g ended"}),
        (Role.TEAM_LEAD, None, {"j open", "j ended", "g open", "g ended"}),
        (Role.LEADERSHIP, None, {"j open", "j ended", "g open", "g ended"}),
        (Role.ASSESSOR, "教务处", {"j ended", "g open", "g ended"}),
        (Role.HEAD, "教务处", {"j ended"}),
        (Role.STAFF, "教务处", {"j ended"}),
        (Role.HEAD, "体育部", set()),
    ],
)
def test_inspections_visible_to_each_role(season, role, home, expected):
    enterer = make_actor(season, Role.ASSESSOR)
    visits = {
        f"{short} {state}": Inspection.objects.create(
            campaign=season,
            kind="regular",
            department=department(season, name),
            started_at=NOON,
            ended_at=NOON + timedelta(hours=1) if state == "ended" else None,
            entered_at=NOON,
            entered_by_id=enterer.user_id,
        )
        for name, short in (("教务处", "j"), ("工会", "g"))
        for state in ("open", "ended")
    }
    actor = make_actor(season, role, department=department(season, home) if home else None)
    visible = set(Inspection.objects.visible_to(actor))
    assert {name for name, visit in visits.items() if visit in visible} == expected


# --- counts betray no more than lists


def pending_of(ranking):
    return {row.department: row.pending for block in ranking.blocks for row in block.rows}


def test_ranking_tells_nobody_what_is_pending_against_a_department_of_own_interest(season, lines):
    """教务处 has 0.10 confirmed and 0.10 pending; 工会 0.10 confirmed and 0.20 pending."""
    free = pending_of(load_ranking(season, actor=make_actor(season, Role.ASSESSOR)))
    interested = pending_of(
        load_ranking(season, actor=make_actor(season, Role.ASSESSOR, department=department(season, "教务处")))
    )
    assert (str(free["教务处"]), str(free["工会"])) == ("0.10", "0.20")
    assert interested["教务处"] is None
    assert str(interested["工会"]) == "0.10"  # the line found while visiting 教务处 is left out
    assert interested["保卫处"] == 0


def test_statement_shows_a_department_its_confirmed_lines_only_and_no_names(season, lines):
    here = department(season, "教务处")
    for role in (Role.HEAD, Role.STAFF):
        plan = load_statement(here, actor=make_actor(season, role, department=here)).categories[1]
        assert [line.uuid for line in plan.lines] == [lines["j confirmed"].uuid]
        assert (plan.pending, str(plan.score)) == ((), "19.90")
        assert {(line.recorded_by, line.confirmed_by) for line in plan.lines} == {("", "")}


def test_statement_shows_somebody_interested_no_more_than_the_department(season, lines):
    here = department(season, "教务处")
    plan = load_statement(here, actor=make_actor(season, Role.ASSESSOR, department=here)).categories[1]
    assert [line.uuid for line in plan.lines] == [lines["j confirmed"].uuid]
    assert plan.pending == ()


def test_statement_shows_the_team_what_waits_and_who_signed(season, lines):
    plan = load_statement(department(season, "教务处"), actor=make_actor(season, Role.ASSESSOR)).categories[1]
    assert [line.uuid for line in plan.pending] == [lines["j recorded"].uuid]
    assert all(line.recorded_by for line in plan.lines)
