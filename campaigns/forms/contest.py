"""Forms of the plan contest."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.files import FilesField
from campaigns.forms.staff import EditForm
from campaigns.queries.contest import TieRow
from campaigns.services.contest import MAXIMUM_COMMENT, MAXIMUM_REASON, MOST
from campaigns.services.contest_ties import MAXIMUM_PRESENT, MAXIMUM_TEXT
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from qualityseason.text import parse_count, parse_uuid


class CountField(forms.CharField):
    """A whole number as people type it: 85, “８５”, 85.0."""

    default_error_messages = {"invalid": gettext_lazy("Write a whole number from 0 to 100.")}

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "input-short"}
        super().__init__(max_length=12, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> int:
        """Return the number."""
        typed = super().clean(value)
        try:
            found = parse_count(typed)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if not 0 <= found <= MOST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class OpeningForm(forms.Form):
    """The last day of judging."""

    judged_until = DayField(
        label=gettext_lazy("Last day for judging"),
        help_text=gettext_lazy("Judging goes on until the office closes it; this day tells the judges what to aim at."),
    )


class BallotForm(EditForm):
    """What a judge gives one plan: a field for each criterion of the season."""

    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=MAXIMUM_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Read by office, leading group and head of the team once judging is closed."),
    )

    def __init__(self, *args: Any, criteria: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._criteria = {f"points_{number}": criterion for number, criterion in enumerate(criteria)}
        for name, criterion in self._criteria.items():
            self.fields[name] = CountField(label=criterion)
        self.order_fields(["version", *self._criteria, "comment"])

    @property
    def points(self) -> dict[str, int]:
        """The points by criterion."""
        return {criterion: self.cleaned_data[name] for name, criterion in self._criteria.items()}

    @property
    def known_version(self) -> int:
        """The version of the ballot the form was filled from, 0 for none."""
        try:
            return parse_count(self.cleaned_data["version"] or 0)
        except ValueError:
            return 0

    def refuse(self, refused: Refused, version: int) -> None:
        """Put a refusal where it belongs; a stale form replaces what stands there when it is sent again."""
        for name, criterion in self._criteria.items():
            if refused.field == criterion:
                self.add_error(name, refused.sentence)
                return
        self.add_stale(refused, str(version))


class ClosingForm(forms.Form):
    """Closing judging; asked only where ballots are missing."""

    accepts_missing = forms.BooleanField(
        required=False, label=gettext_lazy("Close judging although these ballots are missing")
    )

    def __init__(self, *args: Any, asks: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks:
            del self.fields["accepts_missing"]


class ReopeningForm(forms.Form):
    """Why judging is opened again."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=MAXIMUM_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class TieForm(forms.Form):
    """The leading group's decision on a tie: who comes first, when and by whom it was decided."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    standing = forms.CharField(required=False, widget=forms.HiddenInput)
    decided_on = DayField(label=gettext_lazy("Decided on"))
    present = forms.CharField(
        label=gettext_lazy("Who was there"),
        max_length=MAXIMUM_PRESENT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What was decided, and why"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, tie: TieRow, needs_paper: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._entries = tie.entries
        self._places = [str(place) for place in range(tie.rank, tie.rank + len(tie.entries))]
        choices = [("", _("Choose…")), *((place, place) for place in self._places)]
        for number, (_uuid, department) in enumerate(tie.entries):
            label = _("Rank of %(department)s") % {"department": department}
            self.fields[f"rank_{number}"] = forms.ChoiceField(label=label, choices=choices)
        self.fields["files"] = FilesField(
            required=needs_paper,
            label=gettext_lazy("Minutes of the decision"),
            help_text=gettext_lazy("The signed paper as a picture or PDF."),
        )
        self.order_fields(["uuid", "standing", *self.rank_names, "decided_on", "present", "text", "files"])

    @staticmethod
    def fresh(standing: UUID | None) -> dict[str, Any]:
        """Return what an empty form starts with: an id of its own, and the decision it would replace."""
        return {"uuid": uuid.uuid4(), "standing": str(standing or "")}

    @property
    def rank_names(self) -> list[str]:
        """The names of the fields for the ranks."""
        return [f"rank_{number}" for number in range(len(self._entries))]

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        ranked = sorted(
            (int(data[name]), uuid) for name, (uuid, _department) in zip(self.rank_names, self._entries, strict=True)
        )
        return {
            "uuid": data["uuid"],
            "standing": parse_uuid(data["standing"]),
            "order": [uuid for _rank, uuid in ranked],
            "decided_on": data["decided_on"],
            "present": data["present"],
            "text": data["text"],
            "uploads": data["files"],
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a rank given twice."""
        data = super().clean() or self.cleaned_data
        given = [data[name] for name in self.rank_names if data.get(name)]
        if len(given) == len(self._places) and sorted(given, key=int) != self._places:
            message = _("Each of the tied plans needs a rank of its own, from %(first)s to %(last)s.")
            self.add_error(self.rank_names[0], message % {"first": self._places[0], "last": self._places[-1]})
        return data

    def refuse(self, refused: Refused, standing: UUID | None) -> None:
        """Put a refusal where it belongs; a stale form replaces what stands there when it is sent again."""
        if refused.refusal_code == "stale":
            data: Any = self.data
            data = data.copy()
            data["standing"] = str(standing or "")
            data.waiting = getattr(self.data, "waiting", {})
            self.data = data
        add_refusal(self, refused)
