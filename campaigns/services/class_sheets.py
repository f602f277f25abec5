"""Classes brought in by sheet: new ones, moved ones, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.actors import Actor
from campaigns.facts import ShownRow, UnderstoodRow, Written
from campaigns.models import Department, ImportBatch, StudentClass
from campaigns.services.sheet_rows import CHUNK, Change, lock_lists, mark_of, totals_of
from campaigns.services.taking_back import class_state, take_back
from qualityseason.text import squeeze


@dataclass(frozen=True)
class ClassRow:
    """One class and its department."""

    name: str
    department: Department


def write_classes(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Add classes and correct the department of known ones."""
    written = Written()
    lock_lists(batch.campaign_id)
    known = {found.squeezed_name: found for found in StudentClass.objects.filter(campaign=batch.campaign)}
    made: list[StudentClass] = []
    moved: list[StudentClass] = []
    for item in rows:
        values: ClassRow = item.values
        changes: list[Change] = []
        found = known.get(squeeze(values.name))
        if found is None:
            found = StudentClass(
                campaign=batch.campaign,
                name=values.name,
                squeezed_name=squeeze(values.name),
                department=values.department,
            )
            made.append(found)
            changes.append({"class": str(found.uuid), "before": None, "after": class_state(found)})
        elif found.department_id != values.department.pk:
            before = class_state(found)
            found.department = values.department
            moved.append(found)
            changes.append({"class": str(found.uuid), "before": before, "after": class_state(found)})
        written.changes += changes
        cells = (values.name, values.department.name)
        written.shown.append(ShownRow(item.row.sheet, item.row.number, cells, mark_of(changes, "class")))
    StudentClass.objects.bulk_create(made, batch_size=CHUNK)
    StudentClass.objects.bulk_update(moved, ["department"], batch_size=CHUNK)
    written.totals = totals_of(written)
    return written


def withdraw_classes(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """Take new classes away and put changed ones back; raises Refused when something rests on them."""
    lock_lists(batch.campaign_id)
    take_back(StudentClass.objects.filter(campaign_id=batch.campaign_id), batch.changes, "class", class_state)
