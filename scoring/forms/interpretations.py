"""Forms of interpretations: how a line is read, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualityseason.forms import DayField
from scoring.models import Rule
from scoring.queries.recording import PricedRule
from scoring.services.interpretations import MAXIMUM_REASON, MAXIMUM_TEXT, PARAMETERS

PER = "per"
WORDS: Mapping[str, Any] = {
    "item": gettext_lazy("once for each item of the plan and missing part"),
    "plan": gettext_lazy("once for the whole plan and missing part"),
}


def words_of(thresholds: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return what an interpretation sets of a rule's parameters, in words."""
    return tuple(str(WORDS.get(value, value)) for _name, value in thresholds)


class InterpretationForm(forms.Form):
    """A rule, how it is read, and from when."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    rule = forms.ChoiceField(label=gettext_lazy("Rule"))
    text = forms.CharField(
        label=gettext_lazy("How it is read"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("It stands beside the rule wherever somebody records by it."),
    )
    valid_from = DayField(label=gettext_lazy("Valid from"), help_text=gettext_lazy("This day already counts."))

    def __init__(self, *args: Any, rules: Sequence[PricedRule], code: str = "", **options: Any) -> None:
        options["initial"] = {"uuid": uuid4(), "rule": code} | options.get("initial", {})
        super().__init__(*args, **options)
        self._rules = {priced.code: priced.rule for priced in rules}
        rows = [(priced.code, f"{priced.code} {priced.label}") for priced in rules]
        self.fields["rule"] = forms.ChoiceField(label=_("Rule"), choices=[("", _("Choose…")), *rows])
        counted = [priced.code for priced in rules if priced.version.thresholds.get(PER) in PARAMETERS[PER]]
        if counted:
            choices = [("", _("as it is")), *((value, WORDS[value]) for value in PARAMETERS[PER])]
            self.fields[PER] = forms.ChoiceField(
                label=_("How it is counted"),
                choices=choices,
                required=False,
                help_text=_("Only for %(rules)s. The records are then looked at anew.") % {"rules": "、".join(counted)},
            )
        self.order_fields(["uuid", "rule", "text", PER, "valid_from"])

    @property
    def chosen(self) -> Rule:
        """The rule chosen."""
        return self._rules[self.cleaned_data["rule"]]

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes, the rule apart."""
        data = self.cleaned_data
        per = data.get(PER)
        return {
            "uuid": data["uuid"],
            "text": data["text"],
            "valid_from": data["valid_from"],
            "thresholds": {PER: per} if per else {},
        }


class WithdrawInterpretationForm(forms.Form):
    """Why an interpretation is taken back."""

    because = forms.CharField(
        label=gettext_lazy("Why it is taken back"),
        max_length=MAXIMUM_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
