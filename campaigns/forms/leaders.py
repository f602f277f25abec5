"""The grid of leaders and telephones: a cell for each department and post, names typed as in a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from campaigns.enums import LeaderPost
from campaigns.models import Department
from campaigns.queries.leaders import LeaderCell
from campaigns.services.leaders import (
    MAXIMUM_NAME,
    MAXIMUM_TELEPHONE,
    TELEPHONE,
    GivenTelephone,
    NamedLeaders,
    telephone_of,
)
from qualityseason.errors import Refused
from qualityseason.models import User
from qualityseason.text import clean, split_name, squeeze

SEPARATORS = re.compile(r"[、,;/]+")  # after NFKC, which makes ，； narrow
MAXIMUM_CELL = 300


@dataclass(frozen=True)
class GridRow:
    """A department with its bound fields: the visible one, what the form showed first, the post or “telephone”."""

    department: Department
    cells: tuple[tuple[forms.BoundField, forms.BoundField, str], ...]


class LeadersForm(forms.Form):
    """All departments with both posts and telephone; each cell remembers what it showed, so a stale one is seen."""

    def __init__(
        self, data: QueryDict | None, *, cells: Sequence[LeaderCell], accounts: Sequence[User], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self._cells = cells
        self._accounts = accounts
        self._departments = tuple(dict.fromkeys(cell.department for cell in cells))
        for cell in cells:
            label = f"{cell.department.name} · {cell.post.label}"
            widget = forms.TextInput(attrs={"autocomplete": "off", "list": "leaders", "aria-label": label})
            self.fields[name_of(cell)] = forms.CharField(
                label=label, max_length=MAXIMUM_CELL, required=False, initial=cell.text, widget=widget
            )
            self.fields[seen_of(cell)] = forms.CharField(
                required=False, initial=cell.text, widget=forms.HiddenInput, strip=False
            )
        for department in self._departments:
            label = f"{department.name} · {_('Telephone')}"
            widget = forms.TextInput(attrs={"autocomplete": "off", "aria-label": label})
            self.fields[telephone_field(department)] = forms.CharField(
                label=label,
                max_length=MAXIMUM_TELEPHONE,
                required=False,
                initial=department.telephone,
                widget=widget,
            )
            self.fields[f"seen-{telephone_field(department)}"] = forms.CharField(
                required=False, initial=department.telephone, widget=forms.HiddenInput, strip=False
            )

    def rows(self) -> Iterator[GridRow]:
        """Yield the departments with their fields."""
        for start in range(0, len(self._cells), len(LeaderPost)):
            cells = self._cells[start : start + len(LeaderPost)]
            fields = tuple((self[name_of(cell)], self[seen_of(cell)], str(cell.post.label)) for cell in cells)
            name = telephone_field(cells[0].department)
            yield GridRow(cells[0].department, (*fields, (self[name], self[f"seen-{name}"], _("Telephone"))))

    def clean(self) -> dict[str, Any]:
        """Understand each cell as people with or without an account."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for cell in self._cells:
            name = name_of(cell)
            if name in data:
                try:
                    data[name] = self._people(data[name])
                except forms.ValidationError as error:
                    self.add_error(name, error)
        for department in self._departments:
            name = telephone_field(department)
            try:
                data[name] = telephone_of(data.get(name, ""))
            except Refused as refused:
                self.add_error(name, refused.sentence)
        return data

    def named(self) -> list[NamedLeaders]:
        """Return what every cell says."""
        return [
            NamedLeaders(cell.department, cell.post, self.cleaned_data[name_of(cell)], self.cleaned_data[seen_of(cell)])
            for cell in self._cells
        ]

    def telephones(self) -> list[GivenTelephone]:
        """Return the telephone of every department."""
        return [
            GivenTelephone(department, self.cleaned_data[name], self.cleaned_data[f"seen-{name}"])
            for department in self._departments
            for name in (telephone_field(department),)
        ]

    def add_stale(self, refused: Refused) -> None:
        """Say at each stale cell what stands there now; the next sending replaces it."""
        self.add_error(None, refused.sentence)
        now = refused.existing if isinstance(refused.existing, dict) else {}
        data = {name: self.data.get(name) for name in self.data}
        names = {(cell.department.pk, str(cell.post)): name_of(cell) for cell in self._cells}
        names |= {(department.pk, TELEPHONE): telephone_field(department) for department in self._departments}
        for key, text in now.items():
            empty = _("no number") if key[1] == TELEPHONE else _("nobody")
            self.add_error(names[key], _("There now: %(text)s.") % {"text": text or empty})
            data[f"seen-{names[key]}"] = text
        self.data = data

    def _people(self, text: str) -> tuple[tuple[str, User | None], ...]:
        people: dict[str, User | None] = {}
        for part in SEPARATORS.split(clean(text)):
            name, login = split_name(part)
            if name:
                if len(name) > MAXIMUM_NAME:
                    raise forms.ValidationError(_("A name has at most 64 characters. Part several names by commas."))
                people[name] = self._account(name, login)
        return tuple(people.items())

    def _account(self, name: str, login: str) -> User | None:
        """Return the account named in brackets, else the only one of the leading group with that name."""
        if login:
            for user in self._accounts:
                if user.username == login and squeeze(user.display_name) == squeeze(name):
                    return user
            words = {"name": name, "login": login}
            message = _(
                "The leading group has no account %(login)s of %(name)s. Leave the brackets out, or correct them."
            )
            raise forms.ValidationError(message % words, code="account")
        namesakes = [user for user in self._accounts if squeeze(user.display_name) == squeeze(name)]
        if len(namesakes) > 1:
            logins = "、".join(f"{name}({user.username})" for user in namesakes)
            message = _("Several accounts have this name. Write which one: %(logins)s.") % {"logins": logins}
            raise forms.ValidationError(message, code="namesakes")
        return namesakes[0] if namesakes else None


def name_of(cell: LeaderCell) -> str:
    """Return the name of a cell's field."""
    return f"{cell.post}-{cell.department.uuid}"


def seen_of(cell: LeaderCell) -> str:
    """Return the name of the hidden field with what the cell showed first."""
    return f"seen-{name_of(cell)}"


def telephone_field(department: Department) -> str:
    """Return the name of the field with a department's telephone."""
    return f"telephone-{department.uuid}"
