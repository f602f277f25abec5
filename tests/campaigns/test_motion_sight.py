"""Who sees what the implementation months bring: one queryset per model, told role by role."""

import pytest

from campaigns.enums import NominationState, RegisterCode, Role, TaskState
from campaigns.models import (
    Assignment,
    AssignmentReport,
    Circular,
    CircularRecipient,
    DepartmentChange,
    DutyRosterRow,
    EvaluationRow,
    Evidence,
    Exchange,
    Measurement,
    MonthlyReport,
    Nomination,
    Policy,
    PolicyItem,
    Problem,
    ProblemAnswer,
    ProblemPerson,
    Recommendation,
    Reminder,
    Responsibility,
    ServiceWork,
    Summary,
    SummaryVersion,
)
from campaigns.queries.actors import load_actor
from tests.campaigns.motion_records import make_in_motion
from tests.factories import NOON, department, make_actor, make_membership, make_person, make_user

LIBRARY, SPORT = "图书馆", "体育部"
OWN_ALONE = (Evidence, Assignment, AssignmentReport, Policy, PolicyItem, Summary, SummaryVersion, Nomination)
CIRCULARS = (Circular, CircularRecipient)
PROBLEMS = (Problem, ProblemAnswer, ProblemPerson)
OTHERS = (ServiceWork, MonthlyReport, Recommendation)
KNOWN_TO_ALL = (Exchange, Measurement, DepartmentChange)


@pytest.fixture
def in_motion(season):
    """One record of everything of the library."""
    clerk, place = make_user("clerk"), department(season, LIBRARY)
    objects = make_in_motion(season, place, make_person(season, home=LIBRARY), by_id=clerk.pk, number=1, at=NOON)
    return {name.removeprefix("campaigns:"): found for name, found in objects.items()}


def seen(actor, *models):
    """Return how many rows of each model the actor sees."""
    return [model.objects.visible_to(actor).count() for model in models]


def of(season, role, home=None):
    return make_actor(season, role, department=department(season, home) if home else None)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_overseers_see_the_records_of_all_departments(season, in_motion, role):
    everything = (*OWN_ALONE, *CIRCULARS, *OTHERS, *KNOWN_TO_ALL, Problem, ProblemAnswer)
    assert seen(of(season, role), *everything) == [1] * len(everything)


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_departments_see_their_own_records(season, in_motion, role):
    everything = (*OWN_ALONE, *CIRCULARS, *OTHERS, *KNOWN_TO_ALL, *PROBLEMS)
    assert seen(of(season, role, LIBRARY), *everything) == [1] * len(everything)


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_departments_see_nothing_of_others(season, in_motion, role):
    stranger = of(season, role, SPORT)
    assert seen(stranger, *OWN_ALONE, *CIRCULARS, *PROBLEMS, *OTHERS) == [0] * 16
    assert seen(stranger, *KNOWN_TO_ALL) == [1, 1, 1]


def test_nobody_of_another_season_sees_anything(other_season, in_motion):
    everything = (*OWN_ALONE, *CIRCULARS, *PROBLEMS, *OTHERS, *KNOWN_TO_ALL, EvaluationRow, Reminder)
    for role in (Role.OFFICE, Role.TEAM_LEAD, Role.LEADERSHIP):
        assert seen(make_actor(other_season, role), *everything) == [0] * len(everything)


def test_persons_a_problem_concerns_are_for_department_office_and_team(season, in_motion):
    assert seen(of(season, Role.LEADERSHIP), ProblemPerson) == [0]
    for role in (Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD):
        assert seen(of(season, role), ProblemPerson) == [1]


def test_department_that_raised_a_problem_sees_the_answers_but_not_the_persons(season, in_motion):
    Problem.objects.update(raising_department=department(season, SPORT))
    assert seen(of(season, Role.HEAD, SPORT), *PROBLEMS) == [1, 1, 0]


def test_department_named_by_a_problem_sees_its_own_answer_alone(season, in_motion):
    Problem.objects.update(raising_department=department(season, SPORT))
    ProblemAnswer.objects.create(problem=in_motion["problem"], department=department(season, "工会"))
    assert seen(of(season, Role.HEAD, "工会"), *PROBLEMS) == [1, 1, 0]
    assert seen(of(season, Role.HEAD, LIBRARY), *PROBLEMS) == [1, 1, 1]
    assert seen(of(season, Role.HEAD, SPORT), *PROBLEMS) == [1, 2, 0]


def test_problem_answered_no_more_is_not_there(season, in_motion):
    Problem.objects.update(raising_department=department(season, SPORT))
    ProblemAnswer.objects.update(state=TaskState.WITHDRAWN)
    assert seen(of(season, Role.HEAD, LIBRARY), Problem, ProblemAnswer) == [0, 0]


