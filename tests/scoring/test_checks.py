"""What a draft must satisfy: each refusal stands at its field, with a word for programs, and nothing is written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.enums import Role, StaffCategory
from qualityseason.errors import Refused
from scoring.facts import Subject
from scoring.models import Deduction, Inspection, RuleVersion
from scoring.services.drafts import DeductionDraft
from scoring.services.ledger import record_deduction
from tests.factories import (
    NOON,
    SHANGHAI,
    department,
    make_actor,
    make_deduction,
    make_draft,
    make_person,
    make_subject,
    rule,
)


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


def refusal_of(season, code, *, by, **values):
    """Return (field, code) of the refusal."""
    with pytest.raises(Refused) as refusal:
        make_deduction(season, code, by=by, **values)
    assert Deduction.objects.count() == 0
    assert str(refusal.value.sentence)
    return (refusal.value.field, refusal.value.refusal_code)


# --- quantity


@pytest.mark.parametrize("quantity", [0, -1, -99, 100, 10**308, float("nan"), float("inf")])
def test_quantity_outside_one_and_maximum_is_refused(season, assessor, quantity):
    assert refusal_of(season, "P1", by=assessor, quantity=quantity) == ("quantity", "quantity")


@pytest.mark.parametrize(
    ("code", "charged", "maximum"),
    [("P2", "图书馆", 4), ("A14", "工会", 5), ("B16", "图书馆", 5), ("P1", "图书馆", 99), ("S5", "图书馆", 1)],
)
def test_quantity_up_to_the_maximum_of_the_rule_is_taken(season, assessor, code, charged, maximum):
    assert refusal_of(season, code, by=assessor, charged=charged, quantity=maximum + 1) == ("quantity", "quantity")
    assert make_deduction(season, code, by=assessor, charged=charged, quantity=maximum).quantity == maximum


# --- the rule and the block


@pytest.mark.parametrize(
    ("code", "charged", "twin"), [("A5", "图书馆", "B5"), ("B16", "工会", "A14"), ("A1", "体育部", "B1")]
)
def test_rule_of_the_other_block_is_refused_naming_its_twin(season, assessor, code, charged, twin):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        make_deduction(season, code, by=assessor, charged=charged, subject=make_subject(season, code, "甲"))
    assert (refusal.value.field, refusal.value.refusal_code) == ("rule", "other_block")
    assert refusal.value.sentence.endswith(f"its twin there is {twin}.")


@pytest.mark.parametrize(("code", "charged"), [("B8", "工会"), ("B13", "工会"), ("A2", "图书馆"), ("A11a", "图书馆")])
def test_rule_without_a_twin_is_refused_in_the_other_block(season, assessor, code, charged):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        make_deduction(season, code, by=assessor, charged=charged, subject=make_subject(season, code, "甲"))
    assert (refusal.value.field, refusal.value.refusal_code) == ("rule", "other_block")
    assert refusal.value.sentence.endswith("has no twin there.")


def test_rule_of_another_season_is_refused(season, other_season, assessor):
    draft = make_draft(season, "P1")
    foreign = DeductionDraft(
        uuid=draft.uuid,
        charged=draft.charged,
        rule=rule(other_season, "N1"),
        quantity=1,
        happened_on=draft.happened_on,
    )
    with pytest.raises(Refused) as refusal:
        record_deduction(foreign, by=assessor, at=NOON)
    assert (refusal.value.field, refusal.value.refusal_code) == ("rule", "other_block")


# --- the day


@pytest.mark.parametrize("day", [date(2009, 8, 31), date(2010, 2, 1), date(2029, 1, 1), date.min, date.max])
def test_day_outside_the_period_whose_facts_count_is_refused(season, assessor, day):
    late = datetime(2030, 1, 1, tzinfo=SHANGHAI)
    assert refusal_of(season, "P1", by=assessor, happened_on=day, at=late) == ("happened_on", "outside")


@pytest.mark.parametrize("day", [date(2009, 9, 1), date(2010, 1, 31)])
def test_first_and_last_day_of_the_period_count(season, assessor, day):
    late = datetime(2010, 2, 28, tzinfo=SHANGHAI)
    assert make_deduction(season, "P1", by=assessor, happened_on=day, at=late).happened_on == day


def test_day_after_the_campaign_s_today_is_refused(season, assessor):
    tomorrow = date(2009, 12, 29)
    assert refusal_of(season, "P1", by=assessor, happened_on=tomorrow) == ("happened_on", "future")


def test_today_begins_at_midnight_in_shanghai(season, assessor):
    """16:30 of the 27th in London is half past midnight of the 28th here."""
    evening = datetime(2009, 12, 27, 16, 30, tzinfo=UTC)
    line = make_deduction(season, "P1", by=assessor, happened_on=date(2009, 12, 28), at=evening)
    assert line.happened_on == date(2009, 12, 28)


def test_day_before_any_version_of_the_rule_is_refused(season, assessor):
    RuleVersion.objects.filter(rule=rule(season, "P1")).update(valid_from=date(2009, 11, 21))
    assert refusal_of(season, "P1", by=assessor) == ("happened_on", "not_in_force")


@pytest.mark.parametrize(("day", "amount"), [(date(2009, 11, 19), "0.10"), (date(2009, 11, 20), "0.25")])
def test_price_is_that_of_the_version_in_force_on_the_day_of_the_fact(season, assessor, day, amount):
    RuleVersion.objects.create(
        rule=rule(season, "P1"),
        number=2,
        text="补充",
        label="补充",
        points=Decimal("0.25"),
        valid_from=date(2009, 11, 20),
    )
    assert make_deduction(season, "P1", by=assessor, happened_on=day).amount == Decimal(amount)


def test_day_in_no_term_is_refused_for_a_rule_charged_once_per_term(season, assessor):
    season.terms.update(ends_on=date(2009, 11, 19))
    subject = make_subject(season, "B5", "张伟")
    assert refusal_of(season, "B5", by=assessor, subject=subject) == ("happened_on", "no_term")


# --- the month


@pytest.mark.parametrize("month", ["2009-08", "2010-01", "2010-02", "0000-00"])
def test_month_outside_the_period_or_in_the_future_is_refused(season, assessor, month):
    assert refusal_of(season, "B4", by=assessor, month=month) == ("subject", "month")


@pytest.mark.parametrize("month", ["2009-09", "2009-12"])
def test_month_between_first_and_present_is_taken(season, assessor, month):
    assert make_deduction(season, "B4", by=assessor, month=month).period == month


# --- the subject


@pytest.mark.parametrize(
    ("code", "charged"),
    [
        ("S2", "图书馆"),
        ("A5", "工会"),
        ("A7", "工会"),
        ("A12", "工会"),
        ("B7", "图书馆"),
        ("B13", "图书馆"),
        ("A11a", "工会"),
    ],
)
def test_subject_missing_where_the_unit_needs_one_is_refused(season, assessor, code, charged):
    assert refusal_of(season, code, by=assessor, charged=charged) == ("subject", "subject_missing")


@pytest.mark.parametrize("code", ["S1a", "S5", "B4"])
def test_subject_given_where_the_department_is_charged_as_a_whole_is_refused(season, assessor, code):
    subject = Subject(label="张伟", key="张伟")
    assert refusal_of(season, code, by=assessor, subject=subject) == ("subject", "subject_not_needed")


@pytest.mark.parametrize(("code", "charged"), [("A8", "工会"), ("B10", "图书馆")])
def test_external_teacher_is_never_charged_for_a_teaching_research_meeting(season, assessor, code, charged):
    external = make_person(season, "李外", number="00200", category=StaffCategory.EXTERNAL)
    subject = make_subject(season, code, str(external))
    assert refusal_of(season, code, by=assessor, charged=charged, subject=subject) == ("subject", "exempt")
    make_person(season, "张兼", number="00201", category=StaffCategory.PART_TIME)
    assert make_deduction(season, code, by=assessor, charged=charged, subject=make_subject(season, code, "张兼"))


def test_item_may_be_left_out(season, assessor):
    assert make_deduction(season, "P1", by=assessor).subject_label == ""


def test_subject_too_long_to_print_is_refused(season, assessor):
    subject = make_subject(season, "P1", "甲" * 201)
    assert refusal_of(season, "P1", by=assessor, subject=subject) == ("subject", "too_long")


def test_note_too_long_is_refused(season, assessor):
    assert refusal_of(season, "P1", by=assessor, note="甲" * 2001) == ("note", "too_long")
    assert len(make_deduction(season, "P1", by=assessor, note="甲" * 2000).note) == 2000


# --- the inspection


def test_inspection_of_another_department_is_refused(season, assessor):
    visit = Inspection.objects.create(
        campaign=season,
        kind="regular",
        department=department(season, "体育部"),
        started_at=NOON,
        entered_at=NOON,
        entered_by_id=assessor.user_id,
    )
    wrong = {"inspection": visit, "visited": department(season, "图书馆")}
    assert refusal_of(season, "P1", by=assessor, **wrong) == ("inspection", "other_inspection")


def test_visited_department_is_the_inspection_s_when_not_said(season, assessor):
    visit = Inspection.objects.create(
        campaign=season,
        kind="regular",
        department=department(season, "体育部"),
        started_at=NOON,
        entered_at=NOON,
        entered_by_id=assessor.user_id,
    )
    line = make_deduction(season, "P1", by=assessor, inspection=visit)
    assert (line.visited.name, line.charged.name) == ("体育部", "图书馆")
