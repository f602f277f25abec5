"""The store: content once, whole or not at all, under a harmless name."""

import errno
import hashlib
import os

import pytest

from qualityseason.models import StoredFile
from qualityseason.services.files import path_of, safe_name, store_file


def store(*chunks, name="名单.xlsx"):
    return store_file(chunks, name=name, media_type="text/plain", by_id=None)


def test_store_file_keeps_content_under_its_sum(db, portal_files):
    stored = store(b"one ", b"two")
    assert path_of(stored).read_bytes() == b"one two"
    assert (stored.sha256, stored.size, stored.name) == (hashlib.sha256(b"one two").hexdigest(), 7, "名单.xlsx")
    assert path_of(stored).is_relative_to(portal_files)


def test_same_content_twice_is_one_blob_and_two_rows(db, portal_files):
    first, second = store(b"same"), store(b"same", name="other.txt")
    assert path_of(first) == path_of(second)
    assert first.uuid != second.uuid
    assert len([path for path in portal_files.rglob("*") if path.is_file()]) == 1


def test_upload_that_breaks_off_leaves_nothing(db, portal_files):
    def breaking():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store_file(breaking(), name="x", media_type="", by_id=None)
    assert [path for path in portal_files.rglob("*") if path.is_file()] == []
    assert StoredFile.objects.count() == 0


def test_empty_file_is_stored(db, portal_files):
    assert (store().size, path_of(store()).read_bytes()) == (0, b"")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\名单.xlsx", "名单.xlsx"),
        ("a\r\nb.txt", "a b.txt"),
        ("evil\u202exslx.exe", "evilxslx.exe"),
        ("", "file"),
        ("///", "file"),
        ("无后缀", "无后缀"),
        ("a\x00b.pdf", "ab.pdf"),
        ("方案（定稿）．docx", "方案（定稿）.docx"),
        ("甲／乙.docx", "甲／乙.docx"),
        ("x.a／b", "x.ab"),
        ("\u2067\u061c方案.docx\u2069", "方案.docx"),
    ],
)
def test_safe_name_has_no_folder_and_no_trick(given, kept):
    assert safe_name(given) == kept


def test_safe_name_is_cut_before_its_ending():
    assert safe_name("甲" * 300 + ".xlsx") == "甲" * 115 + ".xlsx"
    assert safe_name("甲" * 300) == "甲" * 120


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_disk_that_is_full_leaves_nothing_half_written(db, portal_files, monkeypatch, call):
    store(b"there before")

    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(OSError, match="No space left"):
            store(b"half")
    kept = [path for path in portal_files.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept if path.name == hashlib.sha256(b"there before").hexdigest()]
    assert not [path for path in kept if path.name.startswith("partial-")]
    assert StoredFile.objects.count() == 1


def test_content_is_on_the_disk_before_its_row_is_written(db, portal_files, monkeypatch):
    seen = []
    create = StoredFile.objects.create

    def looking(**values):
        seen.append((portal_files / values["sha256"][:2] / values["sha256"]).read_bytes())
        return create(**values)

    monkeypatch.setattr(StoredFile.objects, "create", looking)
    store(b"durable")
    assert seen == [b"durable"]
