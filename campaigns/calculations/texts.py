"""Two texts compared word by word: what stands in both, what came, what went."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)  # a Chinese character is a word of its own
SENTENCES = re.compile(r"[^。；！？;!?\n]*[。；！？;!?\n]+|[^。；！？;!?\n]+")
MOST_PAIRS = 250_000  # of words compared with each other; where there are more, sentences are compared first
SHORT = 1  # words left standing between two changes are drawn into them


class ChangeKind(StrEnum):
    """What became of a piece of text, of a part, of an item."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Piece:
    """A run of text that is in both versions, only in the new one, or only in the old one."""

    kind: ChangeKind
    text: str


Pieces = tuple[Piece, ...]


def compare_texts(before: str, after: str) -> Pieces:
    """Return the pieces of both texts: kept and added ones together are the new text, kept and removed the old."""
    if before == after:
        return (Piece(ChangeKind.SAME, before),) if before else ()
    steps = _steps(WORDS.findall(before), WORDS.findall(after))
    if steps is None:
        steps = _steps_by_sentence(before, after)
    return _joined([step for step in steps if step[1] or step[2]])


Step = tuple[str, Sequence[str], Sequence[str]]


def _steps_by_sentence(before: str, after: str) -> list[Step]:
    sentences = _steps(SENTENCES.findall(before), SENTENCES.findall(after))
    steps: list[Step] = []
    for kind, old, new in sentences or [("replace", [before], [after])]:
        inside = None
        if kind == "replace":
            inside = _steps(WORDS.findall("".join(old)), WORDS.findall("".join(new)))
        steps += inside or [(kind, old, new)]
    return steps


def _steps(old: Sequence[str], new: Sequence[str]) -> list[Step] | None:
    """Return how one sequence becomes the other, None where comparing them would take too long."""
    head, tail = _common_ends(old, new)
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(before) * len(after) > MOST_PAIRS:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    steps: list[Step] = [
        (kind, before[old_from:old_to], after[new_from:new_to])
        for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes()
    ]
    return [("equal", old[:head], old[:head]), *steps, ("equal", old[len(old) - tail :], old[len(old) - tail :])]


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    shortest = min(len(old), len(new))
    head = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    rest = shortest - head
    tail = next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)
    return head, tail


def _joined(steps: Sequence[Step]) -> Pieces:
    pieces: list[Piece] = []
    removed, added = "", ""
    for place, (kind, old, new) in enumerate(steps):
        is_between = 0 < place < len(steps) - 1
        if kind == "equal" and not (is_between and len(old) <= SHORT):
            pieces += _change(removed, added)
            removed = added = ""
            pieces.append(Piece(ChangeKind.SAME, "".join(old)))
        else:
            removed += "".join(old)
            added += "".join(new)
    pieces += _change(removed, added)
    return tuple(pieces)


def _change(removed: str, added: str) -> list[Piece]:
    both = ((ChangeKind.REMOVED, removed), (ChangeKind.ADDED, added))
    return [Piece(kind, text) for kind, text in both if text]
