"""Figures as people type them in decisions."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from qualityseason.text import clean, parse_count

SHORT = {"inputmode": "decimal", "autocomplete": "off", "class": "input-short"}


class PercentField(forms.CharField):
    """A percentage as people type it: 15, 15.5, “１５％”; empty is None."""

    default_error_messages = {
        "invalid": gettext_lazy("Write a percentage above 0 and up to 100, with at most two decimals.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=12, required=False, widget=forms.TextInput(attrs=SHORT), **options)

    def clean(self, value: Any) -> Decimal | None:
        """Return the percentage."""
        typed = clean(super().clean(value)).removesuffix("%").strip()
        if not typed:
            return None
        try:
            percent = Decimal(typed)
        except InvalidOperation as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if not percent.is_finite() or not 0 < percent <= 100 or percent != round(percent, 2):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return percent


class NumberField(forms.CharField):
    """A whole number as people type it; empty is None."""

    default_error_messages = {"invalid": gettext_lazy("Write a whole number, 0 or more.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=6, required=False, widget=forms.TextInput(attrs=SHORT), **options)

    def clean(self, value: Any) -> int | None:
        """Return the number."""
        typed = clean(super().clean(value))
        if not typed:
            return None
        try:
            number = parse_count(typed)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if number < 0:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number
