"""Forms of a department's own policies: the policy with rows for its contents, one measure, the filter of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField
from campaigns.forms.people import EVERY
from campaigns.forms.session_rows import RowForm, renew
from campaigns.models import Campaign, Policy, PolicyItem
from campaigns.services.policy_drafts import MAXIMUM_ITEM, MAXIMUM_NUMBER, MAXIMUM_TITLE, ItemDraft, PolicyDraft
from campaigns.services.policy_measures import MAXIMUM_MEASURE
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from qualityseason.text import parse_count, parse_uuid

SPARE = 3  # rows, for who has no script
MAXIMUM_ROWS = 60
PAPER = "paper"


class PolicyForm(forms.Form):
    """The policy itself."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=MAXIMUM_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the document"),
        max_length=MAXIMUM_NUMBER,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("As it stands on the paper; empty where it has none."),
    )
    issued_on = DayField(
        label=gettext_lazy("Issued on"),
        help_text=gettext_lazy("It may be older than the season, while it is in force."),
    )

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            self.fields["files"] = FilesField(label=_("The document"))


class ItemForm(RowForm):
    """One content of the policy, and at which place it stands."""

    telling = ("text", "was")

    place = forms.CharField(label=gettext_lazy("Position"), required=False, widget=forms.TextInput())
    text = forms.CharField(
        label=gettext_lazy("Content"),
        max_length=MAXIMUM_ITEM,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_place(self) -> int | None:
        """Return the place typed, None where none is."""
        typed = self.cleaned_data["place"]
        if not typed:
            return None
        try:
            return parse_count(typed)
        except ValueError as error:
            raise forms.ValidationError(_("Write the position as a number, like 3."), code="invalid") from error

    def draft(self) -> ItemDraft:
        """Return the row as the service takes it."""
        return ItemDraft(self.cleaned_data["text"], parse_uuid(self.cleaned_data["was"]))


ItemRows = forms.formset_factory(
    ItemForm, extra=SPARE, max_num=MAXIMUM_ROWS, absolute_max=MAXIMUM_ROWS, validate_max=True
)


class PolicyEntry:
    """The form with its rows, bound and judged together."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, policy: Policy | None = None, items: Iterable[PolicyItem] = ()
    ) -> None:
        initial: dict[str, Any] = {"uuid": uuid4()}
        if policy is not None:
            initial = {"version": policy.version, "title": policy.title, "number": policy.number}
            initial["issued_on"] = policy.issued_on.isoformat()
        rows = [{"place": place, "text": item.text, "was": item.uuid} for place, item in enumerate(items, start=1)]
        self.form = PolicyForm(data, is_new=policy is None, initial=initial)
        self.rows = ItemRows(data, prefix="items", initial=rows)

    def is_valid(self) -> bool:
        """Whether form and rows can go to the service; all of them are judged."""
        judged = [self.form.is_valid(), self.rows.is_valid()]
        if judged[1] and not any(row.cleaned_data.get("text") for row in self.rows.forms):
            self.form.add_error(None, _("Write at least one content of the policy."))
        return all(judged) and not self.form.errors

    def draft(self) -> PolicyDraft:
        """Return what was typed as the service takes it, the rows in the order of their places."""
        told = [row for row in self.rows.forms if not row.is_empty]
        placed = sorted(enumerate(told), key=lambda pair: in_place(pair[0], pair[1].cleaned_data.get("place")))
        data = self.form.cleaned_data
        return PolicyDraft(
            title=data["title"],
            number=data["number"],
            issued_on=data["issued_on"],
            items=tuple(row.draft() for _index, row in placed),
        )

    def add_refusal(self, refused: Refused) -> None:
        """Show a service's refusal; after a stale one the next sending goes on from what stands there now."""
        if refused.refusal_code == "stale" and isinstance(refused.existing, Policy):
            renew(self.form, version=refused.existing.version)
        add_refusal(self.form, refused)

    @property
    def row_errors(self) -> list[str]:
        """What is wrong in rows, for the summary."""
        if not self.rows.is_bound:
            return []
        return [str(error) for error in self.rows.non_form_errors()] + [
            _("Row %(row)s, %(field)s: %(error)s")
            % {"row": number, "field": form.fields[name].label or "", "error": found[0]}
            for number, form in enumerate(self.rows.forms, start=1)
            for name, found in form.errors.items()
        ]


def in_place(index: int, place: int | None) -> tuple[int, int]:
    """Return the key rows are put in order by: the place typed, the row's own where none is; earlier rows first."""
    return (index + 1 if place is None else place, index)


class MeasureForm(forms.Form):
    """What was done to carry out one content of a policy."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    happened_on = DayField(label=gettext_lazy("Done on"))
    text = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=MAXIMUM_MEASURE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Photos and files that prove it go to the evidence of this content."),
    )


class PolicyFilter(forms.Form):
    """Narrowing the list of policies."""

    def __init__(
        self, *args: Any, campaign: Campaign, blocks: Iterable[tuple[str, str]], oversees: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["show"] = forms.ChoiceField(
            label=_("Contents"), choices=[EVERY, (PAPER, _("On paper only"))], required=False
        )
        if oversees:
            self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
            self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
