"""The form with which an assessor marks one item of a plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import MarkReason
from qualityseason.forms import DayField


class MarkForm(forms.Form):
    """What is wrong with an item; the day of the management review where there was one."""

    target = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What is wrong with the item"), choices=MarkReason.choices, widget=forms.RadioSelect
    )
    reviewed_on = DayField(
        label=_("Day of the management review, if there was one"),
        required=False,
        help_text=_("Only for a changed standard."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, item: str, **options: Any) -> None:
        options["auto_id"] = f"id_%s_{item}"
        super().__init__(*args, **options)
