"""What the database itself refuses, whatever code asks it: constraints and append-only triggers."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from campaigns.enums import Role
from campaigns.models import Block, Campaign, Department, Interest, Membership, Posting, Responsibility, Term
from qualityseason.models import AuditEntry, User
from scoring.models import Category, Deduction, Inspection, InspectionMark, Rule, RuleVersion, Tally
from tests.factories import DAY, NOON, department, make_actor, make_class, make_deduction, make_person, make_user, rule


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def second(season):
    return make_actor(season, Role.ASSESSOR)


def refused_by(constraint):
    """Return the context in which the database must refuse by that constraint."""
    return pytest.raises(IntegrityError, match=constraint)


@pytest.fixture
def row(season, assessor):
    """Return a function that puts a line into the table past every service."""

    def insert(code="P1", **changes):
        of_rule = rule(season, code)
        values = {
            "body_hash": "",
            "campaign": season,
            "visited": department(season),
            "charged": department(season),
            "category": of_rule.category,
            "rule": of_rule,
            "rule_version": of_rule.versions.get(),
            "text": "",
            "points": Decimal("0.10"),
            "quantity": 3,
            "amount": Decimal("0.30"),
            "happened_on": DAY,
            "recorded_by_id": assessor.user_id,
            "recorded_at": NOON,
        }
        with transaction.atomic():
            return Deduction.objects.create(**values | changes)

    return insert


@pytest.mark.parametrize(
    "model",
    [model for label in ("qualityseason", "campaigns", "scoring") for model in apps.get_app_config(label).get_models()],
    ids=lambda model: model._meta.label,
)
def test_every_constraint_of_a_model_stands_in_the_database(db, model):
    """Django leaves out, with a warning, what a database does not know (NULLS NOT DISTINCT on SQLite)."""
    with connection.cursor() as cursor:
        present = connection.introspection.get_constraints(cursor, model._meta.db_table)
    wanted = {item.name for item in (*model._meta.constraints, *model._meta.indexes)}
    assert wanted - present.keys() == set()


# --- the ledger


def test_line_in_order_is_taken(row):
    assert row().amount == Decimal("0.30")


@pytest.mark.parametrize("amount", ["0.29", "0.31", "0.00", "-0.30", "3.00"])
def test_amount_other_than_points_times_quantity_is_refused(row, amount):
    with refused_by("deduction_amount_is_points_times_quantity"):
        row(amount=Decimal(amount))


@pytest.mark.parametrize("quantity", [0, -1])
def test_quantity_below_one_is_refused(row, quantity):
    with pytest.raises(IntegrityError, match="quantity"):
        row(quantity=quantity, amount=Decimal("0.10") * quantity)


def test_recorder_as_confirmer_is_refused(row, assessor):
    with refused_by("deduction_confirmed_by_another"):
        row(confirmed_by_id=assessor.user_id, confirmed_at=NOON)


def test_half_a_confirmation_is_refused(row, second):
    with refused_by("deduction_confirmed_whole"):
        row(confirmed_by_id=second.user_id)
    with refused_by("deduction_confirmed_whole"):
        row(confirmed_at=NOON)


def test_withdrawal_without_reason_or_author_is_refused(row, second):
    with refused_by("deduction_withdrawn_with_reason"):
        row(withdrawn_by_id=second.user_id, withdrawn_at=NOON)
    with refused_by("deduction_withdrawn_with_reason"):
        row(withdrawn_at=NOON, withdrawn_because="看错")


def test_telling_before_confirmation_is_refused(row):
    with refused_by("deduction_told_after_confirmation"):
        row(told_at=NOON)


def test_second_standing_line_of_one_fact_is_refused(row, second):
    first = row(charge_key="S5|x|season")
    with pytest.raises(IntegrityError):
        row(charge_key="S5|x|season")
    row(charge_key="S5|y|season")
    row(charge_key=None)
    row(charge_key=None)
    Deduction.objects.filter(pk=first.pk).update(
        withdrawn_by=second.user_id, withdrawn_at=NOON, withdrawn_because="看错"
    )
    row(charge_key="S5|x|season")


def test_second_line_of_one_uuid_is_refused(row):
    first = row()
    with pytest.raises(IntegrityError):
        row(uuid=first.uuid)


# --- append-only


@pytest.mark.parametrize(
    "change",
    [
        {"points": Decimal("0.20"), "amount": Decimal("0.60")},
        {"quantity": 2, "amount": Decimal("0.20")},
        {"text": "改"},
        {"note": "改"},
        {"subject_label": "改"},
        {"period": "2009-11"},
        {"happened_on": date(2009, 11, 21)},
        {"answers": {"leaders": "改"}},
        {"body_hash": "0" * 64},
        {"recorded_at": NOON.replace(hour=13)},
        {"category": F("category_id") + 1},
        {"charged": F("charged_id") + 1},
        {"visited": F("visited_id") + 1},
        {"rule": F("rule_id") + 1},
        {"recorded_by": F("recorded_by_id") + 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_line_once_written_is_never_edited(row, second, change):
    line = row()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Deduction.objects.filter(pk=line.pk).update(**change)


@pytest.mark.parametrize("column", ["confirmed", "withdrawn"])
def test_signature_once_written_is_neither_changed_nor_taken_back(row, season, second, column):
    third = make_actor(season, Role.ASSESSOR)
    line = row()
    why = {"withdrawn_because": "看错"} if column == "withdrawn" else {}
    Deduction.objects.filter(pk=line.pk).update(**{f"{column}_by": second.user_id, f"{column}_at": NOON}, **why)
    for change in (
        {f"{column}_by": third.user_id},
        {f"{column}_at": NOON.replace(hour=13)},
        {f"{column}_by": None, f"{column}_at": None},
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Deduction.objects.filter(pk=line.pk).update(**change)


def test_charge_key_is_set_once(row):
    line = row()
    Deduction.objects.filter(pk=line.pk).update(charge_key="S5|x|season")
    for key in ("S5|y|season", None):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Deduction.objects.filter(pk=line.pk).update(charge_key=key)


def test_reason_of_a_withdrawal_is_not_rewritten(row, second):
    line = row(withdrawn_by_id=second.user_id, withdrawn_at=NOON, withdrawn_because="看错")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Deduction.objects.filter(pk=line.pk).update(withdrawn_because="另有原因")


def test_line_is_never_deleted(row):
    line = row()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        line.delete()


def test_audit_entry_is_neither_changed_nor_deleted(season, assessor):
    make_deduction(season, "P1", by=assessor)
    entry = AuditEntry.objects.latest("pk")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(act="other")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


# --- tallies, rulebook, inspections


@pytest.mark.parametrize("column", ["charged", "absorbed", "pending"])
def test_tally_below_zero_is_refused(season, column):
    with refused_by("tally_not_negative"):
        Tally.objects.filter(department=department(season)).update(**{column: Decimal("-0.01")})


def test_second_tally_of_a_department_in_a_category_is_refused(season):
    tally = Tally.objects.filter(campaign=season).first()
    with pytest.raises(IntegrityError):
        Tally.objects.create(campaign=season, department=tally.department, category=tally.category)


@pytest.mark.parametrize("points", ["0.00", "-1.00"])
def test_price_of_nothing_is_refused(season, points):
    with refused_by("rule_version_price_positive"):
        RuleVersion.objects.filter(rule=rule(season, "P1")).update(points=Decimal(points))


def test_rule_once_with_a_quantity_is_refused(season):
    with refused_by("rule_once_means_one"):
        Rule.objects.filter(pk=rule(season, "S5").pk).update(maximum=2)


@pytest.mark.parametrize("full", ["0.00", "-10.00"])
def test_category_without_points_is_refused(season, full):
    with refused_by("category_full_positive"):
        Category.objects.filter(campaign=season, code="study").update(full=Decimal(full))


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Rule, {"code": "S1a"}),
        (Category, {"code": "study"}),
        (Block, {"code": "A"}),
        (Department, {"name": "工会"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_second_row_of_one_name_in_a_season_is_refused(season, model, values):
    other = model.objects.filter(campaign=season).exclude(**values).first()
    with pytest.raises(IntegrityError):
        model.objects.filter(pk=other.pk).update(**values)


def test_inspection_that_ends_before_it_begins_is_refused(season, assessor):
    with refused_by("inspection_starts_before_end"):
        Inspection.objects.create(
            campaign=season,
            kind="regular",
            department=department(season),
            started_at=NOON,
            ended_at=NOON.replace(hour=11),
            entered_at=NOON,
            entered_by_id=assessor.user_id,
        )


def test_mark_of_an_inspection_is_one_per_rule_and_never_a_deduction(season, assessor):
    visit = Inspection.objects.create(
        campaign=season,
        kind="regular",
        department=department(season),
        started_at=NOON,
        entered_at=NOON,
        entered_by_id=assessor.user_id,
    )
    InspectionMark.objects.create(inspection=visit, rule=rule(season, "P1"), result="no_fault")
    with pytest.raises(IntegrityError), transaction.atomic():
        InspectionMark.objects.create(inspection=visit, rule=rule(season, "P1"), result="not_examined")
    with refused_by("mark_result_stored"):
        InspectionMark.objects.create(inspection=visit, rule=rule(season, "P2"), result="deducted")


# --- people


def test_second_open_membership_of_one_role_is_refused(season):
    values = {"campaign": season, "user": make_user("li"), "role": Role.ASSESSOR, "starts_on": DAY}
    Membership.objects.create(**values, ends_on=DAY)
    Membership.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**values)
    Membership.objects.create(**values, department=department(season))
    with pytest.raises(IntegrityError):
        Membership.objects.create(**values, department=department(season))


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_department_role_without_a_department_is_refused(season, role):
    with refused_by("membership_of_department_names_it"):
        Membership.objects.create(campaign=season, user=make_user("li"), role=role, starts_on=DAY)


@pytest.mark.parametrize(
    ("model", "extra"),
    [
        (Membership, {"role": Role.OFFICE}),
        (Interest, {"reason": "亲属"}),
        (Posting, {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_dates_in_the_wrong_order_are_refused(season, model, extra):
    who = {"staff_member": make_person(season)} if model is Posting else {"user": make_user("li")}
    with refused_by("starts_before_end"):
        model.objects.create(
            campaign=season,
            department=department(season),
            starts_on=DAY,
            ends_on=date(2009, 11, 19),
            **who,
            **extra,
        )


def test_second_open_interest_in_a_department_is_refused(season):
    values = {
        "campaign": season,
        "user": make_user("li"),
        "department": department(season),
        "reason": "亲属",
        "starts_on": DAY,
    }
    Interest.objects.create(**values)
    with pytest.raises(IntegrityError):
        Interest.objects.create(**values)


def test_responsibility_has_exactly_one_holder(season):
    values = {"campaign": season, "code": "receiver"}
    holder = {"department": department(season), "user": make_user("li")}
    for wrong in ({}, holder):
        with refused_by("responsibility_has_one_holder"), transaction.atomic():
            Responsibility.objects.create(**values, **wrong)
    Responsibility.objects.create(**values, user=holder["user"])
    with pytest.raises(IntegrityError):
        Responsibility.objects.create(**values, user=holder["user"])


def test_second_person_of_one_staff_number_is_refused(season, other_season):
    make_person(season, "张伟", number="00123")
    make_person(other_season, "张伟", number="00123", home="灯塔馆")
    with pytest.raises(IntegrityError):
        make_person(season, "李娜", number="00123")


def test_second_class_of_one_name_is_refused(season):
    make_class(season, "会计0901")
    with pytest.raises(IntegrityError):
        make_class(season, "会计 0901", home="体育部")


def test_second_account_of_one_staff_number_or_login_is_refused(db):
    make_user("li", staff_number="00123")
    make_user("wang")
    make_user("zhao")  # several may have none
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user("sun", staff_number="00123")
    with pytest.raises(IntegrityError):
        User.objects.filter(username="wang").update(username="li")


def test_season_and_term_in_the_wrong_order_are_refused(season):
    with refused_by("term_starts_before_end"), transaction.atomic():
        Term.objects.filter(campaign=season).update(ends_on=date(2009, 8, 31))
    with refused_by("campaign_facts_in_order"), transaction.atomic():
        Campaign.objects.filter(pk=season.pk).update(facts_until=date(2009, 8, 31))
    with refused_by("campaign_starts_before_end"):
        Campaign.objects.filter(pk=season.pk).update(ends_on=date(2009, 10, 10))
