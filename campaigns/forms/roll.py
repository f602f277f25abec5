"""The roll of a session as a form, saved whole; and the form of one leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import AttendanceStatus
from campaigns.forms.files import FilesField
from campaigns.forms.session_rows import parse_moment
from campaigns.models import Attendance, StudySession
from campaigns.queries.roll import Roll, RollLine
from campaigns.services.roll import RollDraft
from campaigns.services.session_drafts import moment_of
from qualityseason.forms import DayField

CAME = {"yes": True, "no": False}


@dataclass(frozen=True)
class Option:
    """One choice of a row: radio button or entry of a list."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class RollEntry:
    """One person in the form: the line as saved, what is typed, and what somebody else saved meanwhile ('' none)."""

    line: RollLine
    statuses: tuple[Option, ...]
    sittings: tuple[Option, ...]
    idea: str
    theirs: str = ""


@dataclass(frozen=True)
class CameEntry:
    """One leader invited, and whether they came."""

    uuid: UUID
    name: str
    post: str
    options: tuple[Option, ...]
    theirs: str = ""


@dataclass
class RollForm:
    """What was typed (`data`), or what is saved; `is_merging`: somebody else saved meanwhile."""

    session: StudySession
    roll: Roll
    mark: str
    data: QueryDict | None = None
    is_merging: bool = False
    form: forms.Form = field(init=False)

    def __post_init__(self) -> None:
        self.form = forms.Form({} if self.data is not None else None)

    def drafts(self) -> dict[UUID, RollDraft]:
        """Return what was typed, by the uuid of each person listed in the form."""
        drafts = {}
        for text in self._typed.getlist("person"):
            try:
                drafts[UUID(text)] = self._draft(UUID(text))
            except ValueError:
                continue
        return drafts

    def came(self) -> dict[UUID, bool | None]:
        """Return which leaders came, by the uuid of the invitation."""
        return {
            row.uuid: CAME.get(self._typed.get(f"came-{row.uuid}", ""))
            for row in self.session.invitations.all()
            if f"came-{row.uuid}" in self._typed
        }

    @property
    def seen(self) -> str:
        """The mark of the roll the form was filled from."""
        return str(self._typed.get("version", ""))

    @property
    def version(self) -> str:
        """The mark the form carries: the one it was filled from, after a stale sending that of what stands now."""
        return self.mark if self.data is None or self.is_merging else self.seen

    @property
    def entries(self) -> tuple[RollEntry, ...]:
        """The rows of the form: typed where something is typed, else as saved."""
        typed = self.drafts() if self.data is not None else {}
        return tuple(self._entry(line, typed.get(line.person)) for line in self.roll.lines)

    @property
    def leaders(self) -> tuple[CameEntry, ...]:
        """The leaders invited."""
        typed = self.came() if self.data is not None else {}
        words = {True: _("came"), False: _("did not come"), None: _("not known")}
        entries = []
        for row in self.session.invitations.all():
            now = typed.get(row.uuid, row.came)
            now = row.came if now is None and self.is_merging else now
            options = tuple(
                Option(value, words[meaning], now is meaning)
                for value, meaning in (("yes", True), ("no", False), ("", None))
            )
            theirs = words[row.came] if self.is_merging and now is not row.came else ""
            entries.append(CameEntry(row.uuid, row.name, row.get_post_display(), options, theirs))
        return tuple(entries)

    @property
    def _typed(self) -> QueryDict:
        return self.data if self.data is not None else QueryDict()

    def _draft(self, person: UUID) -> RollDraft:
        return RollDraft(
            status=self._typed.get(f"status-{person}", ""),
            sitting=parse_moment(self._typed.get(f"sitting-{person}", "")),
            idea=self._typed.get(f"idea-{person}", ""),
        )

    def _entry(self, line: RollLine, typed: RollDraft | None) -> RollEntry:
        saved = RollDraft(line.status, line.sitting, line.idea)
        now, theirs = typed or saved, ""
        if typed is not None and self.is_merging:
            now = RollDraft(typed.status or saved.status, typed.sitting or saved.sitting, typed.idea or saved.idea)
            differs = saved.status and (now.status, now.idea) != (saved.status, saved.idea)
            theirs = " · ".join(part for part in (line.words, line.idea) if part) if differs else ""
        return RollEntry(
            line=line,
            statuses=tuple(
                Option(status.value, str(status.label), now.status == status) for status in AttendanceStatus
            ),
            sittings=self._sittings(now.sitting),
            idea=now.idea,
            theirs=theirs,
        )

    def _sittings(self, chosen: datetime | None) -> tuple[Option, ...]:
        sittings = list(self.session.sittings.all())
        if len(sittings) < 2:
            return ()
        return (
            Option("", _("not said which"), chosen is None),
            *(
                Option(sitting.starts_at.isoformat(), moment_of(sitting.starts_at), sitting.starts_at == chosen)
                for sitting in sittings
            ),
        )


class LeaveForm(forms.Form):
    """A leave: who approved it and when, the slip, the written suggestion."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    approved_by = forms.CharField(
        label=gettext_lazy("Approved by"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("The name on the slip."),
    )
    approved_on = DayField(label=gettext_lazy("Approved on"), required=False)
    suggestion = forms.CharField(
        label=gettext_lazy("Written suggestion"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("It stands among the session's suggestions, with the person's name."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(label=gettext_lazy("Leave slip"))


def leave_initial(attendance: Attendance, suggestion: str, mark: str) -> dict[str, Any]:
    """Return the leave as the form shows it."""
    return {
        "version": mark,
        "approved_by": attendance.approved_by,
        "approved_on": attendance.approved_on.isoformat() if attendance.approved_on else "",
        "suggestion": suggestion,
    }
