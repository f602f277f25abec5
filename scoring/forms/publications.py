"""Forms of public notices, objections and publications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.contest import CountField
from campaigns.forms.fields import DepartmentField
from campaigns.models import Campaign, Department
from qualityseason.forms import DayField
from qualityseason.text import parse_uuid
from scoring.enums import Visibility
from scoring.queries.still_open import OpenMatter
from scoring.services.displays import MAXIMUM_NAME, MAXIMUM_NOTE, MAXIMUM_TEXT
from scoring.services.publications import Terms


class _OnceForm(forms.Form):
    """A form that is written down once, however often it is sent."""

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"uuid": str(uuid4())} | options.get("initial", {})
        super().__init__(*args, **options)

    def clean_uuid(self) -> UUID:
        """Return the id of this sending; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()


def _visibility() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What each department reads"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        help_text=_("Statements are never shown to another department."),
        error_messages={"required": _("Choose what each department reads.")},
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Remark"), required=False, max_length=MAXIMUM_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class DisplayForm(_OnceForm):
    """From which day on, for how many days and for whom a result is on public notice."""

    starts_on = DayField(label=_("On public notice from"))
    days = CountField(label=_("For how many days"), help_text=_("Calendar days, the first one counted."))
    visibility = _visibility()
    note = _note()

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {name: data[name] for name in ("uuid", "starts_on", "days", "visibility", "note")}


class ReasonForm(forms.Form):
    """Why something is withdrawn or refused."""

    because = forms.CharField(
        label=_("Reason"),
        max_length=MAXIMUM_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason, at most 300 characters.")},
    )


class ObjectionForm(_OnceForm):
    """What a department objects to the result; the office names who came, of which department, and when."""

    text = forms.CharField(
        label=_("What is objected to, and why"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(
        self, *args: Any, campaign: Campaign, own: Sequence[Department], is_office: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._own = {str(department.uuid): department for department in own}
        self._is_office = is_office
        if is_office:
            self.fields["name"] = forms.CharField(label=_("Who objects"), required=False, max_length=MAXIMUM_NAME)
            self.fields["objected_on"] = DayField(label=_("On which day"), required=False)
            self.fields["department"] = DepartmentField(
                campaign, required=False, help_text=_("Empty where it is nobody of a department.")
            )
        elif len(own) > 1:
            choices = [(key, department.name) for key, department in self._own.items()]
            self.fields["department"] = forms.ChoiceField(label=_("Department"), choices=choices)
        self.order_fields(["uuid", "name", "objected_on", "department", "text"])

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        department = data.get("department")
        if not self._is_office:
            department = self._own[department] if department else next(iter(self._own.values()))
        return {
            "uuid": data["uuid"],
            "text": data["text"],
            "department": department,
            "name": data.get("name", ""),
            "objected_on": data.get("objected_on"),
        }


class AnswerForm(forms.Form):
    """The answer to an objection."""

    answer = forms.CharField(label=_("Answer"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 5}))


class ProposalForm(_OnceForm):
    """For whom a result is published, until when departments sign; each matter still open is ticked."""

    visibility = _visibility()
    sign_until = DayField(
        label=_("Departments sign by"), help_text=_("Each head signs the confirmation of the result by that day.")
    )
    note = _note()

    def __init__(self, *args: Any, matters: Sequence[OpenMatter], **options: Any) -> None:
        super().__init__(*args, **options)
        self.matters = matters
        if matters:
            self.fields["ticked"] = forms.MultipleChoiceField(
                label=_("Still open; publish nevertheless"),
                choices=[(matter.key, matter.words) for matter in matters],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("Tick each of them. The list stands with the publication."),
                error_messages={"invalid_choice": _("Tick each matter that is still open, as it stands now.")},
            )

    @property
    def terms(self) -> Terms:
        """What is decided with the publication."""
        data = self.cleaned_data
        return Terms(data["visibility"], data["sign_until"], data["note"])

    @property
    def ticked(self) -> list[str]:
        """The keys of the matters ticked."""
        found: list[str] = self.cleaned_data.get("ticked", [])
        return found


class CodeForm(forms.Form):
    """A code as somebody reads it off a paper."""

    code = forms.CharField(
        label=_("Code on the paper"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "input-short"}),
    )
