"""Uploads that wait: kept for their person, not without end, and never half."""

import errno
import io
import os

import pytest
from django.db import OperationalError
from django.utils import translation

from qualityseason.errors import Refused
from qualityseason.models import StoredFile
from qualityseason.services import uploads
from qualityseason.services.files import path_of
from qualityseason.services.uploads import take_upload
from tests.campaigns.files_working import PDF, make_picture
from tests.factories import make_user


@pytest.fixture(autouse=True)
def _files(db, portal_files):
    with translation.override("en"):
        yield


@pytest.fixture
def person(db):
    return make_user("uploader")


def take(person, content=PDF, name="材料.pdf", **options):
    return take_upload(io.BytesIO(content), name, by_id=person.pk, campaign_id=1, **options)


def waiting(person, number, *, size=10):
    StoredFile.objects.bulk_create(
        StoredFile(sha256=f"{n:064}", name="a.pdf", media_type="", size=size, stored_by=person, is_upload=True)
        for n in range(number)
    )


def test_upload_waits_for_its_person(person):
    stored = take(person)
    assert (stored.is_upload, stored.stored_by, stored.campaign_id, stored.name) == (True, person, 1, "材料.pdf")
    assert path_of(stored).read_bytes() == PDF


def test_name_is_stored_tidy(person):
    assert take(person, name="../../etc/甲\u202e\x00" + "乙" * 300 + ".pdf").name == "甲" + "乙" * 115 + ".pdf"


def test_refused_file_leaves_nothing(person, portal_files):
    with pytest.raises(Refused):
        take(person, b"MZ", "方案.docx")
    assert StoredFile.objects.count() == 0
    assert not portal_files.exists()


def test_picture_is_kept_as_it_was_written_anew(person):
    stored = take(person, make_picture("PNG"), "照片.jpg")
    assert (stored.name, stored.media_type) == ("照片.png", "image/png")
    assert stored.size == path_of(stored).stat().st_size


def test_sixty_files_may_wait_and_the_next_is_refused_with_the_remedy(person):
    waiting(person, 59)
    take(person)
    with pytest.raises(Refused, match="60 files you have uploaded wait") as refused:
        take(person)
    assert refused.value.refusal_code == "waiting"


def test_size_of_what_waits_is_limited(person):
    waiting(person, 1, size=uploads.MAXIMUM_WAITING_SIZE + 1)
    with pytest.raises(Refused, match="wait to be attached"):
        take(person)


def test_what_others_upload_or_have_attached_does_not_count(person):
    waiting(make_user("other"), 60)
    waiting(person, 60)
    StoredFile.objects.filter(stored_by=person).update(is_upload=False)
    take(person)


def test_disk_that_is_full_is_a_sentence_and_leaves_nothing(person, portal_files, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="no room left") as refused:
        take(person)
    assert refused.value.refusal_code == "disk_full"
    assert StoredFile.objects.count() == 0
    assert [path for path in portal_files.rglob("*") if path.is_file()] == []


def test_database_without_room_is_the_same_sentence(person, monkeypatch):
    def full(**_values):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(StoredFile.objects, "create", full)
    with pytest.raises(Refused, match="no room left"):
        take(person)


def test_other_trouble_of_the_disk_is_not_told_as_a_full_one(person, monkeypatch):
    def broken(_handle):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        take(person)


def test_same_content_of_two_people_is_one_blob_and_two_rows(person, portal_files):
    first, second = take(person), take(make_user("other"), name="别名.pdf")
    assert (first.sha256, first.pk != second.pk) == (second.sha256, True)
    assert len([path for path in portal_files.rglob("*") if path.is_file()]) == 1
    first.delete()
    assert path_of(second).read_bytes() == PDF
