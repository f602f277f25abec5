import uuid
from datetime import date, datetime
from decimal import Decimal
from threading import Thread

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Department, Interest
from campaigns.queries.actors import load_actor
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.exports.cells import inert
from qualityseason.models import AuditEntry, Job
from qualityseason.services.files import path_of
from qualityseason.services.jobs import run_job
from scoring.exports import words, workbook
from scoring.facts import Subject
from scoring.jobs.exports import make_export, run_export, write_export
from scoring.models import Rule, RuleVersion, Tally
from scoring.services.exports import open_export
from scoring.services.ledger import withdraw_deduction
from tests.factories import (
    DAY,
    NOON,
    SHANGHAI,
    department,
    make_actor,
    make_deduction,
    make_membership,
    make_person,
    make_user,
)

LEDGER = "部门 板块 细则 数量 单价 扣分 日期 对象 事由 记录人 确认人 考核项目 互斥组 计入".split()  # noqa: SIM905  # as in the issue
TEAM = "考核小组"


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR, username="张三")


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD, username="李四")


@pytest.fixture
def export(season, tmp_path):
    """Make the workbook and open it again."""

    def make(*, campaign=None, actor=None, as_of=None, at=NOON):
        path = tmp_path / f"{uuid.uuid4()}.xlsx"
        write_export(campaign or season, path, format="xlsx", as_of=as_of, actor=actor, at=at)
        return openpyxl.load_workbook(path)

    return make


@pytest.fixture
def charge(season, assessor, lead):
    """Record a line and have it confirmed."""

    def make(code, charged="图书馆", **values):
        return make_deduction(season, code, charged=charged, by=assessor, confirmed_by=lead, **values)

    return make


def rows(book, sheet):
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def line_of(book, number):
    return dict(zip(LEDGER, rows(book, "扣分明细")[number], strict=True))


# --- the sheets and their columns


def test_workbook_has_the_sheets_in_order_with_their_columns(export):
    book = export()
    assert book.sheetnames == ["排名A", "排名B", "扣分明细", "考核标准", "核对"]
    assert rows(book, "排名A")[0] == ["名次", "部门", "学习讨论", "活动方案", "执行效果", "总分"]
    assert rows(book, "扣分明细") == [LEDGER]
    assert rows(book, "考核标准")[0] == ["编号", "板块", "考核项目", "条款", "内容", "分值", "单位"]


def test_ranking_sheets_hold_ranks_names_and_scores_worked_by_hand(export, charge):
    charge("S3b")  # 没有学习 10.00
    charge("S1a")  # 1.00, so the category is 11 of 10: it stays at 0
    charge("P1", "工会", quantity=3)  # 0.30
    charge("P1", "团委", quantity=3)
    charge("P2", "教务处", quantity=2)  # 2.00

    book = export()

    listed = rows(book, "排名A")[1:]
    assert len(listed) == 14
    assert listed[:11] == [[1, name, 10, 20, 70, 100] for name in (row[1] for row in listed[:11])]
    assert listed[11:] == [
        [12, "工会", 10, 19.7, 70, 99.7],
        [12, "团委", 10, 19.7, 70, 99.7],
        [14, "教务处", 10, 18, 70, 98],
    ]
    assert rows(book, "排名B")[-1] == [10, "图书馆", 0, 20, 70, 90]
    assert [cell.number_format for cell in book["排名B"][2]] == ["0", "General", "0.00", "0.00", "0.00", "0.00"]


def test_ledger_sheet_holds_a_confirmed_line_whole(season, export, assessor, lead):
    person = make_person(season)
    make_deduction(
        season,
        "B6",
        by=assessor,
        confirmed_by=lead,
        subject=Subject(label="张伟(00123)", person_id=person.pk, key="person:00123"),
        note="听课记录缺",
    )
    make_deduction(season, "P1", by=assessor)  # only recorded: not in the sheet

    (header, line) = rows(export(), "扣分明细")

    assert header == LEDGER
    assert line == [
        *("图书馆", "B", "B6", 1, 1, 1, datetime(2009, 11, 20), "张伟(00123)", "听课记录缺"),  # noqa: DTZ001  # a cell's
        *(TEAM, TEAM, "执行效果", None, 1),
    ]


