"""The demo's registers: sheets as their keepers bring them in, from the staff list, the classes and the dice."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook

from campaigns import hooks
from campaigns.enums import TEACHING_KINDS, DepartmentKind, RegisterCode, StaffCategory
from campaigns.facts import Cell, SheetContent, SheetRow
from campaigns.models import Department, Posting, StaffMember, StudentClass
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.imports import Upload, import_at_once

SHEET = "Sheet1"
TEACHERS = (StaffCategory.FULL_TIME, StaffCategory.PART_TIME, StaffCategory.EXTERNAL)
Cells = dict[str, Cell]
WEEK = timedelta(days=7)


def keep_registers(paperwork: Paperwork) -> None:
    """Let each keeper bring in the sheet of the term so far."""
    people = _people(paperwork)
    teachers = [(person, place) for person, place in people if person.category in TEACHERS]
    sheets: dict[RegisterCode, Iterable[Cells]] = {
        RegisterCode.WORKLOAD: _workload(paperwork, teachers),
        RegisterCode.EVALUATION: _evaluation(paperwork, teachers),
        RegisterCode.CLASS_ATTENDANCE: _class_attendance(paperwork),
        RegisterCode.OBSERVATION: _observation(paperwork, teachers),
        RegisterCode.DUTY_ROSTER: _duty_roster(paperwork, people),
        RegisterCode.RESEARCH_MEETING: _research_meetings(paperwork, teachers),
        RegisterCode.LESSON_PLAN: _lesson_plans(paperwork, teachers),
        RegisterCode.VIOLATION: _violations(paperwork, people),
    }
    for code, rows in sheets.items():
        day = _days(paperwork)["brought_in"][code.value]
        _bring_in(paperwork, code, list(rows), at=paperwork.moment(day, 15))


def _days(paperwork: Paperwork) -> dict[str, Any]:
    found: dict[str, Any] = paperwork.data["registers"]["days"]
    return found


def _people(paperwork: Paperwork) -> list[tuple[StaffMember, Department]]:
    """Return everybody with the department of the term's end."""
    rows = (
        Posting.objects.filter(campaign=paperwork.campaign)
        .current(on=_days(paperwork)["last"])
        .select_related("staff_member")
    )
    places = {each.pk: each for each in paperwork.departments}
    return [(row.staff_member, places[row.department_id]) for row in rows.order_by("staff_member__number")]


def _bring_in(paperwork: Paperwork, code: RegisterCode, rows: list[Cells], *, at: datetime) -> None:
    kind = code.responsibility
    headings = [column.heading for column in hooks.import_kinds[kind].columns]
    keys = [column.key for column in hooks.import_kinds[kind].columns]
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(key) for key in keys])
    file = io.BytesIO()
    workbook.save(file)
    content = SheetContent(tuple(SheetRow(SHEET, number, row) for number, row in enumerate(rows, start=2)), errors=())
    keeper = next(each for each in paperwork.departments if each.name == paperwork.data["keepers"][kind][0])
    upload = Upload([file.getvalue()], f"{RegisterCode(code).label}.xlsx")
    outcome = import_at_once(paperwork.campaign, kind, content, upload=upload, by=paperwork.liaison(keeper), at=at)
    if outcome.errors:
        raise ValueError(f"{kind}: {outcome.errors[0]}")


def _named(person: StaffMember) -> Cells:
    return {"number": person.number, "name": person.name}


def _workload(paperwork: Paperwork, teachers: list[tuple[StaffMember, Department]]) -> Iterable[Cells]:
    for number, (person, _place) in enumerate(teachers):
        if person.category == StaffCategory.EXTERNAL:
            continue
        required = 160 if person.category == StaffCategory.FULL_TIME else 48
        done = required + paperwork.rng.choice([0, 2, 4, 8, 12]) if number % 23 else required - 14
        yield _named(person) | {"required": required, "done": done, "lectures": 2 if number % 9 == 0 else 0}


def _evaluation(paperwork: Paperwork, teachers: list[tuple[StaffMember, Department]]) -> Iterable[Cells]:
    for number, (person, _place) in enumerate(teachers):
        score = 58.5 if number % 41 == 11 else round(paperwork.rng.uniform(72, 96), 1)
        yield _named(person) | {"score": 60 if number == 30 else score}


