"""How much two texts have in common, by the pairs of letters they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qualityseason.text import squeeze

MARKS = str.maketrans("", "", "，。、；：“”‘’（）()《》！？,.;:!?-—·…[]【】\"'")


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of a text, blanks and marks left out."""
    letters = squeeze(text).translate(MARKS)
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))


def covered(short: frozenset[str], long: frozenset[str]) -> float:
    """Return which share of the pairs of `short` stands in `long` too."""
    return len(short & long) / len(short) if short else 0.0


def likely(text: str, among: Sequence[str], *, least: float, most: int = 3) -> list[int]:
    """Return the places of those texts of which `text` says a good part, the best first."""
    own = pairs(text)
    marks = [(covered(pairs(other), own), at) for at, other in enumerate(among)]
    best = max((mark for mark, _at in marks), default=0.0)
    near = [(mark, at) for mark, at in marks if mark >= least and mark * 3 >= best * 2]
    return [at for _mark, at in sorted(near, key=lambda found: (-found[0], found[1]))[:most]]


def said_in(text: str, names: Iterable[str]) -> list[str]:
    """Return the names that stand in a text, the longer ones first taken, in the order of their place."""
    rest, found = squeeze(text), dict[str, int]()
    for name in sorted(names, key=len, reverse=True):
        word = squeeze(name)
        place = rest.find(word) if len(word) > 1 else -1
        if place >= 0:
            found[name] = place
            rest = rest.replace(word, "□" * len(word))
    return sorted(found, key=lambda name: found[name])
