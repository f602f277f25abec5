"""What a register is: its model, its columns as people know them, and how each of them is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ImportKind, RegisterCode
from campaigns.facts import Column
from campaigns.models import Campaign, Department, RegisterRow

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

NUMBER, NAME, HOME = "number", "name", "home"  # the columns a person stands in
PERSON_EXAMPLE = ("00123", "张伟")  # nobody in particular
LONGEST_NOTE = 200


class Reading(Enum):
    """How a cell is read and shown."""

    PERSON = "person"
    STUDENT_CLASS = "class"
    TERM = "term"
    DEPARTMENT = "department"
    DAY = "day"
    HOURS = "hours"
    PER_CENT = "per-cent"
    MARK = "mark"
    COUNT = "count"
    TRUTH = "truth"
    CHOICE = "choice"
    TEXT = "text"


FIGURES = frozenset({Reading.HOURS, Reading.PER_CENT, Reading.MARK, Reading.COUNT})


@dataclass(frozen=True)
class RegisterColumn:
    """A column: the model's field, its word on screen, its heading in sheets, and how it is read.

    ``maximum`` is the largest figure or the longest text, ``choices`` the words one may write about somebody of a
    department (None: of any), ``yes`` and ``no`` more words for it; ``default`` stands where nothing is said.
    """

    key: str
    label: Text
    heading: str
    reading: Reading
    aliases: tuple[str, ...] = ()
    required: bool = True
    maximum: int = 0
    hint: Text = ""
    example: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    choices: Callable[[Campaign, Department | None], Sequence[str]] | None = None
    default: Any = None
    in_list: bool = True


Judgement = Iterator[tuple[str, str]]  # what is wrong: the key of the column and a sentence


def _nothing_wrong(values: Mapping[str, Any]) -> Judgement:
    return iter(())


@dataclass(frozen=True)
class RegisterSpec:
    """One register. ``key`` are the fields that make a row the same row.

    ``striking`` are the rows that deserve a look (never by a threshold of the rulebook), ``striking_label`` what they
    have in common; ``lowest``: the column by which the lowest stand first. ``judge`` finds what does not go together.
    ``may_lie_ahead``: a day may be still to come.
    """

    code: RegisterCode
    model: type[RegisterRow]
    columns: tuple[RegisterColumn, ...]
    key: tuple[str, ...]
    striking: Q | None = None
    striking_label: Text = ""
    lowest: str = ""
    judge: Callable[[Mapping[str, Any]], Judgement] = _nothing_wrong
    may_lie_ahead: bool = False

    @property
    def kind(self) -> ImportKind:
        """The kind of its sheets."""
        return ImportKind(self.code.responsibility)

    @cached_property
    def by_key(self) -> dict[str, RegisterColumn]:
        """The columns by their keys."""
        return {column.key: column for column in self.columns}

    @cached_property
    def subject(self) -> RegisterColumn:
        """The column that says whom a row is about."""
        return next(c for c in self.columns if c.reading in (Reading.PERSON, Reading.STUDENT_CLASS))

    @property
    def is_by_term(self) -> bool:
        """Whether its rows are about a term, and not about a day."""
        return any(column.reading is Reading.TERM for column in self.columns)

    @property
    def has_organiser(self) -> bool:
        """Whether a department organises what its rows are about."""
        return "organiser" in self.by_key

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """What a row is loaded with."""
        found = [c.key for c in self.columns if c.reading in RELATIONS]
        return ("department__block", *found)

    @cached_property
    def sheet_columns(self) -> tuple[Column, ...]:
        """The columns of its sheets: a person takes three of them, and every row may be excused."""
        columns: list[Column] = []
        for column in (*self.columns, *EXCUSE):
            columns += PERSON if column.reading is Reading.PERSON else [_sheet_column(column)]
            if column.reading is Reading.STUDENT_CLASS:
                columns.append(PERSON[-1])
        return tuple(columns)


RELATIONS = frozenset({Reading.PERSON, Reading.STUDENT_CLASS, Reading.TERM, Reading.DEPARTMENT})

PERSON = (
    Column(
        NUMBER,
        "工号",
        aliases=("职工号", "教工号", "教职工号", "教师工号", "教师编号"),
        instead=NAME,
        hint=_("The staff number; may stay empty where nobody else has the name."),
        example=PERSON_EXAMPLE[0],
    ),
    Column(
        NAME,
        "姓名",
        aliases=("教师姓名", "教师", "任课教师", "职工姓名", "教职工姓名"),
        instead=NUMBER,
        hint=_("The name, or name and staff number in brackets; may stay empty beside the number."),
        example=PERSON_EXAMPLE[1],
    ),
    Column(
        HOME,
        "部门",
        aliases=("所在部门", "所属部门", "系部", "所在系部", "所属系部", "单位", "所在单位"),
        optional=True,
        hint=_("May stay empty. What counts is the department our lists give; where another stands here, it is said."),
    ),
)

NOTE = RegisterColumn(
    "note",
    _("Note"),
    "备注",
    Reading.TEXT,
    aliases=("说明",),
    required=False,
    maximum=LONGEST_NOTE,
    default="",
    in_list=False,
)
TERM = RegisterColumn(
    "term", _("Term"), "学期", Reading.TERM, required=False, hint=_("May stay empty where the season has one term.")
)
EXCUSE = (
    RegisterColumn(
        "excused_because",
        _("Excused because"),
        "特殊情况",
        Reading.TEXT,
        aliases=("特殊情况说明", "免扣原因", "请假原因"),
        required=False,
        maximum=LONGEST_NOTE,
        hint=_("Why the case is never charged: sick leave, business for the college; else empty."),
    ),
    RegisterColumn(
        "excused_by",
        _("Approved by"),
        "批准人",
        Reading.TEXT,
        aliases=("审批人",),
        required=False,
        maximum=64,
        hint=_("Who approved it; needed with the reason."),
    ),
    RegisterColumn(
        "excused_on",
        _("Approved on"),
        "批准日期",
        Reading.DAY,
        aliases=("审批日期",),
        required=False,
        hint=_("The day of the approval; needed with the reason."),
    ),
)


def _sheet_column(column: RegisterColumn) -> Column:
    return Column(
        column.key,
        column.heading,
        aliases=column.aliases,
        optional=not column.required,
        hint=column.hint,
        example=column.example,
        per_cent=column.reading in (Reading.PER_CENT, Reading.MARK),
    )


def day(label: Text, heading: str, *, aliases: tuple[str, ...] = (), hint: Text = "") -> RegisterColumn:
    """Return the column of the day a row is about."""
    return RegisterColumn("happened_on", label, heading, Reading.DAY, aliases=aliases, hint=hint)


def organiser(label: Text, heading: str, *, aliases: tuple[str, ...] = ()) -> RegisterColumn:
    """Return the column of the department that organises what a row is about."""
    return RegisterColumn(
        "organiser",
        label,
        heading,
        Reading.DEPARTMENT,
        aliases=aliases,
        required=False,
        hint=_("May stay empty for the person's own department."),
    )


def person(label: Text) -> RegisterColumn:
    """Return the column of the person a row is about."""
    return RegisterColumn(
        "person",
        label,
        "姓名",
        Reading.PERSON,
        hint=_("Name, staff number, or both like 张伟(00123)."),
    )
