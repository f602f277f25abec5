"""Whether a quality objective is met: per cent against the least one, a grade against those that meet it."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from qualityseason.text import clean

HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")
TYPED = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def is_met(
    value: Decimal | None, grade: str, *, at_least: Decimal | None = None, met_by: Collection[str] = ()
) -> bool | None:
    """Return whether the measured value or grade meets the objective; None where nothing (fitting) was measured.

    Equality meets: 85.00 is ≥ 85.
    """
    if at_least is not None:
        return None if value is None else value >= at_least
    return grade in met_by if grade else None


def parse_percent(value: object) -> Decimal:
    """Return per cent as typed (85, 85.5%, “８５％”) in hundredths; raises ValueError beyond 0…100, or finer."""
    text = clean(value).removesuffix("%").strip()
    if not TYPED.fullmatch(text):
        raise ValueError("not a number")
    found = Decimal(text)
    if found > HUNDRED:
        raise ValueError("more than 100")
    if found != found.quantize(HUNDREDTH):
        raise ValueError("finer than a hundredth")
    return found.quantize(HUNDREDTH)


def percent_text(value: Decimal) -> str:
    """Return per cent as people write it: 85%, 85.5%, 85.05%."""
    text = f"{value:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def share_of_hundred(value: Decimal) -> int:
    """Return the whole per cent a bar is drawn to, rounded down, so that a bar is full at 100 only."""
    return max(0, min(100, int(value)))
