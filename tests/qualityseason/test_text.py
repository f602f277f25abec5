"""People type as people do."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualityseason.text import clean, parse_count, parse_date, parse_month, split_name, squeeze, tidy


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  图书馆 ", "图书馆"),
        ("１２３", "123"),
        ("（含校史办）", "(含校史办)"),
        ("a\u202eb\u200bc\x00d\ufeff", "abcd"),
        ("两\t格", "两\t格"),
        (None, ""),
        (0, ""),
        (12, "12"),
        ("\u3000全角空格\u3000", "全角空格"),
    ],
)
def test_clean_reads_text_as_one_person_would(typed, read):
    assert clean(typed) == read


def test_tidy_keeps_the_punctuation_of_prose():
    assert tidy("  迟到，未请假（第２次）。\u202e ") == "迟到，未请假（第２次）。"


@pytest.mark.parametrize("spelling", ["张伟", "张 伟", " 张\u3000伟 ", "张\t伟", "张\u200b伟"])
def test_squeeze_gives_every_spelling_of_a_name_one_form(spelling):
    assert squeeze(spelling) == "张伟"


def test_squeeze_folds_case_and_width():
    assert squeeze("ＷＰＳ Office") == squeeze("wps office") == "wpsoffice"


@given(st.text(st.sampled_from("张伟ＡＢab１２12（）() \u3000\t\u200b·-ß")))
def test_squeeze_twice_is_squeeze_once(text):
    assert squeeze(squeeze(text)) == squeeze(text)


# --- counts


@pytest.mark.parametrize(
    ("typed", "count"),
    [("1", 1), ("１２", 12), (" 3 ", 3), ("1.0", 1), (2, 2), (2.0, 2), (Decimal("4.00"), 4), ("1e2", 100), ("-1", -1)],
)
def test_parse_count_reads_whole_numbers(typed, count):
    assert parse_count(typed) == count


ODD = [True, False, "1,5", "0x10", "#REF!", "99999999999"]


@pytest.mark.parametrize(
    "typed",
    ["", "  ", None, "abc", "一", "1.5", 0.5, "1e308", 1e308, "NaN", float("nan"), "inf", float("inf"), "-inf", *ODD],
)
def test_parse_count_refuses_everything_else(typed):
    with pytest.raises(ValueError, match="not a"):
        parse_count(typed)


@given(st.integers(-(10**9), 10**9))
def test_parse_count_reads_what_was_written(number):
    assert parse_count(str(number)) == parse_count(number) == parse_count(float(number)) == number


# --- days and months


@pytest.mark.parametrize(
    "typed",
    [
        "2009-11-06",
        "2009-11-6",
        "2009.11.6",
        "2009/11/06",
        "2009年11月6日",
        "2009年11月6",
        "２００９．１１．６",
        " 2009 - 11 - 06 ",
        date(2009, 11, 6),
        datetime(2009, 11, 6, 23, 59),  # noqa: DTZ001  # a cell of a sheet has no zone
    ],
)
def test_parse_date_reads_a_day_however_it_is_written(typed):
    assert parse_date(typed) == date(2009, 11, 6)


@pytest.mark.parametrize(
    "typed", ["", None, "2009-11", "11-06", "2009-13-01", "2009-02-30", "06.11.2009", 40123, "0000-01-01", "today"]
)
def test_parse_date_refuses_everything_else(typed):
    with pytest.raises(ValueError, match=r"date|month|day|year"):
        parse_date(typed)


@given(st.dates())
def test_parse_date_reads_what_was_written(day):
    assert parse_date(day.isoformat()) == parse_date(f"{day.year:04}年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    "typed",
    ["2009-11", "2009.11", "2009/11", "2009年11月", "2009年11", "２００９-１１", "2009-11-20", date(2009, 11, 1)],
)
def test_parse_month_reads_a_month_however_it_is_written(typed):
    assert parse_month(typed) == "2009-11"


@pytest.mark.parametrize("typed", ["", "2009", "2009-13", "2009-00", "11月", "nonsense"])
def test_parse_month_refuses_everything_else(typed):
    with pytest.raises(ValueError, match=r"date|month"):
        parse_month(typed)


# --- names


@pytest.mark.parametrize(
    ("typed", "name", "number"),
    [
        ("张伟", "张伟", ""),
        ("张伟(00123)", "张伟", "00123"),
        ("张伟（００１２３）", "张伟", "00123"),
        (" 张伟 ( 00123 ) ", "张伟", "00123"),
        ("张伟()", "张伟()", ""),
        ("(00123)", "(00123)", ""),
        ("", "", ""),
    ],
)
def test_split_name_reads_name_and_number(typed, name, number):
    assert split_name(typed) == (name, number)


@pytest.mark.parametrize("typed", ["1e999999999", "-1e999999999", "1e-999999999", "1e1000000", "sNaN", "1e10"])
def test_count_beyond_arithmetic_is_no_number(typed):
    with pytest.raises(ValueError, match="not a"):
        parse_count(typed)
