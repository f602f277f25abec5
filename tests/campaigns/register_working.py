"""What the tests of registers and of column matching share."""

import io

from openpyxl import Workbook, load_workbook

from campaigns import hooks
from campaigns.enums import RegisterCode
from campaigns.imports.sheet import read_sheets
from campaigns.models import Responsibility, Term
from campaigns.services.imports import Upload, import_at_once
from tests.campaigns.people_working import actor_of, make_member
from tests.factories import NOON, department
from tests.sheets import file_of, make_sheet

E, W, C = RegisterCode.EVALUATION, RegisterCode.WORKLOAD, RegisterCode.CLASS_ATTENDANCE
EVALUATION_HEADINGS = ("工号", "姓名", "部门", "学期", "评教分数", "备注")


def make_keeper(season, code, home="教务处", *, role="STAFF", username="keeper"):
    """Return a user of a department that keeps a register."""
    user = make_member(season, role, home, username=username, name="台账员")
    Responsibility.objects.get_or_create(
        campaign=season, code=RegisterCode(code).responsibility, department=department(season, home), user=None
    )
    return user


def keeper_of(season, code, **values):
    """Return the actor of a new keeper."""
    return actor_of(make_keeper(season, code, **values), season)


def bring_in(season, code, rows, *, by, headings=EVALUATION_HEADINGS, at=NOON, layouts=None, **options):
    """Return what bringing in rows under these headings did."""
    kind = RegisterCode(code).responsibility
    file = make_sheet(*rows, headings=headings)
    content = read_sheets(file, hooks.import_kinds[kind].columns, layouts=layouts or {})
    return import_at_once(season, kind, content, upload=Upload([file.getvalue()], "台账.xlsx"), by=by, at=at, **options)


def places(outcome):
    """Return where the errors are."""
    return [error.place for error in outcome.errors]


def sentences(outcome):
    """Return what the errors say."""
    return [error.sentence for error in outcome.errors]


def marks(outcome):
    """Return the remarks on the rows as understood."""
    return [row.mark for row in outcome.written.shown]


def the_term(season):
    """Return the season's term."""
    return Term.objects.get(campaign=season)


def rows_of(answer):
    """Return the rows of the first sheet of a workbook that was sent."""
    body = answer.content if hasattr(answer, "content") else b"".join(answer.streaming_content)
    return [list(row) for row in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)]


def office_sheet(*rows):
    """Return an evaluation sheet as the teaching office keeps it: a title, merged headings, columns of its own."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "评教结果"
    sheet.append(["2009年下学期学生评教结果汇总"])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", "教师情况", None, "学生评教", None, "说明"])
    sheet.append([None, "教师大名", "教工编码", "评教得分", "名次", None])
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:E2")
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("F2:F3")
    for row in rows:
        sheet.append(list(row))
    return file_of(workbook)
