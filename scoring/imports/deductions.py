"""Sheets of deductions: the charged department, rule, quantity, date, subject and reason of each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import ImportKind
from campaigns.facts import Column, SheetError, SheetRow, UnderstoodRow
from campaigns.hooks import ImportKindSpec
from campaigns.imports.values import RowReader
from campaigns.models import Campaign, Department
from campaigns.queries.departments import DepartmentBook, StaffBook
from qualityseason.errors import Refused
from qualityseason.text import MAXIMUM_TEXT, squeeze
from scoring.enums import Once, SubjectKind
from scoring.facts import Subject
from scoring.models import Rule, RuleVersion
from scoring.queries.subjects import resolve_subject
from scoring.services.checks import MAXIMUM_LABEL
from scoring.services.imports import DeductionRow, bar_lines, withdraw_lines, write_lines

COLUMNS = (
    Column(
        "charged",
        "部门",
        aliases=("扣分部门", "被扣部门"),
        hint=gettext_lazy("The department charged, by name or a usual short form."),
    ),
    Column(
        "rule",
        "细则",
        aliases=("细则编号", "细则代码"),
        hint=gettext_lazy("The code of the rule, as on the rulebook page."),
    ),
    Column(
        "quantity",
        "数量",
        hint=gettext_lazy("In the rule's unit; may stay empty where the rule counts once only."),
    ),
    Column("happened_on", "日期", hint=gettext_lazy("The day of the fact.")),
    Column(
        "subject",
        "对象",
        hint=gettext_lazy(
            "Where the rule needs one: name, or name and staff number in brackets; class; item; month like 2009-11."
        ),
    ),
    Column("note", "事由", hint=gettext_lazy("What was seen.")),
)
SHOWN = ("部门", "细则", "数量", "扣分", "日期", "对象", "事由")
MAXIMUM_CODE = 16
PERSON = "张伟(00123)"  # nobody in particular
MAXIMUM_LINES = 5_000  # each goes through the ledger, in one transaction other writers wait for


@dataclass(frozen=True)
class _Books:
    """Everything rows are looked up in, loaded once."""

    campaign: Campaign
    departments: DepartmentBook
    rules: dict[str, Rule]
    staff: StaffBook
    subjects: dict[tuple[str, str], Subject | Refused]


def understand(campaign: Campaign, rows: Sequence[SheetRow]) -> tuple[list[UnderstoodRow], list[SheetError]]:
    """Return the rows in our terms and the errors of single cells; four queries, and one for each class named."""
    rules = Rule.objects.filter(campaign=campaign).select_related("category", "block")
    books = _Books(
        campaign,
        DepartmentBook(campaign),
        {squeeze(rule.code): rule for rule in rules},
        StaffBook(campaign, {str(row.cells.get("subject") or "") for row in rows}),
        {},
    )
    understood: list[UnderstoodRow] = []
    errors: list[SheetError] = []
    for row in rows:
        reader = RowReader(row, COLUMNS)
        values = _values(reader, books)
        errors += reader.errors
        if values is not None and reader.is_sound:
            understood.append(UnderstoodRow(row, values, canonical(values)))
    return understood, errors


def canonical(values: DeductionRow) -> tuple[str, ...]:
    """Return what is the same for every spelling of the same line.

    The subject stands as text, so that a staff list brought in meanwhile does not make it another line.
    """
    return (
        values.charged.name,
        values.rule.code,
        str(values.quantity),
        values.happened_on.isoformat(),
        values.month or squeeze(values.subject_text),
        values.note,
    )


def _values(reader: RowReader, books: _Books) -> DeductionRow | None:
    charged = reader.department("charged", books.departments)
    rule = _rule(reader, books)
    quantity = _quantity(reader, rule)
    day = reader.day("happened_on")
    note = reader.text("note", maximum=MAXIMUM_TEXT, required=False, prose=True)
    text, month, subject = _subject(reader, rule, day, books)
    if charged is None or rule is None or quantity is None or day is None:
        return None
    return DeductionRow(charged, rule, quantity, day, text, subject, month, note)


def _rule(reader: RowReader, books: _Books) -> Rule | None:
    code = reader.text("rule", maximum=MAXIMUM_CODE)
    rule = books.rules.get(squeeze(code))
    if code and rule is None:
        reader.refuse("rule", _("There is no rule %(code)s.") % {"code": code})
    return rule


def _quantity(reader: RowReader, rule: Rule | None) -> int | None:
    quantity = reader.count("quantity")
    if quantity is None and reader.row.cells.get("quantity") is None and rule is not None:
        if rule.maximum == 1:
            return 1
        reader.refuse("quantity", _("This cell is empty."))
    return quantity


def _subject(reader: RowReader, rule: Rule | None, day: date | None, books: _Books) -> tuple[str, str, Subject]:
    if rule is not None and _takes_month(rule):
        month = reader.month("subject")
        return "", month or (f"{day:%Y-%m}" if day else ""), Subject()
    text = reader.text("subject", maximum=MAXIMUM_LABEL, required=False)
    if rule is None or not text:
        return text, "", Subject()
    if rule.subject == SubjectKind.NONE:
        return text, "", Subject(label=text)  # refused by the ledger, which charges the department as a whole
    found = _resolve(rule, text, books)
    if isinstance(found, Refused):
        reader.refuse("subject", str(found.sentence))
        return text, "", Subject()
    return text, "", found


def _takes_month(rule: Rule) -> bool:
    return rule.subject == SubjectKind.MONTH or (rule.once == Once.MONTH and rule.subject == SubjectKind.NONE)


def _resolve(rule: Rule, text: str, books: _Books) -> Subject | Refused:
    key = (rule.subject, squeeze(text))
    if key not in books.subjects:
        try:
            books.subjects[key] = resolve_subject(books.campaign, rule, text, book=books.staff)
        except Refused as refused:
            books.subjects[key] = refused
    return books.subjects[key]


def examples(campaign: Campaign) -> dict[str, str]:
    """Return a line about a person that the campaign's own rules might charge."""
    charged = Department.objects.filter(campaign=campaign).select_related("block").first()
    if charged is None:
        return {}
    for_all_or_its_block = Q(rule__block=None) | Q(rule__block=charged.block)
    about_people = RuleVersion.objects.in_force(on=campaign.facts_from).filter(
        for_all_or_its_block, rule__campaign=campaign, rule__subject=SubjectKind.PERSON
    )
    version = about_people.select_related("rule").order_by("rule__order").first()
    if version is None:
        return {"charged": charged.name}
    return {
        "charged": charged.name,
        "rule": version.rule.code,
        "quantity": "1",
        "happened_on": campaign.facts_from.isoformat(),
        "subject": PERSON,
        "note": version.label,
    }


SPEC = ImportKindSpec(
    kind=ImportKind.DEDUCTIONS,
    columns=COLUMNS,
    shown=SHOWN,
    understand=understand,
    write=write_lines,
    withdraw=withdraw_lines,
    private=True,
    maximum_rows=MAXIMUM_LINES,
    bar=bar_lines,
    examples=examples,
)
