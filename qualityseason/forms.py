"""What all forms share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualityseason.clock import wall_now
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.text import parse_date


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Put a service's refusal at its field, or over the whole form where the form has no such field.

    The record in the way, if any, is kept as `form.refused_by` for the page to link to.
    """
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, refused.sentence)
    form.refused_by = refused.existing  # type: ignore[attr-defined]  # read by templates/partials


class DayField(forms.DateField):
    """A day as people write it: 2009-11-06, 2009.11.6, 2009年11月6日, full-width digits."""

    default_error_messages = {"invalid": gettext_lazy("Write the day like 2009-11-06.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"autocomplete": "off", "class": "input-short"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        """Return the day, or None when nothing was typed."""
        if value in self.empty_values:
            return None
        try:
            return parse_date(value)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class LoginForm(AuthenticationForm):
    """Login name and password; a one-time password that has run out opens nothing, and says so."""

    def confirm_login_allowed(self, user: User) -> None:
        """Refuse who may not come in although the password is right."""
        super().confirm_login_allowed(user)
        if user.has_expired_slip(at=wall_now()):
            message = _("This one-time password has expired. Ask for a new slip where you got this one.")
            raise forms.ValidationError(message, code="expired")


class _NotTheSame:
    """Refuses the password one has now as the new one."""

    user: User
    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]  # mixed into a form
        new = data.get("new_password1")
        if new and self.user.check_password(new):
            message = _("Choose a password other than the one you have now.")
            self.add_error("new_password1", message)  # type: ignore[attr-defined]  # mixed into a form
        return data


class OwnPasswordForm(_NotTheSame, PasswordChangeForm):
    """Changing one's password, the old one asked."""


class FirstPasswordForm(_NotTheSame, SetPasswordForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """Replacing the one-time password one has just come in with."""
