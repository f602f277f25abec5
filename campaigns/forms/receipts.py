"""Taking in paper: the code on it, its pages, the day."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.calculations.plans import understood_code
from campaigns.queries.paper_codes import NearCode
from campaigns.services.receipts import MAXIMUM_NOTE
from qualityseason.forms import DayField
from qualityseason.text import clean, parse_count


class PaperForm(forms.Form):
    """What the receiver reads from the paper."""

    code = forms.CharField(
        label=gettext_lazy("Code on the paper"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "code-entry", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("It stands at the foot of every page, like 7KQM-2X9A; there is no 0, O, 1 or I in it."),
    )
    pages = forms.CharField(
        label=gettext_lazy("Pages"),
        max_length=6,
        widget=forms.TextInput(attrs={"class": "input-short", "inputmode": "numeric", "autocomplete": "off"}),
    )
    received_on = DayField(label=gettext_lazy("Received on"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=MAXIMUM_NOTE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """Return the code as it is printed."""
        typed = clean(self.cleaned_data["code"])
        code = understood_code(typed)
        if not code:
            message = _("“%(typed)s” is no code: a code has eight letters and digits, like 7KQM-2X9A.")
            raise forms.ValidationError(message % {"typed": typed}, code="no_code")
        return code

    def clean_pages(self) -> int:
        """Return the number of pages."""
        typed = self.cleaned_data["pages"]
        try:
            return parse_count(typed)
        except ValueError as error:
            message = _("“%(typed)s” is not a whole number. Write the figure alone, like 12.") % {"typed": typed}
            raise forms.ValidationError(message, code="pages") from error

    def add_unknown(self, near: NearCode | None) -> None:
        """Say that no submitted plan has this code, and which code may be meant."""
        message = _("No submitted plan has the code %(code)s. Compare it with the paper letter by letter.")
        words = {"code": self.cleaned_data["code"]}
        self.add_error("code", message % words)
        if near is not None:
            words = {"code": near.code, "department": near.department, "number": str(near.number)}
            self.add_error("code", _("Perhaps %(code)s: %(department)s, version %(number)s?") % words)
