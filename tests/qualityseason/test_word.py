"""A Word file as HTML: what a reader sees, and nothing else; numbers as Word counts them."""

import contextlib
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualityseason.errors import Refused
from qualityseason.exports.word import word_as_html
from qualityseason.imports.docx import open_word
from qualityseason.imports.docx_blocks import Line, Table, blocks_of
from qualityseason.imports.numbering import chinese, formatted, heading_rank
from tests.word_files import (
    W,
    cell,
    drawing,
    numbering,
    paragraph,
    picture,
    run,
    table,
    text_box,
    word_file,
)


def html(*blocks, **options):
    return word_as_html(io.BytesIO(word_file(*blocks, **options)))


def lines(*blocks, **options):
    found = blocks_of(open_word(io.BytesIO(word_file(*blocks, **options))))
    return [block.text if isinstance(block, Line) else block for block in found]


def test_headings_by_style_of_wps_and_by_number_become_headings():
    said = html(
        paragraph("活动方案", style="5"),
        paragraph("一、工作目标", style="2"),
        paragraph("（一）总目标", style="3"),
        paragraph("二、工作重点"),
        paragraph("二、这是一个完整的句子，不是标题。"),
    )
    assert said == (
        '<p class="doc-title">活动方案</p><h1>一、工作目标</h1><h2>（一）总目标</h2><h1>二、工作重点</h1>'
        "<p>二、这是一个完整的句子，不是标题。</p>"
    )


def test_automatic_numbers_are_written_out_level_by_level():
    shapes = (("chineseCountingThousand", "%1、"), ("decimal", "%1.%2"), ("decimalEnclosedCircleChinese", "%3"))
    said = lines(
        paragraph("甲", number=(1, 0)),
        paragraph("乙", number=(1, 1)),
        paragraph("丙", number=(1, 2)),
        paragraph("丁", number=(1, 1)),
        paragraph("戊", number=(1, 0)),
        paragraph("己", number=(1, 1)),
        numbers=numbering(*shapes),
    )
    assert said == ["一、甲", "一.1 乙", "① 丙", "一.2 丁", "二、戊", "二.1 己"]


def test_list_starts_anew_where_its_number_says_so():
    numbers = numbering(("decimal", "%1.")).replace(
        "</w:numbering>",
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
        "</w:lvlOverride></w:num></w:numbering>",
    )
    said = lines(
        *(paragraph(text, number=(number, 0)) for text, number in (("甲", 1), ("乙", 1), ("丙", 2), ("丁", 2))),
        numbers=numbers,
    )
    assert said == ["1.甲", "2.乙", "5.丙", "6.丁"]


@pytest.mark.parametrize(
    ("count", "shape", "said"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (105, "japaneseCounting", "一百零五"),
        (20, "decimalEnclosedCircle", "⑳"),
        (4, "upperRoman", "IV"),
        (27, "lowerLetter", "aa"),
        (3, "ideographTraditional", "丙"),
        (7, "somethingNew", "7"),
    ],
)
def test_count_in_its_shape(count, shape, said):
    assert formatted(count, shape) == said


@given(st.integers(1, 999))
def test_chinese_figures_can_be_read_back(count):
    digits = {figure: value for value, figure in enumerate("零一二三四五六七八九")}
    total, digit = 0, 0
    for figure in chinese(count):
        if figure in "百十":
            total += (digit or 1) * {"百": 100, "十": 10}[figure]
            digit = 0
        else:
            digit = digits[figure]
    assert total + digit == count


@pytest.mark.parametrize(
    ("line", "rank"),
    [("一、目标", 1), ("十二、目标", 1), ("（三）目标", 2), ("1、目标", 0), ("一、目标；", 0), ("目标", 0)],
)
def test_rank_of_a_heading(line, rank):
    assert heading_rank(line) == rank


def test_cells_merged_across_and_down_keep_their_place():
    block = table(
        (cell("宽", span=2), "甲"),
        (cell("高", merge="restart"), "乙", "丙"),
        (cell("", merge="continue"), "丁", "戊"),
    )
    assert html(block) == (
        '<table><colgroup></colgroup><tbody><tr><td colspan="2"><p>宽</p></td><td><p>甲</p></td></tr>'
        '<tr><td rowspan="2"><p>高</p></td><td><p>乙</p></td><td><p>丙</p></td></tr>'
        "<tr><td><p>丁</p></td><td><p>戊</p></td></tr></tbody></table>"
    )
    [found] = lines(block)
    assert isinstance(found, Table)
    assert [(one.text, one.column, one.is_first) for one in found.rows[2]] == [
        ("高", 0, False),
        ("丁", 1, True),
        ("戊", 2, True),
    ]


