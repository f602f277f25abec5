"""Forms of the registers: filter, one row, excuse, withdrawal. A row's fields are the register's columns."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.facts import SheetRow
from campaigns.forms.fields import DepartmentField
from campaigns.forms.people import CHOOSE, EVERY
from campaigns.imports.registers import understand
from campaigns.models import Campaign, RegisterRow, Term
from campaigns.queries.registers import EXCUSED, STRIKING, Wanted, months_of
from campaigns.registers import Reading, RegisterColumn, RegisterSpec
from campaigns.registers.showing import typed
from campaigns.registers.spec import FIGURES, HOME, NAME, NUMBER, RELATIONS
from campaigns.services.register_drafts import MAXIMUM_PERSON, MAXIMUM_REASON, RegisterDraft
from qualityseason.forms import DayField
from qualityseason.text import parse_uuid

SHORT = {"class": "input-short", "autocomplete": "off"}
LONG_TEXT = 100  # characters from which a text has several lines
MAXIMUM_TYPED = 400
NEWEST, LOWEST = "", "lowest"


class RegisterFilter(forms.Form):
    """Searching a register; what may be asked depends on its columns."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=64)

    def __init__(self, *args: Any, campaign: Campaign, spec: RegisterSpec, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
        if spec.is_by_term:
            terms = Term.objects.filter(campaign=campaign)
            self.fields["term"] = forms.ModelChoiceField(
                terms, to_field_name="code", label=_("Term"), required=False, empty_label=EVERY[1]
            )
        else:
            months = months_of(campaign.facts_from, campaign.facts_until)
            self.fields["month"] = forms.ChoiceField(
                label=_("Month"), required=False, choices=[EVERY, *((month, month) for month in months)]
            )
        shows = [EVERY, *([(STRIKING, spec.striking_label)] if spec.striking is not None else [])]
        shows.append((EXCUSED, _("excused")))
        self.fields["show"] = forms.ChoiceField(label=_("Only"), required=False, choices=shows)
        if spec.lowest:
            orders = [(NEWEST, _("by department")), (LOWEST, _("lowest first"))]
            self.fields["order"] = forms.ChoiceField(label=_("Order"), required=False, choices=orders)

    def wanted(self) -> Wanted:
        """Return what is asked for, unreadable choices left out."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            words=data.get("q") or "",
            department=data.get("department"),
            term=data.get("term"),
            month=data.get("month") or "",
            show=data.get("show") or "",
            lowest_first=data.get("order") == LOWEST,
        )

    @property
    def active(self) -> int:
        """How many of its choices are set."""
        return sum(bool(value) for value in self.cleaned_data.values())


class RowForm(forms.Form):
    """One row, typed as it would stand in a sheet and read the same way.

    ``uuid`` is that of the row a new form makes, ``version`` the state a correction was filled from.
    """

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, campaign: Campaign, spec: RegisterSpec, row: RegisterRow | None, **options: Any
    ) -> None:
        options["initial"] = _initial(spec, row)
        super().__init__(*args, **options)
        self.campaign, self.spec = campaign, spec
        self.draft: RegisterDraft | None = None
        for column in spec.columns:
            self.fields[column.key] = _field(column, campaign)
        if row is None and "term" in self.fields:
            terms = Term.objects.filter(campaign=campaign)[:2]
            self.initial["term"] = terms[0].code if len(terms) == 1 else ""

    def clean_uuid(self) -> UUID:
        """Return the id of the row to make; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()

    def clean_version(self) -> int:
        """Return the state the form was filled from, 0 for none."""
        text = self.cleaned_data["version"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def clean(self) -> dict[str, Any]:
        """Read the row by the register's columns; every error stands at its field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        cells = {name: self._typed(name) for name in self.spec.by_key if name in data}
        subject = self.spec.subject
        if subject.reading is Reading.PERSON:
            cells[NAME] = cells.pop(subject.key, None)
        row = SheetRow("", 0, cells, frozenset(NAME if name == subject.key else name for name in self.errors))
        understood, errors = understand(self.spec, self.campaign, [row])
        names = {column.heading: column.key for column in self.spec.sheet_columns}
        for error in errors:
            key = names.get(error.column, "")
            self.add_error(subject.key if key in (NAME, NUMBER, HOME) else key or None, error.sentence)
        if understood:
            self.draft = understood[0].values
        return data

    def _typed(self, name: str) -> str | None:
        value = self.cleaned_data[name]
        if self.spec.by_key[name].reading is Reading.DEPARTMENT:
            return value.name if value else None
        return value or None


class ExcuseForm(forms.Form):
    """Why a case is never charged."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    because = forms.CharField(
        label=_("Reason"),
        max_length=MAXIMUM_REASON,
        help_text=_("Why the case is never charged: sick leave, business for the college."),
    )
    approved_by = forms.CharField(label=_("Approved by"), max_length=MAXIMUM_PERSON)
    on = DayField(label=_("Approved on"))

    clean_version = RowForm.clean_version


class WithdrawRowForm(forms.Form):
    """Why a row is taken out of its register."""

    because = forms.CharField(label=_("Reason"), max_length=MAXIMUM_REASON)


def _initial(spec: RegisterSpec, row: RegisterRow | None) -> dict[str, str]:
    if row is None:
        usual = {column.key: typed(column, column.default) for column in spec.columns if column.default is False}
        return usual | {"uuid": str(uuid4())}
    said = {column.key: typed(column, getattr(row, column.key)) for column in spec.columns}
    return said | {"version": str(row.version)}


def _field(column: RegisterColumn, campaign: Campaign) -> forms.Field:
    options: dict[str, Any] = {"label": column.label, "required": column.required, "help_text": column.hint}
    if column.reading is Reading.TERM:
        terms = Term.objects.filter(campaign=campaign).values_list("code", "name")
        return forms.ChoiceField(choices=[CHOOSE, *terms], **options | {"required": True, "help_text": ""})
    if column.reading is Reading.DEPARTMENT:
        return DepartmentField(campaign, empty_label=_("the person's own department"), **options)
    if column.reading is Reading.TRUTH:
        choices = [("yes", _("yes")), ("no", _("no"))]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options | {"help_text": ""})
    if column.reading is Reading.CHOICE and column.choices is not None:
        kinds = [(word, word) for word in column.choices(campaign, None)]
        return forms.ChoiceField(choices=[CHOOSE, *kinds], **options)
    if column.reading is Reading.DAY:
        return forms.CharField(max_length=40, widget=forms.TextInput(attrs=SHORT), **options)
    if column.reading in FIGURES:
        attributes = SHORT | {"inputmode": "decimal"}
        return forms.CharField(max_length=40, widget=forms.TextInput(attrs=attributes), **options)
    if column.reading is Reading.TEXT and column.maximum > LONG_TEXT:
        return forms.CharField(max_length=MAXIMUM_TYPED, widget=forms.Textarea(attrs={"rows": 2}), **options)
    attributes = {"autocomplete": "off"} if column.reading in RELATIONS else {}
    return forms.CharField(max_length=MAXIMUM_TYPED, widget=forms.TextInput(attrs=attributes), **options)
