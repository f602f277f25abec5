"""Whether inspections and assessors are even-handed: how one compares with the rest."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

LEAST_LINES = 5  # deductions below which nothing is concluded
FACTOR = 2  # how many times the mean of the rest stands out


def median(values: Iterable[Decimal | int]) -> Decimal | None:
    """Return the value in the middle, of an even number the mean of the two; None without any."""
    ordered = sorted(Decimal(value) for value in values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def mean(amount: Decimal, number: int) -> Decimal | None:
    """Return the mean, None of nothing."""
    return amount / number if number else None


def stands_out(own: Decimal | None, rest: Decimal | None, *, lines: int, both_ways: bool) -> bool:
    """Whether a mean is more than FACTOR times that of the rest, or `both_ways` less than one part of FACTOR of it.

    Nothing stands out with fewer than LEAST_LINES deductions, or where there is no rest to compare with.
    """
    if own is None or not rest or lines < LEAST_LINES:
        return False
    return own > FACTOR * rest or (both_ways and FACTOR * own < rest)
