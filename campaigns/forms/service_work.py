"""Forms of service work: one of them, why it is withdrawn, and the filter of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ServiceKind
from campaigns.forms.fields import DepartmentField
from campaigns.forms.people import CHOOSE, EVERY
from campaigns.models import Campaign, Department, ServiceWork
from campaigns.services.service_work import MAXIMUM_PLACE, MAXIMUM_REASON, MAXIMUM_TEXT, ServiceDraft
from qualityseason.forms import DayField


def own_choice(campaign: Campaign, departments: Sequence[Department], **options: Any) -> DepartmentField:
    """Return the choice of the department one enters something for."""
    field = DepartmentField(campaign, **options)
    field.queryset = Department.objects.filter(pk__in=[each.pk for each in departments]).order_by("order")
    return field


class ServiceForm(forms.Form):
    """One service work: where, of which kind, when, what."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Kind of service"), choices=[CHOOSE, *ServiceKind.choices])
    happened_on = DayField(
        label=_("Date"), help_text=_("It counts for the working month of this day, whenever it is written down.")
    )
    place = forms.CharField(label=_("Place"), max_length=MAXIMUM_PLACE, required=False)
    text = forms.CharField(
        label=_("Content of the service"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One or two sentences: with whom, about what, with what result."),
    )

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        departments: Sequence[Department] = (),
        work: ServiceWork | None = None,
        **options: Any,
    ) -> None:
        options["initial"] = {"uuid": uuid4()} | options.get("initial", {})
        super().__init__(*args, **options)
        if work is not None:
            del self.fields["uuid"]
        elif len(departments) > 1:
            self.fields["department"] = own_choice(campaign, departments)
        standing = Q(closed_on__isnull=True) | Q(pk=work.visited_id if work else 0)
        visited = DepartmentField(
            campaign,
            label=_("Department visited"),
            help_text=_("Another department that your duties reach. It sees this record."),
        )
        visited.queryset = Department.objects.filter(standing, campaign=campaign).order_by("order")
        if len(departments) == 1:
            visited.queryset = visited.queryset.exclude(pk=departments[0].pk)
        elif work is not None:
            visited.queryset = visited.queryset.exclude(pk=work.department_id)
        self.fields["visited"] = visited
        self.order_fields(["uuid", "version", "department", "visited", "kind", "happened_on", "place", "text"])

    def draft(self) -> ServiceDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return ServiceDraft(data["visited"], data["kind"], data["happened_on"], data["text"], data["place"])


class WithdrawForm(forms.Form):
    """Why something is withdrawn or cancelled."""

    because = forms.CharField(label=_("Why"), max_length=MAXIMUM_REASON, widget=forms.Textarea(attrs={"rows": 2}))


class ServiceFilter(forms.Form):
    """Narrowing the list of service work."""

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        months: Iterable[str],
        blocks: Iterable[tuple[str, str]],
        is_wide: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if is_wide:
            self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        self.fields["department"] = DepartmentField(campaign, label=_("Done by"), required=False, empty_label=EVERY[1])
        self.fields["visited"] = DepartmentField(
            campaign, label=_("Department visited"), required=False, empty_label=EVERY[1]
        )
        self.fields["month"] = forms.ChoiceField(
            label=_("Month"), choices=[EVERY, *((month, month) for month in months)], required=False
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of service"), choices=[EVERY, *ServiceKind.choices], required=False
        )
