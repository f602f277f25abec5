"""Forms of proposed changes: one per kind, and the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ProposalKind, StaffCategory
from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField
from campaigns.forms.people import CHOOSE
from campaigns.models import Campaign, Department
from campaigns.services.duties import MAXIMUM_NUMBER, MAXIMUM_SOURCE, MAXIMUM_TEXT
from campaigns.services.proposals import MAXIMUM_REASON
from qualityseason.forms import DayField
from qualityseason.text import clean, parse_uuid

ALONE = forms.TextInput(attrs={"autocomplete": "off"})


class ProposalForm(forms.Form):
    """What every proposal says: why, and (hidden) which sending of the form this is."""

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, campaign: Campaign, departments: frozenset[int], **options: Any) -> None:
        options["initial"] = {"uuid": str(uuid4())} | options.get("initial", {})
        super().__init__(*args, **options)
        if self.asks_department and len(departments) > 1:
            own = Department.objects.filter(campaign=campaign, pk__in=departments)
            self.fields["department"] = department = DepartmentField(campaign)
            department.queryset = own
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=MAXIMUM_REASON,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("What it rests on, for the campaign office: the appointment, the document, the mistake."),
        )
        self.fields["files"] = FilesField(label=_("Document, if there is one"))
        self.order_fields([name for name in self.fields if name not in ("reason", "files")])

    asks_department = False
    change_fields: tuple[str, ...] = ()

    def clean_uuid(self) -> UUID:
        """Return the id of this sending; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()

    def values(self) -> dict[str, Any]:
        """Return the fields of the change by name."""
        return {name: self.cleaned_data[name] for name in self.change_fields}


class _PersonForm(ProposalForm):
    number = forms.CharField(label=_("Staff number"), max_length=32, widget=ALONE)
    name = forms.CharField(label=_("Name"), max_length=64, widget=ALONE)
    category = forms.ChoiceField(label=_("Staff category"), choices=[CHOOSE, *StaffCategory.choices])
    change_fields: tuple[str, ...] = ("number", "name", "category")

    def clean_number(self) -> str:
        """Return the number as the staff list has it."""
        return clean(self.cleaned_data["number"])

    def clean_name(self) -> str:
        """Return the name as the staff list has it."""
        return clean(self.cleaned_data["name"])


class JoinForm(_PersonForm):
    """A person who is new in the department."""

    asks_department = True
    starts_on = DayField(label=_("Posted there from"))
    change_fields = ("number", "name", "category", "starts_on")


class LeaveForm(ProposalForm):
    """A person who leaves the department."""

    ends_on = DayField(label=_("Last day there"), help_text=_("This day still counts."))
    change_fields = ("ends_on",)


class CorrectForm(_PersonForm):
    """What the staff list should say of a person."""


class _DutyForm(ProposalForm):
    number = forms.CharField(
        label=_("Duty number"), max_length=MAXIMUM_NUMBER, widget=forms.TextInput(attrs={"class": "input-short"})
    )
    text = forms.CharField(label=_("Duty"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    source = forms.CharField(label=_("Document"), max_length=MAXIMUM_SOURCE, required=False)
    change_fields = ("number", "text", "source")


class DutyAddForm(_DutyForm):
    """A duty that is missing."""

    asks_department = True


class DutyChangeForm(_DutyForm):
    """How a duty should read."""


class DutyEndForm(ProposalForm):
    """A duty that is no longer the department's."""


FORMS: dict[ProposalKind, type[ProposalForm]] = {
    ProposalKind.STAFF_JOIN: JoinForm,
    ProposalKind.STAFF_LEAVE: LeaveForm,
    ProposalKind.STAFF_CORRECT: CorrectForm,
    ProposalKind.DUTY_ADD: DutyAddForm,
    ProposalKind.DUTY_CHANGE: DutyChangeForm,
    ProposalKind.DUTY_END: DutyEndForm,
}


class DecisionForm(forms.Form):
    """What the office decides; the two buttons say what."""

    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("refuse", _("Refuse"))], widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        max_length=MAXIMUM_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The department reads it; needed for a refusal."),
    )
