"""Lines confirmed, opened, handed over and withdrawn in the same moment: each told once, owed what is not told."""

import uuid
from datetime import timedelta

import pytest

from campaigns.enums import ObligationKind, Role
from campaigns.models import Obligation
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from scoring.models import Deduction, Notice
from scoring.services.invariants import Checked, check_invariants
from scoring.services.ledger import confirm_deductions, withdraw_deduction
from scoring.services.notices import hand_over_notice, open_notices
from tests.at_once import at_once
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import Pair

EARLIER = NOON - timedelta(days=5)
ROUNDS = 4


@pytest.fixture
def home(committed_season):
    return department(committed_season)


@pytest.fixture
def pair(committed_season):
    return Pair(committed_season)


@pytest.fixture
def people(committed_season, home):
    """The head, the liaison, two clerks of the office."""
    roles = (Role.HEAD, Role.STAFF, Role.OFFICE, Role.OFFICE)
    return [make_actor(committed_season, role, department=None if role == Role.OFFICE else home) for role in roles]


def hand_over(home, clerk, lines, *, form=None):
    return hand_over_notice(
        home,
        uuid=form or uuid.uuid4(),
        lines=[line.uuid for line in lines],
        handed_on=day_of(NOON),
        received_by="王芳",
        by=clerk,
        at=NOON,
    )


def tellings():
    return AuditEntry.objects.filter(act="deduction.tell").count()


def in_order():
    assert [str(each) for each in check_invariants(Checked()) if each.department] == []


def test_opened_and_handed_over_at_once_each_line_is_told_once(home, pair, people):
    head, liaison, clerk, other = people
    for round_ in range(ROUNDS):
        lines = [pair.charge(code, at=EARLIER) for code in ("P3", "P1", "P5")]
        before = tellings()
        results = at_once(
            lambda lines=lines: open_notices(lines, by=head, at=NOON),
            lambda lines=lines: open_notices(lines[::-1], by=liaison, at=NOON),
            lambda lines=lines: hand_over(home, clerk, lines),
            lambda lines=lines: hand_over(home, other, lines),
        )
        told = [result for result in results if not isinstance(result, Refused)]
        assert not [result for result in told if isinstance(result, Exception)], (round_, results)
        opened = [line.pk for result in told if isinstance(result, list) for line in result]
        handed = [line.pk for result in told if isinstance(result, Notice) for line in result.lines.all()]
        assert sorted(opened + handed) == [line.pk for line in lines]
        assert tellings() - before == len(lines)
    assert Obligation.objects.get(kind=ObligationKind.NOTICE, department=home).met_at == NOON
    in_order()


def test_confirmed_and_opened_at_once_what_is_left_untold_is_owed(home, pair, people):
    head, _liaison, clerk, _other = people
    for round_ in range(ROUNDS):
        told = [pair.charge("P3", at=EARLIER)]
        waiting = [pair.record("P1", at=EARLIER) for _number in range(2)]
        results = at_once(
            lambda told=told: open_notices(told, by=head, at=NOON),
            lambda waiting=waiting: confirm_deductions(waiting[:1], by=pair.second, at=NOON),
            lambda waiting=waiting: confirm_deductions(waiting[1:], by=pair.second, at=NOON),
        )
        assert not [result for result in results if isinstance(result, Exception)], (round_, results)
        owed = Obligation.objects.get(kind=ObligationKind.NOTICE, department=home)
        assert (owed.met_at, owed.due_on) == (None, day_of(NOON) + timedelta(days=7))
        in_order()
        hand_over(home, clerk, [Deduction.objects.get(pk=line.pk) for line in waiting])
    in_order()


def test_first_lines_of_a_department_confirmed_at_once_owe_one_notice(home, pair):
    waiting = [pair.record(code, at=EARLIER) for code in ("P3", "P1", "P5", "P3")]
    results = at_once(
        *(lambda line=line: confirm_deductions([line], by=pair.second, at=NOON) for line in waiting),
    )
    assert [len(result.confirmed) for result in results] == [1] * 4
    assert Obligation.objects.filter(kind=ObligationKind.NOTICE).count() == 1
    in_order()


def test_withdrawn_and_opened_at_once_nothing_is_owed(committed_season, home, pair, people):
    lead = make_actor(committed_season, Role.TEAM_LEAD)
    for _round in range(ROUNDS):
        line = pair.charge("P3", at=EARLIER)
        results = at_once(
            lambda line=line: open_notices([line], by=people[0], at=NOON),
            lambda line=line: withdraw_deduction(line, by=lead, at=NOON, because="误记"),
        )
        assert not [result for result in results if isinstance(result, Exception)], results
        assert Obligation.objects.get(kind=ObligationKind.NOTICE).met_at is not None
    in_order()


def test_one_form_sent_by_two_tabs_at_once_is_one_notice(home, pair, people):
    lines, form = [pair.charge("P3", at=EARLIER), pair.charge("P1", at=EARLIER)], uuid.uuid4()
    results = at_once(*[lambda: hand_over(home, people[2], lines, form=form)] * 4)
    assert {result.pk for result in results} == {Notice.objects.get().pk}
    in_order()


def test_one_form_for_two_departments_at_once_tells_one_of_them(committed_season, home, pair, people):
    other, form = department(committed_season, "体育部"), uuid.uuid4()
    here, there = pair.charge("P3", at=EARLIER), pair.charge("P3", charged="体育部", at=EARLIER)
    results = at_once(
        lambda: hand_over(home, people[2], [here], form=form), lambda: hand_over(other, people[2], [there], form=form)
    )
    assert sorted(isinstance(result, Refused) for result in results) == [False, True], results
    assert Deduction.objects.filter(told_at__isnull=False).count() == 1
    in_order()
