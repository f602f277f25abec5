"""The form of a session's minutes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.files import FilesField
from campaigns.models import StudySession
from campaigns.services.minutes import MinutesDraft

HELD = {"yes": True, "no": False}
PAGES = _("or the pages of the attached scan, like 3 or 3-5")


class MinutesForm(forms.Form):
    """Whether a discussion was held, and the two parts, each typed or found on pages of the scan."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    held = forms.ChoiceField(
        label=_("Discussion held"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        widget=forms.RadioSelect,
        required=False,
    )
    main_content = forms.CharField(
        label=_("Main content"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    main_content_pages = forms.CharField(label=PAGES, required=False, max_length=50)
    discussion = forms.CharField(
        label=_("Discussion"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    discussion_pages = forms.CharField(label=PAGES, required=False, max_length=50)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(label=_("Scan of the minutes"))
        for name in ("main_content_pages", "discussion_pages"):
            self.fields[name].widget.attrs |= {"class": "input-short", "autocomplete": "off"}

    def draft(self) -> MinutesDraft:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return MinutesDraft(
            held=HELD.get(data["held"]),
            main_content=data["main_content"],
            main_content_pages=data["main_content_pages"],
            discussion=data["discussion"],
            discussion_pages=data["discussion_pages"],
        )


def minutes_initial(session: StudySession, mark: str) -> dict[str, Any]:
    """Return the minutes as the form shows them."""
    held = {True: "yes", False: "no", None: ""}[session.discussion_held]
    parts = ("main_content", "main_content_pages", "discussion", "discussion_pages")
    return {"version": mark, "held": held} | {name: getattr(session, name) for name in parts}
