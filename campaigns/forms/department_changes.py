"""Forms of changes of departments: which, into which, from when, by which decision; the preview's choices."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import DepartmentChangeKind, DepartmentKind
from campaigns.forms.files import FilesField
from campaigns.models import Block, Campaign, Department
from campaigns.services.department_changes import (
    MAXIMUM_NAME,
    MAXIMUM_PRESENT,
    MAXIMUM_TEXT,
    DecisionDraft,
    NewDepartment,
    Reorganisation,
)
from qualityseason.errors import Refused
from qualityseason.forms import DayField

PARTS = 4  # the most departments one is split into at once
PLACE = "place-"  # before the uuid of what goes to one of several successors


class DepartmentChangeForm(forms.Form):
    """What was decided; the page's own field `seen` says which preview the person has read."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        kind: DepartmentChangeKind,
        departments: Sequence[Department],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self._departments = {str(each.uuid): each for each in departments}
        self._blocks = {block.code: block for block in Block.objects.filter(campaign=campaign)}
        choices = [(key, each.name) for key, each in self._departments.items()]
        choose = [("", _("Choose…")), *choices]
        if kind == DepartmentChangeKind.MERGE:
            self.fields["predecessors"] = forms.MultipleChoiceField(
                label=_("Departments that are merged"), choices=choices, widget=forms.CheckboxSelectMultiple
            )
        else:
            self.fields["predecessors"] = forms.ChoiceField(label=_("Department"), choices=choose)
        if kind in (DepartmentChangeKind.MERGE, DepartmentChangeKind.CLOSE):
            is_close = kind == DepartmentChangeKind.CLOSE
            self.fields["existing"] = forms.ChoiceField(
                label=_("Goes over to"),
                choices=choose,
                required=is_close,
                help_text="" if is_close else _("Leave it empty when a new department comes into being."),
            )
        if kind != DepartmentChangeKind.CLOSE:
            self._add_names()
        self.fields["effective_on"] = DayField(label=_("In force from"), help_text=_("This day already counts."))
        self.fields["decided_on"] = DayField(label=_("Decided on"))
        self.fields["present"] = forms.CharField(
            label=_("Who was there"),
            max_length=MAXIMUM_PRESENT,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["text"] = forms.CharField(
            label=_("What was decided, and why"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["files"] = FilesField(
            required=True, label=_("Paper of the decision"), help_text=_("The signed paper as a picture or PDF.")
        )

    def _add_names(self) -> None:
        is_new = self.kind != DepartmentChangeKind.RENAME
        number = PARTS if self.kind == DepartmentChangeKind.SPLIT else 1
        for place in range(number):
            label = _("New name") if number == 1 else _("New name, part %(number)d") % {"number": place + 1}
            self.fields[self._name(place)] = forms.CharField(
                label=label,
                max_length=MAXIMUM_NAME,
                required=not is_new,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        if is_new:
            self.fields["block"] = forms.ChoiceField(
                label=_("Block of the new department"),
                choices=[(code, block.name) for code, block in self._blocks.items()],
                required=False,
            )
            self.fields["kind"] = forms.ChoiceField(
                label=_("Kind of the new department"), choices=DepartmentKind.choices, required=False
            )

    @staticmethod
    def _name(place: int) -> str:
        return "name" if place == 0 else f"name_{place + 1}"

    @staticmethod
    def fresh() -> dict[str, Any]:
        """Return what an empty form starts with: an id of its own."""
        return {"uuid": uuid.uuid4()}

    @property
    def predecessors(self) -> list[Department]:
        """The departments chosen."""
        chosen = self.cleaned_data["predecessors"]
        return [self._departments[key] for key in ([chosen] if isinstance(chosen, str) else chosen)]

    @property
    def names(self) -> list[str]:
        """The new names, empty ones left out."""
        fields = [self._name(place) for place in range(PARTS)]
        return [self.cleaned_data[name] for name in fields if self.cleaned_data.get(name)]

    def plan(self, data: Mapping[str, Any]) -> Reorganisation:
        """Return what the service takes; `data` holds the choices of the preview.

        Raises Refused for a choice that names no new department.
        """
        cleaned, first = self.cleaned_data, self.predecessors[0]
        block = self._blocks.get(cleaned.get("block", ""), first.block)
        places = {key.removeprefix(PLACE): str(data[key]) for key in data if key.startswith(PLACE)}
        heirs = {str(number): number for number in range(len(self.names))}
        if not heirs.keys() >= set(places.values()):
            message = _("Choose one of the new departments for each person, duty and class.")
            raise Refused(message, code="place")
        return Reorganisation(
            kind=self.kind,
            predecessors=self.predecessors,
            existing=self._departments.get(cleaned.get("existing", "")),
            new=[NewDepartment(name, block, cleaned.get("kind") or first.kind) for name in self.names],
            places={key: heirs[number] for key, number in places.items()},
        )

    @property
    def decision(self) -> DecisionDraft:
        """The paper the change rests on."""
        data = self.cleaned_data
        return DecisionDraft(data["decided_on"], data["present"], data["text"], data["files"])

    def fingerprint(self) -> str:
        """Return what the preview rests on; another choice needs another preview."""
        data = self.cleaned_data
        chosen = [str(each.uuid) for each in self.predecessors]
        return "|".join([*chosen, data.get("existing", ""), *self.names, data["effective_on"].isoformat()])


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of change with what they are for."""
    hints = {
        DepartmentChangeKind.RENAME: gettext_lazy("The department goes on under another name."),
        DepartmentChangeKind.MERGE: gettext_lazy("Several become one, an old or a new one."),
        DepartmentChangeKind.SPLIT: gettext_lazy("One becomes several new ones."),
        DepartmentChangeKind.CLOSE: gettext_lazy("One ends, and another takes over."),
    }
    return [(kind.value, str(hint)) for kind, hint in hints.items()]
