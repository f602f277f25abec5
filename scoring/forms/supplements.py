"""The form of a supplement: the draft with its lines, added and removed without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Block
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal
from qualityseason.text import clean, parse_count
from scoring.models import Category, Supplement
from scoring.queries.recording import PricedRule
from scoring.services.supplement_checks import (
    MAXIMUM_LABEL,
    MAXIMUM_LINES,
    MAXIMUM_QUANTITY,
    MAXIMUM_TEXT,
    MAXIMUM_TITLE,
    MAXIMUM_UNIT,
    ChangeDraft,
    SupplementDraft,
)

ROWS = "row"  # one value for each line: the code of its rule, or NEW
NEW = "+"
WORDS = ("label", "points", "text")
NEW_WORDS = ("code", "category", "block", "unit", "maximum")


class PointsInput(forms.CharField):
    """A price as people write it: 0.5, ０.５, .50."""

    default_error_messages = {"invalid": gettext_lazy("Write the price like 0.50, with at most two decimals.")}

    def clean(self, value: Any) -> Any:
        """Return the price as Decimal with two decimals."""
        typed = clean(super().clean(value))
        try:
            points = Decimal(typed)
            if not points.is_finite() or points != points.quantize(Decimal("0.01")):
                raise ArithmeticError
        except ArithmeticError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return points.quantize(Decimal("0.01"))


class CountInput(forms.CharField):
    """A whole number as people write it."""

    default_error_messages = {"invalid": gettext_lazy("Write a whole number.")}

    def clean(self, value: Any) -> Any:
        """Return the number."""
        try:
            return parse_count(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


@dataclass(frozen=True)
class Line:
    """A line of the form: `priced` is the rule as it reads now, None for a new one."""

    place: int
    kind: str
    priced: PricedRule | None
    fields: tuple[forms.BoundField, ...]
    short: tuple[forms.BoundField, ...]


class SupplementForm(forms.Form):
    """A draft; which rules its lines are about stands in hidden values of its own."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=MAXIMUM_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    text = forms.CharField(
        label=gettext_lazy("What is to be decided, and why"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    applies_from = DayField(
        label=gettext_lazy("Applies to facts from"),
        help_text=gettext_lazy("This day already counts. Facts before it keep text and price."),
    )
    rerecords = forms.BooleanField(
        label=gettext_lazy("Waiting deductions are recorded again at the new price"),
        required=False,
        help_text=gettext_lazy("Those not confirmed yet, of facts from that day on. Confirmed ones stay as they are."),
    )

    def __init__(
        self,
        *args: Any,
        rules: Sequence[PricedRule],
        categories: Sequence[Category],
        blocks: Sequence[Block],
        kinds: Sequence[str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.rules = {priced.code: priced for priced in rules}
        self.kinds = [kind for kind in kinds if kind == NEW or kind in self.rules][:MAXIMUM_LINES]
        self._categories = {category.code: category for category in categories}
        self._blocks = {block.code: block for block in blocks}
        for place, kind in enumerate(self.kinds):
            self._add_line(place, is_new=kind == NEW)

    def _add_line(self, place: int, *, is_new: bool) -> None:
        if is_new:
            choose = [("", _("Choose…")), *((code, row.name) for code, row in self._categories.items())]
            everywhere = [("", _("all blocks")), *((code, row.name) for code, row in self._blocks.items())]
            self.fields[f"code_{place}"] = _text(_("Code"), 16, css="input-short")
            self.fields[f"category_{place}"] = forms.ChoiceField(label=_("Category"), choices=choose)
            self.fields[f"block_{place}"] = forms.ChoiceField(label=_("Block"), choices=everywhere, required=False)
            self.fields[f"unit_{place}"] = _text(_("Unit"), MAXIMUM_UNIT, css="input-short", required=False)
            self.fields[f"maximum_{place}"] = CountInput(
                label=_("Largest quantity of one line"),
                initial="1",
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short"}),
                help_text=_("From 1 to %(maximum)d.") % {"maximum": MAXIMUM_QUANTITY},
            )
        self.fields[f"label_{place}"] = _text(_("Short name"), MAXIMUM_LABEL)
        self.fields[f"points_{place}"] = PointsInput(
            label=_("Price in points"), widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-short"})
        )
        self.fields[f"text_{place}"] = forms.CharField(
            label=_("Text of the clause"), max_length=MAXIMUM_TEXT, widget=forms.Textarea(attrs={"rows": 3})
        )

    @property
    def lines(self) -> list[Line]:
        """The lines as the page draws them."""
        return [
            Line(
                place,
                kind,
                self.rules.get(kind),
                fields=tuple(self[f"{name}_{place}"] for name in ("label", "text")),
                short=tuple(
                    self[f"{name}_{place}"] for name in ((*NEW_WORDS, "points") if kind == NEW else ("points",))
                ),
            )
            for place, kind in enumerate(self.kinds)
        ]

    @property
    def addable(self) -> list[PricedRule]:
        """The rules no line is about yet."""
        return [priced for code, priced in self.rules.items() if code not in self.kinds]

    @property
    def draft(self) -> SupplementDraft:
        """What the service takes."""
        data = self.cleaned_data
        changes = [self._change(place, kind) for place, kind in enumerate(self.kinds)]
        return SupplementDraft(data["title"], data["text"], data["applies_from"], data["rerecords"], changes)

    def _change(self, place: int, kind: str) -> ChangeDraft:
        words = {name: self.cleaned_data[f"{name}_{place}"] for name in WORDS}
        if kind != NEW:
            return ChangeDraft(**words, rule=self.rules[kind].rule)
        of_line = {name: self.cleaned_data[f"{name}_{place}"] for name in NEW_WORDS}
        of_line["category"] = self._categories[of_line["category"]]
        of_line["block"] = self._blocks.get(of_line["block"])
        return ChangeDraft(**words, **of_line)

    def refuse(self, refused: Refused, version: int | None) -> None:
        """Put a refusal where it belongs; a stale draft rests on what stands there now when it is sent again."""
        if refused.refusal_code == "stale" and version is not None and isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["version"] = str(version)
            self.data = data
        add_refusal(self, refused)


def fresh(rules: Mapping[str, PricedRule], code: str, *, title: str = "") -> tuple[list[str], dict[str, Any]]:
    """Return lines and values a new draft starts with: of one rule where it is named."""
    initial: dict[str, Any] = {"uuid": uuid4(), "title": title[:MAXIMUM_TITLE]}
    return ([code], initial | _reading(rules[code], 0)) if code in rules else ([], initial)


def values_of(supplement: Supplement) -> tuple[list[str], dict[str, Any]]:
    """Return lines and values of a draft that stands. One query."""
    names = ("title", "text", "applies_from", "rerecords", "version", "uuid")
    initial: dict[str, Any] = {name: getattr(supplement, name) for name in names}
    kinds = []
    for place, change in enumerate(supplement.changes.select_related("rule", "category", "block")):
        kinds.append(change.rule.code if change.rule is not None else NEW)
        of_line = {name: getattr(change, name) for name in (*WORDS, "code", "unit", "maximum")}
        of_line["category"] = change.category.code if change.category is not None else ""
        of_line["block"] = change.block.code if change.block is not None else ""
        initial |= {f"{name}_{place}": value for name, value in of_line.items()}
    return kinds, initial


def rearranged(data: QueryDict, rules: Mapping[str, PricedRule]) -> tuple[list[str], dict[str, Any]] | None:
    """Return lines and values after one was added or removed (buttons `add`, `new`, `remove`), None to save."""
    kinds = data.getlist(ROWS)
    typed: dict[str, Any] = {name: data.get(name) for name in data}
    typed["rerecords"] = "rerecords" in data  # a box not ticked is not sent
    if "remove" in data:
        try:
            gone = parse_count(data["remove"])
        except ValueError:
            gone = -1
        return _without(kinds, typed, gone)
    if "new" in data:
        return [*kinds, NEW], typed
    if "add" in data:
        code = data.get("rule", "")
        if code not in rules or code in kinds:
            return kinds, typed
        return [*kinds, code], typed | _reading(rules[code], len(kinds))
    return None


def _without(kinds: list[str], typed: dict[str, Any], gone: int) -> tuple[list[str], dict[str, Any]]:
    left = [place for place in range(len(kinds)) if place != gone]
    values = dict(typed)
    for place, was in enumerate(left):
        values |= {f"{name}_{place}": typed.get(f"{name}_{was}") for name in (*WORDS, *NEW_WORDS)}
    return [kinds[place] for place in left], values


def _reading(priced: PricedRule, place: int) -> dict[str, Any]:
    return {
        f"label_{place}": priced.label,
        f"text_{place}": priced.version.text,
        f"points_{place}": f"{priced.points:.2f}",
    }


def _text(label: str, limit: int, *, css: str = "", required: bool = True) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": css})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget)
