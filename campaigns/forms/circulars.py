"""Forms of circulars: issuing and changing one with the departments it goes to, and the filter of the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import CircularKind, DepartmentKind
from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField
from campaigns.forms.people import EVERY
from campaigns.models import Campaign, Circular, Department
from campaigns.queries.circulars import CircularsShown
from campaigns.services.circular_drafts import MAXIMUM_NUMBER, MAXIMUM_TEXT, MAXIMUM_TITLE, CircularDraft
from qualityseason.forms import DayField

ALL = "all"  # a group of departments: all of them
BLOCK, KIND = "block", "kind"


@dataclass(frozen=True)
class GroupChoice:
    """A box that stands for several departments; ``members`` are their ids in one string, for the script."""

    value: str
    label: str
    members: str
    is_ticked: bool


@dataclass(frozen=True)
class DepartmentChoice:
    """One department to tick; a ``fixed`` one has recorded something and stays whatever is ticked."""

    uuid: UUID
    name: str
    is_ticked: bool
    is_fixed: bool


@dataclass(frozen=True)
class BlockChoice:
    """The departments of a block, with the box that stands for all of them."""

    group: GroupChoice
    departments: tuple[DepartmentChoice, ...]


class CircularForm(forms.Form):
    """A circular and to whom it goes."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Forwarded or issued"), choices=CircularKind.choices, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the document"),
        max_length=MAXIMUM_NUMBER,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("As it stands on the paper; empty where it has none."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=MAXIMUM_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    text = forms.CharField(
        label=gettext_lazy("Text, or what is asked"),
        max_length=MAXIMUM_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    issued_on = DayField(label=gettext_lazy("Day of issue"))
    due_on = DayField(
        label=gettext_lazy("Relayed and carried out by"), help_text=gettext_lazy("This day still counts.")
    )

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        circular: Circular | None = None,
        fixed: Iterable[int] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fixed = frozenset(fixed)
        open_ones = Department.objects.filter(campaign=campaign, closed_on__isnull=True).order_by("order")
        self.open_ones = list(open_ones.select_related("block"))
        groups = [group.value for group in self._groups(frozenset())]
        self.fields["groups"] = forms.MultipleChoiceField(choices=[(name, name) for name in groups], required=False)
        self.fields["departments"] = forms.ModelMultipleChoiceField(
            open_ones, to_field_name="uuid", required=False, label=_("To whom")
        )
        if circular is None:
            self.fields["files"] = FilesField(label=_("The document"))
        self.fields["again"] = forms.BooleanField(label=_("Enter it once more all the same"), required=False)

    def clean(self) -> dict[str, Any]:
        """Take groups and single departments together as those it goes to; at least one is needed."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        groups, single = set(data.get("groups") or ()), set(data.get("departments") or ())
        data["recipients"] = [row for row in self.open_ones if row in single or groups & set(_groups_of(row))]
        if not data["recipients"] and not self.errors.keys() & {"groups", "departments"}:
            self.add_error("departments", _("Choose at least one department."))
        return data

    def draft(self) -> CircularDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return CircularDraft(
            kind=CircularKind(data["kind"]),
            number=data["number"],
            title=data["title"],
            text=data["text"],
            issued_on=data["issued_on"],
            due_on=data["due_on"],
        )

    @property
    def asks_again(self) -> bool:
        """Whether the box that enters a twin all the same is shown."""
        return bool(self["again"].errors or self["again"].value())

    @property
    def shortcuts(self) -> list[GroupChoice]:
        """The boxes for all departments and for kinds of them."""
        return [group for group in self._groups(self._ticked_groups) if not group.value.startswith(BLOCK)]

    @property
    def blocks(self) -> list[BlockChoice]:
        """The departments by block, ticked as typed."""
        ticked = {str(value) for value in self["departments"].value() or ()}
        groups = {group.value: group for group in self._groups(self._ticked_groups)}
        return [
            BlockChoice(
                groups[name],
                tuple(
                    DepartmentChoice(row.uuid, row.name, str(row.uuid) in ticked, row.pk in self.fixed)
                    for row in self.open_ones
                    if name in _groups_of(row)
                ),
            )
            for name in groups
            if name.startswith(BLOCK)
        ]

    @property
    def _ticked_groups(self) -> frozenset[str]:
        return frozenset(str(value) for value in self["groups"].value() or ())

    def _groups(self, ticked: frozenset[str]) -> list[GroupChoice]:
        labels: dict[str, str] = {ALL: _("All departments")}
        members: dict[str, list[str]] = {ALL: []}
        for row in self.open_ones:
            for name in _groups_of(row):
                members.setdefault(name, []).append(str(row.uuid))
                is_kind = name.startswith(KIND)
                labels.setdefault(name, str(DepartmentKind(row.kind).label) if is_kind else row.block.name)
        return [GroupChoice(name, labels[name], " ".join(members[name]), name in ticked) for name in labels]


def _groups_of(department: Department) -> tuple[str, str, str]:
    """Return the groups a department, loaded with its block, belongs to."""
    return ALL, f"{BLOCK}-{department.block.code}", f"{KIND}-{department.kind}"


def initial_of(circular: Circular | None, recipients: Iterable[Department] = (), *, on: date) -> dict[str, Any]:
    """Return what the form is opened with."""
    if circular is None:
        return {"uuid": uuid4(), "issued_on": on.isoformat()}
    return {
        "version": circular.version,
        "kind": circular.kind,
        "number": circular.number,
        "title": circular.title,
        "text": circular.text,
        "issued_on": circular.issued_on.isoformat(),
        "due_on": circular.due_on.isoformat(),
        "departments": [str(department.uuid) for department in recipients],
    }


class CircularFilter(forms.Form):
    """Narrowing the list of overseers."""

    def __init__(self, *args: Any, campaign: Campaign, blocks: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["show"] = forms.ChoiceField(
            label=_("State"), choices=[EVERY, *CircularsShown.choices], required=False
        )
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
