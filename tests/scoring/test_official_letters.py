"""Bulletin, award list and brief: what they say, and the measures of GB/T 9704-2012 on paper and in Word."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from zipfile import ZipFile

import pytest
from docx import Document
from docx.shared import Mm
from lxml import etree
from pypdf import PdfReader

from scoring.enums import Basis
from scoring.exports.official_docx import CHARACTER_SPACE, LINE_PITCH, write_letter_docx
from scoring.exports.official_letter import Grid, Heading
from scoring.exports.official_pdf import write_letter_pdf
from scoring.exports.official_texts import awards_of, brief_of, bulletin_of
from scoring.exports.result_paper import PaperHead
from scoring.facts.results import HonouredPerson, WonPrize
from scoring.queries.results import load_result
from tests.factories import NOON
from tests.scoring.reading import Pair

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = date(2010, 3, 1)
POINT = 25.4 / 72  # millimetres


@pytest.fixture
def result(season):
    pair = Pair(season)
    pair.charge("P2", charged="教务处", quantity=2)
    pair.charge("P2", charged="图书馆")
    pair.charge("A1", charged="教务处", quantity=3)
    found = load_result(season, at=NOON)
    first = found.statements[0].department
    return replace(
        found,
        commended={"A": 3},
        percentages={"party": Decimal("20.00")},
        prizes=(WonPrize(first.uuid, "监察审计室", 1, "一等奖"),),
        honoured=(HonouredPerson("图书馆", "李娜", "服务育人"),),
    )


def letter(result, make=bulletin_of):
    head = PaperHead.of(result, standing="", code="ABCD EFGH")
    return make(result, head=head, number=1, published_on=DAY)


def texts(parts):
    return [part.text if isinstance(part, Heading) else part for part in parts if not isinstance(part, Grid)]


def test_bulletin_says_what_was_decided_and_carries_every_department(result):
    found = letter(result)
    said = "".join(texts(found.parts))
    assert "郴职院党字[2009]32号" in said
    assert "一等奖" in said
    assert "20.00" in said
    assert found.day == "2010年3月1日"
    rows = [row for annex in found.annexes for row in annex.parts[0].rows]
    assert len(rows) == 24
    assert ("14", "教务处", "10.00", "18.00", "69.40", "97.40") in rows
    assert ("10", "图书馆", "10.00", "19.00", "70.00", "99.00") in rows


def test_only_places_within_the_decided_number_are_commended(result):
    undecided = letter(replace(result, commended={}), awards_of)
    grid = next(part for part in undecided.parts if isinstance(part, Grid))
    assert grid.rows == (("服务育人", "李娜", "图书馆"),)
    grid = next(part for part in letter(result, awards_of).parts if isinstance(part, Grid))
    assert {row[2] for row in grid.rows} == {"1"}  # thirteen share the first place: all of them within three
    assert len(grid.rows) == 13


def test_departments_named_by_decision_stand_on_the_list_in_place_of_the_number(result):
    head = PaperHead.of(result, standing="", code="ABCD EFGH")
    named = {one.department.uuid for one in result.statements if one.department.name in ("图书馆", "团委")}
    found = awards_of(result, head=head, number=1, published_on=DAY, named=named)
    grid = next(part for part in found.parts if isinstance(part, Grid))
    assert [(row[1], row[2]) for row in grid.rows] == [("团委", "1"), ("图书馆", "10")]
    nobody = awards_of(result, head=head, number=1, published_on=DAY, named=())
    assert "团委" not in str(nobody.parts)


def test_basis_is_said_as_it_is(result):
    absolute = texts(letter(result).parts)
    best = texts(letter(replace(result, ranking=replace(result.ranking, basis=Basis.BEST_IS_FULL))).parts)
    assert [one != other for one, other in zip(absolute, best, strict=True)].count(True) == 1


def test_brief_names_what_cost_most_after_tiers(result):
    grid = next(part for part in letter(result, brief_of).parts if isinstance(part, Grid))
    assert [(row[0], row[2], row[3]) for row in grid.rows] == [("P2", "3.00", "2"), ("A1", "0.60", "1")]


def lines_of(path):
    """Return by page the (x, y, size) of every piece of text, in points from the lower left corner."""
    pages = []
    for page in PdfReader(path).pages:
        found = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, found=found: (
                found.append((cm[4] + tm[4] * cm[0], cm[5] + tm[5] * cm[3], text.strip())) if text.strip() else None
            )
        )
        pages.append(found)
    return pages


def test_bulletin_on_paper_keeps_the_type_area(result, tmp_path):
    path = tmp_path / "bulletin.pdf"
    pages = write_letter_pdf(letter(result), path)
    reader = PdfReader(path)
    assert pages == len(reader.pages)
    box = reader.pages[0].mediabox
    assert (round(float(box.width) * POINT), round(float(box.height) * POINT)) == (210, 297)
    left = [x * POINT for found in lines_of(path) for x, y, text in found if 35 < y * POINT < 260]
    assert min(left) >= 27.5
    assert max(left) <= 210 - 26


def test_body_lines_stand_at_the_distance_of_22_on_a_page(result, tmp_path):
    path = tmp_path / "bulletin.pdf"
    long = replace(letter(result), parts=("质量管理" * 300,), annexes=())
    write_letter_pdf(long, path)
    heights = sorted({round(y, 1) for x, y, text in lines_of(path)[1] if 100 < y < 740}, reverse=True)
    steps = {round(one - other, 1) for one, other in pairwise(heights)}
    assert steps == {29.0}
    lines = [line for line in PdfReader(path).pages[1].extract_text().splitlines() if set(line) <= set("质量管理")]
    assert {len(line) for line in lines[:-1]} == {28}


def test_word_bulletin_has_real_styles_fonts_and_tables(result, tmp_path):
    path = tmp_path / "bulletin.docx"
    found = letter(result)
    write_letter_docx(found, path)
    document = Document(str(path))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Title") == 1 + len(found.annexes)
    first = [part for part in found.parts if isinstance(part, Heading) and part.level.value == 1]
    assert styles.count("Heading 1") == len(first)
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 35, 28, 26]
    grid = section._sectPr.find(f"{W}docGrid")
    assert grid.get(f"{W}linePitch") == str(LINE_PITCH)
    spacing = document.styles["Normal"].element.rPr.find(f"{W}spacing")
    assert int(spacing.get(f"{W}val")) == CHARACTER_SPACE
    assert 28 * (16 + CHARACTER_SPACE / 20) * POINT <= 156.1
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(f"{W}eastAsia") == "仿宋_GB2312"
    assert len(document.tables) == 1 + 2
    assert [len(table.rows) for table in document.tables[-2:]] == [15, 11]
    header = document.tables[-1].rows[0]._tr.trPr
    assert header.find(f"{W}tblHeader") is not None


def test_word_bulletin_names_fallback_faces_and_numbers_its_pages(result, tmp_path):
    path = tmp_path / "bulletin.docx"
    write_letter_docx(letter(result), path)
    with ZipFile(path) as archive:
        table = etree.fromstring(archive.read("word/fontTable.xml"))
        footers = [name for name in archive.namelist() if name.startswith("word/footer")]
        instructions = ["".join(etree.fromstring(archive.read(name)).itertext()) for name in footers]
    named = [font for font in table if font.find(f"{W}altName") is not None]
    names = {font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val") for font in named}
    assert names.get("仿宋_GB2312") == "仿宋"
    assert [text for text in instructions if "PAGE" in text and "—" in text] == instructions
    assert len(instructions) == 2


@pytest.mark.parametrize("make", [bulletin_of, awards_of, brief_of])
def test_text_of_a_season_stays_inert(result, tmp_path, make):
    odd = replace(result, season="=1+1\x07<b>", college="&<script>")
    write_letter_docx(letter(odd, make), tmp_path / "odd.docx")
    assert write_letter_pdf(letter(odd, make), tmp_path / "odd.pdf") >= 1
    said = "\n".join(paragraph.text for paragraph in Document(str(tmp_path / "odd.docx")).paragraphs)
    assert "&<script>" in said
    assert "\x07" not in said
