"""Page pictures: drawn in a process of their own, put in place all at once, shared by all who hold the same content."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from PIL import Image
from pypdf import PdfWriter

from campaigns.enums import Role
from campaigns.jobs import renditions as work
from campaigns.models import Attachment, Attendance, Obligation, StudySession
from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.exports import pictures
from qualityseason.models import Job, PageImage, Rendition, StoredFile
from qualityseason.queries.renditions import pages_of
from qualityseason.services.files import store_file
from qualityseason.services.renditions import ask_for_pages
from tests.factories import NOON, department, make_membership, make_person, make_user
from tests.word_files import paragraph, picture, word_file

PDF = "application/pdf"
PAGES_QUERIES = 10


@pytest.fixture(autouse=True)
def _own_files(portal_files):
    return portal_files


def pdf(pages=2, *, password="", size=(595, 842)):
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(*size)
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def store(content, name="方案.pdf", *, by):
    return store_file([content], name=name, media_type=PDF, by_id=by.pk)


@pytest.fixture
def person(db):
    return make_user("reader")


@pytest.fixture
def make_pages(django_capture_on_commit_callbacks):
    """Ask for the pages of a file and let the worker do what it finds; returns them as they are shown."""

    def ask(stored, person):
        with django_capture_on_commit_callbacks(execute=True):
            ask_for_pages(stored, by_id=person.pk, at=NOON)
        return pages_of(stored)

    return ask


# --- drawing


def test_pdf_is_drawn_page_by_page(tmp_path):
    source = tmp_path / "a.pdf"
    source.write_bytes(pdf(3))
    drawn = pictures.draw_pdf(source, tmp_path)
    assert (drawn.total, [(page.width, page.height) for page in drawn.pages]) == (3, [(1240, 1755)] * 3)
    with Image.open(drawn.pages[0].path) as found:
        assert (found.width, f"image/{found.format.lower()}") == (1240, drawn.pages[0].media_type)


def test_page_of_monstrous_shape_stays_within_bounds(tmp_path):
    source = tmp_path / "a.pdf"
    source.write_bytes(pdf(1, size=(20, 14_000)))
    [page] = pictures.draw_pdf(source, tmp_path).pages
    assert page.height <= pictures.MAXIMUM_HEIGHT
    assert page.width <= pictures.WIDTH


@pytest.mark.parametrize(("content", "code"), [(b"%PDF-1.4 rubbish", "damaged"), (pdf(password="x"), "password")])
def test_pdf_that_cannot_be_drawn_says_why(tmp_path, content, code):
    source = tmp_path / "a.pdf"
    source.write_bytes(content)
    with pytest.raises(pictures.NotDrawn) as problem:
        pictures.draw_pdf(source, tmp_path)
    assert problem.value.code == code


def test_process_that_dies_is_a_file_that_cannot_be_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures.sys, "executable", "/bin/false")
    with pytest.raises(pictures.NotDrawn):
        pictures.draw_pdf(tmp_path / "a.pdf", tmp_path)


def test_picture_is_a_page_upright_and_without_its_exif(tmp_path):
    source = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[274] = 6  # lies on its side
    Image.new("RGB", (3000, 1000), "blue").save(source, "JPEG", exif=exif)
    [page] = pictures.draw_picture(source, tmp_path).pages
    with Image.open(page.path) as found:
        assert found.height > found.width
        assert not found.getexif()


# --- asking


def test_pages_are_made_once_for_a_content(person, make_pages):
    first = store(pdf(2), by=person)
    second = store(pdf(2), "同一份.pdf", by=person)
    make_pages(first, person)
    make_pages(second, person)
    rendition = Rendition.objects.get()
    assert (rendition.state, rendition.pages, rendition.total) == (JobState.DONE, 2, 2)
    assert (Job.objects.count(), PageImage.objects.count()) == (1, 2)
    assert [page.number for page in pages_of(second).images] == [1, 2]
    assert not StoredFile.objects.filter(is_upload=True).exists()


def test_word_file_is_printed_and_drawn(person, make_pages):
    content = word_file(paragraph("一、工作目标", style="2"), paragraph("满意"))
    shown = make_pages(store(content, "方案.docx", by=person), person)
    assert (shown.state, shown.total) == (JobState.DONE, 1)


def test_more_pages_than_are_drawn_are_told(person, tmp_path, monkeypatch, make_pages):
    assert pages_of(store(pdf(1), by=person)).state == "none"
    page = tmp_path / "1.png"
    page.write_bytes(picture())
    few = pictures.Drawn((pictures.DrawnPage(page, 30, 20, "image/png"),), 61)
    monkeypatch.setattr(work, "draw_pdf", lambda *args, **options: few)
    shown = make_pages(store(pdf(1), by=person), person)
    assert (len(shown.images), shown.left_out) == (1, 60)


def test_what_cannot_be_shown_as_pages_is_refused(person):
    sheet = store(b"x", "表.xlsx", by=person)
    assert pages_of(sheet).state == "kind"
    with pytest.raises(Refused) as refused:
        ask_for_pages(sheet, by_id=person.pk, at=NOON)
    assert refused.value.refusal_code == "kind"


@pytest.mark.parametrize(
    ("content", "name"), [(b"%PDF- rubbish", "a.pdf"), (b"PK\x03\x04x", "a.docx"), (b"x", "a.png")]
)
def test_damaged_file_fails_with_a_sentence_and_can_be_asked_again(person, content, name, make_pages):
    stored = store(content, name, by=person)
    shown = make_pages(stored, person)
    assert shown.state == JobState.FAILED
    assert shown.problem
    make_pages(stored, person)
    assert Job.objects.count() == 2


def test_crash_in_the_middle_leaves_no_half_rendition(person, monkeypatch, make_pages):
    stored = store(pdf(3), by=person)
    kept = work.renditions.store_page

    def break_down(page, *, number):
        if number == 3:
            raise RuntimeError("disk")
        return kept(page, number=number)

    monkeypatch.setattr(work.renditions, "store_page", break_down)
    shown = make_pages(stored, person)
    assert (shown.state, PageImage.objects.count()) == (JobState.FAILED, 0)
    assert StoredFile.objects.filter(is_upload=True).count() == 2  # left for the sweeper
    monkeypatch.undo()
    assert make_pages(stored, person).state == JobState.DONE


def test_work_whose_worker_died_can_be_asked_for_again(person, make_pages):
    stored = store(pdf(1), by=person)
    long_ago = wall_now() - timedelta(hours=2)
    Rendition.objects.create(sha256=stored.sha256, state=JobState.RUNNING, asked_at=long_ago)
    job = Job.objects.create(
        kind="page-pictures",
        asked_by=person,
        asked_at=long_ago,
        state=JobState.RUNNING,
        seen_at=long_ago,
        parameters={"sha256": stored.sha256},
    )
    assert pages_of(stored).state == JobState.FAILED
    assert make_pages(stored, person).state == JobState.DONE
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_work_on_its_way_is_not_started_twice(person):
    stored = store(pdf(1), by=person)
    Rendition.objects.create(sha256=stored.sha256, state=JobState.WAITING, asked_at=wall_now())
    Job.objects.create(kind="page-pictures", asked_by=person, asked_at=wall_now(), parameters={"sha256": stored.sha256})
    ask_for_pages(stored, by_id=person.pk, at=NOON)
    assert Job.objects.count() == 1
    assert pages_of(stored).state == JobState.WAITING


# --- pages


@pytest.fixture
def attached(season):
    """A PDF of the library and the liaison who handed it in."""
    writer = make_user("writer")
    make_membership(season, writer, Role.STAFF, department=department(season))
    record = Obligation.objects.filter(campaign=season, department=department(season)).first()
    attachment = Attachment.objects.create(
        campaign=season,
        department=department(season),
        owner_kind="obligation",
        owner_uuid=record.uuid,
        file=store(pdf(2), by=writer),
        added_by=writer,
        added_at=NOON,
    )
    return attachment, writer


def _page(attachment, *number):
    name = "attachment-page" if number else "attachment-pages"
    return reverse(f"campaigns:{name}", args=["2009", attachment.uuid, *number])


def test_pages_are_offered_then_shown_and_sent_inline(client, attached, django_capture_on_commit_callbacks):
    attachment, writer = attached
    client.force_login(writer)
    assert client.get(_page(attachment)).context["pages"].state == "none"
    assert client.get(_page(attachment, 1)).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(_page(attachment)).status_code == 302
    answer = client.get(_page(attachment))
    assert _page(attachment, 2) in answer.content.decode()
    image = client.get(_page(attachment, 2))
    assert image["Content-Type"] in ("image/png", "image/jpeg")
    assert (image["Content-Disposition"], image["X-Content-Type-Options"]) == ("inline", "nosniff")
    assert image["Cache-Control"].startswith("private")
    assert client.get(_page(attachment, 3)).status_code == 404


def test_same_content_elsewhere_opens_nothing_of_another_department(client, attached, season, make_pages):
    attachment, writer = attached
    make_pages(attachment.file, writer)
    stranger = make_user("stranger")
    make_membership(season, stranger, Role.STAFF, department=department(season, "工会"))
    store(pdf(2), by=stranger)
    client.force_login(stranger)
    assert client.get(_page(attachment)).status_code == 404
    assert client.post(_page(attachment)).status_code == 404
    assert client.get(_page(attachment, 1)).status_code == 404


@pytest.mark.parametrize("pages", [1, 3])
def test_page_of_pictures_asks_a_fixed_number_of_queries(
    client, attached, django_assert_num_queries, pages, make_pages
):
    attachment, writer = attached
    attachment.file = store(pdf(pages), by=writer)
    attachment.save()
    make_pages(attachment.file, writer)
    client.force_login(writer)
    client.get(_page(attachment))
    with django_assert_num_queries(PAGES_QUERIES):
        client.get(_page(attachment))


def test_leave_slip_has_pages_for_its_uploader_alone(client, season, attached):
    _attachment, writer = attached
    session = StudySession.objects.create(
        campaign=season, department=department(season), topic="学习", entered_by=writer, entered_at=NOON
    )
    leave = Attendance.objects.create(session=session, person=make_person(season), status="sick")
    slip = Attachment.objects.create(
        campaign=season,
        department=department(season),
        owner_kind="attendance",
        owner_uuid=leave.uuid,
        slot="slip",
        file=store(pdf(1), by=writer),
        added_by=writer,
        added_at=NOON,
    )
    lead = make_user("lead")
    make_membership(season, lead, Role.TEAM_LEAD)
    client.force_login(lead)
    assert (client.get(_page(slip)).status_code, client.post(_page(slip)).status_code) == (404, 404)
    client.force_login(writer)
    assert client.get(_page(slip)).status_code == 200
