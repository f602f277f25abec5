"""The form by which the office announces that records count from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qualityseason.forms import DayField
from scoring.enums import RecordKind


class AnnouncementForm(forms.Form):
    """For which kinds of records, those not announced yet, the portal counts, and from which day on."""

    kinds = forms.TypedMultipleChoiceField(
        label=_("Kinds of records"),
        coerce=RecordKind,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one kind of records.")},
    )
    starts_on = DayField(label=_("The portal's records count from"))

    def __init__(self, data: Any = None, *, kinds: Sequence[RecordKind], **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]  # a ChoiceField has choices
