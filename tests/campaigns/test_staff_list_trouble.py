"""A staff list as it comes from 组织人事处 with its usual troubles: each is named at its cell, with the remedy."""

import pytest
from django.utils import translation

from campaigns import hooks
from campaigns.enums import ImportKind, Role
from campaigns.imports.sheet import read_sheets
from campaigns.models import StaffMember
from campaigns.services.imports import Upload, import_at_once
from tests.factories import NOON, make_actor, make_person
from tests.sheets import STAFF_HEADINGS, make_sheet

ZHANG = ("00123", "张伟", "专职教师", "图书馆", None, None)


@pytest.fixture
def bring_in(season, portal_files):
    office = make_actor(season, Role.OFFICE)

    def run(*rows):
        file = make_sheet(*rows, headings=STAFF_HEADINGS)
        content = read_sheets(file, hooks.import_kinds[ImportKind.STAFF].columns)
        upload = Upload([file.getvalue()], "staff.xlsx")
        return import_at_once(season, ImportKind.STAFF, content, upload=upload, by=office, at=NOON)

    with translation.override("en"):
        yield run


@pytest.mark.parametrize(
    ("row", "place", "remedy"),
    [
        (("00123", "李敏", "专职教师", "图书馆", None, None), "Sheet1/3/工号", "correct or delete a row"),
        (("００１２３", "李敏", "专职教师", "图书馆", None, None), "Sheet1/3/工号", "correct or delete a row"),
        (("00124", "李敏", "专职教师", "图书管", None, None), "Sheet1/3/部门", "the departments page shows"),
        ((124, "李敏", "专职教师", "图书馆", None, None), "Sheet1/3/工号", "Set the column to text"),
    ],
)
def test_trouble_is_named_with_the_remedy_and_nothing_is_written(bring_in, row, place, remedy):
    [error] = bring_in(ZHANG, row).errors
    assert error.place == place
    assert remedy in error.sentence
    assert not StaffMember.objects.exists()


def test_number_shown_with_its_zeros_keeps_them(season, bring_in):
    from campaigns.imports.sheet import read_sheets
    from tests.sheets import file_of, make_workbook

    workbook = make_workbook((123, *ZHANG[1:]), headings=STAFF_HEADINGS)
    workbook.active["A2"].number_format = "00000"
    content = read_sheets(file_of(workbook), hooks.import_kinds[ImportKind.STAFF].columns)
    assert [row.cells["number"] for row in content.rows] == ["00123"]


def test_two_people_of_one_name_are_two_people_and_marked(season, bring_in):
    make_person(season, "张 伟", number="00100", home="工会")
    outcome = bring_in(ZHANG, ("00124", "张伟", "外聘教师", "教务处", None, None), ("00125", "李敏", *ZHANG[2:]))
    assert outcome.errors == []
    assert [row.mark for row in outcome.written.shown] == [
        "new; same name as 00100、00124",
        "new; same name as 00100、00123",
        "new",
    ]
    assert outcome.written.totals == [("Rows", "3"), ("New", "3"), ("Changed", "0"), ("Unchanged", "0")]
    assert StaffMember.objects.filter(squeezed_name="张伟").count() == 3
