"""The import pages: upload, see, bring in, take back, by those who may."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from campaigns.enums import ImportKind, Role
from campaigns.facts import SheetContent
from campaigns.models import ImportBatch, StaffMember
from campaigns.services.imports import apply_import, check_import, new_batch
from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.models import Job, User
from scoring.models import Deduction
from tests.factories import NOON, department, make_actor, make_class, make_membership, make_person, make_user
from tests.sheets import STAFF_HEADINGS, make_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_files", "_english")]
LINE = ("图书馆", "S1a", 1, "2009-11-20", None, "没有邀请")
ZHANG = ("00123", "张伟", "专职教师", "图书馆", None, None)
DEDUCTIONS, STAFF = ImportKind.DEDUCTIONS.value, ImportKind.STAFF.value


@pytest.fixture
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def sign_in(client, season):
    def run(username, role, place=None):
        user = make_user(username)
        make_membership(season, user, role, department=department(season, place) if place else None)
        client.force_login(user)
        return user

    return run


@pytest.fixture
def upload(client, django_capture_on_commit_callbacks):
    def run(kind, file, name="表.xlsx"):
        file = io.BytesIO(file.getvalue())
        file.name = name
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url("import-new", kind), {"file": file}, headers={"accept-language": "en"})

    return run


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def page(client, batch):
    return client.get(url("import", batch.uuid), headers={"accept-language": "en"}).content.decode()


def post(client, callbacks, name, batch, **data):
    with callbacks(execute=True):
        return client.post(url(name, batch.uuid), data, headers={"accept-language": "en"})


def test_sheet_is_checked_then_brought_in_then_withdrawn(client, sign_in, upload, django_capture_on_commit_callbacks):
    sign_in("assessor", Role.ASSESSOR)
    answer = upload(DEDUCTIONS, make_sheet(LINE))
    batch = ImportBatch.objects.get()
    assert answer.url == url("import", batch.uuid)
    assert not Deduction.objects.exists()
    text = page(client, batch)
    assert "What was understood" in text
    assert "Bring in 1 row" in text
    post(client, django_capture_on_commit_callbacks, "import-apply", batch)
    assert Deduction.objects.recorded().count() == 1
    assert "What was brought in" in page(client, batch)
    post(client, django_capture_on_commit_callbacks, "import-withdraw", batch, because="wrong sheet")
    assert not Deduction.objects.standing().exists()
    assert "wrong sheet" in page(client, batch)
    assert not Job.objects.exclude(state="done").exists()


def test_sheet_with_errors_is_not_brought_in_and_comes_back_coloured(
    client, sign_in, upload, django_capture_on_commit_callbacks
):
    sign_in("assessor", Role.ASSESSOR)
    upload(DEDUCTIONS, make_sheet(LINE, ("图书管", *LINE[1:])))
    batch = ImportBatch.objects.get()
    text = page(client, batch)
    assert "There is no department called 图书管." in text
    assert "Bring in" not in text.replace("Bring in:", "")
    post(client, django_capture_on_commit_callbacks, "import-apply", batch)
    assert not Deduction.objects.exists()
    answer = client.get(url("import-annotated", batch.uuid))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["Sheet1"]
    assert sheet["A3"].comment.text == "There is no department called 图书管."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"x", "This is not an .xlsx workbook"),
        ("a.xls", make_sheet(LINE).getvalue(), "This is not an .xlsx workbook"),
        ("a.xlsx", "部门,细则".encode(), "This is not an .xlsx workbook"),
        ("a.xlsx", b"", "This file is empty"),
        ("a.xlsx", b"PK\x03\x04", "This workbook is damaged"),
    ],
)
def test_what_is_no_sheet_is_refused_at_the_field_and_not_kept(client, sign_in, upload, name, content, sentence):
    sign_in("assessor", Role.ASSESSOR)
    answer = upload(DEDUCTIONS, io.BytesIO(content), name)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_same_sheet_again_says_so_and_links_to_the_first(client, sign_in, upload, django_capture_on_commit_callbacks):
    sign_in("assessor", Role.ASSESSOR)
    upload(DEDUCTIONS, make_sheet(LINE))
    first = ImportBatch.objects.get()
    post(client, django_capture_on_commit_callbacks, "import-apply", first)
    upload(DEDUCTIONS, make_sheet(LINE), name="again.xlsx")
    second = ImportBatch.objects.get(name="again.xlsx")
    text = page(client, second)
    assert "The same content was brought in already" in text
    assert url("import", first.uuid) in text
    assert "import-apply" not in text
    post(client, django_capture_on_commit_callbacks, "import-apply", second)
    assert Deduction.objects.count() == 1


def test_rows_of_a_sheet_of_deductions_are_shown_to_its_uploader_alone(
    client, sign_in, upload, django_capture_on_commit_callbacks
):
    sign_in("assessor", Role.ASSESSOR)
    upload(DEDUCTIONS, make_sheet(LINE, ("图书管", *LINE[1:])))
    batch = ImportBatch.objects.get()
    sign_in("library", Role.ASSESSOR, "图书馆")
    text = page(client, batch)
    assert "没有邀请" not in text
    assert "图书管" not in text
    assert client.get(url("import-annotated", batch.uuid)).status_code == 404
    assert post(client, django_capture_on_commit_callbacks, "import-apply", batch).status_code == 403
    assert post(client, django_capture_on_commit_callbacks, "import-withdraw", batch, because="x").status_code == 403


def test_office_brings_in_people_and_sees_no_sheet_of_deductions(
    client, sign_in, upload, django_capture_on_commit_callbacks
):
    sign_in("assessor", Role.ASSESSOR)
    upload(DEDUCTIONS, make_sheet(LINE))
    batch = ImportBatch.objects.get()
    sign_in("office", Role.OFFICE)
    assert client.get(url("import", batch.uuid)).status_code == 404
    assert client.get(url("import-new", DEDUCTIONS)).status_code == 403
    assert client.get(url("import-new", "unknown")).status_code == 404
    upload(STAFF, make_sheet(ZHANG, headings=STAFF_HEADINGS))
    staff = ImportBatch.objects.get(kind=STAFF)
    post(client, django_capture_on_commit_callbacks, "import-apply", staff)
    assert StaffMember.objects.get().number == "00123"
    text = client.get(url("imports")).content.decode()
    assert url("import", staff.uuid) in text
    assert url("import", batch.uuid) not in text


def test_withdrawal_without_a_reason_is_refused_at_its_field(
    client, sign_in, upload, django_capture_on_commit_callbacks
):
    sign_in("office", Role.OFFICE)
    upload(STAFF, make_sheet(ZHANG, headings=STAFF_HEADINGS))
    batch = ImportBatch.objects.get()
    post(client, django_capture_on_commit_callbacks, "import-apply", batch)
    answer = post(client, django_capture_on_commit_callbacks, "import-withdraw", batch, because=" ")
    assert answer.status_code == 200
    assert "because" in answer.context["form"].errors
    assert StaffMember.objects.exists()


@pytest.mark.parametrize("kind", [kind.value for kind in ImportKind])
def test_template_of_every_kind_filled_with_its_example_is_accepted(client, season, sign_in, upload, kind):
    user = sign_in("office", Role.OFFICE)
    make_membership(season, user, Role.ASSESSOR)
    if kind.startswith("register-"):  # rows about people and classes there are
        make_person(season, home="教务处")
        make_class(season)
    answer = client.get(url("import-template", kind))
    workbook = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    explained = {row[0]: row[2] for row in workbook.worksheets[1].iter_rows(min_row=2, values_only=True)}
    sheet = workbook.worksheets[0]
    for cell in sheet[1]:
        sheet.cell(2, cell.column).value = explained[cell.value]
    target = io.BytesIO()
    workbook.save(target)
    upload(kind, target)
    report = ImportBatch.objects.get().report
    assert (report["errors"], report["row_count"]) == ([], 1)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_queries_at_any_length(client, sign_in, upload, django_assert_num_queries, count):
    sign_in("assessor", Role.ASSESSOR)
    for number in range(count):
        upload(DEDUCTIONS, make_sheet((*LINE[:5], str(number))), name=f"{number}.xlsx")
    with django_assert_num_queries(7):  # session, user, campaign, actor (3), batches
        client.get(url("imports"))


def stall(batch):
    """Let the latest work on a batch look as if its worker had died."""
    batch.refresh_from_db()
    Job.objects.filter(uuid=batch.report["job"]).update(
        state=JobState.RUNNING, seen_at=wall_now() - timedelta(days=1), finished_at=None
    )


def test_work_whose_worker_died_can_be_asked_for_again(client, sign_in, upload, django_capture_on_commit_callbacks):
    sign_in("assessor", Role.ASSESSOR)
    upload(DEDUCTIONS, make_sheet(LINE))
    batch = ImportBatch.objects.get()
    post(client, lambda execute: django_capture_on_commit_callbacks(execute=False), "import-apply", batch)
    stall(batch)
    text = page(client, batch)
    assert "Bring in 1 row" in text
    assert "The work was stopped before its end; ask again." in text
    post(client, django_capture_on_commit_callbacks, "import-apply", batch)
    assert Deduction.objects.count() == 1
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "done", "failed"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.LEADERSHIP}])
def test_work_asked_for_is_not_done_once_the_right_is_gone(
    client, sign_in, upload, django_capture_on_commit_callbacks, change
):
    user = sign_in("assessor", Role.ASSESSOR)
    upload(DEDUCTIONS, make_sheet(LINE))
    batch = ImportBatch.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("import-apply", batch.uuid))
        user.memberships.update(**change) if "role" in change else User.objects.filter(pk=user.pk).update(**change)
    assert not Deduction.objects.exists()
    job = Job.objects.latest("pk")
    assert (job.state, "number" in job.problem) == (JobState.FAILED, False)


def test_bringing_in_asks_for_the_right_again(season):
    office = make_actor(season, Role.OFFICE)
    assessor = make_actor(season, Role.ASSESSOR)
    batch = new_batch(season, DEDUCTIONS, "a.xlsx", by=assessor, at=NOON)
    for act in (check_import, apply_import):
        with pytest.raises(PermissionDenied):
            act(batch, SheetContent((), ()), by=office, at=NOON)


def test_report_is_written_in_the_language_of_the_portal(client, sign_in, upload, settings):
    sign_in("assessor", Role.ASSESSOR)
    settings.LANGUAGE_CODE = "zh-hans"
    upload(DEDUCTIONS, make_sheet(("图书管", *LINE[1:])))  # by somebody who reads English
    [error] = ImportBatch.objects.get().report["errors"]
    assert "There is" not in error["sentence"]