def test_widths_of_columns_are_kept():
    assert '<col class="w10"><col class="w30"><col class="w50">' in html(table(("a", "b", "c"), widths=(1, 3, 6)))


def test_changes_are_accepted_and_hidden_words_left_out():
    deleted = '<w:del w:id="1" w:author="x"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="x">{run("新")}</w:ins>'
    hidden = run("藏", properties="<w:vanish/>")
    block = paragraph("　　前", inside=deleted + inserted + hidden)
    assert lines(block) == ["前新"]
    assert html(block) == "<p>前新</p>"


def test_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    first = f'<w:p><w:pPr><w:rPr><w:del w:id="1" w:author="x"/></w:rPr></w:pPr>{run("前")}</w:p>'
    assert lines(first, paragraph("后"), paragraph("另一段")) == ["前后", "另一段"]


def test_text_boxes_content_controls_notes_and_breaks_are_read():
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>"
    notes = (
        f'<?xml version="1.0"?><w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{paragraph("脚注")}</w:footnote>'
        "</w:footnotes>"
    )
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    blocks = (paragraph("　　段\n行", inside=mark), control, paragraph("有框", inside=text_box(paragraph("框内"))))
    assert lines(*blocks, notes=notes) == ["段", "行（脚注）", "控件", "有框", "框内"]
    assert re.sub(r"<[^>]+>", "|", html(*blocks[1:])).replace("|", "") == "控件有框框内"


def test_table_of_contents_is_not_read_twice():
    assert lines(paragraph("一、目标 1", style="6"), paragraph("一、目标", style="2")) == ["一、目标"]


def test_pictures_are_made_anew_and_others_leave_a_mark():
    said = html(paragraph("图", inside=drawing()), pictures={"image1.png": picture()})
    assert re.search(r'<p>图<img alt="" src="data:image/png;base64,[A-Za-z0-9+/=]+"></p>', said)
    for name, data in (("image1.emf", b"\x01\x00\x00\x00rubbish"), ("image1.png", b"no picture")):
        said = html(paragraph("图", inside=drawing()), pictures={name: data})
        assert said == "<p>图[此处图片无法显示]</p>"


def test_picture_too_large_to_decode_is_left_out(monkeypatch):
    monkeypatch.setattr("qualityseason.exports.word.MAXIMUM_PIXELS", 100)
    assert "<img" not in html(paragraph("图", inside=drawing()), pictures={"image1.png": picture()})


def test_markup_and_links_in_the_text_stay_text():
    link = f'<w:hyperlink w:anchor="x">{run("链接")}</w:hyperlink>'
    assert html(paragraph("<script>alert(1)</script>", inside=link)) == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;链接</p>"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_docx"),
        (b"hello", "not_docx"),
        (b"PK\x03\x04rubbish", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old word", "not_docx"),
        (word_file(paragraph("x"))[:-400], "damaged"),
        (word_file(parts={"word/document.xml": "<a><b></a>"}), "damaged"),
        (word_file(parts={"word/document.xml": f'<w:document xmlns:w="{W}"/>'}), "damaged"),
        (word_file(parts={"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "hostile"),
        (word_file(parts={"word/numbering.xml": "<broken"}), "damaged"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_a_sentence(content, code):
    for act in (word_as_html, open_word):
        with pytest.raises(Refused) as refused:
            act(io.BytesIO(content))
        assert (refused.value.refusal_code, refused.value.field) == (code, "files")


def test_part_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("qualityseason.imports.docx.MAXIMUM_PART", 100)
    with pytest.raises(Refused, match=r"."):
        html(paragraph("x"))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2000))
def test_bytes_changed_anywhere_raise_nothing_but_a_refusal(noise, place):
    whole = word_file(paragraph("一、目标", style="2"), table(("a", "b")))
    broken = whole[:place] + noise + whole[place + len(noise) :]
    with contextlib.suppress(Refused):
        word_as_html(io.BytesIO(broken))