def test_circular_taken_back_is_not_there_for_departments(season, in_motion):
    head = of(season, Role.HEAD, LIBRARY)
    CircularRecipient.objects.update(removed_at=NOON)
    assert seen(head, *CIRCULARS) == [0, 0]
    CircularRecipient.objects.update(removed_at=None)
    Circular.objects.update(withdrawn_at=NOON)
    assert seen(head, *CIRCULARS) == [0, 0]
    assert seen(of(season, Role.OFFICE), *CIRCULARS) == [1, 1]


def test_service_work_is_seen_where_it_was_done(season, in_motion):
    visited = in_motion["service-record"].visited
    head = make_actor(season, Role.HEAD, department=visited)
    assert seen(head, ServiceWork) == [1]
    ServiceWork.objects.update(withdrawn_at=NOON)
    assert seen(head, ServiceWork) == [0]
    assert seen(of(season, Role.HEAD, LIBRARY), ServiceWork) == [1]


def test_report_of_conduct_is_seen_by_whom_it_went_to(season, in_motion):
    MonthlyReport.objects.update(addressee=department(season, "学生工作处"))
    assert seen(of(season, Role.STAFF, "学生工作处"), MonthlyReport) == [1]
    assert seen(of(season, Role.STAFF, "团委"), MonthlyReport) == [0]


def test_praise_is_seen_by_whom_it_praises(season, in_motion):
    Recommendation.objects.update(recommended=department(season, SPORT))
    head = of(season, Role.HEAD, SPORT)
    assert seen(head, Recommendation) == [1]
    Recommendation.objects.update(withdrawn_at=NOON)
    assert seen(head, Recommendation) == [0]
    assert seen(of(season, Role.HEAD, LIBRARY), Recommendation) == [1]


def test_commended_persons_are_known_to_all_and_their_files_are_not(season, in_motion):
    Nomination.objects.update(state=NominationState.CHOSEN)
    head = of(season, Role.HEAD, SPORT)
    assert seen(head, Nomination) == [1]
    assert Nomination.objects.files_visible_to(head).count() == 0
    assert Nomination.objects.files_visible_to(of(season, Role.HEAD, LIBRARY)).count() == 1


def test_summary_is_read_by_others_once_it_is_submitted(season, in_motion):
    Summary.objects.update(submitted_at=None)
    assert seen(of(season, Role.TEAM_LEAD), Summary) == [0]
    assert seen(of(season, Role.OFFICE), Summary) == [1]
    assert seen(of(season, Role.HEAD, LIBRARY), Summary) == [1]


# --- registers: keeper, team, office, the person's and the organising department


@pytest.mark.parametrize(
    ("role", "home", "expected"),
    [
        (Role.OFFICE, None, 1),
        (Role.ASSESSOR, None, 1),
        (Role.TEAM_LEAD, None, 1),
        (Role.LEADERSHIP, None, 0),
        (Role.HEAD, LIBRARY, 1),
        (Role.STAFF, LIBRARY, 1),
        (Role.HEAD, SPORT, 0),
    ],
)
def test_register_is_seen_by_team_office_and_the_persons_department(season, in_motion, role, home, expected):
    assert seen(of(season, role, home), EvaluationRow) == [expected]


def test_register_is_seen_by_its_keeper_and_not_by_the_keeper_of_another(season, in_motion):
    for code, expected in ((RegisterCode.EVALUATION, 1), (RegisterCode.WORKLOAD, 0)):
        user = make_user(f"keeper-{code}")
        make_membership(season, user, Role.STAFF, department=department(season, "教务处"))
        Responsibility.objects.create(campaign=season, code=code.responsibility, user=user)
        actor = load_actor(user, season, on=season.facts_until)
        assert actor.keeps == {code}
        assert seen(actor, EvaluationRow) == [expected]


def test_duty_roster_is_seen_by_the_department_that_keeps_it(season, in_motion):
    row = in_motion["register-row"]
    DutyRosterRow.objects.create(
        campaign=season,
        department=department(season, LIBRARY),
        organiser=department(season, SPORT),
        person=row.person,
        happened_on=NOON.date(),
        entered_by=row.entered_by,
        entered_at=NOON,
    )
    assert seen(of(season, Role.HEAD, SPORT), DutyRosterRow, EvaluationRow) == [1, 0]
    assert seen(of(season, Role.HEAD, LIBRARY), DutyRosterRow) == [1]
    assert seen(of(season, Role.HEAD, "工会"), DutyRosterRow) == [0]


def test_reminders_are_the_offices_and_everybodys_own(season):
    head = of(season, Role.HEAD, LIBRARY)
    Reminder.objects.create(
        campaign=season, channel="message", user_id=head.user_id, happened_on=NOON.date(), sent_at=NOON
    )
    assert seen(head, Reminder) == [1]
    assert seen(of(season, Role.STAFF, LIBRARY), Reminder) == [0]
    assert seen(of(season, Role.LEADERSHIP), Reminder) == [0]
    assert seen(of(season, Role.OFFICE), Reminder) == [1]
