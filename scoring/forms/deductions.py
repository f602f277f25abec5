"""The filters of the list of deductions, and the reason of a withdrawal."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualityseason.text import clean, parse_date
from scoring.enums import DeductionState
from scoring.queries.deduction_filters import DeductionFilters, FilterChoices

AWAITING = "me"
ANY = gettext_lazy("All")


class DeductionFilterForm(forms.Form):
    """What of the list is wanted; a value that makes no sense gets its sentence and doesn't filter."""

    block = forms.ChoiceField(label=gettext_lazy("Block"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    rule = forms.ChoiceField(label=gettext_lazy("Rule"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", ANY), *DeductionState.choices])
    awaiting = forms.ChoiceField(
        label=gettext_lazy("Who has to act"), required=False, choices=[("", ANY), (AWAITING, gettext_lazy("Me"))]
    )
    first = forms.CharField(label=gettext_lazy("From"), required=False, widget=forms.TextInput(attrs={"type": "date"}))
    last = forms.CharField(label=gettext_lazy("To"), required=False, widget=forms.TextInput(attrs={"type": "date"}))
    text = forms.BooleanField(label=gettext_lazy("Only subjects that are just text"), required=False)

    def __init__(self, data: Any, *, choices: FilterChoices, for_team: bool) -> None:
        super().__init__(data)
        blocks = {one.block.code: one.block.name for one in choices.departments}
        by_block: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in choices.departments:
            by_block[one.block.name].append((str(one.uuid), one.name))
        self._choices("block", blocks.items())
        self._choices("department", by_block.items())
        self._choices("category", [(one.code, one.name) for one in choices.categories])
        self._choices("rule", [(code, f"{code} {label}") for code, label in choices.rules])
        if not for_team:
            for name in ("state", "awaiting", "text"):
                del self.fields[name]
        if len(choices.departments) < 2:
            for name in ("block", "department"):
                del self.fields[name]

    def filters(self) -> DeductionFilters:
        """Return what is wanted; fields with a sentence are left out."""
        self.full_clean()
        wanted = self.cleaned_data
        return DeductionFilters(
            block=wanted.get("block", ""),
            department=UUID(wanted["department"]) if wanted.get("department") else None,
            category=wanted.get("category", ""),
            rule=wanted.get("rule", ""),
            state=wanted.get("state", ""),
            awaiting_me=wanted.get("awaiting") == AWAITING,
            text_only=wanted.get("text", False),
            first=wanted.get("first"),
            last=wanted.get("last"),
        )

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(1 for value in self.cleaned_data.values() if value)

    def clean_first(self) -> date | None:
        """Return the first day wanted."""
        return _day(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        """Return the last day wanted."""
        return _day(self.cleaned_data["last"])

    def _choices(self, name: str, rows: Any) -> None:
        self.fields[name].choices = [("", ANY), *rows]  # type: ignore[attr-defined]  # a ChoiceField has choices


class WithdrawForm(forms.Form):
    """Why a line is withdrawn."""

    because = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


def _day(typed: str) -> date | None:
    if not clean(typed):
        return None
    try:
        return parse_date(typed)
    except ValueError as error:
        raise forms.ValidationError(_("Write the date as 2009-11-06."), code="date") from error
