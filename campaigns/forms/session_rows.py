"""The rows of a session's form: sittings and leaders invited, and how people write a time of day."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import LeaderPost
from campaigns.forms.people import CHOOSE
from campaigns.services.session_drafts import InvitationDraft, SittingDraft
from qualityseason.forms import DayField
from qualityseason.text import clean, parse_uuid

SPARE = 2  # rows, for who has no script
MAXIMUM_ROWS = 20
TIME = re.compile(r"^(上午|下午|晚上)?\s*(\d{1,2})\s*(?:[:.点时]\s*(\d{1,2})?\s*分?)?$")
HALF_PAST = re.compile(r"^(.*[点时])半$")


def parse_time(typed: object) -> time:
    """Return a time of day from 14:30, 14：30, 14.30, 1430, 14点30分, 下午2点半; raises ValueError otherwise."""
    text = HALF_PAST.sub(r"\g<1>30", clean(typed))
    if re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}:{text[2:]}"
    match = TIME.match(text)
    if not match or match[0].isdigit():
        raise ValueError("not a time")
    hour, minute = int(match[2]), int(match[3] or 0)
    if match[1] in ("下午", "晚上") and hour < 12:
        hour += 12
    return time(hour, minute)


class TimeField(forms.Field):
    """A time of day as people write it."""

    default_error_messages = {"invalid": gettext_lazy("Write the time like 14:30.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> time | None:
        """Return the time, or None when nothing was typed."""
        if value in self.empty_values:
            return None
        try:
            return parse_time(value)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Return a time as it is typed."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


class RowForm(forms.Form):
    """A row of a form; one that is empty is none."""

    telling: tuple[str, ...] = ()  # the fields that make it a row

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            css = field.widget.attrs.get("class", "")
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            kind = "form-check-input" if isinstance(field.widget, forms.CheckboxInput) else kind
            field.widget.attrs["class"] = f"{css} {kind}".strip()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed that makes it a row."""
        return not any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.telling)


class SittingForm(RowForm):
    """One sitting."""

    telling = ("day", "time", "place")

    day = DayField(label=gettext_lazy("Date"), required=False)
    time = TimeField(label=gettext_lazy("Time"), required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    is_make_up = forms.BooleanField(label=gettext_lazy("Make-up sitting"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for date and time of a row that says anything."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.is_empty:
            if data.get("day") is None and "day" not in self.errors:
                self.add_error("day", _("Give the date of this sitting, or empty its row."))
            if data.get("time") is None and "time" not in self.errors:
                self.add_error("time", _("Give the time of this sitting."))
        return data

    def draft(self) -> SittingDraft:
        """Return the row as the service takes it."""
        data = self.cleaned_data
        start = timezone.make_aware(datetime.combine(data["day"], data["time"]))
        return SittingDraft(start, data["place"], data["is_make_up"], was=parse_moment(data["was"]))


class InvitationForm(RowForm):
    """One leader invited."""

    telling = ("name",)

    post = forms.ChoiceField(label=gettext_lazy("As"), choices=[CHOOSE, *LeaderPost.choices], required=False)
    name = forms.CharField(label=gettext_lazy("Leader's name"), max_length=64, required=False)
    invited_on = DayField(label=gettext_lazy("Invited on"), required=False)

    def draft(self) -> InvitationDraft:
        """Return the row as the service takes it."""
        data = self.cleaned_data
        return InvitationDraft(data["post"], data["name"], data["invited_on"], was=parse_uuid(data["was"]))


def filled(rows: forms.BaseFormSet[Any]) -> list[Any]:
    """Return the rows that say something."""
    return [form for form in rows.forms if not form.is_empty]


def renew(form: forms.Form, **values: Any) -> None:
    """Put newer values into what was typed: after a stale sending, the mark of what stands there now."""
    data = QueryDict(mutable=True)
    for name in form.data:
        data.setlist(name, form.data.getlist(name) if isinstance(form.data, QueryDict) else [form.data[name]])
    for name, value in values.items():
        data[name] = str(value)
    form.data = data


Sittings = forms.formset_factory(
    SittingForm, extra=SPARE, max_num=MAXIMUM_ROWS, absolute_max=MAXIMUM_ROWS, validate_max=True
)
Invitations = forms.formset_factory(
    InvitationForm, extra=SPARE, max_num=MAXIMUM_ROWS, absolute_max=MAXIMUM_ROWS, validate_max=True
)


def parse_moment(text: str) -> datetime | None:
    """Return the start of a sitting a hidden field names, None when it names none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else None
