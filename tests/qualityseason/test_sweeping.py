"""Sweeping the store: what nobody needs goes, what somebody needs stays, whoever comes in between."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from qualityseason.models import Job, PageImage, Rendition, StoredFile
from qualityseason.services import sweeping
from qualityseason.services.files import path_of, store_file
from qualityseason.services.sweeping import Swept, sweep_files
from tests.factories import NOON, make_user

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD = NOW - timedelta(hours=25)


@pytest.fixture(autouse=True)
def _files(db, portal_files):
    """Every test here keeps files of its own."""


def store(content=b"content", *, age=timedelta(hours=25), is_upload=True):
    """Return a stored file of that age, its content too."""
    stored = store_file([content], name="a.pdf", media_type="", by_id=None, is_upload=is_upload)
    StoredFile.objects.filter(pk=stored.pk).update(stored_at=NOW - age)
    grow_old(path_of(stored), age)
    return stored


def grow_old(path, age=timedelta(hours=25)):
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))


def contents(folder):
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_upload_nobody_attached_for_a_day_goes_with_its_content(portal_files):
    store(b"12345")
    assert sweep_files(at=NOW) == Swept(uploads=1, contents=1, bytes=5)
    assert (StoredFile.objects.count(), contents(portal_files)) == (0, [])


def test_young_upload_and_attached_file_stay(portal_files):
    store(b"young", age=timedelta(hours=23))
    store(b"attached", is_upload=False)
    assert sweep_files(at=NOW) == Swept()
    assert contents(portal_files) == [b"attached", b"young"]


def test_content_two_rows_share_stays_until_both_are_gone(portal_files):
    store(b"same")
    other = store(b"same", is_upload=False)
    assert sweep_files(at=NOW) == Swept(uploads=1)
    assert path_of(other).read_bytes() == b"same"
    other.delete()
    assert sweep_files(at=NOW) == Swept(contents=1, bytes=4)


@pytest.mark.parametrize("model", ["page", "job"])
def test_upload_something_points_at_stays(model):
    stored = store()
    if model == "page":
        rendition = Rendition.objects.create(sha256=stored.sha256, asked_at=NOON)
        PageImage.objects.create(rendition=rendition, number=1, file=stored, width=1, height=1)
    else:
        Job.objects.create(kind="test", asked_by=make_user(), asked_at=NOON, file=stored)
    assert sweep_files(at=NOW).uploads == 0
    assert StoredFile.objects.filter(pk=stored.pk).exists()


def test_content_without_a_row_goes_after_an_hour_and_not_before(portal_files):
    stored = store(b"alone", age=timedelta(minutes=59), is_upload=False)
    stored.delete()
    assert sweep_files(at=NOW) == Swept()
    grow_old(portal_files / stored.sha256[:2] / stored.sha256, timedelta(minutes=61))
    assert sweep_files(at=NOW) == Swept(contents=1, bytes=5)


def test_halves_of_broken_writes_go_and_running_ones_stay(portal_files):
    portal_files.mkdir(parents=True)
    for name, age in (("partial-old", 61), ("tmpold", 61), ("partial-new", 59), ("something-else", 9999)):
        (portal_files / name).write_bytes(b"half")
        grow_old(portal_files / name, timedelta(minutes=age))
    assert sweep_files(at=NOW) == Swept(halves=2, bytes=8)
    assert sorted(path.name for path in portal_files.iterdir()) == ["partial-new", "something-else"]


def test_store_that_does_not_exist_yet_is_no_trouble():
    assert sweep_files(at=NOW) == Swept()


def test_same_content_stored_while_it_is_swept_is_put_back(portal_files, monkeypatch):
    """Somebody uploads the very content between the look at it and its deletion."""
    stored = store(b"again", is_upload=False)
    place = path_of(stored)
    stored.delete()
    rename = Path.rename

    def stored_meanwhile(path, target):
        if path == place:
            store_file([b"again"], name="b.pdf", media_type="", by_id=None)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stored_meanwhile)
    assert sweep_files(at=NOW).contents == 0
    assert path_of(StoredFile.objects.get()).read_bytes() == b"again"


def test_content_stored_anew_after_it_was_put_aside_is_not_touched(monkeypatch):
    stored = store(b"again", is_upload=False)
    stored.delete()
    settle = sweeping._settle

    def stored_meanwhile(aside, before, swept):
        store_file([b"again"], name="b.pdf", media_type="", by_id=None)
        return settle(aside, before, swept)

    monkeypatch.setattr(sweeping, "_settle", stored_meanwhile)
    sweep_files(at=NOW)
    assert path_of(StoredFile.objects.get()).read_bytes() == b"again"


@pytest.mark.parametrize("has_row", [True, False])
def test_what_a_crash_left_aside_is_settled_by_the_next_sweep(portal_files, has_row):
    stored = store(b"aside", is_upload=False)
    place = path_of(stored)
    place.rename(place.with_name(place.name + ".aside"))
    if not has_row:
        stored.delete()
    assert sweep_files(at=NOW).contents == (0 if has_row else 1)
    assert contents(portal_files) == ([b"aside"] if has_row else [])
    assert place.exists() is has_row


def test_upload_attached_while_the_sweep_runs_stays(monkeypatch):
    stored = store()
    old_uploads = sweeping._old_uploads

    def attached_meanwhile(at):
        found = list(old_uploads(at))
        StoredFile.objects.filter(pk=stored.pk).update(is_upload=False)
        return found

    monkeypatch.setattr(sweeping, "_old_uploads", attached_meanwhile)
    assert sweep_files(at=NOW) == Swept()


def test_command_tells_how_much_went(capsys, settings):
    settings.LANGUAGE_CODE = "en"
    store_file([b"young"], name="a.pdf", media_type="", by_id=None, is_upload=True)
    call_command("sweep_files")
    assert StoredFile.objects.count() == 1
    assert "0" in capsys.readouterr().out
