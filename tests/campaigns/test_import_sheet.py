"""Reading sheets: whatever WPS writes is understood, whatever is wrong is named where it stands."""

import io
import time
import zipfile
from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.styles import numbers

from campaigns.facts import Column, SheetError
from campaigns.imports import archive
from campaigns.imports.annotate import annotate
from campaigns.imports.scan import scan_sheet
from campaigns.imports.sheet import MAXIMUM_BLANK, read_sheets
from campaigns.imports.staff import COLUMNS as STAFF
from campaigns.imports.template import EXPLANATION, make_template
from campaigns.imports.values import RowReader
from qualityseason.errors import Refused
from qualityseason.intake.office import SHEET_LIMITS
from scoring.imports.deductions import COLUMNS
from tests.sheets import (
    DEDUCTION_HEADINGS,
    STAFF_HEADINGS,
    file_of,
    make_sheet,
    make_workbook,
    rewrite,
    with_rows,
    with_value_of_formula,
    wps_sheet,
)

LINE = ("图书馆", "S1a", 1, "2009-11-20", None, "看见了")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def errors_of(file, columns=COLUMNS):
    return [(e.sheet, e.row, e.column, e.sentence) for e in read_sheets(file, columns).errors]


def refusal_of(content, columns=COLUMNS):
    with pytest.raises(Refused) as refusal:
        read_sheets(io.BytesIO(content), columns)
    assert refusal.value.field == "file"
    return refusal.value.refusal_code


def test_rows_are_read_by_heading_wherever_the_columns_stand():
    headings = ("事 由", "序号", "　日期：", "对象", "数 量", "*细则", "部门")
    file = make_sheet(("看见了", 7, "2009-11-20", None, 1, "S1a", "图书馆"), headings=headings)
    content = read_sheets(file, COLUMNS)
    assert content.errors == ()
    assert [dict(row.cells) for row in content.rows] == [
        {
            "charged": "图书馆",
            "rule": "S1a",
            "quantity": 1,
            "happened_on": "2009-11-20",
            "subject": None,
            "note": "看见了",
        }
    ]


def test_sheet_as_wps_writes_it_is_read():
    content = read_sheets(
        wps_sheet(DEDUCTION_HEADINGS, ("图书馆", "A3", "2", "2009年11月20日", "张 伟", "看见了")), COLUMNS
    )
    assert content.errors == ()
    assert list(content.rows[0].cells.values()) == ["图书馆", "A3", "2", "2009年11月20日", "张 伟", "看见了"]


def test_title_rows_above_the_headings_are_passed_over():
    workbook = make_workbook(LINE)
    workbook.active.insert_rows(1, amount=3)
    workbook.active["A1"] = "扣分登记表"
    workbook.active.merge_cells("A1:F1")
    content = read_sheets(file_of(workbook), COLUMNS)
    assert [row.number for row in content.rows] == [5]


def test_all_visible_sheets_with_the_columns_are_read_and_others_left_out():
    workbook = make_workbook(LINE)
    second = workbook.create_sheet("十一月")
    second.append(DEDUCTION_HEADINGS)
    second.append(LINE)
    workbook.create_sheet("汇总").append(["合计", 5])
    content = read_sheets(file_of(workbook), COLUMNS)
    assert [(row.sheet, row.number) for row in content.rows] == [("Sheet1", 2), ("十一月", 2)]
    assert content.errors == ()


def test_missing_column_is_named_together_with_those_found():
    headings = ("部门", "细则", "数量", "对象", "事由")
    [(sheet, row, column, sentence)] = errors_of(make_sheet(("图书馆", "S1a", 1, None, "x"), headings=headings))
    assert (sheet, row, column) == ("Sheet1", 0, "")
    assert sentence == "These columns are missing: 日期. Found were: 部门、细则、数量、对象、事由."


def test_second_sheet_that_lacks_one_column_is_not_passed_over_silently():
    workbook = make_workbook(LINE)
    second = workbook.create_sheet("十一月")
    second.append(["部门", "细则", "数量", "对象", "事由"])
    assert [error[0] for error in errors_of(file_of(workbook))] == ["十一月"]


def test_heading_that_stands_twice_is_an_error():
    file = make_sheet((*LINE, "教务处"), headings=(*DEDUCTION_HEADINGS, "部门"))
    assert errors_of(file) == [("Sheet1", 1, "部门", "This column stands there twice.")]


