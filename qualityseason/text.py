"""People type as people do: full-width digits, dotted dates, blanks inside names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
DATE = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$")
MONTH = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?$")
NAME_AND_NUMBER = re.compile(r"^(?P<name>[^()]+?)\s*\(\s*(?P<number>[^()]+?)\s*\)$")
MAXIMUM_TEXT = 2000
MAXIMUM_COUNT = 10**9
NO_UUID = UUID(int=0)  # the id no record has


def clean(value: object) -> str:
    """Return text as one person would read it: NFKC, no control or bidi characters, outer blanks off."""
    return CONTROL.sub("", unicodedata.normalize("NFKC", str(value or ""))).strip()


def tidy(value: object) -> str:
    """Return prose with its own punctuation kept: control and bidi characters and outer blanks off."""
    return CONTROL.sub("", str(value or "")).strip()


def squeeze(value: object) -> str:
    """Return a name for comparison: cleaned, without any blank, folded (张 伟 = 张伟)."""
    return re.sub(r"\s+", "", clean(value)).casefold()


def fingerprint(said: object) -> str:
    """Return a short mark of what a record says; a form carries it, so that a stale one is seen."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def parse_count(value: object) -> int:
    """Return a whole number typed by a person or read from a cell (1, 1.0, “１”); raises ValueError otherwise."""
    if isinstance(value, bool):
        raise ValueError("not a number")
    try:
        number = Decimal(clean(value) if isinstance(value, str) else str(value))
        is_whole = number.is_finite() and abs(number) <= MAXIMUM_COUNT and number == number.to_integral_value()
    except ArithmeticError as error:  # no number, or one too large or too fine for any arithmetic
        raise ValueError("not a number") from error
    if not is_whole:
        raise ValueError("not a whole number")
    return int(number)


def parse_date(value: object) -> date:
    """Return a day from a date cell or from 2009.11.6, 2009-11-06, 2009年11月6日; raises ValueError otherwise."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = DATE.match(clean(value))
    if not match:
        raise ValueError("not a date")
    return date(*(int(part) for part in match.groups()))


def parse_month(value: object) -> str:
    """Return a month as 2009-11 from a date cell, 2009-11, 2009.11, 2009年11月; raises ValueError otherwise."""
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    match = MONTH.match(clean(value))
    if not match:
        return f"{parse_date(value):%Y-%m}"
    year, month = (int(part) for part in match.groups())
    return f"{date(year, month, 1):%Y-%m}"


def split_name(value: object) -> tuple[str, str]:
    """Return (name, staff number) from “张伟” or “张伟(00123)”, brackets of either width; number may be ''."""
    text = clean(value)
    match = NAME_AND_NUMBER.match(text)
    return (match["name"].strip(), match["number"].strip()) if match else (text, "")


def parse_uuid(value: object) -> UUID | None:
    """Return the id an address or a form names, None when it is none."""
    try:
        return UUID(str(value))
    except ValueError:
        return None
