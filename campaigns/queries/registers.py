"""Reads of the register pages: all registers, the rows of one, and one row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Max, Q, QuerySet, Value, When

from campaigns.actors import Actor
from campaigns.enums import RegisterCode
from campaigns.models import Department, ImportBatch, RegisterRow, Responsibility, StaffMember, Term
from campaigns.policy import can_keep, can_see_register
from campaigns.registers import REGISTERS, RegisterColumn, RegisterSpec
from campaigns.registers.showing import shown
from campaigns.registers.spec import FIGURES
from qualityseason.text import clean, squeeze

PAGE = 50  # rows
STRIKING, EXCUSED = "striking", "excused"


@dataclass(frozen=True)
class RegisterCard:
    """One register in the list: how many rows the actor sees, when the last sheet came in, and who keeps it."""

    code: RegisterCode
    rows: int
    imported_at: datetime | None
    keepers: tuple[str, ...]
    may_keep: bool


@dataclass(frozen=True)
class Wanted:
    """Which rows of a register, in which order; '' and None for all of them."""

    words: str = ""
    department: Department | None = None
    term: Term | None = None
    month: str = ""
    show: str = ""
    lowest_first: bool = False


@dataclass(frozen=True)
class ShownCell:
    """A value in the list, with its column's word."""

    label: str
    text: str
    is_figure: bool


@dataclass(frozen=True)
class ListedRow:
    """One row in the list. ``subject`` is whom it is about, ``strikes`` whether it deserves a look."""

    uuid: UUID
    subject: str
    number: str
    department: str
    cells: tuple[ShownCell, ...]
    strikes: bool
    is_excused: bool
    is_own: bool


@dataclass(frozen=True)
class RegisterPage:
    """Some rows of a register; ``total`` is how many there are of those wanted, ``number`` the page's, from 1."""

    rows: tuple[ListedRow, ...]
    total: int
    number: int
    headings: tuple[RegisterColumn, ...]

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.number * PAGE < self.total


def list_registers(actor: Actor) -> tuple[RegisterCard, ...]:
    """Return the registers that are there for the actor. Two queries and one for each register."""
    codes = [code for code in REGISTERS if can_see_register(actor, code)]
    if not codes:
        return ()
    kinds = {code.responsibility: code for code in codes}
    batches = ImportBatch.objects.filter(
        campaign_id=actor.campaign_id, kind__in=kinds, applied_at__isnull=False, withdrawn_at__isnull=True
    )
    latest = dict(batches.order_by().values_list("kind").annotate(Max("applied_at")))
    keepers: dict[str, list[str]] = defaultdict(list)
    held = Responsibility.objects.filter(campaign_id=actor.campaign_id, code__in=kinds)
    for found in held.select_related("department", "user").order_by("department__order", "pk"):
        holder = found.department.name if found.department else found.user.display_name if found.user else ""
        keepers[found.code].append(holder)
    return tuple(
        RegisterCard(
            code,
            REGISTERS[code].model.objects.visible_to(actor).standing().count(),
            latest.get(kind),
            tuple(keepers[kind]),
            can_keep(actor, code),
        )
        for kind, code in kinds.items()
    )


def rows_to_open(actor: Actor, spec: RegisterSpec) -> QuerySet[RegisterRow]:
    """Return the rows whose page the actor may open; withdrawn ones only to who keeps the register."""
    rows = spec.model.objects.visible_to(actor)
    return rows if can_keep(actor, spec.code) else rows.standing()


def wanted_rows(actor: Actor, spec: RegisterSpec, wanted: Wanted) -> QuerySet[RegisterRow]:
    """Return the standing rows wanted that the actor may see, each with `strikes`, in their order."""
    rows = spec.model.objects.visible_to(actor).standing().select_related(*spec.relations)
    if wanted.words:
        rows = rows.filter(_named(spec, wanted.words))
    if wanted.department is not None:
        about = Q(department=wanted.department)
        rows = rows.filter(about | Q(organiser=wanted.department) if spec.has_organiser else about)
    if wanted.term is not None and spec.is_by_term:
        rows = rows.filter(Q(("term", wanted.term)))
    if wanted.month and not spec.is_by_term:
        year, month = (int(part) for part in wanted.month.split("-"))
        rows = rows.filter(Q(("happened_on__year", year), ("happened_on__month", month)))
    strikes = spec.striking if spec.striking is not None else Q(pk__isnull=True)
    strikes &= Q(excused_on__isnull=True)
    if wanted.show == STRIKING and spec.striking is not None:
        rows = rows.filter(strikes)
    if wanted.show == EXCUSED:
        rows = rows.filter(excused_on__isnull=False)
    marked = Case(When(strikes, then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.order_by(*_order(spec, wanted)).annotate(strikes=marked)


def load_register(actor: Actor, spec: RegisterSpec, wanted: Wanted, *, number: int = 1) -> RegisterPage:
    """Return one page of the rows wanted. Two queries, and one where rows are about terms.

    The season's only term is not shown in every row.
    """
    rows = wanted_rows(actor, spec, wanted)
    first = (max(1, number) - 1) * PAGE
    columns = tuple(column for column in spec.columns if column is not spec.subject and column.in_list)
    if spec.is_by_term and Term.objects.filter(campaign_id=actor.campaign_id).count() == 1:
        columns = tuple(column for column in columns if column.key != "term")
    found = rows[first : first + PAGE]
    return RegisterPage(tuple(_listed(spec, row, columns) for row in found), rows.count(), max(1, number), columns)


def months_of(first: date, last: date) -> list[str]:
    """Return the months from the first day to the last, as 2009-11."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [
        f"{first.year + (first.month - 1 + at) // 12}-{(first.month - 1 + at) % 12 + 1:02}" for at in range(count + 1)
    ]


def facts_of(spec: RegisterSpec, row: RegisterRow) -> list[tuple[str, str]]:
    """Return what a row, loaded with its relations, says: (label, text), without what it does not say."""
    told = [(str(column.label), shown(column, getattr(row, column.key))) for column in spec.columns]
    return [(label, text) for label, text in told if text]


def _listed(spec: RegisterSpec, row: RegisterRow, columns: tuple[RegisterColumn, ...]) -> ListedRow:
    subject: Any = getattr(row, spec.subject.key)
    return ListedRow(
        uuid=row.uuid,
        subject=subject.name,
        number=subject.number if isinstance(subject, StaffMember) else "",
        department=row.department.name,
        cells=tuple(
            ShownCell(str(column.label), shown(column, getattr(row, column.key)), column.reading in FIGURES)
            for column in columns
        ),
        strikes=bool(getattr(row, "strikes", False)),
        is_excused=row.is_excused,
        is_own=row.is_own,
    )


def _named(spec: RegisterSpec, words: str) -> Q:
    key = spec.subject.key
    named = Q(**{f"{key}__squeezed_name__contains": squeeze(words)})
    if key == "person":
        named |= Q(person__number__contains=clean(words))
    return named


def _order(spec: RegisterSpec, wanted: Wanted) -> tuple[str, ...]:
    if wanted.lowest_first and spec.lowest:
        return spec.lowest, "-pk"
    subject = f"{spec.subject.key}__squeezed_name"
    if spec.is_by_term:
        return "-term__starts_on", "department__order", subject, "-pk"
    return "-happened_on", "department__order", subject, "-pk"
