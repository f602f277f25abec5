"""Forms of measured values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.calculations.objectives import parse_percent
from campaigns.forms.people import CHOOSE
from campaigns.services.objectives import MAXIMUM_SOURCE
from qualityseason.forms import DayField
from qualityseason.text import parse_uuid


class PercentField(forms.CharField):
    """Per cent as people type it: 85, 85.5%, “８５％”."""

    default_error_messages = {"invalid": _("Write per cent from 0 to 100, with two decimals at most.")}

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "input-short"}
        super().__init__(max_length=16, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Decimal:
        """Return the figure with two decimals."""
        typed = super().clean(value)
        try:
            return parse_percent(typed)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class MeasurementForm(forms.Form):
    """A measured value of one objective, its day and where it comes from."""

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, objective: dict[str, Any], **options: Any) -> None:
        options["initial"] = {"uuid": str(uuid4())} | options.get("initial", {})
        super().__init__(*args, **options)
        if "at_least" in objective:
            self.fields["value"] = PercentField(label=_("Measured value in per cent"))
        else:
            grades = [(grade, grade) for grade in objective.get("grades", ())]
            self.fields["grade"] = forms.ChoiceField(label=_("Grade"), choices=[CHOOSE, *grades])
        self.fields["measured_on"] = DayField(label=_("Measured on"))
        self.fields["source"] = forms.CharField(
            label=_("Where the value comes from"),
            max_length=MAXIMUM_SOURCE,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            help_text=_("The survey with the number of answers, the statistics, the document."),
        )

    def clean_uuid(self) -> UUID:
        """Return the id of this sending; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()
