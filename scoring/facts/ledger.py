"""Frozen values that calculations, pages and sheets pass around. Points are Decimal with two decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class RuleSum:
    """What one rule's lines cost a department in one category; ``group`` is its exclusive group or ''."""

    rule_id: int
    order: int
    group: str
    amount: Decimal


@dataclass(frozen=True)
class TierResult:
    """What counts after tiers and what was absorbed by a heavier tier; ``counting`` holds the rule ids that count."""

    charged: Decimal
    absorbed: Decimal
    counting: frozenset[int]


@dataclass(frozen=True)
class Subject:
    """What a line is about: a known person or class, else text; ``label`` is what gets printed."""

    label: str = ""
    person_id: int | None = None
    class_id: int | None = None
    key: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the subject is a record here rather than text."""
        return self.person_id is not None or self.class_id is not None
