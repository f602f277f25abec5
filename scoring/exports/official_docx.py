"""An official letter as a Word text that the office goes on writing in: real styles, real tables, GB/T 9704-2012."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from lxml import etree  # type: ignore[import-untyped]  # no stubs

from qualityseason.exports.cells import inert
from qualityseason.exports.paper import PAPER_LANGUAGE
from scoring.exports.official_letter import Grid, Heading, Letter, Level, Part

BODY, BLACK, KAI, TITLE, SONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
FALLBACKS = {BODY: "仿宋", KAI: "楷体", TITLE: "华文中宋"}  # where a machine lacks the face
SIZE = 16  # points: 3号
LINE = 28.95  # points: 22 lines on 225 mm
LINE_PITCH = 579  # the same in twentieths of a point
CHARACTER_SPACE = -4  # in twentieths of a point: 28 characters on 156 mm
INDENT = 2 * SIZE
TEXT_WIDTH = 156  # millimetres
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_letter_docx(letter: Letter, path: Path) -> None:
    """Write the letter as .docx; text is inert, figures and tables are plain Word."""
    from docx import Document

    with translation.override(PAPER_LANGUAGE):
        document = Document()
        document.core_properties.title, document.core_properties.author = inert(letter.title), inert(letter.signer)
        document.core_properties.language, document.core_properties.comments = "zh-CN", ""
        _set_page(document)
        _set_styles(document)
        _name_fallbacks(document)
        _write(document, letter)
        document.save(str(path))


def _write(document: Any, letter: Letter) -> None:
    if letter.number:
        _centred(document, letter.number)
    document.add_paragraph(inert(letter.title), style="Title")
    if letter.addressee:
        _flush(document, letter.addressee)
    _write_parts(document, letter.parts)
    _write_annex_lines(document, letter)
    _write_signature(document, letter)
    for annex in letter.annexes:
        label = _flush(document, annex.label)
        label.paragraph_format.page_break_before = True
        _face(label.runs[0], BLACK)
        document.add_paragraph(inert(annex.title), style="Title")
        _write_parts(document, annex.parts)


def _write_parts(document: Any, parts: tuple[Part, ...]) -> None:
    for part in parts:
        if isinstance(part, Heading):
            document.add_paragraph(inert(part.text), style=f"Heading {1 if part.level == Level.FIRST else 2}")
        elif isinstance(part, Grid):
            _write_grid(document, part)
        else:
            document.add_paragraph(inert(part))


def _write_grid(document: Any, grid: Grid) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    table = document.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    table.autofit = False
    for column, share in zip(table.columns, grid.shares, strict=True):
        column.width = Mm(TEXT_WIDTH * share / 100)
    for row in ((grid.columns), *grid.rows):
        cells = table.rows[0].cells if row is grid.columns else table.add_row().cells
        for index, (cell, text) in enumerate(zip(cells, row, strict=True)):
            cell.width, cell.vertical_alignment = Mm(TEXT_WIDTH * grid.shares[index] / 100), WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            _set(paragraph._p.get_or_add_pPr(), "snapToGrid", val="0")
            paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.line_spacing = Pt(0), Pt(20)
            if row is grid.columns or index in grid.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _face(paragraph.add_run(inert(text)), BLACK if row is grid.columns else BODY, 12)
    for row in table.rows:
        _set(row._tr.get_or_add_trPr(), "cantSplit")
    _set(table.rows[0]._tr.get_or_add_trPr(), "tblHeader")


def _write_annex_lines(document: Any, letter: Letter) -> None:
    from docx.shared import Pt

    for index, line in enumerate(letter.annex_lines):
        lead = _("Annexes: ") if index == 0 else ""
        paragraph = document.add_paragraph(inert(lead + line))
        paragraph.paragraph_format.left_indent = Pt(INDENT + 3 * SIZE)
        paragraph.paragraph_format.first_line_indent = Pt(-3 * SIZE if index == 0 else 0)
        if index == 0:
            paragraph.paragraph_format.space_before = Pt(LINE)


def _write_signature(document: Any, letter: Letter) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for text, characters, space in ((letter.signer, 2, 2 * LINE), (letter.day, 4, 0)):
        paragraph = document.add_paragraph(inert(text))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_before = Pt(0), Pt(space)
        paragraph.paragraph_format.right_indent = Pt(characters * SIZE)
        paragraph.paragraph_format.keep_with_next = text == letter.signer


def _flush(document: Any, text: str) -> Any:
    from docx.shared import Pt

    paragraph = document.add_paragraph(inert(text))
    paragraph.paragraph_format.first_line_indent = Pt(0)
    return paragraph


def _centred(document: Any, text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _flush(document, text).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _set_page(document: Any) -> None:
    """Set A4 with the margins and the grid of the standard, page numbers outside as “— 1 —”."""
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(f"{{{W}}}docGrid")
    if grid is None:
        grid = etree.SubElement(section._sectPr, f"{{{W}}}docGrid")
    grid.set(f"{{{W}}}type", "lines")
    grid.set(f"{{{W}}}linePitch", str(LINE_PITCH))
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], right=True)
    _number(section.even_page_footer.paragraphs[0], right=False)


def _number(paragraph: Any, *, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    format_ = paragraph.paragraph_format
    format_.first_line_indent = Pt(0)
    format_.right_indent, format_.left_indent = (Pt(14), Pt(0)) if right else (Pt(0), Pt(14))
    _face(paragraph.add_run("— "), SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        _face(run, SONG, 14)
        if kind:
            _set(run._r, "fldChar", fldCharType=kind)
        else:
            instruction = etree.SubElement(run._r, f"{{{W}}}instrText")
            instruction.text = text
    _face(paragraph.add_run(" —"), SONG, 14)


def _set_styles(document: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt, RGBColor

    faces = {"Normal": (BODY, SIZE), "Title": (TITLE, 22), "Heading 1": (BLACK, SIZE), "Heading 2": (KAI, SIZE)}
    for name, (face, size) in faces.items():
        style = document.styles[name]
        _face(style, face, size)
        style.font.bold, style.font.italic, style.font.color.rgb = False, False, RGBColor(0, 0, 0)
        layout = style.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE if name != "Title" else 34)
        layout.first_line_indent = Pt(INDENT)
        layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        layout.keep_with_next = name != "Normal"
    normal = document.styles["Normal"].element.get_or_add_rPr()
    _set(normal, "spacing", val=str(CHARACTER_SPACE))
    _set(normal, "lang", val="en-US", eastAsia="zh-CN")
    title = document.styles["Title"]
    title.paragraph_format.first_line_indent, title.paragraph_format.alignment = Pt(0), WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(LINE)
    for border in title.element.findall(f".//{{{W}}}pBdr"):
        border.getparent().remove(border)


def _face(styled: Any, name: str, size: int = SIZE) -> None:
    """Give a style or run one face for Chinese and Latin alike, in place of what the theme would say."""
    from docx.shared import Pt

    styled.font.name, styled.font.size = name, Pt(size)
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for part in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(f"{{{W}}}{part}", name)
        fonts.attrib.pop(f"{{{W}}}{part}Theme", None)
    fonts.attrib.pop(f"{{{W}}}eastAsiaTheme", None)


def _name_fallbacks(document: Any) -> None:
    """Say in the font table which face stands in where one is missing."""
    part = next((each.target_part for each in document.part.rels.values() if each.reltype.endswith("/fontTable")), None)
    if part is None:
        return
    fonts = etree.fromstring(part.blob)
    for name, other in FALLBACKS.items():
        font = etree.SubElement(fonts, f"{{{W}}}font")
        font.set(f"{{{W}}}name", name)
        etree.SubElement(font, f"{{{W}}}altName").set(f"{{{W}}}val", other)
        etree.SubElement(font, f"{{{W}}}charset").set(f"{{{W}}}val", "86")
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set(parent: Any, name: str, **values: str) -> None:
    element = etree.SubElement(parent, f"{{{W}}}{name}")
    for key, value in values.items():
        element.set(f"{{{W}}}{key}", value)
