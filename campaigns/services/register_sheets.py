"""Registers brought in by sheet: new rows, corrected rows, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.facts import SheetError, ShownRow, UnderstoodRow, Written
from campaigns.models import Department, ImportBatch, RegisterRow, StaffMember
from campaigns.registers import Reading, RegisterColumn, RegisterSpec
from campaigns.registers.showing import shown
from campaigns.registers.spec import NAME, NUMBER, PERSON
from campaigns.services.register_drafts import (
    EXCUSE_FIELDS,
    RegisterDraft,
    Settled,
    Settler,
    fields_of,
    put,
    put_back,
    row_state,
)
from campaigns.services.sheet_rows import CHUNK, Change, lock_lists
from qualityseason.errors import Refused

WRITTEN = ("version", "is_own")  # besides what a row says
WITHDRAWAL = ("withdrawn_by", "withdrawn_at", "withdrawn_because", "version")


def shown_headings(spec: RegisterSpec) -> tuple[str, ...]:
    """Return the headings of rows as understood: who, whose department, and what the register says."""
    before = (
        [column.heading for column in PERSON[:2]] if spec.subject.reading is Reading.PERSON else [spec.subject.heading]
    )
    return (*before, PERSON[-1].heading, *(column.heading for column in _others(spec)))


def write_rows(
    spec: RegisterSpec, batch: ImportBatch, rows: Sequence[UnderstoodRow], by: Actor, at: datetime
) -> Written:
    """Add rows, and correct those known by what makes a row the same. Three queries to read."""
    written = Written()
    lock_lists(batch.campaign_id)
    drafts: list[RegisterDraft] = [item.values for item in rows]
    settler = Settler(spec, batch.campaign, drafts, at=at)
    first = [settler.settle(draft) for draft in drafts]
    known = _known(spec, batch.campaign_id, first)
    sheet = _Sheet(spec, batch, by, at)
    for item, settled in zip(rows, first, strict=True):
        row = known.get(settled.key(spec))
        if row is not None and not settled.problems:
            settled = settler.settle(item.values, row=row)
        written.errors += sheet.take(item, settled, row)
    if not written.errors:
        sheet.save()
    written.shown, written.changes = sheet.shown, sheet.changes
    written.totals = sheet.totals()
    return written


def withdraw_rows(spec: RegisterSpec, batch: ImportBatch, by: Actor, at: datetime, because: str) -> None:
    """Withdraw the rows an import made and put back those it changed; Refused where one was changed since."""
    lock_lists(batch.campaign_id)
    found = _named(spec, batch)
    gone: list[RegisterRow] = []
    back: list[RegisterRow] = []
    for change in batch.changes:
        row = found.get(change["row"])
        if row is None or row.withdrawn_at is not None:
            continue  # somebody withdrew it already
        if row_state(row, spec) != change["after"]:
            raise Refused(_changed_since(spec, row), code="changed", existing=row)
        row.version += 1
        if change["before"] is None:
            row.withdrawn_by_id, row.withdrawn_at, row.withdrawn_because = by.user_id, at, because
            gone.append(row)
        else:
            put_back(row, change["before"])
            back.append(row)
    manager = spec.model._default_manager
    manager.bulk_update(gone, WITHDRAWAL, batch_size=CHUNK)
    manager.bulk_update(back, [*fields_of(spec), *WRITTEN], batch_size=CHUNK)


class _Sheet:
    """The rows of one sheet as they will stand; written when all of them are sound."""

    def __init__(self, spec: RegisterSpec, batch: ImportBatch, by: Actor, at: datetime) -> None:
        self.spec, self.batch, self.by, self.at = spec, batch, by, at
        self.shown: list[ShownRow] = []
        self.changes: list[Change] = []
        self.counts = {"new": 0, "changed": 0, "same": 0}
        self._made: list[RegisterRow] = []
        self._altered: list[RegisterRow] = []
        self._places: dict[tuple[Any, ...], UnderstoodRow] = {}

    def take(self, item: UnderstoodRow, settled: Settled, row: RegisterRow | None) -> list[SheetError]:
        """Take one row up; returns what is wrong with it."""
        draft: RegisterDraft = item.values
        if settled.problems:
            return [_error(item, _column_of(self.spec, key, item), sentence) for key, sentence in settled.problems]
        earlier = self._places.setdefault(settled.key(self.spec), item)
        if earlier is not item:
            words = {"place": f"{earlier.row.sheet}/{earlier.row.number}"}
            sentence = _("This row stands in %(place)s already: delete one of the two.") % words
            return [_error(item, _column_of(self.spec, self.spec.subject.key, item), sentence)]
        mark = self._add(draft, settled) if row is None else self._correct(draft, settled, row)
        department = settled.department
        assert department is not None  # noqa: S101  # else there was a problem
        marks = [mark, *_remarks(draft, department), *draft.remarks]
        text = "; ".join(part for part in marks if part)
        self.shown.append(ShownRow(item.row.sheet, item.row.number, _cells(self.spec, settled, department), text))
        return []

    def save(self) -> None:
        """Write everything down."""
        manager = self.spec.model._default_manager
        manager.bulk_create(self._made, batch_size=CHUNK)
        manager.bulk_update(self._altered, [*fields_of(self.spec), *WRITTEN], batch_size=CHUNK)

    def totals(self) -> list[tuple[str, str]]:
        """Return how many rows are new, changed, unchanged."""
        return [
            (_("Rows"), str(len(self.shown))),
            (_("New"), str(self.counts["new"])),
            (_("Changed"), str(self.counts["changed"])),
            (_("Unchanged"), str(self.counts["same"])),
        ]

    def _add(self, draft: RegisterDraft, settled: Settled) -> str:
        row = self.spec.model(
            campaign=self.batch.campaign, batch=self.batch, entered_by_id=self.by.user_id, entered_at=self.at
        )
        put(row, settled, draft.excuse)
        row.is_own = is_own(row, self.by)
        self._made.append(row)
        self.counts["new"] += 1
        self.changes.append({"row": str(row.uuid), "before": None, "after": row_state(row, self.spec)})
        return _("new")

    def _correct(self, draft: RegisterDraft, settled: Settled, row: RegisterRow) -> str:
        before, said = row_state(row, self.spec), _said(self.spec, row)
        put(row, settled, draft.excuse)
        after = row_state(row, self.spec)
        if before == after:
            self.counts["same"] += 1
            return ""
        row.version += 1
        row.is_own = row.is_own or is_own(row, self.by)
        self._altered.append(row)
        self.counts["changed"] += 1
        self.changes.append({"row": str(row.uuid), "before": before, "after": after})
        was = [f"{heading} {old or '–'}" for heading, old, new in _differences(said, _said(self.spec, row))]
        return _("changed; before: %(values)s") % {"values": "、".join(was)} if was else _("changed")


def is_own(row: RegisterRow, by: Actor) -> bool:
    """Whether the row is about, or organised by, a department of the keeper's own interest."""
    return by.is_interested_in(row.department_id, getattr(row, "organiser_id", None))


