"""The stored sums: recomputed from a department's lines in the transaction that changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from campaigns.models import Department
from scoring.calculations import ZERO, apply_tiers
from scoring.facts import RuleSum
from scoring.models import Category, Deduction, Rule, Tally

CONFIRMED = Q(confirmed_at__isnull=False)


@dataclass
class CategorySum:
    """What the ledger says of one department in one category. Points are Decimal."""

    charged: Decimal = ZERO
    absorbed: Decimal = ZERO
    pending: Decimal = ZERO
    confirmed_lines: int = 0
    pending_lines: int = 0


def lock_departments(department_ids: Iterable[int]) -> None:
    """Hold the departments' rows until the transaction ends, always in the same order.

    Their keys stay free: a line charged elsewhere may point at a department (the one visited) without waiting for it.
    """
    rows = Department.objects.select_for_update(no_key=True).filter(pk__in=set(department_ids))
    list(rows.order_by("pk").values_list("pk"))


def sum_ledger(department_id: int, *, category_ids: Iterable[int] | None = None) -> dict[int, CategorySum]:
    """Return by category what the standing lines of a department come to, after tiers. Two queries."""
    lines = Deduction.objects.standing().filter(charged_id=department_id)
    if category_ids is not None:
        lines = lines.filter(category_id__in=category_ids)
    rows = list(
        lines.order_by()
        .values_list("category_id", "rule_id")
        .annotate(
            counted=Sum("amount", filter=CONFIRMED),
            waiting=Sum("amount", filter=~CONFIRMED),
            counted_lines=Count("pk", filter=CONFIRMED),
            waiting_lines=Count("pk", filter=~CONFIRMED),
        )
    )
    rules = {
        pk: (order, group)
        for pk, order, group in Rule.objects.filter(pk__in={row[1] for row in rows}).values_list(
            "pk", "order", "exclusive_group"
        )
    }
    result: dict[int, CategorySum] = defaultdict(CategorySum)
    confirmed: dict[int, list[RuleSum]] = defaultdict(list)
    for category_id, rule_id, counted, waiting, counted_lines, waiting_lines in rows:
        entry = result[category_id]
        entry.pending += waiting or ZERO
        entry.pending_lines += waiting_lines
        entry.confirmed_lines += counted_lines
        if counted is not None:
            confirmed[category_id].append(RuleSum(rule_id, *rules[rule_id], counted))
    for category_id, sums in confirmed.items():
        tiers = apply_tiers(sums)
        result[category_id].charged, result[category_id].absorbed = tiers.charged, tiers.absorbed
    return result


def recompute_tallies(department_id: int, *, category_ids: Iterable[int]) -> None:
    """Write what the ledger says into the tallies; the caller holds the department's lock."""
    wanted = set(category_ids)
    sums = sum_ledger(department_id, category_ids=wanted)
    for category_id in wanted:
        entry = sums.get(category_id, CategorySum())
        updated = Tally.objects.filter(department_id=department_id, category_id=category_id).update(**vars(entry))
        if not updated:
            category = Category.objects.get(pk=category_id)
            Tally.objects.create(
                campaign_id=category.campaign_id, department_id=department_id, category=category, **vars(entry)
            )
