"""Answers to problems: written, put otherwise, accepted, sent back; and what is owed meanwhile."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.services.obligations import extend_obligation
from campaigns.services.problems import edit_problem
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from tests.campaigns.people_working import on
from tests.campaigns.task_working import (
    DUE,
    answer,
    answer_of,
    judge,
    office,
    owed,
    problem_draft,
    raise_about,
    staff,
    team,
)
from tests.factories import NOON, department, make_actor


@pytest.fixture
def assessor(season):
    return team(season, username="assessor")


@pytest.fixture
def problem(season, assessor):
    return raise_about(season, "图书馆", "工会", by=assessor)


@pytest.fixture
def liaison(season):
    return staff(season)


def test_answer_meets_what_its_own_department_owes_at_noon_of_its_day(problem, liaison):
    row = answer(problem, by=liaison, on=date(2009, 11, 18))
    assert (row.state, row.kind, row.text) == ("reported", "rectification", "已整改")
    assert row.answered_by_id == liaison.user_id
    met = owed(problem)
    assert (met.met_at, met.met_by_kind, met.met_by_uuid) == (on(11, 18), "problem", problem.uuid)
    assert owed(problem, "工会").met_at is None


def test_answer_put_otherwise_moves_the_day_it_was_met(problem, liaison):
    answer(problem, by=liaison, on=date(2009, 11, 18))
    answer(problem, by=liaison, kind="explanation", text="非我馆", on=date(2009, 11, 25))
    assert (owed(problem).met_at, answer_of(problem).kind) == (on(11, 25), "explanation")
    answer(problem, by=liaison, kind="explanation", text="非我馆所管", on=date(2009, 11, 25))
    assert AuditEntry.objects.filter(act="obligation.meet").count() == 2


def test_late_answer_is_taken(problem, liaison):
    assert answer(problem, by=liaison, on=date(2009, 12, 28)).answered_on == date(2009, 12, 28)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"on": date(2009, 11, 15)}, "answered_on"),
        ({"on": date(2009, 12, 29)}, "answered_on"),
        ({"text": " "}, "text"),
        ({"text": "文" * 2001}, "text"),
        ({"kind": ""}, "kind"),
        ({"kind": "excuse"}, "kind"),
    ],
)
def test_answer_that_cannot_be_is_refused_at_its_field(problem, liaison, values, field):
    with pytest.raises(Refused) as refusal:
        answer(problem, by=liaison, **values)
    assert refusal.value.field == field
    assert (answer_of(problem).state, owed(problem).met_at) == ("given", None)


def test_second_of_two_who_answer_is_stale_and_the_same_twice_is_one(season, problem, liaison):
    answer(problem, by=liaison)
    assert answer(problem, by=liaison, version=1).version == 2
    head = make_actor(season, Role.HEAD, department=department(season))
    with pytest.raises(Refused) as refusal:
        answer(problem, by=head, version=1, text="馆长所写")
    assert (refusal.value.refusal_code, refusal.value.existing.text) == ("stale", "已整改")
    assert answer(problem, by=head, version=2, text="馆长所写").text == "馆长所写"


def test_others_answer_nothing(season, problem):
    with pytest.raises(PermissionDenied, match="图书馆"):
        answer(problem, by=staff(season, "工会"))
    interested = make_actor(season, Role.OFFICE, department=department(season))
    with pytest.raises(ConflictOfInterest):
        answer(problem, by=interested)
    assert answer(problem, by=office(season)).state == "reported"


# --- judged


def test_accepted_answer_is_not_changed_any_more(problem, assessor, liaison):
    row = judge(answer(problem, by=liaison), by=assessor, note="好")
    assert (row.state, row.verdict_note, row.judged_by_id) == ("accepted", "好", assessor.user_id)
    with pytest.raises(Refused, match="2009-11-20"):
        answer(problem, by=liaison, text="再写")
    assert owed(problem).met_at == on(11, 20)


def test_sent_back_needs_a_note_and_is_owed_again_by_that_department_alone(season, problem, assessor, liaison):
    row = answer(problem, by=liaison)
    answer(problem, by=staff(season, "工会"), home="工会")
    with pytest.raises(Refused) as refusal:
        judge(row, by=assessor, accept=False)
    assert refusal.value.field == "note"
    judge(row, by=assessor, accept=False, note="仍有积水")
    assert (owed(problem).met_at, owed(problem, "工会").met_at) == (None, on(11, 20))
    answer(problem, by=liaison, text="再次整改", on=date(2009, 11, 30))
    assert (answer_of(problem).state, owed(problem).met_at) == ("reported", on(11, 30))


def test_second_judge_hears_who_was_quicker_and_the_same_verdict_twice_is_one(season, problem, assessor, liaison):
    row = answer(problem, by=liaison)
    judge(row, by=assessor, version=2)
    assert judge(row, by=assessor, version=2).state == "accepted"
    assert AuditEntry.objects.filter(act="problem.accept").count() == 1
    with pytest.raises(Refused, match="assessor") as refusal:
        judge(row, by=office(season), accept=False, note="不行", version=2)
    assert refusal.value.refusal_code == "judged"


def test_department_that_raised_it_does_not_hear_the_name_of_the_quicker_judge(season, liaison):
    raiser = staff(season, "教务处")
    problem = raise_about(season, by=raiser, raising="教务处")
    row = answer(problem, by=liaison)
    lead = make_actor(season, Role.TEAM_LEAD, username="secret")
    judge(row, by=lead, version=2)
    with pytest.raises(Refused) as refusal:
        judge(row, by=raiser, version=2, accept=False, note="不行")
    assert "secret" not in str(refusal.value.sentence)


def test_answer_put_otherwise_since_it_was_read_is_not_judged(problem, assessor, liaison):
    row = answer(problem, by=liaison)
    answer(problem, by=liaison, text="改写")
    with pytest.raises(Refused) as refusal:
        judge(row, by=assessor, version=2)
    assert refusal.value.refusal_code == "stale"
    assert answer_of(problem).state == "reported"


def test_nothing_is_judged_before_it_is_answered(problem, assessor):
    with pytest.raises(Refused) as refusal:
        judge(answer_of(problem), by=assessor)
    assert refusal.value.refusal_code == "unanswered"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEAM_LEAD])
def test_own_interest_bars_from_judging(season, problem, liaison, role):
    row = answer(problem, by=liaison)
    with pytest.raises(ConflictOfInterest, match="图书馆"):
        judge(row, by=make_actor(season, role, department=department(season)))
    assert judge(row, by=make_actor(season, role)).state == "accepted"


def test_those_named_and_other_assessors_judge_nothing(season, problem, liaison):
    row = answer(problem, by=liaison)
    with pytest.raises(ConflictOfInterest):
        judge(row, by=liaison)
    for actor in (staff(season, "工会"), team(season), make_actor(season, Role.LEADERSHIP)):
        with pytest.raises(PermissionDenied):
            judge(row, by=actor)
    assert answer_of(problem).state == "reported"


def test_department_that_raised_it_judges(season, liaison):
    raiser = staff(season, "教务处")
    problem = raise_about(season, by=raiser, raising="教务处")
    assert judge(answer(problem, by=liaison), by=raiser).state == "accepted"
    assert User.objects.get(pk=raiser.user_id).pk == answer_of(problem).judged_by_id


def test_another_day_for_all_keeps_an_extension(season, problem, assessor):
    clerk = office(season)
    extend_obligation(owed(problem), until=date(2009, 12, 1), reason="批准", version=DUE.isoformat(), by=clerk, at=NOON)
    departments = [department(season, home) for home in ("图书馆", "工会")]
    edit_problem(
        problem,
        problem_draft(due_on=date(2009, 11, 25)),
        departments=departments,
        version=1,
        by=assessor,
        at=NOON,
    )
    assert [owed(problem, home).deadline for home in ("图书馆", "工会")] == [date(2009, 12, 1), date(2009, 11, 25)]
