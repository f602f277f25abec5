"""Forms on the way of a plan or summary: submitting, reviewing, choosing versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.facts import ItemContent, PartContent, PlanContent
from campaigns.forms.files import FilesField
from campaigns.queries.paper_changes import WORKING
from qualityseason.text import parse_uuid

REMARK = "remark-"


class SubmitForm(forms.Form):
    """One button; the digest says which text the person has read (the template writes the one shown now)."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class OfficeSubmitForm(SubmitForm):
    """The office submits for a department: with the signed paper, and why."""

    note = forms.CharField(
        label=gettext_lazy("Why the office submits, and who signed when"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(label=_("The paper the head has signed"))


class ReviewForm(forms.Form):
    """What the office remarks on a version: in general, and at each part and item."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("General note to the department"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, content: PlanContent, **options: Any) -> None:
        super().__init__(*args, **options)
        self.content = content
        for uuid, title in _titles(content).items():
            self.fields[REMARK + uuid] = forms.CharField(
                label=_("Remark on “%(title)s”") % {"title": title},
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def remarks(self) -> dict[UUID, str]:
        """What was remarked, by the uuid of part or item."""
        found = {parse_uuid(name.removeprefix(REMARK)): text for name, text in self.cleaned_data.items()}
        return {uuid: text for uuid, text in found.items() if uuid is not None and text}

    @property
    def part_rows(self) -> list[tuple[PartContent, forms.BoundField]]:
        """The parts that say something, each with its field."""
        return [(part, self[REMARK + part.uuid]) for part in self.content.parts]

    @property
    def item_rows(self) -> list[tuple[ItemContent, forms.BoundField]]:
        """The items, each with its field."""
        return [(item, self[REMARK + item.uuid]) for item in self.content.items]

    def carried_over(self, number: int, content: PlanContent, before: PlanContent) -> ReviewForm:
        """Return the form on a newer version with everything that was typed.

        Remarks on what is no longer there go to the general note, each behind the title it was written to.
        """
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # of a form that was sent: a QueryDict
        there, titles = _titles(content), _titles(before)
        lost = [
            f"{titles.get(uuid, '')}: {data[name].strip()}"
            for name in data
            if name.startswith(REMARK) and (uuid := name.removeprefix(REMARK)) not in there and data[name].strip()
        ]
        data["note"] = "\n".join([text for text in (data.get("note", "").strip(), *lost) if text])
        data["number"] = str(number)
        return ReviewForm(data, content=content)


def _titles(content: PlanContent) -> dict[str, str]:
    """Return the titles of parts and items by uuid."""
    return {part.uuid: part.title for part in content.parts} | {item.uuid: item.title for item in content.items}


class CompareForm(forms.Form):
    """Choosing two versions of a text to compare."""

    def __init__(self, *args: Any, numbers: Sequence[int], sees_working: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        versions = [(str(number), _("Version %(number)s") % {"number": number}) for number in numbers]
        working = [(str(WORKING), _("The text being written"))] if sees_working else []
        self.fields["older"] = forms.ChoiceField(label=_("From"), choices=versions)
        self.fields["newer"] = forms.ChoiceField(label=_("To"), choices=[*versions, *working])
