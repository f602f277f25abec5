"""Forms of honours: nominating a person, the short list, the leading group's decision."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import NominationState
from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField, PostedData
from campaigns.forms.people import CHOOSE, EVERY
from campaigns.forms.recommendations import VersionedForm
from campaigns.models import Campaign, Recommendation, StaffMember
from campaigns.queries.nominations import honours_of
from campaigns.services.honours import MAXIMUM_PRESENT, MAXIMUM_TEXT
from campaigns.services.nominations import MAXIMUM_REASONS
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from qualityseason.text import parse_uuid


class NominationForm(VersionedForm):
    """A person of the department, the honour and why; once made, the person stays."""

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        praised: Sequence[Recommendation],
        people: Sequence[StaffMember] | None = None,
        **options: Any,
    ) -> None:
        options["initial"] = {"uuid": str(uuid4())} | options.get("initial", {})
        super().__init__(*args, **options)
        self._people = {str(person.uuid): person for person in people or ()}
        self._praised = {str(row.uuid): row for row in praised}
        if people is not None:
            names = [(key, f"{person.name} {person.number}") for key, person in self._people.items()]
            self.fields["person"] = forms.ChoiceField(label=_("Person"), choices=[CHOOSE, *names])
        honours = [(honour, honour) for honour in honours_of(campaign)]
        self.fields["honour"] = forms.ChoiceField(label=_("Honour"), choices=[CHOOSE, *honours])
        self.fields["reasons"] = forms.CharField(
            label=_("Reasons"),
            max_length=MAXIMUM_REASONS,
            widget=forms.Textarea(attrs={"rows": 6}),
            help_text=_("What the person did, and what came of it; read by the office and the leading group."),
        )
        if praised:
            rows = [(key, f"{row.title} ({row.department.name})") for key, row in self._praised.items()]
            self.fields["recommendation"] = forms.ChoiceField(
                label=_("Recommendation it rests on"), choices=[("", _("none")), *rows], required=False
            )
        self.fields["files"] = FilesField(label=_("Files"))

    def clean_uuid(self) -> UUID:
        """Return the id of this sending; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes, the person and the ids of the form apart."""
        data = self.cleaned_data
        return {
            "honour": data["honour"],
            "reasons": data["reasons"],
            "recommendation": self._praised.get(data.get("recommendation", "")),
            "uploads": data["files"],
        }

    @property
    def person(self) -> StaffMember:
        """The person chosen."""
        return self._people[self.cleaned_data["person"]]

    def refuse(self, refused: Refused, version: int | None) -> None:
        """Put a refusal where it belongs, files kept; a stale form replaces what stands there when it is sent again."""
        if refused.refusal_code == "stale" and version is not None:
            self.data = changed(self.data, "version", str(version))
        add_refusal(self, refused)


class NominationFilter(forms.Form):
    """Narrowing the list of nominations."""

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        honours = [(honour, honour) for honour in honours_of(campaign)]
        self.fields["honour"] = forms.ChoiceField(label=_("Honour"), choices=[EVERY, *honours], required=False)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
        states = [EVERY, *NominationState.choices]
        self.fields["state"] = forms.ChoiceField(label=_("State"), choices=states, required=False)


class TicksWidget(forms.MultipleHiddenInput):
    """Ticks that the page draws itself."""


class TicksField(forms.Field):
    """The ids that are ticked; unreadable ones are left out, vanished ones are the service's business."""

    widget = TicksWidget

    def to_python(self, value: Any) -> frozenset[UUID]:
        """Return the ids."""
        found = (parse_uuid(text) for text in value or ())
        return frozenset(uuid for uuid in found if uuid is not None)


class SeenField(forms.Field):
    """What the form showed of each row: “uuid mark”, by uuid."""

    widget = TicksWidget

    def to_python(self, value: Any) -> dict[UUID, str]:
        """Return mark by id."""
        pairs = (str(text).partition(" ") for text in value or ())
        return {found: mark for key, _blank, mark in pairs if (found := parse_uuid(key)) is not None}


class ShortlistForm(forms.Form):
    """Ticks over the nominations, and what the page showed of each."""

    ticked = TicksField(required=False)
    seen = SeenField(required=False)


class HonoursDecisionForm(forms.Form):
    """The leading group's decision: who is commended, which earlier choice is taken back, when and by whom."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    standing = forms.CharField(required=False, widget=forms.HiddenInput)
    chosen = TicksField(required=False)
    taken_back = TicksField(required=False)
    nobody = forms.BooleanField(required=False, label=_("Nobody on the short list is commended"))
    decided_on = DayField(label=_("Decided on"))
    present = forms.CharField(
        label=_("Who was there"),
        max_length=MAXIMUM_PRESENT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("What was decided, and why"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, needs_paper: bool, standing: str, **options: Any) -> None:
        options["initial"] = {"uuid": uuid.uuid4(), "standing": standing}
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(
            required=needs_paper,
            label=_("Minutes of the decision"),
            help_text=_("The signed paper as a picture or PDF."),
        )

    @property
    def ticks(self) -> frozenset[str]:
        """All ids ticked so far, as text: the page draws its boxes by them."""
        if not self.is_bound:
            return frozenset()
        return frozenset(str(found) for name in ("chosen", "taken_back") for found in self[name].value() or ())

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        return data | {"uploads": data.pop("files")}

    def refuse(self, refused: Refused, standing: str) -> None:
        """Put a refusal where it belongs; a stale form rests on what stands there now when it is sent again."""
        if refused.refusal_code == "stale":
            self.data = changed(self.data, "standing", standing)
        add_refusal(self, refused)


def changed(data: Any, name: str, value: str) -> Any:
    """Return the form's data with another value, its uploads kept."""
    copy = data.copy()
    copy[name] = value
    if isinstance(copy, PostedData):
        copy.waiting = getattr(data, "waiting", {})
    return copy
