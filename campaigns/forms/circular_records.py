"""Forms of what is recorded of a circular: its relay, its execution; and why something is withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import CircularRecipient, StaffMember
from campaigns.queries.circular_page import PostedPerson
from campaigns.services.circular_records import MAXIMUM_HOW, MAXIMUM_WHAT
from campaigns.services.circulars import MAXIMUM_REASON
from qualityseason.forms import DayField

TO_ALL, TO_SOME = "all", "some"


class RelayForm(forms.Form):
    """When, to which staff and how a department relayed a circular."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    relayed_on = DayField(label=gettext_lazy("Relayed on"))
    to = forms.ChoiceField(
        label=gettext_lazy("To which staff"),
        choices=[(TO_ALL, gettext_lazy("All of the department")), (TO_SOME, gettext_lazy("Chosen persons"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[PostedPerson], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = people
        staff = StaffMember.objects.filter(pk__in=[person.member.pk for person in people])
        self.fields["persons"] = forms.ModelMultipleChoiceField(
            staff, to_field_name="uuid", required=False, label=_("Persons")
        )
        self.fields["how"] = forms.CharField(
            label=_("How"),
            max_length=MAXIMUM_HOW,
            required=False,
            help_text=_("A meeting, read out, passed round, posted up…"),
        )

    def clean(self) -> dict[str, Any]:
        """Take persons ticked without further words as chosen; ask where nothing says to whom."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("to") and not self.errors.keys() & {"to", "persons"}:
            if data.get("persons"):
                data["to"] = TO_SOME
            else:
                self.add_error("to", _("Say to whom it was relayed."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        to_all = data["to"] == TO_ALL
        return {
            "relayed_on": data["relayed_on"],
            "to_all": to_all,
            "persons": [] if to_all else list(data["persons"]),
            "how": data["how"],
            "version": data["version"],
        }

    @property
    def offered(self) -> list[tuple[PostedPerson, bool]]:
        """The persons, each with whether it is ticked."""
        ticked = {str(value) for value in self["persons"].value() or ()}
        return [(person, str(person.member.uuid) in ticked) for person in self.people]


def relay_initial(recipient: CircularRecipient, *, on: date) -> dict[str, Any]:
    """Return what the form of the relay is opened with."""
    if recipient.relayed_on is None:
        return {"version": recipient.version, "relayed_on": on.isoformat()}
    return {
        "version": recipient.version,
        "relayed_on": recipient.relayed_on.isoformat(),
        "to": TO_ALL if recipient.relayed_to_all else TO_SOME,
        "persons": [str(person.uuid) for person in recipient.relayed_to.all()],
        "how": recipient.relayed_how,
    }


class CarryOutForm(forms.Form):
    """When a department carried a circular out, and what it did."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    carried_out_on = DayField(label=gettext_lazy("Carried out on"))
    what = forms.CharField(
        label=gettext_lazy("What was done"), max_length=MAXIMUM_WHAT, widget=forms.Textarea(attrs={"rows": 6})
    )


def carry_out_initial(recipient: CircularRecipient, *, on: date) -> dict[str, Any]:
    """Return what the form of the execution is opened with."""
    day = recipient.carried_out_on or on
    return {"version": recipient.version, "carried_out_on": day.isoformat(), "what": recipient.carried_out}


class WithdrawForm(forms.Form):
    """Why something is withdrawn."""

    because = forms.CharField(
        label=gettext_lazy("Why"), max_length=MAXIMUM_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
