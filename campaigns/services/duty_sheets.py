"""Duties brought in by sheet for all departments: new ones, reworded ones, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.facts import ShownRow, UnderstoodRow, Written
from campaigns.models import Department, Duty, ImportBatch, PlanItem
from campaigns.queries.duties import duty_state
from campaigns.services.sheet_rows import CHUNK, Change, lock_lists, mark_of, totals_of
from campaigns.services.taking_back import take_back
from qualityseason.errors import Refused


@dataclass(frozen=True)
class DutyRow:
    """One duty of a department as a document gives it."""

    department: Department
    number: str
    text: str
    source: str
    is_sample: bool


def write_duties(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Add duties and reword known ones, found by department and number; ended ones stay ended. Two queries to read."""
    written = Written()
    lock_lists(batch.campaign_id)
    standing = Duty.objects.filter(campaign=batch.campaign, ended_at__isnull=True)
    known = {(duty.department_id, duty.number): duty for duty in standing}
    made: list[Duty] = []
    altered: list[Duty] = []
    for item in rows:
        values: DutyRow = item.values
        said = {"text": values.text, "source": values.source, "is_sample": values.is_sample}
        changes: list[Change] = []
        duty = known.get((values.department.pk, values.number))
        if duty is None:
            duty = Duty(campaign=batch.campaign, department=values.department, number=values.number, **said)
            made.append(duty)
            changes.append({"duty": str(duty.uuid), "before": None, "after": duty_state(duty)})
        else:
            before = duty_state(duty)
            duty.text, duty.source, duty.is_sample = values.text, values.source, values.is_sample
            if duty_state(duty) != before:
                altered.append(duty)
                changes.append({"duty": str(duty.uuid), "before": before, "after": duty_state(duty)})
        written.changes += changes
        sample = _("yes") if values.is_sample else ""
        cells = (values.department.name, values.number, values.text, values.source, sample)
        written.shown.append(ShownRow(item.row.sheet, item.row.number, cells, mark_of(changes, "duty")))
    Duty.objects.bulk_create(made, batch_size=CHUNK)
    Duty.objects.bulk_update(altered, ["text", "source", "is_sample"], batch_size=CHUNK)
    written.totals = totals_of(written)
    return written


def withdraw_duties(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """Take new duties away and put reworded ones back; raises Refused where a plan item rests on one, or one ended."""
    lock_lists(batch.campaign_id)
    duties = Duty.objects.filter(campaign_id=batch.campaign_id).select_related("department")
    named = [change["duty"] for change in batch.changes]
    ended = duties.filter(uuid__in=named, ended_at__isnull=False).first()
    if ended is not None:
        message = _("%(name)s of %(department)s has been ended since; the import cannot be withdrawn.")
        raise Refused(message % {"name": str(ended), "department": ended.department.name}, code="changed")
    made = [change["duty"] for change in batch.changes if change["before"] is None]
    item = PlanItem.objects.filter(duties__uuid__in=made).select_related("plan__department").first()
    if item is not None:
        message = _("“%(item)s” in the plan of %(department)s rests on these duties; the import cannot be withdrawn.")
        words = {"item": item.title, "department": item.plan.department.name}
        raise Refused(message % words, code="in_use", existing=item)
    take_back(duties, batch.changes, "duty", duty_state)
