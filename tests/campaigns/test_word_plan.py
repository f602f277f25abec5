"""Reading a plan out of a Word file: every part finds its place, and nothing of the file is lost."""

import io
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from campaigns.imports.due_words import due_of
from campaigns.imports.plan_words import column_of, marker_of
from campaigns.imports.word_outline import PartBook, is_items
from campaigns.imports.word_plan import read_word_plan
from qualityseason.errors import Refused
from tests.library_plan import library_plan
from tests.word_files import cell, drawing, numbering, paragraph, picture, table, text_box, word_file

PARTS = [
    {"code": "goals", "name": "工作目标"},
    {"code": "theme", "name": "近期工作主题（或工作口号）"},
    {"code": "focus", "name": "工作重点"},
    {"code": "management", "name": "本部门内部管理"},
    {"code": "down", "name": "纵向：贯穿院、系二级管理工作"},
    {"code": "across", "name": "横向：相关职能部门工作"},
    {"code": "basis", "name": "依托的专项治理工作或主题活动"},
]
HEADINGS = ("序号", "实施条目", "举措", "标准", "效果", "奖惩", "服务协调配合", "责任人", "完成时间")


def read(*blocks, **options):
    return read_word_plan(io.BytesIO(word_file(*blocks, **options)), parts=PARTS)


def parts_of(found):
    return [(part.code, part.title, part.text) for part in found.parts]


def test_plan_with_styles_is_sorted_into_its_parts():
    found = read(
        paragraph("图书馆活动方案", style="5"),
        paragraph("一、指导思想", style="2"),
        paragraph("以人为本。"),
        paragraph("二、总体目标", style="2"),
        paragraph("（一）满意", style="3"),
        paragraph("满意度90％。"),
        paragraph("三、活动口号", style="2"),
        paragraph("书香校园"),
        paragraph("四、近期重点工作", style="2"),
        paragraph("开馆。"),
        paragraph("五、加强自身建设", style="2"),
        paragraph("例会。"),
    )
    assert found.title == "图书馆活动方案"
    assert parts_of(found) == [
        ("", "指导思想", "以人为本。"),
        ("goals", "工作目标", "（一）满意\n满意度90％。"),
        ("theme", "近期工作主题（或工作口号）", "书香校园"),
        ("focus", "工作重点", "开馆。"),
        ("management", "本部门内部管理", "例会。"),
    ]
    assert found.parts[1].source == ("二、总体目标",)


def test_plan_without_styles_numbered_by_word_is_sorted_the_same():
    found = read(
        paragraph("工作目标", number=(1, 0)),
        paragraph("甲"),
        paragraph("工作主题：书香校园", number=(1, 0)),
        paragraph("保障措施", number=(1, 0)),
        paragraph("加强领导。", number=(1, 1)),
        numbers=numbering(("chineseCounting", "%1、"), ("chineseCounting", "（%2）")),
    )
    assert parts_of(found) == [
        ("goals", "工作目标", "甲"),
        ("theme", "近期工作主题（或工作口号）", "书香校园"),
        ("", "保障措施", "（一）加强领导。"),
    ]
    assert found.parts[1].source == ("二、工作主题：书香校园",)


def test_arabic_numbers_make_headings_where_there_are_no_others():
    found = read(
        paragraph("1、工作目标"),
        paragraph("甲"),
        paragraph("2、工作措施"),
        paragraph("（1）延长开馆。每天十四小时。"),
        paragraph("（2）送书上门。"),
        paragraph("3、组织保障"),
        paragraph("馆长负责。"),
    )
    assert parts_of(found) == [("goals", "工作目标", "甲"), ("", "组织保障", "馆长负责。")]
    assert [(item.title, item.measure) for item in found.items] == [("延长开馆", "每天十四小时。"), ("送书上门", "")]


def test_parts_of_a_plan_for_the_whole_college():
    found = read(
        paragraph("一、纵向贯穿院系二级管理"),
        paragraph("甲"),
        paragraph("二、横向联合"),
        paragraph("乙"),
        paragraph("三、依托的主题活动"),
        paragraph("丙"),
    )
    assert [(part.code, part.text) for part in found.parts] == [("down", "甲"), ("across", "乙"), ("basis", "丙")]


def test_columns_of_a_table_become_fields():
    row = ("1", "延长开馆", "两班轮值", "98小时", "满意", "奖50元", "与团委商定", "柳馆员", "11月底前")
    found = read(paragraph("四、工作措施"), table(HEADINGS, row))
    [item] = found.items
    assert (item.title, item.measure, item.standard, item.outcome) == ("延长开馆", "两班轮值", "98小时", "满意")
    assert (item.incentive, item.service, item.responsible, item.due) == ("奖50元", "与团委商定", "柳馆员", "11月底前")
    assert item.source[0] == "四、工作措施"
    assert "举措：两班轮值" in item.source
    assert found.parts == ()


