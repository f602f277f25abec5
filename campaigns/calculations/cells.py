"""Figures as people write them into sheets: exact hundredths, per cent, whole numbers, yes and no."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from qualityseason.text import clean, squeeze

NUMBER = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$")
UNITS = ("学时", "课时", "小时", "节次", "节", "次", "分", "时")
HUNDREDTH = Decimal("0.01")
NOISE = Decimal("0.000001")  # what binary fractions add is no third decimal
LONGEST = 20  # characters of a number
LARGEST = 10**9
YES = frozenset({"是", "有", "√", "✓", "✔", "y", "yes", "1", "true", "对"})
NO = frozenset({"否", "无", "没有", "不是", "×", "✗", "✘", "x", "n", "no", "0", "false"})


@dataclass(frozen=True)
class Figure:
    """A number in exact hundredths; ``is_rounded``: what was written is finer. ``is_share``: it came with a %."""

    value: Decimal
    is_rounded: bool = False
    is_share: bool = False


def parse_figure(value: object) -> Figure:
    """Return a number from a cell or as typed (1,234.5, ８５．５, 85分, 85%); raises ValueError otherwise."""
    if isinstance(value, bool | date | time | timedelta):
        raise ValueError("not a number")
    if isinstance(value, int | float | Decimal):
        return _rounded(value, is_share=False)
    text = re.sub(r"\s+", "", clean(value))
    is_share = text.endswith("%")
    text = text.removesuffix("%")
    for unit in UNITS:
        if not is_share and text.endswith(unit):
            text = text.removesuffix(unit)
            break
    if not text or len(text) > LONGEST or not NUMBER.match(text) or not any(mark.isdigit() for mark in text):
        raise ValueError("not a number")
    return _rounded(Decimal(text.replace(",", "")), is_share=is_share)


def parse_truth(value: object, *, yes: Collection[str] = (), no: Collection[str] = ()) -> bool:
    """Return yes or no from a cell or as typed; `yes` and `no` are more words for it. Raises ValueError otherwise."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if value in (0, 1):
            return bool(value)
        raise ValueError("neither yes nor no")
    word = squeeze(value)
    if word in YES or word in yes:
        return True
    if word in NO or word in no:
        return False
    raise ValueError("neither yes nor no")


def _rounded(written: int | float | Decimal, *, is_share: bool) -> Figure:
    number = Decimal(str(written))
    if not number.is_finite() or abs(number) > LARGEST:
        raise ValueError("not a number")
    exact = number.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
    return Figure(exact, is_rounded=abs(exact - number) > NOISE, is_share=is_share)