def _known(spec: RegisterSpec, campaign_id: int, settled: Iterable[Settled]) -> dict[tuple[Any, ...], RegisterRow]:
    """Return the standing rows of the terms or days the sheet is about, by what makes a row the same. One query."""
    field = "term" if spec.is_by_term else "happened_on"
    times = [one.values[field] for one in settled]
    if not times:
        return {}
    rows = spec.model.objects.filter(campaign_id=campaign_id).standing().select_related(*spec.relations)
    among = Q(term__in=set(times)) if spec.is_by_term else Q(happened_on__range=(min(times), max(times)))
    rows = rows.filter(among)
    return {tuple(getattr(row, _attname(spec, name)) for name in spec.key): row for row in rows}


def _attname(spec: RegisterSpec, name: str) -> str:
    field = spec.model._meta.get_field(name)
    return str(getattr(field, "attname", name))


def _named(spec: RegisterSpec, batch: ImportBatch) -> dict[str, RegisterRow]:
    rows: QuerySet[RegisterRow] = spec.model.objects.filter(campaign_id=batch.campaign_id)
    uuids = [change["row"] for change in batch.changes]
    return {str(row.uuid): row for row in rows.filter(uuid__in=uuids).select_related(spec.subject.key)}


def _changed_since(spec: RegisterSpec, row: RegisterRow) -> str:
    told = [str(getattr(row, spec.subject.key))]
    told.append(row.happened_on.isoformat() if hasattr(row, "happened_on") else str(getattr(row, "term", "")))
    sentence = _("The row of %(row)s was corrected or excused after this import; the import cannot be withdrawn.")
    return sentence % {"row": " ".join(told)}


def _others(spec: RegisterSpec) -> list[RegisterColumn]:
    return [column for column in spec.columns if column is not spec.subject]


def _cells(spec: RegisterSpec, settled: Settled, department: Department) -> tuple[str, ...]:
    subject = settled.values[spec.subject.key]
    who = (subject.number, subject.name) if isinstance(subject, StaffMember) else (subject.name,)
    return (*who, department.name, *(shown(column, settled.values[column.key]) for column in _others(spec)))


def _said(spec: RegisterSpec, row: RegisterRow) -> dict[str, str]:
    said = {column.heading: shown(column, getattr(row, column.key)) for column in spec.columns}
    excuse = [str(getattr(row, name) or "") for name in EXCUSE_FIELDS]
    return said | {PERSON[-1].heading: row.department.name, _("Excuse"): " ".join(part for part in excuse if part)}


def _differences(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(heading, old, after[heading]) for heading, old in before.items() if old != after[heading]]


def _remarks(draft: RegisterDraft, department: Department) -> list[str]:
    if draft.said_home is None or draft.said_home.pk == department.pk:
        return []
    sentence = _("the sheet says %(said)s, our lists say %(home)s")
    return [sentence % {"said": draft.said_home.name, "home": department.name}]


def _column_of(spec: RegisterSpec, key: str, item: UnderstoodRow) -> str:
    """Return the key of the sheet's column: a person stands in several."""
    if spec.by_key[key].reading is not Reading.PERSON:
        return key
    return NAME if item.row.cells.get(NAME) is not None else NUMBER


def _error(item: UnderstoodRow, column: str, sentence: str) -> SheetError:
    return SheetError(sentence, sheet=item.row.sheet, row=item.row.number, column=column)
