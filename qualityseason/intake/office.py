"""What an office package says of itself: its main part, macros, and what it fetches from elsewhere."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from xml.etree.ElementTree import Element  # the type alone; parsed by defusedxml

from defusedxml.ElementTree import fromstring

from qualityseason.intake.kinds import FileKind
from qualityseason.intake.package import MIB, Limits, check_package
from qualityseason.intake.problems import READ_ERRORS, Problem
from qualityseason.text import clean

SHEET_PART = re.compile(r"^/?xl/worksheets/[^/]+\.xml$", re.IGNORECASE)  # read row by row wherever it is read
LIMITS = Limits(
    parts=4_000,
    unpacked=256 * MIB,
    part=48 * MIB,
    xml_part=16 * MIB,
    ratio=200,
    ratio_from=32 * MIB,
    streamed=SHEET_PART,
)
SHEET_LIMITS = replace(LIMITS, parts=2_000, xml_part=48 * MIB, ratio=2_000)  # a million blank rows pack 1000 to 1
MAXIMUM_INDEX = 2 * MIB  # bytes of a part that lists types or relations
CONTENT_TYPES = "[content_types].xml"
MACRO_PARTS = re.compile(r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml)$|(?:^|/)xl/macrosheets/", re.IGNORECASE)
MACRO_WORDS = ("macroenabled", "vbaproject", "macrosheet")
HARMLESS_EXTERNAL = frozenset({"hyperlink", "externallinkpath", "externallinklong", "xlpathmissing"})
TEMPLATE = "attachedtemplate"
LONGEST_TARGET = 80  # characters shown


def check_office(file: BinaryIO, kind: FileKind) -> None:
    """Raise Problem when the file is not the office document its ending says, or one that is not taken."""
    names = check_package(file, SHEET_LIMITS if kind.ending == "xlsx" else LIMITS)
    if any(MACRO_PARTS.search(name.replace("\\", "/")) for name in names):
        raise Problem("macros", newer=f".{kind.ending}")
    try:
        with zipfile.ZipFile(file) as archive:
            _check_types(archive, kind)
            _check_relations(archive, kind)
    except READ_ERRORS as error:
        raise Problem("damaged") from error
    file.seek(0)


def _check_types(archive: zipfile.ZipFile, kind: FileKind) -> None:
    found = [part for part in archive.infolist() if part.filename.lower() == CONTENT_TYPES]
    if len(found) != 1:
        raise Problem("mismatch")
    types = [
        str(element.get("ContentType", "")).casefold()
        for element in _elements(archive, found[0])
        if element.get("ContentType")
    ]
    if any(word in named for named in types for word in MACRO_WORDS):
        raise Problem("macros", newer=f".{kind.ending}")
    if f"{kind.media_type.casefold()}.main+xml" not in types:
        raise Problem("mismatch")


def _check_relations(archive: zipfile.ZipFile, kind: FileKind) -> None:
    for sort, target, is_external in _relations(archive):
        if any(word in sort for word in MACRO_WORDS):
            raise Problem("macros", newer=f".{kind.ending}")
        if is_external and sort == TEMPLATE:
            raise Problem("template", target=target)
        if is_external and sort not in HARMLESS_EXTERNAL:
            raise Problem("external", target=target)


def _relations(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, bool]]:
    """Yield (last word of its type, target, whether it lies outside) of every relation of every part."""
    for part in archive.infolist():
        if part.filename.lower().endswith(".rels"):
            for element in _elements(archive, part):
                sort = str(element.get("Type", "")).rstrip("/").rpartition("/")[2].casefold()
                target = clean(element.get("Target", ""))[:LONGEST_TARGET]
                yield sort, target, str(element.get("TargetMode", "")).strip().casefold() == "external"


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[Element]:
    if part.file_size > MAXIMUM_INDEX:
        raise Problem("bomb")
    yield from fromstring(archive.read(part)).iter()
