"""Uploading in a request of its own and in the plain form: nothing half kept, nothing typed lost."""

import errno
import os
import socket
import threading
from wsgiref.simple_server import make_server

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.urls import reverse

from campaigns.enums import Role
from campaigns.forms.attachments import AddFilesForm, ReplaceFileForm
from campaigns.models import Attachment
from campaigns.views.uploads import posted
from qualityseason.intake.kinds import MAXIMUM_SIZE
from qualityseason.models import StoredFile, User
from tests.campaigns.files_working import PDF, make_docx, make_picture, make_session, upload_of
from tests.factories import PASSWORD, department, make_actor, make_user

UPLOAD = "/campaigns/2009/files/upload/"


@pytest.fixture(autouse=True)
def _files(portal_files):
    """Every test here keeps files of its own."""


@pytest.fixture
def staff(season, client):
    user = User.objects.get(pk=make_actor(season, Role.STAFF, department=department(season)).user_id)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


@pytest.fixture
def form_path(season, staff):
    session = make_session(season, staff)
    return reverse("campaigns:attachment-add", args=["2009", "study-session", session.uuid])


def pdf(name="方案.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def send(client, file, *, size=None):
    return client.post(UPLOAD if size is None else f"{UPLOAD}?size={size}", {"file": file})


# --- in a request of its own


def test_upload_answers_with_id_name_and_size(client, staff):
    answer = send(client, pdf(), size=len(PDF))
    stored = StoredFile.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"uuid": str(stored.uuid), "name": "方案.pdf", "size": len(PDF)}
    assert (stored.stored_by, stored.is_upload) == (staff, True)


def test_refused_upload_answers_with_the_sentence(client, staff):
    answer = send(client, pdf("方案.doc", b"\xd0\xcf\x11\xe0"))
    assert answer.status_code == 422
    assert answer.json()["again"] is False
    assert "File → Save as, the type .docx" in answer.json()["problem"]
    assert StoredFile.objects.count() == 0


def test_upload_of_another_size_than_told_has_arrived_incomplete(client, staff):
    answer = send(client, pdf(), size=len(PDF) + 1)
    assert (answer.status_code, answer.json()["again"]) == (422, True)
    assert "arrived incomplete" in answer.json()["problem"]
    assert StoredFile.objects.count() == 0


def test_upload_without_a_file_is_told_to_be_sent_again(client, staff):
    assert client.post(UPLOAD).status_code == 422


def test_disk_that_is_full_answers_507_with_the_sentence(client, staff, monkeypatch, portal_files):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = send(client, pdf())
    assert (answer.status_code, answer.json()["again"]) == (507, True)
    assert "no room left" in answer.json()["problem"]
    assert (StoredFile.objects.count(), list(portal_files.iterdir())) == (0, [])


def test_disk_that_is_full_while_the_file_comes_in_answers_the_same(client, staff, monkeypatch):
    def full(*_given, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", full)
    answer = send(client, pdf(content=PDF + bytes(3 * 1024 * 1024)))
    assert answer.status_code == 507


def test_more_than_the_limit_is_not_written_to_the_disk_and_refused(client, staff, monkeypatch):
    written = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
        lambda self, chunk, start: written.append(len(chunk)),
    )
    answer = send(client, pdf(content=PDF + bytes(MAXIMUM_SIZE + 5 * 1024 * 1024)))
    assert "larger than 20 MB" in answer.json()["problem"]
    assert MAXIMUM_SIZE < sum(written) <= MAXIMUM_SIZE + 2 * 64 * 1024


def test_upload_is_a_post_with_the_token(season, staff):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff)
    assert strict.get(UPLOAD).status_code == 405
    assert strict.post(UPLOAD, {"file": pdf()}).status_code == 403
    assert StoredFile.objects.count() == 0


@pytest.fixture
def served_once():
    """The address of a real server that answers one request."""

    def serve():
        server.handle_request()
        connection.close()

    with make_server("127.0.0.1", 0, WSGIHandler()) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.server_address
        thread.join()


