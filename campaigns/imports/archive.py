"""Whether an upload is an .xlsx workbook of bearable size, judged before anything is parsed."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _

from qualityseason.errors import Refused
from qualityseason.intake.office import SHEET_LIMITS
from qualityseason.intake.package import MIB
from qualityseason.intake.package import check_package as check_parts
from qualityseason.intake.problems import Problem

MAXIMUM_BYTES = 10 * MIB  # of the file
ENDING = ".xlsx"
CODES = {"bomb": "too_large", "incomplete": "damaged", "mismatch": "not_xlsx", "old_inside": "not_xlsx"}


def check_name(name: str) -> None:
    """Refuse a file whose name says that it is something else; raises Refused on the field `file`."""
    if not name.lower().endswith(ENDING):
        raise refused("not_xlsx")


def check_size(size: int) -> None:
    """Refuse an upload that is too large or empty; raises Refused on the field `file`."""
    if size > MAXIMUM_BYTES:
        raise refused("too_large")
    if size == 0:
        raise refused("empty")


def check_package(file: BinaryIO) -> None:
    """Refuse what is no .xlsx, is encrypted, damaged, hostile or too large unpacked; leaves the file at its start."""
    check_size(file.seek(0, 2))
    try:
        names = {name.lower() for name in check_parts(file, SHEET_LIMITS)}
    except Problem as problem:
        raise refused(CODES.get(problem.code, problem.code)) from problem
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise refused("not_xlsx")
    if "xl/workbook.bin" in names:
        raise refused("not_xlsx")


def refused(code: str) -> Refused:
    """Return the refusal of a whole file, with its remedy, for the field `file`."""
    sentences = {
        "not_xlsx": _(
            "This is not an .xlsx workbook. Open it in WPS or Excel, choose File, Save as, .xlsx, and try again."
        ),
        "too_large": _("This file is too large. Delete blank rows and pictures, or split the sheet, and try again."),
        "empty": _("This file is empty."),
        "encrypted": _("This workbook is protected by a password. Remove the password, save it and try again."),
        "damaged": _("This workbook is damaged. Open it in WPS or Excel, save it again as .xlsx and try again."),
        "hostile": _("This workbook holds parts that no spreadsheet program writes; it is not read."),
    }
    return Refused(sentences[code], field="file", code=code)
