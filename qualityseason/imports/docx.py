"""A .docx opened for reading: bearable size, XML without entities, and its body as a reader sees it."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _
from lxml import etree  # type: ignore[import-untyped]  # no stubs

from qualityseason.errors import Refused
from qualityseason.imports.numbering import Numbering
from qualityseason.imports.settling import settle

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
MIB = 1024 * 1024
MAXIMUM_PART = 24 * MIB  # of any part of XML
MAXIMUM_UNPACKED = 150 * MIB
MAXIMUM_PARTS = 3_000
MAXIMUM_BLOCKS = 8_000  # paragraphs and tables of the body
MAXIMUM_RUNS = 40_000  # pieces of text in them
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
PROLOGUE = 64 * 1024
HEADING_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])", re.IGNORECASE)
TITLE_NAMES = frozenset({"title", "标题"})
MAIN_PART = "word/document.xml"
READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    ExpatError,
    SyntaxError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)  # what zipfile, the XML parsers and mammoth raise on damaged files


def refused(code: str) -> Refused:
    """Return the refusal of a whole file, with its remedy, for the field `files`."""
    sentences = {
        "not_docx": _("This is not a .docx file. Open it in WPS or Word, choose File, Save as, .docx, and try again."),
        "encrypted": _("This file is protected by a password. Remove the password, save it and try again."),
        "damaged": _("This file is damaged. Open it in WPS or Word, save it again as .docx and try again."),
        "too_large": _("This file is too large to be read here. Take out what does not belong to it and try again."),
        "hostile": _("This file holds parts that no word processor writes; it is not read."),
    }
    return Refused(sentences[code], field="files", code=code)


@dataclass(frozen=True)
class Style:
    """What a paragraph style says to us, its ancestors included."""

    name: str = ""
    level: int = 0  # of a heading, 0 for none
    is_title: bool = False
    number: str = ""  # of its numbering
    depth: int = 0
    bold: bool = False
    jc: str = ""


class Package:
    """The parts of a .docx; raises Refused where it is none, or hostile, or too large."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        start = file.read(8)
        if start == OLE:
            raise refused("encrypted" if ENCRYPTED in file.read() else "not_docx")
        if not start.startswith(ZIP):
            raise refused("not_docx")
        self.archive = zipfile.ZipFile(file)
        parts = self.archive.infolist()
        if len(parts) > MAXIMUM_PARTS or sum(part.file_size for part in parts) > MAXIMUM_UNPACKED:
            raise refused("too_large")
        if any(part.flag_bits & 0x1 for part in parts):
            raise refused("encrypted")
        self.names = {part.filename: part.file_size for part in parts}
        self.main = self._main()
        if self.main not in self.names:
            raise refused("not_docx")

    def read(self, name: str) -> bytes:
        """Return a part whole."""
        if self.names[name] > MAXIMUM_PART:
            raise refused("too_large")
        content = self.archive.read(name)
        if DOCTYPE.search(content[:PROLOGUE]):
            raise refused("hostile")
        for strict, transitional in STRICT:
            content = content.replace(strict, transitional)
        return content

    def xml(self, name: str) -> Any:
        """Return a part parsed, None when it is not there."""
        if name not in self.names:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(self.read(name), parser)

    def beside(self, name: str) -> str:
        """Return the name of a part that stands beside the main one."""
        return posixpath.join(posixpath.dirname(self.main), name)

    def _main(self) -> str:
        relations = self.xml("_rels/.rels")
        for relation in relations if relations is not None else ():
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
        return MAIN_PART


