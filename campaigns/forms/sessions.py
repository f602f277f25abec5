"""Forms of study sessions: announcing one or entering it later, with its sittings and the leaders invited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.fields import DepartmentField
from campaigns.forms.people import EVERY
from campaigns.forms.session_rows import Invitations, Sittings, filled, renew
from campaigns.models import Campaign, DepartmentLeader, StudySession
from campaigns.queries.sessions import SessionState
from campaigns.services.session_drafts import SessionDraft
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import DayField, add_refusal

ANNOUNCE, LATER = "announce", "later"
YES, NO = "yes", "no"
WITHOUT = "without"


class SessionForm(forms.Form):
    """The session itself; how it came here is asked once, who vouches only for one entered later."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    entry = forms.ChoiceField(
        label=gettext_lazy("How it comes here"),
        choices=[
            (ANNOUNCE, gettext_lazy("Announce it now")),
            (LATER, gettext_lazy("Entered later")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Announcing tells the assessment team at this moment. What was held already is entered later."
        ),
    )
    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=200)
    told = forms.ChoiceField(
        label=gettext_lazy("Was the assessment team told before the session?"),
        choices=[(YES, gettext_lazy("Told")), (NO, gettext_lazy("Not told"))],
        widget=forms.RadioSelect,
        required=False,
    )
    notified_on = DayField(label=gettext_lazy("Told on"), required=False)
    witness = forms.CharField(
        label=gettext_lazy("Witness"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Who was there and vouches for dates and notice."),
    )

    def __init__(self, *args: Any, session: StudySession | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if session is not None:
            del self.fields["uuid"], self.fields["entry"]
        if session is not None and session.announced_at is not None:
            for name in ("told", "notified_on", "witness"):
                del self.fields[name]
        self.is_later = session is not None and session.announced_at is None

    def clean(self) -> dict[str, Any]:
        """Ask of a session entered later whether the team was told, on which day, and who vouches for it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_later or data.get("entry") == LATER:
            if not data.get("witness") and "witness" not in self.errors:
                self.add_error("witness", _("Name who was there and vouches for what is entered later."))
            if not data.get("told"):
                self.add_error("told", _("Say whether the assessment team was told."))
            elif data["told"] == YES and data.get("notified_on") is None and "notified_on" not in self.errors:
                self.add_error("notified_on", _("Say on which day the assessment team was told."))
            if data.get("told") == NO:
                data["notified_on"] = None
        return data


class SessionEntry:
    """The form with its rows, bound and judged together."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        session: StudySession | None = None,
        leaders: Iterable[DepartmentLeader] = (),
    ) -> None:
        initial, sittings, invitations = _initial(session, leaders)
        self.form = SessionForm(data, session=session, initial=initial)
        # without initial where it is bound: a row typed as it stood would count as left empty
        self.sittings = Sittings(data, prefix="sittings", initial=sittings if data is None else None)
        self.invitations = Invitations(data, prefix="invitations", initial=invitations if data is None else None)

    def is_valid(self) -> bool:
        """Whether form and rows can go to the service; all of them are judged, and what is missing is asked at once."""
        judged = [self.form.is_valid(), self.sittings.is_valid(), self.invitations.is_valid()]
        if judged[1] and not filled(self.sittings):
            self.form.add_error(None, _("Say when the session sits: at least one date with its time."))
        is_later = self.form.is_later or self.form.cleaned_data.get("entry") == LATER
        undated = [row for row in filled(self.invitations) if not row.errors and row.cleaned_data["invited_on"] is None]
        for row in undated if is_later else []:
            message = _("Say on which day %(leader)s was invited.") % {"leader": row.cleaned_data["name"]}
            row.add_error("invited_on", message)
        return all(judged) and not self.form.errors and not (is_later and undated)

    def draft(self) -> SessionDraft:
        """Return what was typed as the service takes it."""
        return SessionDraft(
            topic=self.form.cleaned_data["topic"],
            sittings=tuple(row.draft() for row in filled(self.sittings)),
            invitations=tuple(row.draft() for row in filled(self.invitations)),
        )

    def add_refusal(self, refused: Refused) -> None:
        """Show a service's refusal; after a stale one the next sending replaces what stands there now."""
        if refused.refusal_code == "stale" and isinstance(refused.existing, StudySession):
            renew(self.form, version=refused.existing.version)
        add_refusal(self.form, refused)

    @property
    def row_errors(self) -> list[str]:
        """What is wrong in rows, for the summary."""
        errors = []
        for formset in (self.sittings, self.invitations):
            if formset.is_bound:
                errors += [str(error) for error in formset.non_form_errors()]
                for number, form in enumerate(formset.forms, start=1):
                    errors += [
                        _("Row %(row)s, %(field)s: %(error)s")
                        % {"row": number, "field": form.fields[name].label or "", "error": found[0]}
                        for name, found in form.errors.items()
                    ]
        return errors


def _initial(
    session: StudySession | None, leaders: Iterable[DepartmentLeader]
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    if session is None:
        invited = [{"post": leader.post, "name": leader.name} for leader in leaders]
        return {"uuid": uuid4(), "entry": ANNOUNCE}, [], invited
    told = {"told": YES if session.notified_at else NO} if session.announced_at is None else {}
    if session.notified_at:
        told["notified_on"] = day_of(session.notified_at).isoformat()
    sittings = []
    for sitting in session.sittings.all():
        start = timezone.localtime(sitting.starts_at)
        row = {"day": f"{start:%Y-%m-%d}", "time": start.time(), "place": sitting.place}
        sittings.append(row | {"is_make_up": sitting.is_make_up, "was": sitting.starts_at.isoformat()})
    invited = [
        {"post": row.post, "name": row.name, "invited_on": row.invited_on.isoformat(), "was": str(row.uuid)}
        for row in session.invitations.all()
    ]
    fixed = {"version": session.version, "topic": session.topic, "witness": session.witness}
    return fixed | told, sittings, invited


class CancelForm(forms.Form):
    """Why a session is cancelled."""

    because = forms.CharField(label=gettext_lazy("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class RemarkForm(forms.Form):
    """What a leader says of the discussion."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    remark = forms.CharField(
        label=gettext_lazy("What the leader says of the discussion"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Whether it had substance, who spoke, what came of it."),
    )


class SessionFilter(forms.Form):
    """Narrowing the list of sessions."""

    def __init__(self, *args: Any, campaign: Campaign, blocks: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["block"] = forms.ChoiceField(label=_("Block"), choices=[EVERY, *blocks], required=False)
        self.fields["department"] = DepartmentField(campaign, required=False, empty_label=EVERY[1])
        states = [EVERY, *SessionState.choices, (WITHOUT, _("Departments without a session"))]
        self.fields["state"] = forms.ChoiceField(label=_("State"), choices=states, required=False)