def _class_attendance(paperwork: Paperwork) -> Iterable[Cells]:
    for place, group in enumerate(StudentClass.objects.filter(campaign=paperwork.campaign).order_by("name")):
        day, week = _days(paperwork)["first_lesson"], 0
        while day <= _days(paperwork)["last_lesson"]:
            low = paperwork.data["registers"]["low_classes"].get(str(place), [])
            rate = round(paperwork.rng.uniform(82, 100), 1)
            rate = low[week - 3] if 3 <= week < 3 + len(low) else rate
            yield {"student_class": group.name, "happened_on": day, "lesson": "1-2节", "rate": rate}
            day, week = day + WEEK, week + 1


def _observation(paperwork: Paperwork, teachers: list[tuple[StaffMember, Department]]) -> Iterable[Cells]:
    for number, (person, _place) in enumerate(teachers):
        if person.category == StaffCategory.FULL_TIME:
            done = 5 if number % 29 == 4 else 8 + paperwork.rng.randint(0, 4)
            yield _named(person) | {"required": 8, "done": done, "by_inspectors": number % 3}


def _duty_roster(paperwork: Paperwork, people: list[tuple[StaffMember, Department]]) -> Iterable[Cells]:
    by_place: dict[int, list[StaffMember]] = {}
    for person, place in people:
        by_place.setdefault(place.pk, []).append(person)
    for place in paperwork.departments:
        missing = paperwork.data["registers"]["missed_duties"].get(place.name, {})
        if place.kind != DepartmentKind.ADMINISTRATIVE and not missing:
            continue
        day = _days(paperwork)["first_duty"]
        for number in range(7):
            person = by_place[place.pk][number % len(by_place[place.pk])]
            because = missing.get(str(number))
            yield (
                _named(person)
                | {
                    "organiser": place.name,
                    "happened_on": day + timedelta(days=place.order % 5),
                    "shift": "晚班",
                    "missed": "正常" if because is None else "缺岗",
                }
                | _excuse(because, day)
            )
            day += WEEK


def _research_meetings(paperwork: Paperwork, teachers: list[tuple[StaffMember, Department]]) -> Iterable[Cells]:
    for place in paperwork.departments:
        if place.kind not in TEACHING_KINDS:
            continue
        members = [person for person, home in teachers if home.pk == place.pk]
        for month, day in enumerate(_days(paperwork)["meetings"]):
            for number, person in enumerate(members):
                is_external = person.category == StaffCategory.EXTERNAL
                away = is_external or (number == 2 and place.order % 4 == month)
                row: dict[str, Any] = {
                    "organiser": place.name,
                    "happened_on": day,
                    "topic": "课程建设" if month else "期中教学分析",
                    "attended": "否" if away else "是",
                }
                if is_external and place.order % 5:
                    row["informed_on"] = day + timedelta(days=2)
                yield _named(person) | row
    for host, home, topic, day in paperwork.data["registers"]["guests_away"]:
        person = next(one for one, place in teachers if place.name == home and one.category == StaffCategory.PART_TIME)
        yield _named(person) | {"organiser": host, "happened_on": day, "topic": topic, "attended": "否"}


def _excuse(because: str | None, day: date) -> Cells:
    """Return the cells of an excuse, none where no reason is given."""
    reason, _mark, approver = (because or "").partition("|")
    return {"excused_because": reason, "excused_by": approver, "excused_on": day} if reason else {}


def _lesson_plans(paperwork: Paperwork, teachers: list[tuple[StaffMember, Department]]) -> Iterable[Cells]:
    for number, (person, place) in enumerate(teachers):
        if place.kind not in TEACHING_KINDS:
            continue
        is_reformed, lacks = number % 7 == 0, number % 37 == 5
        yield _named(person) | {
            "organiser": place.name,
            "happened_on": _days(paperwork)["lesson_plans"],
            "course": "专业课" if place.kind == DepartmentKind.SPECIALTY else "公共课",
            "is_reformed": "是" if is_reformed else "否",
            "has_paper": "否" if lacks else "是",
            "has_overall_design": "是" if is_reformed else "",
            "has_unit_design": "是" if is_reformed else "",
            "has_material": "是" if is_reformed and number % 2 else "",
        }


def _violations(paperwork: Paperwork, people: list[tuple[StaffMember, Department]]) -> Iterable[Cells]:
    for name, number, kind, day, facts, consequence, since in paperwork.data["registers"]["violations"]:
        members = [person for person, place in people if place.name == name]
        yield _named(members[number]) | {
            "happened_on": day,
            "kind": kind,
            "facts": facts,
            "consequence": consequence or None,
            "consequence_on": since or None,
        }
