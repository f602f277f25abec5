"""The result converted for the yearly appraisals: shares to the hundredth, and a workbook that checks itself."""

import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from scoring.exports import words
from scoring.exports.conversion_sheet import write_conversion
from scoring.facts.results import WonPrize
from scoring.queries.conversion import convert, share_of
from scoring.queries.results import freeze, load_result, thaw
from tests.factories import NOON, department
from tests.scoring.reading import Pair

OFFICE = shutil.which("soffice")
HUNDREDTHS = st.integers(1, 10_000).map(lambda number: Decimal(number).scaleb(-2))


@pytest.fixture
def result(season):
    """The frozen result: 图书馆 lost 6.50 and won a prize, one percentage is decided."""
    pair = Pair(season)
    pair.charge("S1a")
    pair.charge("S1b")
    pair.charge("S3a")
    found = load_result(season, at=NOON)
    won = WonPrize(department(season).uuid, "图书馆", 1, "一等奖")
    return thaw(freeze(replace(found, prizes=(won,), percentages={"party": Decimal("12.50")})))


def test_share_is_rounded_half_up_and_undecided_is_none(result):
    party, work = convert(result)
    row = next(row for row in party.rows if row.name == "图书馆")
    assert (row.total, row.share, row.prize) == (Decimal("93.50"), Decimal("11.69"), "一等奖")  # 11.6875
    assert (party.percent, work.percent) == (Decimal("12.50"), None)
    assert {row.share for row in work.rows} == {None}
    assert [len(party.rows), len(work.rows)] == [24, 24]


@pytest.mark.parametrize(
    ("total", "percent", "share"),
    [("90.10", "5", "4.51"), ("100.00", "100", "100.00"), ("0.00", "15", "0.00"), ("33.33", "0.01", "0.00")],
)
def test_shares(total, percent, share):
    assert share_of(Decimal(total), Decimal(percent)) == Decimal(share)


@given(HUNDREDTHS, HUNDREDTHS)
def test_share_equals_the_integers_of_the_check_sheet(total, percent):
    in_hundredths = (int(total * 100) * int(percent * 100) + 5000) // 10_000
    assert share_of(total, percent) == Decimal(in_hundredths).scaleb(-2)


def test_workbook_holds_both_sheets_the_code_and_a_formula_for_every_share(result, tmp_path):
    path = tmp_path / "conversion.xlsx"
    write_conversion(result, path, code="ABCD-EFGH", address="http://portal/genuine/")
    book = load_workbook(path)
    assert len(book.sheetnames) == 3
    party, work, check = (book[name] for name in book.sheetnames)
    assert (party["C3"].value, check.title) == (12.5, words.CHECK)
    assert isinstance(work["C3"].value, str)
    assert "ABCD-EFGH" in party["A4"].value
    assert "ABCD-EFGH" in party.oddFooter.left.text
    found = next(row for row in party.iter_rows(min_row=6, values_only=True) if row[2] == "图书馆")
    assert found[3:] == (93.5, 11.69, "一等奖")
    formulas = [cell.value for row in check.iter_rows(min_row=4, min_col=3, max_col=5) for cell in row]
    assert len(formulas) == 48 * 3
    assert all(formula.startswith("=") for formula in formulas)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_recalculated_check_agrees_and_finds_a_changed_share(result, tmp_path):
    path = tmp_path / "conversion.xlsx"
    write_conversion(result, path, code="ABCD-EFGH")
    assert _verdicts(path, tmp_path / "one") == {words.SAME}
    book = load_workbook(path)
    book[book.sheetnames[0]]["E6"].value = 12.49
    book.save(path)
    assert _verdicts(path, tmp_path / "two") == {words.SAME, words.DIFFERENT}


def _verdicts(path, folder):
    command = [OFFICE, f"-env:UserInstallation={folder.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", folder, path], check=True, capture_output=True, timeout=300)
    check = load_workbook(folder / path.name, data_only=True)[words.CHECK]
    return {row[4] for row in check.iter_rows(min_row=4, values_only=True)}
