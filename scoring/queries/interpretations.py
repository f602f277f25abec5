"""Interpretations: the register, and those that stand on a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.clock import day_of
from scoring import policy
from scoring.models import Interpretation, RuleVersion


@dataclass(frozen=True)
class StandingInterpretation:
    """How a rule is read from a day on; `rule` is its code."""

    uuid: UUID
    number: int
    rule: str
    text: str
    valid_from: date
    thresholds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class InterpretationRow:
    """An interpretation in the register; `because` is read while one takes it back."""

    uuid: UUID
    number: int
    rule: str
    label: str
    text: str
    valid_from: date
    thresholds: tuple[tuple[str, str], ...]
    issued_on: date
    issued_by: str
    withdrawn_on: date | None
    may_withdraw: bool


def load_interpretations(actor: Actor) -> tuple[InterpretationRow, ...]:
    """Return all of the season, those that stand first, each by number. Two queries."""
    rows = list(Interpretation.objects.visible_to(actor).select_related("rule", "issued_by").order_by("number"))
    versions = RuleVersion.objects.filter(rule_id__in={row.rule_id for row in rows}).order_by("valid_from", "number")
    labels = dict(versions.values_list("rule_id", "label"))
    may = policy.can_interpret(actor)
    found = [
        InterpretationRow(
            uuid=row.uuid,
            number=row.number,
            rule=row.rule.code,
            label=labels.get(row.rule_id, ""),
            text=row.text,
            valid_from=row.valid_from,
            thresholds=_set(row),
            issued_on=day_of(row.issued_at),
            issued_by=row.issued_by.display_name if actor.sees_names else "",
            withdrawn_on=day_of(row.withdrawn_at) if row.withdrawn_at else None,
            may_withdraw=may and row.withdrawn_at is None,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: (row.withdrawn_on is not None, row.number)))


def interpretations_of(
    campaign: Campaign | int, rules: Iterable[int] | None = None, *, on: date | None = None
) -> dict[int, tuple[StandingInterpretation, ...]]:
    """Return those that stand (by that day) on each rule, or on all where none is named. One query."""
    pk = campaign if isinstance(campaign, int) else campaign.pk
    rows = Interpretation.objects.standing(on=on).filter(campaign_id=pk).select_related("rule")
    if rules is not None:
        rows = rows.filter(rule_id__in=list(rules))
    found: dict[int, list[StandingInterpretation]] = defaultdict(list)
    for row in rows.order_by("number"):
        shown = StandingInterpretation(row.uuid, row.number, row.rule.code, row.text, row.valid_from, _set(row))
        found[row.rule_id].append(shown)
    return {rule: tuple(of_rule) for rule, of_rule in found.items()}


def _set(row: Interpretation) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in row.thresholds.items()))
