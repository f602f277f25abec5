"""Lists of accounts: who logs in, as what, for which department, with which responsibilities and interests."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.enums import DEPARTMENT_ROLES, ImportKind, ResponsibilityCode, Role
from campaigns.facts import Column, SheetError, SheetRow, UnderstoodRow
from campaigns.hooks import ImportKindSpec
from campaigns.imports.values import RowReader
from campaigns.models import Campaign, Department
from campaigns.queries.departments import DepartmentBook
from campaigns.services.account_sheets import AccountRow, withdraw_accounts, write_accounts
from campaigns.services.staff import MAXIMUM_NAME, MAXIMUM_NUMBER
from qualityseason.text import squeeze

COLUMNS = (
    Column(
        "login",
        "登录名",
        aliases=("用户名", "账号"),
        as_text=True,
        hint=gettext_lazy("2 to 64 letters, digits or . @ + - _; the same login may stand in several rows."),
        example="zhangwei",
    ),
    Column("name", "姓名", hint=gettext_lazy("The person's name."), example="张伟"),
    Column(
        "number",
        "工号",
        aliases=("职工号", "教工号", "教职工号"),
        as_text=True,
        hint=gettext_lazy("May stay empty; links the account to the staff list. Set the column to text."),
        example="00123",
    ),
    Column("roles", "身份", hint=gettext_lazy("One or several, parted by a comma."), example="考核小组成员"),
    Column(
        "department",
        "部门",
        hint=gettext_lazy("Needed for heads and liaisons; for others the department they belong to, if any."),
    ),
    Column(
        "tasks",
        "职能",
        optional=True,
        hint=gettext_lazy("Responsibilities, parted by a comma; may stay empty."),
    ),
    Column(
        "interests",
        "回避部门",
        optional=True,
        hint=gettext_lazy("Departments the person has an interest in, parted by a comma; may stay empty."),
    ),
    Column(
        "email",
        "电子邮箱",
        aliases=("邮箱", "电子邮件", "E-mail"),
        optional=True,
        hint=gettext_lazy("Where reminders are mailed to; may stay empty, and then changes nothing."),
        example="zhangwei@example.cn",
    ),
)
ROLES = {
    "部门负责人": Role.HEAD,
    "负责人": Role.HEAD,
    "联络员": Role.STAFF,
    "部门联络员": Role.STAFF,
    "考核小组成员": Role.ASSESSOR,
    "考核小组组长": Role.TEAM_LEAD,
    "活动办公室": Role.OFFICE,
    "领导小组": Role.LEADERSHIP,
}
TASKS = {
    "电子稿接收": ResponsibilityCode.ELECTRONIC_RECEIVER,
    "纸质稿接收": ResponsibilityCode.PAPER_RECEIVER,
    "工作量台账": ResponsibilityCode.WORKLOAD_KEEPER,
    "学生评教台账": ResponsibilityCode.EVALUATION_KEEPER,
    "到课率台账": ResponsibilityCode.CLASS_ATTENDANCE_KEEPER,
    "听评课台账": ResponsibilityCode.OBSERVATION_KEEPER,
    "值班台账": ResponsibilityCode.DUTY_ROSTER_KEEPER,
    "教研活动台账": ResponsibilityCode.RESEARCH_MEETING_KEEPER,
    "教案检查台账": ResponsibilityCode.LESSON_PLAN_KEEPER,
    "严重违规台账": ResponsibilityCode.VIOLATION_KEEPER,
    "方案评委": ResponsibilityCode.CONTEST_JUDGE,
}
MAXIMUM_LOGIN, MAXIMUM_EMAIL = 64, 254
MAXIMUM_ACCOUNTS = 1_500  # rows; each new account is made and written into the log by itself


def understand(campaign: Campaign, rows: Sequence[SheetRow]) -> tuple[list[UnderstoodRow], list[SheetError]]:
    """Return the rows in our terms and the errors of single cells. One query."""
    book = DepartmentBook(campaign)
    understood: list[UnderstoodRow] = []
    errors: list[SheetError] = []
    people = _People()
    for row in rows:
        reader = RowReader(row, COLUMNS)
        values = _values(reader, book)
        people.check(values, reader)
        errors += reader.errors
        if reader.is_sound:
            understood.append(UnderstoodRow(row, values, canonical(values)))
    return understood, errors


def canonical(values: AccountRow) -> tuple[str, ...]:
    """Return what is the same for every spelling of the same row."""
    return (
        values.login.casefold(),
        squeeze(values.name),
        values.number,
        ",".join(sorted(role.value for role in values.roles)),
        values.department.name if values.department else "",
        ",".join(sorted(values.tasks)),
        ",".join(sorted(department.name for department in values.interests)),
        values.email,
    )


class _People:
    """One login is one person, and one staff number one login, throughout a sheet."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._logins: dict[str, str] = {}

    def check(self, values: AccountRow, reader: RowReader) -> None:
        """Note what contradicts an earlier row."""
        login, name = values.login.casefold(), squeeze(values.name)
        if login and self._names.setdefault(login, name) != name:
            reader.refuse("name", _("An earlier row gives this login to somebody else."))
        if values.number and self._logins.setdefault(values.number, login) != login:
            reader.refuse("number", _("An earlier row gives this staff number to another login."))


