"""From cells to values: each conversion collects its error at its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta

from django.utils.translation import gettext as _

from campaigns.facts import Column, SheetError, SheetRow
from campaigns.models import Department
from campaigns.queries.departments import DepartmentBook
from qualityseason.text import clean, parse_count, parse_date, parse_month, tidy

SEPARATORS = re.compile(r"[、,;\n]+")  # after NFKC, which makes ，； narrow


class RowReader:
    """Takes values out of one row by column key; what cannot be taken becomes an error and None or ''."""

    def __init__(self, row: SheetRow, columns: Sequence[Column]) -> None:
        self.row = row
        self.errors: list[SheetError] = []
        self._headings = {column.key: column.heading for column in columns}

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with the row."""
        return not self.errors and not self.row.broken

    def refuse(self, key: str, sentence: str) -> None:
        """Note what is wrong with the cell of that key, '' for the whole row; an unreadable cell is known already."""
        if key in self.row.broken:
            return
        self.errors.append(
            SheetError(sentence, sheet=self.row.sheet, row=self.row.number, column=self._headings.get(key, ""))
        )

    def errors_at(self, key: str) -> bool:
        """Whether something is wrong with the cell of that key already."""
        return any(error.column == self._headings.get(key) for error in self.errors)

    def text(self, key: str, *, maximum: int, required: bool = True, prose: bool = False) -> str:
        """Return a cell as text, one line unless `prose`; a whole number is taken without its decimals."""
        value = self.row.cells.get(key)
        if isinstance(value, date | time | timedelta | bool):
            self.refuse(
                key, _("This cell holds a date or a truth value, not text. Set the column to text and type it again.")
            )
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        raw = "" if value is None else str(value)
        text = tidy(raw) if prose else " ".join(clean(raw).split())
        if required and not text:
            self.refuse(key, _("This cell is empty."))
        if len(text) > maximum:
            self.refuse(key, _("This text is too long; keep it under %(maximum)d characters.") % {"maximum": maximum})
            return ""
        return text

    def count(self, key: str) -> int | None:
        """Return a whole number, or None."""
        value = self.row.cells.get(key)
        if value is None:
            return None
        try:
            return parse_count(value)
        except ValueError:
            self.refuse(key, _("%(value)s is not a whole number.") % {"value": _short(value)})
            return None

    def day(self, key: str, *, required: bool = True) -> date | None:
        """Return a day from a date cell or from text, or None."""
        value = self.row.cells.get(key)
        if value is None:
            if required:
                self.refuse(key, _("This cell is empty."))
            return None
        try:
            return parse_date(value)
        except ValueError:
            self.refuse(key, _("%(value)s is not a date. Write it like 2009-11-06.") % {"value": _short(value)})
            return None

    def month(self, key: str) -> str:
        """Return a month as 2009-11 from a date cell or from text, or '' when the cell is empty."""
        value = self.row.cells.get(key)
        if value is None:
            return ""
        try:
            return parse_month(value)
        except ValueError:
            self.refuse(key, _("%(value)s is not a month. Write it like 2009-11.") % {"value": _short(value)})
            return ""

    def department(self, key: str, book: DepartmentBook, *, required: bool = True) -> Department | None:
        """Return the department a cell names, by name or alias."""
        name = self.text(key, maximum=200, required=required)
        if not name:
            return None
        return self.find_department(key, name, book)

    def listed_department(self, key: str, book: DepartmentBook) -> Department | None:
        """Return the department a cell of a list of record names; where there is none, say what to write."""
        name = self.text(key, maximum=200)
        found = book.find(name) if name else None
        if name and found is None:
            message = _(
                "There is no department called %(name)s. Write the name or an alias the departments page shows."
            )
            self.refuse(key, message % {"name": name})
        return found

    def departments(self, key: str, book: DepartmentBook) -> list[Department]:
        """Return the departments a cell names, parted by 、 or a comma."""
        names = self.parts(key)
        found = [self.find_department(key, name, book) for name in names]
        return [department for department in found if department is not None]

    def find_department(self, key: str, name: str, book: DepartmentBook) -> Department | None:
        """Return the department of that name, or note that there is none."""
        department = book.find(name)
        if department is None:
            self.refuse(key, _("There is no department called %(name)s.") % {"name": name})
        return department

    def parts(self, key: str) -> list[str]:
        """Return the parts of a cell parted by 、 or a comma, without blanks and repetitions."""
        text = self.text(key, maximum=2000, required=False)
        return list(dict.fromkeys(part.strip() for part in SEPARATORS.split(text) if part.strip()))


def _short(value: object) -> str:
    return str(value)[:60]
