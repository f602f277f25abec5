"""Circulars, problems and assignments read from real rows, and what is seen of them."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from campaigns.enums import DepartmentChangeKind
from campaigns.models import Obligation
from campaigns.services.assignments import withdraw_assignment
from campaigns.services.circulars import withdraw_circular
from campaigns.services.department_changes import DecisionDraft, Reorganisation, change_departments
from campaigns.services.problem_persons import Dealing, add_person, remove_person
from campaigns.services.problems import withdraw_problem
from scoring.enums import Proof
from scoring.facts.tasks import AssignmentFact, CircularFact, ProblemFact, ProblemPersonFact
from scoring.models import Announcement, Finding
from scoring.queries.detection import know_season, look_at
from scoring.queries.sources import LINKS, SOURCES
from scoring.services.detection import detect_department
from tests.campaigns import circular_working as circulars
from tests.campaigns import task_working as tasks
from tests.campaigns.handing_in import make_file
from tests.factories import NOON, SHANGHAI, department, make_person

HOME, UNION = "图书馆", "工会"
DAY = date(2009, 12, 28)
DUE = tasks.DUE  # of assignments and problems
EARLY = datetime(2009, 11, 18, 9, tzinfo=SHANGHAI)
WHOLE = Dealing("通报批评", date(2009, 11, 18), "谈心", date(2009, 11, 19), "全馆会议", date(2009, 11, 20))
HANDLED = Dealing(handling="通报批评", handled_on=date(2009, 11, 18))


@pytest.fixture
def office(season):
    return tasks.office(season)


@pytest.fixture
def liaison(season):
    return tasks.staff(season)


def read(season, source, home=HOME, *, on=DAY):
    return SOURCES[source](department(season, home), on)


def seen(season, code, home=HOME, *, on=DAY):
    """Return key, proof and day of what one rule sees."""
    looked = look_at(department(season, home), know_season(season, on=on))
    return [(one.charge_key, one.proof, one.suspicion.happened_on) for one in looked.seen if one.rule.code == code]


def extend(record, until, home=HOME):
    Obligation.objects.filter(key=str(record.uuid), department__name=home).update(extended_to=until)


def owed_still(record):
    """Let what was dropped with a record be owed again, so that the record's own state alone can tell."""
    Obligation.objects.filter(key=str(record.uuid)).update(dropped_at=None)


def announce(season, kind, *, by, starts_on):
    Announcement.objects.create(
        campaign=season, kind=kind, starts_on=starts_on, announced_by_id=by.user_id, announced_at=NOON
    )


def add(problem, *, by, home=HOME, person=None, label="", dealing=HANDLED):
    row = tasks.answer_of(problem, home)
    return add_person(row, dealing, uuid=uuid4(), person=person, label=label, by=by, at=NOON)


# --- circulars


def test_circular_is_read_for_each_department_until_both_parts_are_there(season, office, liaison):
    circular = circulars.sent(season, office, HOME, UNION)
    assert read(season, "circulars", on=circulars.DUE) == ()
    circulars.relayed(circular, liaison)
    assert read(season, "circulars") == (
        CircularFact(
            circulars.part(circular).uuid,
            "关于加强考勤的通知",
            "郴职院发[2009]40号",
            date(2009, 12, 1),
            date(2009, 12, 10),
            date(2009, 12, 3),
            None,
            page=circular.uuid,
        ),
    )
    circulars.carried_out(circular, liaison, on=date(2009, 12, 20))
    assert read(season, "circulars") == ()
    assert len(read(season, "circulars", UNION)) == 1


def test_withdrawn_circular_and_removed_recipient_are_not_read(season, office):
    withdrawn, removed = circulars.sent(season, office), circulars.sent(season, office, number="别号")
    withdraw_circular(withdrawn, because="作废", by=office, at=NOON)
    row = circulars.part(removed)
    row.removed_at = NOON
    row.save()
    assert read(season, "circulars") == ()


