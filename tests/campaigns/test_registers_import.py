"""Registers by sheet: what is understood, what is named, what is written, and the way back."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.enums import RegisterCode, Role, StaffCategory
from campaigns.models import (
    ClassAttendanceRow,
    DutyRosterRow,
    EvaluationRow,
    ImportBatch,
    LessonPlanRow,
    ObservationRow,
    ResearchMeetingRow,
    Term,
    ViolationRow,
    WorkloadRow,
)
from campaigns.services.imports import withdraw_import
from campaigns.services.register_drafts import Excuse
from campaigns.services.registers import excuse_row, withdraw_row
from campaigns.services.staff import add_posting
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.register_working import bring_in, keeper_of, marks, places, sentences
from tests.factories import NOON, department, make_actor, make_class, make_person

pytestmark = pytest.mark.usefixtures("portal_files", "_english", "season")
R = RegisterCode
WHO = ("工号", "姓名")


@pytest.fixture
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


@pytest.fixture
def people(season):
    """One of the library, two of one name, an external teacher, and somebody posted nowhere."""
    make_person(season)
    make_person(season, "李敏", number="00201", home="基础部")
    make_person(season, "李敏", number="00202", home="体育部")
    make_person(season, "王外聘", number="00301", home="基础部", category=StaffCategory.EXTERNAL)
    make_person(season, "赵离", number="00401").postings.all().delete()
    make_class(season)


@pytest.mark.parametrize(
    ("code", "headings", "row", "model", "expected"),
    [
        (
            R.WORKLOAD,
            (*WHO, "规定学时", "完成学时", "其中讲座"),
            ("00123", "张伟", 160, "168.5学时", 4),
            WorkloadRow,
            {"required": Decimal(160), "done": Decimal("168.5"), "lectures": Decimal(4)},
        ),
        (R.EVALUATION, (*WHO, "评教分数"), (123, None, "８８．５分"), EvaluationRow, {"score": Decimal("88.5")}),
        (
            R.CLASS_ATTENDANCE,
            ("班级", "日期", "节次", "到课率"),
            ("会计 0901", "2009.11.6", "1-2节", "92.5%"),
            ClassAttendanceRow,
            {"happened_on": date(2009, 11, 6), "lesson": "1-2节", "rate": Decimal("92.5")},
        ),
        (
            R.OBSERVATION,
            (*WHO, "规定次数", "完成次数", "其中督导团"),
            (None, "张伟(00123)", 8, "９次", None),
            ObservationRow,
            {"required": 8, "done": 9, "by_inspectors": 0},
        ),
        (
            R.DUTY_ROSTER,
            (*WHO, "值班部门", "值班日期", "班次", "缺岗"),
            (None, "张 伟", "保卫处", date(2009, 11, 7), "晚班", "√"),
            DutyRosterRow,
            {"happened_on": date(2009, 11, 7), "shift": "晚班", "missed": True},
        ),
        (
            R.RESEARCH_MEETING,
            (*WHO, "活动日期", "活动主题", "到会", "通知日期"),
            (None, "王外聘", "2009年11月10日", "课程", "缺席", "2009-11-12"),
            ResearchMeetingRow,
            {"topic": "课程", "attended": False, "informed_on": date(2009, 11, 12)},
        ),
        (
            R.LESSON_PLAN,
            (*WHO, "检查日期", "课程", "课改课程", "整体设计", "单元设计", "教学素材"),
            (None, "张伟", "2009-11-10", "会计", "是", "有", "有", "无"),
            LessonPlanRow,
            {"is_reformed": True, "has_overall_design": True, "has_material": False, "has_paper": False},
        ),
        (
            R.VIOLATION,
            (*WHO, "发生日期", "违规种类", "事实", "经济处理", "处理日期"),
            (None, "张伟", "2009-11-10", "教学事故", "漏课", "扣发津贴50元", "2009-11-20"),
            ViolationRow,
            {"kind": "教学事故", "consequence": "扣发津贴50元", "consequence_on": date(2009, 11, 20)},
        ),
    ],
)
def test_every_register_is_brought_in_by_its_own_columns(season, office, people, code, headings, row, model, expected):
    outcome = bring_in(season, code, [row], headings=headings, by=office)
    assert (places(outcome), marks(outcome)) == ([], ["new"])
    made = model.objects.get()
    assert {name: getattr(made, name) for name in expected} == expected
    home = {R.CLASS_ATTENDANCE: "财会金融系", R.RESEARCH_MEETING: "基础部"}.get(code, "图书馆")
    assert (made.department.name, made.batch, made.entered_by_id) == (home, outcome.batch, office.user_id)
    withdraw_import(outcome.batch, by=office, at=NOON, because="试一试")
    assert not model.objects.filter(withdrawn_at=None).exists()


@pytest.mark.parametrize(
    ("code", "headings", "row", "place", "word"),
    [
        (R.EVALUATION, (*WHO, "评教分数"), (None, "无此人", 80), "姓名", "called 无此人"),
        (R.EVALUATION, (*WHO, "评教分数"), ("99999", None, 80), "工号", "number 99999"),
        (R.EVALUATION, (*WHO, "评教分数"), ("00201", "张伟", 80), "工号", "number of 李敏, not of 张伟"),
        (R.EVALUATION, (*WHO, "评教分数"), (None, "李敏", 80), "姓名", "2 people called 李敏: write the number"),
        (R.EVALUATION, (*WHO, "评教分数"), (None, None, 80), "姓名", "Name the person"),
        (R.EVALUATION, (*WHO, "评教分数"), (None, "赵离", 80), "姓名", "belongs to no department"),
        (R.EVALUATION, (*WHO, "评教分数"), (None, "张伟", 150), "评教分数", "100 is the most"),
        (R.EVALUATION, (*WHO, "评教分数"), (None, "张伟", "优"), "评教分数", "not a number"),
        (R.EVALUATION, (*WHO, "评教分数"), (None, "张伟", None), "评教分数", "empty"),
        (R.EVALUATION, (*WHO, "评教分数"), (None, "张伟", 0.85), "评教分数", "may mean 0.85 or 85"),
        (R.EVALUATION, (*WHO, "学期", "评教分数"), (None, "张伟", "2008-2009-2", 85), "学期", "no term of the season"),
        (R.WORKLOAD, (*WHO, "规定学时", "完成学时"), (None, "张伟", -1, 80), "规定学时", "below zero"),
        (R.WORKLOAD, (*WHO, "规定学时", "完成学时"), (None, "张伟", 10, "80%"), "完成学时", "not per cent"),
        (
            R.WORKLOAD,
            (*WHO, "规定学时", "完成学时", "其中讲座"),
            (None, "张伟", 10, 8, 9),
            "其中讲座",
            "more than all hours done",
        ),
        (R.OBSERVATION, (*WHO, "规定次数", "完成次数"), (None, "张伟", 8, 7.5), "完成次数", "not a whole number"),
        (R.CLASS_ATTENDANCE, ("班级", "日期", "到课率"), ("会计0999", "2009-11-06", 90), "班级", "no class called"),
        (
            R.CLASS_ATTENDANCE,
            ("班级", "日期", "到课率"),
            ("会计0901", "2009-11-06", "150%"),
            "到课率",
            "100 is the most",
        ),
        (R.CLASS_ATTENDANCE, ("班级", "日期", "到课率"), ("会计0901", "2009-08-06", 90), "日期", "outside the time"),
        (R.CLASS_ATTENDANCE, ("班级", "日期", "到课率"), ("会计0901", "2010-01-06", 90), "日期", "still to come"),
        (R.CLASS_ATTENDANCE, ("班级", "日期", "到课率"), ("会计0901", "周一", 90), "日期", "not a date"),
        (R.DUTY_ROSTER, (*WHO, "值班日期", "缺岗"), (None, "张伟", "2010-01-06", "是"), "值班日期", "still to come"),
        (R.DUTY_ROSTER, (*WHO, "值班日期", "缺岗"), (None, "张伟", "2009-11-06", "也许"), "缺岗", "neither yes"),
        (
            R.DUTY_ROSTER,
            (*WHO, "值班部门", "值班日期"),
            (None, "张伟", "门卫", "2009-11-06"),
            "值班部门",
            "no department called",
        ),
        (
            R.RESEARCH_MEETING,
            (*WHO, "活动日期", "到会", "通知日期"),
            (None, "张伟", "2009-11-06", "否", "2009-11-07"),
            "通知日期",
            "no external teacher",
        ),
        (
            R.RESEARCH_MEETING,
            (*WHO, "活动日期", "到会", "通知日期"),
            (None, "王外聘", "2009-11-06", "否", "2009-11-05"),
            "通知日期",
            "before the meeting",
        ),
        (
            R.RESEARCH_MEETING,
            (*WHO, "活动日期", "到会", "通知日期"),
            (None, "王外聘", "2009-11-06", "是", "2009-11-07"),
            "通知日期",
            "need not be informed",
        ),
        (
            R.VIOLATION,
            (*WHO, "发生日期", "违规种类"),
            (None, "张伟", "2009-11-06", "早恋"),
            "违规种类",
            "none of the kinds",
        ),
        (
            R.VIOLATION,
            (*WHO, "发生日期", "违规种类", "经济处理", "处理日期"),
            (None, "张伟", "2009-11-06", "迟到", "扣发", "2009-11-05"),
            "处理日期",
            "before the violation",
        ),
        (
            R.EVALUATION,
            (*WHO, "评教分数", "特殊情况"),
            (None, "张伟", 50, "病假"),
            "批准人",
            "needs the reason, who approved it, and the day",
        ),
    ],
)
def test_wrong_row_is_named_at_its_cell_and_nothing_is_written(
    season, office, people, code, headings, row, place, word
):
    outcome = bring_in(season, code, [row], headings=headings, by=office)
    assert places(outcome)[0] == f"Sheet1/2/{place}"
    assert word in sentences(outcome)[0]
    assert not ImportBatch.objects.exists()


def test_kinds_of_violation_are_those_of_the_block_of_the_persons_department(season, office, people):
    make_person(season, "周处", number="00501", home="教务处")
    headings = (*WHO, "发生日期", "违规种类")
    rows = [(None, "周处", "2009-11-06", "教学事故"), (None, "周处", "2009-11-06", "迟到")]
    outcome = bring_in(season, R.VIOLATION, rows, headings=headings, by=office)
    assert (places(outcome), len(outcome.errors)) == (["Sheet1/2/违规种类"], 1)


def test_a_term_row_is_about_the_last_home_in_the_term_up_to_today(season, office, people):
    person = make_person(season, "钱调", number="00601", home="工会")
    add_posting(
        person, department=department(season, "教务处"), starts_on=date(2009, 12, 1), by_id=office.user_id, at=NOON
    )
    add_posting(
        person, department=department(season, "体育部"), starts_on=date(2010, 1, 4), by_id=office.user_id, at=NOON
    )
    bring_in(season, R.EVALUATION, [("00601", None, 80)], headings=(*WHO, "评教分数"), by=office)
    assert EvaluationRow.objects.get().department.name == "教务处"
    day = [("00601", None, "2009-11-30", "否")]
    bring_in(season, R.DUTY_ROSTER, day, headings=(*WHO, "值班日期", "缺岗"), by=office)
    assert DutyRosterRow.objects.get().department.name == "工会"


def test_the_organiser_is_the_persons_department_where_none_is_named(season, office, people):
    bring_in(season, R.DUTY_ROSTER, [(None, "张伟", "2009-11-30")], headings=(*WHO, "值班日期"), by=office)
    assert DutyRosterRow.objects.get().organiser.name == "图书馆"


def test_the_department_a_sheet_names_is_remarked_where_our_lists_say_another(season, office, people):
    outcome = bring_in(
        season, R.EVALUATION, [(None, "张伟", "工会", 80)], headings=(*WHO, "部门", "评教分数"), by=office
    )
    assert marks(outcome) == ["new; the sheet says 工会, our lists say 图书馆"]


def test_a_figure_finer_than_hundredths_is_rounded_and_said(season, office, people):
    outcome = bring_in(season, R.EVALUATION, [(None, "张伟", 59.996)], headings=(*WHO, "评教分数"), by=office)
    assert marks(outcome) == ["new; 评教分数 59.996 is taken as 60.00"]
    assert EvaluationRow.objects.get().score == Decimal(60)


def test_where_there_are_several_terms_the_row_names_one(season, office, people):
    Term.objects.create(
        campaign=season, code="2009-2010-2", name="2009—2010学年第二学期", starts_on="2010-03-01", ends_on="2010-07-01"
    )
    headings = (*WHO, "学期", "评教分数")
    outcome = bring_in(season, R.EVALUATION, [(None, "张伟", None, 80)], headings=headings, by=office)
    assert places(outcome) == ["Sheet1/2/学期"]
    bring_in(season, R.EVALUATION, [(None, "张伟", "2009-2010学年 第1学期", 80)], headings=headings, by=office)
    assert EvaluationRow.objects.get().term.code == "2009-2010-1"


HEADINGS = (*WHO, "评教分数", "备注")


def test_same_row_twice_in_a_sheet_is_an_error_at_the_second(season, office, people):
    outcome = bring_in(season, R.EVALUATION, [("00123", "张伟", 80), (None, "张伟", 81)], headings=HEADINGS, by=office)
    assert (places(outcome), "Sheet1/2 already" in sentences(outcome)[0]) == (["Sheet1/3/姓名"], True)


def test_known_row_is_corrected_and_what_it_said_is_kept(season, office, people):
    bring_in(season, R.EVALUATION, [(None, "张伟", 80, "初稿")], headings=HEADINGS, by=office)
    row = EvaluationRow.objects.get()
    again = bring_in(season, R.EVALUATION, [("00123", None, 80), ("00201", None, 70)], headings=HEADINGS[:3], by=office)
    assert marks(again) == ["", "new"]
    outcome = bring_in(season, R.EVALUATION, [("00123", None, 90)], headings=HEADINGS[:3], by=office)
    assert marks(outcome) == ["changed; before: 评教分数 80.00"]
    row.refresh_from_db()
    assert (row.score, row.note, row.version) == (Decimal(90), "初稿", 2)
    [change] = outcome.batch.changes
    assert (change["row"], change["before"]["score"], change["after"]["score"]) == (str(row.uuid), "80.00", "90.00")
    assert outcome.written.totals[1:] == [("New", "0"), ("Changed", "1"), ("Unchanged", "0")]


def test_same_content_again_changes_nothing(season, office, people):
    first = bring_in(season, R.EVALUATION, [(None, "张伟", 80)], headings=HEADINGS, by=office)
    again = bring_in(season, R.EVALUATION, [(None, "张 伟", "80分")], headings=HEADINGS, by=office)
    assert (again.standing, ImportBatch.objects.count(), EvaluationRow.objects.get().version) == (first.batch, 1, 1)


def test_excuse_comes_with_the_row(season, office, people):
    headings = (*WHO, "评教分数", "特殊情况", "批准人", "批准日期")
    bring_in(season, R.EVALUATION, [(None, "张伟", 50, "病假", "教务处长", "2009.12.1")], headings=headings, by=office)
    row = EvaluationRow.objects.get()
    assert (row.excused_because, row.excused_by, row.excused_on) == ("病假", "教务处长", date(2009, 12, 1))
    bring_in(season, R.EVALUATION, [(None, "张伟", 51, None, None, None)], headings=headings, by=office)
    row.refresh_from_db()
    assert (row.score, row.is_excused) == (Decimal(51), True)


def test_rows_of_the_keepers_own_department_are_marked(season, people):
    keeper = keeper_of(season, R.EVALUATION, home="图书馆")
    bring_in(season, R.EVALUATION, [(None, "张伟", 80), ("00201", None, 70)], headings=HEADINGS, by=keeper)
    rows = EvaluationRow.objects.order_by("person__number")
    assert [(row.person.number, row.is_own) for row in rows] == [("00123", True), ("00201", False)]


# --- the way back


def test_withdrawn_import_withdraws_what_it_made_and_puts_back_what_it_changed(season, office, people):
    bring_in(season, R.EVALUATION, [(None, "张伟", 80, "初稿")], headings=HEADINGS, by=office)
    batch = bring_in(
        season, R.EVALUATION, [("00123", None, 90, ""), ("00201", None, 70, "")], headings=HEADINGS, by=office
    )
    withdraw_import(batch.batch, by=office, at=NOON, because="拿错了表")
    known, made = EvaluationRow.objects.order_by("person__number")
    assert (known.score, known.note, known.version, known.withdrawn_at) == (Decimal(80), "初稿", 3, None)
    assert (made.withdrawn_because, made.withdrawn_by_id, made.withdrawn_at) == ("拿错了表", office.user_id, NOON)
    assert AuditEntry.objects.filter(act="import.withdraw").count() == 1
    again = bring_in(season, R.EVALUATION, [("00201", None, 75)], headings=HEADINGS[:3], by=office)
    assert marks(again) == ["new"]


@pytest.mark.parametrize("how", ["corrected", "excused"])
def test_import_with_a_row_changed_since_is_not_withdrawn_and_names_it(season, office, people, how):
    rows = [("00201", None, 70), (None, "张伟", 80)]
    batch = bring_in(season, R.EVALUATION, rows, headings=HEADINGS, by=office).batch
    row = EvaluationRow.objects.get(person__number="00123")
    if how == "corrected":
        bring_in(season, R.EVALUATION, [(None, "张伟", 81)], headings=HEADINGS, by=office)
    else:
        excuse_row(row, Excuse("病假", "处长", date(2009, 12, 1)), version=1, by=office, at=NOON)
    with pytest.raises(Refused) as refused:
        withdraw_import(batch, by=office, at=NOON, because="x")
    assert "张伟(00123)" in str(refused.value.sentence)
    assert not EvaluationRow.objects.filter(withdrawn_at__isnull=False).exists()


def test_row_withdrawn_by_hand_does_not_stand_in_the_way(season, office, people):
    batch = bring_in(
        season, R.EVALUATION, [(None, "张伟", 80), ("00201", None, 70)], headings=HEADINGS, by=office
    ).batch
    row = EvaluationRow.objects.get(person__number="00123")
    withdraw_row(row, because="重复", by=office, at=NOON)
    withdraw_import(batch, by=office, at=NOON, because="整表作废")
    because = EvaluationRow.objects.order_by("person__number").values_list("withdrawn_because", flat=True)
    assert list(because) == ["重复", "整表作废"]
