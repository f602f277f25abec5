"""Forms of monthly reports: the students' breaches, or their conduct for somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import MonthlyReportKind
from campaigns.forms.fields import DepartmentField
from campaigns.models import Department, MonthlyReport
from campaigns.services.monthly_report_judging import MAXIMUM_TEXT, ReportDraft
from qualityseason.forms import DayField
from qualityseason.text import clean, parse_month

STUDENTS = _("Name students by class and number, never by their names.")


class MonthField(forms.CharField):
    """A month, chosen from those owed; which ones there are is judged by the service."""

    def __init__(self, months: Sequence[str], **options: Any) -> None:
        widget = forms.Select(choices=[(month, month) for month in months])
        super().__init__(label=_("Month"), widget=widget, **options)

    def clean(self, value: Any) -> str:
        """Return the month as 2009-11, or what was sent where it is none."""
        typed = clean(super().clean(value))
        try:
            return parse_month(typed)
        except ValueError:
            return typed


def _text(label: Any, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, max_length=MAXIMUM_TEXT, required=False, widget=widget, help_text=hint)


class ReportForm(forms.Form):
    """One report; its fields follow its kind."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        kind: MonthlyReportKind,
        months: Sequence[str] = (),
        addressees: Sequence[Department] = (),
        department: Department,
        on_behalf: bool = False,
        report: MonthlyReport | None = None,
        **options: Any,
    ) -> None:
        options["initial"] = {"uuid": uuid4()} | options.get("initial", {})
        super().__init__(*args, **options)
        is_conduct = kind == MonthlyReportKind.CONDUCT
        if report is None:
            self.fields["month"] = MonthField(months)
        else:
            del self.fields["uuid"]
        if is_conduct:
            self.fields["addressee"] = self._addressee(department, addressees, report)
        self.fields["has_nothing"] = forms.BooleanField(label=_("Nothing to report this month"), required=False)
        if is_conduct:
            self.fields["outstanding"] = _text(_("Outstanding conduct"), STUDENTS)
            self.fields["breaches"] = _text(_("Breaches"), STUDENTS)
        else:
            self.fields["breaches"] = _text(_("Breaches of the month, summarised"), STUDENTS)
            self.fields["handling"] = _text(_("How they were handled under the rules"))
        if report is None and on_behalf:
            self.fields["reported_on"] = DayField(
                label=_("Handed in on"), help_text=_("The day the paper came in; it says whether the report is late.")
            )
        if report is not None and report.confirmed_at is not None:
            self.fields["gives_up_receipt"] = forms.BooleanField(
                label=_("Receipt is confirmed already: a change needs a new confirmation"), required=False
            )

    def _addressee(
        self, department: Department, addressees: Sequence[Department], report: MonthlyReport | None
    ) -> DepartmentField:
        field = DepartmentField(department.campaign, label=_("Reported to"))
        known = [each.pk for each in addressees] + [report.addressee_id if report and report.addressee_id else 0]
        field.queryset = Department.objects.filter(pk__in=known).order_by("order")
        return field

    def draft(self) -> ReportDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return ReportDraft(
            has_nothing=data["has_nothing"],
            outstanding=data.get("outstanding", ""),
            breaches=data["breaches"],
            handling=data.get("handling", ""),
            addressee=data.get("addressee"),
        )


class ReceiptForm(forms.Form):
    """Confirming receipt of a report as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
