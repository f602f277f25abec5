"""The printed plan: all it says, its code and page on every page, and a place to sign."""

import io
import re
from dataclasses import replace
from urllib.parse import unquote

import docx
import pytest
from pypdf import PdfReader

from campaigns.calculations.plan_text import is_split, says_nothing
from campaigns.enums import Role
from campaigns.exports.plan_paper import PrintedPlan, word_html_of, write_plan
from campaigns.facts import FileContent, ItemContent, PartContent, PlanContent
from campaigns.models import Membership
from campaigns.services.paper_printing import start_print
from campaigns.templatetags.paper import has_own_number, without_title
from qualityseason.enums import JobState
from qualityseason.models import AuditEntry, Job
from qualityseason.services.jobs import run_job
from tests.campaigns.flow_working import HEAD, LATE, OFFICE, actor, give_back, log_in, make_plan, submit, url

LONG = "每周一上午由流通部汇总上周借阅数据，对排队超过十分钟的时段增派一名馆员，并在例会上通报。" * 3


def content(items=8, **values):
    return PlanContent(
        title="图书馆活动方案",
        parts=(
            PartContent("p1", "goals", "工作目标", "读者满意度\n达到90％"),
            PartContent("p2", "focus", "工作重点", " "),
        ),
        items=tuple(
            ItemContent(
                uuid=str(number), number=number, title=f"条目{number}", measure=LONG, duties=("1 采购", "2 编目")
            )
            for number in range(1, items + 1)
        ),
        files=(FileContent("f", "值班表.pdf", "a" * 64, "application/pdf"),),
        **values,
    )


def printed(path, **values):
    """Print a plan; return the text of its pages without blanks."""
    plan = PrintedPlan(
        content=values.pop("content", content()),
        college="郴州职业技术学院",
        department="图书馆",
        number=2,
        code="7KQM-2X9A",
        submitted_at=LATE,
        word_html=values.pop("word_html", ""),
    )
    pages = write_plan(replace(plan, **values), path)
    reader = PdfReader(path)
    assert len(reader.pages) == pages
    return [re.sub(r"\s+", "", page.extract_text()) for page in reader.pages]


def test_every_page_has_the_code_and_its_number(tmp_path):
    pages = printed(tmp_path / "plan.pdf")
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert "7KQM-2X9A" in text
        assert f"{number}/{len(pages)}" in text
        assert f"—{number}—" in text


def test_plan_is_printed_whole_with_a_place_to_sign(tmp_path):
    pages = printed(tmp_path / "plan.pdf")
    text = "".join(pages)
    for words in (
        "图书馆活动方案",
        "一、工作目标",
        "达到90％",
        "二、",
        "1.条目1",
        "8.条目8",
        "1采购2编目",
        "值班表.pdf",
    ):
        assert words in text
    assert "工作重点" not in text  # an empty part is no heading
    assert text.count("流通部汇总上周借阅数据") == 24
    assert "签字" in pages[-1] or "signature" in pages[-1]


@pytest.mark.parametrize("lines", [14, 15, 16, 17])
def test_no_page_is_for_signatures_alone(tmp_path, lines):
    text = "\n".join(f"第{number}行。" for number in range(lines))
    plan = PlanContent(title="方案", parts=(PartContent("1", "goals", "目标", text),))
    assert f"第{lines - 1}行。" in printed(tmp_path / "plan.pdf", content=plan)[-1]


def test_paper_is_a4_with_the_margins_of_the_standard(tmp_path):
    printed(tmp_path / "plan.pdf")
    page = PdfReader(tmp_path / "plan.pdf").pages[0]
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    places = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: places.append(cm[4] or tm[4]) if text.strip() else None
    )
    assert min(places) >= 28 / 25.4 * 72 - 1


def test_word_text_that_is_not_split_is_typeset(tmp_path):
    file = docx.Document()
    file.add_heading("一、指导思想", 1)
    file.add_paragraph("以服务师生为主。")
    table = file.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "卫生检查", "每周一次"
    path = tmp_path / "plan.docx"
    stream = io.BytesIO()
    file.save(stream)
    path.write_bytes(stream.getvalue())
    plan = PlanContent(title="总务处方案", word_sha256="b" * 64, word_name="方案.docx")
    text = "".join(printed(tmp_path / "plan.pdf", content=plan, word_html=word_html_of(plan, path)))
    for words in ("总务处方案", "一、指导思想", "以服务师生为主。", "卫生检查每周一次", "7KQM-2X9A"):
        assert words in text
    assert word_html_of(replace(content(), word_sha256="b" * 64), path) == ""


