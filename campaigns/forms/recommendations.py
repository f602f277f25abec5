"""Forms of recommendations: writing one, filtering the list, choosing, withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.fields import DepartmentField
from campaigns.forms.people import EVERY
from campaigns.forms.staff import EditForm
from campaigns.models import Campaign, Department
from campaigns.queries.recommendations import CHOSEN, OPEN, WITHDRAWN
from campaigns.services.recommendations import MAXIMUM_REASON, MAXIMUM_TEXT, MAXIMUM_TITLE, RecommendationDraft
from qualityseason.text import parse_count, parse_uuid


class VersionedForm(EditForm):
    """An edit form whose version is a count."""

    @property
    def known_version(self) -> int:
        """The version the form was filled from; 0, which no row has, when it is unreadable."""
        try:
            return parse_count(self.cleaned_data["version"] or 0)
        except ValueError:
            return 0


class RecommendationForm(VersionedForm):
    """What a department writes about a practice; who enters for several chooses which one recommends."""

    uuid = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("The practice in a few words"),
        max_length=MAXIMUM_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    practice = forms.CharField(
        label=_("What is done there"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )
    outcome = forms.CharField(
        label=_("What came of it"), max_length=MAXIMUM_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, campaign: Campaign, departments: Sequence[Department] = (), **options: Any) -> None:
        options["initial"] = {"uuid": str(uuid4())} | options.get("initial", {})
        super().__init__(*args, **options)
        if len(departments) > 1:
            self.fields["department"] = chosen = DepartmentField(campaign, label=_("Recommended by"))
            chosen.queryset = Department.objects.filter(pk__in=[row.pk for row in departments]).order_by("order")
        self.fields["recommended"] = praised = DepartmentField(
            campaign,
            label=_("Department praised"),
            help_text=_("The own department or another one."),
        )
        praised.queryset = praised.queryset.filter(closed_on__isnull=True)  # type: ignore[union-attr]  # set by DepartmentField
        self.order_fields(["version", "uuid", "department", "recommended", "title", "practice", "outcome"])

    def clean_uuid(self) -> UUID:
        """Return the id of this sending; a new one where the form came without."""
        return parse_uuid(self.cleaned_data["uuid"]) or uuid4()

    def draft(self) -> RecommendationDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return RecommendationDraft(data["recommended"], data["title"], data["practice"], data["outcome"])


class ChoosingForm(VersionedForm):
    """What the office makes of a recommendation."""

    for_exchange = forms.BooleanField(label=_("for an exchange of experience"), required=False)
    for_volume = forms.BooleanField(label=_("for the volume"), required=False)
    for_honours = forms.BooleanField(label=_("for honours"), required=False)


class WithdrawalForm(forms.Form):
    """Why something is withdrawn."""

    because = forms.CharField(label=_("Why"), max_length=MAXIMUM_REASON, widget=forms.Textarea(attrs={"rows": 2}))


class RecommendationFilter(forms.Form):
    """Narrowing the list, for who sees all."""

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["department"] = DepartmentField(
            campaign, label=_("Recommended by"), required=False, empty_label=EVERY[1]
        )
        self.fields["recommended"] = DepartmentField(
            campaign, label=_("Department praised"), required=False, empty_label=EVERY[1]
        )
        uses = [("exchange", _("Exchange")), ("volume", _("Volume of materials")), ("honours", _("Honours"))]
        self.fields["use"] = forms.ChoiceField(label=_("Chosen for"), choices=[EVERY, *uses], required=False)
        states = [(OPEN, _("not chosen yet")), (CHOSEN, _("chosen")), (WITHDRAWN, _("Withdrawn"))]
        self.fields["state"] = forms.ChoiceField(label=_("State"), choices=[EVERY, *states], required=False)
