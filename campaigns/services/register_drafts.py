"""What a row of a register is to say, and settling whose department it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Department, RegisterRow, StaffMember, StudentClass, Term
from campaigns.queries.register_books import HomeBook
from campaigns.registers import Reading, RegisterColumn, RegisterSpec
from qualityseason.clock import day_of
from qualityseason.fields import HUNDREDTH, PointsField
from qualityseason.services import audit

EXCUSE_FIELDS = ("excused_because", "excused_by", "excused_on")
MAXIMUM_REASON, MAXIMUM_PERSON = 200, 64


@dataclass(frozen=True)
class Excuse:
    """Why a case is never charged, who approved that, and when."""

    because: str
    approved_by: str
    on: date


@dataclass(frozen=True)
class RegisterDraft:
    """One row as understood: values by field, those not said left out; ``said_home`` is the department it names.

    ``remarks`` are what whoever wrote it should read.
    """

    values: Mapping[str, Any]
    excuse: Excuse | None = None
    said_home: Department | None = None
    remarks: tuple[str, ...] = ()


@dataclass
class Settled:
    """A row with all its values, and what is wrong with them: the key of the column and a sentence."""

    values: dict[str, Any]
    department: Department | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)

    def key(self, spec: RegisterSpec) -> tuple[Any, ...]:
        """Return what makes it the same row as another."""
        return tuple(_plain(self.values[name]) for name in spec.key)


class Settler:
    """Completes drafts: the person's home of the day, the organiser, what is left empty. One query."""

    def __init__(
        self, spec: RegisterSpec, campaign: Campaign, drafts: Iterable[RegisterDraft], *, at: datetime
    ) -> None:
        self.spec, self.campaign, self.today = spec, campaign, day_of(at)
        people = {draft.values["person"].pk for draft in drafts if "person" in draft.values}
        self.homes = HomeBook(campaign, people) if people else None

    def settle(self, draft: RegisterDraft, *, row: RegisterRow | None = None) -> Settled:
        """Return the draft with everything a row needs; what it does not say stays as in `row`, or as usual."""
        values = {column.key: self._value(column, draft, row) for column in self.spec.columns}
        settled = Settled(values)
        settled.department = self._department(values, settled)
        if settled.department is not None and self.spec.has_organiser and values["organiser"] is None:
            values["organiser"] = settled.department
        day = values.get("happened_on")
        if day is not None and not self.spec.may_lie_ahead:
            self._refuse_ahead("happened_on", day, settled)
        if not settled.problems:
            self._judge(values, settled)
        return settled

    def _value(self, column: RegisterColumn, draft: RegisterDraft, row: RegisterRow | None) -> Any:
        if column.key in draft.values:
            return draft.values[column.key]
        return getattr(row, column.key) if row is not None else column.default

    def _department(self, values: dict[str, Any], settled: Settled) -> Department | None:
        subject = values[self.spec.subject.key]
        if isinstance(subject, StudentClass):
            return subject.department
        assert isinstance(subject, StaffMember)  # noqa: S101  # the other thing a row is about
        assert self.homes is not None  # noqa: S101  # there is a person
        term: Term | None = values.get("term")
        if term is not None:
            found = self.homes.within(subject, term, until=self.today)
            when = term.name
        else:
            found = self.homes.on(subject, values["happened_on"])
            when = values["happened_on"].isoformat()
        if found is None:
            sentence = _(
                "%(person)s belongs to no department on the staff list at that time (%(when)s). "
                "Have the posting put there first, then come again."
            )
            settled.problems.append((self.spec.subject.key, sentence % {"person": str(subject), "when": when}))
        return found

    def _refuse_ahead(self, key: str, day: date, settled: Settled) -> None:
        if day > self.today:
            sentence = _("%(day)s is still to come; a register tells what was.")
            settled.problems.append((key, sentence % {"day": day.isoformat()}))

    def _judge(self, values: dict[str, Any], settled: Settled) -> None:
        for column in self.spec.columns:
            if column.choices is not None and values[column.key]:
                known = column.choices(self.campaign, settled.department)
                if values[column.key] not in known:
                    sentence = _("%(word)s is none of the kinds for %(department)s: %(known)s.")
                    words = {"word": values[column.key], "known": "、".join(known) or "–"}
                    words["department"] = settled.department.name if settled.department else ""
                    settled.problems.append((column.key, sentence % words))
            elif column.reading is Reading.DAY and column.key != "happened_on" and values[column.key] is not None:
                self._refuse_ahead(column.key, values[column.key], settled)
        if values.get("missed") and values["happened_on"] > self.today:
            self._refuse_ahead("happened_on", values["happened_on"], settled)
        settled.problems += self.spec.judge(values)


def put(row: RegisterRow, settled: Settled, excuse: Excuse | None) -> None:
    """Let the row say what was settled; without an excuse its own stays."""
    for name, value in settled.values.items():
        setattr(row, name, value)
    assert settled.department is not None  # noqa: S101  # else it would have a problem
    row.department = settled.department
    if excuse is not None:
        row.excused_because, row.excused_by, row.excused_on = excuse.because, excuse.approved_by, excuse.on


def fields_of(spec: RegisterSpec) -> list[str]:
    """Return the fields a correction may change."""
    return [*(column.key for column in spec.columns), "department", *EXCUSE_FIELDS]


def row_state(row: RegisterRow, spec: RegisterSpec) -> dict[str, Any]:
    """Return all a row says, as JSON holds it: what audit and a withdrawn import compare and put back."""
    fields = (row._meta.get_field(name) for name in fields_of(spec))
    state = {f.attname: _exact(f, getattr(row, f.attname)) for f in fields if isinstance(f, models.Field)}
    plain: dict[str, Any] = audit.plain(state)
    return plain


def put_back(row: RegisterRow, state: Mapping[str, Any]) -> None:
    """Let the row say what it said before, as `row_state` told it."""
    for name, value in state.items():
        found = row._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
        assert isinstance(found, models.Field)  # noqa: S101  # no relation comes from elsewhere
        setattr(row, found.attname, value if found.is_relation else found.to_python(value))


def _exact(field: models.Field[Any, Any], value: Any) -> Any:
    """Return figures with their hundredths, whether they come from the database or not."""
    return Decimal(value).quantize(HUNDREDTH) if isinstance(field, PointsField) else value


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
