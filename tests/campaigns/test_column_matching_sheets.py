"""Sheets read by matched headings: merged cells, per cent as shown, and where the colour goes."""

import io

import pytest
from django.utils import translation
from openpyxl import load_workbook

from campaigns.calculations.headings import fingerprint_of, name_of
from campaigns.enums import RegisterCode
from campaigns.facts import SheetError
from campaigns.imports.annotate import annotate
from campaigns.imports.sheet import read_sheets
from campaigns.imports.staff import COLUMNS as STAFF
from campaigns.registers import REGISTERS
from tests.campaigns.register_working import office_sheet
from tests.sheets import STAFF_HEADINGS, file_of, make_sheet, make_workbook

EVALUATION = REGISTERS[RegisterCode.EVALUATION].sheet_columns
LABELS = ("序号", "教师大名", "教工编码", "评教得分", "名次", "说明")
MAPPING = {"教师大名": "name", "教工编码": "number", "评教得分": "score"}
LAYOUTS = {fingerprint_of(LABELS): {name_of(label): key for label, key in MAPPING.items()}}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_headings_merged_downwards_and_sideways_are_read_in_their_lower_row():
    content = read_sheets(office_sheet((1, "张伟", "00123", 88, 1, "好")), EVALUATION, layouts=LAYOUTS)
    [row], [headings] = content.rows, content.headings
    assert (row.number, dict(row.cells)) == (4, {"name": "张伟", "number": "00123", "score": 88})
    assert (headings.row, headings.labels, headings.is_matched) == (3, LABELS, True)
    assert dict(headings.taken) == {"姓名": 1, "工号": 2, "评教分数": 3}


def test_unknown_headings_come_with_samples_and_rows_that_may_be_the_headings():
    content = read_sheets(office_sheet((1, "张伟", "00123", 88, 1, "好")), EVALUATION)
    assert content.rows == ()
    assert [headings.row for headings in content.headings][:2] == [3, 2]
    samples = {heading.label: heading.samples for heading in content.headings[0].headings}
    assert (samples["教师大名"], samples["评教得分"]) == (("张伟",), ("88",))


def test_known_headings_need_no_layout_and_are_taken_as_ever():
    content = read_sheets(make_sheet(("00123", "张伟", 88), headings=("工号", "姓名", "评教分数")), EVALUATION)
    assert [headings.is_matched for headings in content.headings] == [False]
    alone = read_sheets(make_sheet(("张伟(00123)", 88), headings=("姓名", "评教分数")), EVALUATION)
    assert (alone.errors, len(alone.rows)) == ((), 1)
    neither = read_sheets(make_sheet((88,), headings=("评教分数",)), EVALUATION)
    assert "工号、姓名" in neither.errors[0].sentence


@pytest.mark.parametrize(
    ("value", "shown_as", "expected"),
    [(0.85, "0%", "85%"), (0.8555, "0.00%", "85.55%"), (1, "0.0%", "100%"), (85, "General", 85), ("85%", "@", "85%")],
)
def test_a_cell_shown_as_per_cent_is_read_as_shown(value, shown_as, expected):
    workbook = make_workbook((None, "张伟", value), headings=("工号", "姓名", "评教分数"))
    workbook.active["C2"].number_format = shown_as
    assert read_sheets(file_of(workbook), EVALUATION).rows[0].cells["score"] == expected


def test_other_columns_are_read_as_ever_whatever_they_show():
    workbook = make_workbook(("00123", "张伟", "专职", "图书馆", None, None), headings=STAFF_HEADINGS)
    workbook.active["B2"] = 0.5
    workbook.active["B2"].number_format = "0%"
    assert read_sheets(file_of(workbook), STAFF).rows[0].cells["name"] == 0.5


def test_headings_merged_downwards_are_no_row():
    workbook = make_workbook((None,) * 6, ("00123", "张伟", "专职", "图书馆", None, None), headings=STAFF_HEADINGS)
    for letter in "ABCDEF":
        workbook.active.merge_cells(f"{letter}1:{letter}2")
    content = read_sheets(file_of(workbook), STAFF)
    assert ([row.number for row in content.rows], content.errors) == ([3], ())


def test_error_in_a_merged_cell_colours_the_first_of_those_merged():
    workbook = make_workbook(("00123", "张伟", 88), ("00123", None, 150), headings=("工号", "姓名", "评教分数"))
    workbook.active.merge_cells("B2:B3")
    file = file_of(workbook)
    content = read_sheets(file, EVALUATION)
    assert [row.cells["name"] for row in content.rows] == ["张伟", "张伟"]
    error = SheetError("no", sheet="Sheet1", row=3, column="姓名")
    coloured = annotate(file, [error], EVALUATION, headings=content.headings)
    sheet = load_workbook(io.BytesIO(coloured))["Sheet1"]
    assert (sheet["B2"].comment.text, sheet["B2"].fill.fgColor.rgb) == ("no", "FFF4B6B6")


def test_annotated_copy_has_the_same_headings_as_the_sheet():
    file = office_sheet((1, "张伟", "00123", 150, 1, "好"))
    content = read_sheets(file, EVALUATION, layouts=LAYOUTS)
    errors = [SheetError("too much", sheet="评教结果", row=4, column="评教分数"), SheetError("all", sheet="评教结果")]
    coloured = annotate(file, errors, EVALUATION, headings=content.headings)
    again = read_sheets(io.BytesIO(coloured), EVALUATION, layouts=LAYOUTS)
    assert again.headings[0].labels == LABELS
    assert load_workbook(io.BytesIO(coloured))["评教结果"]["G4"].value == "评教得分: too much"
