"""Forms of the leading group's decisions about places: ties, and the departments to commend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from campaigns.forms.honours import TicksField, changed
from campaigns.forms.people import CHOOSE
from campaigns.models import Decision
from qualityseason.errors import Refused
from scoring.forms.decisions import DecisionForm


class RankTieForm(DecisionForm):
    """Who of those tied comes first."""

    def __init__(self, *args: Any, tied: Sequence[tuple[UUID, str]], rank: int, **options: Any) -> None:
        self._tied = tied
        self._places = [str(place) for place in range(rank, rank + len(tied))]
        super().__init__(*args, **options)
        for name, (_uuid, department) in zip(self.rank_names, tied, strict=True):
            label = _("Rank of %(department)s") % {"department": department}
            choices = [CHOOSE, *((place, place) for place in self._places)]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)
        self.fields["tied"] = TicksField(initial=[str(uuid) for uuid, _name in tied])
        self.order_fields([*self.rank_names, *self.COMMON])

    @property
    def rank_names(self) -> list[str]:
        """The names of the fields for the ranks, by department: a tie that changed keeps what was typed."""
        return [f"rank_{uuid.hex}" for uuid, _name in self._tied]

    @property
    def values(self) -> dict[str, Any]:
        """The departments in their order."""
        pairs = zip(self.rank_names, self._tied, strict=True)
        ranked = sorted((int(self.cleaned_data[name]), uuid) for name, (uuid, _name) in pairs)
        return {"order": [uuid for _rank, uuid in ranked]}

    def clean(self) -> dict[str, Any]:
        """Refuse a rank given twice."""
        data = super().clean() or self.cleaned_data
        given = [data[name] for name in self.rank_names if data.get(name)]
        if len(given) == len(self._places) and sorted(given, key=int) != self._places:
            message = _("Each of the tied departments needs a rank of its own, from %(first)s to %(last)s.")
            self.add_error(self.rank_names[0], message % {"first": self._places[0], "last": self._places[-1]})
        return data


class CommendedForm(DecisionForm):
    """Which departments of a publication are commended; the page draws its ticks."""

    publication = forms.UUIDField(widget=forms.HiddenInput)
    chosen = TicksField(required=False)

    @staticmethod
    def said_in(standing: Decision | None) -> dict[str, Any]:
        """Return who is commended by now."""
        return {"chosen": list(standing.data["departments"])} if standing is not None else {}

    @property
    def ticks(self) -> frozenset[str]:
        """The departments ticked so far."""
        return frozenset(str(uuid) for uuid in self["chosen"].value() or ())

    @property
    def values(self) -> dict[str, Any]:
        """Who is ticked."""
        return {"chosen": self.cleaned_data["chosen"]}

    def rest_on(self, publication: UUID, refused: Refused) -> None:
        """Let the next sending name from that publication, where another one was current by now."""
        if refused.refusal_code == "replaced":
            self.data = changed(self.data, "publication", str(publication))
