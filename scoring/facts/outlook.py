"""What is still undecided, and between which figures it leaves things. Points are Decimal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Choice:
    """An amount under one rule that a matter may come to; ``group`` is the rule's exclusive group or ''."""

    rule_id: int
    group: str
    amount: Decimal


@dataclass(frozen=True)
class Matter:
    """Something undecided of one department in one category.

    It comes to exactly one of its choices, or, where it ``may_vanish``, to nothing at all.
    """

    choices: tuple[Choice, ...]
    may_vanish: bool


@dataclass(frozen=True)
class Range:
    """The least and the most a figure can come to."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Places:
    """The best and the worst rank that can be reached."""

    best: int
    worst: int