def test_upload_cut_at_73_percent_on_the_wire_leaves_nothing(committed_season, served_once, portal_files, client):
    actor = make_actor(committed_season, Role.STAFF, department=department(committed_season))
    client.force_login(User.objects.get(pk=actor.user_id))
    content = make_docx("字" * 3000)
    body = (
        b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n--cut--\r\n"
    )
    token = "x" * 32
    head = (
        f"POST {UPLOAD} HTTP/1.0\r\nHost: localhost\r\nCookie: sessionid={client.cookies['sessionid'].value}; "
        f"csrftoken={token}\r\nX-CSRFToken: {token}\r\nContent-Type: multipart/form-data; boundary=cut\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(served_once) as wire:
        wire.sendall(head.encode() + body[: len(body) * 73 // 100])
        wire.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert b" 422 " in answer.split(b"\r\n", 1)[0]
    assert StoredFile.objects.count() == 0
    assert not portal_files.exists()


# --- looking at what waits


def test_waiting_upload_is_sent_back_to_its_person_alone(client, season, staff):
    stored = upload_of(staff, season, name="病假 条.pdf")
    path = reverse("campaigns:uploaded", args=["2009", stored.uuid])
    answer = client.get(path)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%97%85")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    for role in (Role.HEAD, Role.OFFICE, Role.TEAM_LEAD):
        home = department(season) if role == Role.HEAD else None
        client.force_login(User.objects.get(pk=make_actor(season, role, department=home).user_id))
        assert client.get(path).status_code == 404, role


def test_upload_once_attached_is_reached_through_its_record_alone(client, season, staff):
    stored = upload_of(staff, season)
    StoredFile.objects.update(is_upload=False)
    assert client.get(reverse("campaigns:uploaded", args=["2009", stored.uuid])).status_code == 404


# --- in the plain form


def test_plain_form_attaches_several_files_at_once(client, staff, form_path):
    answer = client.post(form_path, {"files": [pdf("一.pdf"), SimpleUploadedFile("二.jpg", make_picture())]})
    assert answer.status_code == 302
    assert [one.file.name for one in Attachment.objects.all()] == ["一.pdf", "二.jpg"]


def test_good_file_survives_the_bad_one_beside_it(client, staff, form_path):
    answer = client.post(form_path, {"files": [pdf("好.pdf"), SimpleUploadedFile("b.exe", b"MZ")]})
    stored = StoredFile.objects.get()
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'value="{stored.uuid}" checked' in page
    assert "b.exe: Only these files are taken" in page
    assert Attachment.objects.count() == 0
    assert client.post(form_path, {"files": str(stored.uuid)}).status_code == 302
    assert Attachment.objects.get().file == stored


def test_form_without_a_file_says_so(client, staff, form_path):
    assert "Choose a file first." in client.post(form_path).content.decode()


def test_upload_of_somebody_else_is_neither_named_nor_attached(client, season, staff, form_path):
    foreign = upload_of(make_user("other"), season, name="别人的病假条.pdf")
    answer = client.post(form_path, {"files": [str(foreign.uuid), "no uuid"]})
    assert answer.status_code == 200
    assert "别人的病假条" not in answer.content.decode()
    assert "not there any more" in answer.content.decode()
    assert Attachment.objects.count() == 0


def test_files_are_still_there_after_the_session_ended_and_a_new_login(client, season, staff, form_path):
    stored, login = upload_of(staff, season), {"username": staff.username, "password": PASSWORD}
    client.logout()
    client.post(reverse("login"), login)
    client.cookies["django_language"] = "en"
    del client.cookies["sessionid"]
    answer = client.post(form_path, {"files": str(stored.uuid)})
    assert answer["Location"].startswith(reverse("login"))
    client.post(reverse("login"), login)
    assert f'value="{stored.uuid}" checked' in client.get(form_path).content.decode()


def test_field_tells_the_browser_what_to_refuse(client, staff, form_path):
    page = client.get(form_path)
    field = page.context["form"]["files"].field
    assert field.required
    html = page.content.decode()
    assert 'accept="image/*"' in html
    assert " capture" not in html
    assert " multiple" not in html.replace("data-multiple", "")
    assert "js/upload.js" in html
    assert 'data-files-list aria-live="polite"></ul>' in html  # truly empty, or the style sheet draws a line
    assert f'data-upload-url="{UPLOAD}"' in html


def test_field_for_one_file_refuses_a_second(client, season, staff):
    first, second = upload_of(staff, season), upload_of(staff, season, name="b.pdf")
    assert ReplaceFileForm({"files": [str(first.uuid)]}).is_valid()
    form = ReplaceFileForm({"files": [str(first.uuid), str(second.uuid)]})
    assert not form.is_valid()
    assert form.errors.as_data()["files"][0].code == "too_many"


def test_field_names_each_upload_once_and_in_order():
    ids = ["00000000-0000-4000-8000-000000000002", "00000000-0000-4000-8000-000000000001"]
    form = AddFilesForm({"files": [*ids, ids[0]]})
    assert form.is_valid()
    assert [str(uuid) for uuid in form.cleaned_data["files"]] == ids


def test_copy_of_what_was_posted_still_knows_the_uploads(season, staff, rf):
    stored = upload_of(staff, season)
    request = rf.post("/", {"files": str(stored.uuid)})
    request.user, request.campaign = staff, season
    data = posted(request)
    assert [file.name for file in data.copy().uploads("files")] == ["材料.pdf"]
    assert "材料.pdf" in str(AddFilesForm(data.copy())["files"])
