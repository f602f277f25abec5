"""What a ruling may put in the place of an appealed line: a smaller quantity, or a lighter line of the same clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from campaigns.actors import Actor
from campaigns.models import Department
from scoring.calculations import charge_key
from scoring.facts import Subject
from scoring.facts.outlook import Choice
from scoring.models import Deduction, Finding, Rule, RuleVersion
from scoring.queries.subjects import stored_subject

Lighter = Mapping[int, tuple[Choice, ...]]  # by line


def load_lighter(actor: Actor, lines: Sequence[Deduction]) -> Lighter:
    """Return for each line the most a reduction can leave under each rule it may name. Four queries at any size.

    The least a reduction can leave is never the least of all: a line may be revoked. A line of the clause whose fact
    another line or finding holds already is left out.
    """
    versions = _versions(actor)
    clauses: dict[tuple[int, int, int | None], list[Rule]] = defaultdict(list)
    for rule in Rule.objects.filter(campaign_id=actor.campaign_id).order_by("order"):
        clauses[rule.category_id, rule.clause, rule.block_id].append(rule)
    others = {
        line.pk: [
            rule for rule in clauses[line.category_id, line.rule.clause, line.rule.block_id] if rule.pk != line.rule_id
        ]
        for line in lines
    }
    held = _held({_key(rule, line) for line in lines for rule in others[line.pk]} - {None}, actor)
    found = {}
    for line in lines:
        taken = {} if line.finding_id else {rule.pk: _key(rule, line) for rule in others[line.pk]}
        free = [rule for rule in others[line.pk] if taken.get(rule.pk) not in held - {line.charge_key}]
        found[line.pk] = (*_smaller(line), *_of_other_rules(line, free, versions))
    return found


def key_under(rule: Rule, charged: Department, subject: Subject, period: str) -> str | None:
    """Return the charge key of this fact under a rule, None where it has no once-rule. No query."""
    return charge_key(
        family=rule.family,
        once=rule.once,
        department=f"department:{charged.uuid}",
        subject=subject.key,
        subject_is_known=subject.is_known,
        term=period,
        month=period,
    )


def _smaller(line: Deduction) -> Iterator[Choice]:
    if line.quantity > 1:
        yield Choice(line.rule_id, line.rule.exclusive_group, line.points * (line.quantity - 1))


def _of_other_rules(
    line: Deduction, rules: Iterable[Rule], versions: Mapping[int, Sequence[RuleVersion]]
) -> Iterator[Choice]:
    for rule in rules:
        version = _in_force(versions[rule.pk], on=line.happened_on)
        if version is None:
            continue
        whole = line.amount // version.points
        quantity = min(rule.maximum, int(whole) - (whole * version.points == line.amount))  # costs less
        if quantity >= 1:
            yield Choice(rule.pk, rule.exclusive_group, version.points * quantity)


def _versions(actor: Actor) -> Mapping[int, Sequence[RuleVersion]]:
    found: dict[int, list[RuleVersion]] = defaultdict(list)
    rows = RuleVersion.objects.filter(rule__campaign_id=actor.campaign_id)
    for version in rows.order_by("-valid_from", "-number"):
        found[version.rule_id].append(version)
    return found


def _in_force(versions: Sequence[RuleVersion], *, on: date) -> RuleVersion | None:
    return next((version for version in versions if version.valid_from <= on), None)


def _held(keys: Iterable[str | None], actor: Actor) -> set[str | None]:
    """Return those of the keys that a standing line or an undecided proven finding holds. Two queries."""
    wanted = [key for key in keys if key is not None]
    lines = Deduction.objects.standing().filter(campaign_id=actor.campaign_id, charge_key__in=wanted)
    findings = Finding.objects.filter(campaign_id=actor.campaign_id, charge_key__in=wanted).proposed()
    return {*lines.values_list("charge_key", flat=True), *findings.values_list("charge_key", flat=True)}


def _key(rule: Rule, line: Deduction) -> str | None:
    return key_under(rule, line.charged, stored_subject(line), line.period)
