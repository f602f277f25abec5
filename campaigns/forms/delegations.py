"""Forms of delegations: a head's own, the office's on a head's behalf, and the last day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.fields import AccountField, DepartmentField
from campaigns.forms.people import CHOOSE
from campaigns.models import Campaign, Department, Membership
from qualityseason.forms import DayField
from qualityseason.models import User


class _Days(forms.Form):
    def _add_days(self) -> None:
        self.fields["starts_on"] = DayField(label=_("From"))
        self.fields["ends_on"] = DayField(label=_("Until"), help_text=_("This day still counts."))


class OwnDelegationForm(_Days):
    """A head chooses among the people of the own departments."""

    def __init__(self, *args: Any, members: Iterable[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self._members = {str(member.uuid): member for member in members}
        named = {(member.user_id, member.department_id): key for key, member in self._members.items()}
        several = len({member.department_id for member in self._members.values()}) > 1
        self.fields["delegate"] = forms.ChoiceField(
            label=_("Hand over to"),
            choices=[CHOOSE, *((key, _label(self._members[key], several=several)) for key in named.values())],
        )
        self._add_days()

    def chosen(self) -> tuple[Department, User]:
        """Return the department and the person."""
        member = self._members[self.cleaned_data["delegate"]]
        assert member.department is not None  # noqa: S101  # heads and liaisons have one
        return member.department, member.user


class OfficeDelegationForm(_Days):
    """The office enters what a head has signed."""

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(campaign)
        self.fields["head"] = AccountField(label=_("The head's login name"))
        self.fields["delegate"] = AccountField(label=_("Login name of who stands in"))
        self._add_days()


class DelegationEndForm(forms.Form):
    """The last day of a delegation."""

    ends_on = DayField(label=_("Last day"), help_text=_("This day still counts."))


def _label(member: Membership, *, several: bool) -> str:
    words = [member.user.display_name, str(member.get_role_display())]
    if several and member.department is not None:
        words.append(member.department.name)
    return " · ".join(words)
