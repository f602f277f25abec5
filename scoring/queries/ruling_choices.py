"""To what a ruling may reduce a line: fewer of the same, or a lighter line of the same clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.models import Deduction, Rule, RuleVersion


@dataclass(frozen=True)
class Reduction:
    """One way to reduce a line; points are Decimal, `less` is what is given back."""

    rule: Rule
    label: str
    quantity: int
    points: Decimal
    amount: Decimal
    less: Decimal

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.rule.code}:{self.quantity}"


def lighter_rules(line: Deduction) -> Sequence[Rule]:
    """Return the other lines of the clause this deduction rests on that a ruling may put in its place. One query.

    Only lines about the same kind of subject, charged once in the same way: the period and subject stay as they are.
    """
    same = Rule.objects.filter(
        campaign_id=line.campaign_id,
        category_id=line.category_id,
        clause=line.rule.clause,
        block=line.rule.block_id,
        subject=line.rule.subject,
        once=line.rule.once,
    )
    return list(same.exclude(pk=line.rule_id).order_by("order"))


def reductions_of(line: Deduction) -> tuple[Reduction, ...]:
    """Return every way to reduce a line loaded with rule and version, the dearest first by rule. Two queries at most.

    A line of the same rule keeps its price for ever; another rule has the price in force on the day of the fact.
    """
    found = _of(line, line.rule, line.rule_version.label, line.points, most=line.quantity - 1)
    others = lighter_rules(line)
    if others:
        versions = {
            version.rule_id: version
            for version in RuleVersion.objects.in_force(on=line.happened_on).filter(rule__in=others)
        }
        for rule in others:
            version = versions.get(rule.pk)
            if version is not None:
                found += _of(line, rule, version.label, version.points, most=rule.maximum)
    return tuple(found)


def _of(line: Deduction, rule: Rule, label: str, points: Decimal, *, most: int) -> list[Reduction]:
    return [
        Reduction(rule, label, quantity, points, points * quantity, line.amount - points * quantity)
        for quantity in range(most, 0, -1)
        if points * quantity < line.amount
    ]
