"""Fields that forms of the campaign side share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Department
from qualityseason.models import User
from qualityseason.text import clean


class DepartmentField(forms.ModelChoiceField[Department]):
    """A department of one campaign, chosen by name."""

    def __init__(self, campaign: Campaign, **options: Any) -> None:
        departments = Department.objects.filter(campaign=campaign).order_by("order")
        options.setdefault("label", _("Department"))
        options.setdefault("empty_label", _("Choose…"))
        super().__init__(departments, to_field_name="uuid", **options)

    def label_from_instance(self, obj: Department) -> str:
        """Return the name without its bracket, lists stay narrow; one that was closed says so."""
        if obj.closed_on is None:
            return obj.name
        return str(_("%(name)s (closed on %(day)s)") % {"name": obj.name, "day": obj.closed_on.isoformat()})


class AccountField(forms.CharField):
    """An account, typed by its login name; the page offers the known ones in `<datalist id="accounts">`."""

    default_error_messages = {"unknown": _("No account has this login name.")}

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "accounts", "autocomplete": "off", "autocapitalize": "none"})
        options.setdefault("label", _("Login name"))
        super().__init__(max_length=64, widget=widget, **options)

    def clean(self, value: Any) -> User | None:
        """Return the account of that login name, or None when nothing was typed."""
        username = clean(super().clean(value))
        if not username:
            return None
        user = User.objects.filter(username=username).first()
        if user is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return user
