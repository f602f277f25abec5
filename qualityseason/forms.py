"""What all forms share."""

from __future__ import annotations

from django import forms

from qualityseason.errors import Refused


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Put a service's refusal at its field, or over the whole form where the form has no such field.

    The record in the way, if any, is kept as `form.refused_by` for the page to link to.
    """
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, refused.sentence)
    form.refused_by = refused.existing  # type: ignore[attr-defined]  # read by templates/partials
