"""The list of honours as it leaves the house: workbook, Word text, paper; each opened again."""

import io

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from campaigns.enums import Role
from campaigns.exports.honours import FORMATS, made_of
from campaigns.models import Nomination
from campaigns.queries.honours_list import honours_list
from qualityseason.enums import JobState
from qualityseason.models import AuditEntry, Job
from qualityseason.services.files import path_of
from tests.campaigns.honours_working import decide, nominate_in, shortlist, stop_clock
from tests.campaigns.people_working import signed_in, url
from tests.factories import NOON, make_actor


@pytest.fixture
def office(season):
    """The office, after 图书馆's person was chosen and 工会's was not; 团委's waits."""
    stop_clock(season)
    office = make_actor(season, Role.OFFICE)
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first, second)
    decide(season, office, chosen=[first])
    nominate_in(season, ["团委"], honour="教书育人")
    return office


def made(season, actor, form, *, only_chosen=False):
    facts = honours_list(actor, season, only_chosen=only_chosen, at=NOON)
    return io.BytesIO(made_of(facts, FORMATS[form]))


def rows(sheet):
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_workbook_holds_the_chosen_and_all_nominations(season, office):
    book = load_workbook(made(season, office, "xlsx"))
    assert book.sheetnames == ["先进个人名单", "推荐情况", "说明"]
    assert rows(book["先进个人名单"]) == [("荣誉", "姓名", "部门"), ("服务育人", "某1", "图书馆")]
    assert rows(book["推荐情况"]) == [
        ("荣誉", "部门", "姓名", "工号", "状态", "事迹"),
        ("教书育人", "团委", "某3", "7003", "已推荐", "坚持延时开放。"),
        ("服务育人", "工会", "某2", "7002", "未入选", "坚持延时开放。"),
        ("服务育人", "图书馆", "某1", "7001", "表彰", "坚持延时开放。"),
    ]
    assert any("2009年12月28日" in note for (note,) in rows(book["说明"]))


@pytest.mark.parametrize("form", ["xlsx", "docx", "pdf"])
def test_list_to_put_up_names_the_chosen_alone(season, office, form):
    file = made(season, office, form, only_chosen=True)
    if form == "xlsx":
        text = str([row for sheet in load_workbook(file) for row in rows(sheet)])
    elif form == "docx":
        document = Document(file)
        text = str([cell.text for table in document.tables for row in table.rows for cell in row.cells])
        text += str([part.text for part in document.paragraphs])
    else:
        text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert [name in text for name in ("某1", "某2", "某3", "坚持延时开放")] == [True, False, False, False]


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_text_is_inert(season, office, form):
    Nomination.objects.update(reasons="=HYPERLINK(\x01\u202e1)<w:p/>")
    file = made(season, office, form)
    if form == "xlsx":
        cell = load_workbook(file)["推荐情况"]["F2"]
        assert (cell.value, cell.data_type) == ("=HYPERLINK(1)<w:p/>", "s")
    else:
        assert Document(file).tables[1].rows[1].cells[4].text == "=HYPERLINK(1)<w:p/>"


def test_paper_has_every_state_and_places_to_sign(season, office):
    text = "".join(PdfReader(made(season, office, "pdf")).pages[0].extract_text().split())
    assert season.college in text
    for name, state in (("某1", "表彰"), ("某2", "未入选"), ("某3", "已推荐")):
        assert f"{name}{state}" in text


def test_before_a_decision_the_list_says_so(season):
    stop_clock(season)
    office = make_actor(season, Role.OFFICE)
    nominate_in(season, ["图书馆"])
    book = load_workbook(made(season, office, "xlsx"))
    assert rows(book["先进个人名单"]) == [("荣誉", "姓名", "部门")]
    assert len(rows(book["推荐情况"])) == 2


# --- pages


def test_files_are_sent_to_who_oversees(client, season, office):
    signed_in(client, season, Role.LEADERSHIP)
    answer = client.get(url("honours-export", "xlsx"))
    assert answer["Content-Type"] == FORMATS["xlsx"].media_type
    assert load_workbook(io.BytesIO(b"".join(answer.streaming_content))).sheetnames[1] == "推荐情况"
    chosen = client.get(url("honours-export", "docx"), {"chosen": "1"})
    assert len(Document(io.BytesIO(b"".join(chosen.streaming_content))).tables) == 1
    assert client.get(url("honours-export", "odt")).status_code == 404
    signed_in(client, season, Role.HEAD, "图书馆")
    assert client.get(url("honours-export", "xlsx")).status_code == 403


def test_paper_is_printed_in_the_background(client, season, office, portal_files, django_capture_on_commit_callbacks):
    signed_in(client, season, Role.LEADERSHIP)
    assert client.get(url("honours-export", "pdf")).status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{url('honours-export', 'pdf')}?chosen=1")
    job = Job.objects.get()
    page = f"{reverse('job', args=[job.uuid])}?back=%2Fcampaigns%2F2009%2Fhonours%2F"
    assert (answer.url, job.state, job.problem) == (page, JobState.DONE, "")
    text = "".join(page.extract_text() for page in PdfReader(path_of(job.file)).pages)
    assert ("某1" in text, "某2" in text) == (True, False)
    assert AuditEntry.objects.filter(act="honours.print").count() == 1
