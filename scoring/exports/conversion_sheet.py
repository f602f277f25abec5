"""The conversion sheets as a workbook: one for each yearly appraisal, and one that checks them by live formulas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.properties import PageSetupProperties

from qualityseason.exports.cells import Formula, Sheet, Style, Value
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.exports.styles import Styles
from scoring.enums import Basis
from scoring.exports import words
from scoring.facts.results import Result
from scoring.queries.conversion import ConversionSheet, convert

A4 = 9
FIRST = 6  # row of the first department; above: title, basis, percentage, code and head
PERCENT_CELL = "$C$3"
WIDTHS = (16, 8, 26, 12, 14, 16)
CHECK_WIDTHS = (26, 14, 14, 14, 12)
TAB = 31  # characters of a sheet's name, Excel's limit


def write_conversion(result: Result, path: Path, *, code: str, address: str = "") -> None:
    """Write the workbook of a frozen result, with the code of the copy and the address where it is verified."""
    with translation.override(PAPER_LANGUAGE):
        _Book(result, code, address).save(path)


class _Book:
    def __init__(self, result: Result, code: str, address: str) -> None:
        self.result, self.code, self.address = result, code, address
        self.sheets = convert(result)
        self.workbook = Workbook(write_only=True)
        self.workbook.calculation = CalcProperties(fullCalcOnLoad=True)
        properties = self.workbook.properties
        properties.creator, properties.language = result.college, "zh-CN"
        properties.title = _("%(season)s: conversion of the result") % {"season": result.season}
        properties.created = timezone.localtime(result.taken_at).replace(tzinfo=None)
        self.open = [self._open(str(sheet.appraisal.label)[:TAB]) for sheet in self.sheets]
        self.check = self._open(words.CHECK)
        self.look = Styles(self.workbook, self.check)

    def save(self, path: Path) -> None:
        """Write all sheets; nothing is left behind when one fails."""
        try:
            for sheet, content in zip(self.open, self.sheets, strict=True):
                self._write(sheet, content)
            self._write_check()
            self.workbook.save(path)
        except BaseException:
            for sheet in (*self.open, self.check):
                sheet.discard()
            raise

    def _open(self, title: str) -> Sheet:
        sheet = Sheet(self.workbook, title)
        self.workbook._add_sheet(sheet)  # type: ignore[attr-defined]  # create_sheet would make openpyxl's own kind
        return sheet

    def _set_up(self, sheet: Sheet, widths: Sequence[int], *, header_row: int) -> None:
        for index, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.freeze_panes = f"A{header_row + 1}"
        sheet.print_title_rows = f"{header_row}:{header_row}"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_options.horizontalCentered = True
        sheet.oddHeader.left.text = self.result.college.replace("&", "&&")
        sheet.oddFooter.left.text = self._copy().replace("&", "&&")
        sheet.oddFooter.center.text = "— &P —"

    def _copy(self) -> str:
        if not self.code:
            return ""
        if not self.address:
            return _("Code %(code)s") % {"code": self.code}
        return _("Code %(code)s, to be verified at %(address)s") % {"code": self.code, "address": self.address}

    def _write(self, sheet: Sheet, content: ConversionSheet) -> None:
        look, result = self.look, self.result
        self._set_up(sheet, WIDTHS, header_row=FIRST - 1)
        made = date_format(timezone.localtime(result.taken_at), "DATETIME_FORMAT")
        basis = _("Basis: %(basis)s") % {"basis": Basis(result.ranking.basis).label}
        said = {"season": result.season, "appraisal": content.appraisal.label}
        sheet.add([_("%(season)s: %(appraisal)s") % said], [look.title])
        sheet.add([f"{basis} · {_('as it stood on %(moment)s') % {'moment': made}}"], [look.note])
        percent = content.percent if content.percent is not None else _("undecided")
        sheet.add([_("Percentage"), None, percent, "%"], [look.note, look.note, look.parameter, look.note])
        sheet.add([self._copy()], [look.note])
        columns = [
            words.BLOCK,
            words.RANK,
            words.DEPARTMENT,
            words.TOTAL,
            _("Converted"),
            _("Prize of the plan contest"),
        ]
        sheet.add(columns, [look.head] * len(columns))
        styles: list[Style] = [look.text, look.whole, look.text, look.points, look.total, look.centred]
        for row in content.rows:
            share: Value = row.share if row.share is not None else _("undecided")
            sheet.add([row.block, row.rank, row.name, row.total, share, row.prize], styles)

    def _write_check(self) -> None:
        look = self.look
        self._set_up(self.check, CHECK_WIDTHS, header_row=3)
        self.check.add([words.CHECK], [look.title])
        text = _("Every share is computed anew from total and percentage and compared with the sheet.")
        self.check.add([text], [look.note])
        columns = [words.DEPARTMENT, _("Sheet"), _("Computed anew"), _("As listed"), words.VERDICT]
        self.check.add(columns, [look.head] * len(columns))
        styles: list[Style] = [look.text, look.text, look.points, look.points, look.centred]
        number = 3
        for sheet, content in zip(self.open, self.sheets, strict=True):
            for offset, row in enumerate(content.rows):
                number += 1
                self.check.add(self._checked(sheet.title, row.name, FIRST + offset, number), styles)

    def _checked(self, title: str, department: str, place: int, number: int) -> list[Value]:
        """Return a row of the check: in hundredths, so that no binary fraction decides how a half is rounded."""
        sheet = "'" + title.replace("'", "''") + "'"
        percent, total, share = (f"{sheet}!{cell}" for cell in (PERCENT_CELL, f"$D${place}", f"$E${place}"))
        exact = f"INT((ROUND({total}*100,0)*ROUND({percent}*100,0)+5000)/10000)/100"
        both = f"AND(ISNUMBER(C{number}),ISNUMBER(D{number}))"
        equal = f"IF({both},ROUND(C{number}-D{number},2)=0,C{number}=D{number})"
        return [
            department,
            title,
            Formula(f'IF(ISNUMBER({percent}),{exact},"")'),
            Formula(f'IF(ISNUMBER({share}),{share},"")'),
            Formula(f'IFERROR(IF({equal},"{words.SAME}","{words.DIFFERENT}"),"{words.DIFFERENT}")'),
        ]