def test_split_plan_names_the_word_file_it_came_as(tmp_path):
    text = "".join(
        printed(tmp_path / "plan.pdf", content=replace(content(1), word_sha256="b" * 64, word_name="原稿.docx"))
    )
    assert "原稿.docx" in text


def test_what_is_typed_is_inert_on_paper(tmp_path):
    plan = replace(content(1), title="<b>方案</b>&amp;")
    assert "<b>方案</b>&amp;" in "".join(printed(tmp_path / "plan.pdf", content=plan))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("一、指导思想", True),
        ("（二）要求", True),
        ("3.措施", True),
        ("第一章 总则", True),
        ("一项工作", False),
        ("目标", False),
    ],
)
def test_heading_with_a_number_of_its_own(title, expected):
    assert has_own_number(title) is expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p class="doc-title">总务处 <strong>方案</strong></p><p>正文</p>', "<p>正文</p>"),
        ('<p class="doc-title">另一标题</p><p>正文</p>', '<p class="doc-title">另一标题</p><p>正文</p>'),
        ("<p>正文</p>", "<p>正文</p>"),
    ],
)
def test_word_title_does_not_stand_twice(html, expected):
    assert without_title(html, "总务处方案") == expected


def test_what_counts_as_a_text():
    empty = PlanContent(title="方案", parts=(PartContent("1", "goals", "目标", " \n"),))
    assert says_nothing(empty)
    assert not says_nothing(replace(empty, word_sha256="a"))
    assert not is_split(replace(empty, word_sha256="a"))
    assert is_split(replace(empty, items=(ItemContent("2", 1, "条目"),)))
    assert is_split(replace(empty, parts=(PartContent("1", "goals", "目标", "满意"),)))


# --- the job


@pytest.fixture
def version(season):
    return submit(make_plan(season), actor(season, HEAD, place="图书馆", username="head"))


def test_print_from_the_page(client, season, version, portal_files):
    assessor = actor(season, Role.ASSESSOR)
    log_in(client, assessor)
    response = client.post(url("plan-print", version.plan.uuid, 1))
    run_job.func(Job.objects.get().pk, "trace")
    job = Job.objects.get()
    page, _question, back = response.url.partition("?back=")
    assert (page.endswith(f"{job.uuid}/"), unquote(back)) == (True, url("plan", version.plan.uuid))
    assert (job.state, job.problem, job.asked_by_id) == (JobState.DONE, "", assessor.user_id)
    file = client.get(f"{page}file/")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(file.streaming_content))).pages)
    assert version.code in text
    assert AuditEntry.objects.get(act="plan.print").after["code"] == version.code


def test_double_click_prints_once(version):
    jobs = [
        Job.objects.create(kind="plan-print", asked_by_id=version.submitted_by_id, asked_at=LATE, parameters=parameters)
        for parameters in ({"version": str(version.uuid)}, {"version": "another"})
    ]
    found = start_print(version, paper=version.plan, by_id=version.submitted_by_id, at=LATE)
    assert found == jobs[0]


def test_print_is_gone_with_the_right_to_read_the_plan(client, season, version, portal_files):
    assessor = actor(season, Role.ASSESSOR)
    log_in(client, assessor)
    page = client.post(url("plan-print", version.plan.uuid, 1)).url
    run_job.func(Job.objects.get().pk, "trace")
    assert client.get(page).status_code == 200
    Membership.objects.filter(user_id=assessor.user_id).update(role=Role.HEAD, department_id=season.departments.first())
    assert client.get(page).status_code == 404


def test_earlier_version_is_printed_too(client, season, version, portal_files):
    office = actor(season, OFFICE)
    plan = version.plan
    give_back(plan, office)
    log_in(client, office)
    assert client.post(url("plan-print", plan.uuid, 1)).status_code == 302
    assert client.post(url("plan-print", plan.uuid, 2)).status_code == 404
    assert client.get(url("plan-print", plan.uuid, 1)).status_code == 405
