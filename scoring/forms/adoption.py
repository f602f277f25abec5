"""The form of an adoption: what the minutes of the leading group say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.files import FilesField
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from scoring.services.supplements import MAXIMUM_PRESENT, MAXIMUM_TEXT, Minutes


class AdoptionForm(forms.Form):
    """The leading group's minutes, and the mark of what they rest on."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    standing = forms.CharField(widget=forms.HiddenInput, required=False)
    decided_on = DayField(label=gettext_lazy("Decided on"))
    present = forms.CharField(
        label=gettext_lazy("Who was there"),
        max_length=MAXIMUM_PRESENT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What was decided, and why"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, needs_paper: bool, standing: str, **options: Any) -> None:
        options["initial"] = {"uuid": uuid4(), "standing": standing}
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(
            required=needs_paper,
            label=_("Minutes of the decision"),
            help_text=_("The signed paper as a picture or PDF."),
        )

    @property
    def minutes(self) -> Minutes:
        """What the service takes."""
        data = self.cleaned_data
        return Minutes(data["decided_on"], data["present"], data["text"], data["files"])

    def refuse(self, refused: Refused, standing: str) -> None:
        """Put a refusal where it belongs; a stale form rests on what stands there now when it is sent again."""
        if refused.refusal_code == "stale" and isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["standing"] = standing
            self.data = data
        add_refusal(self, refused)
