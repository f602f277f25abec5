"""Files in their places: attached once, replaced with the earlier version kept, removed with the row kept."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from campaigns.enums import Role
from campaigns.models import Attachment
from campaigns.queries.attachments import files_of
from campaigns.services import attachments
from campaigns.services.attachments import attach_uploads, remove_attachment, replace_attachment
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, StoredFile, User
from qualityseason.services.files import path_of
from tests.campaigns.files_working import PDF, make_picture, make_session, upload_of
from tests.factories import NOON, department, make_actor, make_user

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _files(portal_files):
    with translation.override("en"):
        yield


@pytest.fixture
def actor(season):
    return make_actor(season, Role.STAFF, department=department(season))


@pytest.fixture
def person(actor):
    return User.objects.get(pk=actor.user_id)


@pytest.fixture
def session(season, person):
    return make_session(season, person)


def attach(session, *uploads, by, at=NOON, slot="", **options):
    return attach_uploads(
        [stored.uuid for stored in uploads],
        campaign_id=session.campaign_id,
        department_id=session.department_id,
        owner_kind="study-session",
        owner_uuid=session.uuid,
        slot=slot,
        by_id=by.pk,
        at=at,
        **options,
    )


def shown(actor, season, session):
    return files_of(actor, "study-session", [session.uuid], campaign=season).get(session.uuid, ())


def test_uploads_are_attached_in_order_and_wait_no_longer(season, person, session):
    first, second = upload_of(person, season, name="乙.pdf"), upload_of(person, season, make_picture(), "甲.jpg")
    made = attach(session, first, second, by=person)
    assert [(one.file.name, one.version, one.added_by, one.added_at) for one in made] == [
        ("乙.pdf", 1, person, NOON),
        ("甲.jpg", 1, person, NOON),
    ]
    assert not StoredFile.objects.filter(is_upload=True).exists()


def test_attaching_is_in_the_log(season, person, session):
    [made] = attach(session, upload_of(person, season), by=person, slot="sign-in")
    entry = AuditEntry.objects.get(act="file.attach")
    assert (entry.by, entry.department_id, entry.campaign_at) == (person, session.department_id, NOON)
    assert entry.after == {
        "owner": f"study-session {session.uuid}",
        "slot": "sign-in",
        "name": "材料.pdf",
        "sha256": made.file.sha256,
    }


def test_form_sent_twice_attaches_once(season, person, session):
    stored = upload_of(person, season)
    [first] = attach(session, stored, by=person)
    assert attach(session, stored, stored, by=person) == [first, first]
    assert Attachment.objects.count() == 1
    assert AuditEntry.objects.filter(act="file.attach").count() == 1


def test_plain_form_sent_twice_uploads_twice_and_attaches_once(season, person, session):
    [first] = attach(session, upload_of(person, season), by=person)
    again = upload_of(person, season)
    assert attach(session, again, by=person) == [first]
    again.refresh_from_db()
    assert again.is_upload  # waits for the sweep


def test_same_content_under_another_name_or_in_another_slot_is_attached(season, person, session):
    attach(session, upload_of(person, season), by=person)
    attach(session, upload_of(person, season, name="别名.pdf"), by=person)
    attach(session, upload_of(person, season), by=person, slot="sign-in")
    assert Attachment.objects.count() == 3


def test_file_removed_before_may_be_attached_again(season, person, session):
    [first] = attach(session, upload_of(person, season), by=person)
    remove_attachment(first, by_id=person.pk, at=NOON)
    [second] = attach(session, upload_of(person, season), by=person)
    assert second.pk != first.pk


def test_upload_of_somebody_else_is_not_there(season, person, session):
    foreign = upload_of(make_user("other"), season)
    with pytest.raises(Refused, match="not there any more") as refused:
        attach(session, foreign, by=person)
    assert refused.value.field == "files"
    foreign.refresh_from_db()
    assert foreign.is_upload


def test_upload_attached_elsewhere_is_refused(season, person, session):
    stored = upload_of(person, season)
    attach(session, stored, by=person)
    with pytest.raises(Refused, match="attached elsewhere"):
        attach(make_session(season, person, topic="另一次"), stored, by=person)


def test_one_bad_upload_attaches_none(season, person, session):
    good, gone = upload_of(person, season), upload_of(person, season, name="别名.pdf")
    gone.delete()
    with pytest.raises(Refused):
        attach(session, good, gone, by=person)
    good.refresh_from_db()
    assert (Attachment.objects.count(), good.is_upload) == (0, True)


def test_space_of_a_department_is_limited_and_another_has_its_own(season, person, session, monkeypatch):
    monkeypatch.setattr(attachments, "MAXIMUM_OF_DEPARTMENT", 2 * len(PDF))
    [first] = attach(session, upload_of(person, season), by=person)
    attach(session, upload_of(person, season, name="二.pdf"), by=person)
    remove_attachment(first, by_id=person.pk, at=NOON)
    third = upload_of(person, season, name="三.pdf")
    with pytest.raises(Refused, match="三") as refused:
        attach(session, third, by=person)
    assert refused.value.refusal_code == "full"
    attach(make_session(season, person, home="体育部"), third, by=person)


# --- versions


def test_replaced_file_is_the_earlier_version_and_stays_readable(season, actor, person, session):
    [first] = attach(session, upload_of(person, season), by=person, slot="sign-in")
    second = replace_attachment(
        first, upload_of(person, season, make_picture(), "新.jpg").uuid, by_id=person.pk, at=LATER
    )
    third = replace_attachment(
        second, upload_of(person, season, PDF + b"\n", "更新.pdf").uuid, by_id=person.pk, at=LATER
    )
    assert (third.version, third.replaces, third.slot) == (3, second, "sign-in")
    [file] = shown(actor, season, session)
    assert (file.name, file.version, file.added_at) == ("更新.pdf", 3, LATER)
    assert [(one.name, one.version) for one in file.earlier] == [("新.jpg", 2), ("材料.pdf", 1)]
    assert path_of(first.file).read_bytes() == PDF


def test_replacing_what_somebody_else_has_replaced_is_refused_and_loses_neither(season, person, session):
    [first] = attach(session, upload_of(person, season), by=person)
    theirs = upload_of(person, season, make_picture(), "他.jpg")
    replace_attachment(first, theirs.uuid, by_id=person.pk, at=NOON)
    mine = upload_of(person, season, make_picture("PNG"), "我.png")
    with pytest.raises(Refused, match="meanwhile"):
        replace_attachment(first, mine.uuid, by_id=person.pk, at=NOON)
    mine.refresh_from_db()
    assert mine.is_upload


def test_replacing_sent_twice_is_one_version(season, person, session):
    [first] = attach(session, upload_of(person, season), by=person)
    upload = upload_of(person, season, make_picture(), "新.jpg").uuid
    second = replace_attachment(first, upload, by_id=person.pk, at=NOON)
    assert replace_attachment(first, upload, by_id=person.pk, at=NOON) == second
    assert Attachment.objects.count() == 2


def test_removed_file_is_not_replaced(season, person, session):
    [first] = attach(session, upload_of(person, season), by=person)
    remove_attachment(first, by_id=person.pk, at=NOON)
    with pytest.raises(Refused, match="meanwhile"):
        replace_attachment(first, upload_of(person, season, make_picture(), "新.jpg").uuid, by_id=person.pk, at=NOON)


def test_removed_file_keeps_row_and_content_and_is_shown_no_more(season, actor, person, session):
    [made] = attach(session, upload_of(person, season), by=person)
    for _time in range(2):
        remove_attachment(made, by_id=person.pk, at=LATER)
    made.refresh_from_db()
    assert (made.removed_by, made.removed_at) == (person, LATER)
    assert path_of(made.file).read_bytes() == PDF
    assert shown(actor, season, session) == ()
    assert AuditEntry.objects.filter(act="file.remove").count() == 1


# --- who sees what


def test_files_of_shows_records_one_sees_alone(season, actor, person, session):
    foreign = make_session(season, person, home="体育部")
    attach(session, upload_of(person, season), by=person)
    attach(foreign, upload_of(person, season, name="别.pdf"), by=person)
    asked = [session.uuid, foreign.uuid]
    found = files_of(actor, "study-session", asked, campaign=season)
    assert {uuid: [file.name for file in files] for uuid, files in found.items()} == {session.uuid: ["材料.pdf"]}
    office = make_actor(season, Role.OFFICE)
    assert set(files_of(office, "study-session", asked, campaign=season)) == set(asked)


@pytest.mark.parametrize("number", [1, 3])
def test_files_of_asks_two_queries_at_any_size(season, actor, person, session, number, django_assert_num_queries):
    sessions = [session, *(make_session(season, person, topic=f"{n}") for n in range(number - 1))]
    for one in sessions:
        for n in range(number):
            [made] = attach(one, upload_of(person, season, name=f"{one.pk}-{n}.pdf"), by=person)
            replace_attachment(
                made, upload_of(person, season, name=f"新{one.pk}-{n}.pdf").uuid, by_id=person.pk, at=NOON
            )
    with django_assert_num_queries(2):
        found = files_of(actor, "study-session", [one.uuid for one in sessions], campaign=season)
    assert [len(files) for files in found.values()] == [number] * number


# --- two at once


def test_upload_attached_by_two_requests_at_once_is_attached_once(committed_season, portal_files):
    person = make_user("twice")
    session = make_session(committed_season, person)
    stored = upload_of(person, committed_season)
    ready, made = threading.Barrier(2), []

    def send():
        ready.wait()
        try:
            made.append(attach(session, stored, by=person)[0].pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _thread in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert len(set(made)) == Attachment.objects.count() == 1
    Attachment.objects.all().delete()
