from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import Role
from campaigns.services.people import add_interest
from campaigns.services.staff import update_staff_member
from qualityseason.models import AuditEntry, User
from scoring.models import Deduction, Tally
from scoring.services.ledger import withdraw_deduction
from tests.factories import (
    NOON,
    department,
    make_actor,
    make_class,
    make_deduction,
    make_membership,
    make_person,
    make_subject,
)
from tests.scoring.tampering import tamper


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


def run():
    """Return (exit is zero, what was printed)."""
    out = StringIO()
    try:
        call_command("check_invariants", stdout=out)
    except CommandError as error:
        return error.returncode == 0, out.getvalue()
    return True, out.getvalue()


def test_check_invariants_of_an_untouched_ledger_is_in_order(season, assessor, lead):
    person = make_person(season)
    make_class(season)
    make_deduction(season, "S3a", by=assessor, confirmed_by=lead)
    make_deduction(season, "S4", by=assessor, confirmed_by=lead)
    make_deduction(season, "B6", by=assessor, subject=make_subject(season, "B6", str(person)))
    make_deduction(season, "B7", by=assessor, charged="财会金融系", subject=make_subject(season, "B7", "会计0901"))
    make_deduction(season, "B4", by=assessor, month="2009-10")
    late = make_deduction(
        season, "A11a", charged="工会", by=assessor, confirmed_by=lead, subject=make_subject(season, "A11a", "报表")
    )
    make_deduction(
        season, "A11b", charged="工会", by=assessor, subject=make_subject(season, "A11b", "报 表"), replaces=late
    )
    withdraw_deduction(make_deduction(season, "P1", by=assessor), by=assessor, at=NOON, because="选错了")
    in_order, printed = run()
    assert in_order, printed
    assert "8" in printed  # lines


def test_check_invariants_sees_a_changed_tally(season, assessor):
    make_deduction(season, "S5", by=assessor)
    Tally.objects.filter(department=department(season), category__code="study").update(pending=2)
    in_order, printed = run()
    assert not in_order
    assert "图书馆" in printed
    assert "2.00" in printed
    assert "1.00" in printed


def test_check_invariants_sees_a_missing_tally(season):
    Tally.objects.filter(department=department(season, "工会"), category__code="plan").delete()
    in_order, printed = run()
    assert not in_order
    assert "工会" in printed


TAMPERINGS = {
    "amount and price": "UPDATE scoring_deduction SET points = 50, amount = 50 WHERE id = %s",
    "quantity above the maximum": "UPDATE scoring_deduction SET quantity = 3, amount = 300 WHERE id = %s",
    "charge key": "UPDATE scoring_deduction SET charge_key = 'S5|x|season' WHERE id = %s",
    "no charge key": "UPDATE scoring_deduction SET charge_key = NULL WHERE id = %s",
    "day outside": "UPDATE scoring_deduction SET happened_on = '2009-08-31' WHERE id = %s",
    "day after recording": "UPDATE scoring_deduction SET happened_on = '2010-01-15' WHERE id = %s",
    "period": "UPDATE scoring_deduction SET period = '2009-11' WHERE id = %s",
    "confirmation nobody audited": (
        "UPDATE scoring_deduction SET confirmed_by_id = (SELECT MIN(id) FROM qualityseason_user WHERE id <> "
        "recorded_by_id), confirmed_at = recorded_at WHERE id = %s"
    ),
    "rule of the other block": (
        "UPDATE scoring_deduction SET rule_id = (SELECT id FROM scoring_rule WHERE code = 'A3' "
        "AND campaign_id = scoring_deduction.campaign_id) WHERE id = %s"
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_check_invariants_sees_a_tampered_line(season, assessor, lead, what):
    line = make_deduction(season, "S5", by=assessor)
    tamper(TAMPERINGS[what], line.pk)
    in_order, printed = run()
    assert not in_order
    assert "图书馆" in printed
    assert str(line.uuid) in printed


def test_check_invariants_sees_a_line_that_is_gone(season, assessor):
    line = make_deduction(season, "S5", by=assessor)
    tamper("DELETE FROM scoring_deduction WHERE id = %s", line.pk, event="DELETE")
    Tally.objects.filter(department=line.charged).update(pending=0, pending_lines=0)
    in_order, printed = run()
    assert not in_order
    assert "图书馆" in printed


def test_check_invariants_sees_a_missing_audit_entry(season, assessor, lead):
    line = make_deduction(season, "S5", by=assessor, confirmed_by=lead)
    entry = AuditEntry.objects.get(act="deduction.confirm", object_id=str(line.uuid))
    sql = "DELETE FROM qualityseason_auditentry WHERE id = %s"
    tamper(sql, entry.pk, table="qualityseason_auditentry", event="DELETE")
    in_order, printed = run()
    assert not in_order
    assert "deduction.confirm" in printed


def declare(season, actor, *, starts_on):
    """Declare that the actor has an interest in 图书馆."""
    user = User.objects.get(pk=actor.user_id)
    days = {"starts_on": starts_on, "by_id": None, "at": NOON}
    return add_interest(season, user=user, department=department(season), reason="配偶在该部门", **days)


@pytest.mark.parametrize(("starts_on", "is_worth_a_look"), [(date(2009, 12, 28), True), (date(2009, 12, 29), False)])
def test_check_invariants_calls_an_interest_found_afterwards_worth_a_look(
    season, assessor, lead, starts_on, is_worth_a_look
):
    line = make_deduction(season, "S5", by=assessor, confirmed_by=lead)  # confirmed on 12-28
    declare(season, lead, starts_on=starts_on)
    in_order, printed = run()
    assert in_order
    assert (str(line.uuid) in printed) is is_worth_a_look


def test_check_invariants_calls_a_membership_found_afterwards_worth_a_look(season, assessor, lead):
    line = make_deduction(season, "S5", by=assessor, confirmed_by=lead)
    make_membership(season, User.objects.get(pk=assessor.user_id), Role.HEAD, department=department(season))
    in_order, printed = run()
    assert in_order
    assert str(line.uuid) in printed


def test_check_invariants_sees_an_act_in_spite_of_an_interest_known_then(season, assessor, lead):
    declare(season, lead, starts_on=date(2009, 12, 28))
    make_deduction(season, "S5", by=assessor, confirmed_by=lead)  # `lead` was loaded before and doesn't know
    in_order, printed = run()
    assert not in_order
    assert "图书馆" in printed


def test_check_invariants_takes_an_account_linked_later_for_a_person_found_afterwards(season, assessor, lead):
    person = make_person(season)
    make_deduction(season, "S5", by=assessor, confirmed_by=lead)
    values = {"number": person.number, "name": person.name, "category": person.category}
    user = User.objects.get(pk=lead.user_id)
    update_staff_member(person, version=None, user=user, by_id=None, at=NOON, **values)
    in_order, printed = run()
    assert in_order
    assert "S5" in printed


def test_check_invariants_asks_the_same_number_of_queries_at_any_size(season, assessor):
    counts = []
    for lines in (1, 2):
        for _number in range(lines):
            make_deduction(season, "P1", by=assessor)
        with CaptureQueriesContext(connection) as queries:
            assert run()[0]
        counts.append(len(queries))
    assert Deduction.objects.count() == 3
    assert counts[0] == counts[1]