def test_ledger_sheet_says_what_counts_after_tiers_and_before_the_floor(export, charge):
    charge("S3a")
    charge("S3b")
    charge("S4")
    charge("S1a")

    book = export()

    assert [(line_of(book, n)["细则"], line_of(book, n)["互斥组"], line_of(book, n)["计入"]) for n in (1, 2, 3, 4)] == [
        ("S1a", None, 1),
        ("S3a", "S3S4", 0),
        ("S3b", "S3S4", 10),
        ("S4", "S3S4", 0),
    ]


def test_withdrawn_lines_leave_the_sheet(export, charge, lead):
    line = charge("P1")
    withdraw_deduction(line, by=lead, at=NOON, because="记错了")
    assert rows(export(), "扣分明细") == [LEDGER]


def test_rulebook_sheet_holds_every_priced_line_verbatim(export):
    found = {row[0]: row[1:] for row in rows(export(), "考核标准")[1:]}
    assert len(found) == 43
    assert found["S1b"] == [
        "共同",
        "学习讨论",
        1,
        "1、没有邀请院领导参加学习讨论会，扣1分。未通知考核小组成员，扣0.5分。",
        0.5,
        None,
    ]
    assert found["S1a"][3] == found["S1b"][3]
    assert (found["A5"][0], found["B5"][0], found["A5"][5]) == ("A", "B", "人次学期")


def test_rulebook_sheet_holds_the_version_in_force_that_day(season, export):
    rule = Rule.objects.get(campaign=season, code="P1")
    RuleVersion.objects.create(
        rule=rule, number=2, text="补充", label="补充", points=Decimal("0.20"), valid_from=date(2009, 12, 1)
    )
    found = {row[0]: row for row in rows(export(as_of=date(2009, 11, 30)), "考核标准")}
    assert found["P1"][5] == 0.1
    found = {row[0]: row for row in rows(export(as_of=date(2009, 12, 1)), "考核标准")}
    assert found["P1"][4:6] == ["补充", 0.2]


def test_as_of_a_day_leaves_later_facts_out(export, charge):
    charge("P1", quantity=2, happened_on=date(2009, 11, 10))
    charge("P2", happened_on=date(2009, 11, 11))

    book = export(as_of=date(2009, 11, 10))

    assert [row[2] for row in rows(book, "扣分明细")[1:]] == ["P1"]
    assert rows(book, "排名B")[-1] == [10, "图书馆", 10, 19.8, 70, 99.8]
    assert "2009-11-10" in book["核对"]["A3"].value


def test_another_season_has_its_own_blocks_and_categories(other_season, export):
    assessor, lead = make_actor(other_season, Role.ASSESSOR), make_actor(other_season, Role.TEAM_LEAD)
    at, day = datetime(2031, 5, 1, 12, tzinfo=SHANGHAI), date(2031, 4, 1)
    for code, charged, quantity in [("M1b", "云务处", 1), ("M2", "云务处", 2), ("Z1", "温室园", 6)]:
        make_deduction(
            other_season,
            code,
            charged=charged,
            quantity=quantity,
            happened_on=day,
            at=at,
            by=assessor,
            confirmed_by=lead,
        )

    book = export(campaign=other_season, at=at)

    assert book.sheetnames == ["排名X", "排名Y", "排名Z", "扣分明细", "考核标准", "核对"]
    assert rows(book, "排名X") == [
        ["名次", "部门", "启动会议", "书面计划", "日常落实", "总分"],
        [1, "雾务处", 12.5, 17.5, 70, 100],
        [1, "信使室", 12.5, 17.5, 70, 100],
        [3, "云务处", 9.5, 17.5, 70, 97],  # 2.75 absorbed by 2 × 1.50
    ]
    assert rows(book, "排名Z")[2] == [2, "温室园", 12.5, 17.5, 0, 30]  # 73.50 of 70.00
    assert [line_of(book, n)["计入"] for n in (1, 2, 3)] == [0, 3, 73.5]


# --- who is named


