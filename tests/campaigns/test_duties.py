"""Duties: brought in by sheet and taken back, and the page that shows them."""

import pytest
from django.utils import translation

from campaigns import hooks
from campaigns.enums import ImportKind, Role
from campaigns.imports.sheet import read_sheets
from campaigns.models import Duty, ImportBatch, PlanItem, Proposal
from campaigns.queries.plan_content import content_of
from campaigns.services.duties import add_duty, change_duty, end_duty
from campaigns.services.imports import Upload, import_at_once, withdraw_import
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.people_working import make_duty, make_version, on, signed_in, url
from tests.factories import NOON, department, make_actor
from tests.sheets import make_sheet

HEADINGS = ("部门", "编号", "职责", "来源", "样例")
READING = ("图书馆", "1", "读者服务", "24号", None)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


@pytest.fixture
def bring_in(season, office, portal_files):
    def run(*rows, headings=HEADINGS, **options):
        file = make_sheet(*rows, headings=headings)
        content = read_sheets(file, hooks.import_kinds[ImportKind.DUTIES].columns)
        upload = Upload([file.getvalue()], "duties.xlsx")
        with translation.override("en"):
            return import_at_once(season, ImportKind.DUTIES, content, upload=upload, by=office, at=NOON, **options)

    return run


def duties():
    return [(d.department.name, d.number, d.text, d.source, d.is_sample) for d in Duty.objects.order_by("pk")]


# --- by sheet


def test_duties_of_all_departments_are_brought_in_at_once(bring_in):
    outcome = bring_in(
        READING,
        ("图书馆", 2, "资料建设", None, "是"),
        ("学生处", "（1）", "学生管理", None, "否"),
    )
    assert outcome.errors == []
    assert duties() == [
        ("图书馆", "1", "读者服务", "24号", False),
        ("图书馆", "2", "资料建设", "", True),
        ("学生工作处", "(1)", "学生管理", "", False),
    ]
    assert outcome.written.totals == [("Rows", "3"), ("New", "3"), ("Changed", "0"), ("Unchanged", "0")]


def test_columns_source_and_sample_may_be_left_out(bring_in):
    assert bring_in(("图书馆", "1", "读者服务"), headings=HEADINGS[:3]).errors == []
    assert duties() == [("图书馆", "1", "读者服务", "", False)]


def test_department_merged_over_its_rows_is_each_rows(season, office, portal_files):
    from tests.sheets import file_of, make_workbook

    workbook = make_workbook(READING, (None, "2", "资料建设", None, None), headings=HEADINGS)
    workbook.active.merge_cells("A2:A3")
    file = file_of(workbook)
    content = read_sheets(file, hooks.import_kinds[ImportKind.DUTIES].columns)
    upload = Upload([file.getvalue()], "d.xlsx")
    import_at_once(season, ImportKind.DUTIES, content, upload=upload, by=office, at=NOON)
    assert [row[:2] for row in duties()] == [("图书馆", "1"), ("图书馆", "2")]


def test_known_duty_is_reworded_and_nothing_else_touched(season, bring_in):
    known, other = make_duty(season, text="读者"), make_duty(season, "工会", text="维权")
    outcome = bring_in(READING, ("工会", "1", "维权", None, None))
    assert [row.mark for row in outcome.written.shown] == ["changed", ""]
    known.refresh_from_db()
    other.refresh_from_db()
    assert (known.text, other.text, Duty.objects.count()) == ("读者服务", "维权", 2)


def test_same_file_again_changes_nothing_and_says_so(bring_in):
    first = bring_in(READING)
    again = bring_in((" 图书馆 ", "１", "读者 服务", "24号", "否"))
    assert (again.standing, Duty.objects.count()) == (first.batch, 1)
    assert ImportBatch.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("图书管", "2", "资料建设", None, None), "Sheet1/3/部门"),
        (("图书馆", None, "资料建设", None, None), "Sheet1/3/编号"),
        (("图书馆", "１", "资料建设", None, None), "Sheet1/3/编号"),
        (("图书馆", "9" * 17, "资料建设", None, None), "Sheet1/3/编号"),
        (("图书馆", "2", " ", None, None), "Sheet1/3/职责"),
        (("图书馆", "2", "长" * 1001, None, None), "Sheet1/3/职责"),
        (("图书馆", "2", "资料建设", "长" * 101, None), "Sheet1/3/来源"),
        (("图书馆", "2", "资料建设", None, "也许"), "Sheet1/3/样例"),
        (("图书馆", "2", "资料建设", None, 0.5), "Sheet1/3/样例"),
    ],
)
def test_wrong_row_is_named_and_nothing_is_written(bring_in, row, place):
    outcome = bring_in(READING, row)
    assert [error.place for error in outcome.errors] == [place]
    assert not Duty.objects.exists()


def test_one_number_belongs_to_each_department_once(bring_in):
    assert bring_in(READING, ("工会", "1", "维权", None, None)).errors == []


def test_withdrawn_import_takes_new_ones_away_and_puts_reworded_ones_back(season, office, bring_in):
    make_duty(season, text="读者", source="旧", is_sample=True)
    batch = bring_in(READING, ("工会", "1", "维权", None, None)).batch
    withdraw_import(batch, by=office, at=NOON, because="旧稿")
    assert duties() == [("图书馆", "1", "读者", "旧", True)]


