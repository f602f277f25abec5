"""Forms of reminding: how far ahead, and a telephone call noted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.queries.reminders import DAYS
from campaigns.services.reminders import MAXIMUM_NAME, MAXIMUM_NOTE
from qualityseason.forms import DayField
from qualityseason.text import parse_uuid

AHEAD = ((0, _("overdue and due today")), (3, _("3 days")), (DAYS, _("7 days")), (14, _("14 days")), (30, _("30 days")))


class AheadFilter(forms.Form):
    """What is asked for: what is due within so many days, or only what is overdue."""

    days = forms.TypedChoiceField(
        label=_("Due within"), choices=AHEAD, coerce=int, required=False, empty_value=str(DAYS)
    )
    overdue = forms.BooleanField(label=_("only departments with something overdue"), required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__({"days": DAYS} | dict(data.items()) if data is not None else None, **options)

    def chosen(self) -> tuple[int, bool]:
        """Return how many days ahead, and whether only what is overdue counts; unreadable choices are left out."""
        self.is_valid()
        return int(self.cleaned_data.get("days", DAYS)), bool(self.cleaned_data.get("overdue"))


class CallForm(forms.Form):
    """A telephone call: with whom, when, what was said; (hidden) which sending of the form this is."""

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)
    spoken_with = forms.CharField(
        label=_("Spoken with"), max_length=MAXIMUM_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    happened_on = DayField(label=_("On"))
    note = forms.CharField(
        label=_("Note"), max_length=MAXIMUM_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"uuid": str(uuid4())} | options.get("initial", {})
        super().__init__(*args, **options)

    def clean_uuid(self) -> UUID:
        """Return the id of this sending; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()
