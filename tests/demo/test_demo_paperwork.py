"""The demo's paperwork: told through the services, the same every time, with something of everything in it."""

from collections import Counter

import pytest

from campaigns.calculations.obligations import days_late, obligation_state
from campaigns.calculations.plans import uncovered
from campaigns.enums import ContestState, ObligationState, PlanState, ReceiptKind
from campaigns.models import (
    Ballot,
    Contest,
    DepartmentLeader,
    Duty,
    Obligation,
    Plan,
    PlanVersion,
    Receipt,
    StudySession,
    Suggestion,
)
from campaigns.queries.plan_content import content_of, duty_label
from campaigns.services.invariants import check_paperwork
from qualityseason.clock import day_of
from qualityseason.models import StoredFile
from qualityseason.services.files import path_of
from tests.factories import NOON, department


@pytest.fixture
def told(season):
    """The seeded season."""
    return season


def test_every_department_of_the_demo_can_be_called(told):
    numbers = list(told.departments.order_by("order").values_list("telephone", flat=True))
    assert (numbers[0], numbers[-1], len(set(numbers))) == ("2381", "2404", 24)


def test_paperwork_of_the_demo_is_in_order(told):
    assert list(check_paperwork(told)) == []


def test_paperwork_of_the_demo_has_something_of_everything(told):
    assert StudySession.objects.count() == 23  # the training centre held none
    entered_later = StudySession.objects.filter(announced_at__isnull=True)
    assert set(entered_later.values_list("department__name", flat=True)) == {"基建办", "保卫处"}
    undiscussed = StudySession.objects.filter(discussion_held=False)
    assert set(undiscussed.values_list("department__name", flat=True)) == {"旅游文法建筑工程系", "成人教育部"}
    assert Counter(Plan.objects.values_list("state", flat=True)) == {
        PlanState.APPROVED: 20,
        PlanState.RETURNED: 1,
        PlanState.SUBMITTED: 1,
        PlanState.REQUESTED: 1,
        PlanState.DRAFT: 1,
    }
    assert DepartmentLeader.objects.count() == 48
    assert not Duty.objects.filter(is_sample=False).exists()
    assert Suggestion.objects.filter(item__isnull=True, answer="").exists()
    assert Suggestion.objects.filter(item__isnull=False).exists()


def test_receipts_of_the_demo_leave_some_to_do(told):
    kinds = Counter(Receipt.objects.values_list("kind", flat=True))
    assert kinds == {ReceiptKind.ELECTRONIC: 20, ReceiptKind.PAPER: 19}  # of 22 versions
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, 40))


def test_obligations_of_the_demo_are_met_late_and_open(told):
    rows = Obligation.objects.filter(campaign=told, milestone__code="plan-ecopy")
    states = Counter(
        obligation_state(row.deadline, day_of(row.met_at) if row.met_at else None, on=NOON.date()) for row in rows
    )
    # late: 督导室 one day (a Saturday, so the Friday: in time), 图书馆 three, 基建办 four
    assert states == {ObligationState.MET: 20, ObligationState.MET_LATE: 2, ObligationState.OVERDUE: 2}
    library = rows.get(department=department(told, "图书馆"))
    assert days_late(library.deadline, day_of(library.met_at), on=NOON.date()) == 3


def test_plan_of_the_library_came_as_word_and_leaves_nothing_uncovered(told):
    plan = Plan.objects.get(department=department(told, "图书馆"))
    assert path_of(plan.word_file.file).read_bytes().startswith(b"PK")
    labels = [duty_label(duty) for duty in Duty.objects.filter(department=plan.department)]
    assert len(labels) == 5
    assert uncovered(labels, content_of(plan).items) == ()


def test_contest_of_the_demo_waits_for_a_tie_to_be_decided(told):
    contest = Contest.objects.get()
    assert contest.state == ContestState.CLOSED
    assert contest.entries.count() == 20
    # five judges; the one of 教务处 does not judge its plan
    assert Ballot.objects.count() == 20 * 5 - 1


def test_files_of_the_demo_are_all_attached(told):
    assert PlanVersion.objects.count() == 22
    assert not StoredFile.objects.filter(is_upload=True).exists()
