"""Forms of problems: raising and rewording them, answering, the persons concerned, the filter of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import AnswerKind
from campaigns.forms.assignments import DepartmentsField, SeededForm, VerdictForm
from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField
from campaigns.forms.people import EVERY
from campaigns.models import Campaign, Department
from campaigns.queries.problems import ACCEPTED, ANSWERED, OPEN, OVERDUE, ProblemFilters
from campaigns.services.problem_drafts import MAXIMUM_TITLE, ProblemDraft
from campaigns.services.problem_persons import MAXIMUM_LABEL, Dealing
from qualityseason.forms import DayField
from qualityseason.text import MAXIMUM_TEXT

ALONE = {"autocomplete": "off"}


class ProblemForm(SeededForm):
    """A problem and whom it names; `raising` are the own departments to choose from, where there are several.

    Without `departments` it is about the one department the page says (after an inspection).
    """

    def __init__(
        self,
        *args: Any,
        departments: Sequence[Department] | None = None,
        raising: Sequence[Department] = (),
        takes_files: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if len(raising) > 1:
            campaign = raising[0].campaign
            self.fields["raising"] = field = DepartmentField(campaign, label=_("Raised by"))
            field.queryset = Department.objects.filter(pk__in=[department.pk for department in raising])
        if departments is not None:
            self.fields["departments"] = DepartmentsField(departments, label=_("Departments that are to answer"))
        self.fields["title"] = forms.CharField(label=_("What the problem is"), max_length=MAXIMUM_TITLE)
        self.fields["text"] = forms.CharField(
            label=_("In detail"),
            max_length=MAXIMUM_TEXT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("What was seen, where and when; the departments named read it."),
        )
        self.fields["found_on"] = DayField(label=_("Found on"))
        self.fields["due_on"] = DayField(
            label=_("To be answered by"), help_text=_("This day still counts, until 24:00.")
        )
        if takes_files:
            self.fields["files"] = FilesField()

    def draft(self) -> ProblemDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return ProblemDraft(data["title"], data["text"], data["found_on"], data["due_on"])


class AnswerForm(SeededForm):
    """What a department answers."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=AnswerKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Answer"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was mended and how; or why it is as it is. Whoever raised the problem reads it."),
    )
    answered_on = DayField(label=_("Mended or explained on"))


class AnswerVerdictForm(SeededForm, VerdictForm):
    """What is said to an answer; `version` is the answer that was read."""


class DealingForm(SeededForm):
    """The three parts of dealing with a person; each may be added later."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label, on, day in (
            ("handling", _("Handled by the rules"), "handled_on", _("Handled on")),
            ("counselling", _("Counselled"), "counselled_on", _("Counselled on")),
            ("teaching", _("Used to teach others"), "taught_on", _("Taught on")),
        ):
            self.fields[name] = forms.CharField(
                label=label, max_length=MAXIMUM_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
            self.fields[on] = DayField(label=day, required=False)

    def dealing(self) -> Dealing:
        """Return what was typed as the service takes it."""
        return Dealing(**{name: self.cleaned_data[name] for name in Dealing.__dataclass_fields__})


class PersonForm(DealingForm):
    """A person a problem concerns: of the staff list, a student by class and number, or somebody else."""

    person = forms.CharField(
        label=_("Of the department's staff"),
        max_length=MAXIMUM_LABEL,
        required=False,
        widget=forms.TextInput(attrs=ALONE | {"list": "staff"}),
        help_text=_("Name or staff number."),
    )
    student_class = forms.CharField(
        label=_("A student: class"),
        max_length=MAXIMUM_LABEL,
        required=False,
        widget=forms.TextInput(attrs=ALONE | {"list": "classes"}),
    )
    student_number = forms.CharField(
        label=_("Student number"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs=ALONE),
        help_text=_("Students appear as class and number alone, without their names."),
    )
    label = forms.CharField(
        label=_("Another person"),
        max_length=MAXIMUM_LABEL,
        required=False,
        widget=forms.TextInput(attrs=ALONE),
        help_text=_("Who is neither on the staff list nor a student."),
    )


class ProblemFilter(forms.Form):
    """Narrowing the list of problems."""

    def __init__(
        self, *args: Any, campaign: Campaign, blocks: Iterable[tuple[str, str]], may_raise: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        states = [
            EVERY,
            (OPEN, _("to be answered")),
            (OVERDUE, _("overdue")),
            (ANSWERED, _("answered, to be judged")),
            (ACCEPTED, _("accepted")),
        ]
        self.fields["state"] = forms.ChoiceField(label=_("State"), choices=states, required=False)
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
        if may_raise:
            self.fields["mine"] = forms.BooleanField(label=_("raised by me"), required=False)

    def filters(self) -> ProblemFilters:
        """Return what is wanted, unreadable choices left out."""
        self.is_valid()
        data = self.cleaned_data
        department: Department | None = data.get("department")
        return ProblemFilters(
            state=data.get("state", ""),
            block=data.get("block", ""),
            department=department.uuid if department else None,
            mine=bool(data.get("mine")),
        )
