"""Reading one row of a register by the register's columns, whether it stands in a sheet or was typed on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from campaigns.calculations.cells import Figure, parse_figure, parse_truth
from campaigns.facts import SheetRow
from campaigns.imports.values import RowReader
from campaigns.models import Campaign, Department, StaffMember, StudentClass, Term
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.register_books import ClassBook, PeopleBook, TermBook
from campaigns.registers import Reading, RegisterColumn, RegisterSpec
from campaigns.registers.spec import HOME, NAME, NUMBER
from campaigns.services.register_drafts import MAXIMUM_PERSON, MAXIMUM_REASON, Excuse, RegisterDraft
from qualityseason.text import squeeze

MAXIMUM_WORD = 100  # characters of a name, a number, a term


class Books:
    """Everything rows are looked up in, loaded once. At most four queries."""

    def __init__(self, spec: RegisterSpec, campaign: Campaign) -> None:
        readings = {column.reading for column in spec.columns}
        self.campaign = campaign
        self.people = PeopleBook(campaign) if Reading.PERSON in readings else None
        self.classes = ClassBook(campaign) if Reading.STUDENT_CLASS in readings else None
        self.terms = TermBook(campaign) if Reading.TERM in readings else None
        self.departments = DepartmentBook(campaign)


class RegisterReader(RowReader):
    """Reads one row by the columns of its register."""

    def __init__(self, row: SheetRow, spec: RegisterSpec, books: Books) -> None:
        super().__init__(row, spec.sheet_columns)
        self.spec, self.books = spec, books
        self.remarks: list[str] = []

    def draft(self) -> RegisterDraft | None:
        """Return what the row says, None where something is wrong with it."""
        said_home = self._home()
        values = {}
        for column in self.spec.columns:
            if self._is_said(column):
                values[column.key] = READERS[column.reading](self, column)
        excuse = self._excuse()
        if not self.is_sound:
            return None
        return RegisterDraft(values, excuse, said_home, tuple(self.remarks))

    def _is_said(self, column: RegisterColumn) -> bool:
        """Whether the sheet has the column; who, when and the organiser are always asked for."""
        always = column.required or column.reading in (Reading.PERSON, Reading.TERM)
        return always or column.key in self.row.cells

    # --- whom

    def _home(self) -> Department | None:
        if not self.row.cells.get(HOME):
            return None
        return self.books.departments.find(self.text(HOME, maximum=MAXIMUM_WORD, required=False))

    def person(self, column: RegisterColumn) -> StaffMember | None:
        """Return whom name and number mean; each alone is enough where it means one person."""
        assert self.books.people is not None  # noqa: S101  # loaded for every register of people
        name, inner = self.books.people.split(self.text(NAME, maximum=MAXIMUM_WORD, required=False))
        number = self.text(NUMBER, maximum=MAXIMUM_WORD, required=False) or inner
        if self.errors_at(NAME) or self.errors_at(NUMBER):
            return None
        if number:
            return self._numbered(name, number)
        if not name:
            self.refuse(NAME, _("Name the person, by name or staff number."))
            return None
        return self._named(name)

    def _numbered(self, name: str, number: str) -> StaffMember | None:
        assert self.books.people is not None  # noqa: S101  # as above
        key = NUMBER if self.row.cells.get(NUMBER) else NAME
        found = self.books.people.numbered(number)
        if found is None:
            sentence = _(
                "Nobody on the staff list has the number %(number)s. Correct it, or have the person put there."
            )
            self.refuse(key, sentence % {"number": number})
        elif name and squeeze(name) != found.squeezed_name:
            sentence = _("%(number)s is the number of %(person)s, not of %(name)s. Correct one of the two.")
            self.refuse(key, sentence % {"number": number, "person": found.name, "name": name})
            return None
        return found

    def _named(self, name: str) -> StaffMember | None:
        assert self.books.people is not None  # noqa: S101  # as above
        same = self.books.people.named(name)
        if len(same) == 1:
            return same[0]
        if not same:
            sentence = _("Nobody on the staff list is called %(name)s. Correct the name, or have the person put there.")
            self.refuse(NAME, sentence % {"name": name})
        else:
            numbers = "、".join(member.number for member in same)
            sentence = _("There are %(count)d people called %(name)s: write the number of the one meant (%(numbers)s).")
            self.refuse(NAME, sentence % {"count": len(same), "name": name, "numbers": numbers})
        return None

    def student_class(self, column: RegisterColumn) -> StudentClass | None:
        """Return the class a cell names."""
        assert self.books.classes is not None  # noqa: S101  # loaded for registers of classes
        name = self.text(column.key, maximum=MAXIMUM_WORD)
        found = self.books.classes.find(name)
        if name and found is None:
            sentence = _("There is no class called %(name)s. Correct the name, or have the class put on the list.")
            self.refuse(column.key, sentence % {"name": name})
        return found

    def organiser(self, column: RegisterColumn) -> Department | None:
        """Return the department a cell names, None where it is empty."""
        name = self.text(column.key, maximum=MAXIMUM_WORD, required=False)
        return self.find_department(column.key, name, self.books.departments) if name else None

    # --- when

    def term(self, column: RegisterColumn) -> Term | None:
        """Return the term a cell names, else the season's only one."""
        assert self.books.terms is not None  # noqa: S101  # loaded for registers by term
        name = self.text(column.key, maximum=MAXIMUM_WORD, required=False)
        found = self.books.terms.find(name) if name else self.books.terms.only
        if found is None and not self.errors_at(column.key):
            known = "、".join(term.name for term in self.books.terms.terms)
            sentence = (
                _("%(name)s is no term of the season; there are: %(known)s.") if name else _("Say the term: %(known)s.")
            )
            self.refuse(column.key, sentence % {"name": name, "known": known})
        return found

    def day_of(self, column: RegisterColumn) -> date | None:
        """Return a day; the one a row is about lies in the time facts count from."""
        day = self.day(column.key, required=column.required)
        campaign = self.books.campaign
        if day is None or column.key != "happened_on" or campaign.facts_from <= day <= campaign.facts_until:
            return day
        words = {"day": day, "first": campaign.facts_from.isoformat(), "last": campaign.facts_until.isoformat()}
        sentence = _("%(day)s is outside the time whose facts count, %(first)s to %(last)s.")
        self.refuse(column.key, sentence % (words | {"day": day.isoformat()}))
        return None

    # --- how much

    def figure(self, column: RegisterColumn) -> Any:
        """Return a figure in exact hundredths; what is finer is rounded, and said."""
        figure = self._figure(column)
        if figure is None:
            return None if column.required else column.default
        if figure.is_rounded:
            sentence = _("%(heading)s %(written)s is taken as %(value)s")
            written = str(self.row.cells[column.key])[:MAXIMUM_WORD]
            words = {"heading": column.heading, "written": written, "value": figure.value}
            self.remarks.append(sentence % words)
        return figure.value

    def count_of(self, column: RegisterColumn) -> int | None:
        """Return a whole number."""
        figure = self._figure(column)
        if figure is None:
            return None if column.required else column.default
        if figure.is_share or figure.is_rounded or figure.value != figure.value.to_integral_value():
            self.refuse(column.key, _("%(value)s is not a whole number.") % {"value": self._as_written(column)})
            return None
        return int(figure.value)

    def _figure(self, column: RegisterColumn) -> Figure | None:
        value = self.row.cells.get(column.key)
        if value is None or value == "":
            if column.required:
                self.refuse(column.key, _("This cell is empty."))
            return None
        words = {"value": self._as_written(column), "maximum": column.maximum}
        try:
            figure = parse_figure(value)
        except ValueError:
            self.refuse(column.key, _("%(value)s is not a number.") % words)
            return None
        takes_share = column.reading in (Reading.PER_CENT, Reading.MARK)
        if figure.is_share and not takes_share:
            self.refuse(column.key, _("%(value)s: write the number itself here, not per cent.") % words)
        elif figure.value < 0:
            self.refuse(column.key, _("%(value)s: this cannot be below zero.") % words)
        elif figure.value > column.maximum:
            self.refuse(column.key, _("%(value)s is too much: %(maximum)s is the most there can be.") % words)
        elif takes_share and not figure.is_share and 0 < figure.value <= 1:
            words["meant"] = (figure.value * 100).normalize().to_integral_value()
            self.refuse(column.key, _("%(value)s may mean %(value)s or %(meant)s of 100. Write it with %%.") % words)
        else:
            return figure
        return None

    # --- what

    def truth(self, column: RegisterColumn) -> bool | None:
        """Return yes or no; an empty cell is what the column says it is."""
        value = self.row.cells.get(column.key)
        if value is None or value == "":
            if column.required:
                self.refuse(column.key, _("This cell is empty."))
            return column.default if column.default is None else bool(column.default)
        try:
            return parse_truth(value, yes=column.yes, no=column.no)
        except ValueError:
            words = {"value": self._as_written(column), "yes": "/".join(("是", *column.yes))}
            words["no"] = "/".join(("否", *column.no))
            self.refuse(column.key, _("%(value)s is neither yes (%(yes)s) nor no (%(no)s).") % words)
            return None

    def words(self, column: RegisterColumn) -> str:
        """Return a text of one line."""
        return self.text(column.key, maximum=column.maximum, required=column.required)

    def _excuse(self) -> Excuse | None:
        because = self.text("excused_because", maximum=MAXIMUM_REASON, required=False)
        approved_by = self.text("excused_by", maximum=MAXIMUM_PERSON, required=False)
        on = self.day("excused_on", required=False)
        if not (because or approved_by or on):
            return None
        for key, said in (("excused_because", because), ("excused_by", approved_by), ("excused_on", on)):
            if not said and not self.errors_at(key):
                self.refuse(key, _("An excused case needs the reason, who approved it, and the day."))
        return Excuse(because, approved_by, on) if because and approved_by and on else None

    def _as_written(self, column: RegisterColumn) -> str:
        return str(self.row.cells.get(column.key))[:60]


Read = Callable[[RegisterReader, RegisterColumn], Any]
READERS: Mapping[Reading, Read] = {
    Reading.PERSON: RegisterReader.person,
    Reading.STUDENT_CLASS: RegisterReader.student_class,
    Reading.TERM: RegisterReader.term,
    Reading.DEPARTMENT: RegisterReader.organiser,
    Reading.DAY: RegisterReader.day_of,
    Reading.HOURS: RegisterReader.figure,
    Reading.PER_CENT: RegisterReader.figure,
    Reading.MARK: RegisterReader.figure,
    Reading.COUNT: RegisterReader.count_of,
    Reading.TRUTH: RegisterReader.truth,
    Reading.CHOICE: RegisterReader.words,
    Reading.TEXT: RegisterReader.words,
}
