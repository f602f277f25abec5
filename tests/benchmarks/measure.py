"""Alternating pairs, medians, and the rows of the table."""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

WARM_UP = 3  # calls of each side before the clock runs
CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}
_clock = CLOCKS["wall"]


def use_clock(name: str) -> None:
    """Measure by that clock from now on; the processor's own heeds nothing else that the machine does meanwhile."""
    global _clock
    _clock = CLOCKS[name]


@dataclass(frozen=True)
class Row:
    """One row of the table; `met` is None where nothing was measured here."""

    work: str
    against: str
    figure: str
    bar: str
    met: bool | None


@dataclass(frozen=True)
class Pair:
    """The medians of two works measured alternately, in seconds."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times as long ours took."""
        return self.ours / self.theirs

    def __str__(self) -> str:
        return f"{self.ratio:.2f}× ({_milliseconds(self.ours)} : {_milliseconds(self.theirs)})"


def compare(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    rounds: int,
    warm_up: int = WARM_UP,
    leaves_much: bool = False,
) -> Pair:
    """Return the medians of both, measured in turn, each going first in every other round.

    Where the works leave much behind, it is cleared away outside the measuring, so that neither pays for the other.
    """
    for _ in range(warm_up):
        ours()
        theirs()
    gc.collect()
    times: dict[Callable[[], object], list[float]] = {ours: [], theirs: []}
    for number in range(rounds):
        for work in (ours, theirs) if number % 2 else (theirs, ours):
            if leaves_much:
                gc.collect()
            started = _clock()
            work()
            times[work].append(_clock() - started)
    return Pair(statistics.median(times[ours]), statistics.median(times[theirs]))


def row(work: str, against: str, pair: Pair, bar: float) -> Row:
    """Return the row of a pair whose ratio may be `bar` at most."""
    return Row(work, against, str(pair), f"≤ {bar}×", pair.ratio <= bar)


def say(text: str) -> None:
    """Tell who waits what goes on, beside the table."""
    print(f"• {text}", file=sys.stderr, flush=True)


def table(rows: list[Row]) -> str:
    """Return the rows as Markdown."""
    lines = ["| work | against | figure | bar | |", "|---|---|---|---|---|"]
    words = {True: "OK", False: "**over**", None: "not measured"}
    lines += [f"| {row.work} | {row.against} | {row.figure} | {row.bar} | {words[row.met]} |" for row in rows]
    return "\n".join(lines)


def _milliseconds(seconds: float) -> str:
    milliseconds = seconds * 1000
    return f"{milliseconds:,.0f} ms" if milliseconds >= 100 else f"{milliseconds:.3g} ms"
