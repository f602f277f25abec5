"""Forms of the staff list, its postings, and the classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import StaffCategory
from campaigns.forms.fields import AccountField, DepartmentField
from campaigns.forms.people import CHOOSE, EVERY
from campaigns.models import Campaign
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal


class EditForm(forms.Form):
    """A form that knows which state of the row it was filled from."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def add_stale(self, refused: Refused, version: str) -> None:
        """Put the refusal on the form; when it was stale, the next sending replaces what stands there now."""
        if refused.refusal_code == "stale":
            self.data = {name: self.data.get(name) for name in self.data} | {"version": version}
        add_refusal(self, refused)


class StaffMemberForm(EditForm):
    """One person of the staff list."""

    number = forms.CharField(
        label=_("Staff number"), max_length=32, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    category = forms.ChoiceField(label=_("Staff category"), choices=[CHOOSE, *StaffCategory.choices])
    user = AccountField(
        required=False,
        label=_("Login name, if the person has an account"),
        help_text=_("Then the departments of the postings count as the person's own."),
    )


class NewStaffMemberForm(StaffMemberForm):
    """A new person with the first posting."""

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign)
        self.fields["starts_on"] = DayField(label=_("Posted there from"))


class PostingForm(forms.Form):
    """A posting from a day on."""

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign)
        self.fields["starts_on"] = DayField(label=_("From"), help_text=_("The posting before ends the day before."))
        self.fields["ends_on"] = DayField(label=_("Until"), required=False, help_text=_("Empty: until further notice."))


class ClassForm(EditForm):
    """One class."""

    name = forms.CharField(label=_("Class"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign)


class ListFilter(forms.Form):
    """Searching a list by words and department."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=64)

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])


class StaffFilter(ListFilter):
    """Searching the staff list."""

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, campaign=campaign, **options)
        self.fields["category"] = forms.ChoiceField(
            label=_("Staff category"), choices=[EVERY, *StaffCategory.choices], required=False
        )
