"""Forms of the page on which a plan or summary is written: its title, one part or one section at a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.services.paper_parts import MAXIMUM_SECTION_TITLE, MAXIMUM_TEXT
from campaigns.services.paper_title import MAXIMUM_TITLE
from qualityseason.text import tidy


class WholeText(forms.CharField):
    """Text refused in a sentence when too long: a browser told the limit would cut what is pasted, in silence."""

    def __init__(self, *, limit: int, rows: int = 0, **options: Any) -> None:
        plain = {"autocomplete": "off"}
        self.limit = limit
        widget = forms.Textarea(attrs=plain | {"rows": rows}) if rows else forms.TextInput(attrs=plain)
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """Return the text without control and bidi characters, its line ends as one."""
        return tidy(str(value or "").replace("\r\n", "\n").replace("\r", "\n"))

    def run_validators(self, value: Any) -> None:
        """Say how long the text is and how long it may be."""
        if len(value) > self.limit:
            message = _("This has %(length)s characters; at most %(limit)s are kept. Shorten it.")
            raise forms.ValidationError(message % {"length": len(value), "limit": self.limit}, code="long")
        super().run_validators(value)


class VersionedForm(forms.Form):
    """A form that knows which version of its row it was filled from; ids don't collide where several are open."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, mark: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.auto_id = f"{mark}-%s" if mark else "id_%s"


class TitleForm(forms.Form):
    """The title of a text; `seen` is the one it was opened with, so that a stale one is noticed."""

    title = WholeText(label=gettext_lazy("Title"), limit=MAXIMUM_TITLE)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)


class PartForm(VersionedForm):
    """A part of prose."""

    text = WholeText(label=gettext_lazy("Text"), limit=MAXIMUM_TEXT, rows=8, required=False)

    def __init__(self, *args: Any, label: str = "", hint: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = label or self.fields["text"].label
        self.fields["text"].help_text = hint


class SectionForm(VersionedForm):
    """A free section with a title of its own."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = WholeText(label=gettext_lazy("Title of the section"), limit=MAXIMUM_SECTION_TITLE)
    text = WholeText(label=gettext_lazy("Text"), limit=MAXIMUM_TEXT, rows=8, required=False)