def _values(reader: RowReader, book: DepartmentBook) -> AccountRow:
    login = reader.text("login", maximum=MAXIMUM_LOGIN)
    name = reader.text("name", maximum=MAXIMUM_NAME)
    number = reader.text("number", maximum=MAXIMUM_NUMBER, required=False)
    roles = _roles(reader)
    department = reader.department("department", book, required=False)
    if reader.row.cells.get("department") is None and not DEPARTMENT_ROLES.isdisjoint(roles):
        reader.refuse("department", _("Heads and liaisons need their department."))
    tasks = _tasks(reader)
    interests = tuple(reader.departments("interests", book))
    email = reader.text("email", maximum=MAXIMUM_EMAIL, required=False)
    return AccountRow(login, name, number, roles, department, tasks, interests, email)


def _roles(reader: RowReader) -> tuple[Role, ...]:
    words = reader.parts("roles")
    if not words and not reader.errors_at("roles"):
        reader.refuse("roles", _("This cell is empty."))
    found: dict[Role, None] = {}
    for word in words:
        role = ROLES.get(squeeze(word))
        if role is None:
            reader.refuse(
                "roles",
                _("%(word)s is no role; there are %(known)s.") % {"word": word, "known": "、".join(ROLES)},
            )
        else:
            found[role] = None
    return tuple(found)


def _tasks(reader: RowReader) -> tuple[str, ...]:
    known = {squeeze(word): code.value for word, code in TASKS.items()}
    known |= {squeeze(code.label): code.value for code in ResponsibilityCode}
    known |= {code.value: code.value for code in ResponsibilityCode}
    found: dict[str, None] = {}
    for word in reader.parts("tasks"):
        code = known.get(squeeze(word))
        if code is None:
            reader.refuse(
                "tasks",
                _("%(word)s is no responsibility; there are %(known)s.") % {"word": word, "known": "、".join(TASKS)},
            )
        else:
            found[code] = None
    return tuple(found)


def examples(campaign: Campaign) -> dict[str, str]:
    """Return a department of the campaign."""
    department = Department.objects.filter(campaign=campaign).first()
    return {"interests": department.name if department else ""}


SPEC = ImportKindSpec(
    kind=ImportKind.ACCOUNTS,
    columns=COLUMNS,
    shown=tuple(column.heading for column in COLUMNS),
    understand=understand,
    write=write_accounts,
    withdraw=withdraw_accounts,
    maximum_rows=MAXIMUM_ACCOUNTS,
    examples=examples,
)