def test_headings_in_two_rows_and_headings_repeated_on_the_next_page():
    upper = (cell("项目", merge="restart"), cell("实施", span=2), cell("责任人", merge="restart"))
    lower = (cell("", merge="continue"), "举措", "标准", cell("", merge="continue"))
    found = read(table(upper, lower, ("甲", "a", "b", "张"), upper, lower, ("乙", "c", "d", "李")))
    assert [(item.title, item.measure, item.standard, item.responsible) for item in found.items] == [
        ("甲", "a", "b", "张"),
        ("乙", "c", "d", "李"),
    ]


def test_table_that_goes_on_without_headings_keeps_its_columns():
    found = read(table(("项目", "举措"), ("甲", "a")), table(("乙", "b"), ("", "还有c")))
    assert [(item.title, item.measure) for item in found.items] == [("甲", "a"), ("乙", "b\n还有c")]


def test_lines_over_the_whole_width_go_before_the_titles_below():
    found = read(
        table(("项目", "举措", "标准"), (cell("一、读者服务", span=3),), ("开馆", "a", "b"), ("咨询", "c", "d"))
    )
    assert [item.title for item in found.items] == ["读者服务：开馆", "读者服务：咨询"]


def test_rows_under_one_merged_title_are_told_apart():
    rows = ((cell("服务", merge="restart"), "开馆，不午休", "a"), (cell("", merge="continue"), "咨询", "b"))
    found = read(table(("项目", "举措", "标准"), *rows))
    assert [(item.title, item.measure) for item in found.items] == [
        ("服务：开馆", "开馆，不午休"),
        ("服务：咨询", "咨询"),
    ]


def test_column_that_means_nothing_to_us_stays_in_the_measure():
    found = read(table(("项目", "举措", "备注"), ("甲", "a", "经费自筹")))
    assert found.items[0].measure == "a\n备注：经费自筹"


def test_form_with_its_headings_in_the_first_column_is_one_item():
    found = read(table(("项目", "开馆"), ("举措", "两班"), ("工作标准", "98小时"), ("经费", "自筹")))
    [item] = found.items
    assert (item.title, item.measure, item.standard) == ("开馆", "两班\n经费：自筹", "98小时")


def test_form_of_a_whole_plan_is_sorted_by_its_first_column():
    found = read(table(("工作目标", "甲\n乙"), ("活动主题", "丙"), ("经费预算", "丁")))
    assert parts_of(found) == [
        ("goals", "工作目标", "甲\n乙"),
        ("theme", "近期工作主题（或工作口号）", "丙\n经费预算　丁"),
    ]


def test_numbered_prose_with_labels_becomes_items():
    found = read(
        paragraph("五、工作措施"),
        paragraph("（一）读者服务"),
        paragraph("1、延长开馆时间。举措：两班轮值。标准：98小时；效果：满意。"),
        paragraph("奖惩：奖50元。责任人：柳馆员。完成时间：11月底前"),
        paragraph("2、【举措】设咨询台"),
        paragraph("标准：两日内回复"),
    )
    first, second = found.items
    assert (first.title, first.measure, first.standard, first.outcome) == (
        "读者服务：延长开馆时间",
        "两班轮值。",
        "98小时",
        "满意。",
    )
    assert (first.incentive, first.responsible, first.due) == ("奖50元。", "柳馆员。", "11月底前")
    assert (second.title, second.measure, second.standard) == ("读者服务：设咨询台", "设咨询台", "两日内回复")


def test_heading_of_a_table_inside_the_measures_groups_its_items():
    found = read(
        paragraph("五、工作措施"),
        paragraph("（一）读者服务"),
        table(("项目", "举措"), ("开馆", "a")),
        paragraph("（二）采编"),
        table(("项目", "举措"), ("编目", "b")),
    )
    assert [item.title for item in found.items] == ["读者服务：开馆", "采编：编目"]
    assert found.parts == ()


def test_words_too_long_for_a_short_field_go_to_the_measure():
    long = "责任到人，" * 30
    found = read(table(("项目", "举措", "责任人"), ("甲", "a", long)))
    assert (found.items[0].responsible, found.items[0].measure) == ("", f"责任人：{long}\na")


def test_library_plan_as_wps_wrote_it():
    found = read_word_plan(io.BytesIO(library_plan()), parts=PARTS)
    assert found.title == "郴州职业技术学院图书馆“质量管理季”活动实施方案"
    assert [part.code or part.title for part in found.parts] == [
        *("前言", "指导思想和工作基础", "goals", "theme", "focus", "management", "工作措施", "保障措施", "落款"),
    ]
    assert found.parts[3].text == "书香校园　贴心服务\n口号：让每一位读者满意离馆"
    assert found.parts[6].text == "各室按下表执行，办公室每周检查一次。开馆时间由每天十四小时，中午不休息。"
    assert [item.title for item in found.items] == [
        *("读者服务：延长开馆时间", "读者服务：设立咨询台和意见箱", "文献采编", "阅览管理", "馆舍安全"),
    ]
    assert all(item.measure and item.standard and item.outcome and item.incentive for item in found.items)


