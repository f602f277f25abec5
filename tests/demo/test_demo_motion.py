"""The demo's months of implementation: something of everything in all departments, with the gaps the data name."""

from collections import Counter

import pytest

from campaigns.enums import (
    EvidenceTarget,
    NominationState,
    ObligationKind,
    RegisterCode,
    ReminderChannel,
    TaskState,
)
from campaigns.models import (
    Assignment,
    CircularRecipient,
    ClassAttendanceRow,
    EvaluationRow,
    Evidence,
    EvidenceLink,
    Exchange,
    Measurement,
    MonthlyReport,
    Nomination,
    Obligation,
    Policy,
    PolicyItem,
    ProblemAnswer,
    ProblemPerson,
    Recommendation,
    Reminder,
    ServiceWork,
    Summary,
    ViolationRow,
)
from campaigns.registers import REGISTERS
from campaigns.services.invariants import check_paperwork

SPORT, CENTRE = "体育部", "实训中心"


@pytest.fixture
def told(season):
    """The seeded season."""
    return season


def names(rows, field="department__name"):
    return set(rows.values_list(field, flat=True))


def test_what_the_demo_tells_is_in_order(told):
    assert list(check_paperwork(told)) == []


def test_every_department_files_evidence_and_has_a_policy(told):
    assert len(names(Evidence.objects.filter(links__isnull=False))) == 24
    assert Policy.objects.count() == 24


def test_gaps_of_the_haves_are_those_the_data_name(told):
    haves = told.lists["eight_haves"]
    filled = EvidenceLink.objects.filter(target=EvidenceTarget.HAVE).values_list("evidence__department__name", "key")
    missing = {}
    for name in told.departments.values_list("name", flat=True):
        lacks = [have for have in haves if (name, have) not in set(filled)]
        if lacks:
            missing[name] = set(lacks)
    assert missing[SPORT] >= {"有特色", "有典型"}
    assert missing["成人教育部"] == {"有实效"}
    assert set(missing) == {"体育部", "实训中心", "基建办", "成人教育部", "监察审计室"}


def test_evidence_waits_in_two_inboxes(told):
    assert names(Evidence.objects.unfiled()) == {"图书馆", "教务处"}


def test_publicity_is_met_by_evidence_but_for_one(told):
    owed = Obligation.objects.filter(kind=ObligationKind.PUBLICITY)
    assert owed.count() == 12
    assert names(owed.open()) == {SPORT}
    assert {row.met_by_kind for row in owed.exclude(met_at=None)} == {"evidence"}
    late = [row.department.name for row in owed.exclude(met_at=None) if row.met_at.date() > row.due_on]
    assert late == ["工商管理系"]


def test_circulars_are_carried_out_by_most_and_relayed_by_more(told):
    rows = CircularRecipient.objects.filter(circular__number="郴职院字[2009]52号")
    assert rows.count() == 24
    assert names(rows.filter(relayed_on=None)) == {CENTRE, "科研设备处"}
    only = rows.filter(relayed_on__isnull=False, carried_out_on=None)
    assert names(only) == {"工商管理系"}  # 招生就业处 alone did so once it was noticed (test_demo)
    late = rows.filter(department__name="招生就业处").get()
    assert late.carried_out_on > late.circular.due_on


def test_assignments_are_there_in_every_state_but_withdrawn(told):
    states = Counter(Assignment.objects.values_list("state", flat=True))
    assert states == {TaskState.ACCEPTED: 5, TaskState.REPORTED: 1, TaskState.GIVEN: 3}


def test_problems_are_answered_by_most_and_two_lack_a_part(told):
    assert names(ProblemAnswer.objects.filter(state=TaskState.GIVEN)) == {SPORT, CENTRE, "组织人事处"}
    people = ProblemPerson.objects.order_by("answer__department__order")
    assert names(people, "answer__department__name") == {"保卫处", "基础部"}
    assert all(person.handling and person.counselling and not person.teaching for person in people)


def test_policy_items_on_paper_only_are_those_the_data_name(told):
    without = PolicyItem.objects.filter(measures__isnull=True)
    assert names(without, "policy__department__name") == {"科研设备处", CENTRE, "工商管理系"}


def test_months_without_service_or_report_are_those_the_data_name(told):
    owed = Obligation.objects.filter(milestone=None, kind__in=["service", "breaches", "conduct"])
    assert owed.count() == 48
    assert set(owed.open().values_list("department__name", "key")) == {
        ("基建办", "2009-12"),
        ("监察审计室", "2009-11"),
        ("招生就业处", "2009-11"),
        ("科研设备处", "2009-12"),
        (CENTRE, "2009-12"),
        (SPORT, "2009-11"),
        (SPORT, "2009-12"),
        ("工商管理系", "2009-12"),
    }
    assert len(names(ServiceWork.objects.all())) == 14
    assert MonthlyReport.objects.filter(kind="conduct", confirmed_at=None).count() == 4


def test_all_eight_registers_have_rows(told):
    counts = {code: REGISTERS[code].model.objects.count() for code in RegisterCode}
    assert min(counts.values()) >= 3
    assert EvaluationRow.objects.filter(score__lt=60).exists()
    assert ViolationRow.objects.filter(consequence="").count() == 2


def test_two_classes_stay_below_half_three_times_running(told):
    low = Counter(ClassAttendanceRow.objects.filter(rate__lt=50).values_list("student_class__name", flat=True))
    assert sorted(low.values()) == [2, 3, 3]  # two weeks and one at 50 exactly are no fault


def test_exchanges_recommendations_and_measured_objectives_are_there(told):
    assert (Exchange.objects.count(), Recommendation.objects.count()) == (2, 4)
    values = [(row.objective, str(row.value)) for row in Measurement.objects.order_by("measured_on")]
    assert values == [("satisfaction", "83.50"), ("employment", "89.40"), ("satisfaction", "86.20")]


def test_summaries_are_there_in_every_state(told):
    states = Counter(Summary.objects.filter(kind="summary").values_list("state", flat=True))
    assert states == {"approved": 2, "submitted": 4, "returned": 1, "requested": 1, "draft": 2}
    assert Summary.objects.exclude(kind="summary").count() == 4


def test_three_persons_are_shortlisted(told):
    states = Counter(Nomination.objects.values_list("state", flat=True))
    assert states == {NominationState.SHORTLISTED: 3, NominationState.NOMINATED: 2}


def test_office_has_called_two_and_reminded_those_who_owe_something(told):
    calls = Reminder.objects.filter(channel=ReminderChannel.TELEPHONE)
    assert names(calls) == {CENTRE, SPORT}
    assert Reminder.objects.filter(channel=ReminderChannel.MESSAGE).count() > 20
