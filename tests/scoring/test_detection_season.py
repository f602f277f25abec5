"""A season as it happens to people and departments: who is charged before and after things move, and who no more."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import pytest

from campaigns.enums import DepartmentChangeKind, RegisterCode, Role
from campaigns.models import Department
from campaigns.queries.milestones import preview_move
from campaigns.services.circulars import withdraw_circular
from campaigns.services.department_changes import DecisionDraft, NewDepartment, Reorganisation, change_departments
from campaigns.services.duties import add_duty
from campaigns.services.imports import withdraw_import
from campaigns.services.milestones import move_milestone
from campaigns.services.minutes import MinutesDraft, keep_minutes
from campaigns.services.obligations import extend_obligation, make_obligations
from campaigns.services.problems import withdraw_problem
from campaigns.services.register_drafts import Excuse, RegisterDraft
from campaigns.services.registers import correct_row, enter_row, excuse_row, take_back_excuse
from campaigns.services.session_drafts import SessionDraft, SittingDraft
from campaigns.services.sessions import cancel_session, edit_session
from campaigns.services.staff import add_posting
from scoring.enums import FindingState
from scoring.models import Finding
from scoring.services.detection import detect_department
from scoring.services.findings import charge_findings, dismiss_findings
from tests.campaigns import circular_working as circulars
from tests.campaigns import summary_working as summaries
from tests.campaigns import task_working as tasks
from tests.campaigns.flow_working import HEAD, IN_TIME, give_back, make_plan, submit
from tests.campaigns.flow_working import actor as flow_actor
from tests.campaigns.handing_in import make_file
from tests.campaigns.month_working import UNION, make_service
from tests.campaigns.month_working import actor as month_actor
from tests.campaigns.owed_working import owed as plan_owed
from tests.campaigns.register_working import bring_in, the_term
from tests.campaigns.session_working import TOPIC, announced, at, entered, invited, kept_roll, liaison
from tests.campaigns.writing_working import make_duty
from tests.factories import NOON, SHANGHAI, department, make_actor, make_class, make_person
from tests.scoring.finding_working import picked

R = RegisterCode
FINANCE, SPORT, LIBRARY, CENTRE, TEACHING = "财会金融系", "体育部", "图书馆", "实训中心", "教务处"
COMPLETE = MinutesDraft(held=True, main_content="学习方案", discussion="人人发言")
CHANGED = date(2009, 12, 1)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


@pytest.fixture
def enter(season, office):
    """Return how a keeper enters a row."""

    def enter(register, *, at=NOON, **values):
        return enter_row(season, register, RegisterDraft(values), uuid=uuid.uuid4(), by=office, at=at)

    return enter


@pytest.fixture
def change(season, office):
    """Return how departments change."""

    def change(kind, *names, to=None, new=(), on=CHANGED, places=None, now=NOON, block=None):
        block = block or department(season, LIBRARY).block
        paper = make_file(by_id=office.user_id, is_upload=True, content=uuid.uuid4().hex)
        plan = Reorganisation(
            DepartmentChangeKind(kind),
            [department(season, name) for name in names],
            existing=department(season, to) if to else None,
            new=[NewDepartment(name, block, "support") for name in new],
            places=places or {},
        )
        decision = DecisionDraft(on, "院长办公会", "决定", [paper.uuid])
        change_departments(season, plan, uuid=uuid.uuid4(), effective_on=on, decision=decision, by=office, at=now)

    return change


def found(season, name, *codes, now=NOON):
    """Look at a department and return its undecided findings: rule, key, day."""
    detect_department(Department.objects.select_related("block", "campaign").get(campaign=season, name=name), at=now)
    rows = Finding.objects.filter(charged__name=name, state=FindingState.OPEN, rule__code__in=codes)
    return sorted((row.rule.code, row.charge_key, row.happened_on) for row in rows.select_related("rule"))


def codes(season, name, *wanted, now=NOON):
    return [code for code, _key, _day in found(season, name, *wanted, now=now)]


def away(person, day, **values):
    return {"person": person, "happened_on": day, "attended": False} | values


# --- people who move


def test_who_moved_is_charged_where_they_were_that_day(season, enter):
    person = make_person(season, home=FINANCE)
    add_posting(person, department=department(season, TEACHING), starts_on=date(2009, 11, 16), by_id=None, at=NOON)
    organiser = department(season, FINANCE)
    before = enter(R.RESEARCH_MEETING, **away(person, date(2009, 11, 15), organiser=organiser))
    after = enter(R.RESEARCH_MEETING, **away(person, date(2009, 11, 16), organiser=organiser))
    assert found(season, FINANCE, "B10") == [("B10", f"A8B10|research-meeting:{before.uuid}", date(2009, 11, 15))]
    assert found(season, TEACHING, "A8") == [("A8", f"A8B10|research-meeting:{after.uuid}", date(2009, 11, 16))]


def test_move_written_down_after_the_register_was(season, enter):
    person = make_person(season, home=FINANCE)
    row = enter(R.RESEARCH_MEETING, **away(person, date(2009, 11, 20), organiser=department(season, FINANCE)))
    add_posting(person, department=department(season, TEACHING), starts_on=date(2009, 11, 16), by_id=None, at=NOON)
    assert found(season, FINANCE, "B10") == []
    assert found(season, TEACHING, "A8") == [("A8", f"A8B10|research-meeting:{row.uuid}", date(2009, 11, 20))]


def test_two_of_one_name_are_two(season, enter):
    first, second = make_person(season, number="00123", home=FINANCE), make_person(season, number="00456", home=FINANCE)
    for person in (first, second):
        enter(R.EVALUATION, person=person, term=the_term(season), score=Decimal("59.99"))
    keys = [f"A6B6|person:{person.uuid}|2009-2010-1" for person in (first, second)]
    assert sorted(key for _code, key, _day in found(season, FINANCE, "B6")) == sorted(keys)


# --- departments that change


def test_renamed_department_is_asked_nothing_twice(season, office, enter, change):
    lead = make_actor(season, Role.TEAM_LEAD)
    row = enter(
        R.DUTY_ROSTER,
        person=make_person(season, home=LIBRARY),
        happened_on=date(2009, 11, 20),
        missed=True,
        shift="晚班",
    )
    [(_code, key, _day)] = found(season, LIBRARY, "B9")
    dismiss_findings([picked(Finding.objects.get(charge_key=key))], because="已调班", by=lead, at=NOON)
    change("rename", LIBRARY, new=["图书信息中心"])
    assert found(season, "图书信息中心", "B9") == []
    assert Finding.objects.get(charge_key=f"A7B9|duty-roster:{row.uuid}").state == FindingState.DISMISSED


def test_merged_department_s_registers_before_and_after(season, enter, change):
    person = make_person(season, home=SPORT)
    before = enter(R.RESEARCH_MEETING, **away(person, date(2009, 11, 20)))
    late = enter(R.RESEARCH_MEETING, **away(person, date(2009, 12, 2)))
    change("merge", SPORT, to=LIBRARY)
    after = enter(R.RESEARCH_MEETING, **away(person, date(2009, 12, 3), organiser=department(season, LIBRARY)))
    assert found(season, SPORT, "B10") == [("B10", f"A8B10|research-meeting:{before.uuid}", date(2009, 11, 20))]
    assert sorted(found(season, LIBRARY, "B10")) == sorted(
        [
            ("B10", f"A8B10|research-meeting:{late.uuid}", date(2009, 12, 2)),
            ("B10", f"A8B10|research-meeting:{after.uuid}", date(2009, 12, 3)),
        ]
    )


def test_duty_planned_ahead_on_the_roster_of_a_department_that_ended(season, office, enter, change):
    person, day = make_person(season, home=SPORT), date(2009, 12, 10)
    row = enter(R.DUTY_ROSTER, at=at(11, 25), person=person, happened_on=day, shift="晚班")
    change("merge", SPORT, to=LIBRARY, now=at(12, 1))
    row.refresh_from_db()
    correct_row(row, RegisterDraft({"person": person, "missed": True}), version=row.version, by=office, at=at(12, 11))
    assert found(season, SPORT, "B9") == []
    assert found(season, LIBRARY, "B9") == [("B9", f"A7B9|duty-roster:{row.uuid}", day)]


def test_class_below_the_rate_before_and_after_its_department_was_split(season, enter, change):
    group = make_class(season, home=SPORT)
    for day in (24, 26):
        enter(R.CLASS_ATTENDANCE, student_class=group, happened_on=date(2009, 11, day), rate=Decimal(40))
    change("split", SPORT, new=["体育一部", "体育二部"], places={str(group.uuid): 1})
    Department.objects.filter(name="体育二部").update(kind="teaching")
    group.refresh_from_db()
    enter(R.CLASS_ATTENDANCE, student_class=group, happened_on=date(2009, 12, 3), rate=Decimal(40))
    assert [codes(season, name, "B7") for name in (SPORT, "体育一部", "体育二部")] == [[], [], ["B7"]]


def test_closed_department_s_open_tasks_are_asked_of_who_comes_after(season, office, change):
    circular = circulars.sent(season, office, SPORT)
    problem = tasks.raise_about(season, SPORT, by=tasks.team(season))
    assert codes(season, SPORT, "B11", "B12") == ["B11", "B12"]
    change("close", SPORT, to=CENTRE)
    assert codes(season, SPORT, "B11", "B12") == []
    row, answer = circulars.part(circular, CENTRE), tasks.answer_of(problem, CENTRE)
    assert found(season, CENTRE, "B11", "B12") == [
        ("B11", f"A9B11|circular-recipient:{row.uuid}", date(2009, 12, 10)),
        ("B12", f"A10B12|problem-answer:{answer.uuid}", date(2009, 11, 20)),
    ]


def test_duty_that_came_over_says_nothing_of_another_of_its_number(season, office, change):
    """Both plans number from 1; what the predecessor's plan serves is not what the successor's lacks."""
    own, theirs = make_duty(season, "1", "采购图书"), make_duty(season, "1", "体育场地", home=SPORT)
    for name in (LIBRARY, SPORT):
        plan = make_plan(season, name)
        if name == SPORT:
            plan.items.first().duties.add(theirs)
        submit(plan, flow_actor(season, HEAD, place=name), at=IN_TIME)
    change("merge", SPORT, to=LIBRARY)
    assert found(season, LIBRARY, "P3") == [("P3", f"P3|duty:{own.uuid}", date(2009, 11, 6))]


def test_month_in_which_a_department_came_to_be_is_served_by_what_it_came_from(season, change):
    """Service work of the month its predecessor did needs not be done twice."""
    union = month_actor(season, home=UNION)
    make_service(season, union, day=date(2009, 11, 5))
    block = department(season, UNION).block
    change("close", UNION, new=["职工服务中心"], on=date(2009, 11, 20), block=block)
    assert found(season, "职工服务中心", "A2", now=at(12, 10)) == []
    assert codes(season, "职工服务中心", "A2", now=datetime(2010, 1, 2, 9, tzinfo=SHANGHAI)) == ["A2"]  # December


# --- study sessions


def test_session_cancelled_after_its_notice_and_held_later(season):
    """The one called off proves nothing, for or against: neither its notice nor its invitation counts."""
    person = liaison(season)
    first = announced(season, at(10, 15, 15), by=person, invitations=(invited(),))
    cancel_session(first, because="停电", by_id=person.pk, at=at(10, 15, 10))
    assert codes(season, LIBRARY, "S1a", "S1b", "S3b", now=at(10, 31, 23, 59)) == []
    assert codes(season, LIBRARY, "S1a", "S1b", "S3b", now=at(11, 1, 0)) == ["S3b"]
    later = entered(season, at(11, 5, 15), by=person, now=at(11, 6), invitations=())
    keep_minutes(later, COMPLETE, by_id=person.pk, at=at(11, 6))
    assert codes(season, LIBRARY, "S1a", "S1b", "S3b", now=at(11, 7)) == ["S1a", "S1b"]


def test_make_up_sitting_has_all_be_there_before_anybody_is_missed(season):
    person = liaison(season)
    people = [make_person(season, name, number=f"0010{n}") for n, name in enumerate("甲乙丙")]
    session = announced(season, at(10, 15, 15), by=person, invitations=(invited(),))
    keep_minutes(session, COMPLETE, by_id=person.pk, at=at(10, 16))
    kept_roll(session, people, ["present", "absent", ""], by=person, now=at(10, 16))
    assert codes(season, LIBRARY, "S2", now=at(10, 17)) == ["S2", "S2"]
    again = SittingDraft(at(10, 22, 15), "三楼会议室", is_make_up=True)
    new = SessionDraft(TOPIC, (SittingDraft(at(10, 15, 15), "三楼会议室"), again), (invited(),))
    edit_session(session, new, version=None, by_id=person.pk, at=at(10, 18))
    assert codes(season, LIBRARY, "S2", now=at(10, 22, 23, 59)) == []
    kept_roll(session, people, ["present", "present", ""], by=person, now=at(10, 22, 20))
    assert [key for _code, key, _day in found(season, LIBRARY, "S2", now=at(10, 23, 0))] == [
        f"S2|person:{people[2].uuid}|season"
    ]


def test_who_moved_and_studied_there_is_missed_nowhere(season):
    ours, theirs = liaison(season), liaison(season, FINANCE)
    person, stayed = make_person(season), make_person(season, "丁一", number="00101")
    add_posting(person, department=department(season, FINANCE), starts_on=date(2009, 10, 20), by_id=None, at=NOON)
    first = announced(season, at(10, 15, 15), by=ours)
    kept_roll(first, [person, stayed], ["absent", "present"], by=ours, now=at(10, 16))
    assert codes(season, LIBRARY, "S2", now=at(10, 21)) == ["S2"]
    second = announced(season, at(10, 22, 15), by=theirs, home=FINANCE)
    kept_roll(second, [person], ["present"], by=theirs, now=at(10, 22, 20))
    assert [codes(season, name, "S2") for name in (LIBRARY, FINANCE)] == [[], []]


# --- deadlines


def test_day_ends_at_midnight_for_what_is_owed_by_it(season, office):
    circulars.sent(season, office)
    assert codes(season, LIBRARY, "B11", now=at(12, 10, 23, 59)) == []
    assert codes(season, LIBRARY, "B11", now=at(12, 11, 0)) == ["B11"]


def test_extension_reaches_beyond_the_general_day_and_a_moved_day_beyond_the_extension(season, office):
    make_obligations(season)
    duty = make_duty(season)
    row = plan_owed(season)
    extend_obligation(row, until=date(2009, 11, 12), reason="搬迁", version="2009-11-06", by=office, at=at(11, 2))
    assert codes(season, LIBRARY, "P3", now=at(11, 12, 23, 59)) == []
    assert found(season, LIBRARY, "P3", now=at(11, 13, 0)) == [("P3", f"P3|duty:{duty.uuid}", date(2009, 11, 12))]
    until = date(2009, 11, 20)
    seen = preview_move(row.milestone, until=until, on=date(2009, 11, 13)).digest
    move_milestone(row.milestone, until=until, reason="全院搬迁", seen=seen, by=office, at=at(11, 13))
    assert codes(season, LIBRARY, "P3", now=at(11, 20)) == []
    assert found(season, LIBRARY, "P3", now=at(11, 21, 0)) == [("P3", f"P3|duty:{duty.uuid}", until)]


# --- registers


def test_batch_withdrawn_as_a_whole_charges_nobody_any_more(season, office):
    make_person(season, number="00123", home=FINANCE)
    make_person(season, "李娜", number="00124", home=FINANCE)
    rows = [
        ("00123", "张伟", FINANCE, "2009-2010-1", "59.99", ""),
        ("00124", "李娜", FINANCE, "2009-2010-1", "60", ""),
    ]
    batch = bring_in(season, R.EVALUATION, rows, by=office).batch
    assert codes(season, FINANCE, "B6") == ["B6"]
    withdraw_import(batch, by=office, at=NOON, because="发错学期")
    assert codes(season, FINANCE, "B6") == []


def test_excuse_silences_and_taken_back_it_counts_again(season, office, enter):
    row = enter(R.RESEARCH_MEETING, **away(make_person(season, home=FINANCE), date(2009, 11, 20)))
    excused = excuse_row(row, Excuse("病假", "张处长", date(2009, 11, 19)), version=1, by=office, at=NOON)
    assert codes(season, FINANCE, "B10") == []
    take_back_excuse(excused, version=2, by=office, at=NOON)
    assert codes(season, FINANCE, "B10") == ["B10"]


def test_rows_that_contradict_each_other_propose_no_points(season, enter):
    person, day = make_person(season, home=FINANCE), date(2009, 11, 20)
    kept = {"person": person, "happened_on": day, "shift": "晚班", "organiser": department(season, "保卫处")}
    enter(R.DUTY_ROSTER, person=person, happened_on=day, shift="晚 班", missed=True)
    enter(R.DUTY_ROSTER, **kept)
    assert codes(season, FINANCE, "B9") == ["B9"]
    assert [one.proof for one in Finding.objects.filter(rule__code="B9")] == ["contradicted"]
    assert codes(season, "保卫处", "A7") == []


# --- papers and tasks


def test_duty_added_after_the_plan_was_submitted_is_served_by_the_next_version(season, office):
    """The document gives the duty, whenever it was typed here; a plan handed in again mends it, however late."""
    plan, head = make_plan(season), flow_actor(season, HEAD, place=LIBRARY)
    submit(plan, head, at=IN_TIME)
    assert codes(season, LIBRARY, "P3") == []
    duty = add_duty(department(season, LIBRARY), number="1", text="采购图书", by_id=office.user_id, at=at(11, 25))
    assert found(season, LIBRARY, "P3") == [("P3", f"P3|duty:{duty.uuid}", date(2009, 11, 6))]
    give_back(plan, office, at=at(11, 26))
    plan.items.first().duties.add(duty)
    assert codes(season, LIBRARY, "P3") == ["P3"]  # returned, the version handed in is still what counts
    submit(plan, head, at=at(12, 20))
    assert codes(season, LIBRARY, "P3") == []


def test_summary_returned_and_submitted_again(season, office):
    head = flow_actor(season, HEAD, place=LIBRARY)
    summary = summaries.begin(season, head)
    summaries.write(summary, head, parts=summaries.FIVE[:3])
    summaries.submit(summary, head, at=at(12, 20))
    assert found(season, LIBRARY, "B16") == [
        ("B16", f"A14B16|summary:{department(season, LIBRARY).uuid}", date(2009, 12, 20))
    ]
    assert Finding.objects.get(rule__code="B16").quantity == 2
    summaries.give_back(summary, office, at=at(12, 21))
    summaries.write(summary, head, at=at(12, 22))
    assert codes(season, LIBRARY, "B16") == ["B16"]
    summaries.submit(summary, head, at=at(12, 23))
    assert codes(season, LIBRARY, "B16") == []


def test_what_was_withdrawn_is_asked_of_nobody(season, office):
    circular = circulars.sent(season, office)
    problem = tasks.raise_about(season, LIBRARY, by=office)
    assert codes(season, LIBRARY, "B11", "B12") == ["B11", "B12"]
    withdraw_circular(circular, because="作废", by=office, at=NOON)
    withdraw_problem(problem, because="误报", by=office, at=NOON)
    assert codes(season, LIBRARY, "B11", "B12") == []


def test_assignment_reported_in_time_and_sent_back_is_one_fact_from_late_to_undone(season, office):
    union = tasks.staff(season, UNION)
    [given] = tasks.give(season, UNION, by=office, at=at(11, 16))
    report = tasks.report(given, by=union, done_on=date(2009, 11, 19), at=at(11, 19))
    assert codes(season, UNION, "A11a", "A11b", now=at(11, 24)) == []
    tasks.send_back(report, by=office, at=at(11, 24))
    key = f"A11|assignment:{given.uuid}|season"
    assert found(season, UNION, "A11a", "A11b", now=at(11, 27)) == [("A11a", key, date(2009, 11, 24))]
    assert found(season, UNION, "A11a", "A11b", now=at(11, 28)) == [("A11b", key, date(2009, 11, 28))]
    again = tasks.report(given, by=union, done_on=date(2009, 11, 26), at=at(11, 29))
    assert found(season, UNION, "A11a", "A11b", now=at(11, 29)) == [("A11a", key, date(2009, 11, 21))]
    tasks.accept(again, by=office, done_on=date(2009, 11, 20), at=at(11, 30))
    assert codes(season, UNION, "A11a", "A11b", now=at(11, 30)) == []


def test_assignment_charged_before_the_department_ended_is_not_charged_to_its_successor(season, office, change):
    [given] = tasks.give(season, UNION, by=office, at=at(11, 16))
    report = tasks.report(given, by=tasks.staff(season, UNION), done_on=date(2009, 11, 24), at=at(11, 24))
    assert codes(season, UNION, "A11a", "A11b", now=at(11, 25)) == ["A11a"]
    finding = Finding.objects.get(rule__code="A11a")
    charge_findings([picked(finding)], by=make_actor(season, Role.ASSESSOR), at=at(11, 25))
    change("close", UNION, to="团委", on=date(2009, 11, 26), now=at(11, 26))
    assert codes(season, "团委", "A11a", "A11b", now=at(11, 27)) == []
    tasks.accept(report, by=office, at=at(11, 27))
    assert codes(season, "团委", "A11a", "A11b", now=at(11, 28)) == []
