"""The award list as it leaves the house: workbook, Word text, paper; each opened again."""

import io

import pytest
from django.urls import reverse
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from campaigns.enums import Role
from campaigns.exports.awards import FORMATS, made_of
from campaigns.models import Decision
from campaigns.queries.contest_awards import award_list
from campaigns.services.contest import award_contest
from qualityseason.enums import JobState
from qualityseason.models import AuditEntry, Job, User
from qualityseason.services.files import path_of
from tests.campaigns.contest_working import SIX, as_actor, awarded_contest, contest_now, entry_of, tied_contest
from tests.factories import NOON, department, make_actor, make_membership, make_user

NAMES = [*SIX, "团委"]
WINNERS = [
    ("一等奖", 1, "监察审计室"),
    ("二等奖", 2, "工会"),
    ("二等奖", 3, "党院办"),
    ("三等奖", 4, "教务处"),
    ("三等奖", 5, "图书馆"),
    ("三等奖", 6, "基础部"),
]


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def as_role(client, season, role, home=None):
    user = make_user(f"{role.lower()}-reader")
    make_membership(season, user, role, department=department(season, home) if home else None)
    client.force_login(user)
    return user


def made(actor, form):
    return io.BytesIO(made_of(award_list(actor, contest_now(), at=NOON), FORMATS[form]))


def rows(sheet):
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


@pytest.fixture
def office(season):
    return awarded_contest(season, NAMES)[0]


def test_workbook_for_the_office_holds_prizes_scores_and_ballots(office):
    book = load_workbook(made(office, "xlsx"))
    assert book.sheetnames == ["获奖名单", "评分汇总", "评委打分", "说明"]
    first = rows(book["获奖名单"])
    assert first[0] == ("等次", "名次", "部门", "方案名称", "得分")
    assert [row[:3] for row in first[1:]] == WINNERS
    assert first[1][3:] == ("监察审计室质量管理季活动方案", 95)
    standing = rows(book["评分汇总"])
    assert standing[0] == ("名次", "部门", "板块", "方案名称", "得分", "分差", "评委数", "等次")
    assert (standing[7][:2], standing[7][4:]) == ((7, "团委"), (65, 0, 2, None))
    ballots = rows(book["评委打分"])
    assert ballots[0] == ("部门", "评委", "全面", "可行", "有特色", "平均", "计入", "评语")
    assert ballots[1] == ("监察审计室", "评委1", 95, 95, 95, 95, "是", None)
    assert len(ballots) == 1 + 7 * 2


def test_workbook_for_a_department_holds_the_prizes_alone(season, office):
    reader = make_actor(season, Role.HEAD, department=department(season, "团委"))
    book = load_workbook(made(reader, "xlsx"))
    assert book.sheetnames == ["获奖名单", "说明"]
    assert rows(book["获奖名单"])[0] == ("等次", "名次", "部门", "方案名称")
    everything = [value for sheet in book for row in rows(sheet) for value in row]
    assert ("团委" in everything, 95 in everything, "评委1" in everything) == (False, False, False)


def test_overseer_with_an_interest_gets_no_ballots_of_that_department(season, office):
    user = make_user("both")
    make_membership(season, user, Role.OFFICE)
    make_membership(season, user, Role.STAFF, department=department(season, "工会"))
    book = load_workbook(made(as_actor(season, user), "xlsx"))
    assert "工会" not in [row[0] for row in rows(book["评委打分"])]
    own = next(row for row in rows(book["评分汇总"]) if row[1] == "工会")
    assert own[4:] == (90, None, None, "二等奖")