def test_headings_without_rows_are_an_error():
    assert errors_of(make_sheet()) == [("", 0, "", "There are no rows below the headings.")]


def test_formula_without_stored_value_is_an_error_at_its_cell():
    workbook = make_workbook(LINE)
    workbook.active["C2"] = "=1+0"
    [(sheet, row, column, sentence)] = errors_of(file_of(workbook))
    assert (sheet, row, column) == ("Sheet1", 2, "数量")
    assert "no stored value" in sentence


def test_formula_with_stored_value_is_taken_as_shown():
    workbook = make_workbook(LINE)
    workbook.active["C2"] = "=1+1"
    content = read_sheets(with_value_of_formula(file_of(workbook), b"2"), COLUMNS)
    assert content.errors == ()
    assert content.rows[0].cells["quantity"] == 2


def test_formula_in_a_column_we_do_not_read_does_not_matter():
    workbook = make_workbook((*LINE, "=A2"), headings=(*DEDUCTION_HEADINGS, "备注"))
    assert errors_of(file_of(workbook)) == []


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "#DIV/0!"])
def test_error_value_is_an_error_at_its_cell(value):
    workbook = make_workbook(LINE)
    workbook.active["D2"] = value  # openpyxl stores it as an error
    [(sheet, row, column, sentence)] = errors_of(file_of(workbook))
    assert (sheet, row, column) == ("Sheet1", 2, "日期")
    assert value in sentence


def test_staff_number_stored_as_number_is_an_error():
    file = make_sheet((123, "张伟", "专职", "图书馆", None, None), headings=STAFF_HEADINGS)
    [(sheet, row, column, sentence)] = errors_of(file, STAFF)
    assert (sheet, row, column) == ("Sheet1", 2, "工号")
    assert sentence.startswith("123 is stored as a number, so leading zeros may be lost. Set the column to text")


def test_number_shown_with_leading_zeros_is_taken_as_shown():
    workbook = make_workbook((123, "张伟", "专职", "图书馆", None, None), headings=STAFF_HEADINGS)
    workbook.active["A2"].number_format = "00000"
    content = read_sheets(file_of(workbook), STAFF)
    assert content.errors == ()
    assert content.rows[0].cells["number"] == "00123"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheet_with_content_is_an_error(state):
    workbook = make_workbook(LINE)
    workbook.create_sheet("旧数据").append(["x"])
    workbook["旧数据"].sheet_state = state
    [(sheet, row, column, sentence)] = errors_of(file_of(workbook))
    assert (sheet, row, column) == ("旧数据", 0, "")
    assert "hidden" in sentence


def test_hidden_sheet_that_is_empty_or_of_wps_does_not_matter():
    workbook = make_workbook(LINE)
    workbook.create_sheet("空").sheet_state = "hidden"
    workbook.create_sheet("WpsReserved_CellImgList").append(["x"])
    workbook["WpsReserved_CellImgList"].sheet_state = "veryHidden"
    assert errors_of(file_of(workbook)) == []


def test_million_blank_rows_cost_little():
    blank = b"".join(b'<row r="%d" ht="14.25"/>' % number for number in range(3, 1_048_577))
    file = with_rows(make_sheet(LINE), blank)
    started = time.process_time()
    content = read_sheets(file, COLUMNS)
    assert time.process_time() - started < 10
    assert (len(content.rows), content.errors) == (1, ())


def test_row_at_the_very_end_is_not_lost_silently():
    last = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    [(sheet, row, column, sentence)] = errors_of(with_rows(make_sheet(LINE), last))
    assert (sheet, row, column) == ("Sheet1", 1_048_576, "")
    assert "blank rows" in sentence


def test_some_blank_rows_between_are_passed_over():
    workbook = make_workbook(LINE)
    for place, value in enumerate(LINE, start=1):
        workbook.active.cell(MAXIMUM_BLANK, place).value = value
    content = read_sheets(file_of(workbook), COLUMNS)
    assert [row.number for row in content.rows] == [2, MAXIMUM_BLANK]


def test_cells_merged_downwards_stand_for_every_row():
    workbook = make_workbook(LINE, (None, *LINE[1:]), (None, *LINE[1:]))
    workbook.active.merge_cells("A2:A3")
    content = read_sheets(file_of(workbook), COLUMNS)
    assert [row.cells["charged"] for row in content.rows] == ["图书馆", "图书馆", None]