@pytest.mark.parametrize(("role", "named"), [(Role.OFFICE, True), (Role.ASSESSOR, True), (Role.LEADERSHIP, False)])
def test_recorder_and_confirmer_are_named_to_office_and_team_only(season, export, charge, role, named):
    charge("P1")
    line = line_of(export(actor=make_actor(season, role)), 1)
    assert [line["记录人"], line["确认人"]] == (["张三", "李四"] if named else [TEAM, TEAM])


def test_nobody_is_named_where_the_reader_has_an_interest(season, export, charge):
    charge("P1")
    charge("P1", "教务处")
    charge("P1", "体育部", visited=department(season, "教务处"))
    user = make_user("王五")
    make_membership(season, user, Role.ASSESSOR)
    Interest.objects.create(
        campaign=season, user=user, department=department(season, "教务处"), starts_on=season.facts_from
    )
    book = export(actor=load_actor(user, season, on=DAY))

    assert [(row[0], row[9], row[10]) for row in rows(book, "扣分明细")[1:]] == [
        ("教务处", TEAM, TEAM),
        ("图书馆", "张三", "李四"),
        ("体育部", TEAM, TEAM),
    ]


def test_more_lines_than_a_sheet_holds_are_refused_with_a_sentence(season, charge, tmp_path, monkeypatch):
    charge("P1")
    charge("P1")
    path = tmp_path / "full.xlsx"
    for most in (2, 1):
        monkeypatch.setattr(workbook, "MOST_LINES", most)
        if most == 2:
            write_export(season, path, format="xlsx", as_of=None, actor=None, at=NOON)
            path.unlink()
    with pytest.raises(Refused) as refusal:
        write_export(season, path, format="xlsx", as_of=None, actor=None, at=NOON)
    assert refusal.value.refusal_code == "too_many_lines"
    assert not path.exists()


# --- text is inert


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "#REF!", "\tx", "=cmd|' /C'!A0"]
)
def test_text_never_becomes_a_formula(export, charge, text):
    charge("P1", note=text)
    cell = export()["扣分明细"]["I2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix is (text[0] != "#")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲\x00\x07\u202e乙\ufffe\ud800\r\n丙", "甲乙\n丙"),
        ("丁" * 32_767, "丁" * 32_767),
        ("丁" * 32_768, "丁" * 32_761 + "……（后略）"),
        ("𠀀" * 16_384, "𠀀" * 16_380 + "……（后略）"),  # two units each
    ],
)
def test_control_characters_go_and_long_text_is_cut_with_a_mark(text, found):
    assert inert(text) == found


# --- the check sheet


def test_check_sheet_recomputes_with_live_formulas(export, charge):
    charge("S3b")
    charge("P1")
    book = export()
    sheet = book["核对"]
    header = [cell.value for cell in sheet[8]]
    assert header[:5] == ["板块", "部门", "学习讨论复算扣分", "学习讨论复算得分", "学习讨论表列得分"]
    assert header[-1] == "结论"
    assert sheet.max_row == 8 + 24
    first = [cell.value for cell in sheet[9]]
    assert first[0] == "A"
    lines = "'扣分明细'!$F$2:$F$3"
    assert first[2].startswith(f"=ROUND(SUMIFS({lines},")
    assert "-SUMIFS(" in first[2]
    assert '"S3S4")+MAX(SUMIFS(' in first[2]
    assert first[3] == "=ROUND(MIN($C$6,MAX(0,$C$6-C9)),2)"
    assert first[4] == "=INDEX('排名A'!$C$2:$C$15,MATCH($B9,'排名A'!$B$2:$B$15,0))"
    assert first[13] == '=COUNTIF($L$9:$L$22,">"&L9)+1'
    assert first[18].endswith(',"一致","不一致"),"不一致")')
    assert [sheet["C6"].value, sheet["F6"].value, sheet["I6"].value] == [10, 20, 70]


def test_check_sheet_without_lines_keeps_ranges_in_order(export):
    assert "'扣分明细'!$F$2:$F$2" in export()["核对"]["C9"].value


