"""Forms of assignments: giving and rewording them, reporting them done, judging a report, the filter of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import Issuer, TaskState, Timeliness
from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField, PostedData
from campaigns.forms.people import CHOOSE, EVERY
from campaigns.forms.session_rows import renew
from campaigns.models import Campaign, Department
from campaigns.queries.assignments import AssignmentFilters
from campaigns.services.assignment_reports import MAXIMUM_NOTE
from campaigns.services.assignments import MAXIMUM_REASON, MAXIMUM_TITLE, AssignmentDraft
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from qualityseason.text import MAXIMUM_TEXT, parse_uuid


class DepartmentsField(forms.MultipleChoiceField):
    """Several departments, ticked under their blocks; cleans to the departments in the order of the scheme."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"required": _("Choose at least one department.")}

    def __init__(self, departments: Iterable[Department], **options: Any) -> None:
        self.departments = {str(department.uuid): department for department in departments}
        blocks: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for uuid, department in self.departments.items():
            blocks[department.block.name].append((uuid, department.name))
        options.setdefault("label", _("Departments"))
        super().__init__(choices=list(blocks.items()), **options)

    def clean(self, value: Any) -> list[Department]:
        """Return the departments that were ticked."""
        chosen = set(super().clean(value))
        return [department for uuid, department in self.departments.items() if uuid in chosen]


class SeededForm(forms.Form):
    """A form that knows which sending it is, and which state of the record it was filled from."""

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"uuid": str(uuid4())} | (options.get("initial") or {})
        super().__init__(*args, **options)

    def clean_uuid(self) -> UUID:
        """Return the id of this sending; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()

    def clean_version(self) -> int:
        """Return the version the form was filled from, 0 where it is none."""
        text = self.cleaned_data["version"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    def add_stale(self, refused: Refused, version: int) -> None:
        """Put the refusal on the form, its files kept; when it was stale, the next sending replaces the other text."""
        if refused.refusal_code == "stale" and isinstance(self.data, PostedData):
            data, data_waiting = self.data.copy(), self.data.waiting
            data["version"] = str(version)
            data.waiting = data_waiting  # type: ignore[attr-defined]  # a copy of PostedData is one
            self.data = data
        elif refused.refusal_code == "stale":
            renew(self, version=version)
        add_refusal(self, refused)


class AssignmentForm(SeededForm):
    """One assignment, for several departments at once where `departments` are offered."""

    def __init__(
        self, *args: Any, departments: Sequence[Department] | None = None, issues: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if departments is not None:
            self.fields["departments"] = DepartmentsField(departments)
        self.fields["title"] = forms.CharField(label=_("What is to be done"), max_length=MAXIMUM_TITLE)
        self.fields["text"] = forms.CharField(
            label=_("In detail"), max_length=MAXIMUM_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 5})
        )
        if issues:
            self.fields["issuer"] = forms.ChoiceField(label=_("Given by"), choices=[CHOOSE, *Issuer.choices])
        self.fields["given_on"] = DayField(label=_("Given on"))
        self.fields["due_on"] = DayField(label=_("To be done by"), help_text=_("This day still counts, until 24:00."))
        self.fields["files"] = FilesField()

    def draft(self) -> AssignmentDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        issuer = data.get("issuer") or Issuer.LEADING_GROUP
        return AssignmentDraft(data["title"], data["text"], str(issuer), data["given_on"], data["due_on"])


class WithdrawForm(forms.Form):
    """Why something is taken back."""

    because = forms.CharField(
        label=_("Reason"), max_length=MAXIMUM_REASON, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200})
    )


class ReportForm(SeededForm):
    """What a department reports of an assignment."""

    done_on = DayField(label=_("Completed on"))
    text = forms.CharField(
        label=_("How it was carried out"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 6})
    )


class VerdictForm(forms.Form):
    """What is said to a report or an answer; the two buttons say what."""

    decision = forms.ChoiceField(
        choices=[("accept", _("Accept")), ("send-back", _("Send back"))], widget=forms.HiddenInput
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=MAXIMUM_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The department reads it; needed to send it back."),
    )

    @property
    def accepts(self) -> bool:
        """Whether the report or answer is accepted."""
        return bool(self.cleaned_data["decision"] == "accept")


class ReportVerdictForm(VerdictForm):
    """What is said to the report of an assignment; `report` is the one that was read."""

    report = forms.CharField(widget=forms.HiddenInput)
    done_on = DayField(
        label=_("Completed on, as accepted"), help_text=_("As reported; correct it where that is wrong.")
    )
    field_order = ("done_on", "note")


class AssignmentFilter(forms.Form):
    """Narrowing the list of assignments."""

    def __init__(self, *args: Any, campaign: Campaign, blocks: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["timeliness"] = forms.ChoiceField(
            label=_("In time"), choices=[EVERY, *Timeliness.choices], required=False
        )
        self.fields["state"] = forms.ChoiceField(label=_("State"), choices=[EVERY, *TaskState.choices], required=False)
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])

    def filters(self) -> AssignmentFilters:
        """Return what is wanted, unreadable choices left out."""
        self.is_valid()
        department: Department | None = self.cleaned_data.get("department")
        named = {name: self.cleaned_data.get(name, "") for name in ("state", "timeliness", "block")}
        return AssignmentFilters(**named, department=department.uuid if department else None)
