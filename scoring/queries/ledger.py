"""The confirmed lines in full, streamed for sheets."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from campaigns.models import Campaign, Department
from scoring.calculations import ZERO, apply_tiers
from scoring.models import Deduction
from scoring.queries.ranking import sum_rules
from scoring.querysets import DeductionQuerySet

CHUNK = 2_000  # rows fetched at a time
BATCH = 4_000  # rows put in order at a time
FIELDS = (
    "category_id",
    "rule_id",
    "charged_id",
    "visited_id",
    "charged__name",
    "charged__block__code",
    "rule__code",
    "quantity",
    "points",
    "amount",
    "happened_on",
    "subject_label",
    "note",
    "recorded_by__display_name",
    "confirmed_by__display_name",
    "category__name",
    "rule__exclusive_group",
)
AMOUNT = FIELDS.index("amount") - 2  # the two ids before it are not passed on


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One confirmed line; `counted` is what counts after tiers and before the floor, 0 when absorbed."""

    charged_id: int
    visited_id: int
    department: str
    block: str
    code: str
    quantity: int
    points: Decimal
    amount: Decimal
    happened_on: date
    subject: str
    note: str
    recorded_by: str
    confirmed_by: str
    category: str
    group: str
    counted: Decimal


def stream_ledger(campaign: Campaign, *, as_of: date | None = None) -> Generator[LedgerRow]:
    """Yield the confirmed lines by department, rule and day, in constant memory.

    Five queries and one for every BATCH lines: whole departments, because a database keeps all that it puts in order.
    """
    counting = {
        (key, rule_id)
        for key, sums in sum_rules(campaign, as_of=as_of).items()
        for rule_id in apply_tiers(sums).counting
    }
    lines = Deduction.objects.confirmed().happened_by(as_of)
    in_order = lines.order_by("charged__block__order", "charged__order", "rule__order", "happened_on", "pk")
    for department_ids in _batches(campaign, lines):
        # the departments alone: with the campaign beside them SQLite reads the whole season for every batch
        batch = in_order.filter(charged_id__in=department_ids).values_list(*FIELDS)
        for category_id, rule_id, *fields in batch.iterator(chunk_size=CHUNK):
            counts = ((fields[0], category_id), rule_id) in counting
            row = (*fields, fields[AMOUNT] if counts else ZERO)
            yield LedgerRow(*row)


def _batches(campaign: Campaign, lines: DeductionQuerySet[Deduction]) -> Iterator[list[int]]:
    """Yield the departments with lines, in order, as many together as have some BATCH lines."""
    counts = dict(lines.filter(campaign=campaign).order_by().values_list("charged_id").annotate(Count("pk")))
    departments = Department.objects.filter(campaign=campaign).order_by("block__order", "order")
    batch: list[int] = []
    size = 0
    for department_id in departments.values_list("pk", flat=True):
        if department_id in counts:
            batch.append(department_id)
            size += counts[department_id]
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
