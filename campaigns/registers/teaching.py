"""The registers of single days: attendance of classes, duty rosters, meetings, lesson plans, violations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import RegisterCode, StaffCategory
from campaigns.models import (
    Campaign,
    ClassAttendanceRow,
    Department,
    DutyRosterRow,
    LessonPlanRow,
    ResearchMeetingRow,
    ViolationRow,
)
from campaigns.registers.spec import NOTE, Judgement, Reading, RegisterColumn, RegisterSpec, day, organiser, person

YES_OR_EMPTY = gettext_lazy("Yes or no; empty means no.")


def kinds_of_violation(campaign: Campaign, department: Department | None) -> Sequence[str]:
    """Return the kinds the season knows for the block of the department, or for all blocks."""
    by_block: dict[str, list[str]] = campaign.lists.get("violations", {})
    if department is not None:
        return by_block.get(department.block.code, [])
    return list(dict.fromkeys(kind for kinds in by_block.values() for kind in kinds))


def _informing_follows(values: Mapping[str, Any]) -> Judgement:
    if values["informed_on"] is None:
        return
    if values["attended"]:
        yield "informed_on", _("Whoever attended need not be informed: leave one of the two empty.")
    elif values["person"].category != StaffCategory.EXTERNAL:
        sentence = _("%(person)s is no external teacher by the staff list; only those are informed instead of coming.")
        yield "informed_on", sentence % {"person": str(values["person"])}
    elif values["informed_on"] < values["happened_on"]:
        words = {"day": values["informed_on"].isoformat(), "meeting": values["happened_on"].isoformat()}
        yield "informed_on", _("%(day)s is before the meeting of %(meeting)s.") % words


def _consequence_follows(values: Mapping[str, Any]) -> Judgement:
    if values["consequence_on"] is None:
        return
    if not values["consequence"]:
        yield "consequence_on", _("Say which consequence there was, or leave this day empty.")
    elif values["consequence_on"] < values["happened_on"]:
        words = {"day": values["consequence_on"].isoformat(), "violation": values["happened_on"].isoformat()}
        yield "consequence_on", _("%(day)s is before the violation of %(violation)s.") % words


CLASS_ATTENDANCE = RegisterSpec(
    code=RegisterCode.CLASS_ATTENDANCE,
    model=ClassAttendanceRow,
    columns=(
        RegisterColumn(
            "student_class",
            gettext_lazy("Class"),
            "班级",
            Reading.STUDENT_CLASS,
            aliases=("班级名称", "班名"),
            hint=gettext_lazy("The class by its name, as on the classes page."),
        ),
        day(gettext_lazy("Day"), "日期", aliases=("上课日期", "检查日期")),
        RegisterColumn(
            "lesson",
            gettext_lazy("Lesson"),
            "节次",
            Reading.TEXT,
            aliases=("课次", "课程节次"),
            required=False,
            maximum=40,
            hint=gettext_lazy("Which lesson of the day; tells several checks of one day apart."),
            example="1-2节",
            default="",
        ),
        RegisterColumn(
            "rate",
            gettext_lazy("Rate"),
            "到课率",
            Reading.PER_CENT,
            aliases=("出勤率", "到课率(%)"),
            maximum=100,
            hint=gettext_lazy("From 0 to 100 per cent: 85, 85% and a cell shown as 85% are one."),
            example="92.5%",
        ),
        NOTE,
    ),
    key=("student_class", "happened_on", "lesson"),
    lowest="rate",
)
DUTY_ROSTER = RegisterSpec(
    code=RegisterCode.DUTY_ROSTER,
    model=DutyRosterRow,
    columns=(
        person(gettext_lazy("On duty")),
        organiser(gettext_lazy("Roster of"), "值班部门", aliases=("排班部门",)),
        day(gettext_lazy("Day"), "值班日期", aliases=("日期",)),
        RegisterColumn(
            "shift",
            gettext_lazy("Shift"),
            "班次",
            Reading.TEXT,
            aliases=("值班时段", "时段", "值班时间"),
            required=False,
            maximum=40,
            hint=gettext_lazy("Which shift of the day, if there are several."),
            example="晚班",
            default="",
        ),
        RegisterColumn(
            "missed",
            gettext_lazy("Missed"),
            "缺岗",
            Reading.TRUTH,
            aliases=("是否缺岗", "未到岗", "值班情况"),
            required=False,
            hint=YES_OR_EMPTY,
            example="否",
            yes=("缺岗", "未到岗", "未值班", "缺勤", "脱岗"),
            no=("正常", "到岗", "已到岗", "在岗", "已值班"),
            default=False,
        ),
        NOTE,
    ),
    key=("person", "organiser", "happened_on", "shift"),
    striking=Q(missed=True),
    striking_label=gettext_lazy("missed"),
    may_lie_ahead=True,
)
RESEARCH_MEETING = RegisterSpec(
    code=RegisterCode.RESEARCH_MEETING,
    model=ResearchMeetingRow,
    columns=(
        person(gettext_lazy("Teacher")),
        organiser(gettext_lazy("Meeting of"), "组织部门", aliases=("组织系部", "教研室所属系部")),
        day(gettext_lazy("Day"), "活动日期", aliases=("日期", "教研活动日期")),
        RegisterColumn(
            "topic",
            gettext_lazy("Topic"),
            "活动主题",
            Reading.TEXT,
            aliases=("主题", "教研主题"),
            required=False,
            maximum=100,
            hint=gettext_lazy("What the meeting was about; tells several of one day apart."),
            example="课程建设",
            default="",
        ),
        RegisterColumn(
            "attended",
            gettext_lazy("Attended"),
            "到会",
            Reading.TRUTH,
            aliases=("是否到会", "是否参加", "参加", "出席", "出勤"),
            hint=gettext_lazy("Yes or no."),
            example="是",
            yes=("到会", "参加", "出席", "已到", "到"),
            no=("缺席", "未到", "未参加", "未到会", "缺"),
        ),
        RegisterColumn(
            "informed_on",
            gettext_lazy("Informed on"),
            "通知日期",
            Reading.DAY,
            aliases=("告知日期", "传达日期"),
            required=False,
            hint=gettext_lazy("For an external teacher who could not come: when told what it came to."),
        ),
        NOTE,
    ),
    key=("person", "organiser", "happened_on", "topic"),
    striking=Q(attended=False),
    striking_label=gettext_lazy("not attended"),
    judge=_informing_follows,
)
LESSON_PLAN = RegisterSpec(
    code=RegisterCode.LESSON_PLAN,
    model=LessonPlanRow,
    columns=(
        person(gettext_lazy("Teacher")),
        organiser(gettext_lazy("Checked by"), "检查部门", aliases=("检查系部",)),
        day(gettext_lazy("Day"), "检查日期", aliases=("日期",)),
        RegisterColumn(
            "course",
            gettext_lazy("Course"),
            "课程",
            Reading.TEXT,
            aliases=("课程名称", "任教课程"),
            required=False,
            maximum=100,
            hint=gettext_lazy("Which course the plan is for."),
            example="基础会计",
            default="",
        ),
        *(
            RegisterColumn(
                key, label, heading, Reading.TRUTH, aliases, required=False, hint=YES_OR_EMPTY, default=False
            )
            for key, label, heading, aliases in (
                ("is_reformed", gettext_lazy("Reformed course"), "课改课程", ("是否课改", "课改")),
                ("has_paper", gettext_lazy("Plan on paper"), "纸质教案", ("教案",)),
                ("has_overall_design", gettext_lazy("Overall design"), "整体设计", ()),
                ("has_unit_design", gettext_lazy("Unit design"), "单元设计", ()),
                ("has_material", gettext_lazy("Teaching material"), "教学素材", ("教学用素材", "素材")),
            )
        ),
        NOTE,
    ),
    key=("person", "happened_on", "course"),
    striking=Q(is_reformed=False, has_paper=False)
    | Q(is_reformed=True) & (Q(has_overall_design=False) | Q(has_unit_design=False) | Q(has_material=False)),
    striking_label=gettext_lazy("not complete"),
)
VIOLATION = RegisterSpec(
    code=RegisterCode.VIOLATION,
    model=ViolationRow,
    columns=(
        person(gettext_lazy("Person")),
        day(gettext_lazy("Day"), "发生日期", aliases=("日期", "违规日期")),
        RegisterColumn(
            "kind",
            gettext_lazy("Kind"),
            "违规种类",
            Reading.CHOICE,
            aliases=("违规类别", "违规类型", "种类", "类别"),
            maximum=40,
            hint=gettext_lazy("One of the kinds the season names for the block of the person's department."),
            choices=kinds_of_violation,
        ),
        RegisterColumn(
            "facts",
            gettext_lazy("Facts"),
            "事实",
            Reading.TEXT,
            aliases=("违规事实", "情况说明", "事由"),
            required=False,
            maximum=300,
            default="",
        ),
        RegisterColumn(
            "consequence",
            gettext_lazy("Economic consequence"),
            "经济处理",
            Reading.TEXT,
            aliases=("处理结果", "经济处罚", "扣发情况"),
            required=False,
            maximum=300,
            hint=gettext_lazy("What it cost the person; empty where nothing followed."),
            default="",
        ),
        RegisterColumn(
            "consequence_on",
            gettext_lazy("Consequence since"),
            "处理日期",
            Reading.DAY,
            required=False,
            hint=gettext_lazy("The day of the consequence."),
        ),
        NOTE,
    ),
    key=("person", "happened_on", "kind"),
    striking=Q(consequence=""),
    striking_label=gettext_lazy("no consequence"),
    judge=_consequence_follows,
)
