"""The form that names a fullest mark."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.honours import changed
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from scoring.services.benchmarks import MAXIMUM_REASON


class BenchmarkForm(forms.Form):
    """Why the department is the best case; what the page showed of it stands in hidden fields."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    standing = forms.CharField(required=False, widget=forms.HiddenInput)
    amount = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAXIMUM_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What makes this the best case: study, plan or execution as the team saw it."),
    )

    def __init__(self, *args: Any, standing: UUID | None, amount: Decimal, **options: Any) -> None:
        options["initial"] = {"uuid": uuid4(), "standing": str(standing or ""), "amount": str(amount)}
        super().__init__(*args, **options)

    def clean_standing(self) -> UUID | None:
        """Return the benchmark the page showed, None for none."""
        return parse_uuid(self.cleaned_data["standing"])

    def clean_amount(self) -> Decimal:
        """Return the figure the page showed."""
        try:
            return Decimal(self.cleaned_data["amount"])
        except InvalidOperation as error:
            raise forms.ValidationError(_("Open this form anew."), code="invalid") from error

    def refuse(self, refused: Refused, *, standing: UUID | None, amount: Decimal) -> None:
        """Put a refusal where it belongs; sent again, the form rests on what stands there now."""
        if refused.refusal_code in ("stale", "moved"):
            self.data = changed(changed(self.data, "standing", str(standing or "")), "amount", str(amount))
        add_refusal(self, refused)
