"""The form by which the office records that a printed notice was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.assignments import SeededForm
from campaigns.forms.files import FilesField
from qualityseason.forms import DayField
from scoring.queries.notices import NoticeLine
from scoring.services.notices import MAXIMUM_NAME, MAXIMUM_NOTE


class HandOverForm(SeededForm):
    """Which deductions the printed notice named, when it was handed over, who received it, and the signed copy.

    The page draws the ticks itself: `ticked` says which lines are.
    """

    def __init__(self, *args: Any, lines: Iterable[NoticeLine], **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["version"]
        self.fields["lines"] = forms.TypedMultipleChoiceField(
            label=_("Deductions named by the printed notice"),
            coerce=UUID,
            choices=[(str(line.uuid), line.code) for line in lines],
            error_messages={
                "required": _("Tick the deductions that the printed notice names."),
                "invalid_choice": _("The department was told of one of these meanwhile. Look at the ticks again."),
            },
        )
        self.fields["handed_on"] = DayField(
            label=_("Handed over on"), help_text=_("From this day on the department has its days to appeal.")
        )
        self.fields["received_by"] = forms.CharField(
            label=_("Signed for by"), max_length=MAXIMUM_NAME, help_text=_("The name under the printed notice.")
        )
        self.fields["note"] = forms.CharField(
            label=_("Note"), max_length=MAXIMUM_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields["files"] = FilesField(label=_("Signed copy"))

    @property
    def ticked(self) -> frozenset[str]:
        """The lines ticked now, all of them until something was sent."""
        if not self.is_bound:
            return frozenset(value for value, _label in self.fields["lines"].choices)  # type: ignore[attr-defined]  # a ChoiceField has choices
        return frozenset(self["lines"].data or ())
