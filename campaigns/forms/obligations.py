"""Forms of what is owed: the filter of the matrix, extensions, moves of a milestone, files handed in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField, PostedData
from campaigns.forms.people import EVERY
from campaigns.forms.staff import EditForm
from campaigns.models import Block, Campaign
from campaigns.queries.obligations import ANY, OVERDUE, Choice, Wanted
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal

REASON_HELP = _("Stands in the record for good; at most 300 characters.")


class ObligationFilter(forms.Form):
    """Which part of the matrix is shown, chased and sent as a sheet."""

    show = forms.ChoiceField(
        label=_("Not done"),
        choices=[("", _("everything")), (ANY, _("not done yet")), (OVERDUE, _("overdue only"))],
        required=False,
    )

    def __init__(self, *args: Any, campaign: Campaign, columns: tuple[list[Choice], list[Choice]], **options: Any):
        super().__init__(*args, **options)
        milestones, others = columns
        groups = [(_("Milestones"), milestones), (_("Months and records"), others)] if others else milestones
        self.fields["milestone"] = forms.ChoiceField(label=_("What"), choices=[EVERY, *groups], required=False)
        blocks = Block.objects.filter(campaign=campaign).values_list("code", "name")
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])

    def wanted(self) -> Wanted:
        """Return what was asked for, unreadable choices left out."""
        self.is_valid()
        department = self.cleaned_data.get("department")
        chosen = {name: self.cleaned_data.get(name, "") for name in ("show", "milestone", "block")}
        return Wanted(**chosen, department=department.uuid if department else None)


class ChaseFilter(ObligationFilter):
    """The same for the text to the chat group."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["more_time"] = forms.BooleanField(label=_("also who has more time"), required=False)


class ExtensionForm(EditForm):
    """More time for one department; `version` is the last day the form was opened on."""

    until = DayField(label=_("New last day"), help_text=_("This day still counts, until 24:00."))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=REASON_HELP
    )


class MoveForm(forms.Form):
    """Another day for all; `seen` marks the preview the decision rests on."""

    until = DayField(label=_("New day for all"), help_text=_("This day still counts, until 24:00."))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=REASON_HELP
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def rest_on(self, digest: str) -> None:
        """Let the next sending rest on the preview of that digest."""
        self.data = {name: self.data.get(name) for name in self.data} | {"seen": digest}


class HandInForm(EditForm):
    """Files handed in, now or later."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField()
        self.fields["note"] = forms.CharField(
            label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

    def add_stale(self, refused: Refused, version: str) -> None:
        """Put the refusal on the form, its files kept; when it was stale, the next sending replaces the other note."""
        if refused.refusal_code == "stale" and isinstance(self.data, PostedData):
            data = cast(PostedData, self.data.copy())
            data["version"], data.waiting = version, self.data.waiting
            self.data = data
        add_refusal(self, refused)
