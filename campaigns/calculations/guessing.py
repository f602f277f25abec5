"""What a piece of evidence probably proves: from its sentence, the names of its files and its day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import log

from campaigns.calculations.likeness import said_in
from campaigns.calculations.months import month_of
from qualityseason.text import squeeze

Tick = tuple[str, str]  # what is proven and its key

LETTERS = re.compile(r"[^\W\d_]+")
LEAST = 0.2  # of the letters of one of both texts, the rare ones weighing more
PLENTY = 10.0  # rare pairs of letters in common are as good as the whole of a text
BONUS = 0.1
SOON = timedelta(days=14)
MOST = 3  # of one sort


class GuessReason(StrEnum):
    """Why something is ticked beforehand."""

    CAME_FROM = "came-from"
    NAMED = "named"
    MONTH = "month"
    WORDS = "words"


@dataclass(frozen=True)
class Candidate:
    """Something evidence may prove: a record, a month, one of a list of the season.

    ``words`` is the text it is recognised by, ``names`` are words of which one must stand in the sentence instead;
    ``due_on`` is the day it is asked for while it is open, else None.
    """

    target: str
    key: str
    label: str
    words: str = ""
    names: tuple[str, ...] = ()
    month: str = ""
    due_on: date | None = None
    note: str = ""

    @property
    def tick(self) -> Tick:
        """What a form sends for it."""
        return self.target, self.key


@dataclass(frozen=True)
class Guess:
    """One candidate that is probably proven; ``words`` are those it was recognised by."""

    target: str
    key: str
    reason: GuessReason
    words: str = ""

    @property
    def tick(self) -> Tick:
        """What a form sends for it."""
        return self.target, self.key


def guess(
    text: str,
    file_names: Iterable[str],
    day: date | None,
    candidates: Sequence[Candidate],
    *,
    ignored: Iterable[str] = (),
    came_from: Tick | None = None,
) -> tuple[Guess, ...]:
    """Return what the evidence probably proves, the surest first; only candidates given, each once.

    `ignored` are names that stand everywhere and tell nothing: the season's, the department's.
    """
    said = _without(" ".join([text, *(name.rpartition(".")[0] or name for name in file_names)]), ignored)
    marks: dict[Tick, tuple[float, Guess]] = {}
    for mark, found in (*_named(said, candidates), *_by_words(said, day, candidates)):
        marks.setdefault(found.tick, (mark, found))
    for candidate in candidates:
        if candidate.tick == came_from:
            marks[candidate.tick] = (3.0, Guess(*candidate.tick, GuessReason.CAME_FROM))
        elif day is not None and candidate.month == month_of(day):
            marks.setdefault(candidate.tick, (1.0, Guess(*candidate.tick, GuessReason.MONTH)))
    return tuple(found for _mark, found in sorted(marks.values(), key=lambda one: -one[0]))


def merge_ticks(
    ticked: Collection[Tick], *, guessed: Collection[Tick], declined: Collection[Tick], fresh: Sequence[Tick]
) -> tuple[list[Tick], list[Tick], list[Tick]]:
    """Return (by hand, guessed, declined) after a new guess; what a person ticked or unticked stays so.

    `guessed` is what the portal had ticked last time, `declined` what people unticked of its guesses before.
    """
    by_hand = [tick for tick in ticked if tick not in guessed]
    unticked = [tick for tick in dict.fromkeys((*declined, *guessed)) if tick not in ticked]
    portal = [tick for tick in fresh if tick not in unticked and tick not in by_hand]
    return by_hand, portal, unticked


def _without(text: str, ignored: Iterable[str]) -> str:
    """Return a text squeezed, the names that tell nothing taken out; the parts stay apart."""
    said = _squeezed_parts(text)
    names = {form for name in ignored for form in (squeeze(name), "".join(LETTERS.findall(squeeze(name))))}
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, " ") if name else said
    return said


def _named(said: str, candidates: Sequence[Candidate]) -> Iterable[tuple[float, Guess]]:
    """Return those whose name stands in the text, a longer name before one it contains."""
    for target in dict.fromkeys(candidate.target for candidate in candidates if candidate.names):
        own = [candidate for candidate in candidates if candidate.target == target]
        found = said_in(said, {name for candidate in own for name in candidate.names})
        for candidate in own:
            word = next((name for name in candidate.names if name in found), "")
            if word:
                yield 2.0, Guess(*candidate.tick, GuessReason.NAMED, word)


def _by_words(said: str, day: date | None, candidates: Sequence[Candidate]) -> Iterable[tuple[float, Guess]]:
    """Return those that share a good part of their letters with the text, the best of each sort."""
    own = {candidate.tick: (candidate, _pairs(candidate.words)) for candidate in candidates if candidate.words}
    times = Counter(pair for _candidate, pairs in own.values() for pair in pairs)
    rarity = {pair: log((len(own) + 1) / count) / log(len(own) + 1) for pair, count in times.items()}
    told = _pairs(said)
    found: dict[str, list[tuple[float, Guess]]] = {}
    for candidate, pairs in own.values():
        is_soon = candidate.due_on is not None and day is not None and abs(candidate.due_on - day) <= SOON
        if len(told & pairs) < (1 if is_soon else 2):
            continue
        shared = sum(rarity[pair] for pair in told & pairs)
        lengths = (sum(rarity.get(pair, 1.0) for pair in told), sum(rarity[pair] for pair in pairs), PLENTY)
        mark = shared / min(lengths)
        mark += BONUS if is_soon else 0.0
        if mark >= LEAST:
            one = Guess(*candidate.tick, GuessReason.WORDS, _longest_run(said, pairs))
            found.setdefault(candidate.target, []).append((min(mark, 1.9), one))
    for marks in found.values():
        best = max(mark for mark, _guess in marks)
        near = [one for one in marks if one[0] * 3 >= best * 2]
        yield from sorted(near, key=lambda one: -one[0])[:MOST]


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters; digits, blanks and marks keep letters apart."""
    return frozenset(
        part[at : at + 2] for part in LETTERS.findall(_squeezed_parts(text)) for at in range(len(part) - 1)
    )


def _squeezed_parts(text: str) -> str:
    """Return a text in comparable letters, its blanks kept."""
    return " ".join(squeeze(part) for part in text.split())


def _longest_run(said: str, pairs: frozenset[str]) -> str:
    """Return the longest piece of the text of which every pair of letters is among `pairs`."""
    best = ""
    for part in LETTERS.findall(said):
        start = 0
        for at in range(len(part) - 1):
            if part[at : at + 2] not in pairs:
                start = at + 1
            elif at + 2 - start > len(best):
                best = part[start : at + 2]
    return best