@pytest.mark.parametrize(
    ("blocks", "options", "code"),
    [
        ((), {}, "no_text"),
        ((paragraph(inside=drawing()),), {"pictures": {"image1.png": picture()}}, "only_pictures"),
        ((table(("项目", "举措"), *((f"条目{at}", "a") for at in range(500))),), {}, "many"),
    ],
)
def test_file_that_gives_nothing_to_check_is_refused_with_a_remedy(blocks, options, code):
    with pytest.raises(Refused) as refused:
        read(*blocks, **options)
    assert refused.value.refusal_code == code


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("实施条目（项目）", "title"),
        ("主动服务、协调、配合", "service"),
        ("奖惩措施", "incentive"),
        ("预 期 成 效", "outcome"),
        ("工作要求：", "standard"),
        ("完成时限", "due"),
        ("备注", ""),
        ("这是一句很长很长的话里面也有标准两个字", ""),
    ],
)
def test_heading_of_a_column(heading, column):
    assert column_of(heading) == column


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("一、甲", (1, "甲")),
        ("（二）甲", (2, "甲")),
        ("3．甲", (3, "甲")),
        ("3.5小时", (4, "小时")),
        ("(4)甲", (4, "甲")),
        ("⑤甲", (5, "甲")),
        ("2009年", (0, "2009年")),
        ("甲", (0, "甲")),
    ],
)
def test_number_a_line_begins_with(line, found):
    assert marker_of(line) == found


@pytest.mark.parametrize(
    ("heading", "code"),
    [("目标", "goals"), ("主题和口号", "theme"), ("主题活动", "basis"), ("内部管理", "management"), ("会议记录", "")],
)
def test_part_a_heading_means(heading, code):
    assert PartBook(PARTS).match(heading)[0] == code


def test_measures_of_support_are_no_items():
    assert (is_items("具体工作措施"), is_items("保障措施")) == (True, False)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2009年11月6日", "2009-11-06"),
        ("11月6日前", "2009-11-06"),
        ("11月底前", "2009-11-30"),
        ("1月中旬", "2010-01-20"),
        ("2009年12月", "2009-12-31"),
        ("每周一", "每周一"),
        ("11月31日", "11月31日"),
        ("长期坚持", "长期坚持"),
        ("", ""),
    ],
)
def test_day_by_which(typed, day):
    assert due_of(typed, starts_on=date(2009, 10, 11), ends_on=date(2010, 1, 20)) == day


# --- nothing is lost: each piece of text is one word that occurs nowhere else

HEADS = (
    "一、工作目标",
    "二、工作措施",
    "三、保障措施",
    "（一）读者服务",
    "工作重点",
    "2、举措：",
    "1、",
    "①",
    "标准：",
    "",
)
COLUMNS = st.sampled_from(
    ["项目", "举措", "标准", "责任人", "完成时间", "备注", "序号", "效果", "对应职责", "配合部门"]
)


class Pieces:
    """Hands out words and remembers them."""

    def __init__(self):
        self.given = []

    def word(self):
        self.given.append(f"词{len(self.given):03d}尾")
        return self.given[-1]


@st.composite
def documents(draw):
    pieces, blocks = Pieces(), []
    for _block in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["line", "line", "bold", "style", "number", "box", "table", "form"]))
        head = draw(st.sampled_from(HEADS))
        text = f"{head}{pieces.word()}" + draw(st.sampled_from(["", "。", "\n", f"。{pieces.word()}"]))
        if kind == "table":
            names = draw(st.lists(COLUMNS, min_size=2, max_size=5, unique=True))
            rows = [tuple(names)] if draw(st.booleans()) else []
            for _row in range(draw(st.integers(1, 3))):
                filled = [pieces.word() if draw(st.booleans()) else "" for _name in names]
                rows.append(tuple(filled))
            if draw(st.booleans()):
                rows.append((cell(pieces.word(), span=len(names)),))
            blocks.append(table(*rows))
        elif kind == "form":
            blocks.append(table((draw(COLUMNS), pieces.word()), ("工作目标", f"{pieces.word()}\n{pieces.word()}")))
        elif kind == "box":
            blocks.append(paragraph(text, inside=text_box(paragraph(pieces.word()))))
        else:
            options = {"bold": {"bold": True}, "style": {"style": "3"}, "number": {"number": (1, 1)}}.get(kind, {})
            blocks.append(paragraph(text, **options))
    return pieces.given, blocks


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_piece_of_a_document_is_in_the_proposal(found):
    given_words, blocks = found
    assume(any(word in block for word in given_words for block in blocks))  # a table of empty cells says nothing
    said = read(*blocks, numbers=numbering(("chineseCounting", "%1、"), ("decimal", "%2.")))
    text = [said.title]
    for part in said.parts:
        text += [part.title, part.text, *part.source]
    for item in said.items:
        text += [value for name, value in vars(item).items() if isinstance(value, str)]
    whole = "\n".join(text)
    in_source = "\n".join(line for item in said.items for line in item.source[:1])
    lost = [word for word in given_words if word not in whole and word not in in_source]
    assert [word for word in lost if any(word in str(block) for block in blocks)] == []
