"""Saying which column of a sheet is which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from campaigns.facts import Column, SheetHeadings

BETWEEN = "、"


class MatchForm(forms.Form):
    """One choice for each of our columns among the headings of a sheet."""

    def __init__(self, *args: Any, columns: Sequence[Column], headings: SheetHeadings, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [
            ("", _("not in this sheet")),
            *((one.label, _told(one.label, one.samples)) for one in headings.headings),
        ]
        for column in columns:
            self.fields[column.key] = forms.ChoiceField(
                label=column.heading,
                choices=choices,
                required=False,
                help_text=column.hint,
            )

    def mapping(self) -> dict[str, str]:
        """Return the heading chosen for each column by its key, '' where there is none."""
        return {name: self.cleaned_data[name] for name in self.fields}


def _told(label: str, samples: Sequence[str]) -> str:
    return f"{label} ({BETWEEN.join(samples)})" if samples else label