class Word:
    """A document: its body settled (see `settling`), its styles, numbering and notes."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.root = package.xml(package.main)
        body = self.root.find(f"{W}body")
        if body is None:
            raise refused("damaged")
        self.body = body
        if sum(1 for _run in body.iter(f"{W}r")) > MAXIMUM_RUNS:
            raise refused("too_large")
        self.styles = _styles(package.xml(package.beside("styles.xml")))
        self.numbering = Numbering(package.xml(package.beside("numbering.xml")))
        self.notes = self._notes()
        settle(body)
        if sum(1 for _block in body.iter(f"{W}p", f"{W}tbl")) > MAXIMUM_BLOCKS:
            raise refused("too_large")

    def style_of(self, paragraph: Any) -> Style:
        """Return the style of a paragraph, its own outline level included."""
        properties = paragraph.find(f"{W}pPr")
        found = self.styles.get(value_of(properties, "pStyle") or "", self.styles.get("", Style()))
        own = value_of(properties, "outlineLvl")
        if own is not None and own.isdecimal() and int(own) < 9:
            return Style(found.name, int(own) + 1, found.is_title, found.number, found.depth, found.bold, found.jc)
        return found

    def number_of(self, paragraph: Any) -> tuple[str, str]:
        """Return the number a paragraph bears by itself (“一、”) and its format; counts on, so ask once each."""
        style = self.style_of(paragraph)
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        number = value_of(properties, "numId") or style.number
        depth = value_of(properties, "ilvl")
        return self.numbering.next(number, int(depth) if depth and depth.isdecimal() else style.depth)

    def _notes(self) -> dict[tuple[str, str], Any]:
        found = {}
        for kind in ("footnote", "endnote"):
            root = self.package.xml(self.package.beside(f"{kind}s.xml"))
            for note in root if root is not None else ():
                if note.get(f"{W}type", "normal") == "normal":
                    found[kind, str(note.get(f"{W}id"))] = note
        return found


def open_word(file: BinaryIO) -> Word:
    """Return the document of a .docx; raises Refused on the field `files` where it cannot be read."""
    try:
        return Word(Package(file))
    except READ_ERRORS as error:
        raise refused("damaged") from error


def value_of(element: Any, name: str) -> str | None:
    """Return the w:val of a child, None when there is no such child."""
    child = element.find(f"{W}{name}") if element is not None else None
    if child is None:
        return None
    return str(child.get(f"{W}val", ""))


def is_on(element: Any, name: str) -> bool:
    """Whether a switch such as w:b is set."""
    value = value_of(element, name)
    return value is not None and value not in ("0", "false", "off")


def children(element: Any) -> Iterator[Any]:
    """Yield the child elements, comments and instructions left out."""
    return (child for child in element if isinstance(child.tag, str))


def _styles(root: Any) -> dict[str, Style]:
    if root is None:
        return {}
    raw = {
        str(style.get(f"{W}styleId")): style
        for style in root.findall(f"{W}style")
        if style.get(f"{W}type", "paragraph") == "paragraph"
    }
    styles = {name: _style(name, raw) for name in raw}
    standard = next((name for name, style in raw.items() if style.get(f"{W}default") in ("1", "true")), "")
    return styles | {"": styles.get(standard, Style())}


def _style(name: str, raw: dict[str, Any]) -> Style:
    own_name, level, number, depth, bold, jc = "", 0, "", 0, False, ""
    seen: set[str] = set()
    while name in raw and name not in seen:
        seen.add(name)
        style = raw[name]
        called = value_of(style, "name") or ""
        own_name = own_name or called
        properties = style.find(f"{W}pPr")
        outline = value_of(properties, "outlineLvl")
        match = HEADING_NAME.match(called)
        if not level and match:
            level = int(match[1])
        elif not level and outline is not None and outline.isdecimal() and int(outline) < 9:
            level = int(outline) + 1
        numbers = properties.find(f"{W}numPr") if properties is not None else None
        if not number and value_of(numbers, "numId"):
            number = value_of(numbers, "numId") or ""
            deep = value_of(numbers, "ilvl") or "0"
            depth = int(deep) if deep.isdecimal() else 0
        bold = bold or is_on(style.find(f"{W}rPr"), "b")
        jc = jc or value_of(properties, "jc") or ""
        name = value_of(style, "basedOn") or ""
    is_title = own_name.casefold() in TITLE_NAMES
    return Style(own_name, 0 if is_title else level, is_title, number, depth, bold, jc)
