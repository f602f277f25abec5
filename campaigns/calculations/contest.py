"""The plan contest: mean of the judges' means, ranks 1-2-2-4, prizes, and ties that a decision has to settle."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

WIDE_SPREAD = Decimal(15)  # points between highest and lowest judge from which the table flags an entry


@dataclass(frozen=True)
class Prize:
    """A class of prizes, the best first, and how many of it there are."""

    name: str
    count: int


@dataclass(frozen=True)
class Decided(Generic[K]):
    """An order somebody decided for entries that shared `rank` with `mean`; it settles that very tie and no other."""

    order: tuple[K, ...]
    rank: int
    mean: Decimal


@dataclass(frozen=True)
class Tie(Generic[K]):
    """Entries of equal mean across a line between prizes; ``prizes`` are those at stake, '' is none.

    ``order`` is the decided one, empty while nobody has decided.
    """

    entries: tuple[K, ...]
    rank: int
    mean: Decimal
    prizes: tuple[str, ...]
    order: tuple[K, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a decision is still missing."""
        return not self.order


@dataclass(frozen=True)
class Placing:
    """Where an entry stands: ``prize`` is '' for none, and None while a tie is to be decided."""

    rank: int
    prize: str | None


@dataclass(frozen=True)
class Outcome(Generic[K]):
    """The placing of every entry with a mean, and the ties across prize lines, decided or not."""

    placings: dict[K, Placing]
    ties: tuple[Tie[K], ...]

    @property
    def open_ties(self) -> tuple[Tie[K], ...]:
        """The ties nobody has decided."""
        return tuple(tie for tie in self.ties if tie.is_open)


def judge_mean(points: Sequence[int]) -> Fraction:
    """Return the mean of what one judge gave one entry, over all criteria."""
    return Fraction(sum(points), len(points))


def entry_mean(ballots: Sequence[Sequence[int]]) -> Decimal | None:
    """Return the mean of the judges' means in hundredths, half up; None without a ballot."""
    if not ballots:
        return None
    return hundredths(sum((judge_mean(points) for points in ballots), Fraction(0)) / len(ballots))


def spread(ballots: Sequence[Sequence[int]]) -> Decimal | None:
    """Return how far the highest judge's mean is from the lowest, in hundredths; None without two ballots."""
    if len(ballots) < 2:
        return None
    means = [judge_mean(points) for points in ballots]
    return hundredths(max(means) - min(means))


def hundredths(exact: Fraction) -> Decimal:
    """Return an exact figure in hundredths, half up; nothing is rounded before."""
    return Decimal((200 * exact.numerator + exact.denominator) // (2 * exact.denominator)).scaleb(-2)


def place(means: Mapping[K, Decimal], prizes: Sequence[Prize], decided: Iterable[Decided[K]] = ()) -> Outcome[K]:
    """Return ranks and prizes. Equal means share a rank; a tie inside one class of prize, or below all, needs nothing.

    A tie across a line is settled by a decision on exactly these entries at this rank and mean; of several the last.
    Then the decided order gives each its own rank.
    """
    settled = {(each.rank, each.mean, frozenset(each.order)): each.order for each in decided}
    placings: dict[K, Placing] = {}
    ties: list[Tie[K]] = []
    rank = 1
    for mean, group in groupby(sorted(means, key=lambda key: means[key], reverse=True), key=lambda key: means[key]):
        tied = tuple(group)
        at_stake = [prize_at(position, prizes) for position in range(rank, rank + len(tied))]
        if at_stake[0] == at_stake[-1]:
            placings |= {key: Placing(rank, at_stake[0]) for key in tied}
        else:
            order = settled.get((rank, mean, frozenset(tied)), ())
            ties.append(Tie(tied, rank, mean, tuple(dict.fromkeys(at_stake)), order))
            if order:
                placings |= {
                    key: Placing(position, prize)
                    for position, (key, prize) in enumerate(zip(order, at_stake, strict=True), start=rank)
                }
            else:
                placings |= {key: Placing(rank, None) for key in tied}
        rank += len(tied)
    return Outcome(placings, tuple(ties))


def prize_at(position: int, prizes: Sequence[Prize]) -> str:
    """Return the prize of a position, from 1; '' below all prizes."""
    for prize in prizes:
        if position <= prize.count:
            return prize.name
        position -= prize.count
    return ""