def test_word_has_the_official_layout(office, season):
    document = Document(made(office, "docx"))
    title = document.paragraphs[1]
    assert season.name in title.text
    assert (title.alignment, title.runs[0].font.size.pt) == (WD_ALIGN_PARAGRAPH.CENTER, 22)
    assert title.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    normal = document.styles["Normal"]
    assert (normal.font.size.pt, normal.element.rPr.rFonts.get(qn("w:eastAsia"))) == (16, "仿宋_GB2312")
    (table,) = document.tables
    cells = [tuple(cell.text for cell in row.cells) for row in table.rows]
    assert cells[0] == ("等次", "部门", "方案名称")
    assert [(prize, name) for prize, name, _title in cells[1:]] == [(prize, name) for prize, _rank, name in WINNERS]
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.top_margin.mm)) == (210, 37)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_text_is_inert(season, office, form):
    version = entry_of("工会").version
    version.content["title"] = "=HYPERLINK(\x01\u202e1)<w:p/>"
    version.save()
    file = made(office, form)
    if form == "xlsx":
        cell = load_workbook(file)["获奖名单"]["D3"]
        assert (cell.value, cell.data_type) == ("=HYPERLINK(1)<w:p/>", "s")
    else:
        assert Document(file).tables[0].rows[2].cells[2].text == "=HYPERLINK(1)<w:p/>"


def test_decided_tie_is_said_on_every_form(season):
    office, _voters, contest = tied_contest(season)
    tied = [str(entry_of(name).uuid) for name in ("图书馆", "基础部")]
    Decision.objects.create(
        campaign=season,
        kind="contest-tie",
        decided_on=NOON.date(),
        present="支校衡",
        text="更有特色",
        data={"order": tied, "rank": 3, "mean": "80.00"},
        recorded_by_id=office.user_id,
        recorded_at=NOON,
    )
    award_contest(contest, by=office, at=NOON)
    facts = award_list(office, contest_now(), at=NOON)
    assert facts.decided == ((3, NOON.date()),)
    notes = rows(load_workbook(made(office, "xlsx"))["说明"])
    assert [("3" in note, "2009年12月28日" in note) for (note,) in notes[-1:]] == [(True, True)], notes
    assert "2009年12月28日" in "".join(part.text for part in Document(made(office, "docx")).paragraphs[3:])


def test_paper_names_the_prizes_and_has_places_to_sign(office, season, tmp_path):
    path = tmp_path / "awards.pdf"
    assert FORMATS["pdf"].write(award_list(office, contest_now(), at=NOON), path) == 1
    text = "".join(PdfReader(path).pages[0].extract_text().split())
    assert season.college in text
    for prize, _rank, name in WINNERS:
        assert f"{prize}{name}" in text
    assert "团委" not in text
    assert "95.00" not in text


# --- pages


def test_files_are_sent_under_their_name(client, season, office):
    as_role(client, season, Role.HEAD, "图书馆")
    answer = client.get(url("contest-awards", "xlsx"))
    assert answer["Content-Type"] == FORMATS["xlsx"].media_type
    assert "attachment" in answer["Content-Disposition"]
    assert load_workbook(io.BytesIO(b"".join(answer.streaming_content))).sheetnames == ["获奖名单", "说明"]
    assert Document(io.BytesIO(b"".join(client.get(url("contest-awards", "docx")).streaming_content))).tables


def test_paper_is_printed_in_the_background(client, season, office, portal_files, django_capture_on_commit_callbacks):
    user = as_role(client, season, Role.LEADERSHIP)
    assert client.get(url("contest-awards", "pdf")).status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url("contest-awards", "pdf"))
    job = Job.objects.get()
    page = f"{reverse('job', args=[job.uuid])}?back=%2Fcampaigns%2F2009%2Fcontest%2F"
    assert (answer.url, job.state, job.problem) == (page, JobState.DONE, "")
    assert PdfReader(path_of(job.file)).pages
    assert AuditEntry.objects.get(act="contest.print").by == User.objects.get(pk=user.pk)


def test_list_is_there_only_once_it_is_awarded(client, season):
    tied_contest(season)
    as_role(client, season, Role.OFFICE)
    for form in ("xlsx", "docx"):
        assert client.get(url("contest-awards", form)).status_code == 404
    assert client.post(url("contest-awards", "pdf")).status_code == 404
    assert not Job.objects.exists()


def test_form_nobody_knows_is_404(client, season, office):
    as_role(client, season, Role.OFFICE)
    assert client.get(url("contest-awards", "odt")).status_code == 404
