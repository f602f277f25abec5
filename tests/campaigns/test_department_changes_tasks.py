"""What a department that ends leaves behind while it is still asked for: nothing is lost, nothing is met by nothing."""

import uuid
from datetime import date

import pytest

from campaigns.enums import DepartmentChangeKind, EvidenceTarget, ObligationKind, Role
from campaigns.models import Department, Obligation, Problem
from campaigns.services.circulars import edit_circular
from campaigns.services.department_changes import DecisionDraft, Reorganisation, change_departments
from campaigns.services.evidence import file_evidence, withdraw_evidence
from campaigns.services.invariants import check_paperwork
from campaigns.services.obligations import drop_obligations, make_obligations, owe
from campaigns.services.problems import edit_problem
from qualityseason.errors import Refused
from tests.campaigns import circular_working as circulars
from tests.campaigns.handing_in import make_file
from tests.campaigns.task_working import accept, answer, answer_of, give, judge, problem_draft, raise_about, report
from tests.factories import NOON, department, make_actor

LIBRARY, SPORT = "图书馆", "体育部"
FROM, BEFORE, DONE = date(2009, 12, 20), date(2009, 12, 19), date(2009, 12, 8)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


def close(season, office, place, heir):
    """Close one department; the other takes over."""
    paper = make_file(by_id=office.user_id, is_upload=True, content=uuid.uuid4().hex)
    return change_departments(
        season,
        Reorganisation(DepartmentChangeKind.CLOSE, [place], existing=heir),
        uuid=uuid.uuid4(),
        effective_on=FROM,
        decision=DecisionDraft(BEFORE, "院长办公会", "决定", [paper.uuid]),
        by=office,
        at=NOON,
    )


def liaison(season, home):
    return make_actor(season, Role.STAFF, department=department(season, home))


def filed(season, home, target, key, *, by):
    """Return evidence of a department for one thing."""
    place = department(season, home)
    said = {"text": "照片", "happened_on": DONE, "uploads": (), "targets": [(target, key)]}
    return file_evidence(place, uuid=uuid.uuid4(), by=by, at=NOON, **said)


def open_of(season, home, record):
    return Obligation.objects.filter(department__name=home, key=str(record.uuid)).open().exists()


def test_evidence_under_an_accepted_assignment_stays_after_the_merger(season, office):
    (task,) = give(season, SPORT, by=office)
    member = liaison(season, SPORT)
    found = filed(season, SPORT, EvidenceTarget.ASSIGNMENT, str(task.uuid), by=member)
    accept(report(task, by=member, done_on=DONE), by=office)
    close(season, office, department(season, SPORT), department(season, LIBRARY))
    found.refresh_from_db()
    assert found.department.name == LIBRARY
    with pytest.raises(Refused) as refused:
        withdraw_evidence(found, because="误传", by=liaison(season, LIBRARY), at=NOON)
    assert refused.value.refusal_code == "rests"


def test_evidence_under_an_accepted_answer_stays_after_the_merger(season, office):
    problem = raise_about(season, SPORT, by=office)
    member = liaison(season, SPORT)
    found = filed(season, SPORT, EvidenceTarget.PROBLEM, str(problem.uuid), by=member)
    answer(problem, by=member, home=SPORT, on=DONE)
    judge(answer_of(problem, SPORT), by=office)
    close(season, office, department(season, SPORT), department(season, LIBRARY))
    found.refresh_from_db()
    with pytest.raises(Refused) as refused:
        withdraw_evidence(found, because="误传", by=liaison(season, LIBRARY), at=NOON)
    assert refused.value.refusal_code == "rests"


def test_the_answer_of_another_department_holds_no_evidence_of_ones_own(season, office):
    problem = raise_about(season, SPORT, LIBRARY, by=office)
    found = filed(season, LIBRARY, EvidenceTarget.PROBLEM, str(problem.uuid), by=liaison(season, LIBRARY))
    answer(problem, by=liaison(season, SPORT), home=SPORT, on=DONE)
    judge(answer_of(problem, SPORT), by=office)
    withdraw_evidence(found, because="误传", by=liaison(season, LIBRARY), at=NOON)
    found.refresh_from_db()
    assert found.withdrawn_at == NOON


