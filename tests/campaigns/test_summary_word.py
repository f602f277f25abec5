"""Summaries brought in as Word: the parts recognised by their headings, checked, taken over, or kept whole."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from campaigns.enums import PlanState
from campaigns.imports.word_plan import read_word_plan
from campaigns.models import Summary, SummaryPart, SummaryReading
from tests.campaigns.flow_working import HEAD, actor, log_in
from tests.campaigns.people_working import url
from tests.campaigns.summary_working import FEATURE, FIVE, begin, page, submit, writer_of
from tests.factories import NOON
from tests.word_files import paragraph, table, word_file

PARTS = [{"code": f"part-{number}", "name": name} for number, name in enumerate(FIVE, start=1)]
TEXT = "借阅量增长。"
PLAIN = "".join(chr(code) for code in range(0x4E00, 0x4E40))  # characters in which no heading is written


def read(*blocks):
    return read_word_plan(io.BytesIO(word_file(*blocks)), parts=PARTS, with_items=False)


def parts_of(found):
    return {part.code or part.title: part.text for part in found.parts}


@pytest.fixture
def liaison(season):
    return writer_of(season)


@pytest.fixture
def summary(season, liaison, portal_files):
    return begin(season, liaison)


@pytest.fixture
def browser(client, liaison):
    log_in(client, liaison)
    return client


def bring(browser, summary, *blocks, act="read", name="总结.docx"):
    file = SimpleUploadedFile(name, word_file(*blocks))
    return browser.post(page("bring-in", summary), {"files": file, "act": act})


# --- reading


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("一、实施成效", "part-1"),
        ("一、取得的主要成绩", "part-1"),
        ("二、存在的问题", "part-2"),
        ("二、存在问题与不足", "part-2"),
        ("三、原因剖析", "part-3"),
        ("三、原因分析", "part-3"),
        ("四、问题处理", "part-4"),
        ("四、整改落实情况", "part-4"),
        ("五、改进举措", "part-5"),
        ("五、下一步改进措施", "part-5"),
        ("（五）今后努力方向", "part-5"),
    ],
)
def test_headings_people_write_mean_the_parts(heading, code):
    assert parts_of(read(paragraph(heading), paragraph(TEXT)))[code] == TEXT


def test_other_headings_become_sections_and_nothing_is_lost():
    found = read(
        paragraph("图书馆质量管理季总结"),
        paragraph("一、基本情况"),
        paragraph("馆藏二十万册。"),
        paragraph("二、实施成效"),
        paragraph(TEXT),
    )
    assert found.title == "图书馆质量管理季总结"
    assert parts_of(found) == {"基本情况": "馆藏二十万册。", "part-1": TEXT}


def test_a_summary_has_no_items_whatever_its_tables_and_labels():
    found = read(
        paragraph("一、改进举措"),
        paragraph("举措：延长开馆。标准：每周98小时。效果：满意。奖惩：每月50元。"),
        table(("项目", "举措", "标准", "效果", "奖惩"), ("开馆", "两班轮值", "98小时", "满意", "奖50元")),
    )
    assert found.items == ()
    text = parts_of(found)["part-5"]
    assert all(word in text for word in ("延长开馆", "两班轮值", "奖50元"))


@given(st.lists(st.text(PLAIN, min_size=1, max_size=30), min_size=1, max_size=8))
def test_no_line_of_any_text_is_lost(lines):
    found = read(paragraph("一、实施成效"), *(paragraph(f"{line}。") for line in lines))
    assert found.items == ()
    said = "\n".join(part.text for part in found.parts)
    assert all(line in said for line in lines)


# --- bringing in


def test_word_file_is_checked_and_taken_over_part_by_part(browser, summary):
    answer = bring(
        browser, summary, *(block for name in FIVE for block in (paragraph(name, style="2"), paragraph(TEXT)))
    )
    reading = SummaryReading.objects.get()
    assert answer.url == page("reading", summary, reading.uuid)
    shown = browser.get(answer.url)
    form = shown.context["form"]
    assert ([entry.entry["code"] for entry in form.parts], form.items) == ([part["code"] for part in PARTS], [])
    data = {"version": shown.context["version"], "seen": shown.context["seen"], "act": "take"}
    data |= {f"{entry.prefix}-{name}": entry[name].value() or "" for entry in form for name in entry.fields}
    assert browser.post(answer.url, data).url == page("write", summary)
    assert set(SummaryPart.objects.filter(summary=summary).values_list("text", flat=True)) == {TEXT}
    summary.refresh_from_db()
    assert summary.word_file.slot == "word"
    again = bring(browser, summary, *(b for name in FIVE for b in (paragraph(name, style="2"), paragraph(TEXT))))
    assert again.url == page("", summary)


def test_word_file_kept_whole_is_the_official_text_and_nobody_checked_its_parts(browser, season, summary):
    bring(browser, summary, paragraph(TEXT), act="store")
    assert not SummaryReading.objects.exists()
    gaps = browser.get(page("write", summary)).context["gaps"]
    assert (gaps.unchecked, gaps.parts) == (True, ())
    head = actor(season, HEAD, place="图书馆", at=NOON)
    version = submit(summary, head)
    assert (version.word_file.file.name, version.content["word_name"]) == ("总结.docx", "总结.docx")
    log_in(browser, head)
    assert TEXT in browser.get(page("", summary)).content.decode()


def test_material_takes_sections_from_a_word_file(browser, season, liaison, portal_files):
    piece = begin(season, liaison, kind=FEATURE)
    answer = bring(
        browser, piece, paragraph("一、做法"), paragraph("上门送书。"), paragraph("二、体会"), paragraph("贵在坚持。")
    )
    shown = browser.get(answer.url)
    assert [(entry.entry["title"], entry["choice"].value()) for entry in shown.context["form"].parts] == [
        ("做法", "new"),
        ("体会", "new"),
    ]


def test_a_sheet_is_no_summary(browser, summary):
    file = SimpleUploadedFile("总结.xlsx", b"PK\x03\x04")
    answer = browser.post(page("bring-in", summary), {"files": file, "act": "read"})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    assert url("plans") not in answer.content.decode().partition("<main")[2]


def test_nothing_is_brought_into_a_submitted_summary(browser, season, summary, liaison):
    Summary.objects.update(state=PlanState.SUBMITTED)
    assert bring(browser, summary, paragraph(TEXT)).status_code == 403
