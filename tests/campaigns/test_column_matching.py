"""A sheet with columns of its own: matched once, remembered, and its bad rows come back coloured in its own layout."""

import io

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from campaigns.enums import ImportKind, RegisterCode, Role
from campaigns.models import ColumnLayout, EvaluationRow, ImportBatch, StaffMember
from qualityseason.models import AuditEntry
from tests.campaigns.people_working import make_member, signed_in
from tests.campaigns.register_working import make_keeper, office_sheet, rows_of
from tests.factories import NOON, make_person
from tests.sheets import make_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_files", "_english", "at_noon")]
KIND = RegisterCode.EVALUATION.responsibility
GOOD = [(1, "张伟", "00123", 88.5, 1, None), (2, "李敏", "00201", "59.5分", 2, "新教师")]
BAD = [(3, "无此人", None, 80, 3, None), (4, "王五", "00301", 150, 4, None), (5, None, "00401", "优", 5, None)]
MATCHED = {"name": "教师大名", "number": "教工编码", "score": "评教得分", "note": "说明"}


@pytest.fixture
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def at_noon(season):
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def keeper(client, season):
    user = make_keeper(season, RegisterCode.EVALUATION)
    for number, name, home in (
        ("00123", "张伟", "图书馆"),
        ("00201", "李敏", "基础部"),
        ("00301", "王五", "基础部"),
        ("00401", "赵六", "体育部"),
    ):
        make_person(season, name, number=number, home=home)
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


@pytest.fixture
def act(client, django_capture_on_commit_callbacks):
    """Post and let the work in the background be done."""

    def run(path, data=None):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, data or {}, headers={"accept-language": "en"})

    return run


@pytest.fixture
def upload(act):
    def run(file, kind=KIND, name="评教.xlsx"):
        file = io.BytesIO(file.getvalue())
        file.name = name
        act(url("import-new", kind), {"file": file})
        return ImportBatch.objects.latest("pk")

    return run


def page(client, batch):
    return client.get(url("import", batch.uuid), headers={"accept-language": "en"}).content.decode()


def test_the_teaching_office_brings_its_own_sheet_and_gets_three_bad_rows_back_coloured(client, keeper, upload, act):
    batch = upload(office_sheet(*GOOD, *BAD))
    text = page(client, batch)
    assert ("Match the columns" in text, "The sheet with its errors coloured" in text) == (True, False)

    form = client.get(url("import-match", batch.uuid)).context["form"]
    assert (form["name"].value(), form["score"].value(), form["number"].value()) == ("教师大名", "评教得分", None)
    choices = dict(form.fields["score"].choices)
    assert choices["评教得分"] == "评教得分 (88.5、59.5分、80)"

    assert act(url("import-match", batch.uuid), MATCHED).url == url("import", batch.uuid)
    batch.refresh_from_db()
    assert [error["place"] for error in batch.report["errors"]] == [
        "评教结果/6/姓名",
        "评教结果/7/评教分数",
        "评教结果/8/评教分数",
    ]
    text = page(client, batch)
    assert "教师大名 → 姓名" in text
    assert not EvaluationRow.objects.exists()

    answer = client.get(url("import-annotated", batch.uuid))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["评教结果"]
    red = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFF4B6B6"}
    assert red == {"B6", "D7", "D8", "G6", "G7", "G8"}
    assert (sheet["G3"].value, sheet["A1"].value) == ("What to correct", "2009年下学期学生评教结果汇总")
    assert sheet["G7"].value == "评教得分: 150 is too much: 100 is the most there can be."
    assert "B2:C2" in {str(merged) for merged in sheet.merged_cells.ranges}

    sheet["B6"], sheet["C6"], sheet["D7"], sheet["D8"] = "张伟", "00123", 75, 90
    sheet.delete_rows(4)
    corrected = io.BytesIO()
    sheet.parent.save(corrected)
    again = upload(corrected)
    assert again.report["errors"] == []
    act(url("import-apply", again.uuid))
    rows = EvaluationRow.objects.order_by("person__number").values_list("person__number", "score", "note")
    assert [(number, str(score), note) for number, score, note in rows] == [
        ("00123", "80.00", ""),
        ("00201", "59.50", "新教师"),
        ("00301", "75.00", ""),
        ("00401", "90.00", ""),
    ]


def test_next_sheet_with_the_same_headings_needs_no_matching(client, keeper, upload, act):
    act(url("import-match", upload(office_sheet(*GOOD)).uuid), MATCHED)
    batch = upload(office_sheet(*GOOD[:1]), name="十二月.xlsx")
    assert (batch.report["errors"], batch.report["row_count"]) == ([], 1)
    layout = ColumnLayout.objects.get()
    assert (layout.kind, layout.matched_by, layout.mapping["评教得分"]) == (KIND, keeper, "score")