def test_import_a_plan_item_rests_on_stays(season, office, bring_in):
    batch = bring_in(READING, ("工会", "1", "维权", None, None)).batch
    item = PlanItem.objects.create(plan=make_version(season).plan, title="延长开馆")
    item.duties.add(Duty.objects.get(text="读者服务"))
    with pytest.raises(Refused) as refusal:
        withdraw_import(batch, by=office, at=NOON, because="旧稿")
    assert "延长开馆" in str(refusal.value.sentence)
    assert (Duty.objects.count(), item.duties.count()) == (2, 1)


def _end(season, duty, user_id):
    end_duty(duty, by_id=None, at=NOON)


def _reword(season, duty, user_id):
    change_duty(duty, number="1", text="读者工作", source="", by_id=None, at=NOON)


def _propose(season, duty, user_id):
    Proposal.objects.create(
        campaign=season,
        department=duty.department,
        kind="duty-end",
        duty=duty,
        proposed_by_id=user_id,
        proposed_at=NOON,
    )


@pytest.mark.parametrize("touch", [_end, _reword, _propose])
def test_import_whose_duties_were_touched_stays(season, office, bring_in, touch):
    batch = bring_in(READING, ("工会", "1", "维权", None, None)).batch
    touch(season, Duty.objects.get(text="读者服务"), office.user_id)
    with pytest.raises(Refused):
        withdraw_import(batch, by=office, at=NOON, because="旧稿")
    assert Duty.objects.count() == 2


def test_rows_cost_no_query_each(season, office, bring_in, django_assert_num_queries):
    spec = hooks.import_kinds[ImportKind.DUTIES]
    rows = [("图书馆", str(number), f"职责{number}", None, None) for number in range(20)]
    batch = bring_in(*rows).batch
    for count in (1, 3, 20):
        content = read_sheets(make_sheet(*rows[:count], headings=HEADINGS), spec.columns)
        with django_assert_num_queries(3):  # departments, the lock, duties
            understood, _errors = spec.understand(season, content.rows)
            assert spec.write(batch, understood, office, NOON).changes == []


# --- one by one


def test_reworded_duty_leaves_a_version_of_a_plan_as_it_was(season):
    duty = add_duty(department(season), number="1", text="读者服务", by_id=None, at=NOON)
    version = make_version(season)
    PlanItem.objects.create(plan=version.plan, title="条目").duties.add(duty)
    version.content = content_of(version.plan).as_json()
    version.save(update_fields=["content"])
    change_duty(duty, number="1", text="读者工作", source="", by_id=None, at=NOON)
    version.refresh_from_db()
    assert version.content["items"][0]["duties"] == ["1 读者服务"]
    assert AuditEntry.objects.get(act="duty.change").before["text"] == "读者服务"


def test_number_of_an_ended_duty_is_free_again(season):
    first = add_duty(department(season), number="1", text="读者服务", by_id=None, at=NOON)
    with pytest.raises(Refused):
        add_duty(department(season), number="１", text="别的", by_id=None, at=NOON)
    end_duty(first, by_id=None, at=NOON)
    add_duty(department(season), number="1", text="别的", by_id=None, at=NOON)
    with pytest.raises(Refused) as refusal:
        end_duty(first, by_id=None, at=NOON)
    assert refusal.value.refusal_code == "ended"


# --- the page


def test_department_reads_its_own_with_samples_marked_and_ended_ones_folded(client, season):
    make_duty(season, is_sample=True)
    make_duty(season, number="2", text="旧职责", ended_at=on(12, 1))
    make_duty(season, "工会", text="维权")
    signed_in(client, season, Role.STAFF, "图书馆")
    response = client.get(url("duties"))
    [own] = response.context["shown"]
    assert ([row.text for row in own.standing], [row.text for row in own.ended], own.samples) == (
        ["读者服务"],
        ["旧职责"],
        1,
    )
    page = response.content.decode()
    assert ("state-draft" in page, "<details" in page.split("<main", 1)[1], "维权" in page) == (True, True, False)
    assert url("proposal-new", "duty-add") in page


def test_department_does_not_read_anothers_by_its_address(client, season):
    make_duty(season, "工会", text="维权")
    signed_in(client, season, Role.HEAD, "图书馆")
    page = client.get(url("duties"), {"department": department(season, "工会").uuid})
    assert "维权" not in page.content.decode()


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_overseers_choose_a_department(client, season, role):
    make_duty(season, "工会", text="维权")
    signed_in(client, season, role)
    page = client.get(url("duties"))
    assert (page.context["shown"], len(page.context["all"])) == ([], 24)
    page = client.get(url("duties"), {"department": department(season, "工会").uuid})
    assert "维权" in page.content.decode()
    assert url("proposal-new", "duty-add") not in page.content.decode()
    assert (url("import-new", "duties") in page.content.decode()) == (role == Role.OFFICE)
    assert client.get(url("duties"), {"department": "x"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    for number in range(rows):
        make_duty(season, number=str(number))
        make_duty(season, "工会", number=str(number))
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(8):
        client.get(url("duties"))


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD])
def test_only_the_office_brings_duties_in(client, season, role):
    signed_in(client, season, role)
    assert client.get(url("import-new", "duties")).status_code == 403