def test_too_many_rows_are_refused():
    with pytest.raises(Refused) as refusal:
        read_sheets(make_sheet(*[LINE] * 4), COLUMNS, maximum_rows=3)
    assert refusal.value.refusal_code == "too_many_rows"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("部门,细则\n图书馆,S1a\n".encode(), "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04 torn", "damaged"),
        (b"", "empty"),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_remedy(content, code):
    assert refusal_of(content) == code


def test_zip_of_something_else_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert refusal_of(file.getvalue()) == "not_xlsx"


def test_torn_workbook_is_refused():
    assert refusal_of(make_sheet(LINE).getvalue()[:-200]) == "damaged"
    assert refusal_of(rewrite(make_sheet(LINE), "xl/workbook.xml", lambda old: old[:80]).getvalue()) == "damaged"
    torn = rewrite(make_sheet(LINE), "xl/worksheets/sheet1.xml", lambda old: old[: len(old) // 2])
    assert refusal_of(torn.getvalue()) == "damaged"


def test_workbook_that_unpacks_too_large_is_refused_before_it_is_parsed():
    bomb = rewrite(make_sheet(LINE), "xl/styles.xml", lambda old: old + b" " * (SHEET_LIMITS.xml_part + 1))
    assert len(bomb.getvalue()) < archive.MAXIMUM_BYTES
    assert refusal_of(bomb.getvalue()) == "too_large"


def test_file_over_the_limit_is_refused():
    with pytest.raises(Refused) as refusal:
        archive.check_size(archive.MAXIMUM_BYTES + 1)
    assert refusal.value.refusal_code == "too_large"


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_entities_are_never_resolved(part, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    file = wps_sheet(DEDUCTION_HEADINGS, ("图书馆", "S1a", 1, "2009-11-20", "", "x"))
    assert refusal_of(rewrite(file, part, lambda old: old.replace(b"?>", b"?>" + doctype)).getvalue()) == "hostile"


def reader_of(**cells):
    content = read_sheets(make_sheet(tuple(cells.values()), headings=tuple(cells)), [Column(key, key) for key in cells])
    return RowReader(content.rows[0], [Column(key, key) for key in cells])


@pytest.mark.parametrize(
    "value",
    [
        datetime(2009, 11, 6, 8, 30),  # noqa: DTZ001  # a cell has no zone
        date(2009, 11, 6),
        "2009-11-06",
        "2009.11.6",
        "2009/11/6",
        "2009年11月6日",
        "２００９．１１．６",
    ],
)
def test_day_is_understood_however_it_is_written(value):
    assert reader_of(day=value).day("day") == date(2009, 11, 6)


@pytest.mark.parametrize(
    ("value", "month"), [("2009-11", "2009-11"), ("2009年11月", "2009-11"), (date(2009, 12, 1), "2009-12")]
)
def test_month_is_understood_however_it_is_written(value, month):
    assert reader_of(month=value).month("month") == month


@pytest.mark.parametrize("value", [1.5, "NaN", "1e308", "两", True, -0.5])
def test_what_is_no_whole_number_is_an_error(value):
    reader = reader_of(count=value)
    assert reader.count("count") is None
    assert [error.column for error in reader.errors] == ["count"]


def test_number_for_text_loses_its_decimals_and_a_date_for_text_is_an_error():
    assert reader_of(name=901.0).text("name", maximum=10) == "901"
    reader = reader_of(name=date(2009, 9, 1))
    assert reader.text("name", maximum=10) == ""
    assert len(reader.errors) == 1


PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30).filter(
    lambda text: not text.startswith(("=", "#"))
)
DAYS = st.dates(date(2009, 9, 1), date(2010, 1, 31))
ROWS = st.lists(st.tuples(PRINTABLE, st.integers(1, 99), DAYS, PRINTABLE | st.none()), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, order=st.permutations(["a", "b", "c", "d"]))
def test_written_rows_are_read_back(rows, order):
    columns = [Column(key, key.upper()) for key in ("a", "b", "c", "d")]
    values = [dict(zip("abcd", row, strict=True)) for row in rows]
    workbook = make_workbook(*[[row[key] for key in order] for row in values], headings=[key.upper() for key in order])
    content = read_sheets(file_of(workbook), columns)
    assert content.errors == ()
    readers = [RowReader(row, columns) for row in content.rows]
    read = [(r.row.cells["a"], r.count("b"), r.day("c"), r.row.cells["d"]) for r in readers]
    assert read == rows


def test_template_holds_headings_and_no_hidden_sheet_and_is_read_once_filled_in():
    workbook = load_workbook(io.BytesIO(make_template(COLUMNS, title="扣分")))
    assert [sheet.sheet_state for sheet in workbook] == ["visible", "visible"]
    assert workbook.sheetnames == ["扣分", EXPLANATION]
    for place, column in enumerate(COLUMNS, start=1):
        workbook["扣分"].cell(2, place).value = {"部门": "图书馆"}.get(column.heading)
    content = read_sheets(file_of(workbook), COLUMNS)
    assert content.errors == ()
    assert [row.cells["charged"] for row in content.rows] == ["图书馆"]


def test_annotated_sheet_colours_and_says_what_is_wrong_and_can_be_read_again():
    file = make_sheet(LINE, ("图书管", *LINE[1:]))
    errors = [
        SheetError("There is no department called 图书管.", sheet="Sheet1", row=3, column="部门"),
        SheetError("=1+1 is not a date.", sheet="Sheet1", row=3, column="日期"),
    ]
    content = annotate(file, errors, COLUMNS)
    sheet = load_workbook(io.BytesIO(content))["Sheet1"]
    assert sheet["A3"].fill.fgColor.rgb == "FFF4B6B6"
    assert sheet["A2"].fill.fgColor.rgb != "FFF4B6B6"
    assert sheet["A3"].comment.text == "There is no department called 图书管."
    assert sheet["G1"].value == "What to correct"
    assert sheet["G3"].value == "部门: There is no department called 图书管.\n日期: =1+1 is not a date."
    assert sheet["A3"].number_format == numbers.FORMAT_GENERAL
    again = read_sheets(io.BytesIO(content), COLUMNS)
    assert [row.cells["charged"] for row in again.rows] == ["图书馆", "图书管"]
    assert again.errors == ()


def test_annotated_sheet_names_errors_of_a_whole_sheet():
    headings = ("部门", "细则", "数量", "对象", "事由")
    file = make_sheet(("图书馆", "S1a", 1, None, "x"), headings=headings)
    content = annotate(file, read_sheets(file, COLUMNS).errors, COLUMNS)
    sheet = load_workbook(io.BytesIO(content))["Sheet1"]
    assert "These columns are missing: 日期" in sheet["F1"].value


def test_annotated_sheet_leaves_text_that_looks_like_a_formula_inert():
    workbook = make_workbook((*LINE[:5], "x"))
    workbook.active["F2"].value = "=HYPERLINK(1)"
    workbook.active["F2"].data_type = "s"
    errors = [SheetError("wrong", sheet="Sheet1", row=2, column="部门")]
    sheet = load_workbook(io.BytesIO(annotate(file_of(workbook), errors, COLUMNS)))["Sheet1"]
    assert (sheet["F2"].value, sheet["F2"].data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.parametrize(
    "piece",
    [b"<c ", b'<c r="A1" ', b'<c r="A1"/', b'r="A1" ', b"<mergeCell ", b'<mergeCell ref="A', b"<c r='A'> ", b"<"],
)
def test_scan_of_nothing_but_openings_costs_its_length(piece):
    start = time.process_time()
    scan_sheet(io.BytesIO(b"<c " + piece * (200_000 // len(piece))))
    assert time.process_time() - start < 2  # seconds; by the square of the length it would be many more


@pytest.mark.parametrize(
    ("xml", "last"),
    [
        (b'<c r="A7"><v>1</v></c>', 7),
        (b'<x:c s="1" r="A7" t="s">\n<x:v xml:space="preserve">1</x:v></x:c>', 7),
        (b'<c r="A7"><f>1+1</f><v>2</v></c>', 7),
        (b'<c r="A7"><f t="shared" si="0"/><v>2</v></c>', 7),
        (b'<c r="A7" t="inlineStr"><is><t>x</t></is></c>', 7),
        (b'<c r="A7" s="1"/><c r="B3"><v>1</v></c>', 3),
        (b'<c r="A7"></c>', 0),
        (b'<c r="A7"><v></v></c>', 0),
        (b'<cols r="A7"><v>1</v></cols>', 0),
    ],
)
def test_scan_finds_the_last_row_that_holds_a_value(xml, last):
    assert scan_sheet(io.BytesIO(xml)).last_row == last
