"""Zip packages of office programs: how many parts, how large unpacked, what stands in their XML; nothing is kept."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from qualityseason.intake.problems import READ_ERRORS, Problem

MIB = 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
END_OF_ZIP = b"PK\x05\x06"
LONGEST_END = 65_557  # bytes the end of an archive takes, with its comment
CHUNK = 1 * MIB
OVERLAP = 16  # bytes carried on, so that no mark is cut in two
ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")
XML_ENDINGS = (".xml", ".rels", ".vml")
ENCODING = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']""")
KNOWN_ENCODINGS = frozenset({b"utf-8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii"})
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
DEEPEST = 2  # packages within packages: a workbook in a document in a presentation


@dataclass(frozen=True)
class Limits:
    """What a package may hold: parts, bytes unpacked, bytes of one part and of one of XML, unpacked to packed.

    Parts that `streamed` matches are read bit by bit and may be as large as all together.
    """

    parts: int
    unpacked: int
    part: int
    xml_part: int
    ratio: int
    ratio_from: int  # bytes unpacked below which the ratio does not matter
    streamed: re.Pattern[str]


@dataclass
class _Budget:
    parts: int
    unpacked: int
    names: list[str] = field(default_factory=list)


def check_start(file: BinaryIO) -> None:
    """Raise Problem when the file is no zip archive at all: encrypted, of the old kind, something else, or torn."""
    file.seek(0)
    start = file.read(8)
    if start == OLE:
        file.seek(0)
        raise Problem("encrypted" if ENCRYPTED in file.read() else "old_inside")
    if not start.startswith(ZIP):
        raise Problem("mismatch")
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - LONGEST_END))
    if END_OF_ZIP not in file.read():
        raise Problem("incomplete")
    file.seek(0)


def check_package(file: BinaryIO, limits: Limits) -> list[str]:
    """Read every part once and return their names, those of packages within too; raises Problem.

    What the archive declares is judged before anything is unpacked, and no part is read beyond what it declares.
    """
    check_start(file)
    budget = _Budget(limits.parts, limits.unpacked)
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive, limits, budget, depth=0)
    except READ_ERRORS as error:
        raise Problem("damaged") from error
    file.seek(0)
    return budget.names


def _check(archive: zipfile.ZipFile, limits: Limits, budget: _Budget, *, depth: int) -> None:
    parts = archive.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if any(part.flag_bits & 0x1 for part in parts):
        raise Problem("encrypted")
    if len(parts) > budget.parts or unpacked > budget.unpacked:
        raise Problem("bomb")
    if any(part.file_size > _limit_of(part.filename, limits) for part in parts):
        raise Problem("bomb")
    if unpacked > limits.ratio_from and unpacked > limits.ratio * max(packed, 1):
        raise Problem("bomb")
    budget.parts -= len(parts)
    budget.unpacked -= unpacked
    for part in parts:
        if part.compress_type not in PLAIN or ".." in part.filename.replace("\\", "/").split("/"):
            raise Problem("hostile")
        budget.names.append(part.filename)
        with archive.open(part) as source:
            inner = _check_part(part.filename, source)
        if inner is not None:
            _check_inner(inner, limits, budget, depth=depth + 1)


def _limit_of(name: str, limits: Limits) -> int:
    if limits.streamed.match(name):
        return limits.unpacked
    return limits.xml_part if name.lower().endswith(XML_ENDINGS) else limits.part


def _check_part(name: str, source: IO[bytes]) -> bytes | None:
    """Read a part to its end, which compares its checksum; return it when it is a package itself."""
    chunk = source.read(CHUNK)
    if chunk.startswith(ZIP):
        return chunk + source.read()
    wide, text = _as_text(chunk)
    is_xml = text.startswith(b"<")
    if chunk and not is_xml and name.lower().endswith(XML_ENDINGS):
        raise Problem("hostile")
    is_xml = is_xml or not text  # nothing but blanks so far
    if is_xml:
        encoding = ENCODING.match(text[:200])
        if encoding and encoding[1].lower() not in KNOWN_ENCODINGS:
            raise Problem("hostile")
    carried = b""
    while chunk:
        if is_xml:
            text = carried + (chunk.replace(b"\0", b"") if wide else chunk)
            if any(mark in text for mark in ENTITIES):
                raise Problem("hostile")
            carried = text[-OVERLAP:]
        chunk = source.read(CHUNK)
    return None


def _as_text(chunk: bytes) -> tuple[bool, bytes]:
    """Return whether the text takes several bytes a letter, and its beginning in one byte a letter."""
    head = chunk[:400]
    for mark in BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    wide = b"\0" in head[:8]
    return wide, head.replace(b"\0", b"").lstrip()


def _check_inner(content: bytes, limits: Limits, budget: _Budget, *, depth: int) -> None:
    if depth > DEEPEST:
        raise Problem("bomb")
    file = io.BytesIO(content)
    check_start(file)
    with zipfile.ZipFile(file) as archive:
        _check(archive, limits, budget, depth=depth)
