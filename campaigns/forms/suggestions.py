"""Forms of suggestions: several at once, and settling one."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.session_rows import RowForm
from campaigns.models import PlanItem
from campaigns.queries.suggestions import plan_items_of
from campaigns.services.suggestions import SuggestionDraft

ROWS = 4
MAXIMUM_ROWS = 60


class SuggestionRow(RowForm):
    """One suggestion and whose it is."""

    telling = ("text", "made_by")

    text = forms.CharField(
        label=_("Suggestion"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    made_by = forms.CharField(label=_("By whom"), max_length=64, required=False)


SuggestionRows = forms.formset_factory(
    SuggestionRow, extra=ROWS, max_num=MAXIMUM_ROWS, absolute_max=MAXIMUM_ROWS, validate_max=True
)


class SeedForm(forms.Form):
    """The id of one filling of the form: sent twice, it writes once."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


def suggestion_drafts(seed: SeedForm, rows: forms.BaseFormSet[Any]) -> list[SuggestionDraft]:
    """Return the rows typed as the service takes them."""
    return [
        SuggestionDraft(
            uuid5(seed.cleaned_data["uuid"], str(number)), row.cleaned_data["text"], row.cleaned_data["made_by"]
        )
        for number, row in enumerate(rows.forms)
        if not row.is_empty
    ]


class ItemField(forms.ModelChoiceField[PlanItem]):
    """An item of the department's plan."""

    def label_from_instance(self, obj: PlanItem) -> str:
        """Return the item's title."""
        return obj.title


class SuggestionForm(forms.Form):
    """One suggestion: its words, and what becomes of it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("Suggestion"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    made_by = forms.CharField(label=_("By whom"), max_length=64, required=False)

    def __init__(self, *args: Any, department_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"] = ItemField(
            plan_items_of(department_id),
            to_field_name="uuid",
            required=False,
            label=_("Taken into the plan, at the item"),
            empty_label=_("not taken in"),
        )
        self.fields["answer"] = forms.CharField(
            label=_("or answered: why it is not taken in"),
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
