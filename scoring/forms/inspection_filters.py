"""The filters of the list of inspections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from campaigns.models import Department
from scoring.enums import InspectionKind
from scoring.queries.inspections import InspectionFilters

ANY = gettext_lazy("All")


class InspectionFilterForm(forms.Form):
    """What of the list is wanted; a value that makes no sense doesn't filter."""

    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=[("", ANY), *InspectionKind.choices])

    def __init__(self, data: Any, *, departments: Sequence[Department]) -> None:
        super().__init__(data)
        blocks: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in departments:
            blocks[one.block.name].append((str(one.uuid), one.name))
        self.fields["department"].choices = [("", ANY), *blocks.items()]  # type: ignore[attr-defined]  # a ChoiceField
        if len(departments) < 2:
            del self.fields["department"]

    def filters(self) -> InspectionFilters:
        """Return what is wanted."""
        self.full_clean()
        department = self.cleaned_data.get("department")
        return InspectionFilters(
            department=UUID(department) if department else None, kind=self.cleaned_data.get("kind", "")
        )

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(1 for value in self.cleaned_data.values() if value)
