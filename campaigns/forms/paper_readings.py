"""Bringing a plan or summary in as a file, and checking what was read out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.files import FilesField
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.paper_readings import APPEND, BETWEEN, LEAVE, NEW, REPLACE, OnTable, Standing
from campaigns.services.paper_parts import MAXIMUM_SECTION_TITLE, MAXIMUM_TEXT
from campaigns.services.plan_items import MAXIMUM_DOCUMENT, MAXIMUM_DUE, MAXIMUM_RESPONSIBLE, MAXIMUM_TITLE
from qualityseason.errors import Refused
from qualityseason.text import clean

SEPARATORS = str.maketrans(dict.fromkeys("，,；;\n/", BETWEEN))


class BringInForm(forms.Form):
    """One Word file, of a plan also the Excel template."""

    def __init__(self, *args: Any, endings: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        label = _("Word file or filled-in Excel template") if len(endings) > 1 else _("Word file")
        self.fields["files"] = FilesField(multiple=False, required=True, endings=endings, label=label)


class PartEntryForm(forms.Form):
    """Prose that was read: where it goes, its title where it is a section, its words."""

    choice = forms.ChoiceField(label=gettext_lazy("Take over"))
    title = forms.CharField(
        label=gettext_lazy("Title of the section"), max_length=MAXIMUM_SECTION_TITLE, required=False
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=MAXIMUM_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, entry: Mapping[str, Any], table: OnTable) -> None:
        super().__init__(data, prefix=entry["key"], initial=dict(entry))
        self.entry = entry
        self.theirs: list[tuple[str, str]] = []
        self.standing = table.part_like(entry)
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [
            *_places(table.parts),
            (NEW, _("as a section of its own")),
            (LEAVE, _("leave out")),
        ]

    @property
    def now(self) -> list[tuple[str, str]]:
        """What stands in the plan and reads otherwise."""
        return differences(self, self.standing.fields) if self.standing and self.standing.fields["text"] else []

    def clean(self) -> dict[str, Any]:
        """Ask a section of its own for a title."""
        data = super().clean() or {}
        if data.get("choice") == NEW and not data.get("title"):
            self.add_error("title", _("Give the section a title."))
        return data


class ItemEntryForm(forms.Form):
    """An item that was read: new, in place of one of the plan, or left out; every field may be corrected."""

    choice = forms.ChoiceField(label=gettext_lazy("Take over"))
    title = forms.CharField(label=gettext_lazy("Title of the item"), max_length=MAXIMUM_TITLE, required=False)
    measure = forms.CharField(label=gettext_lazy("Measure"), max_length=MAXIMUM_TEXT, required=False)
    standard = forms.CharField(label=gettext_lazy("Standard"), max_length=MAXIMUM_TEXT, required=False)
    outcome = forms.CharField(label=gettext_lazy("Outcome"), max_length=MAXIMUM_TEXT, required=False)
    incentive = forms.CharField(label=gettext_lazy("Incentive"), max_length=MAXIMUM_TEXT, required=False)
    service = forms.CharField(label=gettext_lazy("Service and cooperation"), max_length=MAXIMUM_TEXT, required=False)
    duties = forms.MultipleChoiceField(
        label=gettext_lazy("Duties served"), required=False, widget=forms.CheckboxSelectMultiple
    )
    cooperating = forms.CharField(
        label=gettext_lazy("Cooperating departments"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Names, one comma between two."),
    )
    responsible = forms.CharField(label=gettext_lazy("Responsible"), max_length=MAXIMUM_RESPONSIBLE, required=False)
    due = forms.CharField(
        label=gettext_lazy("By when"),
        max_length=MAXIMUM_DUE,
        required=False,
        help_text=gettext_lazy("A day like 2009-11-06, or words."),
    )
    quality_document = forms.CharField(
        label=gettext_lazy("Quality-system document"), max_length=MAXIMUM_DOCUMENT, required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, entry: Mapping[str, Any], table: OnTable, book: DepartmentBook
    ) -> None:
        super().__init__(data, prefix=entry["key"], initial=dict(entry))
        self.entry, self.book = entry, book
        self.theirs: list[tuple[str, str]] = []
        self.standing = table.item_like(entry)
        for name in ("measure", "standard", "outcome", "incentive", "service"):
            rows = 3 if len(str(entry.get(name, ""))) > 60 else 2  # about two lines
            self.fields[name].widget = forms.Textarea(attrs={"rows": rows})
        choice, duties = self.fields["choice"], self.fields["duties"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # declared above
        assert isinstance(duties, forms.MultipleChoiceField)  # noqa: S101  # declared above
        choice.choices = [(NEW, _("as a new item")), *_items(table.items, self.standing), (LEAVE, _("leave out"))]
        duties.choices = list(table.duties)

    @property
    def now(self) -> list[tuple[str, str]]:
        """What stands in the plan under this title and reads otherwise."""
        return differences(self, self.standing.fields) if self.standing else []

    def clean_cooperating(self) -> str:
        """Return the departments by their names, as far as all of them are known."""
        typed = clean(self.cleaned_data["cooperating"]).translate(SEPARATORS)
        names = [name.strip() for name in typed.split(BETWEEN) if name.strip()]
        found = [(name, self.book.find(name)) for name in names]
        for name, department in found:
            if department is None:
                raise forms.ValidationError(
                    _("There is no department called %(name)s."), code="department", params={"name": name}
                )
        return BETWEEN.join(dict.fromkeys(department.name for _name, department in found if department is not None))

    def clean(self) -> dict[str, Any]:
        """Ask an item that is taken over for a title."""
        data = super().clean() or {}
        if data.get("choice") != LEAVE and not data.get("title"):
            self.add_error("title", _("Give the item a title."))
        return data


class CheckForm:
    """All entries of a reading as one form, with the versions of what they are checked against."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, content: Mapping[str, Any], table: OnTable, book: DepartmentBook
    ) -> None:
        self.data = data
        self.content = content
        self.parts = [PartEntryForm(data, entry=entry, table=table) for entry in content["parts"]]
        self.items = [ItemEntryForm(data, entry=entry, table=table, book=book) for entry in content["items"]]
        self.problems: list[Any] = []

    def __iter__(self) -> Iterator[PartEntryForm | ItemEntryForm]:
        yield from self.parts
        yield from self.items

    def is_valid(self) -> bool:
        """Whether all that is taken over will do; entries left out are not judged."""
        sound = [form.is_valid() or form["choice"].value() == LEAVE for form in self]  # each of them judged
        return all(sound)

    @property
    def faulty(self) -> list[PartEntryForm | ItemEntryForm]:
        """The entries that will not do."""
        return [form for form in self if form.is_bound and form.errors and form["choice"].value() != LEAVE]

    @property
    def version(self) -> int:
        """The version of the check this was filled in against."""
        return _whole(self.data.get("version")) if self.data is not None else 0

    @property
    def seen(self) -> dict[str, int]:
        """The versions of parts and items this was filled in against."""
        pairs = str(self.data.get("seen", "") if self.data is not None else "").split(",")
        return {uuid: _whole(number) for uuid, _colon, number in (pair.partition(":") for pair in pairs)}

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return what was typed, by the key of the entry."""
        return {
            form.entry["key"]: (
                {name: form.cleaned_data[name] for name in form.fields} if form.is_valid() else {"choice": LEAVE}
            )
            for form in self
        }

    def show_theirs(self, content: Mapping[str, Any]) -> None:
        """Put beside each entry what somebody else has made of it meanwhile."""
        theirs = {entry["key"]: entry for kind in ("parts", "items") for entry in content[kind]}
        for form in self:
            form.theirs = differences(form, theirs[form.entry["key"]])

    def refuse(self, refused: Refused) -> None:
        """Put a refusal at the field of its entry, or over the whole."""
        key, _dash, name = (refused.field or "").partition("-")
        for form in self:
            if form.entry["key"] == key:
                form.add_error(name if name in form.fields else None, refused.sentence)
                return
        self.problems.append(refused.sentence)


def differences(form: PartEntryForm | ItemEntryForm, other: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (label, words) of the fields in which `other` reads otherwise than the form shows."""
    rows = []
    for name, field in form.fields.items():
        mine, theirs = form[name].value() or "", other.get(name, "")
        if name not in other or name == "choice" or str(mine).split() == str(theirs).split():
            continue
        if isinstance(theirs, list):
            labels = dict(field.choices)  # type: ignore[attr-defined]  # the duties
            theirs = "\n".join(str(labels.get(uuid, "")) for uuid in theirs)
        rows.append((str(field.label), str(theirs)))
    return rows


def seen_of(table: OnTable) -> str:
    """Return the versions of parts and items as a hidden field holds them."""
    return ",".join(f"{uuid}:{version}" for uuid, version in table.versions.items())


def _places(parts: Sequence[Standing]) -> list[tuple[str, str]]:
    places = []
    for part in parts:
        words = {"part": part.title}
        if part.fields["text"].strip():
            places.append((f"{REPLACE}:{part.uuid}", _("in place of “%(part)s”") % words))
            places.append((f"{APPEND}:{part.uuid}", _("at the end of “%(part)s”") % words))
        else:
            places.append((f"{APPEND}:{part.uuid}", _("into “%(part)s”") % words))
    return places


def _items(items: Sequence[Standing], like: Standing | None) -> list[tuple[str, str]]:
    """Offer the item of the same title first."""
    ordered = sorted(items, key=lambda item: item is not like)
    return [(f"{REPLACE}:{item.uuid}", _("in place of “%(item)s”") % {"item": item.title}) for item in ordered]


def _whole(text: Any) -> int:
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0  # no version is longer
