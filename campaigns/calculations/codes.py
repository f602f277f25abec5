"""A code read from paper and typed: which known one was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

MAXIMUM_DIFFERENCE = 2  # letters; two neighbours exchanged are two


def nearest_code(typed: str, known: Iterable[str]) -> str:
    """Return the known code that differs from `typed` in the fewest places, at most two; '' when none or several do."""
    distances = sorted(
        (sum(a != b for a, b in zip(typed, code, strict=True)), code) for code in set(known) if len(code) == len(typed)
    )
    if not distances or distances[0][0] > MAXIMUM_DIFFERENCE:
        return ""
    if len(distances) > 1 and distances[1][0] == distances[0][0]:
        return ""
    return distances[0][1]
