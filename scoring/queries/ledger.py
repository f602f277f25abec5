"""The confirmed lines in full, streamed for sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaigns.models import Campaign, Department
from scoring.calculations import ZERO, apply_tiers
from scoring.models import Deduction
from scoring.queries.ranking import sum_rules

CHUNK = 2_000
FIELDS = (
    "charged_id",
    "category_id",
    "rule_id",
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
AMOUNT = FIELDS.index("amount") - 3  # the three ids before it are not passed on


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One confirmed line; `counted` is what counts after tiers and before the floor, 0 when absorbed."""

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


def stream_ledger(campaign: Campaign, *, as_of: date | None = None) -> Iterator[LedgerRow]:
    """Yield the confirmed lines by department, rule and day, in constant memory. Three queries and one per department.

    Department by department, because a database that puts a whole ledger in order keeps all of it.
    """
    counting = {
        (key, rule_id)
        for key, sums in sum_rules(campaign, as_of=as_of).items()
        for rule_id in apply_tiers(sums).counting
    }
    lines = Deduction.objects.confirmed().happened_by(as_of).order_by("rule__order", "happened_on", "pk")
    departments = Department.objects.filter(campaign=campaign).order_by("block__order", "order", "pk")
    for department_id in departments.values_list("pk", flat=True):
        of_one = lines.filter(charged_id=department_id).values_list(*FIELDS)
        for _department_id, category_id, rule_id, *fields in of_one.iterator(chunk_size=CHUNK):
            counts = ((department_id, category_id), rule_id) in counting
            yield LedgerRow(*fields, counted=fields[5] if counts else ZERO)
