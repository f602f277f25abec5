"""Forms of exchanges of experience: the event, and who presents, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import ExchangeKind
from campaigns.forms.files import FilesField
from campaigns.forms.people import CHOOSE
from campaigns.forms.session_rows import RowForm, TimeField, filled, renew
from campaigns.models import Department, Exchange, Recommendation
from campaigns.services.exchanges import (
    MAXIMUM_NAME,
    MAXIMUM_PLACE,
    MAXIMUM_PROGRAMME,
    MAXIMUM_TITLE,
    ExchangeDraft,
    PresenterDraft,
)
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal

SPARE = 3  # empty rows
MAXIMUM_ROWS = 40
PREFIX = "presenters"
NONE = ("", gettext_lazy("none"))


class ExchangeForm(forms.Form):
    """The event itself."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[CHOOSE, *ExchangeKind.choices])
    title = forms.CharField(label=gettext_lazy("Title"), max_length=MAXIMUM_TITLE)
    day = DayField(label=gettext_lazy("Date"))
    time = TimeField(label=gettext_lazy("Time"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=MAXIMUM_PLACE)
    programme = forms.CharField(
        label=gettext_lazy("Programme"),
        max_length=MAXIMUM_PROGRAMME,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("A line for each item: when, what."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(label=gettext_lazy("Files"))


class PresenterForm(RowForm):
    """One row: who presents what, for which department."""

    telling = ("department", "name", "topic")

    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    name = forms.CharField(label=gettext_lazy("Presenter"), max_length=MAXIMUM_NAME, required=False)
    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=MAXIMUM_TITLE, required=False)
    recommendation = forms.ChoiceField(label=gettext_lazy("After the recommendation"), required=False)

    def __init__(
        self,
        *args: Any,
        departments: Sequence[tuple[str, Any]],
        recommendations: Sequence[tuple[str, Any]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["department"].choices = [CHOOSE, *departments]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["recommendation"].choices = [NONE, *recommendations]  # type: ignore[attr-defined]  # likewise
        if not recommendations:
            del self.fields["recommendation"]

    def clean(self) -> dict[str, Any]:
        """Ask of a row that says anything for the rest of it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        sentences = {
            "department": _("Choose the department, or empty the row."),
            "name": _("Say who presents."),
            "topic": _("Say on what topic."),
        }
        for name, sentence in sentences.items():
            if not self.is_empty and not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return data


Presenters = forms.formset_factory(
    PresenterForm, extra=SPARE, max_num=MAXIMUM_ROWS, absolute_max=MAXIMUM_ROWS, validate_max=True
)


class ExchangeEntry:
    """The form with its rows, bound and judged together."""

    def __init__(
        self,
        data: Any,
        *,
        departments: Sequence[Department],
        recommendations: Sequence[Recommendation],
        exchange: Exchange | None = None,
        more: bool = False,
    ) -> None:
        self.departments = {str(each.uuid): each for each in departments}
        self.recommendations = {str(each.uuid): each for each in recommendations}
        options = {
            "departments": [(key, each.name) for key, each in self.departments.items()],
            "recommendations": [
                (key, f"{each.recommended.name} · {each.title}") for key, each in self.recommendations.items()
            ],
        }
        initial, rows = _initial(exchange)
        if more:  # shown again with what was typed and more rows, nothing of it judged yet
            initial, rows, data = _typed(data, initial), _typed_rows(data), None
        self.form = ExchangeForm(data, initial=initial)
        if exchange is not None:
            del self.form.fields["uuid"]
        # without initial where it is bound: a row typed as it stood would count as left empty
        self.rows = Presenters(data, prefix=PREFIX, initial=rows if data is None else None, form_kwargs=options)

    def is_valid(self) -> bool:
        """Whether form and rows can go to the service; all are judged."""
        return all([self.form.is_valid(), self.rows.is_valid()])

    def draft(self) -> ExchangeDraft:
        """Return what was typed as the service takes it."""
        data = self.form.cleaned_data
        return ExchangeDraft(
            kind=data["kind"],
            title=data["title"],
            starts_at=timezone.make_aware(datetime.combine(data["day"], data["time"])),
            place=data["place"],
            programme=data["programme"],
            presenters=tuple(
                PresenterDraft(
                    self.departments[row.cleaned_data["department"]],
                    row.cleaned_data["name"],
                    row.cleaned_data["topic"],
                    self.recommendations.get(row.cleaned_data.get("recommendation", "")),
                )
                for row in filled(self.rows)
            ),
        )

    def add_refusal(self, refused: Refused) -> None:
        """Show a service's refusal; after a stale one the next sending replaces what stands there now."""
        if refused.refusal_code == "stale" and isinstance(refused.existing, Exchange):
            renew(self.form, version=refused.existing.version)
        add_refusal(self.form, refused)

    @property
    def row_errors(self) -> list[str]:
        """What is wrong in rows, for the summary."""
        if not self.rows.is_bound:
            return []
        return [str(error) for error in self.rows.non_form_errors()] + [
            _("Row %(row)s, %(field)s: %(error)s")
            % {"row": number, "field": form.fields[name].label if name in form.fields else "", "error": found[0]}
            for number, form in enumerate(self.rows.forms, start=1)
            for name, found in form.errors.items()
        ]


def _initial(exchange: Exchange | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if exchange is None:
        return {"uuid": uuid4()}, []
    start = timezone.localtime(exchange.starts_at)
    rows = [
        {
            "department": str(row.department.uuid),
            "name": row.name,
            "topic": row.topic,
            "recommendation": str(row.recommendation.uuid) if row.recommendation else "",
        }
        for row in exchange.presenters.select_related("department", "recommendation")
    ]
    fields = {name: getattr(exchange, name) for name in ("version", "kind", "title", "place", "programme")}
    return fields | {"day": f"{start:%Y-%m-%d}", "time": start.time()}, rows


def _typed(data: Any, initial: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed into the event's fields as initial values."""
    names = ExchangeForm.base_fields
    return initial | {name: data[name] for name in names if name in data} | {"files": data.uploads("files")}


def _typed_rows(data: Any) -> list[dict[str, Any]]:
    """Return the rows typed as initial values, those left empty left out."""
    rows = []
    for number in range(MAXIMUM_ROWS):
        names = ("department", "name", "topic", "recommendation")
        row = {name: data.get(f"{PREFIX}-{number}-{name}", "") for name in names}
        if any(row.values()):
            rows.append(row)
    return rows