def test_matching_again_replaces_what_was_remembered(client, keeper, upload, act):
    batch = upload(office_sheet(*GOOD))
    act(url("import-match", batch.uuid), MATCHED)
    act(url("import-match", batch.uuid), MATCHED | {"note": ""})
    batch.refresh_from_db()
    assert batch.report["shown"][1]["cells"][-1] == ""
    assert ColumnLayout.objects.get().mapping == {"教师大名": "name", "教工编码": "number", "评教得分": "score"}
    entries = AuditEntry.objects.filter(act="import.match").order_by("pk")
    assert [entry.before is None for entry in entries] == [True, False]
    form = client.get(url("import-match", batch.uuid)).context["form"]
    assert (form["note"].value(), form["number"].value()) == (None, "教工编码")


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"score": ""}, "score", "Say which column holds 评教分数: it is needed."),
        ({"name": "", "number": ""}, "number", "Say which column holds 工号 or 姓名."),
        ({"note": "评教得分"}, "note", "“评教得分” serves 评教分数 already; a column serves once."),
    ],
)
def test_matching_that_cannot_be_is_refused_at_its_column_and_keeps_the_choices(
    client, keeper, upload, act, typed, field, sentence
):
    batch = upload(office_sheet(*GOOD))
    form = act(url("import-match", batch.uuid), MATCHED | typed).context["form"]
    assert form.errors == {field: [sentence]}
    assert form["number"].value() == (MATCHED | typed)["number"]
    assert not ColumnLayout.objects.exists()


def test_headings_may_be_looked_for_in_another_row(client, keeper, upload):
    batch = upload(office_sheet(*GOOD))
    others = client.get(url("import-match", batch.uuid)).context["others"]
    upper = next(number for number, row in others if row.row == 2)
    form = client.get(url("import-match", batch.uuid), {"at": upper}).context["form"]
    assert [value for value, _label in form.fields["score"].choices] == ["", "序号", "教师情况", "学生评教", "说明"]
    assert client.get(url("import-match", batch.uuid), {"at": "99"}).status_code == 404


def test_sheet_with_known_headings_is_read_as_ever_and_may_be_matched_otherwise(client, keeper, upload, act):
    headings = ("姓名", "工号", "评教分数", "修正后")
    batch = upload(make_sheet(("张伟", "00123", 80, 85), headings=headings))
    assert (batch.report["errors"], batch.report["shown"][0]["cells"][4]) == ([], "80.00")
    assert "Match the columns otherwise" in page(client, batch)
    form = client.get(url("import-match", batch.uuid)).context["form"]
    assert (form["score"].value(), form["name"].value()) == ("评教分数", "姓名")
    act(url("import-match", batch.uuid), {"name": "姓名", "number": "工号", "score": "修正后"})
    batch.refresh_from_db()
    assert batch.report["shown"][0]["cells"][4] == "85.00"


def test_staff_lists_are_matched_by_the_same_machinery(client, season, upload, act):
    signed_in(client, season, Role.OFFICE)
    headings = ("编号", "名字", "用工性质", "在哪", "从哪天起")
    batch = upload(make_sheet(("00123", "张伟", "专职", "党办", "2009-09-01"), headings=headings), ImportKind.STAFF)
    assert "Match the columns" in page(client, batch)
    keys = ("number", "name", "category", "department", "starts_on")
    act(url("import-match", batch.uuid), dict(zip(keys, headings, strict=True)))
    act(url("import-apply", batch.uuid))
    assert StaffMember.objects.get().name == "张伟"


def test_a_sheet_brought_in_is_not_matched_any_more(client, keeper, upload, act):
    batch = upload(office_sheet(*GOOD))
    act(url("import-match", batch.uuid), MATCHED)
    act(url("import-apply", batch.uuid))
    assert client.get(url("import-match", batch.uuid)).status_code == 302
    assert act(url("import-match", batch.uuid), MATCHED | {"note": ""}).status_code == 302
    assert ColumnLayout.objects.get().mapping["说明"] == "note"


def test_strangers_match_nothing(client, season, keeper, upload):
    batch = upload(office_sheet(*GOOD))
    for role, home in ((Role.HEAD, "图书馆"), (Role.ASSESSOR, None), (Role.LEADERSHIP, None)):
        client.force_login(make_member(season, role, home))
        assert client.post(url("import-match", batch.uuid), MATCHED).status_code == 404
    assert not ColumnLayout.objects.exists()


def test_sheet_of_deductions_is_matched_by_who_uploaded_it_alone(client, season, upload):
    signed_in(client, season, Role.ASSESSOR, username="first")
    row = ("图书馆", "S1a", 1, "2009-11-20", None, "没有邀请")
    batch = upload(make_sheet(row, headings=("甲", "乙", "丙", "丁", "戊", "己")), ImportKind.DEDUCTIONS)
    assert client.get(url("import-match", batch.uuid)).status_code == 200
    signed_in(client, season, Role.ASSESSOR, username="second")
    assert client.get(url("import-match", batch.uuid)).status_code == 404


def test_template_and_export_are_taken_back_as_they_are(client, keeper, upload, act):
    act(url("import-match", upload(office_sheet(*GOOD)).uuid), MATCHED)
    act(url("import-apply", ImportBatch.objects.get().uuid))
    answer = client.get(url("register-export", "evaluation"))
    sheet = rows_of(answer)
    assert sheet[0] == ["工号", "姓名", "部门", "学期", "评教分数", "备注", "特殊情况", "批准人", "批准日期"]
    assert [row[0:5:4] for row in sheet[1:]] == [["00201", 59.5], ["00123", 88.5]]
    batch = upload(io.BytesIO(answer.content), name="导出.xlsx")
    assert (batch.report["errors"], batch.report["standing"]) == ([], str(ImportBatch.objects.earliest("pk").uuid))