def test_check_sheet_takes_the_benchmark_on_the_other_basis(season, export):
    season.rulebook.basis = "best_is_full"
    season.rulebook.save()
    sheet = export()["核对"]
    assert [sheet["B7"].value, sheet["B8"].value, sheet["C7"].value] == ["A板块满分基准", "B板块满分基准", 0]
    assert sheet["D11"].value == "=ROUND(MIN($C$6,MAX(0,$C$6-MAX(0,C11-$C$7))),2)"


def test_check_sheet_compares_exactly_where_sumifs_would_read_a_pattern(season, export):
    Department.objects.filter(campaign=season, name="图书馆").update(name="5*")
    formula = export()["核对"]["C9"].value
    assert "SUMIFS" not in formula
    assert "SUMPRODUCT(EXACT('扣分明细'!$A$2:$A$2,$B9)*" in formula


# --- print set-up


def test_sheets_are_set_up_for_paper(export, charge):
    charge("P1")
    book = export()
    for sheet in book:
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddHeader.left.text == "郴州职业技术学院"
        assert sheet.oddFooter.center.text == "— &P —"
        assert "2009-12-28 12:00" in sheet.oddFooter.left.text
    assert book["扣分明细"].freeze_panes == "A2"
    assert book["扣分明细"].print_title_rows == "$1:$1"
    assert book["扣分明细"].page_setup.orientation == "landscape"
    assert book["扣分明细"].auto_filter.ref == "A1:N2"
    assert book["核对"].freeze_panes == "C9"
    assert book["核对"].print_title_rows == "$8:$8"
    assert book.properties.creator == "郴州职业技术学院"


def test_words_of_the_verdict_stand_in_no_other_cell(export, charge):
    charge("S3b")
    book = export()
    found = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert words.SAME not in found
    assert words.DIFFERENT not in found


# --- in the background


def test_make_export_keeps_the_file_and_writes_the_act_down(season, charge, lead, portal_files):
    charge("P1")
    stored = make_export(season, format="xlsx", as_of=date(2009, 12, 1), actor=lead, at=NOON)
    assert stored.name == "“质量管理季”活动排名 2009-12-01.xlsx"
    assert openpyxl.load_workbook(path_of(stored).open("rb")).sheetnames[0] == "排名A"
    entry = AuditEntry.objects.get(act="ranking.export")
    assert (entry.by_id, entry.campaign_id, entry.after["as_of"]) == (lead.user_id, season.pk, "2009-12-01")


def make_job(season, user, **parameters):
    return Job.objects.create(
        kind="export",
        campaign_id=season.pk,
        asked_by=user,
        asked_at=NOON,
        parameters={"format": "xlsx", "at": None, "language": "en"} | parameters,
    )


def test_run_export_reads_sight_anew(season, portal_files):
    user = make_user()
    make_membership(season, user, Role.OFFICE, ends_on=date(2009, 12, 1))
    with pytest.raises(Refused):
        run_export(make_job(season, user), lambda done, total: None)


def test_export_job_leaves_a_file(season, portal_files):
    user = make_user()
    make_membership(season, user, Role.LEADERSHIP)
    job = make_job(season, user, at="2009-12-01")
    run_job.func(job.pk, "trace")
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.DONE, "")
    assert job.file.media_type.endswith("spreadsheetml.sheet")


@pytest.fixture
def exported(season, portal_files, client):
    """A finished export of an assessor, who is logged in, and the membership it came by."""
    user = make_user()
    membership = make_membership(season, user, Role.ASSESSOR)
    job = make_job(season, user)
    run_job.func(job.pk, "trace")
    client.force_login(user)
    return job, membership


def fetch(client, job):
    return client.get(reverse("job-file", args=[job.uuid])).status_code


def test_export_is_fetched_while_the_right_to_it_lasts(season, client, exported):
    job, membership = exported
    assert fetch(client, job) == 200
    membership.ends_on = season.facts_from
    membership.save()
    assert fetch(client, job) == 404


def test_export_that_named_people_of_a_department_is_gone_once_it_is_an_own_one(season, client, exported):
    job, membership = exported
    Interest.objects.create(
        campaign=season,
        user=membership.user,
        department=season.departments.first(),
        reason="spouse",
        starts_on=season.facts_from,
    )
    assert fetch(client, job) == 404


