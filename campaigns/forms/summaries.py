"""Forms of summaries: beginning one or a material, and filtering the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Role, SummaryKind
from campaigns.forms.fields import DepartmentField
from campaigns.forms.people import EVERY
from campaigns.models import Campaign, Department
from campaigns.queries.summaries import NO_PIECE, NO_SUMMARY, NOT_YET


class StartSummaryForm(forms.Form):
    """What is begun and whose it is: of the own departments, for the office of any it has no interest in."""

    kind = forms.ChoiceField(label="", choices=SummaryKind.choices)
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, campaign: Campaign, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].label = _("What is written")
        field = DepartmentField(campaign)
        offered = Department.objects.filter(campaign=campaign).order_by("order")
        if actor.has(Role.OFFICE):
            field.queryset = offered.exclude(pk__in=actor.interests - actor.departments)
        else:
            field.queryset = offered.filter(pk__in=actor.departments)
        self.fields["department"] = field


class SummaryFilter(forms.Form):
    """Filtering the list of summaries."""

    def __init__(self, *args: Any, blocks: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        lacking = [
            (NOT_YET, _("Something not handed in yet")),
            (NO_SUMMARY, _("Summary not handed in yet")),
            (NO_PIECE, _("No material handed in yet")),
        ]
        self.fields["show"] = forms.ChoiceField(label=_("Show"), choices=[EVERY, *lacking], required=False)
