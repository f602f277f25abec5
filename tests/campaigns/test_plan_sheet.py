"""The Excel template of a plan: what it holds, and what is said of a sheet that will not do."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from campaigns.exports.plan_template import make_plan_template
from campaigns.imports.plan_sheet import ITEM_COLUMNS, read_plan_sheet
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.plan_readings import plan_on_table
from qualityseason.errors import Refused
from tests.campaigns.writing_working import make_duty, make_item, make_plan, make_writer
from tests.factories import department

HEADINGS = tuple(column.heading for column in ITEM_COLUMNS)
ITEM = ("开馆", "两班轮值", "98小时", "满意", "奖50元", "与团委商定")


@pytest.fixture
def writer(season):
    return make_writer(season)


@pytest.fixture
def plan(season, writer):
    return make_plan(season, writer)


@pytest.fixture
def table(plan, season):
    make_duty(season, number="1", text="做好开馆工作")
    return plan_on_table(plan)


def read(table, season, *sheets):
    """Read a workbook of sheets, each (title, headings, rows)."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, headings, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in (headings, *rows):
            sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return read_plan_sheet(file, table=table, book=DepartmentBook(season))


def places(found):
    return [problem.place for problem in found.problems]


def test_template_holds_the_plan_and_text_that_stays_text(plan, season, writer):
    duty = make_duty(season, number="1", text="做好开馆工作")
    make_item(
        plan,
        writer,
        "开馆",
        measure="=1+1",
        due="2009-11-30",
        duties=(duty,),
        cooperating=(department(season, "团委"),),
    )
    workbook = load_workbook(io.BytesIO(make_plan_template(plan_on_table(plan))))
    assert workbook.sheetnames == ["方案正文", "实施条目", "职责与部门", "说明"]
    row = {head.value: cell for head, cell in zip(workbook["实施条目"][1], workbook["实施条目"][2], strict=True)}
    assert (row["举措"].value, row["举措"].data_type) == ("=1+1", "s")
    assert [row[name].value for name in ("条目", "对应职责", "配合部门", "完成时间")] == [
        "开馆",
        "1",
        "团委",
        "2009-11-30",
    ]
    assert [cell.value for cell in workbook["方案正文"]["A"][1:5]] == [part.title for part in plan.parts.all()]
    assert workbook["职责与部门"]["A2"].value == "1 做好开馆工作"


def test_template_is_read_back_word_for_word(plan, season, writer):
    make_item(plan, writer, "开馆", measure="一\n二", standard="1、甲", due="每周一")
    found_table = plan_on_table(plan)
    file = io.BytesIO(make_plan_template(found_table))
    found = read_plan_sheet(file, table=found_table, book=DepartmentBook(season))
    assert found.problems == ()
    [item] = found.items
    assert (item.title, item.measure, item.standard, item.due) == ("开馆", "一\n二", "1、甲", "每周一")
    assert item.uuid == str(plan.items.get().uuid)
    assert [part.code for part in found.parts] == [part.code for part in plan.parts.all()]


def test_items_alone_are_taken_and_other_headings_understood(table, season):
    headings = ("实施条目名称", "措施", "工作标准", "预期效果", "奖惩办法", "服务、协调、配合", "对应岗位职责")
    found = read(table, season, ("Sheet1", headings, [(*ITEM, 1)]))
    assert (found.problems, found.parts) == ((), ())
    [item] = found.items
    assert (item.measure, item.service, item.duties) == ("两班轮值", "与团委商定", "1")


@pytest.mark.parametrize(
    ("headings", "named"),
    [(("条目", "举措", "标准", "效果", "奖惩"), "主动服务协调配合"), (("甲", "乙"), "条目")],
)
def test_missing_columns_are_named(table, season, headings, named):
    found = read(table, season, ("实施条目", headings, [("a",) * len(headings)]))
    assert found.items == ()
    assert any(named in problem.sentence for problem in found.problems)


def test_workbook_with_nothing_of_ours_says_so(table, season):
    found = read(table, season, ("Sheet1", ("甲", "乙"), [("a", "b")]))
    assert found.problems
    assert found.says_nothing


def test_each_cell_that_will_not_do_is_named(table, season):
    rows = [
        (*ITEM, "1、9", "团委、校医院", "张", "2009年13月1日", "", "不是标识"),
        ("", *ITEM[1:], "", "", "李" * 101, "", "", ""),
    ]
    found = read(
        table, season, ("实施条目", HEADINGS, rows), ("方案正文", ("部分", "正文"), [("甲", "a"), ("甲 ", "b")])
    )
    assert sorted(places(found)) == sorted(
        [
            *("实施条目/2/对应职责", "实施条目/2/配合部门", "实施条目/2/完成时间", "实施条目/2/标识"),
            *("实施条目/3/条目", "实施条目/3/责任人", "方案正文/3/部分"),
        ]
    )


def test_too_many_rows_are_refused_with_a_remedy(table, season):
    with pytest.raises(Refused) as refused:
        read(table, season, ("实施条目", HEADINGS[:6], [ITEM] * 500))
    assert (refused.value.refusal_code, refused.value.field) == ("too_many_rows", "files")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"no sheet"])
def test_file_that_is_no_workbook_is_refused(table, season, content):
    with pytest.raises(Refused) as refused:
        read_plan_sheet(io.BytesIO(content), table=table, book=DepartmentBook(season))
    assert refused.value.field == "files"
