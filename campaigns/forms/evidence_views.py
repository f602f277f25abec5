"""The filter of the views over evidence and of the month grid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.people import EVERY
from campaigns.queries.months import MISSING, OVERDUE

GAPS = ((MISSING, _("only what is missing")),)
MONTHS = (*GAPS, (OVERDUE, _("only what is overdue")))


class ViewFilter(forms.Form):
    """Narrowing to a block, and to what is missing."""

    def __init__(
        self, *args: Any, blocks: Iterable[tuple[str, str]], shows: Iterable[tuple[str, Any]] = GAPS, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        self.fields["show"] = forms.ChoiceField(label=_("Show"), choices=[EVERY, *shows], required=False)
