"""The form that records one deduction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.files import FilesField
from campaigns.models import Campaign, Department
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import NO_UUID, parse_count, parse_date, parse_month, parse_uuid, tidy
from scoring.enums import REQUIRED_SUBJECTS, SubjectKind
from scoring.facts import Subject
from scoring.forms.asking import Asking, department_to_assess
from scoring.forms.same_fact import SameFactForm
from scoring.models import Deduction, Inspection, Rule
from scoring.queries.recording import BlockChoice
from scoring.queries.subjects import resolve_subject, subject_missing
from scoring.services.drafts import DeductionDraft

ANSWER = "answer_"  # what the names of the rule's own questions begin with
COMPLETED = (SubjectKind.PERSON, SubjectKind.CLASS)  # what a list of records completes
ISO_LENGTH = len("YYYY-MM-DD")


class DeductionForm(SameFactForm):
    """What was typed about one deduction; sentences stand at their fields, `draft()` is what the ledger takes.

    `rule` is the rule whose fields are shown, None before one is chosen; `choices` are the departments on offer.
    """

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    charged = forms.CharField(
        label=gettext_lazy("Charged department"),
        widget=forms.Select,
        error_messages={"required": gettext_lazy("Choose a department.")},
    )
    rule = forms.CharField(label=gettext_lazy("Rule"), error_messages={"required": gettext_lazy("Choose a rule.")})
    quantity = forms.CharField(label=gettext_lazy("Quantity"), initial="1")
    subject = forms.CharField(label=gettext_lazy("Subject"), required=False)
    month = forms.CharField(label=gettext_lazy("Month"), required=False, widget=forms.Select)
    happened_on = forms.CharField(label=gettext_lazy("Date of the fact"))
    note = forms.CharField(
        label=gettext_lazy("What was seen"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    visited = forms.CharField(required=False, widget=forms.HiddenInput)
    inspection = forms.CharField(required=False, widget=forms.HiddenInput)
    replaces = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        request: Asking,
        rule: Rule | None,
        choices: Sequence[BlockChoice],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"uuid": uuid4()} | (initial or {}))
        self.request, self.shown = request, rule
        self.known_subject = Subject()
        self.fields["files"] = FilesField(
            label=_("Photos and files"), help_text=_("The department sees them once the deduction is confirmed.")
        )
        self._offer(choices)
        self._day_widget()
        self._month_choices()
        self._fit(rule)

    # --- what the page shows

    @property
    def answers(self) -> list[forms.BoundField]:
        """The questions of the rule shown."""
        return [self[name] for name in self.fields if name.startswith(ANSWER)]

    @property
    def takes_subject(self) -> bool:
        """Whether the subject field belongs on the page: the rule names one, or something was typed into it."""
        kind = self.shown.subject if self.shown else SubjectKind.ITEM
        return kind not in (SubjectKind.NONE, SubjectKind.MONTH) or bool(self["subject"].value())

    @property
    def takes_month(self) -> bool:
        """Whether the rule shown is charged per month."""
        return self.shown is not None and self.shown.subject == SubjectKind.MONTH

    def _offer(self, choices: Sequence[BlockChoice]) -> None:
        options: list[Any] = [("", _("Choose…"))]
        for choice in choices:
            rows = [(str(one.uuid), one.full_name) for one in choice.departments]
            options.append((choice.block.name, rows))
        typed = str(self["charged"].value() or "")
        offered = {str(one.uuid) for choice in choices for one in choice.departments}
        if typed and typed not in offered:  # an own department stays as chosen, beside the sentence that refuses it
            own = Department.objects.filter(campaign=self.request.campaign, uuid=parse_uuid(typed) or NO_UUID).first()
            options += [(str(own.uuid), own.full_name)] if own else []
        self.fields["charged"].widget.choices = options

    def _day_widget(self) -> None:
        campaign, today = self.request.campaign, day_of(self.request.at)
        typed = str(self["happened_on"].value() or "")
        attrs = {"autocomplete": "off"}
        if _is_iso(typed):
            last = min(campaign.facts_until, today)
            attrs |= {"type": "date", "min": campaign.facts_from.isoformat(), "max": last.isoformat()}
        self.fields["happened_on"].widget = forms.TextInput(attrs=attrs)

    def _month_choices(self) -> None:
        months = months_of(self.request.campaign, until=day_of(self.request.at))
        typed = str(self["month"].value() or "")
        rows = [(month, month) for month in months]
        if typed and typed not in months:
            rows.append((typed, typed))
        self.fields["month"].widget.choices = rows

    def _fit(self, rule: Rule | None) -> None:
        quantity = self.fields["quantity"].widget
        quantity.attrs |= {"inputmode": "numeric", "autocomplete": "off", "data-stepper": ""}
        self.fields["subject"].widget.attrs |= {"autocomplete": "off", "list": "subject-options", "maxlength": 200}
        if rule is None:
            return
        quantity.attrs |= {"data-minimum": 1, "data-maximum": rule.maximum}
        self.fields["quantity"].help_text = (
            _("Always 1 for this rule.")
            if rule.maximum == 1
            else _("From 1 to %(maximum)d.") % {"maximum": rule.maximum}
        )
        if rule.unit:
            self.fields["quantity"].label = _("Quantity (%(unit)s)") % {"unit": rule.unit}
        self.fields["subject"].label = rule.get_subject_display()
        self.fields["subject"].required = rule.subject in REQUIRED_SUBJECTS
        self.fields["subject"].error_messages["required"] = subject_missing(rule)
        if rule.subject == SubjectKind.PERSON:
            self.fields["subject"].help_text = _("Name, or name with the staff number in brackets.")
        if rule.subject in COMPLETED:
            self.fields["subject"].widget.attrs |= {
                "hx-get": reverse("scoring:subjects", args=[self.request.campaign.slug]),
                "hx-trigger": "input changed delay:250ms",
                "hx-vals": json.dumps({"kind": rule.subject}),
                "hx-include": "#id_charged, #id_happened_on",
                "hx-target": "#subject-options",
            }
        for ask in rule.asks:
            self.fields[ANSWER + ask["code"]] = forms.CharField(
                label=ask["label"], strip=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    # --- what was typed

    def clean_charged(self) -> Department:
        """Return the department; one of own interest is refused with the sentence."""
        return department_to_assess(self.request, self.cleaned_data["charged"])

    def clean_rule(self) -> Rule:
        """Return the rule so labelled; whether the department's block has it is the ledger's to say."""
        rules = Rule.objects.filter(campaign=self.request.campaign, code=self.cleaned_data["rule"])
        found = rules.select_related("category", "block").first()
        if found is None:
            raise forms.ValidationError(_("Choose a rule."), code="unknown")
        return found

    def clean_quantity(self) -> int:
        """Return a whole number however its digits were typed; its range is the ledger's to say."""
        try:
            return parse_count(self.cleaned_data["quantity"])
        except ValueError as error:
            raise forms.ValidationError(_("The quantity is a whole number."), code="quantity") from error

    def clean_happened_on(self) -> date:
        """Return the day however it was typed."""
        try:
            return parse_date(self.cleaned_data["happened_on"])
        except ValueError as error:
            raise forms.ValidationError(_("Write the date as 2009-11-06."), code="date") from error

    def clean_month(self) -> str:
        """Return the month as 2009-11, '' for rules that need none."""
        if not self.takes_month:
            return ""
        try:
            return parse_month(self.cleaned_data["month"])
        except ValueError as error:
            raise forms.ValidationError(_("Choose the month."), code="month") from error

    def clean_note(self) -> str:
        """Return the text as one person would read it."""
        return tidy(self.cleaned_data["note"])

    def clean_visited(self) -> Department | None:
        """Return the department visited where it isn't the charged one."""
        departments = Department.objects.visible_to(self.request.actor)
        return departments.filter(uuid=parse_uuid(self.cleaned_data["visited"]) or NO_UUID).first()

    def clean_inspection(self) -> Inspection | None:
        """Return the inspection the fact was seen on."""
        typed = self.cleaned_data["inspection"]
        found = find_inspection(self.request, typed)
        if typed and found is None:
            raise forms.ValidationError(_("This inspection does not exist."), code="unknown")
        return found

    def clean_replaces(self) -> Deduction | None:
        """Return the line whose place this one takes."""
        typed = self.cleaned_data["replaces"]
        found = Deduction.objects.visible_to(self.request.actor).filter(uuid=parse_uuid(typed) or NO_UUID).first()
        if typed and found is None:
            raise forms.ValidationError(_("The deduction to be replaced does not exist."), code="unknown")
        return found

    def clean(self) -> dict[str, Any]:
        """Find out whom or what the subject means."""
        rule: Rule | None = self.cleaned_data.get("rule")
        if rule is None:
            return self.cleaned_data
        try:
            self.known_subject = resolve_subject(self.request.campaign, rule, self.cleaned_data.get("subject"))
        except Refused as refused:
            add_refusal(self, refused)
        return self.cleaned_data

    def draft(self) -> DeductionDraft:
        """Return what is to be recorded; the form must be valid."""
        typed = self.cleaned_data
        return DeductionDraft(
            uuid=typed["uuid"],
            charged=typed["charged"],
            rule=typed["rule"],
            quantity=typed["quantity"],
            happened_on=typed["happened_on"],
            subject=self.known_subject,
            month=typed["month"],
            note=typed["note"],
            visited=typed["visited"],
            inspection=typed["inspection"],
            answers={
                name.removeprefix(ANSWER): tidy(value) for name, value in typed.items() if name.startswith(ANSWER)
            },
            replaces=typed["replaces"],
            finding=typed["finding"],
            files=typed["files"],
        )


def months_of(campaign: Campaign, *, until: date) -> list[str]:
    """Return the months facts may lie in until that day: the working months first, latest first among the rest."""
    year, month = campaign.facts_from.year, campaign.facts_from.month
    last = min(campaign.facts_until, until)
    every = []
    while (year, month) <= (last.year, last.month):
        every.append(f"{year:04d}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    working = [one for one in campaign.working_months if one in every]
    return working + [one for one in reversed(every) if one not in working]


def find_inspection(request: Asking, uuid: str) -> Inspection | None:
    """Return the inspection of that id the actor may see, or None."""
    wanted = parse_uuid(uuid)
    if wanted is None:
        return None
    return Inspection.objects.visible_to(request.actor).filter(uuid=wanted).select_related("department").first()


def _is_iso(text: str) -> bool:
    if not text:
        return True
    try:
        return len(text) == ISO_LENGTH and date.fromisoformat(text) is not None
    except ValueError:
        return False
