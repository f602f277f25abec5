"""Sheets of the registers: every kind from its register's columns."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from campaigns.enums import TEACHING_KINDS
from campaigns.facts import SheetError, SheetRow, UnderstoodRow
from campaigns.hooks import ImportKindSpec
from campaigns.imports.registers_reading import Books, RegisterReader
from campaigns.models import Campaign, Department, Posting, StaffMember, StudentClass, Term
from campaigns.registers import REGISTERS, Reading, RegisterSpec
from campaigns.registers.spec import HOME, NAME, NUMBER, PERSON_EXAMPLE
from campaigns.services.register_drafts import RegisterDraft
from campaigns.services.register_sheets import shown_headings, withdraw_rows, write_rows


def understand(
    spec: RegisterSpec, campaign: Campaign, rows: Sequence[SheetRow]
) -> tuple[list[UnderstoodRow], list[SheetError]]:
    """Return the rows in our terms and the errors of single cells, the column named by its heading."""
    books = Books(spec, campaign)
    understood: list[UnderstoodRow] = []
    errors: list[SheetError] = []
    for row in rows:
        reader = RegisterReader(row, spec, books)
        draft = reader.draft()
        errors += reader.errors
        if draft is not None and reader.is_sound:
            understood.append(UnderstoodRow(row, draft, canonical(spec, draft)))
    return understood, errors


def canonical(spec: RegisterSpec, draft: RegisterDraft) -> tuple[str, ...]:
    """Return what is the same for every spelling of the same row."""
    said = [f"{column.key}={_word(draft.values[column.key])}" for column in spec.columns if column.key in draft.values]
    excuse = draft.excuse
    return (*said, f"{excuse.because}|{excuse.approved_by}|{excuse.on.isoformat()}" if excuse else "")


def examples(spec: RegisterSpec, campaign: Campaign) -> dict[str, str]:
    """Return a row the campaign might have: its own people, classes, terms and days where there are any."""
    day = campaign.facts_from
    posting = (
        Posting.objects.filter(campaign=campaign)
        .current(on=day)
        .select_related("staff_member", "department__block")
        .order_by("department__order", "pk")
        .first()
    )
    department = posting.department if posting else Department.objects.filter(campaign=campaign).first()
    number, name = (posting.staff_member.number, posting.staff_member.name) if posting else PERSON_EXAMPLE
    term = Term.objects.filter(campaign=campaign).first()
    found = {NUMBER: number, NAME: name, HOME: department.name if department else ""}
    for column in spec.columns:
        if column.reading is Reading.STUDENT_CLASS:
            found[column.key] = _example_class(campaign)
        elif column.reading is Reading.TERM and term is not None:
            found[column.key] = term.name
        elif column.key == "happened_on":
            found[column.key] = day.isoformat()
        elif column.choices is not None:
            found[column.key] = next(iter(column.choices(campaign, posting.department if posting else None)), "")
    return found


def _example_class(campaign: Campaign) -> str:
    known = StudentClass.objects.filter(campaign=campaign).order_by("name").first()
    if known is not None:
        return known.name
    department = Department.objects.filter(campaign=campaign, kind__in=TEACHING_KINDS).first()
    return f"{department.name}{campaign.starts_on:%y}01" if department else ""


def _word(value: Any) -> str:
    if isinstance(value, StaffMember):
        return value.number
    if isinstance(value, StudentClass):
        return value.squeezed_name
    if isinstance(value, Term):
        return value.code
    if isinstance(value, Department):
        return value.name
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


SPECS = tuple(
    ImportKindSpec(
        kind=spec.kind,
        columns=spec.sheet_columns,
        shown=shown_headings(spec),
        understand=partial(understand, spec),
        write=partial(write_rows, spec),
        withdraw=partial(withdraw_rows, spec),
        examples=partial(examples, spec),
    )
    for spec in REGISTERS.values()
)
