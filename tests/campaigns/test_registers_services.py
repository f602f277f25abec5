"""Single rows and whole sheets of registers below the pages: rights, marks, races, and queries at any length."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns.enums import RegisterCode, Role
from campaigns.models import DutyRosterRow, EvaluationRow
from campaigns.registers import REGISTERS
from campaigns.services.imports import withdraw_import
from campaigns.services.register_drafts import Excuse, RegisterDraft
from campaigns.services.registers import correct_row, enter_row, excuse_row, take_back_excuse, withdraw_row
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.register_working import bring_in, keeper_of, marks, the_term
from tests.factories import NOON, department, make_actor, make_person

pytestmark = pytest.mark.usefixtures("portal_files", "_english", "season")
E, HEADINGS = RegisterCode.EVALUATION, ("工号", "姓名", "评教分数")


@pytest.fixture
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def keeper(season):
    return keeper_of(season, E)


def draft(season, person, score=80):
    return RegisterDraft({"person": person, "term": the_term(season), "score": Decimal(score)})


def enter(season, person, by, **options):
    return enter_row(season, E, draft(season, person, **options), uuid=uuid4(), by=by, at=NOON)


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_who_does_not_keep_the_register_writes_nothing_in_it(season, keeper, role):
    person = make_person(season)
    row = enter(season, person, keeper)
    home = department(season, "图书馆") if role in (Role.HEAD, Role.STAFF) else None
    other = make_actor(season, role, department=home)
    acts = (
        lambda: enter(season, make_person(season, "李敏", number="2"), other),
        lambda: correct_row(row, draft(season, person, 90), version=1, by=other, at=NOON),
        lambda: excuse_row(row, Excuse("病假", "处长", date(2009, 12, 1)), version=1, by=other, at=NOON),
        lambda: take_back_excuse(row, version=1, by=other, at=NOON),
        lambda: withdraw_row(row, because="x", by=other, at=NOON),
        lambda: bring_in(season, E, [("00123", None, 90)], headings=HEADINGS, by=other),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert EvaluationRow.objects.values_list("version", "score").get() == (1, Decimal(80))


def test_keeper_of_another_register_writes_nothing_in_this_one(season):
    other = keeper_of(season, RegisterCode.WORKLOAD, username="other")
    with pytest.raises(PermissionDenied):
        enter(season, make_person(season), other)


def test_row_of_the_own_department_stays_marked_whoever_corrects_it(season, keeper):
    own = make_person(season, home="教务处")
    row = enter(season, own, keeper)
    office = make_actor(season, Role.OFFICE)
    row = correct_row(row, draft(season, own, 90), version=1, by=office, at=NOON)
    assert (row.is_own, row.version) == (True, 2)
    stranger = make_person(season, "李敏", number="2")
    assert not enter(season, stranger, keeper).is_own


def test_row_organised_by_the_own_department_is_marked(season):
    keeper = keeper_of(season, RegisterCode.DUTY_ROSTER, home="保卫处", username="guard")
    values = {
        "person": make_person(season),
        "organiser": department(season, "保卫处"),
        "happened_on": date(2009, 11, 7),
    }
    row = enter_row(season, RegisterCode.DUTY_ROSTER, RegisterDraft(values), uuid=uuid4(), by=keeper, at=NOON)
    assert (row.department.name, row.is_own) == ("图书馆", True)


def test_correction_that_would_meet_another_row_is_refused(season, keeper):
    first, second = make_person(season), make_person(season, "李敏", number="2")
    standing, row = enter(season, first, keeper), enter(season, second, keeper)
    with pytest.raises(Refused) as refused:
        correct_row(row, draft(season, first, 90), version=1, by=keeper, at=NOON)
    assert (refused.value.refusal_code, refused.value.existing) == ("twin", standing)
    withdraw_row(standing, because="录错", by=keeper, at=NOON)
    assert correct_row(row, draft(season, first, 90), version=1, by=keeper, at=NOON).person == first


def test_form_of_one_keeper_is_not_answered_to_another(season, keeper):
    person, uuid = make_person(season), uuid4()
    first = enter_row(season, E, draft(season, person), uuid=uuid, by=keeper, at=NOON)
    assert enter_row(season, E, draft(season, person), uuid=uuid, by=keeper, at=NOON) == first
    with pytest.raises(Refused):
        enter_row(season, E, draft(season, person), uuid=uuid, by=make_actor(season, Role.OFFICE), at=NOON)


def test_same_excuse_again_changes_nothing_and_a_stale_one_is_refused(season, keeper):
    row = enter(season, make_person(season), keeper)
    excuse = Excuse("病假", "处长", date(2009, 12, 1))
    assert excuse_row(row, excuse, version=1, by=keeper, at=NOON).version == 2
    assert excuse_row(row, excuse, version=1, by=keeper, at=NOON).version == 2
    with pytest.raises(Refused) as refused:
        take_back_excuse(row, version=1, by=keeper, at=NOON)
    assert refused.value.refusal_code == "stale"
    assert take_back_excuse(row, version=2, by=keeper, at=NOON).excused_because == ""
    assert AuditEntry.objects.filter(act__in=("register.excuse", "register.unexcuse")).count() == 2


@pytest.mark.parametrize(
    "broken",
    [{"score": Decimal(101)}, {"score": Decimal(-1)}, {"excused_because": "病假"}, {"excused_on": date(2009, 12, 1)}],
)
def test_database_refuses_what_cannot_be(season, keeper, broken):
    row = enter(season, make_person(season), keeper)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationRow.objects.filter(pk=row.pk).update(**broken)


def test_duty_still_to_come_may_stand_in_the_roster_and_is_not_missed(season):
    keeper = keeper_of(season, RegisterCode.DUTY_ROSTER, username="guard")
    person, ahead = make_person(season), NOON.date() + timedelta(days=3)
    values = {"person": person, "happened_on": ahead}
    enter_row(season, RegisterCode.DUTY_ROSTER, RegisterDraft(values), uuid=uuid4(), by=keeper, at=NOON)
    missed = RegisterDraft(values | {"missed": True, "shift": "晚"})
    with pytest.raises(Refused):
        enter_row(season, RegisterCode.DUTY_ROSTER, missed, uuid=uuid4(), by=keeper, at=NOON)
    assert DutyRosterRow.objects.count() == 1


# --- one specification for all


def test_every_column_is_a_field_of_its_model_and_every_key_is_unique_there():
    assert set(REGISTERS) == set(RegisterCode)
    for spec in REGISTERS.values():
        names = {field.name for field in spec.model._meta.get_fields()}
        assert {column.key for column in spec.columns} <= names, spec.code
        [once] = [found for found in spec.model._meta.constraints if getattr(found, "fields", ())]
        assert set(spec.key) == set(once.fields), spec.code
        assert (spec.model.REGISTER, spec.kind) == (spec.code, spec.code.responsibility)


# --- at any length


def queries_of(work):
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_new_known_changed_and_withdrawn_rows_cost_no_query_each(season, keeper):
    numbers = [f"{number:05}" for number in range(60)]
    for number in numbers:
        make_person(season, f"人{number}", number=number)

    def bring(first, last, score):
        rows = [(number, None, score) for number in numbers[first:last]]
        return bring_in(season, E, rows, headings=HEADINGS, by=keeper)

    assert queries_of(lambda: bring(0, 1, 80)) == queries_of(lambda: bring(1, 50, 80))
    assert queries_of(lambda: bring(0, 1, 90)) == queries_of(lambda: bring(1, 50, 90))
    mixed = bring(45, 55, 90)
    assert [mark.split(";")[0] for mark in marks(mixed)] == [""] * 5 + ["new"] * 5
    few, many = bring(0, 1, 70), bring(1, 40, 70)
    undone = [queries_of(lambda b=b: withdraw_import(b.batch, by=keeper, at=NOON, because="x")) for b in (few, many)]
    assert undone[0] == undone[1]
    assert set(EvaluationRow.objects.values_list("score", flat=True)) == {Decimal(90)}
