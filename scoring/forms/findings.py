"""The filters of the queue of findings, and why some are dismissed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from qualityseason.text import parse_uuid
from scoring.queries.finding_filters import TABS, FindingChoices, FindingFilters, tab_of
from scoring.services.findings import MAXIMUM_REASON, Picked

ANY = _("All")


class FindingFilterForm(forms.Form):
    """What of the queue is wanted; a value that makes no sense gets its sentence and doesn't filter."""

    tab = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(tab.code, tab.label) for tab in TABS])
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    block = forms.ChoiceField(label=_("Block"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, data: Any, *, choices: FindingChoices) -> None:
        super().__init__(data)
        blocks = {one.block.code: one.block.name for one in choices.departments}
        by_block: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in choices.departments:
            by_block[one.block.name].append((str(one.uuid), one.name))
        self._choices("block", blocks.items())
        self._choices("department", by_block.items())
        self._choices("category", [(one.code, one.name) for one in choices.categories])
        self._choices("rule", [(code, f"{code} {label}") for code, label in choices.rules])

    def filters(self) -> FindingFilters:
        """Return what is wanted; fields with a sentence are left out."""
        self.full_clean()
        wanted = self.cleaned_data
        return FindingFilters(
            tab=tab_of(wanted.get("tab", "")),
            rule=wanted.get("rule", ""),
            department=UUID(wanted["department"]) if wanted.get("department") else None,
            block=wanted.get("block", ""),
            category=wanted.get("category", ""),
        )

    @property
    def active(self) -> int:
        """How many filters are set, the tab apart."""
        return sum(1 for name, value in self.cleaned_data.items() if value and name != "tab")

    def _choices(self, name: str, rows: Any) -> None:
        self.fields[name].choices = [("", ANY), *rows]  # type: ignore[attr-defined]  # a ChoiceField has choices


class DismissForm(forms.Form):
    """Why findings are dismissed."""

    because = forms.CharField(
        label=_("Reason for dismissing"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": MAXIMUM_REASON}),
    )


def picked_from(values: list[str]) -> list[Picked]:
    """Return the findings named by "uuid.fingerprint"; what is no such name is passed over."""
    pairs = (value.partition(".") for value in values)
    found = ((parse_uuid(uuid), fingerprint) for uuid, _dot, fingerprint in pairs)
    return [Picked(uuid, fingerprint) for uuid, fingerprint in found if uuid is not None]
