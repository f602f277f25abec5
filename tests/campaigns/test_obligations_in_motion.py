"""What months and records ask of departments: columns and sums of the matrix, the text, the sheet, more time."""

from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.enums import ObligationKind, Role
from campaigns.models import Assignment, Evidence, EvidenceLink, MonthlyReport, Obligation
from campaigns.queries.chase import load_chase
from campaigns.queries.obligation_matrix import load_matrix
from campaigns.queries.obligations import Wanted
from campaigns.services.obligations import drop_obligations, extend_obligation, make_obligations, meet_obligations, owe
from qualityseason.clock import wall_now
from tests.campaigns.owed_working import LIBRARY, UNION, moment, owe_record, signed_in, state
from tests.factories import NOON, department, make_actor

TODAY = date(2009, 12, 28)
TASK = str(UUID(int=7))


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def none_met(season):
    """Only months and records are open."""
    Obligation.objects.filter(milestone__isnull=False).update(met_at=moment(10, 30), recorded_at=moment(10, 30))


def row_of(matrix, home):
    return next(row for block in matrix.blocks for row in block.rows if row.department == home)


# --- the rows


def test_each_working_month_asks_its_departments(season):
    counts = {
        (kind, key): Obligation.objects.filter(campaign=season, kind=kind, key=key).count()
        for kind in ("service", "breaches", "conduct")
        for key in ("2009-11", "2009-12")
    }
    assert counts == {
        ("service", "2009-11"): 14,
        ("service", "2009-12"): 14,
        ("breaches", "2009-11"): 5,
        ("breaches", "2009-12"): 5,
        ("conduct", "2009-11"): 5,
        ("conduct", "2009-12"): 5,
    }
    assert make_obligations(season) == 0
    assert set(Obligation.objects.filter(key="2009-11").values_list("due_on", flat=True)) == {date(2009, 11, 30)}


def test_a_record_asks_once_may_be_dropped_and_stands_again(season):
    library = department(season)
    values = {"key": TASK, "name": "报送统计"}
    first = owe(library, ObligationKind.ASSIGNMENT, due_on=date(2009, 12, 20), **values)
    assert owe(library, ObligationKind.ASSIGNMENT, due_on=date(2009, 12, 22), **values).pk == first.pk
    drop_obligations(ObligationKind.ASSIGNMENT, key=TASK, at=NOON)
    assert not Obligation.objects.open().filter(key=TASK).exists()
    met = {"met_at": NOON, "by_kind": "assignment", "by_uuid": UUID(TASK), "by_id": 1, "at": NOON, "key": TASK}
    assert meet_obligations(library, ObligationKind.ASSIGNMENT, **met) == []
    assert owe(library, ObligationKind.ASSIGNMENT, due_on=date(2009, 12, 22), **values).dropped_at is None


@pytest.mark.parametrize("kind", ["circular", "assignment", "problem", "service", "publicity"])
def test_more_time_is_given_for_any_kind(season, office, kind):
    home = "学生工作处"
    if kind in ("service", "publicity"):
        row = Obligation.objects.filter(kind=kind, department__name=home).order_by("due_on").first()
    else:
        row = owe_record(season, kind, home)
    assert state(row, TODAY)[0] == "overdue"
    values = {"reason": "搬迁", "version": row.deadline.isoformat(), "by": office, "at": NOON}
    extend_obligation(row, until=TODAY, **values)
    assert state(row, TODAY) == ("open", 0, 0)


# --- the matrix


