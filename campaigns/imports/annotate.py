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

from campaigns.facts import Column, SheetError
from campaigns.imports.header import Header, find_header
from campaigns.imports.sheet import HEADER_ROWS, MAXIMUM_COLUMNS
from qualityseason.intake.office import SHEET_PART
from qualityseason.intake.package import MIB
from qualityseason.intake.problems import READ_ERRORS

MAXIMUM_UNPACKED = 24 * MIB  # of the sheets: colouring holds the whole workbook in memory
RED = PatternFill("solid", fgColor="FFF4B6B6")
WIDTH = 60
AUTHOR = "portal"


def annotate(file: BinaryIO, errors: Sequence[SheetError], columns: Sequence[Column]) -> bytes | None:
    """Return the workbook with its errors coloured and written out, or None when it cannot be opened or is too large.

    The sentences stand in a column of their own right of the table; an import leaves that column out.
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
            return _saved(workbook, errors, columns)
    except READ_ERRORS:
        return None


def _saved(workbook: Workbook, errors: Sequence[SheetError], columns: Sequence[Column]) -> bytes | None:
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
            _mark(sheet, found, columns)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _mark(sheet: Worksheet, errors: Sequence[SheetError], columns: Sequence[Column]) -> None:
    header = _header(sheet, columns)
    places = {column.heading: place + 1 for column, place in header.places.items()}
    beside = sheet.max_column + 1
    sentences: dict[int, list[str]] = defaultdict(list)
    for error in errors:
        row = error.row or header.number
        place = places.get(error.column)
        sentences[row].append(f"{error.column}: {error.sentence}" if error.column else error.sentence)
        if place is not None:
            _colour(sheet, row, place, error.sentence)
    sheet.cell(header.number, beside).value = _("What to correct")
    sheet.cell(header.number, beside).font = Font(bold=True)
    for row, texts in sentences.items():
        cell = sheet.cell(row, beside)
        own = [_("What to correct")] if row == header.number else []
        cell.value = "\n".join([*own, *texts])
        cell.data_type = "s"  # a sentence may quote a text that begins with =
        cell.fill = RED
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[get_column_letter(beside)].width = WIDTH


def _colour(sheet: Worksheet, row: int, place: int, sentence: str) -> None:
    cell = sheet.cell(row, place)
    if isinstance(cell, MergedCell):
        return
    cell.fill = RED
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(before + sentence, AUTHOR)


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
