"""Deductions by sheet: through the ledger, all or nothing, once, and withdrawn as a whole."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from campaigns import hooks
from campaigns.enums import ImportKind, Role, StaffCategory
from campaigns.imports.sheet import read_sheets
from campaigns.models import ImportBatch, Interest
from campaigns.services.imports import Upload, check_import, new_batch, withdraw_import
from qualityseason.errors import ConflictOfInterest, Refused
from scoring.models import Deduction, Tally
from scoring.services.imports import import_deductions
from scoring.services.ledger import confirm_deductions
from tests.factories import NOON, department, make_actor, make_class, make_membership, make_person, make_user
from tests.sheets import DEDUCTION_HEADINGS, file_of, make_sheet, make_workbook

pytestmark = pytest.mark.usefixtures("portal_files", "_english")


@pytest.fixture
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR, username="assessor")


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD, username="teamlead")


def bring_in(season, by, *rows, file=None, **options):
    file = file or make_sheet(*rows)
    spec = hooks.import_kinds[ImportKind.DEDUCTIONS]
    content = read_sheets(file, spec.columns)
    upload = Upload([file.getvalue()], "deductions.xlsx")
    return import_deductions(season, content, upload=upload, by=by, at=NOON, **options)


def places(outcome):
    return [error.place for error in outcome.errors]


LINE = ("图书馆", "S1a", 1, "2009-11-20", None, "没有邀请")


def test_row_becomes_a_recorded_line(season, assessor):
    outcome = bring_in(season, assessor, LINE)
    [line] = Deduction.objects.all()
    assert (line.charged.name, line.rule.code, line.amount, line.note) == ("图书馆", "S1a", Decimal("1.00"), "没有邀请")
    assert (line.happened_on, line.recorded_by_id, line.confirmed_at) == (date(2009, 11, 20), assessor.user_id, None)
    assert line.batch == outcome.batch
    assert Tally.objects.get(department=line.charged, category__code="study").pending == 1
    assert outcome.batch.file is not None


def test_everything_people_type_is_understood(season, assessor):
    person = make_person(season, "张伟", number="00123")
    make_class(season, "会计0901")
    bring_in(
        season,
        assessor,
        ("图 书 馆", "s2", None, "2009年11月6日", "张 伟（00123）", None),
        ("党办", "a2", 1.0, date(2009, 12, 5), "2009年11月", None),
        ("团委会", "A2", "", "2009.12.5", None, None),
        ("财会金融系", "Ｂ７", "１", "2009/11/6", "会计０９０１", " 三次低于50% "),
        ("教务处", "A3", "2", "2009-11-6", None, None),
    )
    lines = list(Deduction.objects.order_by("pk").select_related("rule", "charged"))
    assert [(line.charged.name, line.rule.code, line.quantity, line.subject_label) for line in lines] == [
        ("图书馆", "S2", 1, "张伟(00123)"),
        ("党院办", "A2", 1, "2009-11"),
        ("团委", "A2", 1, "2009-12"),
        ("财会金融系", "B7", 1, "会计0901"),
        ("教务处", "A3", 2, ""),
    ]
    assert lines[0].subject_person == person
    assert [line.happened_on for line in lines] == [date(2009, 11, 6), date(2009, 12, 5), date(2009, 12, 5)] + [
        date(2009, 11, 6)
    ] * 2
    assert lines[3].note == "三次低于50%"


def test_subject_no_record_matches_is_taken_as_text_and_marked(season, assessor):
    outcome = bring_in(season, assessor, ("教务处", "A12", 2, "2009-11-20", "王五", None))
    assert Deduction.objects.get().subject_is_text
    assert [row.mark for row in outcome.written.shown] == ["text only"]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"部门": "图书管"}, "Sheet1/2/部门"),
        ({"部门": None}, "Sheet1/2/部门"),
        ({"细则": "S9"}, "Sheet1/2/细则"),
        ({"细则": "A3"}, "Sheet1/2/细则"),
        ({"数量": 0}, "Sheet1/2/数量"),
        ({"数量": -1}, "Sheet1/2/数量"),
        ({"数量": 1.5}, "Sheet1/2/数量"),
        ({"数量": 1e308}, "Sheet1/2/数量"),
        ({"数量": "NaN"}, "Sheet1/2/数量"),
        ({"数量": 2}, "Sheet1/2/数量"),
        ({"细则": "P3", "数量": None}, "Sheet1/2/数量"),
        ({"细则": "P3", "数量": 100}, "Sheet1/2/数量"),
        ({"日期": "昨天"}, "Sheet1/2/日期"),
        ({"日期": None}, "Sheet1/2/日期"),
        ({"日期": "2009-08-31"}, "Sheet1/2/日期"),
        ({"日期": "2009-12-29"}, "Sheet1/2/日期"),
        ({"细则": "S2"}, "Sheet1/2/对象"),
        ({"对象": "张伟"}, "Sheet1/2/对象"),
        ({"细则": "B4", "对象": "十一月"}, "Sheet1/2/对象"),
        ({"细则": "B4", "对象": "2009-08"}, "Sheet1/2/对象"),
        ({"细则": "S2", "对象": date(2009, 9, 1)}, "Sheet1/2/对象"),
        ({"细则": "S2", "对象": "张伟(123)"}, "Sheet1/2/对象"),
        ({"事由": "长" * 2001}, "Sheet1/2/事由"),
    ],
)
def test_bad_cell_is_named_and_nothing_is_written(season, assessor, changed, place):
    make_person(season, "张伟", number="00123")
    values = dict(zip(DEDUCTION_HEADINGS, LINE, strict=True)) | changed
    outcome = bring_in(season, assessor, tuple(values.values()), ("教务处", "S1a", 1, "2009-11-20", None, None))
    assert places(outcome) == [place]
    assert not Deduction.objects.exists()
    assert not ImportBatch.objects.exists()
    assert not Tally.objects.exclude(pending=0).exists()


def test_every_error_of_a_sheet_is_named(season, assessor):
    outcome = bring_in(
        season,
        assessor,
        ("图书管", "S9", "x", "昨天", None, None),
        LINE,
        ("教务处", "B3", 1, "2009-11-20", None, None),
    )
    assert places(outcome) == ["Sheet1/2/部门", "Sheet1/2/细则", "Sheet1/2/数量", "Sheet1/2/日期", "Sheet1/4/细则"]


def test_same_person_twice_in_a_term_under_two_spellings_is_named_with_its_first_row(season, assessor):
    make_person(season, "张伟", number="00123", home="教务处")
    outcome = bring_in(
        season,
        assessor,
        ("教务处", "A5", 1, "2009-11-20", "张 伟", None),
        ("教务处", "A5", 1, "2009-11-27", "张伟（００１２３）", None),
    )
    assert [(error.place, error.sentence) for error in outcome.errors] == [
        ("Sheet1/3/对象", "The same fact stands in row 2 already.")
    ]


def test_own_department_is_a_row_error(season):
    actor = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    outcome = bring_in(season, actor, LINE, ("教务处", "S1a", 1, "2009-11-20", None, None))
    assert places(outcome) == ["Sheet1/3/部门"]
    assert not Deduction.objects.exists()


def test_guessed_sheet_of_an_own_department_does_not_tell_whether_its_lines_stand(season, assessor):
    bring_in(season, assessor, LINE)
    library = make_actor(season, Role.ASSESSOR, department=department(season, "图书馆"))
    true = bring_in(season, library, LINE)
    false = bring_in(season, library, (*LINE[:5], "别的"))
    assert (true.standing, false.standing) == (None, None)
    assert [error.sentence for error in true.errors] == [error.sentence for error in false.errors]
    assert places(true) == ["Sheet1/2/部门"]


def test_same_content_again_changes_nothing_even_saved_anew(season, assessor):
    first = bring_in(season, assessor, LINE, ("教务处", "P3", 2, date(2009, 11, 20), "岗位", None))
    respelt = bring_in(
        season,
        make_actor(season, Role.ASSESSOR),
        ("教 务 处", "p3", "２", "2009.11.20", "岗 位", None),
        ("图书馆", "S1a", None, date(2009, 11, 20), None, "没有邀请"),
    )
    assert respelt.standing == first.batch
    assert (Deduction.objects.count(), ImportBatch.objects.count()) == (2, 1)


def test_same_content_comes_in_again_once_withdrawn(season, assessor):
    first = bring_in(season, assessor, LINE)
    withdraw_import(first.batch, by=assessor, at=NOON, because="wrong sheet")
    again = bring_in(season, assessor, LINE)
    assert again.is_new
    assert Deduction.objects.standing().get().batch == again.batch


def test_dry_run_says_the_same_and_writes_nothing(season, assessor, portal_files):
    outcome = bring_in(season, assessor, LINE, dry_run=True)
    assert [row.cells[:4] for row in outcome.written.shown] == [("图书馆", "S1a", "1", "1.00")]
    assert outcome.written.totals[:2] == [("Lines", "1"), ("Points", "1.00")]
    assert not Deduction.objects.exists()
    assert not portal_files.exists()


def test_second_person_confirms_in_the_same_transaction(season, assessor, lead):
    bring_in(season, assessor, LINE, confirm_by=lead)
    line = Deduction.objects.get()
    assert line.confirmed_by_id == lead.user_id
    assert Tally.objects.get(department=line.charged, category__code="study").charged == 1


def test_conflict_of_the_second_person_leaves_nothing_behind(season, assessor):
    other = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    outcome = bring_in(season, assessor, LINE, ("教务处", "S1a", 1, "2009-11-20", None, None), confirm_by=other)
    assert places(outcome) == ["Sheet1/3/部门"]
    assert not Deduction.objects.exists()


def test_withdrawal_takes_all_standing_lines_and_puts_the_tally_back(season, assessor):
    batch = bring_in(season, assessor, LINE, ("教务处", "S1a", 1, "2009-11-20", None, None)).batch
    withdraw_import(batch, by=assessor, at=NOON, because="twice")
    assert not Deduction.objects.standing().exists()
    assert {line.withdrawn_because for line in Deduction.objects.all()} == {"twice"}
    assert not Tally.objects.exclude(pending=0).exists()
    with pytest.raises(Refused):
        withdraw_import(batch, by=assessor, at=NOON, because="twice")


def test_withdrawal_locks_its_departments_at_once_and_sums_each_once(season, assessor):
    """In the order of the lines two withdrawals, or one and an import, would wait for each other."""
    codes = ("S1a", "S1b", "S5")
    rows = [(name, code, 1, "2009-11-20", None, None) for code in codes for name in ("图书馆", "教务处")]
    batch = bring_in(season, assessor, *rows).batch
    with CaptureQueriesContext(connection) as queries:
        withdraw_import(batch, by=assessor, at=NOON, because="twice")
    sums = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "scoring_tally"')]
    assert len(sums) == 2


def test_external_teacher_is_a_row_error_where_the_rule_exempts_them(season, assessor):
    make_person(season, "李外", category=StaffCategory.EXTERNAL)
    outcome = bring_in(season, assessor, ("图书馆", "B10", 1, "2009-11-20", "李外", None))
    assert [(error.place, error.sentence) for error in outcome.errors] == [
        ("Sheet1/2/对象", "Rule B10 never charges 李外: External teacher.")
    ]


def test_same_text_twice_in_a_term_with_and_without_a_number_is_named_with_its_first_row(season, assessor):
    outcome = bring_in(
        season,
        assessor,
        ("图书馆", "B5", 1, "2009-11-20", "欧阳 无名", None),
        ("图书馆", "B5", 1, "2009-11-27", "欧阳无名(00123)", None),
    )
    assert [(error.place, error.sentence) for error in outcome.errors] == [
        ("Sheet1/3/对象", "The same fact stands in row 2 already.")
    ]


def test_withdrawal_with_confirmed_lines_needs_a_team_lead(season, assessor, lead):
    batch = bring_in(season, assessor, LINE, ("教务处", "S1a", 1, "2009-11-20", None, None)).batch
    confirm_deductions(Deduction.objects.filter(charged__name="教务处"), by=lead, at=NOON)
    with pytest.raises(Refused):
        withdraw_import(batch, by=assessor, at=NOON, because="wrong")
    assert Deduction.objects.standing().count() == 2
    withdraw_import(batch, by=lead, at=NOON, because="wrong")
    assert not Deduction.objects.standing().exists()


def test_withdrawal_by_another_assessor_is_denied(season, assessor):
    batch = bring_in(season, assessor, LINE).batch
    with pytest.raises(PermissionDenied):
        withdraw_import(batch, by=make_actor(season, Role.ASSESSOR), at=NOON, because="wrong")


def test_withdrawal_that_touches_an_own_department_is_a_conflict_and_takes_nothing(season, assessor):
    batch = bring_in(season, assessor, LINE, ("教务处", "S1a", 1, "2009-11-20", None, None)).batch
    lead = make_actor(season, Role.TEAM_LEAD, department=department(season, "教务处"))
    with pytest.raises(ConflictOfInterest):
        withdraw_import(batch, by=lead, at=NOON, because="wrong")
    assert Deduction.objects.standing().count() == 2


def test_office_brings_in_no_deductions(season):
    with pytest.raises(PermissionDenied):
        bring_in(season, make_actor(season, Role.OFFICE), LINE)


def test_check_reads_books_once_whatever_the_number_of_rows(season, assessor, django_assert_num_queries):
    spec = hooks.import_kinds[ImportKind.DEDUCTIONS]

    def rows(count):
        lines = [("教务处", "A5", 1, "2009-11-20", f"人{place}", None) for place in range(count)]
        return read_sheets(make_sheet(*lines), spec.columns).rows

    for count in (1, 3, 30):
        with django_assert_num_queries(3):
            understood, errors = spec.understand(season, rows(count))
        assert (len(understood), errors) == (count, [])


def test_report_of_the_dry_run_is_kept(season, assessor):
    spec = hooks.import_kinds[ImportKind.DEDUCTIONS]
    batch = new_batch(season, ImportKind.DEDUCTIONS, "a.xlsx", by=assessor, at=NOON)
    rows = [("教务处", "P3", 1, "2009-11-20", f"岗位{place}", None) for place in range(30)]
    check_import(batch, read_sheets(make_sheet(*rows), spec.columns), by=assessor, at=NOON)
    batch.refresh_from_db()
    assert (batch.rows, batch.report["row_count"], batch.report["error_count"]) == (30, 30, 0)
    assert not Deduction.objects.exists()


def test_invented_season_comes_in_the_same_way(other_season):
    actor = make_actor(other_season, Role.ASSESSOR)
    rule = other_season.rules.filter(block=None, subject="none").first()
    place = other_season.departments.first()
    outcome = bring_in(other_season, actor, (place.name, rule.code, 1, other_season.facts_from.isoformat(), None, None))
    assert places(outcome) == ["Sheet1/2/日期"]  # that season's facts lie in the future of NOON


# --- the command


def run(tmp_path, *options, file=None, rows=(LINE,)):
    path = tmp_path / "扣分.xlsx"
    path.write_bytes((file or make_sheet(*rows)).getvalue())
    out, err = io.StringIO(), io.StringIO()
    call_command("import_deductions", "2009", str(path), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def team(season, settings):
    """Team members as of today: the season's own clock is the wall clock here."""
    for username, role in (("assessor", Role.ASSESSOR), ("teamlead", Role.TEAM_LEAD), ("office", Role.OFFICE)):
        make_membership(season, make_user(username), role)


