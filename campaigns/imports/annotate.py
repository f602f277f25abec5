"""The uploaded sheet again, with what is wrong coloured, commented, and written out beside each row."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from campaigns.facts import Column, SheetError, SheetHeadings
from campaigns.imports.header import Header, find_header
from campaigns.imports.matching import HEADER_ROWS
from campaigns.imports.sheet import MAXIMUM_COLUMNS
from qualityseason.intake.office import SHEET_PART
from qualityseason.intake.package import MIB
from qualityseason.intake.problems import READ_ERRORS

MAXIMUM_UNPACKED = 24 * MIB  # of the sheets: colouring holds the whole workbook in memory
RED = PatternFill("solid", fgColor="FFF4B6B6")
WIDTH = 60
AUTHOR = "portal"


def annotate(
    file: BinaryIO,
    errors: Sequence[SheetError],
    columns: Sequence[Column],
    *,
    headings: Sequence[SheetHeadings] = (),
) -> bytes | None:
    """Return the workbook with its errors coloured and written out, or None when it cannot be opened or is too large.

    The sentences stand in a column of their own right of the table; an import leaves that column out. `headings` are
    those it was read by, else they are looked for.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist() if SHEET_PART.match(part.filename))
        if size > MAXIMUM_UNPACKED:
            return None
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(file)
            return _saved(workbook, errors, columns, headings)
    except READ_ERRORS:
        return None


def _saved(
    workbook: Workbook, errors: Sequence[SheetError], columns: Sequence[Column], headings: Sequence[SheetHeadings]
) -> bytes | None:
    by_sheet: dict[str, list[SheetError]] = defaultdict(list)
    for error in errors:
        if error.sheet in workbook.sheetnames:
            by_sheet[error.sheet].append(error)
    if not by_sheet:
        return None
    for title, found in by_sheet.items():
        sheet = workbook[title]
        sheet.sheet_state = "visible"  # what is said on it must be seen
        if isinstance(sheet, Worksheet):
            read_by = next((one for one in headings if one.sheet == title), None)
            _mark(sheet, found, read_by or _headings(sheet, columns))
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _mark(sheet: Worksheet, errors: Sequence[SheetError], headings: SheetHeadings) -> None:
    beside = sheet.max_column + 1
    sentences: dict[int, list[str]] = defaultdict(list)
    for error in errors:
        row = error.row or headings.row
        place = headings.taken.get(error.column)
        column = headings.label_of(error.column)
        sentences[row].append(f"{column}: {error.sentence}" if column else error.sentence)
        if place is not None:
            _colour(sheet, row, place + 1, error.sentence)
    sheet.cell(headings.row, beside).value = _("What to correct")
    sheet.cell(headings.row, beside).font = Font(bold=True)
    for row, texts in sentences.items():
        cell = sheet.cell(row, beside)
        own = [_("What to correct")] if row == headings.row else []
        cell.value = "\n".join([*own, *texts])
        cell.data_type = "s"  # a sentence may quote a text that begins with =
        cell.fill = RED
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[get_column_letter(beside)].width = WIDTH


def _colour(sheet: Worksheet, row: int, place: int, sentence: str) -> None:
    cell = sheet.cell(row, place)
    if isinstance(cell, MergedCell):  # what it shows stands in the first of the cells merged
        merged = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
        cell = sheet.cell(merged.min_row, merged.min_col)
    cell.fill = RED
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(before + sentence, AUTHOR)


def _headings(sheet: Worksheet, columns: Sequence[Column]) -> SheetHeadings:
    header = _header(sheet, columns)
    return SheetHeadings(sheet.title, header.number, (), {c.heading: place for c, place in header.places.items()})


def _header(sheet: Worksheet, columns: Sequence[Column]) -> Header:
    best: Header | None = None
    widest = min(sheet.max_column, MAXIMUM_COLUMNS)  # iterating further would make cells
    rows = sheet.iter_rows(max_row=HEADER_ROWS, max_col=widest, values_only=True)
    for number, values in enumerate(rows, start=1):
        header = find_header(values, columns, number=number)
        if header.is_complete:
            return header
        if best is None or len(header.places) > len(best.places):
            best = header
    return best or Header(1, {}, (), ())
