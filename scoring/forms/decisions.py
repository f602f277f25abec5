"""Forms of the leading group's decisions about the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import DecisionKind
from campaigns.forms.files import FilesField
from campaigns.forms.honours import changed
from campaigns.forms.people import EVERY
from campaigns.models import Block, Campaign, Decision
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from qualityseason.text import parse_uuid
from scoring.enums import Basis, Visibility
from scoring.enums.appraisals import Appraisal
from scoring.forms.decision_fields import NumberField, PercentField
from scoring.services.decisions import MAXIMUM_PRESENT, MAXIMUM_TEXT, DecisionDraft


class DecisionForm(forms.Form):
    """What every decision says: when, who was there, what and why, and the paper."""

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
    COMMON = ("decided_on", "present", "text", "files")

    def __init__(self, *args: Any, standing: Decision | None, needs_paper: bool, **options: Any) -> None:
        fresh = {"uuid": uuid4(), "standing": str(standing.uuid) if standing is not None else ""}
        options["initial"] = self.said_in(standing) | options.get("initial", {}) | fresh
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(
            required=needs_paper,
            label=gettext_lazy("Minutes of the decision"),
            help_text=gettext_lazy("The signed paper as a picture or PDF."),
        )

    @staticmethod
    def said_in(standing: Decision | None) -> dict[str, Any]:
        """Return what the fields of the kind start with: what stands now."""
        return {}

    @property
    def draft(self) -> DecisionDraft:
        """What the service takes of every decision."""
        data = self.cleaned_data
        return DecisionDraft(
            uuid=data["uuid"],
            decided_on=data["decided_on"],
            present=data["present"],
            text=data["text"],
            standing=parse_uuid(data["standing"]),
            uploads=data["files"],
        )

    @property
    def values(self) -> dict[str, Any]:
        """What the service of the kind takes besides."""
        raise NotImplementedError

    def refuse(self, refused: Refused, standing: Decision | None) -> None:
        """Put a refusal where it belongs; a stale form replaces what stands there when it is sent again."""
        if refused.refusal_code == "stale":
            self.data = changed(self.data, "standing", str(standing.uuid) if standing is not None else "")
        add_refusal(self, refused)


class BasisForm(DecisionForm):
    """On which basis scores are read."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["basis"] = forms.ChoiceField(
            label=gettext_lazy("Basis"), choices=Basis.choices, widget=forms.RadioSelect
        )
        self.order_fields(["basis", *self.COMMON])

    @property
    def values(self) -> dict[str, Any]:
        """The basis."""
        return {"basis": self.cleaned_data["basis"]}


class ConversionForm(DecisionForm):
    """How much of the result each yearly appraisal takes in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for one in Appraisal:
            self.fields[one.value] = PercentField(
                label=one.label, help_text=gettext_lazy("Percent of the total; empty where it is not decided.")
            )
        self.order_fields([*Appraisal.values, *self.COMMON])

    @staticmethod
    def said_in(standing: Decision | None) -> dict[str, Any]:
        """Return the percentages that stand."""
        return dict(standing.data["percentages"]) if standing is not None else {}

    @property
    def values(self) -> dict[str, Any]:
        """The percentages by appraisal."""
        return {"percentages": {one.value: self.cleaned_data[one.value] for one in Appraisal}}


class NumbersForm(DecisionForm):
    """How many departments of each block are commended."""

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        blocks = Block.objects.filter(campaign=campaign).order_by("order").values_list("code", "name")
        self._blocks = {f"number_{number}": code for number, (code, _name) in enumerate(blocks)}
        super().__init__(*args, **options)
        said = self.initial
        for (name, code), (_code, label) in zip(self._blocks.items(), blocks, strict=True):
            self.fields[name] = NumberField(label=label, help_text=_("Departments to commend; empty where undecided."))
            if code in said:
                self.initial[name] = said[code]
        self.order_fields([*self._blocks, *self.COMMON])

    @staticmethod
    def said_in(standing: Decision | None) -> dict[str, Any]:
        """Return the numbers that stand."""
        return dict(standing.data["numbers"]) if standing is not None else {}

    @property
    def values(self) -> dict[str, Any]:
        """The numbers by block."""
        return {"numbers": {code: self.cleaned_data[name] for name, code in self._blocks.items()}}

    def refuse(self, refused: Refused, standing: Decision | None) -> None:
        """Put a refusal at the field of its block."""
        names = {code: name for name, code in self._blocks.items()}
        if refused.field in names:
            self.add_error(names[refused.field], refused.sentence)
        else:
            super().refuse(refused, standing)


class VisibilityForm(DecisionForm):
    """What each department reads of the next publication."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["visibility"] = forms.ChoiceField(
            label=gettext_lazy("What each department reads"),
            choices=Visibility.choices,
            widget=forms.RadioSelect,
            help_text=gettext_lazy("A proposal for publication starts with it and may say otherwise."),
        )
        self.order_fields(["visibility", *self.COMMON])

    @staticmethod
    def said_in(standing: Decision | None) -> dict[str, Any]:
        """Return what stands."""
        return dict(standing.data) if standing is not None else {}

    @property
    def values(self) -> dict[str, Any]:
        """The visibility."""
        return {"visibility": self.cleaned_data["visibility"]}


SIMPLE: Mapping[str, Callable[..., DecisionForm]] = {
    DecisionKind.CONVERSION: ConversionForm,
    DecisionKind.COMMENDED_NUMBER: NumbersForm,
    DecisionKind.VISIBILITY: VisibilityForm,
}


class RegisterFilter(forms.Form):
    """Narrowing the register of decisions."""

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of decision"), choices=[EVERY, *kinds], required=False)