def test_command_brings_in_and_confirms(team, tmp_path):
    out, _err = run(tmp_path, "--by", "assessor", "--confirm-by", "teamlead")
    assert "Sheet1/2\t图书馆\tS1a\t1\t1.00\t2009-11-20\t\t没有邀请" in out
    assert "Points: 1.00" in out
    assert Deduction.objects.confirmed().count() == 1


def test_command_run_again_says_so_and_changes_nothing(team, tmp_path):
    run(tmp_path, "--by", "assessor")
    out, err = run(tmp_path, "--by", "assessor", "--confirm-by", "teamlead")
    assert "Nothing was changed" in out
    assert err == ""
    assert Deduction.objects.recorded().count() == 1


def test_command_tried_dry_writes_nothing(team, tmp_path):
    out, _err = run(tmp_path, "--by", "assessor", "--confirm-by", "teamlead", "--dry-run")
    assert "nothing was written" in out
    assert not Deduction.objects.exists()


def test_command_names_every_error_and_ends_with_one(team, tmp_path):
    err = io.StringIO()
    path = tmp_path / "扣分.xlsx"
    path.write_bytes(make_sheet(("图书管", "S1a", 0, "2009-11-20", None, None)).getvalue())
    with pytest.raises(CommandError) as ended:
        call_command("import_deductions", "2009", str(path), "--by", "assessor", stderr=err)
    assert ended.value.returncode == 1
    assert err.getvalue().splitlines() == ["Sheet1/2/部门: There is no department called 图书管."]
    assert not Deduction.objects.exists()


