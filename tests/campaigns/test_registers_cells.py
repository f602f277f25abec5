"""Figures, yes and no as people write them: whatever is written is understood exactly, or refused."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.cells import Figure, parse_figure, parse_truth

HUNDREDTHS = st.integers(0, 999_999).map(lambda number: Decimal(number).scaleb(-2))
WIDE = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")


@given(HUNDREDTHS)
def test_hundredths_are_exact_however_they_come(value):
    for written in (value, float(value), str(value), f" {value} 学时", str(value).translate(WIDE), f"{value:,}"):
        assert parse_figure(written) == Figure(value)


@given(HUNDREDTHS)
def test_per_cent_says_so(value):
    for written in (f"{value}%", f"{value} ％"):
        assert parse_figure(written) == Figure(value, is_share=True)


@given(st.integers(0, 10_000))
def test_whole_numbers_stay_whole(number):
    assert parse_figure(number) == parse_figure(float(number)) == parse_figure(f"{number}次") == Figure(Decimal(number))


@given(st.floats(0, 100, allow_nan=False))
def test_what_is_finer_is_rounded_by_less_than_half_a_hundredth_and_says_so(value):
    figure = parse_figure(value)
    off = abs(figure.value - Decimal(str(value)))
    assert figure.value == figure.value.quantize(Decimal("0.01"))
    assert off <= Decimal("0.005")
    assert figure.is_rounded == (off > Decimal("0.000001"))


NO_NUMBERS = (
    *("", "%", "分", "八十五", "8 5 分钟", "1e3", "--1", "1.2.3", "1,23", ".", "NaN", "9" * 21),
    *(1e300, float("nan"), float("inf"), True, date(2009, 11, 6), time(8), None, Decimal("NaN"), 10**400),
)


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=r".*"):
        parse_figure(value)


@given(st.text())
def test_any_text_is_a_number_or_refused(text):
    try:
        figure = parse_figure(text)
    except ValueError:
        return
    assert figure.value == figure.value.quantize(Decimal("0.01"))


@pytest.mark.parametrize("value", [True, 1, 1.0, "是", "√", "有", " 是 ", "Yes", "１", "缺岗"])
def test_yes(value):
    assert parse_truth(value, yes=("缺岗",)) is True


@pytest.mark.parametrize("value", [False, 0, "否", "无", "×", "ＮＯ", "0", "正常"])
def test_no(value):
    assert parse_truth(value, no=("正常",)) is False


@given(st.one_of(st.text(), st.floats(), st.integers()))
def test_anything_is_yes_or_no_or_refused(value):
    try:
        found = parse_truth(value)
    except ValueError:
        return
    assert found in (True, False)
