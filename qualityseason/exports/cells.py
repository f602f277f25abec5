"""Cells: inert text, typed values, and a worksheet that streams rows faster than openpyxl's own."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # no stubs
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from qualityseason.text import CONTROL

CUT = "……（后略）"  # ends a text that Excel could not hold whole
MAXIMUM = 32_767  # UTF-16 units in one cell
LINE_HEIGHT, HIGHEST = 15, 409  # points; Excel's default and its limit
DAY_ZERO = date(1899, 12, 30).toordinal()
UNSAVABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
LOOKS_LIVE = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula when the cell is typed anew
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

Value = str | int | Decimal | date | None


class Formula(str):
    """A live formula, without the equals sign. Everything else that is text stays text."""

    __slots__ = ()


def inert(text: str) -> str:
    """Return text as a cell can hold it: no control characters, cut with a mark where Excel's limit is."""
    text = UNSAVABLE.sub("", CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    if len(text) * 2 > MAXIMUM and len(text.encode("utf-16-le")) > MAXIMUM * 2:
        room = (MAXIMUM - len(CUT)) * 2
        text = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT
    return text


def lines_of(text: str, width: int) -> int:
    """Return how many lines a wrapped text takes in a column of that width, a Chinese character being two wide."""
    if len(text) * 2 <= width and "\n" not in text:
        return 1
    paragraphs = text.split("\n")
    return sum(max(1, -(-len(part.encode("gb18030", "replace")) // width)) for part in paragraphs)


class Sheet(WriteOnlyWorksheet):
    """A write-only worksheet whose rows come with a style per cell; use `add`, not `append`.

    openpyxl builds a cell object for every value; here a row is one lxml element, in less than half the time.
    """

    # set up by openpyxl; its stubs do not say so
    _writer: Any
    sheet_properties: Any
    conditional_formatting: Any
    page_setup: Any
    print_options: Any
    page_margins: Any
    oddHeader: Any
    oddFooter: Any
    column_dimensions: Any
    auto_filter: Any

    def add(self, values: Sequence[Value], styles: Sequence[Style], *, lines: int = 1) -> None:
        """Write one row, high enough for that many lines; None and '' leave a cell empty but styled."""
        self.append((values, styles, lines))

    def discard(self) -> None:
        """Remove what a workbook that will not be saved has written so far."""
        if self._writer is not None and not self.closed:
            self.close()
            self._writer.cleanup()

    def _write_rows(self) -> Generator[None, tuple[Sequence[Value], Sequence[Style], int], None]:
        stream = self._writer.xf.send(True)
        letters: list[str] = []
        number = 0
        with stream.element("sheetData"):
            try:
                while True:
                    values, styles, lines = yield
                    number += 1
                    while len(letters) < len(values):
                        letters.append(get_column_letter(len(letters) + 1))
                    row = _row(str(number), letters, values, styles)
                    if lines > 1:
                        row.set("ht", str(min(HIGHEST, LINE_HEIGHT * lines)))
                        row.set("customHeight", "1")
                    stream.write(row)
            except GeneratorExit:
                pass
        self._writer.xf.send(None)


class Style:
    """The number of a cell style in its workbook, and of its twin for text that looks like a formula."""

    __slots__ = ("id", "quoted_id")

    def __init__(self, id: int, quoted_id: int) -> None:
        self.id = str(id)
        self.quoted_id = str(quoted_id)


def _row(number: str, letters: Sequence[str], values: Sequence[Value], styles: Sequence[Style]) -> Any:
    row = etree.Element("row", r=number)
    add = etree.SubElement
    for letter, value, style in zip(letters, values, styles, strict=False):
        if value is None or value == "":
            add(row, "c", r=letter + number, s=style.id)
        elif isinstance(value, Formula):
            add(add(row, "c", r=letter + number, s=style.id), "f").text = value
        elif isinstance(value, str):
            _add_text(row, letter + number, inert(value), style)
        else:
            add(add(row, "c", r=letter + number, s=style.id), "v").text = _figure(value)
    return row


def _add_text(row: Any, place: str, text: str, style: Style) -> None:
    add = etree.SubElement
    style_id = style.quoted_id if text.startswith(LOOKS_LIVE) else style.id
    cell = add(row, "c", r=place, s=style_id, t="inlineStr")
    holder = add(add(cell, "is"), "t")
    if text != text.strip():
        holder.set(XML_SPACE, "preserve")
    holder.text = text


def _figure(value: int | Decimal | date) -> str:
    if isinstance(value, date):
        return str(value.toordinal() - DAY_ZERO)
    return format(value, "f") if isinstance(value, Decimal) else str(value)