def test_export_with_names_is_gone_for_a_role_that_reads_none(season, client, exported):
    job, membership = exported
    membership.role = Role.LEADERSHIP
    membership.save()
    assert fetch(client, job) == 404


@pytest.fixture
def office(season, client):
    user = make_user("office")
    make_membership(season, user, Role.OFFICE)
    client.force_login(user)
    return client


def test_export_starts_a_job_and_goes_to_its_page(season, office):
    answer = office.post(reverse("scoring:export", args=["2009", "xlsx"]), {"at": "2009年12月1日"})
    job = Job.objects.get(kind="export")
    page = f"{reverse('job', args=[job.uuid])}?back=%2Fcampaigns%2F2009%2Franking%2F"
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert (job.parameters["format"], job.parameters["at"]) == ("xlsx", "2009-12-01")


def test_export_of_an_unknown_format_is_not_found(season, office):
    assert office.post(reverse("scoring:export", args=["2009", "doc"])).status_code == 404


def test_export_is_no_page_to_get(season, office):
    assert office.get(reverse("scoring:export", args=["2009", "xlsx"])).status_code == 405


def test_export_of_a_bad_date_says_so_and_keeps_what_was_typed(season, office):
    answer = office.post(reverse("scoring:export", args=["2009", "xlsx"]), {"at": "2009-13-01"})
    assert answer["Location"] == reverse("scoring:ranking", args=["2009"]) + "?at=2009-13-01"
    assert not Job.objects.exists()


# --- one reading


def test_recording_goes_on_during_an_export_and_is_not_in_it(committed_season):
    season = committed_season
    assessor, lead = make_actor(season, Role.ASSESSOR), make_actor(season, Role.TEAM_LEAD)
    make_deduction(season, "P1", by=assessor, confirmed_by=lead)

    def record():
        make_deduction(season, "P2", by=assessor, confirmed_by=lead)
        connection.close()

    with open_export(season, actor=None, as_of=None, at=NOON) as facts:
        other = Thread(target=record)
        other.start()
        other.join(timeout=20)
        assert not other.is_alive()
        assert [line.code for line in facts.lines] == ["P1"]
    with open_export(season, actor=None, as_of=None, at=NOON) as facts:
        assert [line.code for line in facts.lines] == ["P1", "P2"]


# --- the command


def test_command_writes_the_workbook(season, charge, tmp_path):
    charge("P1")
    output = tmp_path / "排名.xlsx"
    output.write_text("older")
    call_command("export_ranking", "2009", "--format", "xlsx", "--output", str(output), "--at", "2009-12-01")
    book = openpyxl.load_workbook(output)
    assert line_of(book, 1)["记录人"] == TEAM
    assert [path.name for path in tmp_path.iterdir()] == ["排名.xlsx"]


@pytest.mark.parametrize(
    ("campaign", "folder", "at"),
    [("1999", ".", ""), ("2009", "missing", ""), ("2009", ".", "2009-02-30"), ("2009", ".", "soon")],
)
def test_command_refuses_with_a_sentence_and_leaves_nothing(season, tmp_path, campaign, folder, at):
    output = tmp_path / folder / "out.xlsx"
    with pytest.raises(CommandError) as refusal:
        call_command("export_ranking", campaign, "--format", "xlsx", "--output", str(output), "--at", at)
    assert str(refusal.value).strip()
    assert list(tmp_path.iterdir()) == []


def test_command_refuses_a_folder_as_output_and_an_unknown_format(season, tmp_path):
    with pytest.raises(CommandError):
        call_command("export_ranking", "2009", "--format", "xlsx", "--output", str(tmp_path))
    with pytest.raises(CommandError):
        call_command("export_ranking", "2009", "--format", "doc", "--output", str(tmp_path / "x"))


def test_export_agrees_with_the_tallies(season, export, charge):
    charge("S3b")
    charge("B1", quantity=7)
    tally = {
        t.category.name: t.charged for t in Tally.objects.filter(department__name="图书馆").select_related("category")
    }
    assert tally["执行效果"] == Decimal("1.40")
    assert rows(export(), "排名B")[-1] == [10, "图书馆", 0, 20, 68.6, 88.6]
