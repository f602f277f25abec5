"""The addresses of attached files: who gets what, and what a private slip betrays to nobody."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from campaigns.enums import Role
from campaigns.models import Attachment, Attendance, Interest, Proposal
from campaigns.queries.actors import load_actor
from campaigns.queries.attachments import files_of
from campaigns.services.attachments import attach_uploads
from qualityseason.models import AuditEntry, User
from tests.campaigns.files_working import PDF, make_picture, make_session, upload_of
from tests.factories import NOON, department, make_actor, make_person

OWN, OTHER = "图书馆", "体育部"


@pytest.fixture(autouse=True)
def _files(portal_files):
    """Every test here keeps files of its own."""


@pytest.fixture
def people(season):
    """Users by who they are."""
    actors = {
        "uploader": make_actor(season, Role.STAFF, department=department(season, OWN)),
        "own head": make_actor(season, Role.HEAD, department=department(season, OWN)),
        "own staff": make_actor(season, Role.STAFF, department=department(season, OWN)),
        "other head": make_actor(season, Role.HEAD, department=department(season, OTHER)),
        "office": make_actor(season, Role.OFFICE),
        "assessor": make_actor(season, Role.ASSESSOR),
        "team lead": make_actor(season, Role.TEAM_LEAD),
        "leadership": make_actor(season, Role.LEADERSHIP),
        "interested": make_actor(season, Role.ASSESSOR),
    }
    found = {who: User.objects.get(pk=actor.user_id) for who, actor in actors.items()}
    Interest.objects.create(
        campaign=season,
        user=found["interested"],
        department=department(season, OWN),
        reason="亲属",
        starts_on=season.facts_from,
    )
    return found


@pytest.fixture
def session(season, people):
    return make_session(season, people["uploader"])


def attach(record, person, season, *, kind="study-session", slot="", content=PDF, name="材料.pdf"):
    [made] = attach_uploads(
        [upload_of(person, season, content, name).uuid],
        campaign_id=season.pk,
        department_id=department(season, OWN).pk,
        owner_kind=kind,
        owner_uuid=record.uuid,
        slot=slot,
        by_id=person.pk,
        at=NOON,
    )
    return made


@pytest.fixture
def slip(season, people, session):
    """The leave slip of a person, uploaded by the liaison."""
    leave = Attendance.objects.create(session=session, person=make_person(season), status="sick")
    return attach(leave, people["uploader"], season, kind="attendance", slot="slip", name="病假条.pdf")


def url(name, attachment):
    return reverse(f"campaigns:{name}", args=["2009", attachment.uuid])


def status(client, person, method, name, attachment):
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return getattr(client, method)(url(name, attachment)).status_code


# --- ordinary files


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("uploader", 200),
        ("own staff", 200),
        ("own head", 200),
        ("office", 200),
        ("assessor", 200),
        ("leadership", 200),
        ("interested", 200),
        ("other head", 404),
    ],
)
def test_file_is_sent_to_who_sees_its_record(client, season, people, session, who, expected):
    made = attach(session, people["uploader"], season)
    assert status(client, people[who], "get", "attachment", made) == expected


def test_file_is_sent_as_an_attachment_that_nothing_keeps(client, season, people, session):
    made = attach(session, people["uploader"], season, content=make_picture(), name="签到 表（1）.jpg")
    client.force_login(people["own head"])
    answer = client.get(url("attachment", made))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%AD%BE%E5%88%B0%20")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_equal_content_of_two_departments_betrays_nothing(client, season, people, session):
    made = attach(session, people["uploader"], season)
    foreign = make_session(season, people["other head"], home=OTHER)
    theirs = attach(foreign, people["other head"], season)
    assert made.file.sha256 == theirs.file.sha256
    assert status(client, people["other head"], "get", "attachment", theirs) == 200
    assert status(client, people["other head"], "get", "attachment", made) == 404
    assert status(client, people["own head"], "get", "attachment", theirs) == 404


def test_removed_file_is_no_longer_sent(client, season, people, session):
    made = attach(session, people["uploader"], season)
    client.force_login(people["uploader"])
    assert client.get(url("attachment-remove", made)).status_code == 200
    assert client.get(url("attachment", made)).status_code == 200  # asking removes nothing
    for _time in range(2):  # the button pressed twice
        assert client.post(url("attachment-remove", made)).status_code == 302
    for who in ("uploader", "own head", "office"):
        assert status(client, people[who], "get", "attachment", made) == 404


def test_earlier_versions_of_a_removed_file_are_no_longer_sent(client, season, people, session):
    first = attach(session, people["uploader"], season)
    client.force_login(people["uploader"])
    newer = upload_of(people["uploader"], season, make_picture(), "a.jpg")
    client.post(url("attachment-replace", first), {"files": str(newer.uuid)})
    assert client.get(url("attachment", first)).status_code == 200
    client.post(url("attachment-remove", Attachment.objects.get(replaces=first)))
    assert client.get(url("attachment", first)).status_code == 404


def test_content_that_is_missing_is_told_to_the_log_and_not_found(
    client, season, people, session, portal_files, caplog
):
    made = attach(session, people["uploader"], season)
    (portal_files / made.file.sha256[:2] / made.file.sha256).unlink()
    assert status(client, people["uploader"], "get", "attachment", made) == 404
    assert "is missing" in caplog.text


def test_file_whose_record_is_gone_does_not_exist(client, season, people, session):
    made = attach(session, people["uploader"], season)
    session.delete()
    assert status(client, people["office"], "get", "attachment", made) == 404


# --- private slips


@pytest.mark.parametrize(
    ("who", "by_get", "page", "by_post"),
    [
        ("uploader", 200, 200, 200),
        ("own head", 200, 200, 200),
        ("own staff", 404, 404, 404),
        ("other head", 404, 404, 404),
        ("office", 404, 404, 404),
        ("assessor", 404, 200, 200),
        ("team lead", 404, 200, 200),
        ("leadership", 404, 404, 404),
        ("interested", 404, 404, 404),
    ],
)
def test_slip_opens_to_few_and_to_the_team_on_a_logged_click(client, people, slip, who, by_get, page, by_post):
    assert status(client, people[who], "get", "attachment", slip) == by_get
    assert status(client, people[who], "get", "attachment-open", slip) == page
    assert AuditEntry.objects.filter(act="file.open-private").count() == 0
    assert status(client, people[who], "post", "attachment-open", slip) == by_post
    logged = AuditEntry.objects.filter(act="file.open-private")
    assert [entry.by for entry in logged] == ([people[who]] if (by_get, by_post) == (404, 200) else [])


@pytest.mark.parametrize("who", ["own staff", "office", "leadership", "other head"])
def test_slip_one_may_not_open_answers_as_one_that_does_not_exist(client, people, slip, who):
    client.force_login(people[who])
    nothing = Attachment(uuid=uuid.uuid4())
    for name in ("attachment", "attachment-open", "attachment-replace", "attachment-remove", "attachment-pages"):
        for method in ("get", "post"):
            answer = getattr(client, method)(url(name, slip))
            assert answer.status_code == getattr(client, method)(url(name, nothing)).status_code, (name, method)
            assert "病假条" not in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("uploader", ["病假条.pdf"]),
        ("own head", ["病假条.pdf"]),
        ("assessor", ["假条.pdf"]),  # its own name only on the logged click
        ("own staff", []),
        ("office", []),
        ("leadership", []),
        ("interested", []),
    ],
)
def test_slip_stands_in_the_list_of_who_may_open_it_alone(season, people, slip, who, names):
    actor = load_actor(people[who], season, on=NOON.date())
    files = files_of(actor, "attendance", [slip.owner_uuid], campaign=season).get(slip.owner_uuid, ())
    assert [file.name for file in files] == names
    for file in files:
        assert bool(file.open_url) is (who == "assessor")
        assert bool(file.url) is (who != "assessor")


# --- changing


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("own staff", 302),
        ("own head", 302),
        ("office", 302),
        ("assessor", 403),
        ("leadership", 403),
        ("other head", 404),
    ],
)
def test_files_are_added_by_who_may_change_the_record(client, season, people, session, who, expected):
    client.force_login(people[who])
    path = reverse("campaigns:attachment-add", args=["2009", "study-session", session.uuid])
    answer = client.post(f"{path}?slot=sign-in", {"files": str(upload_of(people[who], season).uuid)})
    assert answer.status_code == expected
    assert list(Attachment.objects.values_list("slot", flat=True)) == (["sign-in"] if expected == 302 else [])
    if expected == 302:
        assert answer["Location"] == reverse("campaigns:session", args=["2009", session.uuid])


@pytest.mark.parametrize("name", ["attachment-replace", "attachment-remove"])
@pytest.mark.parametrize(
    ("who", "expected"), [("own head", 302), ("office", 302), ("assessor", 403), ("other head", 404)]
)
def test_files_are_replaced_and_removed_by_who_may_change_the_record(
    client, season, people, session, name, who, expected
):
    made = attach(session, people["uploader"], season)
    client.force_login(people[who])
    answer = client.post(url(name, made), {"files": str(upload_of(people[who], season, make_picture(), "b.jpg").uuid)})
    assert answer.status_code == expected
    made.refresh_from_db()
    changed = made.removed_at is not None or Attachment.objects.filter(replaces=made).exists()
    assert changed is (expected == 302)


def test_file_refused_without_a_script_is_told_alone_and_not_asked_for_besides(client, people, session):
    client.force_login(people["uploader"])
    page = reverse("campaigns:attachment-add", args=["2009", "study-session", session.uuid])
    answer = client.post(page, {"files": SimpleUploadedFile("旧方案.doc", b"\xd0\xcf\x11\xe0")})
    [sentence] = answer.context["form"].errors["files"]
    assert sentence.startswith("旧方案.doc")
    assert list(client.post(page, {}).context["form"].errors["files"]) == [gettext("Choose a file first.")]


def test_office_with_an_interest_is_refused_with_the_sentence(client, season, people, session):
    office = User.objects.get(pk=make_actor(season, Role.OFFICE).user_id)
    Interest.objects.create(
        campaign=season, user=office, department=session.department, reason="亲属", starts_on=season.facts_from
    )
    client.force_login(office)
    client.cookies["django_language"] = "en"
    path = reverse("campaigns:attachment-add", args=["2009", "study-session", session.uuid])
    answer = client.post(path, {"files": str(upload_of(office, season).uuid)})
    assert answer.status_code == 403
    assert "You have an interest in this department" in answer.content.decode()
    assert Attachment.objects.count() == 0


def test_replacing_what_was_replaced_meanwhile_keeps_the_new_upload_on_the_page(client, season, people, session):
    made = attach(session, people["uploader"], season)
    client.force_login(people["own head"])
    client.cookies["django_language"] = "en"
    theirs = upload_of(people["own head"], season, make_picture(), "a.jpg")
    assert client.post(url("attachment-replace", made), {"files": str(theirs.uuid)}).status_code == 302
    mine = upload_of(people["own head"], season, make_picture("PNG"), "b.png")
    page = client.post(url("attachment-replace", made), {"files": str(mine.uuid)}).content.decode()
    assert "meanwhile" in page
    assert f'value="{mine.uuid}" checked' in page


@pytest.mark.parametrize(
    ("kind", "query"), [("nothing", ""), ("study-session", "?slot=a/b"), ("study-session", "?slot=" + "x" * 33)]
)
def test_place_that_cannot_be_does_not_exist(client, season, people, session, kind, query):
    client.force_login(people["own head"])
    path = reverse("campaigns:attachment-add", args=["2009", kind, session.uuid])
    assert client.get(path + query).status_code == 404


def test_proposal_once_decided_takes_no_more_files(client, season, people):
    proposal = Proposal.objects.create(
        campaign=season,
        department=department(season, OWN),
        kind="duty-add",
        state="accepted",
        values={},
        reason="",
        proposed_by=people["uploader"],
        proposed_at=NOON,
    )
    client.force_login(people["uploader"])
    assert client.get(reverse("campaigns:attachment-add", args=["2009", "proposal", proposal.uuid])).status_code == 403


def test_list_of_files_shows_versions_and_acts_to_who_may_change(client, season, people, session):
    attach(session, people["uploader"], season, name="<b>甲.pdf")
    actor = load_actor(people["own head"], season, on=NOON.date())
    files = files_of(actor, "study-session", [session.uuid], campaign=season)[session.uuid]
    html = render_to_string("campaigns/_files.html", {"files": files, "can_change": True})
    assert "&lt;b&gt;甲.pdf" in html
    assert files[0].replace_url in html
    assert files[0].replace_url not in render_to_string("campaigns/_files.html", {"files": files, "can_change": False})
