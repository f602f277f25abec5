"""Word texts in the layout of official papers: A4, body and table in Fangsong, headings in Heiti."""

from __future__ import annotations

from typing import Any

from qualityseason.exports.cells import inert

HEI, FANG = "黑体", "仿宋_GB2312"


def new_document(*, title: str, author: str) -> Any:
    """Return an empty document with the page and body of official papers."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = inert(title), inert(author), "zh-CN"
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    face(document.styles["Normal"], FANG, 16)
    return document


def face(styled: Any, name: str, size: int) -> None:
    """Give a style or run one face for Latin and Chinese alike; Word keeps the Chinese one apart."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    styled.font.name, styled.font.size = name, Pt(size)
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def paragraph(document: Any, text: str) -> None:
    """Add a paragraph of prose, its first line indented."""
    from docx.shared import Pt

    document.add_paragraph(inert(text)).paragraph_format.first_line_indent = Pt(32)


def cells(row: Any, texts: tuple[str, ...], name: str) -> None:
    """Fill the cells of a table's row."""
    for cell, text in zip(row, texts, strict=True):
        face(cell.paragraphs[0].add_run(inert(text)), name, 14)
