"""Whether an upload is an .xlsx workbook of bearable size, judged before anything is parsed."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from qualityseason.errors import Refused

MIB = 1024 * 1024
MAXIMUM_BYTES = 10 * MIB  # of the file
MAXIMUM_UNPACKED = 256 * MIB  # of all parts; a million formatted blank rows stay below
MAXIMUM_PART = 48 * MIB  # of any part read whole, that is all but the sheets
MAXIMUM_PARTS = 2_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SHEET_PART = re.compile(r"^/?xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
PROLOGUE = 64 * 1024  # bytes in which a document type has to stand
ENDING = ".xlsx"
READ_ERRORS = (
    zipfile.BadZipFile,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,  # XML that does not parse, in both parsers
    TypeError,
    ValueError,  # entities that defusedxml forbids, too
)  # what openpyxl, zipfile and the XML parsers raise on hostile or damaged files


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
    size = file.seek(0, 2)
    file.seek(0)
    check_size(size)
    start = file.read(8)
    if start == OLE:
        file.seek(0)
        raise refused("encrypted" if ENCRYPTED in file.read() else "not_xlsx")
    if not start.startswith(ZIP):
        raise refused("not_xlsx")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive)
    except READ_ERRORS as error:
        if isinstance(error, Refused):
            raise
        raise refused("damaged") from error
    file.seek(0)


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise refused("not_xlsx")
    if "xl/workbook.bin" in names:
        raise refused("not_xlsx")
    if any(part.flag_bits & 0x1 for part in parts):
        raise refused("encrypted")
    if len(parts) > MAXIMUM_PARTS or sum(part.file_size for part in parts) > MAXIMUM_UNPACKED:
        raise refused("too_large")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            if part.file_size > MAXIMUM_PART and not SHEET_PART.match(part.filename):
                raise refused("too_large")
            with archive.open(part) as handle:
                if ENTITY.search(handle.read(PROLOGUE)):
                    raise refused("hostile")


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
