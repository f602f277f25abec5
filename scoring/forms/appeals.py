"""The forms of appeals: contesting a line, entering one made by word of mouth, ruling, and the filters of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.files import FilesField
from campaigns.models import Department
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from qualityseason.text import MAXIMUM_TEXT
from scoring.enums import AppealState
from scoring.queries.appeals import TABS
from scoring.queries.ruling_choices import Reduction
from scoring.services.appeals import MAXIMUM_NAME, WordOfMouth


class AppealForm(forms.Form):
    """Why a line is contested, with files."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why the deduction is contested"),
        max_length=MAXIMUM_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": gettext_lazy("Write why the deduction is contested.")},
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        options["initial"] = {"uuid": uuid4()} | (options.get("initial") or {})
        super().__init__(data, **options)
        self.fields["files"] = FilesField(
            label=_("Files"), help_text=_("Whatever supports the appeal; who rules opens them beside the line.")
        )

    @property
    def spoken(self) -> WordOfMouth | None:
        """Who appealed by word of mouth; None for an appeal of one's own."""
        return None


class SpokenAppealForm(AppealForm):
    """An appeal that somebody made to the office by word of mouth or by letter."""

    name = forms.CharField(
        label=gettext_lazy("Who appealed"),
        max_length=MAXIMUM_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write who appealed, at most 50 characters.")},
    )
    on = DayField(
        label=gettext_lazy("On which day"),
        help_text=gettext_lazy("The day it was said or the letter came in; it decides whether the appeal is late."),
    )

    field_order = ("uuid", "name", "on", "reason")

    @property
    def spoken(self) -> WordOfMouth | None:
        """Who appealed, and on which day."""
        return WordOfMouth(self.cleaned_data["name"], self.cleaned_data["on"])


class RulingForm(forms.Form):
    """A ruling: uphold, reduce to one of the ways there are, or revoke, with the reason."""

    state = forms.ChoiceField(
        label=gettext_lazy("Ruling"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a ruling.")},
    )
    to = forms.ChoiceField(label=gettext_lazy("Reduce to"), required=False)
    ruling = forms.CharField(
        label=gettext_lazy("Reason of the ruling"),
        max_length=MAXIMUM_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The department reads it, with the assessment team as its author."),
        error_messages={"required": gettext_lazy("Give the reason of the ruling, at most 2,000 characters.")},
    )

    def __init__(self, data: Any = None, *, reductions: Sequence[Reduction]) -> None:
        super().__init__(data)
        self.reductions = {reduction.key: reduction for reduction in reductions}
        states = [
            (AppealState.UPHELD, _("Uphold: the deduction stands")),
            (AppealState.REDUCED, _("Reduce it")),
            (AppealState.REVOKED, _("Revoke: nothing is deducted")),
        ]
        if not reductions:
            states = [row for row in states if row[0] != AppealState.REDUCED]
            del self.fields["to"]
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # a ChoiceField has choices
        if reductions:
            rows = [(one.key, _said(one)) for one in reductions]
            self.fields["to"].choices = [("", _("Choose…")), *rows]  # type: ignore[attr-defined]  # likewise

    def clean(self) -> dict[str, Any]:
        """Ask of a reduction to what, and of no other ruling."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("state") == AppealState.REDUCED and not data.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose to what the deduction is reduced."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the service takes; the form must be valid."""
        data = self.cleaned_data
        values: dict[str, Any] = {"state": AppealState(data["state"]), "ruling": data["ruling"]}
        if data["state"] == AppealState.REDUCED:
            chosen = self.reductions[data["to"]]
            values |= {"rule": chosen.rule, "quantity": chosen.quantity}
        return values

    def add_refusal(self, refused: Refused) -> None:
        """Put a refusal at its field; rule and quantity are one choice here."""
        if refused.field in ("rule", "quantity") and "to" in self.fields:
            self.add_error("to", refused.sentence)
        else:
            add_refusal(self, refused)


class AppealFilterForm(forms.Form):
    """What of the list is wanted."""

    tab = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(tab.code, tab.label) for tab in TABS])
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)

    def __init__(self, data: Any, *, departments: Sequence[Department]) -> None:
        super().__init__(data)
        by_block: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in departments:
            by_block[one.block.name].append((str(one.uuid), one.name))
        self.fields["department"].choices = [("", _("All")), *by_block.items()]  # type: ignore[attr-defined]  # likewise
        self.full_clean()

    @property
    def department_uuid(self) -> UUID | None:
        """The department wanted, None for all."""
        chosen = self.cleaned_data.get("department")
        return UUID(chosen) if chosen else None

    @property
    def active(self) -> int:
        """How many filters are set, the tab apart."""
        return 1 if self.cleaned_data.get("department") else 0


def _said(reduction: Reduction) -> str:
    words = {
        "rule": reduction.rule.code,
        "label": reduction.label,
        "quantity": reduction.quantity,
        "points": f"{reduction.points:.2f}",
        "amount": f"{reduction.amount:.2f}",
        "less": f"{reduction.less:.2f}",
    }
    return _("%(rule)s %(label)s: %(quantity)d × %(points)s = %(amount)s (%(less)s given back)") % words
