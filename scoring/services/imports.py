"""Deductions brought in by sheet: each row through the ledger, a batch withdrawn as a whole, confirmation at once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ImportKind, Role
from campaigns.facts import SheetContent, SheetError, ShownRow, UnderstoodRow, Written
from campaigns.models import Campaign, Department, ImportBatch
from campaigns.services.imports import ImportOutcome, Upload, import_at_once
from qualityseason.errors import ConflictOfInterest, Refused
from scoring.facts import Subject
from scoring.models import Deduction, Rule
from scoring.policy import can_record
from scoring.services.drafts import DeductionDraft
from scoring.services.ledger import confirm_deductions, record_deduction, withdraw_deduction
from scoring.services.tallies import lock_departments, recompute_tallies

COLUMN_OF_FIELD = {"month": "subject"}  # where a field of the ledger has no column of its own name


@dataclass(frozen=True)
class DeductionRow:
    """One row of a sheet of deductions in our terms."""

    charged: Department
    rule: Rule
    quantity: int
    happened_on: date
    subject_text: str
    subject: Subject
    month: str
    note: str


def bar_lines(rows: Sequence[UnderstoodRow], by: Actor) -> list[SheetError]:
    """Return an error for each row of a department the actor takes no part in assessing."""
    errors = []
    for item in rows:
        charged: Department = item.values.charged
        if by.is_interested_in(charged.pk):
            sentence = _("You have an interest in this department and take no part in its assessment.")
        elif not can_record(by, charged.pk, charged.pk):
            sentence = _("Only the assessment team records deductions.")
        else:
            continue
        errors.append(SheetError(sentence, sheet=item.row.sheet, row=item.row.number, column="charged"))
    return errors


def write_lines(batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime) -> Written:
    """Record every row through the ledger in the caller's transaction; what it refuses becomes the row's error."""
    written = Written()
    rows_of: dict[int, int] = {}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    touched: dict[int, set[int]] = defaultdict(set)
    lock_departments(item.values.charged.pk for item in rows)
    for item in rows:
        try:
            line = record_deduction(_draft(batch, item), by=by, at=at, tally=False)
        except (Refused, PermissionDenied) as error:
            written.errors.append(_error(item, error, batch, rows_of))
            continue
        rows_of[line.pk] = item.row.number
        touched[line.charged_id].add(line.category_id)
        sums[line.charged.name] += line.amount
        written.shown.append(_shown(item, line))
        written.changes.append({"deduction": str(line.uuid), "sheet": item.row.sheet, "row": item.row.number})
    for department_id, category_ids in touched.items():
        recompute_tallies(department_id, category_ids=category_ids)
    marked = sum(bool(row.mark) for row in written.shown)
    written.totals = [
        (_("Lines"), str(len(written.shown))),
        (_("Points"), f"{sum(sums.values(), Decimal('0.00')):.2f}"),
        (_("Subjects that no record matches"), str(marked)),
    ]
    written.sums = [(name, f"{points:.2f}") for name, points in sums.items()]
    return written


def withdraw_lines(batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """Withdraw all standing lines of a batch, or none; raises Refused or PermissionDenied when one may not be."""
    if batch.uploaded_by_id != by.user_id and not by.has(Role.TEAM_LEAD):
        raise PermissionDenied(_("Only who brought the sheet in or a team lead withdraws it."))
    lines = Deduction.objects.standing().filter(batch=batch).order_by("pk")
    touched: dict[int, set[int]] = defaultdict(set)
    with transaction.atomic():
        lock_departments(lines.order_by().values_list("charged_id", flat=True).distinct())
        for line in lines:
            touched[line.charged_id].add(line.category_id)
            try:
                withdraw_deduction(line, by=by, at=at, because=because, tally=False)
            except ConflictOfInterest:
                raise
            except PermissionDenied as error:
                raise Refused(
                    _("Some lines have been confirmed since; only a team lead withdraws this import."),
                    code="confirmed",
                ) from error
        for department_id, category_ids in touched.items():
            recompute_tallies(department_id, category_ids=category_ids)


def import_deductions(
    campaign: Campaign,
    content: SheetContent,
    *,
    upload: Upload,
    by: Actor,
    at: datetime,
    confirm_by: Actor | None = None,
    dry_run: bool = False,
) -> ImportOutcome:
    """Bring in a sheet of deductions at once, confirmed by a second person when given; all or nothing."""

    def confirm(outcome: ImportOutcome) -> list[SheetError]:
        return [] if confirm_by is None else _confirm(outcome, by=confirm_by, at=at)

    return import_at_once(
        campaign, ImportKind.DEDUCTIONS, content, upload=upload, by=by, at=at, dry_run=dry_run, then=confirm
    )


def _confirm(outcome: ImportOutcome, *, by: Actor, at: datetime) -> list[SheetError]:
    places = {change["deduction"]: change for change in outcome.written.changes}
    lines = Deduction.objects.filter(batch=outcome.batch).order_by("pk")
    errors = []
    for line, sentence in confirm_deductions(lines, by=by, at=at).refused:
        place = places[str(line.uuid)]
        errors.append(SheetError(sentence, sheet=place["sheet"], row=place["row"], column="charged"))
    return errors


def _draft(batch: ImportBatch, item: UnderstoodRow) -> DeductionDraft:
    values: DeductionRow = item.values
    return DeductionDraft(
        uuid=uuid.uuid5(batch.uuid, f"{item.row.sheet}!{item.row.number}"),
        charged=values.charged,
        rule=values.rule,
        quantity=values.quantity,
        happened_on=values.happened_on,
        subject=values.subject,
        month=values.month,
        note=values.note,
        batch=batch,
    )


def _error(
    item: UnderstoodRow, error: Refused | PermissionDenied, batch: ImportBatch, rows_of: dict[int, int]
) -> SheetError:
    if not isinstance(error, Refused):
        sentence, column = str(error) or _("Only the assessment team records deductions."), "charged"
    else:
        sentence = str(error.sentence)
        column = error.field or ("subject" if error.refusal_code == "charged" else "")
        first = error.existing
        if isinstance(first, Deduction) and first.batch_id == batch.pk and first.pk in rows_of:
            sentence = _("The same fact stands in row %(row)d already.") % {"row": rows_of[first.pk]}
    return SheetError(sentence, sheet=item.row.sheet, row=item.row.number, column=COLUMN_OF_FIELD.get(column, column))


def _shown(item: UnderstoodRow, line: Deduction) -> ShownRow:
    cells = (
        line.charged.name,
        line.rule.code,
        str(line.quantity),
        f"{line.amount:.2f}",
        line.happened_on.isoformat(),
        line.subject_label,
        line.note,
    )
    mark = _("text only") if line.subject_is_text else ""
    return ShownRow(item.row.sheet, item.row.number, cells, mark)
