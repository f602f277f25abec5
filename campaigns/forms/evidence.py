"""Forms of evidence: filing and changing it, withdrawing it, narrowing the list; and the ticks beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from campaigns.calculations.guessing import Tick
from campaigns.calculations.months import first_day_of_month
from campaigns.enums import EvidenceTarget
from campaigns.forms.fields import DepartmentField
from campaigns.forms.files import FilesField
from campaigns.forms.people import EVERY
from campaigns.models import Campaign
from campaigns.queries.evidence_candidates import tick_of
from campaigns.queries.evidence_pages import UNFILED, WITHDRAWN, months_of
from campaigns.services.evidence import MAXIMUM_REASON
from campaigns.services.evidence_judging import MAXIMUM_TEXT
from qualityseason.forms import DayField
from qualityseason.text import parse_uuid

MOST = 300  # ticks read from one form


class EvidenceForm(forms.Form):
    """Files, one sentence, a day; ``version`` is of the record being changed."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("What it shows, in one sentence"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    happened_on = DayField(label=_("When it happened"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(label=_("Files"))
        self.order_fields(["uuid", "version", "files"])


class WithdrawForm(forms.Form):
    """Why evidence is taken back."""

    because = forms.CharField(label=_("Reason"), max_length=MAXIMUM_REASON, widget=forms.Textarea(attrs={"rows": 2}))


class EvidenceFilter(forms.Form):
    """Narrowing the list of evidence."""

    def __init__(self, *args: Any, campaign: Campaign, has_departments: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if has_departments:
            self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
        months = [(month, date_format(first_day_of_month(month), "YEAR_MONTH_FORMAT")) for month in months_of(campaign)]
        states = [("", _("standing")), (UNFILED, _("unfiled")), (WITHDRAWN, _("withdrawn"))]
        targets = [EVERY, *EvidenceTarget.choices]
        self.fields["target"] = forms.ChoiceField(label=_("What it proves"), choices=targets, required=False)
        if self.data.get("key"):  # a link from a view over evidence names the one thing proven, too
            self.fields["key"] = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
        self.fields["month"] = forms.ChoiceField(label=_("Month"), choices=[EVERY, *months], required=False)
        self.fields["state"] = forms.ChoiceField(label=_("State"), choices=states, required=False)


@dataclass(frozen=True)
class Ticks:
    """The boxes of a form: ticked now; ticked by the portal last time; unticked by people before.

    ``is_shown`` whether the form had boxes at all, ``twins`` the records of equal files people were told of.
    """

    ticked: tuple[Tick, ...] = ()
    guessed: tuple[Tick, ...] = ()
    declined: tuple[Tick, ...] = ()
    is_shown: bool = False
    twins: frozenset[UUID] = frozenset()


def ticks_in(data: QueryDict) -> Ticks:
    """Return the boxes of what was sent; what is no tick is left out by the service with a sentence."""
    twins = (parse_uuid(text) for text in data.getlist("twin")[:MOST])
    return Ticks(
        ticked=_ticks(data.getlist("targets")),
        guessed=_ticks(data.getlist("guessed")),
        declined=_ticks(data.getlist("declined")),
        is_shown="shown" in data,
        twins=frozenset(twin for twin in twins if twin is not None),
    )


def _ticks(values: Sequence[str]) -> tuple[Tick, ...]:
    pairs = (value.partition(":") for value in values[:MOST])
    return tuple(dict.fromkeys(tick_of(target, key) for target, _colon, key in pairs))
