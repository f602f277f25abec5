"""The form of an inspection: the visit itself and what was seen of each rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.files import FilesField
from campaigns.models import Department
from qualityseason.clock import day_of
from qualityseason.models import User
from qualityseason.text import clean, parse_date, tidy
from scoring.enums import STORED_RESULTS, InspectionKind, MarkResult
from scoring.forms.asking import Asking, department_to_assess
from scoring.models import Inspection
from scoring.queries.inspections import Before
from scoring.queries.recording import BlockChoice, PricedRule, RuleGroup
from scoring.services.inspections import InspectionDraft, MarkDraft

ISO_LENGTH = len("YYYY-MM-DD")


@dataclass(frozen=True)
class MarkEntry:
    """One rule on the form with what was typed of it, what was found before, and what somebody else wrote meanwhile."""

    priced: PricedRule
    draft: MarkDraft
    before: Before | None
    lines: int
    theirs: MarkDraft | None

    @property
    def name(self) -> str:
        """What the names of its fields end with."""
        return self.priced.code

    @property
    def results(self) -> list[tuple[str, str, bool]]:
        """The choices with what is chosen."""
        return [(str(one), str(one.label), one == self.draft.result) for one in STORED_RESULTS]

    @property
    def theirs_label(self) -> str:
        """What somebody else chose."""
        return str(MarkResult(self.theirs.result).label) if self.theirs else ""


class InspectionForm(forms.Form):
    """What was typed about a visit; `draft()` is what the service takes. The marks are read from `data` by rule id."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    department = forms.CharField(label=gettext_lazy("Department"), widget=forms.Select)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=InspectionKind.choices,
        initial=InspectionKind.REGULAR,
        widget=forms.RadioSelect,
    )
    day = forms.CharField(label=gettext_lazy("Date of the visit"))
    started = forms.CharField(label=gettext_lazy("Began"), widget=forms.TextInput(attrs={"type": "time"}))
    ended = forms.CharField(label=gettext_lazy("Ended"), required=False, widget=forms.TextInput(attrs={"type": "time"}))
    assessors = forms.MultipleChoiceField(
        label=gettext_lazy("Assessors"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Name at least one assessor."),
            "invalid_choice": gettext_lazy("Only members of the team without an interest in the department assess it."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        request: Asking,
        choices: Sequence[BlockChoice],
        assessors: Sequence[User],
        initial: dict[str, Any] | None = None,
        fixed: Department | None = None,
    ) -> None:
        super().__init__(data, initial={"uuid": uuid4()} | (initial or {}))
        self.request, self.fixed = request, fixed
        self.ids = {one.username: one.pk for one in assessors}
        blocks = [(one.block.name, [(str(d.uuid), d.full_name) for d in one.departments]) for one in choices]
        self.fields["department"].widget.choices = [("", _("Choose…")), *blocks]
        self.fields["assessors"].choices = [(one.username, str(one)) for one in assessors]  # type: ignore[attr-defined]  # a choice field
        if fixed is not None:
            del self.fields["department"]
        self.fields["files"] = FilesField(
            label=_("Photos and files"),
            help_text=_("They are the team's own. What the department is to see belongs to a deduction."),
        )
        self._native_day()

    def clean_department(self) -> Department:
        """Return the department; one of own interest is refused with the sentence."""
        return department_to_assess(self.request, self.cleaned_data["department"])

    def clean_day(self) -> date:
        """Return the day however it was typed."""
        try:
            return parse_date(self.cleaned_data["day"])
        except ValueError as error:
            raise forms.ValidationError(_("Write the date as 2009-11-06."), code="date") from error

    def clean_started(self) -> time:
        """Return when the visit began."""
        return _time(self.cleaned_data["started"])

    def clean_ended(self) -> time | None:
        """Return when it ended, None while it goes on."""
        return _time(self.cleaned_data["ended"]) if clean(self.cleaned_data["ended"]) else None

    def clean_note(self) -> str:
        """Return the text as one person would read it."""
        return tidy(self.cleaned_data["note"])

    def draft(self, groups: Iterable[RuleGroup]) -> InspectionDraft:
        """Return what is to be saved; the form must be valid. `groups` are the rules that could be marked."""
        typed = self.cleaned_data
        ended = typed["ended"]
        return InspectionDraft(
            uuid=typed["uuid"],
            kind=typed["kind"],
            department=self.fixed or typed["department"],
            assessor_ids=frozenset(self.ids[name] for name in typed["assessors"]),
            started_at=_moment(typed["day"], typed["started"]),
            ended_at=_moment(typed["day"], ended) if ended else None,
            note=typed["note"],
            marks=marks_typed(self.data, groups),
            files=typed["files"],
        )

    def _native_day(self) -> None:
        typed = str(self["day"].value() or "")
        attrs = {"autocomplete": "off"}
        if not typed or _is_iso(typed):
            campaign, today = self.request.campaign, day_of(self.request.at)
            last = min(campaign.facts_until, today)
            attrs |= {"type": "date", "min": campaign.facts_from.isoformat(), "max": last.isoformat()}
        self.fields["day"].widget = forms.TextInput(attrs=attrs)


def values_of(inspection: Inspection, draft: InspectionDraft, *, people: Sequence[User]) -> dict[str, Any]:
    """Return a stored inspection as the form's fields are filled with it."""
    started, ended = timezone.localtime(draft.started_at), draft.ended_at
    return {
        "uuid": draft.uuid,
        "version": inspection.version,
        "kind": draft.kind,
        "day": started.date().isoformat(),
        "started": f"{started:%H:%M}",
        "ended": f"{timezone.localtime(ended):%H:%M}" if ended else "",
        "assessors": [one.username for one in people],
        "note": draft.note,
    }


def marks_typed(data: Any, groups: Iterable[RuleGroup]) -> dict[int, MarkDraft]:
    """Return by rule id what was typed of each rule."""
    return {rule.rule.pk: _mark(data, rule.code) for group in groups for rule in group.rules}


def _mark(data: Any, code: str) -> MarkDraft:
    result = data.get(f"result-{code}", "")
    return MarkDraft(
        result=result if result in [str(one) for one in STORED_RESULTS] else MarkResult.NOT_EXAMINED,
        urged=bool(data.get(f"urged-{code}")),
        note=tidy(data.get(f"note-{code}")),
    )


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _time(typed: str) -> time:
    try:
        at = time.fromisoformat(clean(typed).replace("：", ":").zfill(len("09:30")))
        if at.tzinfo is not None:
            raise ValueError("a time of another zone")
    except ValueError as error:
        raise forms.ValidationError(_("Write the time as 14:30."), code="time") from error
    return at


def _is_iso(text: str) -> bool:
    try:
        return len(text) == ISO_LENGTH and date.fromisoformat(text) is not None
    except ValueError:
        return False