def test_an_answer_sent_back_after_the_merger_is_owed_by_the_successor(season, office):
    problem = raise_about(season, SPORT, by=office)
    answer(problem, by=liaison(season, SPORT), home=SPORT, on=DONE)
    close(season, office, department(season, SPORT), department(season, LIBRARY))
    moved = answer_of(problem)
    judge(moved, by=office, accept=False, note="未附材料")
    assert open_of(season, LIBRARY, problem)
    answer(problem, by=liaison(season, LIBRARY), on=DONE)
    assert not open_of(season, LIBRARY, problem)
    assert list(check_paperwork(season)) == []


def test_a_problem_the_successor_was_asked_about_once_comes_back_to_it(season, office):
    problem = raise_about(season, SPORT, LIBRARY, by=office)
    places = [department(season, SPORT)]
    edit_problem(problem, problem_draft(), departments=places, version=1, by=office, at=NOON)
    assert not open_of(season, LIBRARY, problem)
    close(season, office, department(season, SPORT), department(season, LIBRARY))
    assert open_of(season, LIBRARY, problem)
    row = answer(problem, by=liaison(season, LIBRARY), on=DONE)
    assert (row.state, open_of(season, LIBRARY, problem)) == ("reported", False)
    assert Problem.objects.get(pk=problem.pk).answers.standing().count() == 1


def test_a_circular_the_successor_had_been_taken_off_comes_back_to_it(season, office):
    circular = circulars.sent(season, office, SPORT, LIBRARY)
    sport = department(season, SPORT)
    edit_circular(circular, circulars.draft(), version=None, departments=[sport], by=office, at=NOON)
    circulars.relayed(circular, liaison(season, SPORT), home=SPORT)
    close(season, office, sport, department(season, LIBRARY))
    row = circulars.part(circular)
    assert (row.removed_at, row.relayed_on, row.carried_out_on) == (None, date(2009, 12, 3), None)
    assert open_of(season, LIBRARY, circular)
    circulars.carried_out(circular, liaison(season, LIBRARY))
    assert not open_of(season, LIBRARY, circular)
    assert list(check_paperwork(season)) == []


def test_what_the_successor_owed_no_more_is_owed_again(season, office):
    sport, library = department(season, SPORT), department(season, LIBRARY)
    owe(library, ObligationKind.CIRCULAR, key="k", name="旧", due_on=date(2009, 12, 1))
    drop_obligations(ObligationKind.CIRCULAR, key="k", at=NOON, department=library)
    owe(sport, ObligationKind.CIRCULAR, key="k", name="新", due_on=date(2009, 12, 30))
    close(season, office, sport, library)
    (row,) = Obligation.objects.filter(key="k").open()
    assert (row.department.name, row.name, row.due_on) == (LIBRARY, "新", date(2009, 12, 30))


def test_publicity_met_by_evidence_that_went_over_is_open_once_that_is_withdrawn(season, office):
    make_obligations(season)
    sport = department(season, "团委")
    medium = season.lists["media"][0]
    found = filed(season, "团委", EvidenceTarget.PUBLICITY, medium, by=liaison(season, "团委"))
    assert Obligation.objects.get(department=sport, kind=ObligationKind.PUBLICITY).met_at is not None
    close(season, office, sport, department(season, LIBRARY))
    found.refresh_from_db()
    withdraw_evidence(found, because="误传", by=liaison(season, LIBRARY), at=NOON)
    assert list(check_paperwork(season)) == []


def test_a_department_closed_meanwhile_is_closed_once(season, office):
    first, second = department(season, SPORT), department(season, SPORT)
    close(season, office, first, department(season, LIBRARY))
    with pytest.raises(Refused) as refused:
        close(season, office, second, department(season, "工会"))
    assert (refused.value.refusal_code, refused.value.field) == ("closed", "predecessors")


def test_nothing_goes_to_a_department_closed_meanwhile(season, office):
    stale = Department.objects.get(name=LIBRARY)
    close(season, office, department(season, LIBRARY), department(season, "工会"))
    with pytest.raises(Refused) as refused:
        close(season, office, department(season, SPORT), stale)
    assert (refused.value.refusal_code, refused.value.field) == ("closed", "existing")
