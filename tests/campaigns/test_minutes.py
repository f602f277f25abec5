"""The minutes of a study session: drafts, what they lack, the scan, two people at once; service and page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Attachment, StudySession
from campaigns.queries.session_page import LACKING
from campaigns.services.minutes import MinutesDraft, keep_minutes, minutes_mark
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.session_working import (
    FIRST,
    HOME,
    NOW,
    announced,
    liaison,
    make_upload,
    owed,
    signed_in,
)
from tests.factories import PASSWORD

COMPLETE = MinutesDraft(held=True, main_content="学习方案", discussion="人人发言")


@pytest.fixture
def person(season):
    return liaison(season)


@pytest.fixture
def session(season, person):
    return announced(season, FIRST, by=person)


def keep(session, draft, person, **values):
    return keep_minutes(session, draft, by_id=person.pk, at=values.pop("now", NOW), **values)


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({}, ()),
        ({"held": None}, ("held",)),
        ({"main_content": " "}, ("main-content",)),
        ({"discussion": ""}, ("discussion",)),
        ({"held": False, "discussion": ""}, ()),
        ({"discussion": "", "discussion_pages": "第3页"}, ("scan",)),
    ],
)
def test_incomplete_minutes_are_a_draft_and_meet_nothing(season, session, person, changes, lacking):
    assert keep(session, replace(COMPLETE, **changes), person) == lacking
    session.refresh_from_db()
    assert (session.minuted_at, session.minuted_by) == ((None, None) if lacking else (NOW, person))
    assert owed(season).met_at == (None if lacking else FIRST)


def test_page_of_an_attached_scan_answers_a_part(season, session, person):
    scan = make_upload(person, "scan", "纪要.pdf")
    draft = MinutesDraft(held=True, main_content_pages="１", discussion_pages="见第2—4页")
    assert keep(session, draft, person, scans=[scan]) == ()
    session.refresh_from_db()
    assert (session.main_content_pages, session.discussion_pages) == ("1", "2-4")
    attachment = Attachment.objects.get()
    assert (attachment.owner_kind, attachment.owner_uuid, attachment.slot) == (
        "study-session",
        session.uuid,
        "minutes",
    )
    keep(session, draft, person, scans=[scan])  # the form sent twice
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"main_content_pages": "封面"}, "main_content_pages"),
        ({"discussion_pages": "5-3"}, "discussion_pages"),
        ({"discussion_pages": "、".join(str(page) for page in range(100, 140))}, "discussion_pages"),
        ({"discussion": "字" * 20_001}, "discussion"),
    ],
)
def test_nonsense_in_minutes_is_refused(season, session, person, changes, field):
    with pytest.raises(Refused) as refusal:
        keep(session, replace(COMPLETE, **changes), person)
    assert refusal.value.field == field
    session.refresh_from_db()
    assert (session.main_content, session.minuted_at) == ("", None)


def test_minutes_are_written_after_the_session_began(season, session, person):
    with pytest.raises(Refused) as refusal:
        keep(session, COMPLETE, person, now=FIRST - timedelta(minutes=1))
    assert refusal.value.refusal_code == "ahead"
    assert keep(session, COMPLETE, person, now=FIRST) == ()


def test_completed_minutes_keep_their_moment_and_lose_it_with_a_part(season, session, person):
    keep(session, COMPLETE, person)
    keep(session, replace(COMPLETE, discussion="补充"), person, now=NOW + timedelta(days=1))
    session.refresh_from_db()
    assert (session.minuted_at, session.discussion) == (NOW, "补充")
    keep(session, replace(COMPLETE, discussion=""), person, now=NOW + timedelta(days=2))
    session.refresh_from_db()
    assert (session.minuted_at, owed(season).met_at) == (None, None)


def test_stale_minutes_are_refused_and_the_same_twice_is_one_entry(season, session, person):
    seen = minutes_mark(session)
    keep(session, COMPLETE, person, seen=seen)
    with pytest.raises(Refused) as refusal:
        keep(session, replace(COMPLETE, discussion="另一份"), person, seen=seen)
    assert refusal.value.refusal_code == "stale"
    session.refresh_from_db()
    assert session.discussion == "人人发言"
    keep(session, COMPLETE, person)
    assert AuditEntry.objects.filter(act="session.minutes").count() == 1


def test_a_file_of_somebody_else_leaves_the_minutes_unwritten(season, session, person):
    with pytest.raises(Refused):
        keep(session, COMPLETE, person, scans=[make_upload(liaison(season))])
    session.refresh_from_db()
    assert (session.main_content, Attachment.objects.count()) == ("", 0)


# --- the page


def page(session):
    return reverse("campaigns:session-minutes", args=["2009", session.uuid])


def form(response, **values):
    typed = {"held": "yes", "main_content": "学习方案", "main_content_pages": "", "discussion": "", "files": ""}
    return typed | {"discussion_pages": "", "version": response.context["version"]} | values


@pytest.fixture
def own(client, season, portal_files):
    return signed_in(client, season, Role.STAFF, HOME)


def test_page_prompts_saves_a_draft_and_says_what_is_missing(client, season, session, own):
    response = client.get(page(session))
    assert "提高管理怎么抓？" in response.content.decode()
    saved = client.post(page(session), form(response), follow=True)
    assert saved.context["lacking"] == ["the discussion"]
    assert "学习方案" in saved.content.decode()
    done = client.post(page(session), form(saved, discussion="人人发言"))
    assert done.url == reverse("campaigns:session", args=["2009", session.uuid])
    assert owed(season).met_at == FIRST


def test_typing_survives_an_error_and_a_stale_sending_shows_both(client, season, session, own, person):
    response = client.get(page(session))
    wrong = client.post(page(session), form(response, discussion="我的话", discussion_pages="封面"))
    assert "discussion_pages" in wrong.context["form"].errors
    assert "我的话" in wrong.content.decode()
    keep(session, replace(COMPLETE, discussion="别人的话"), person)
    stale = client.post(page(session), form(response, discussion="我的话"))
    text = stale.content.decode()
    assert "我的话" in text
    assert "别人的话" in text
    assert client.post(page(session), form(stale, discussion="我的话")).status_code == 302
    assert StudySession.objects.get().discussion == "我的话"


def test_typing_survives_a_lost_session(client, season, session, own):
    signing_in = {"username": own.username, "password": PASSWORD}
    del client.cookies["sessionid"]
    client.post(reverse("login"), signing_in)
    typed = form(client.get(page(session)), discussion="还没存的话")
    del client.cookies["sessionid"]
    lost = client.post(page(session), typed)
    client.post(lost.url, signing_in)
    back = client.get(page(session))
    assert back.context["form"]["discussion"].value() == "还没存的话"
    assert back.context["version"] == typed["version"]


def test_scan_comes_with_the_plain_form(client, season, session, own):
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = client.get(page(session))
    pdf = SimpleUploadedFile("a.exe", b"MZ", content_type="application/pdf")
    refused = client.post(page(session), form(response, discussion="我的话", files=pdf))
    assert "files" in refused.context["form"].errors
    assert "我的话" in refused.content.decode()
    assert StudySession.objects.get().discussion == ""


def test_session_page_says_when_the_scan_is_taken_away_from_complete_minutes(client, season, session, own):
    draft = replace(COMPLETE, discussion="", discussion_pages="3-5")
    assert keep(session, draft, own, scans=[make_upload(own)]) == ()
    here = reverse("campaigns:session", args=["2009", session.uuid])
    shown = client.get(here)
    assert shown.context["page"].lacking == ()
    Attachment.objects.update(removed_at=NOW, removed_by=own)  # from before that was refused
    for where in (here, page(session)):
        assert str(LACKING["scan"]) in client.get(where).content.decode()
    session.refresh_from_db()
    assert session.minuted_at == NOW  # they were complete then; saving them again makes them a draft