def test_the_matrix_shows_months_as_columns_and_records_as_sums(season, office):
    owe_record(season, "assignment", name="已办", met_at=NOON, recorded_at=NOON)
    owe_record(season, "assignment", name="未到期", due_on=date(2010, 1, 4))
    owe_record(season, "assignment", name="逾期")
    owe_record(season, "circular", UNION, due_on=date(2010, 1, 4))
    matrix = load_matrix(office, on=TODAY, wanted=Wanted())
    assert [column.code for column in matrix.columns] == [
        "publicity",
        "study-session",
        "plan-ecopy",
        "plan-paper",
        "month:2009-11",
        "month:2009-12",
        "pieces",
        "summary",
    ]
    assert [record.code for record in matrix.records] == ["records:circular", "records:assignment"]
    library, union = row_of(matrix, LIBRARY), row_of(matrix, UNION)
    assert library.records[0] is None
    assert (library.records[1].total, library.records[1].open, library.records[1].overdue) == (3, 2, 1)
    assert (union.records[0].open, union.records[0].overdue, union.records[1]) == (1, 0, None)
    assert [(cell.kind, cell.state) for cell in library.cells[4]] == [("conduct", "overdue")]
    sums = {each.code: (each.owed, each.met, each.not_yet, each.overdue) for each in matrix.sums}
    assert sums["month:2009-11"] == (24, 0, 24, 24)
    assert sums["records:assignment"] == (3, 1, 2, 1)


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (Wanted(show="overdue", milestone="records:assignment"), [LIBRARY]),
        (Wanted(show="open", milestone="records:assignment"), [UNION, LIBRARY]),
        (Wanted(show="overdue", milestone="month:2009-12"), []),
        (Wanted(milestone="records:nonsense"), []),
    ],
)
def test_the_matrix_narrows_to_a_month_or_a_sort_of_record(season, office, wanted, shown):
    owe_record(season, "assignment", LIBRARY)
    owe_record(season, "assignment", UNION, due_on=date(2010, 1, 4))
    matrix = load_matrix(office, on=TODAY, wanted=wanted)
    assert [row.department for block in matrix.blocks for row in block.rows] == shown


def test_one_department_is_listed_with_where_each_is_met(client, season):
    signed_in(client, season, Role.LEADERSHIP)
    row = owe_record(season, "assignment", key=TASK)
    response = client.get(
        url("obligations"), {"department": department(season).uuid, "milestone": "records:assignment"}
    )
    assert response.context["one"].department == LIBRARY
    assert [(each.uuid, target) for each, target in response.context["one_not_done"]] == [
        (row.uuid, url("assignment", UUID(TASK)))
    ]
    nobody = client.get(url("obligations"), {"department": department(season).uuid, "milestone": "records:problem"})
    assert (nobody.status_code, nobody.context["one"]) == (200, None)


def test_the_filter_offers_months_and_records(client, season):
    signed_in(client, season, Role.OFFICE)
    choices = client.get(url("obligations")).context["filter"].fields["milestone"].choices
    offered = [code for _label, group in list(choices)[1:] for code, _name in group]
    assert offered[-7:] == [
        "month:2009-11",
        "month:2009-12",
        "records:circular",
        "records:assignment",
        "records:problem",
        "records:notice",
        "records:confirmation",
    ]


# --- the text to remind


def test_assignments_are_summed_by_day_and_circulars_named(season, office, none_met):
    Obligation.objects.filter(milestone__isnull=True).update(met_at=NOON, recorded_at=NOON)
    for name in ("甲", "乙"):
        owe_record(season, "assignment", name=f"任务{name}")
    owe_record(season, "assignment", UNION, due_on=date(2009, 12, 24))
    for home in (LIBRARY, UNION):
        owe_record(season, "circular", home, key=TASK, name="关于安全的通知", due_on=date(2009, 12, 10))
    items = load_chase(office, on=TODAY, wanted=Wanted(show="overdue"))
    assert [(item.name, item.due_on, item.missing, item.days_late) for item in items] == [
        ("关于安全的通知", date(2009, 12, 10), (UNION, LIBRARY), 18),
        (ObligationKind.ASSIGNMENT.label, date(2009, 12, 20), (f"{LIBRARY}(2)",), 8),
        (ObligationKind.ASSIGNMENT.label, date(2009, 12, 24), (UNION,), 4),
    ]
    [only] = load_chase(office, on=TODAY, wanted=Wanted(), kinds=[ObligationKind.CIRCULAR], keys=[TASK])
    assert only.name == "关于安全的通知"


