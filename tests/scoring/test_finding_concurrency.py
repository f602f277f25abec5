"""Findings decided, looked for and recorded by hand at once, each with a connection of its own: one fact, one story."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from campaigns.enums import Role
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from scoring.detectors import DETECTORS
from scoring.enums import FindingState
from scoring.facts import Suspicion
from scoring.models import Deduction, Detection, Finding
from scoring.queries.subjects import subject_of
from scoring.services.detection import detect_department, detect_wanted, want_detection
from scoring.services.finding_invariants import check_findings
from scoring.services.findings import charge_findings, dismiss_findings, reopen_finding
from scoring.services.ledger import record_deduction, withdraw_deduction
from tests.at_once import at_once
from tests.factories import DAY, NOON, department, make_actor, make_draft, make_person
from tests.scoring.finding_working import make_finding, paper, picked

LATER = NOON + timedelta(days=1)
ROUNDS = 4
DUTY = {"duty": "第三项", "day": "2009-11-06", "version": 1}  # what the sentence names


@pytest.fixture
def team(committed_season):
    return [make_actor(committed_season, Role.TEAM_LEAD) for _number in range(6)]


@pytest.fixture
def seeing(monkeypatch):
    """Return a function that says which records one detector sees of a department; all others see nothing."""

    def install(records, figure="old"):
        def detect(facts, terms):
            reason = next(iter(DETECTORS["plan-duties"].reasons))
            for record in records(terms.department.name):
                number = uuid.uuid5(uuid.NAMESPACE_URL, record)
                yield Suspicion(reason, DUTY, DAY, (paper(uuid=number, figure=figure),), record=record)

        for name, detector in DETECTORS.items():
            monkeypatch.setitem(DETECTORS, name, replace(detector, detect=lambda facts, terms: iter(())))
        monkeypatch.setitem(DETECTORS, "plan-duties", replace(DETECTORS["plan-duties"], detect=detect))

    return install


def fresh(finding):
    return Finding.objects.get(pk=finding.pk)


def acts(prefix):
    return AuditEntry.objects.filter(act__startswith=prefix).order_by("pk").values_list("act", flat=True)


def in_order(season, *names):
    """Whether nothing is wrong with the findings of these departments."""
    return [sentence for name in names for sentence in check_findings(department(season, name))] == []


def test_charged_by_six_at_once_is_one_line_and_five_are_told(committed_season, team):
    finding = make_finding(committed_season, "B1")
    results = at_once(*(lambda by=by: charge_findings([picked(finding)], by=by, at=NOON) for by in team))

    assert sorted(len(result.done) for result in results) == [0, 0, 0, 0, 0, 1]
    assert len({sentence for result in results for _finding, sentence in result.refused}) == 1
    [line] = Deduction.objects.all()
    assert (fresh(finding).state, fresh(finding).deduction) == (FindingState.CHARGED, line)
    assert list(acts("finding.")) == ["finding.charge"]


def test_charged_twice_at_once_by_one_person_is_one_line_and_the_same_answer(committed_season, team):
    finding = make_finding(committed_season, "B1")
    results = at_once(*[lambda: charge_findings([picked(finding)], by=team[0], at=NOON)] * 6)

    assert [(result.done, result.refused) for result in results] == [([finding], [])] * 6
    assert Deduction.objects.count() == 1
    assert list(acts("finding.")) == ["finding.charge"]


def test_charged_and_dismissed_at_once_ends_in_one_story(committed_season, team):
    for number in range(ROUNDS):
        finding = make_finding(committed_season, "B1", record=f"r:{number}")
        charge, dismissal = at_once(
            lambda finding=finding: charge_findings([picked(finding)], by=team[0], at=NOON),
            lambda finding=finding: dismiss_findings([picked(finding)], because="已补齐", by=team[1], at=NOON),
        )
        assert len(charge.done) + len(dismissal.done) == 1
        state = FindingState.CHARGED if charge.done else FindingState.DISMISSED
        assert (fresh(finding).state, fresh(finding).deductions.count()) == (state, len(charge.done))
    assert in_order(committed_season, "图书馆")


def test_charged_while_its_facts_change_is_charged_as_shown_or_shown_again(committed_season, team, seeing):
    for number in range(ROUNDS):
        seeing(lambda place, number=number: [f"r:{number}"])
        detect_department(department(committed_season), at=NOON)
        finding = Finding.objects.get(charge_key__endswith=f"r:{number}")
        seeing(lambda place, number=number: [f"r:{number}"], figure="new")
        charge, _outcome = at_once(
            lambda finding=finding: charge_findings([picked(finding)], by=team[0], at=LATER),
            lambda: detect_department(department(committed_season), at=LATER),
        )
        expected = (FindingState.CHARGED, "old") if charge.done else (FindingState.OPEN, "new")
        assert (fresh(finding).state, fresh(finding).facts[0]["values"]["figure"]) == expected
        assert fresh(finding).deductions.count() == len(charge.done)


def test_charged_and_its_line_withdrawn_while_detection_runs_stays_dismissed(committed_season, team, seeing):
    seeing(lambda place: ["r:1"])
    detect_department(department(committed_season), at=NOON)
    finding = Finding.objects.get()
    charge_findings([picked(finding)], by=team[0], at=NOON)
    line = Deduction.objects.get()
    results = at_once(
        lambda: withdraw_deduction(line, by=team[0], at=LATER, because="评价人数不足"),
        *[lambda: detect_department(department(committed_season), at=LATER)] * 3,
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert (fresh(finding).state, fresh(finding).because) == (FindingState.DISMISSED, "评价人数不足")


def test_finding_and_its_twin_recorded_by_hand_elsewhere_do_not_wait_in_a_circle(committed_season, team):
    """Each holds its own department; the fact is one, so one index and one finding stand between them."""
    for number in range(ROUNDS):
        person = make_person(committed_season, number=f"{number:05}", home="教务处")
        finding = make_finding(committed_season, "A6", "教务处", subject=person)
        draft = make_draft(committed_season, "B6", subject=subject_of(person))
        charge, line = at_once(
            lambda finding=finding: charge_findings([picked(finding)], by=team[0], at=NOON),
            lambda draft=draft: record_deduction(draft, by=team[1], at=NOON),
        )
        [standing] = Deduction.objects.filter(charge_key=finding.charge_key)
        assert (fresh(finding).state, fresh(finding).deduction) == (FindingState.CHARGED, standing)
        assert isinstance(line, Refused) if charge.done else line == standing
    assert in_order(committed_season, "图书馆", "教务处")


def test_facts_two_departments_show_for_the_first_time_at_once_are_one_finding_each(committed_season, seeing):
    """Ten facts in one order and in the other."""
    seeing(lambda place: [f"r:{number}" for number in range(10)][:: 1 if place == "图书馆" else -1])
    for _round in range(ROUNDS):
        Finding.objects.all().delete()
        results = at_once(
            *(
                lambda name=name: detect_department(department(committed_season, name), at=NOON)
                for name in ("图书馆", "体育部")
            )
        )
        assert [result for result in results if isinstance(result, Exception)] == []
        assert sum(result.opened for result in results) == Finding.objects.count() == 10


def test_finding_put_back_and_charged_while_its_record_moves_is_charged_once(committed_season, team, seeing):
    names, where = ("图书馆", "体育部"), {}
    seeing(lambda place: [key for key, name in where.items() if name == place])
    for number in range(ROUNDS):
        where[f"r:{number}"] = "图书馆"
        detect_department(department(committed_season), at=NOON)
        finding = Finding.objects.get(charge_key__endswith=f"r:{number}")
        dismiss_findings([picked(finding)], because="误", by=team[0], at=NOON)
        where[f"r:{number}"] = "体育部"

        def put_back_and_charge(finding=finding):
            return charge_findings([picked(reopen_finding(finding, by=team[1], at=LATER))], by=team[1], at=LATER)

        results = at_once(
            put_back_and_charge,
            *(lambda name=name: detect_department(department(committed_season, name), at=LATER) for name in names),
        )
        assert [result for result in results[1:] if isinstance(result, Exception)] == []
        lines = Deduction.objects.filter(finding=finding)
        assert [line.charged_id for line in lines] in ([], [fresh(finding).charged_id])
        assert (fresh(finding).state == FindingState.CHARGED) == lines.exists()
    assert in_order(committed_season, *names)


def test_departments_wanted_while_two_work_are_all_looked_at(committed_season):
    ids = [department(committed_season, name).pk for name in ("图书馆", "教务处", "体育部", "工会")]
    want_detection(committed_season.pk, ids)
    results = at_once(
        *[lambda: detect_wanted(committed_season, at=NOON)] * 2,
        *(lambda order=order: want_detection(committed_season.pk, order) for order in (ids, ids[::-1])),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    detect_wanted(committed_season, at=LATER)
    assert Detection.objects.filter(detected_at__isnull=False, wanted_at__isnull=True).count() == len(ids)
