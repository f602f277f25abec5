"""Findings held to what must be true: each tampering is told, an untouched season is in order."""

from datetime import timedelta

import pytest

from campaigns.enums import Role
from scoring.enums import FindingState
from scoring.models import Deduction, Finding
from scoring.services.finding_invariants import check_findings
from scoring.services.findings import Picked, charge_findings
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.finding_working import make_finding
from tests.scoring.tampering import tamper


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def charged(season, assessor):
    """A finding the team has charged."""
    finding = make_finding(season, "P3")
    charge_findings([Picked(finding.uuid, finding.fingerprint)], by=assessor, at=NOON)
    return Finding.objects.get(pk=finding.pk)


def told(season, name="图书馆"):
    return list(check_findings(department(season, name)))


def test_findings_in_every_state_are_in_order(season, assessor, charged):
    for state in (FindingState.OPEN, FindingState.GONE):
        make_finding(season, "P3", state=state)
    make_finding(season, "P3", state=FindingState.DISMISSED, because="不计", decided_by_id=assessor.user_id)
    assert told(season) == []


def test_charged_finding_whose_line_is_withdrawn_is_told(season, assessor, charged):
    Deduction.objects.update(withdrawn_by=assessor.user_id, withdrawn_at=NOON, withdrawn_because="x")
    [sentence] = told(season)
    assert str(charged.uuid) in sentence
    assert "扣分已撤回" in sentence


def test_charged_finding_with_a_line_of_another_family_is_told(season, assessor, charged):
    other = make_deduction(season, "P5", by=assessor)
    Finding.objects.filter(pk=charged.pk).update(deduction=other)
    assert ["另一类细则" in sentence for sentence in told(season)] == [True]


def test_undecided_finding_beside_a_line_for_its_fact_is_told(season, charged):
    Finding.objects.filter(pk=charged.pk).update(state=FindingState.OPEN, deduction=None)
    [sentence] = told(season)
    assert "同一事实已有扣分" in sentence


def test_version_of_another_rule_is_told(season):
    finding = make_finding(season, "P3")
    version = season.rules.get(code="P5").versions.get()
    Finding.objects.filter(pk=finding.pk).update(rule_version=version)
    assert len(told(season)) == 1


def test_line_that_names_a_finding_of_another_department_is_told(season, charged):
    elsewhere = make_finding(season, "P3", "体育部", at=NOON - timedelta(days=1))
    tamper("UPDATE scoring_deduction SET finding_id = %s", elsewhere.pk)
    assert any("另一个部门" in sentence for sentence in told(season))