@pytest.mark.parametrize(
    ("campaign", "options"),
    [
        ("1999", ["--by", "assessor"]),
        ("2009", ["--by", "nobody"]),
        ("2009", ["--by", "office"]),
        ("2031", ["--by", "assessor"]),
        ("2009", ["--by", "assessor", "--confirm-by", "assessor"]),
        ("2009", ["--by", "assessor", "--confirm-by", "office"]),
    ],
)
def test_command_says_who_may_not(team, tmp_path, campaign, options):
    path = tmp_path / "a.xlsx"
    path.write_bytes(make_sheet(LINE).getvalue())
    with pytest.raises(CommandError):
        call_command("import_deductions", campaign, str(path), *options)
    assert not Deduction.objects.exists()


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "missing.xlsx"])
def test_command_says_when_the_file_is_no_sheet(team, tmp_path, name):
    (tmp_path / "a.csv").write_text("部门,细则")
    (tmp_path / "a.xlsx").write_text("部门,细则")
    with pytest.raises(CommandError):
        call_command("import_deductions", "2009", str(tmp_path / name), "--by", "assessor", stderr=io.StringIO())


def test_declared_interest_of_the_recorder_is_a_row_error(season, team, tmp_path):
    user = season.memberships.get(role=Role.ASSESSOR).user
    library = department(season, "图书馆")
    Interest.objects.create(
        campaign=season, user=user, department=library, reason="spouse", starts_on=season.facts_from
    )
    with pytest.raises(CommandError):
        run(tmp_path, "--by", "assessor")
    assert not Deduction.objects.exists()


def test_workbook_is_not_changed_by_reading(season, assessor):
    file = file_of(make_workbook(LINE))
    before = file.getvalue()
    bring_in(season, assessor, file=file)
    assert file.getvalue() == before
    assert load_workbook(file)["Sheet1"]["A2"].value == "图书馆"
