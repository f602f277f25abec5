"""Reading any .xlsx that WPS or Excel writes: rows of known columns, and the cells that cannot be understood."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from campaigns.facts import Cell, Column, SheetContent, SheetError, SheetHeadings, SheetRow
from campaigns.hooks import MAXIMUM_ROWS
from campaigns.imports.archive import check_package, refused
from campaigns.imports.header import Header, Layouts, missing_columns
from campaigns.imports.matching import HEADER_ROWS, SAMPLE_ROWS, HeaderRows, shown_share
from campaigns.imports.scan import SheetScan, scan_sheet
from qualityseason.errors import Refused
from qualityseason.intake.problems import READ_ERRORS
from qualityseason.text import clean

MAXIMUM_BLANK = 1_000  # blank rows in a row end a sheet
MAXIMUM_COLUMNS = 100
WPS_OWN = "WpsReserved"  # hidden sheets WPS adds by itself
ERROR_VALUES = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)

NO_LAYOUTS: Layouts = MappingProxyType({})
Fitness = tuple[int, float]  # columns met, likeness of the others
Line = tuple[int, tuple[Any, ...], tuple[Any, ...]]  # its number, formulas, what they came to


def read_sheets(
    file: BinaryIO,
    columns: Sequence[Column],
    *,
    maximum_rows: int = MAXIMUM_ROWS,
    layouts: Layouts = NO_LAYOUTS,
) -> SheetContent:
    """Return the rows of every visible sheet that holds all required columns, and the errors of single cells.

    `layouts` are headings somebody has matched to our columns before; they come first where they fit. Raises Refused
    on the field `file` when the file as a whole cannot be taken.
    """
    check_package(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions it drops
            return _read(file, columns, maximum_rows, layouts)
    except READ_ERRORS as error:
        if isinstance(error, Refused):
            raise
        raise refused("damaged") from error


def _read(file: BinaryIO, columns: Sequence[Column], maximum_rows: int, layouts: Layouts) -> SheetContent:
    reader = _Reader(columns, maximum_rows, layouts)
    with contextlib.ExitStack() as stack:
        written = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        stack.callback(written.close)
        shown = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        stack.callback(shown.close)
        for formulas, values in zip(written.worksheets, shown.worksheets, strict=True):
            reader.take(formulas, values)
    return reader.content()


class _Reader:
    """Collects rows and errors sheet by sheet."""

    def __init__(self, columns: Sequence[Column], maximum_rows: int, layouts: Layouts) -> None:
        self.columns = columns
        self.maximum_rows = maximum_rows
        self.layouts = layouts
        self.rows: list[SheetRow] = []
        self.errors: list[SheetError] = []
        self.headings: list[SheetHeadings] = []
        self.rejected: list[tuple[Fitness, SheetError, list[SheetHeadings]]] = []  # how near it came, what is missing
        self.read_any = False

    def take(self, formulas: Any, values: Any) -> None:
        """Read one sheet: its formulas and what they last came to, side by side."""
        scan = _scan(formulas)
        if formulas.sheet_state != "visible":
            if scan.last_row and not formulas.title.startswith(WPS_OWN):
                self.errors.append(
                    SheetError(
                        _("This sheet is hidden and not empty. Unhide it or delete it, then nothing comes in unseen."),
                        sheet=formulas.title,
                    )
                )
            return
        lines = self._lines(formulas, values)
        first = list(islice(lines, HEADER_ROWS + SAMPLE_ROWS))
        rows = HeaderRows(formulas.title, [cells for _number, _formulas, cells in first], scan.merged)
        header = self._header(formulas.title, rows)
        if header is None:
            return
        self.read_any = True
        self.headings.append(rows.told(header))
        below = rows.last_row_of(header)
        self._take_rows(formulas.title, chain(first[below:], lines), header, scan)

    def content(self) -> SheetContent:
        """Return what was collected; says which columns are missing when no sheet had them all."""
        errors, headings = [*self.errors], [*self.headings]
        if not self.read_any:
            _near, best, candidates = max(self.rejected, key=lambda item: item[0], default=((0, 0.0), None, []))
            errors.append(best or SheetError(_("The workbook is empty.")))
            headings += candidates
        elif not self.rows and not errors:
            errors.append(SheetError(_("There are no rows below the headings.")))
        return SheetContent(tuple(self.rows), tuple(errors), tuple(headings))

    def _lines(self, formulas: Any, values: Any) -> Iterator[Line]:
        for sheet in (formulas, values):
            sheet.reset_dimensions()
        pairs = zip(formulas.iter_rows(max_col=MAXIMUM_COLUMNS), values.iter_rows(max_col=MAXIMUM_COLUMNS), strict=True)
        return ((number, *pair) for number, pair in enumerate(pairs, start=1))

    def _header(self, title: str, rows: HeaderRows) -> Header | None:
        header, tried = rows.find(self.columns, self.layouts)
        if header is not None:
            if header.twice:
                message = _("This column stands there twice.")
                self.errors.append(SheetError(message, sheet=title, row=header.number, column=header.twice))
            return header
        best = max(tried, key=lambda one: len(one.places), default=None)
        if best is not None:
            required = sum(not column.optional for column in self.columns)
            error = SheetError(missing_columns(best, self.columns), sheet=title)
            candidates = rows.candidates(self.columns, tried)
            self.rejected.append(((len(best.places), rows.likeness), error, candidates))
            if len(best.places) * 2 > required and len(best.places) > 1:  # surely meant for us
                self.read_any = True
                self.errors.append(error)
                self.headings += candidates
        return None

    def _take_rows(self, title: str, lines: Iterator[Any], header: Header, scan: SheetScan) -> None:
        blank, number = 0, header.number
        filling = _Filling(header, scan)
        for number, formulas, values in lines:
            cells, errors = self._understand(title, number, header, formulas, values)
            if not errors and all(value is None for value in cells.values()):
                blank += 1
                if blank >= MAXIMUM_BLANK:
                    break
                continue
            blank = 0
            self.errors += errors
            broken = frozenset(header.key_of(error.column) for error in errors)
            self.rows.append(SheetRow(title, number, filling.fill(number, cells), broken))
            if len(self.rows) > self.maximum_rows:
                raise Refused(
                    _("There are more than %(maximum)d rows. Split the sheet and bring the parts in one by one.")
                    % {"maximum": self.maximum_rows},
                    field="file",
                    code="too_many_rows",
                )
        if blank >= MAXIMUM_BLANK and scan.last_row > number:
            self.errors.append(
                SheetError(
                    _("Below more than %(maximum)d blank rows there is something again. Delete the blank rows.")
                    % {"maximum": MAXIMUM_BLANK},
                    sheet=title,
                    row=scan.last_row,
                )
            )

    def _understand(
        self, title: str, number: int, header: Header, formulas: tuple[Any, ...], values: tuple[Any, ...]
    ) -> tuple[dict[str, Cell], list[SheetError]]:
        cells: dict[str, Cell] = {}
        errors: list[SheetError] = []
        for column, place in header.places.items():
            formula = formulas[place] if place < len(formulas) else None
            shown = values[place] if place < len(values) else None
            cells[column.key] = (column.per_cent and shown_share(shown)) or _value(shown)
            sentence = _problem(column, formula, shown)
            if sentence:
                cells[column.key] = None
                errors.append(SheetError(sentence, sheet=title, row=number, column=column.heading))
        return cells, errors


class _Filling:
    """Cells merged downwards stand for each of their rows."""

    def __init__(self, header: Header, scan: SheetScan) -> None:
        letters = {get_column_letter(place + 1): column.key for column, place in header.places.items()}
        self._merged = {
            (letters[letter], top): bottom for (letter, top), bottom in scan.merged.items() if letter in letters
        }
        self._standing: dict[str, tuple[Cell, int]] = {}

    def fill(self, number: int, cells: dict[str, Cell]) -> dict[str, Cell]:
        """Return the row's cells with what a merged cell above says."""
        for key, value in cells.items():
            if (key, number) in self._merged:
                self._standing[key] = (value, self._merged[key, number])
            elif value is None and key in self._standing and number <= self._standing[key][1]:
                cells[key] = self._standing[key][0]
        return cells


def _scan(sheet: Any) -> SheetScan:
    with sheet._get_source() as source:
        return scan_sheet(source)


def _value(cell: Any) -> Cell:
    value: Cell = getattr(cell, "value", None)
    if isinstance(value, str) and not clean(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        pattern = str(cell.number_format)
        if len(pattern) > 1 and set(pattern) == {"0"}:
            return str(value).zfill(len(pattern))  # 123 shown as 00123
    return value


def _problem(column: Column, formula: Any, shown: Any) -> str:
    value = getattr(shown, "value", None)
    if getattr(shown, "data_type", "") == "e" or (isinstance(value, str) and value.strip() in ERROR_VALUES):
        return _("This cell shows the error %(value)s. Correct the formula or type the value.") % {"value": value}
    if getattr(formula, "data_type", "") == "f" and value is None and shown.data_type != "str":
        return _("This formula has no stored value. Open the sheet in WPS or Excel, let it calculate, and save it.")
    number = isinstance(_value(shown), int | float) and not isinstance(value, bool)
    if column.as_text and number:
        return _(
            "%(value)s is stored as a number, so leading zeros may be lost. Set the column to text and type it again."
        ) % {"value": value}
    return ""