def test_who_has_reported_is_not_named(season, office, none_met):
    Obligation.objects.filter(milestone__isnull=True).update(met_at=NOON, recorded_at=NOON)
    task = Assignment.objects.create(
        campaign=season,
        department=department(season),
        title="任务",
        issuer="office",
        given_on=date(2009, 12, 1),
        due_on=date(2009, 12, 20),
        state="reported",
        given_by_id=office.user_id,
        entered_at=NOON,
    )
    owe_record(season, "assignment", key=str(task.uuid))
    assert load_chase(office, on=TODAY, wanted=Wanted(show="overdue")) == ()
    Assignment.objects.update(state="sent-back")
    assert len(load_chase(office, on=TODAY, wanted=Wanted(show="overdue"))) == 1


# --- the sheet


def test_the_sheet_holds_months_and_sums_in_chinese_whoever_asks(client, season):
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])
    signed_in(client, season, Role.OFFICE)
    owe_record(season, "assignment", name="报送统计")
    client.cookies["django_language"] = "en"
    book = load_workbook(BytesIO(client.get(url("obligations-export"), {"block": "B"}).content))
    rows = list(book["应办事项"].iter_rows(values_only=True))
    assert rows[0][-1] == "交办任务（未办/逾期）"
    library = next(row for row in rows if row[1] == LIBRARY)
    assert library[-1] == "共1件，未办1件，逾期1件"
    assert any(value and value.endswith("未办，逾期28天") for value in library[5:])
    lines = [row[2] for row in book["明细"].iter_rows(values_only=True) if row[1] == LIBRARY]
    assert "报送统计" in lines


# --- one obligation


@pytest.mark.parametrize("kind", ["circular", "assignment", "problem"])
def test_what_a_record_asks_leads_to_the_record(client, season, kind):
    signed_in(client, season, Role.STAFF, LIBRARY)
    row = owe_record(season, kind, key=TASK, name="报送统计")
    page = client.get(url("obligation", row.uuid))
    assert page.context["met_at_url"] == page.context["page"].record_url == url(kind, UUID(TASK))
    assert "报送统计" in page.content.decode()


def test_the_month_leads_to_the_report_that_met_it(client, season):
    user = signed_in(client, season, Role.STAFF, LIBRARY)
    row = Obligation.objects.get(department__name=LIBRARY, kind="conduct", key="2009-11")
    report = MonthlyReport.objects.create(
        campaign=season,
        department=department(season),
        kind="conduct",
        month="2009-11",
        addressee=department(season, "学生工作处"),
        reported_on=date(2009, 11, 30),
        entered_by=user,
        entered_at=NOON,
    )
    Obligation.objects.filter(pk=row.pk).update(
        met_at=NOON, recorded_at=NOON, met_by_kind="monthly-report", met_by_uuid=report.uuid
    )
    assert client.get(url("obligation", row.uuid)).context["page"].record_url == url("monthly-report", report.uuid)


def test_publicity_leads_to_the_evidence_that_met_it(client, season):
    user = signed_in(client, season, Role.STAFF, "团委")
    row = Obligation.objects.get(department__name="团委", kind="publicity")
    proof = Evidence.objects.create(
        campaign=season,
        department=department(season, "团委"),
        text="墙报",
        happened_on=date(2009, 10, 25),
        entered_by=user,
        entered_at=NOON,
    )
    EvidenceLink.objects.create(evidence=proof, target="publicity", key="墙报")
    Obligation.objects.filter(pk=row.pk).update(
        met_at=NOON, recorded_at=NOON, met_by_kind="evidence", met_by_uuid=proof.uuid
    )
    assert client.get(url("obligation", row.uuid)).context["page"].record_url == url("evidence-record", proof.uuid)


@pytest.mark.parametrize(("role", "home", "shown"), [(Role.STAFF, "团委", True), (Role.LEADERSHIP, None, False)])
def test_the_way_to_file_is_shown_to_who_may(client, season, role, home, shown):
    signed_in(client, season, role, home)
    row = Obligation.objects.get(department__name="团委", kind="publicity")
    assert client.get(url("obligation", row.uuid)).context["shows_way"] == shown
