"""The form of the next season."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Term
from campaigns.queries.season_copies import SeasonDraft
from campaigns.services.season_copies import MAXIMUM_NAME
from qualityseason.forms import DayField
from qualityseason.text import clean

ALONE = {"autocomplete": "off"}


class SeasonCopyForm(forms.Form):
    """Short name, name and first day of the next season; what its terms are called, where not as computed."""

    slug = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=50,
        widget=forms.TextInput(attrs=ALONE | {"class": "input-short", "autocapitalize": "none"}),
        help_text=gettext_lazy("It stands in addresses, like 2010; it stays for good."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the season"), max_length=MAXIMUM_NAME, widget=forms.TextInput(attrs=ALONE)
    )
    starts_on = DayField(
        label=gettext_lazy("First day"), help_text=gettext_lazy("Everything moves by as many days as this one does.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, terms: Sequence[Term], **options: Any) -> None:
        super().__init__(*args, **options)
        self._terms = {f"term_{number}": term.code for number, term in enumerate(terms)}
        for name, term in zip(self._terms, terms, strict=True):
            self.fields[name] = forms.CharField(
                label=_("What follows “%(term)s”") % {"term": term.name},
                max_length=100,
                required=False,
                widget=forms.TextInput(attrs=ALONE),
                help_text=_("Empty: the same name with its years moved."),
            )

    def draft(self) -> SeasonDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        names = {code: clean(data[name]) for name, code in self._terms.items() if clean(data[name])}
        return SeasonDraft(data["slug"], data["name"], data["starts_on"], names)

    def rest_on(self, digest: str) -> None:
        """Let the next sending rest on the preview of that digest."""
        self.data = {name: self.data.get(name) for name in self.data} | {"seen": digest}
