"""Pure arithmetic of the rulebook: tiers, floors, scores, ranks, charge keys. Points are Decimal."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from qualityseason.text import split_name, squeeze
from scoring.enums import Basis, Once, SubjectKind
from scoring.facts import RuleSum, Suspicion, TierResult

ZERO = Decimal("0.00")
LONGEST_TEXT_KEY = 120  # characters


def apply_tiers(sums: Iterable[RuleSum]) -> TierResult:
    """Return what counts of one category's sums of one department.

    Within an exclusive group (S3a, S3b, S4 exclude each other) only the rule with the heaviest sum counts, the first
    in printed order when equal; the others are absorbed. Rules outside any group always count.
    """
    charged, absorbed, counting = ZERO, ZERO, set()
    groups: dict[str, list[RuleSum]] = defaultdict(list)
    for item in sums:
        if item.group:
            groups[item.group].append(item)
        else:
            charged += item.amount
            counting.add(item.rule_id)
    for members in groups.values():
        heaviest = min(members, key=lambda item: (-item.amount, item.order))
        charged += heaviest.amount
        absorbed += sum((item.amount for item in members), ZERO) - heaviest.amount
        counting.add(heaviest.rule_id)
    return TierResult(charged, absorbed, frozenset(counting))


def score(full: Decimal, charged: Decimal, *, basis: str = Basis.ABSOLUTE, benchmark: Decimal = ZERO) -> Decimal:
    """Return a category's score: full less deductions within 0…full; with BEST_IS_FULL less what exceeds the benchmark.

    The benchmark (满分基准) is the deducted amount frozen in the decision that named the fullest mark.
    """
    deducted = max(ZERO, charged - benchmark) if basis == Basis.BEST_IS_FULL else charged
    return min(full, max(ZERO, full - deducted))


def floor_excess(full: Decimal, charged: Decimal) -> Decimal:
    """Return by how much the deductions exceed the full mark (已扣至零), 0 when they do not."""
    return max(ZERO, charged - full)


def ranks(totals: Sequence[Decimal]) -> list[int]:
    """Return the rank of each total, best first; equal totals share a rank (1-2-2-4)."""
    first: dict[Decimal, int] = {}
    for position, total in enumerate(sorted(totals, reverse=True), start=1):
        first.setdefault(total, position)
    return [first[total] for total in totals]


def places(
    keys: Sequence[UUID],
    totals: Sequence[Decimal],
    *,
    decided: Mapping[tuple[frozenset[UUID], Decimal], Sequence[UUID]],
) -> list[int]:
    """Return the rank of each, best first; a tie that was decided as it stands follows the decision, others share.

    `decided` names by (all who are tied, their total) in which order they come.
    """
    found = ranks(totals)
    tied: dict[Decimal, list[int]] = defaultdict(list)
    for index, total in enumerate(totals):
        tied[total].append(index)
    for total, members in tied.items():
        order = decided.get((frozenset(keys[index] for index in members), total))
        if order is not None and len(members) > 1:
            for index in members:
                found[index] += order.index(keys[index])
    return found


def appeal_until(told_on: date, days: int) -> date:
    """Return the last day on which a line may be appealed, so many days after the department was told."""
    return told_on + timedelta(days=days)


def charge_key(
    *, family: str, once: str, department: str, subject: str, subject_is_known: bool, term: str, month: str
) -> str | None:
    """Return the name of a fact, `family|subject|period`, or None where the rule has no once-rule.

    Where the rule names no subject or only a month, or the subject is text only, the charged department stands
    before the subject.
    """
    if not once:
        return None
    if once == Once.DEPARTMENT:
        return f"{family}|{department}|season"
    if once == Once.MONTH:
        return f"{family}|{department}|{month}"
    named = subject if subject_is_known else f"{department}/{subject}"
    return f"{family}|{named}|{term if once == Once.TERM else 'season'}"


def text_key(label: str, kind: str = SubjectKind.ITEM) -> str:
    """Return how a subject that is only text stands in a charge key: one spelling for all spellings.

    Of a person only the name counts: a number that no staff list knows tells nobody from a namesake.
    """
    squeezed = squeeze(split_name(label)[0] if kind == SubjectKind.PERSON else label)
    return squeezed if len(squeezed) <= LONGEST_TEXT_KEY else sha256(squeezed.encode()).hexdigest()


def fact_key(rule_family: str, once: str, *, department: str, suspicion: Suspicion) -> str:
    """Return the charge key of the fact a detector found: that of the once-rule, else `family|record`.

    An assignment is named by its record, too, so that its title may change and whose it is.
    """
    subject = suspicion.subject
    key = charge_key(
        family=rule_family,
        once=once,
        department=department,
        subject=suspicion.record or subject.key,
        subject_is_known=subject.is_known or bool(suspicion.record),
        term=suspicion.period,
        month=suspicion.period,
    )
    return key if key is not None else f"{rule_family}|{suspicion.record}"


def fingerprint_of(rule: str, suspicion: Suspicion, proof: str, *, department: str) -> str:
    """Return the sha256 of all a decision about a suspicion rests on; it changes only when the facts do."""
    said = {
        "rule": rule,
        "department": department,
        "reason": suspicion.reason,
        "quantity": suspicion.quantity,
        "subject": suspicion.subject.key or suspicion.subject.label,
        "period": suspicion.period,
        "happened_on": suspicion.happened_on.isoformat(),
        "proof": proof,
        "facts": [fact.frozen() for fact in suspicion.rests_on],
    }
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
