"""The pages of what is owed: own list, matrix, sheet, text to remind, one obligation, its forms."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from campaigns.enums import ResponsibilityCode, Role
from campaigns.models import Attachment, Department, Extension, Obligation, Responsibility
from campaigns.services.obligations import note_mark
from qualityseason.clock import wall_now
from tests.campaigns.owed_working import (
    LIBRARY,
    UNION,
    ask_for_files,
    make_plan,
    met,
    moment,
    owe_record,
    owed,
    signed_in,
    waiting_file,
)
from tests.factories import NOON, department, make_membership, make_user

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


@pytest.fixture(autouse=True)
def _clock(season):
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


# --- the list and the matrix


def test_a_department_sees_its_own_rows_and_no_matrix(client, season):
    signed_in(client, season, Role.STAFF, LIBRARY)
    met(season, moment(11, 9))
    response = client.get(url("obligations"))
    context = response.context
    assert "matrix" not in context
    assert {row.department for row in context["own"]} == {LIBRARY}
    assert [row.code for row, _url in context["not_done"]] == [
        "study-session",
        "plan-paper",
        "month:2009-11",
        "month:2009-12",
        "pieces",
        "summary",
    ]
    assert [row.code for row, _url in context["done"]] == ["plan-ecopy"]
    targets = {row.code: target for row, target in [*context["not_done"], *context["done"]]}
    library = department(season).uuid
    assert targets["study-session"] == url("sessions")
    assert targets["summary"] == targets["pieces"] == url("summaries")
    assert targets["plan-ecopy"] == url("plans")
    conduct = f"?department={library}&month=2009-11&kind=conduct"
    assert targets["month:2009-11"] == url("monthly-report-new") + conduct
    plan = make_plan(season)
    targets = {row.code: target for row, target in client.get(url("obligations")).context["done"]}
    assert targets["plan-ecopy"] == url("plan", plan.uuid)


def test_each_kind_is_met_on_its_own_page(client, season):
    signed_in(client, season, Role.STAFF, "学生工作处")
    home = department(season, "学生工作处")
    Obligation.objects.exclude(kind__in=["publicity", "service"]).delete()
    for number, kind in enumerate(("circular", "assignment", "problem")):
        owe_record(season, kind, "学生工作处", key=str(UUID(int=number)))
    rows = client.get(url("obligations")).context["not_done"]
    assert {(row.kind.value, row.key): target for row, target in rows} == {
        ("publicity", ""): f"{url('evidence-new')}?target=publicity&department={home.uuid}",
        ("service", "2009-11"): f"{url('service-new')}?department={home.uuid}&month=2009-11",
        ("service", "2009-12"): f"{url('service-new')}?department={home.uuid}&month=2009-12",
        ("circular", str(UUID(int=0))): url("circular", UUID(int=0)),
        ("assignment", str(UUID(int=1))): url("assignment", UUID(int=1)),
        ("problem", str(UUID(int=2))): url("problem", UUID(int=2)),
    }


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_overseers_see_the_matrix_and_the_office_acts(client, season, role):
    Department.objects.filter(name=LIBRARY).update(telephone="0735-2865814")
    make_membership(season, make_user("yan", name="颜惠芳"), Role.HEAD, department=department(season))
    signed_in(client, season, role)
    response = client.get(url("obligations"))
    page = response.content.decode()
    assert sum(len(block.rows) for block in response.context["matrix"].blocks) == 24
    assert 'href="tel:0735-2865814"' in page
    assert "颜惠芳" in page
    assert (url("milestone-move", "plan-ecopy") in page) == (role == Role.OFFICE)
    assert (url("obligations-chase") in page) == (role == Role.OFFICE)
    assert url("obligations-export") in page


def test_the_matrix_marks_a_department_that_ended(client, season):
    Department.objects.filter(name=LIBRARY).update(closed_on=date(2009, 12, 1))
    signed_in(client, season, Role.OFFICE)
    response = client.get(url("obligations"))
    rows = {row.department: row for block in response.context["matrix"].blocks for row in block.rows}
    assert (rows[LIBRARY].closed_on, rows[UNION].closed_on) == (date(2009, 12, 1), None)
    note = _("closed on %(day)s") % {"day": "2009-12-01"}
    assert f'{LIBRARY}</a> <small class="muted">{note}</small>' in response.content.decode()


def test_a_receiver_sees_the_plan_rows_of_all(client, season):
    Responsibility.objects.create(
        campaign=season, code=ResponsibilityCode.PAPER_RECEIVER, department=department(season, "督导室")
    )
    signed_in(client, season, Role.STAFF, "督导室")
    context = client.get(url("obligations")).context
    assert [column.code for column in context["matrix"].columns] == ["plan-ecopy", "plan-paper"]
    assert len(context["own"]) == 7
    assert [value for value, _label in context["filter"].fields["milestone"].choices] == [
        "",
        "plan-ecopy",
        "plan-paper",
    ]


def test_the_filter_narrows_the_matrix_and_goes_along(client, season):
    signed_in(client, season, Role.OFFICE)
    Obligation.objects.filter(milestone__code="plan-ecopy").update(met_at=moment(11, 5), recorded_at=moment(11, 5))
    Obligation.objects.filter(pk=owed(season).pk).update(met_at=None, recorded_at=None)
    query = {"show": "overdue", "milestone": "plan-ecopy"}
    response = client.get(url("obligations"), query)
    assert [row.department for block in response.context["matrix"].blocks for row in block.rows] == [LIBRARY]
    assert response.context["active"] == 2
    assert f"{url('obligations-chase')}?show=overdue&amp;milestone=plan-ecopy" in response.content.decode()
    nobody = client.get(url("obligations"), query | {"block": "A"})
    assert nobody.context["matrix"].blocks == ()
    assert client.get(url("obligations"), {"show": "nonsense", "milestone": "\x00"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_matrix_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    signed_in(client, season, Role.OFFICE)
    keep = [LIBRARY, UNION, "教务处"][:rows]
    Obligation.objects.exclude(department__name__in=keep).delete()
    for home in keep:
        make_membership(season, make_user(f"head-{home}"), Role.HEAD, department=department(season, home))
    with django_assert_num_queries(12):
        response = client.get(url("obligations"))
    assert sum(len(block.rows) for block in response.context["matrix"].blocks) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_own_list_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    user = signed_in(client, season, Role.STAFF, LIBRARY)
    for home in [UNION, "教务处"][: rows - 1]:
        make_membership(season, user, Role.STAFF, department=department(season, home))
        make_plan(season, home)
    with django_assert_num_queries(7):
        client.get(url("obligations"))


# --- the sheet


def test_the_sheet_holds_the_filtered_matrix(client, season):
    signed_in(client, season, Role.LEADERSHIP)
    met(season, moment(11, 9))
    Department.objects.filter(name=LIBRARY).update(telephone="=1+1")
    response = client.get(url("obligations-export"), {"milestone": "plan-ecopy", "block": "B"})
    assert "应办事项 2009-12-28.xlsx" in unquote(response["Content-Disposition"])
    book = load_workbook(BytesIO(response.content))
    assert book.sheetnames == ["应办事项", "明细"]
    rows = list(book["应办事项"].iter_rows(values_only=True))
    assert rows[0] == ("板块", "部门", "电话", "负责人", "联络员", "活动方案电子文档（2009-11-06截止）")
    library = next(row for row in rows if row[1] == LIBRARY)
    assert (len(rows), library[2], library[5]) == (11, "=1+1", "迟交3天")
    assert book["应办事项"].cell(2, 6).value == "未办，逾期52天"
    lines = {row[1]: row for row in book["明细"].iter_rows(values_only=True)}
    assert lines[LIBRARY][3].date() == date(2009, 11, 6)
    assert lines[LIBRARY][5].date() == date(2009, 11, 9)
    assert lines[LIBRARY][6:9] == ("迟交3天", 3, None)


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_departments_get_no_sheet_of_all(client, season, role):
    signed_in(client, season, role, LIBRARY)
    assert client.get(url("obligations-export")).status_code == 403
    assert client.get(url("obligations-chase")).status_code == 403


# --- the text to remind


def test_the_text_names_what_by_when_and_who_has_not(client, season):
    signed_in(client, season, Role.OFFICE)
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))
    open_ones = Obligation.objects.filter(milestone__code__in=["plan-paper", "summary"])
    open_ones.filter(department__name__in=[LIBRARY, UNION]).update(met_at=None, recorded_at=None)
    Obligation.objects.filter(milestone__code="summary").exclude(department__name__in=[LIBRARY, "团委"]).update(
        met_at=None, recorded_at=None
    )
    text = client.get(url("obligations-chase")).context["text"]
    paper, summary = (part for part in text.split("\n\n") if part[0].isdigit())
    assert paper.startswith("1. 活动方案纸质一份")
    assert f"{UNION}、{LIBRARY}" in paper
    assert "52" in paper
    assert "22" in paper  # thanked by number
    assert summary.startswith("2. 书面总结材料")
    assert f"{LIBRARY}、团委" not in summary
    assert "团委" in summary.splitlines()[-1]  # thanked by name
    assert season.name in text
    late = client.get(url("obligations-chase"), {"show": "overdue"}).context["text"]
    assert "书面总结材料" not in late


def test_the_page_of_the_text_works_without_script(client, season):
    signed_in(client, season, Role.OFFICE)
    row = owed(season)
    Obligation.objects.exclude(pk=row.pk).update(met_at=moment(10, 30), recorded_at=moment(10, 30))
    page = client.get(url("obligations-chase")).content.decode()
    assert "readonly" in page
    assert "data-copy-button hidden" in page
    Obligation.objects.filter(pk=row.pk).update(extended_to=date(2009, 12, 30))
    response = client.get(url("obligations-chase"), {"milestone": "plan-ecopy"})
    assert response.context["text"] == ""
    assert LIBRARY in response.content.decode()  # said to be left out, and why
    named = client.get(url("obligations-chase"), {"milestone": "plan-ecopy", "more_time": "on"})
    assert LIBRARY in named.context["text"]


# --- one obligation


def test_the_page_says_how_it_was_met_and_who_decided_what(client, season):
    user = signed_in(client, season, Role.OFFICE)
    row = met(season, moment(11, 9))
    page = client.get(url("obligation", row.uuid)).content.decode()
    assert "各部门方案的电子文档于11月6日前交学院人事处…" in page
    assert "2009-11-09" in page
    Extension.objects.create(
        obligation=row, before=row.due_on, until=date(2009, 11, 9), reason="搬迁", decided_by=user, decided_at=NOON
    )
    row.milestone.moves.create(
        before=date(2009, 11, 4), until=row.due_on, reason="推迟", decided_by=user, decided_at=moment(11, 1)
    )
    history = client.get(url("obligation", row.uuid)).context["page"].history
    assert [(entry.for_all, entry.reason, entry.by) for entry in history] == [
        (True, "推迟", "OFFICE"),
        (False, "搬迁", "OFFICE"),
    ]


def test_the_page_links_to_the_record_that_met_it(client, season):
    signed_in(client, season, Role.STAFF, LIBRARY)
    plan = make_plan(season)
    row = met(season, moment(11, 9))
    Obligation.objects.filter(pk=row.pk).update(met_by_kind="plan", met_by_uuid=plan.uuid)
    assert client.get(url("obligation", row.uuid)).context["page"].record_url == url("plan", plan.uuid)


def test_the_page_of_the_paper_copy_says_where_it_goes(client, season):
    signed_in(client, season, Role.STAFF, LIBRARY)
    Responsibility.objects.create(
        campaign=season, code=ResponsibilityCode.PAPER_RECEIVER, department=department(season, "督导室")
    )
    assert "督导室" in client.get(url("obligation", owed(season, "plan-paper").uuid)).content.decode()


@pytest.mark.parametrize(
    ("role", "home", "name", "status"),
    [
        (Role.STAFF, LIBRARY, "obligation", 200),
        (Role.STAFF, UNION, "obligation", 404),
        (Role.LEADERSHIP, None, "obligation", 200),
        (Role.STAFF, LIBRARY, "obligation-hand-in", 200),
        (Role.STAFF, UNION, "obligation-hand-in", 404),
        (Role.LEADERSHIP, None, "obligation-hand-in", 403),
        (Role.OFFICE, None, "obligation-hand-in", 200),
        (Role.OFFICE, LIBRARY, "obligation-hand-in", 403),
        (Role.OFFICE, None, "obligation-extend", 200),
        (Role.OFFICE, LIBRARY, "obligation-extend", 403),
        (Role.HEAD, LIBRARY, "obligation-extend", 403),
    ],
)
def test_who_opens_what(client, season, role, home, name, status):
    signed_in(client, season, role, home)
    assert client.get(url(name, owed(season, ask_for_files(season)).uuid)).status_code == status


def test_an_obligation_of_another_season_is_404(client, season, other_season):
    signed_in(client, season, Role.OFFICE)
    other = Obligation.objects.filter(campaign=other_season).first()
    for name in ("obligation", "obligation-hand-in", "obligation-extend"):
        assert client.get(url(name, other.uuid)).status_code == 404


# --- handing in


def test_files_are_handed_in_by_the_plain_form(client, season, portal_files):
    signed_in(client, season, Role.STAFF, LIBRARY)
    row = owed(season, ask_for_files(season))
    page = client.get(url("obligation-hand-in", row.uuid))
    form = {
        "version": page.context["form"]["version"].value(),
        "note": "共五部分",
        "files": SimpleUploadedFile("总结.png", PNG, "image/png"),
    }
    assert client.post(url("obligation-hand-in", row.uuid), form).url == url("obligation", row.uuid)
    assert owed(season, "files").met_at is not None
    assert "总结.png" in client.get(url("obligation", row.uuid)).content.decode()


def test_a_hand_in_without_files_keeps_the_note(client, season):
    signed_in(client, season, Role.STAFF, LIBRARY)
    row = owed(season, ask_for_files(season))
    form = {"note": "忘了附件", "version": note_mark(row)}
    response = client.post(url("obligation-hand-in", row.uuid), form)
    assert "files" in response.context["form"].errors
    assert response.context["form"]["note"].value() == "忘了附件"


def test_a_stale_note_keeps_the_files_and_shows_both(client, season):
    user = signed_in(client, season, Role.STAFF, LIBRARY)
    row = owed(season, ask_for_files(season))
    Obligation.objects.filter(pk=row.pk).update(note="别人写的")
    files = [waiting_file(season, user.pk).uuid, waiting_file(season, user.pk, "附表.xlsx").uuid]
    form = {"note": "我写的", "version": "old", "files": files}
    stale = client.post(url("obligation-hand-in", row.uuid), form)
    page = stale.content.decode()
    assert all(words in page for words in ("别人写的", "我写的", "总结.docx", "附表.xlsx"))
    again = client.post(
        url("obligation-hand-in", row.uuid), form | {"version": stale.context["form"]["version"].value()}
    )
    assert again.status_code == 302
    assert owed(season, "files").note == "我写的"
    assert Attachment.objects.of_owner("obligation", row.uuid).count() == 2


def test_what_is_not_handed_in_as_files_has_no_such_page(client, season):
    signed_in(client, season, Role.STAFF, LIBRARY)
    assert client.get(url("obligation-hand-in", owed(season).uuid)).status_code == 404


# --- more time


def test_the_extension_says_before_what_it_turns(client, season):
    signed_in(client, season, Role.OFFICE)
    row = met(season, moment(11, 9))
    page = client.get(url("obligation-extend", row.uuid))
    assert page.content.decode().count("2009-11-09") >= 2
    form = {"until": "2009年11月9日", "reason": "新校区搬迁", "version": page.context["form"]["version"].value()}
    assert client.post(url("obligation-extend", row.uuid), form).status_code == 302
    row.refresh_from_db()
    assert row.extended_to == date(2009, 11, 9)
    stale = client.post(url("obligation-extend", row.uuid), form | {"until": "2009-11-12"})
    assert "2009-11-09" in str(stale.context["form"].errors)
    again = form | {"until": "2009-11-12", "version": stale.context["form"]["version"].value()}
    assert client.post(url("obligation-extend", row.uuid), again).status_code == 302
    assert Extension.objects.count() == 2
