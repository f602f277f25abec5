"""The one way a use-case says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise


class Refused(ValidationError):
    """Input a service will not take.

    ``field`` is the form field the sentence belongs to (None: the whole form), ``code`` a stable word for
    programs, ``existing`` the record that already stands in the way (a page links to it).
    """

    def __init__(self, message: Text, *, field: str | None = None, code: str, existing: object = None) -> None:
        self.field = field
        self.sentence = message
        self.existing = existing
        super().__init__({field: [ValidationError(message, code=code)]} if field else message, code=code)
        self.refusal_code = code


class ConflictOfInterest(PermissionDenied):
    """The actor has an interest (回避) in the department concerned."""