def test_circular_nobody_owes_any_more_is_not_read(season, office):
    circular = circulars.sent(season, office)
    Obligation.objects.filter(key=str(circular.uuid)).update(dropped_at=NOON)
    assert read(season, "circulars") == ()


def test_circular_is_seen_under_the_rule_of_the_block_and_proven_once_announced(season, office):
    circular = circulars.sent(season, office, HOME, UNION)
    extend(circular, date(2009, 12, 15), UNION)
    mine = f"A9B11|circular-recipient:{circulars.part(circular).uuid}"
    theirs = f"A9B11|circular-recipient:{circulars.part(circular, UNION).uuid}"
    assert seen(season, "B11") == [(mine, Proof.NO_RECORD, date(2009, 12, 10))]
    announce(season, "circular", by=office, starts_on=date(2009, 12, 11))
    assert seen(season, "B11") == [(mine, Proof.NO_RECORD, date(2009, 12, 10))]
    assert seen(season, "A9", UNION) == [(theirs, Proof.PROVEN, date(2009, 12, 15))]
    assert (seen(season, "A9"), seen(season, "A9", UNION, on=date(2009, 12, 15))) == ([], [])


# --- problems


def test_answered_problem_is_not_read_before_or_after_the_verdict(season, office, liaison):
    problem = tasks.raise_about(season, by=office)
    assert len(read(season, "problems")) == 1
    row = tasks.answer(problem, by=liaison, on=date(2009, 12, 20))
    assert read(season, "problems") == ()
    tasks.judge(row, by=office)
    assert read(season, "problems") == ()


def test_problem_sent_back_is_read_with_its_days(season, office, liaison):
    problem = tasks.raise_about(season, by=office, at=EARLY)
    row = tasks.answer(problem, by=liaison, on=date(2009, 11, 18), at=EARLY)
    tasks.judge(row, by=office, accept=False, note="缺照片")
    assert read(season, "problems") == (
        ProblemFact(row.uuid, "阅览室地面积水", tasks.GIVEN, DUE, date(2009, 11, 18), DAY, page=problem.uuid),
    )
    assert seen(season, "B12") == [(f"A10B12|problem-answer:{row.uuid}", Proof.PROVEN, DAY)]


def test_withdrawn_problem_and_department_no_longer_named_are_not_read(season, office):
    problem = tasks.raise_about(season, HOME, UNION, by=office)
    row = tasks.answer_of(problem, UNION)
    row.state = "withdrawn"
    row.save()
    assert read(season, "problems", UNION) == ()
    withdraw_problem(problem, because="误报", by=office, at=NOON)
    owed_still(problem)
    assert read(season, "problems") == ()


def test_unanswered_problem_is_seen_of_each_department_after_its_own_last_day(season, office):
    problem = tasks.raise_about(season, HOME, UNION, by=office)
    extend(problem, date(2009, 12, 27), UNION)
    mine, theirs = tasks.answer_of(problem), tasks.answer_of(problem, UNION)
    assert seen(season, "B12") == [(f"A10B12|problem-answer:{mine.uuid}", Proof.NO_RECORD, DUE)]
    assert seen(season, "A10", UNION, on=date(2009, 12, 27)) == []
    announce(season, "problem", by=office, starts_on=date(2009, 12, 27))
    found = (f"A10B12|problem-answer:{theirs.uuid}", Proof.PROVEN, date(2009, 12, 27))
    assert seen(season, "A10", UNION) == [found]


# --- persons of problems


def test_person_is_read_until_all_three_parts_are_there(season, office, liaison):
    problem, person = tasks.raise_about(season, by=office), make_person(season)
    row = add(problem, by=liaison, person=person)
    add(problem, by=liaison, label="外来人员", dealing=WHOLE)
    (fact,) = read(season, "problem-persons")
    assert fact.person is not None
    assert (fact.uuid, fact.label, fact.person.id, fact.page) == (row.uuid, "张伟(00123)", person.pk, problem.uuid)
    assert (fact.is_handled, fact.is_counselled, fact.is_taught) == (True, False, False)
    assert (fact.deadline, fact.handled_on, fact.taught_on) == (DUE, date(2009, 11, 18), None)
    remove_person(row, by=liaison, at=NOON)
    assert read(season, "problem-persons") == ()


