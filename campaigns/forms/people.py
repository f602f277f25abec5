"""Forms of roles, interests, responsibilities and accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ResponsibilityCode, Role
from campaigns.forms.fields import AccountField, DepartmentField
from campaigns.models import Campaign
from campaigns.queries.accounts import NO_SLIP, SLIP_EXPIRED, SLIP_OUT, SLIP_USED
from qualityseason.forms import DayField

EVERY = ("", _("all"))
CHOOSE = ("", _("Choose…"))
EMAIL_HELP = _("Reminders go there too, where mail is set up. May stay empty.")


class MembershipForm(forms.Form):
    """A role for an account."""

    user = AccountField()
    role = forms.ChoiceField(label=_("Role"), choices=[CHOOSE, *Role.choices])

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(
            campaign,
            required=False,
            help_text=_("Needed for heads and liaisons. For others: the department they belong to, if it is one."),
        )
        self.fields["starts_on"] = DayField(label=_("From"))
        self.fields["ends_on"] = DayField(
            label=_("Until"), required=False, help_text=_("The last day, itself counted; empty: until further notice.")
        )


class EndForm(forms.Form):
    """The last day of something."""

    ends_on = DayField(label=_("Last day"), help_text=_("This day still counts."))


class InterestForm(forms.Form):
    """A declared interest of an account in a department."""

    user = AccountField()

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), max_length=200, help_text=_("For example: spouse is its head.")
        )
        self.fields["starts_on"] = DayField(label=_("From"))


class ResponsibilityForm(forms.Form):
    """A responsibility of a department or of one account."""

    code = forms.ChoiceField(label=_("Responsibility"), choices=[CHOOSE, *ResponsibilityCode.choices])

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign, required=False)
        self.fields["user"] = AccountField(required=False, label=_("or one person's login name"))


class AccountForm(forms.Form):
    """A new account with its first role."""

    username = forms.CharField(
        label=_("Login name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The staff number is a good choice. Letters, digits and . @ + - _"),
    )
    display_name = forms.CharField(label=_("Name"), max_length=64)
    staff_number = forms.CharField(
        label=_("Staff number"),
        max_length=32,
        required=False,
        help_text=_("Links the account to the staff list, so that postings count as own departments."),
    )
    email = forms.CharField(label=_("E-mail address"), max_length=254, required=False, help_text=EMAIL_HELP)
    role = forms.ChoiceField(label=_("Role"), choices=[CHOOSE, *Role.choices])

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(
            campaign,
            required=False,
            help_text=_("Needed for heads and liaisons. For others: the department they belong to, if it is one."),
        )


class EmailForm(forms.Form):
    """Where an account's reminders are mailed to."""

    email = forms.CharField(label=_("E-mail address"), max_length=254, required=False, help_text=EMAIL_HELP)


class PeopleFilter(forms.Form):
    """Which roles are shown."""

    role = forms.ChoiceField(label=_("Role"), choices=[EVERY, *Role.choices], required=False)

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
        self.fields["ended"] = forms.BooleanField(label=_("also ended ones"), required=False)


class AccountFilter(forms.Form):
    """Which accounts are shown."""

    role = forms.ChoiceField(label=_("Role"), choices=[EVERY, *Role.choices], required=False)

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
        self.fields["slip"] = forms.ChoiceField(
            label=_("Slip"),
            required=False,
            choices=[
                EVERY,
                (NO_SLIP, _("not issued yet")),
                (SLIP_OUT, _("issued, not used yet")),
                (SLIP_EXPIRED, _("expired")),
                (SLIP_USED, _("used")),
            ],
        )


def first_day(day: date) -> dict[str, str]:
    """Return the initial value of a form that begins on `day`."""
    return {"starts_on": day.isoformat()}
