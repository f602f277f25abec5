"""The body of a Word document as lines and tables of plain text, in the order they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qualityseason.imports.docx import W, Word, children, is_on, value_of
from qualityseason.imports.numbering import joined
from qualityseason.text import tidy

M_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
BOXES = {"F0A8": "□", "F06F": "□", "F0FE": "☑", "F052": "☑", "F0FC": "√", "F0FB": "×"}
CENTRED = "center"
CONTENTS = ("toc", "目录")  # styles of a table of contents, which Word makes out of the headings
RUBY_ABOVE = f"{W}rt"
MAXIMUM_SPAN = 64


@dataclass(frozen=True)
class Line:
    """A paragraph, or the part of one between two line breaks; ``level`` that of a heading style, 0 for none."""

    text: str
    level: int = 0
    is_title: bool = False
    is_bold: bool = False
    is_centred: bool = False
    has_number: bool = False  # which stands at the beginning of the text


@dataclass(frozen=True)
class GridCell:
    """A cell at its place in the grid; one merged downwards stands in each of its rows, ``is_first`` in the first."""

    text: str
    column: int
    span: int = 1
    is_first: bool = True


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[GridCell, ...], ...]


Block = Line | Table


def blocks_of(word: Word) -> list[Block]:
    """Return lines and tables of the body; empty ones, and a table of contents, left out. Ask once per document."""
    return list(_blocks(word, word.body))


def has_pictures(word: Word) -> bool:
    """Whether there are pictures in the body."""
    blip = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
    return next(word.body.iter(blip, "{urn:schemas-microsoft-com:vml}imagedata"), None) is not None


def _blocks(word: Word, holder: Any) -> Iterator[Block]:
    for element in children(holder):
        if element.tag == f"{W}p":
            yield from _lines(word, element)
        elif element.tag == f"{W}tbl":
            table = _table(word, element)
            if table.rows:
                yield table


def _lines(word: Word, paragraph: Any) -> Iterator[Line]:
    style = word.style_of(paragraph)
    number, _shape = word.number_of(paragraph)
    if style.name.casefold().startswith(CONTENTS) or _is_contents(paragraph):
        return
    place = value_of(paragraph.find(f"{W}pPr"), "jc") or style.jc
    pieces = _pieces(word, paragraph, bold=style.bold)
    lines = [line for line in _broken(pieces) if tidy(_text(line))]
    for at, line in enumerate(lines):
        text = tidy(_text(line))
        yield Line(
            text=joined(number, text) if at == 0 else text,
            level=style.level if at == 0 else 0,
            is_title=style.is_title,
            is_bold=all(bold for words, bold in line if tidy(words)),
            is_centred=place == CENTRED,
            has_number=bool(number) and at == 0,
        )


def _is_contents(paragraph: Any) -> bool:
    """Whether the paragraph begins the field of a table of contents."""
    return any(str(words.text or "").strip().startswith("TOC ") for words in paragraph.iter(f"{W}instrText"))


def _text(pieces: Sequence[tuple[str, bool]]) -> str:
    return "".join(words for words, _bold in pieces)


def _broken(pieces: Sequence[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    lines: list[list[tuple[str, bool]]] = [[]]
    for words, bold in pieces:
        first, *others = words.split("\n")
        lines[-1].append((first, bold))
        lines.extend([(other, bold)] for other in others)
    return lines


def _pieces(word: Word, paragraph: Any, *, bold: bool) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for run in paragraph.iter(f"{W}r", M_TEXT):
        if run.tag == M_TEXT:
            found.append((str(run.text or ""), bold))
            continue
        if any(above.tag == RUBY_ABOVE for above in run.iterancestors()):
            continue
        properties = run.find(f"{W}rPr")
        heavy = is_on(properties, "b") if value_of(properties, "b") is not None else bold
        words = "".join(_words(word, child) for child in children(run))
        if words:
            found.append((words, heavy))
    return found


def _words(word: Word, child: Any) -> str:
    name = child.tag.removeprefix(W)
    if name == "t":
        return str(child.text or "")
    if name in ("tab", "ptab"):
        return " "
    if name in ("br", "cr"):
        return "\n" if child.get(f"{W}type", "textWrapping") == "textWrapping" else ""
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        return BOXES.get(str(child.get(f"{W}char", "")).upper(), "")
    if name in ("footnoteReference", "endnoteReference"):
        return _note(word, name.removesuffix("Reference"), str(child.get(f"{W}id")))
    return ""


def _note(word: Word, kind: str, number: str) -> str:
    note = word.notes.get((kind, number))
    if note is None:
        return ""
    words = " ".join("".join(part for part in paragraph.itertext(f"{W}t")) for paragraph in note.iter(f"{W}p"))
    return f"（{tidy(words)}）" if tidy(words) else ""


def _table(word: Word, table: Any) -> Table:
    rows: list[tuple[GridCell, ...]] = []
    standing: dict[int, GridCell] = {}
    for row in table.iterchildren(f"{W}tr"):
        cells, column = [], _count(row.find(f"{W}trPr"), "gridBefore", 0)
        for cell in row.iterchildren(f"{W}tc"):
            properties = cell.find(f"{W}tcPr")
            span = _count(properties, "gridSpan", 1)
            text = _cell_text(word, cell)
            merge = value_of(properties, "vMerge")
            found = GridCell(text, column, span)
            if merge in ("", "continue") and column in standing and not text:
                found = replace(standing[column], is_first=False)
            else:
                standing.pop(column, None)
                if merge is not None:
                    standing[column] = found
            cells.append(found)
            column += span
        if any(cell.text for cell in cells):
            rows.append(tuple(cells))
    return Table(tuple(rows))


def _cell_text(word: Word, cell: Any) -> str:
    lines = []
    for block in _blocks(word, cell):
        if isinstance(block, Line):
            lines.append(block.text)
        else:
            lines.extend(row_text(row) for row in block.rows)
    return "\n".join(line for line in lines if line)


def row_text(row: Sequence[GridCell]) -> str:
    """Return a row as one line, cells merged downwards in their first row alone."""
    return "　".join(cell.text.replace("\n", "　") for cell in row if cell.text and cell.is_first)


def _count(properties: Any, name: str, otherwise: int) -> int:
    value = value_of(properties, name)
    return min(int(value), MAXIMUM_SPAN) if value is not None and value.isascii() and value.isdecimal() else otherwise
