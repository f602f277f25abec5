"""Headings of sheets: what makes two the same, what makes two layouts the same, and which is likely which."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from campaigns.facts import Column
from qualityseason.text import clean, squeeze

MARKS = re.compile(r"[*:：]+$|^[*]+")
LIKELY = 0.5  # likeness from which a column is proposed
INSIDE = 0.25  # least likeness of a heading that holds ours, or the other way round; the longer the more
ALIKE = 0.7  # most likeness of headings that only share characters
REMEMBERED = 0.95  # likeness of a heading that was matched to the column in another sheet
MAXIMUM_LABEL = 60
WEIGHT = 2  # of a heading like ours, against one that is but words


def name_of(value: object) -> str:
    """Return a heading for comparison: blanks, widths of letters and marks of duty do not matter."""
    return MARKS.sub("", squeeze(value))


def labels_of(values: Sequence[object], *, without: str = "") -> dict[int, str]:
    """Return the headings of a row by place, told apart where one stands several times.

    `without` is the heading of the column an earlier answer has put there.
    """
    labels: dict[int, str] = {}
    met: dict[str, int] = {}
    for place, value in enumerate(values):
        label = " ".join(clean(value).split())[:MAXIMUM_LABEL]
        if not label or (without and clean(value).split("\n")[0].strip() == without):
            continue
        name = name_of(label)
        met[name] = met.get(name, 0) + 1
        labels[place] = label if met[name] == 1 else f"{label} ({met[name]})"
    return labels


def fingerprint_of(labels: Iterable[str]) -> str:
    """Return the sha256 of headings; neither their order nor their spelling matters."""
    return hashlib.sha256("\n".join(sorted(name_of(label) for label in labels)).encode()).hexdigest()


def likeness(label: str, column: Column) -> float:
    """Return from 0 to 1 how like a heading is to one of a column's names."""
    return max(_alike(name_of(label), name_of(name)) for name in (column.heading, *column.aliases))


def propose(labels: Sequence[str], columns: Sequence[Column], *, known: Mapping[str, str]) -> dict[str, str]:
    """Return for each column, by key, the heading it most likely is; each heading serves once.

    `known` are headings matched before, by name, with the key of their column.
    """
    scored = sorted(
        (
            (max(likeness(label, column), REMEMBERED * (known.get(name_of(label)) == column.key)), -at, -order)
            for order, label in enumerate(labels)
            for at, column in enumerate(columns)
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for likely, at, order in scored:
        key, label = columns[-at].key, labels[-order]
        if likely >= LIKELY and key not in found and label not in found.values():
            found[key] = label
    return found


def fitness(labels: Sequence[str], columns: Sequence[Column]) -> float:
    """Return how well a row serves as headings: its cells are words, and like the names of our columns."""
    proposed = propose(labels, columns, known={})
    by_key = {column.key: column for column in columns}
    likely = sum(likeness(label, by_key[key]) for key, label in proposed.items())
    words = sum(not any(mark.isdigit() for mark in label) for label in labels)
    return words + likely * WEIGHT


def _alike(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if one in other or other in one:
        shorter, longer = sorted((len(one), len(other)))
        return INSIDE + (REMEMBERED - INSIDE) * shorter / longer
    return SequenceMatcher(None, one, other).ratio() * ALIKE
