"""The length a password must have, in our own words."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class MinimumLength(MinimumLengthValidator):
    """Refuses short passwords."""

    def get_error_message(self) -> str:
        """Return the sentence for a password that is too short."""
        return _("This password is too short; take at least %(count)d characters.") % {"count": self.min_length}

    def get_help_text(self) -> str:
        """Return the same as advice."""
        return _("At least %(count)d characters.") % {"count": self.min_length}
