"""The workbook of a frozen result, recalculated by LibreOffice: its verdict is “一致” to the hundredth."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from campaigns.enums import DecisionKind, Role
from campaigns.models import Decision
from scoring.enums import Basis
from scoring.exports.frozen_book import write_frozen_book
from scoring.exports.result_paper import PaperHead
from scoring.models import Benchmark, Rulebook
from scoring.queries.results import freeze, load_result, thaw
from tests.factories import NOON, department, make_actor, make_deduction

CODE = "7KQM-2X9A"
OFFICE = shutil.which("soffice")
recalculating = pytest.mark.skipif(OFFICE is None, reason="the system lacks LibreOffice")


@pytest.fixture
def charged(season):
    """Lines of every sort, one tie on purpose, and the ledger's result."""
    assessor, lead = make_actor(season, Role.ASSESSOR), make_actor(season, Role.TEAM_LEAD)
    for code, charged, quantity in (
        ("S3b", "图书馆", 1),
        ("S3a", "图书馆", 1),
        ("S1a", "图书馆", 1),
        ("P2", "教务处", 2),
        ("P1", "工会", 3),
        ("P1", "团委", 3),
        ("A3", "保卫处", 1),
        ("B2", "基础部", 2),
    ):
        make_deduction(season, code, charged=charged, quantity=quantity, by=assessor, confirmed_by=lead)
    return lead


def name_benchmark(season, by, name, code, amount):
    Rulebook.objects.filter(campaign=season).update(basis=Basis.BEST_IS_FULL)
    place = department(season, name)
    Benchmark.objects.create(
        campaign=season,
        block=place.block,
        category=season.categories.get(code=code),
        department=place,
        amount=Decimal(amount),
        reason="最好",
        named_by_id=by.user_id,
        named_at=NOON,
    )


def decide_tie(season, by, total, *names):
    Decision.objects.create(
        campaign=season,
        kind=DecisionKind.RANK_TIE,
        decided_on=date(2009, 12, 27),
        present="组长、副组长",
        text="按次序",
        data={"total": total, "order": [str(department(season, name).uuid) for name in names]},
        recorded_by_id=by.user_id,
        recorded_at=NOON,
    )


def frozen(season):
    return thaw(freeze(load_result(season, at=NOON)))


def write(result, path):
    write_frozen_book(result, path, head=PaperHead.of(result, standing="第1号", code=CODE))
    return openpyxl.load_workbook(path)


def recalculated(path, tmp_path):
    """Return the workbook with the values LibreOffice computes."""
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(out / path.name, data_only=True)


def checked(book):
    """Return by department what the check sheet says, by heading."""
    rows = list(book["核对"].iter_rows(values_only=True))
    header = next(at for at, row in enumerate(rows) if row[0] == "板块")
    return {row[1]: dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]}


def test_frozen_book_carries_the_code_and_names_nobody(season, charged, tmp_path):
    result = frozen(season)
    book = write(result, tmp_path / "book.xlsx")
    assert book.sheetnames == ["排名A", "排名B", "扣分明细", "考核标准", "核对"]
    assert CODE in book["核对"]["A3"].value
    lines = list(book["扣分明细"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == 8
    assert {(row[9], row[10]) for row in lines} == {("考核小组", "考核小组")}
    assert {(row[2], row[12], row[13]) for row in lines if row[0] == "图书馆"} == {
        ("S1a", None, 1),
        ("S3a", "S3S4", 0),
        ("S3b", "S3S4", 10),
    }


def test_frozen_book_does_not_move_with_the_season(season, charged, tmp_path):
    result = frozen(season)
    type(season).objects.filter(pk=season.pk).update(name="另一个名称")
    book = write(result, tmp_path / "book.xlsx")
    assert "质量管理季" in book.properties.title


def test_sheet_without_a_decided_tie_has_no_column_for_one(season, charged, tmp_path):
    book = write(frozen(season), tmp_path / "book.xlsx")
    assert checked(book)["工会"].keys() & {"裁定时总分", "裁定次序"} == set()


@recalculating
def test_recalculated_sheet_agrees_with_benchmarks_and_a_decided_tie(season, charged, tmp_path):
    name_benchmark(season, charged, "工会", "plan", "0.20")
    name_benchmark(season, charged, "基础部", "execution", "0.50")
    decide_tie(season, charged, "99.90", "团委", "工会")  # 0.30 less the benchmark of 0.20
    result = frozen(season)
    path = tmp_path / "book.xlsx"
    write(result, path)

    found = checked(recalculated(path, tmp_path))

    assert {row["结论"] for row in found.values()} == {"一致"}
    assert len(found) == 24
    for block in result.ranking.blocks:
        for row in block.rows:
            said = found[row.department]
            assert (round(Decimal(str(said["复算总分"])), 2), said["复算名次"]) == (row.total, row.rank)
    ranks = {name: found[name]["复算名次"] for name in ("团委", "工会", "教务处")}
    assert ranks["工会"] == ranks["团委"] + 1
    assert ranks["教务处"] == 14
    assert (found["团委"]["裁定次序"], found["工会"]["裁定次序"]) == (1, 2)
    assert found["教务处"]["裁定次序"] is None


@recalculating
def test_recalculated_sheet_drops_a_decision_that_names_others_than_are_tied(season, charged, tmp_path):
    decide_tie(season, charged, "99.70", "团委", "工会")
    result = frozen(season)
    first, *others = result.ranking.blocks
    assert first.ties
    row = next(row for row in first.rows if row.department == "保卫处")
    moved = replace(row, rank=12, scores=(Decimal("10.00"), Decimal("20.00"), Decimal("69.70")), total=Decimal("99.70"))
    rows = tuple(
        moved if one is row else replace(one, rank=12) if one.total == moved.total else one for one in first.rows
    )
    result = replace(result, ranking=replace(result.ranking, blocks=(replace(first, rows=rows), *others)))
    statement = next(one for one in result.statements if one.department.name == "保卫处")
    study, plan, execution = statement.categories
    line = replace(execution.lines[0], points=Decimal("0.30"), amount=Decimal("0.30"), counted=Decimal("0.30"))
    changed = replace(statement, categories=(study, plan, replace(execution, lines=(line,))))
    result = replace(result, statements=tuple(changed if one is statement else one for one in result.statements))
    path = tmp_path / "book.xlsx"
    write(result, path)
    found = checked(recalculated(path, tmp_path))
    assert {found[name]["复算名次"] for name in ("团委", "工会", "保卫处")} == {11}


@recalculating
def test_recalculated_sheet_sees_a_figure_changed_by_hand(season, charged, tmp_path):
    decide_tie(season, charged, "99.70", "团委", "工会")
    path = tmp_path / "book.xlsx"
    book = write(frozen(season), path)
    sheet = book["扣分明细"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "工会")
    row[5].value = 0.2
    book.save(path)
    found = checked(recalculated(path, tmp_path))
    assert found["工会"]["结论"] == "不一致"
    assert found["团委"]["复算名次"] == found["团委"]["表列名次"] + 1  # tied no more: the union has overtaken it