def test_persons_of_withdrawn_problems_and_of_others_are_not_read(season, office, liaison):
    problem = tasks.raise_about(season, HOME, UNION, by=office)
    add(problem, by=liaison, label="外来人员")
    assert (len(read(season, "problem-persons")), read(season, "problem-persons", UNION)) == (1, ())
    withdraw_problem(problem, because="误报", by=office, at=NOON)
    owed_still(problem)
    assert read(season, "problem-persons") == ()


def test_namesakes_and_students_are_each_seen_once_though_the_answer_is_accepted(season, office, liaison):
    problem = tasks.raise_about(season, by=office)
    rows = [
        add(problem, by=liaison, person=make_person(season)),
        add(problem, by=liaison, person=make_person(season, number="00124")),
        add(problem, by=liaison, label="外来人员"),
    ]
    tasks.judge(tasks.answer(problem, by=liaison), by=office)
    assert seen(season, "B15") == [(f"A13B15|problem-person:{row.uuid}", Proof.NO_RECORD, DUE) for row in rows]
    extend(problem, DAY)
    assert seen(season, "B15") == []


# --- assignments


def test_assignment_is_read_with_the_day_of_its_last_report(season, office, liaison):
    (row,) = tasks.give(season, by=office)
    assert read(season, "assignments", on=DUE) == ()
    assert read(season, "assignments") == (AssignmentFact(row.uuid, "报送档案目录", tasks.GIVEN, DUE, None, None),)
    report = tasks.report(row, by=liaison, done_on=date(2009, 11, 24))
    assert read(season, "assignments")[0].done_on == date(2009, 11, 24)
    tasks.send_back(report, by=office)
    assert [(one.done_on, one.sent_back_on) for one in read(season, "assignments")] == [(None, DAY)]
    tasks.accept(tasks.report(row, by=liaison, done_on=date(2009, 11, 25)), by=office)
    assert [(one.done_on, one.sent_back_on) for one in read(season, "assignments")] == [(date(2009, 11, 25), None)]


def test_assignment_sent_back_twice_is_read_with_the_last_day_and_as_not_done(season, office, liaison):
    (row,) = tasks.give(season, by=office, at=EARLY)
    for at in (EARLY, NOON):
        tasks.send_back(tasks.report(row, by=liaison, done_on=EARLY.date(), at=at), by=office, at=at)
    assert [(one.done_on, one.sent_back_on) for one in read(season, "assignments")] == [(None, DAY)]
    row.refresh_from_db()
    row.done_on = DUE
    row.save()
    assert read(season, "assignments")[0].done_on is None


def test_withdrawn_assignment_and_that_of_others_are_not_read(season, office):
    (row,) = tasks.give(season, by=office)
    assert read(season, "assignments", UNION) == ()
    withdraw_assignment(row, because="改期", by=office, at=NOON)
    owed_still(row)
    assert read(season, "assignments") == ()


def test_assignment_becomes_undone_under_the_key_it_was_late_by(season, office):
    (row,) = tasks.give(season, UNION, by=office)
    key = f"A11|assignment:{row.uuid}|season"
    late = [(key, Proof.NO_RECORD, date(2009, 11, 21))]
    assert seen(season, "A11a", UNION, on=DUE) == []
    assert (seen(season, "A11a", UNION, on=date(2009, 11, 27)), seen(season, "A11b", UNION)) == (
        late,
        [(key, Proof.NO_RECORD, date(2009, 11, 28))],
    )
    assert seen(season, "A11a", UNION) == []
    extend(row, DAY, UNION)
    assert seen(season, "A11b", UNION) == []


def test_assignment_done_late_is_proven_and_block_without_the_clause_is_not_charged(season, office, liaison):
    (mine,), (theirs,) = (tasks.give(season, home, by=office) for home in (HOME, UNION))
    tasks.report(mine, by=liaison, done_on=date(2009, 11, 24))
    tasks.report(theirs, by=tasks.staff(season, UNION), done_on=date(2009, 11, 24))
    key = f"A11|assignment:{theirs.uuid}|season"
    assert seen(season, "A11a", UNION) == [(key, Proof.PROVEN, date(2009, 11, 21))]
    assert (seen(season, "A11a"), seen(season, "A11b")) == ([], [])


def test_finding_of_a_late_assignment_becomes_that_of_one_not_done_and_is_gone_when_it_was_done_in_time(season, office):
    (row,) = tasks.give(season, UNION, by=office)
    union = department(season, UNION)
    ours = Finding.objects.filter(rule__family="A11")
    stands = []
    for day in (27, 28):
        detect_department(union, at=datetime(2009, 11, day, 22, tzinfo=SHANGHAI))
        stands += ours.values_list("rule__code", "state", "reason")
    assert stands == [("A11a", "open", "late-unreported"), ("A11b", "open", "undone-unreported")]
    tasks.report(row, by=tasks.staff(season, UNION), done_on=DUE)
    detect_department(union, at=NOON)
    assert [one.state for one in ours] == ["gone"]


# --- all of them


def test_open_tasks_of_a_closed_department_are_read_of_its_heir_alone(season, office):
    tasks.give(season, UNION, by=office)
    add(tasks.raise_about(season, UNION, by=office), by=tasks.staff(season, UNION), home=UNION, label="外来人员")
    circulars.sent(season, office, UNION)
    paper = make_file(by_id=office.user_id, is_upload=True, content=uuid4().hex)
    change_departments(
        season,
        Reorganisation(DepartmentChangeKind.CLOSE, [department(season, UNION)], existing=department(season, HOME)),
        uuid=uuid4(),
        effective_on=date(2009, 12, 20),
        decision=DecisionDraft(date(2009, 12, 19), "院长办公会", "决定", [paper.uuid]),
        by=office,
        at=NOON,
    )
    sources = ("circulars", "problems", "problem-persons", "assignments")
    assert [len(read(season, source)) for source in sources] == [1, 1, 1, 1]
    assert [len(read(season, source, UNION)) for source in sources] == [0, 0, 0, 0]


@pytest.mark.parametrize("source", ["circulars", "problems", "problem-persons", "assignments"])
@pytest.mark.parametrize("number", [1, 3])
def test_two_queries_at_any_size(season, office, liaison, source, number, django_assert_num_queries):
    for each in range(number):
        circulars.sent(season, office, number=f"{each}号")
        problem = tasks.raise_about(season, by=office, title=f"问题{each}")
        add(problem, by=liaison, person=make_person(season, number=f"0020{each}"))
        tasks.report(*tasks.give(season, by=office, title=f"任务{each}"), by=liaison)
    home = department(season, HOME)
    with django_assert_num_queries(2):
        facts = SOURCES[source](home, DAY)
    assert len(facts) == number


def test_links_lead_to_the_pages_of_the_records(season):
    kinds = (CircularFact.kind, ProblemFact.kind, ProblemPersonFact.kind, AssignmentFact.kind)
    assert [LINKS[kind] for kind in kinds] == [
        "campaigns:circular",
        "campaigns:problem",
        "campaigns:problem",
        "campaigns:assignment",
    ]


def test_detection_before_the_reports_changes_nothing_but_facts_do(season, office, liaison):
    (row,) = tasks.give(season, UNION, by=office)
    union, staff = department(season, UNION), tasks.staff(season, UNION)

    def mark(on):
        looked = look_at(union, know_season(season, on=on))
        return [one.fingerprint for one in looked.seen if one.rule.family == "A11"]

    assert mark(date(2009, 12, 1)) == mark(DAY)
    before = mark(DAY)
    tasks.report(row, by=staff, done_on=date(2009, 12, 1))
    assert mark(DAY) != before
