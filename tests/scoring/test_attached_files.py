"""Photos and files of deductions and inspections: attached by the team, read by whom the record is for."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Attachment, Interest
from campaigns.queries.actors import load_actor
from campaigns.queries.attachments import files_of
from qualityseason.models import StoredFile, User
from scoring.models import Deduction, Inspection
from scoring.services.ledger import confirm_deductions, withdraw_deduction
from tests.campaigns.files_working import PDF, make_picture, upload_of
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.working import form_of, visit_of


@pytest.fixture(autouse=True)
def _files(portal_files):
    """Every test here keeps files of its own."""


@pytest.fixture
def actors(season):
    home = department(season)
    found = {
        "recorder": make_actor(season, Role.ASSESSOR),
        "assessor": make_actor(season, Role.ASSESSOR),
        "lead": make_actor(season, Role.TEAM_LEAD),
        "office": make_actor(season, Role.OFFICE),
        "head": make_actor(season, Role.HEAD, department=home),
        "other head": make_actor(season, Role.HEAD, department=department(season, "体育部")),
        "interested": make_actor(season, Role.TEAM_LEAD),
    }
    Interest.objects.create(
        campaign=season,
        user_id=found["interested"].user_id,
        department=home,
        reason="亲属",
        starts_on=season.facts_from,
    )
    person = User.objects.get(pk=found["interested"].user_id)
    found["interested"] = load_actor(person, season, on=NOON.date())
    return found


def user(actor):
    return User.objects.get(pk=actor.user_id)


def login(client, actor):
    client.force_login(user(actor))
    client.cookies["django_language"] = "en"


def photo(name="现场.jpg"):
    return SimpleUploadedFile(name, make_picture())


def add(client, actor, season, kind, record):
    """Answer what adding a file to the record by its page comes to."""
    login(client, actor)
    path = reverse("campaigns:attachment-add", args=["2009", kind, record.uuid])
    return client.post(path, {"files": str(upload_of(user(actor), season, name="补充.pdf").uuid)}).status_code


def names(actor, season, kind, record):
    files = files_of(actor, kind, [record.uuid], campaign=season).get(record.uuid, ())
    return [(file.name, bool(file.added_by)) for file in files]


@pytest.fixture
def line(season, actors):
    return make_deduction(season, "S4", by=actors["recorder"])


# --- at recording


def test_deduction_is_recorded_with_its_photos(client, season, actors):
    login(client, actors["recorder"])
    ahead = upload_of(user(actors["recorder"]), season)
    form = form_of(season, "S4") | {"files": [str(ahead.uuid), photo()]}
    assert client.post(reverse("scoring:deduction-new", args=["2009"]), form).status_code == 302
    line = Deduction.objects.get()
    made = Attachment.objects.filter(owner_kind="deduction", owner_uuid=line.uuid)
    assert [(one.file.name, one.department_id) for one in made] == [
        ("材料.pdf", line.charged_id),
        ("现场.jpg", line.charged_id),
    ]


def test_form_of_a_deduction_sent_twice_attaches_once(client, season, actors):
    login(client, actors["recorder"])
    form = form_of(season, "S4")
    for _time in range(2):
        answer = client.post(reverse("scoring:deduction-new", args=["2009"]), form | {"files": photo()})
        assert answer.status_code == 302
    assert (Deduction.objects.count(), Attachment.objects.count()) == (1, 1)


def test_photos_survive_an_error_in_another_field(client, season, actors):
    login(client, actors["recorder"])
    form = form_of(season, "S4", happened_on="2009-13-45") | {"files": photo()}
    page = client.post(reverse("scoring:deduction-new", args=["2009"]), form).content.decode()
    stored = StoredFile.objects.get()
    assert f'value="{stored.uuid}" checked' in page
    assert Deduction.objects.count() == 0


def test_photos_survive_choosing_another_rule_without_script(client, season, actors):
    login(client, actors["recorder"])
    form = form_of(season, "S4") | {"files": photo(), "refresh": "1"}
    page = client.post(reverse("scoring:deduction-new", args=["2009"]), form).content.decode()
    assert f'value="{StoredFile.objects.get().uuid}" checked' in page


def test_photo_that_is_refused_records_nothing_and_says_why(client, season, actors):
    login(client, actors["recorder"])
    form = form_of(season, "S4") | {"files": photo("现场.heic")}
    page = client.post(reverse("scoring:deduction-new", args=["2009"]), form).content.decode()
    assert "Pictures ending in .heic are not taken" in page
    assert Deduction.objects.count() == 0


def test_upload_that_is_gone_records_nothing(client, season, actors):
    login(client, actors["recorder"])
    gone = upload_of(user(actors["recorder"]), season)
    gone.delete()
    form = form_of(season, "S4") | {"files": str(gone.uuid)}
    assert "not there any more" in client.post(reverse("scoring:deduction-new", args=["2009"]), form).content.decode()
    assert Deduction.objects.count() == 0


# --- later


@pytest.mark.parametrize(
    ("who", "expected"),
    [("recorder", 302), ("lead", 302), ("assessor", 403), ("office", 403), ("head", 404), ("interested", 404)],
)
def test_recorder_and_team_lead_add_files_to_a_waiting_line(client, season, actors, line, who, expected):
    assert add(client, actors[who], season, "deduction", line) == expected
    assert Attachment.objects.count() == (1 if expected == 302 else 0)


@pytest.mark.parametrize(
    ("who", "expected"), [("recorder", 302), ("lead", 302), ("head", 403), ("interested", 403), ("other head", 404)]
)
def test_department_and_the_interested_add_nothing_to_a_confirmed_line(client, season, actors, line, who, expected):
    confirm_deductions([line], by=actors["lead"], at=NOON)
    assert add(client, actors[who], season, "deduction", line) == expected


def test_withdrawn_line_takes_no_more_files(client, season, actors, line):
    withdraw_deduction(line, by=actors["recorder"], at=NOON, because="看错")
    assert add(client, actors["recorder"], season, "deduction", line) == 403
    assert add(client, actors["lead"], season, "deduction", line) == 403


@pytest.mark.parametrize("who", ["head", "interested"])
def test_department_sees_the_files_once_confirmed_and_not_by_whom(client, season, actors, line, who):
    add(client, actors["recorder"], season, "deduction", line)
    path = reverse("campaigns:attachment", args=["2009", Attachment.objects.get().uuid])
    login(client, actors[who])
    assert names(actors[who], season, "deduction", line) == []
    assert client.get(path).status_code == 404
    confirm_deductions([line], by=actors["lead"], at=NOON)
    assert names(actors[who], season, "deduction", line) == [("补充.pdf", False)]
    assert b"".join(client.get(path).streaming_content) == PDF
    page = client.get(reverse("scoring:deduction", args=["2009", line.uuid])).content.decode()
    assert "补充.pdf" in page
    assert str(user(actors["recorder"])) not in page
    assert "attachment-add" not in page
    assert names(actors["assessor"], season, "deduction", line) == [("补充.pdf", True)]
    assert names(actors["other head"], season, "deduction", line) == []


# --- inspections


@pytest.fixture
def visit(season, client, actors):
    login(client, actors["recorder"])
    form = visit_of(season, who=[actors["recorder"]]) | {"files": photo()}
    assert client.post(reverse("scoring:inspection-new", args=["2009"]), form).status_code == 302
    return Inspection.objects.get()


def test_inspection_is_entered_with_its_photos(season, actors, visit):
    assert names(actors["recorder"], season, "inspection", visit) == [("现场.jpg", True)]


def test_inspection_is_changed_with_more_photos(client, season, actors, visit):
    form = visit_of(season, who=[actors["recorder"]], uuid=visit.uuid) | {"version": "1"}
    path = reverse("scoring:inspection-edit", args=["2009", visit.uuid])
    assert client.post(path, form | {"files": photo("二.jpg")}).status_code == 302
    assert client.post(path, form | {"note": "看过了", "files": photo("三.jpg")}).status_code == 302
    found = [name for name, _named in names(actors["lead"], season, "inspection", visit)]
    assert found == ["现场.jpg", "二.jpg", "三.jpg"]


def test_stale_inspection_keeps_the_new_photo_on_the_page(client, season, actors, visit):
    Inspection.objects.update(version=5, body_hash="other")
    form = visit_of(season, who=[actors["recorder"]], uuid=visit.uuid, note="我的") | {"version": "1"}
    path = reverse("scoring:inspection-edit", args=["2009", visit.uuid])
    page = client.post(path, form | {"files": photo("二.jpg")}).content.decode()
    assert f'value="{StoredFile.objects.get(is_upload=True).uuid}" checked' in page
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "expected"),
    [("recorder", 302), ("lead", 302), ("assessor", 403), ("office", 403), ("head", 404), ("interested", 404)],
)
def test_files_of_an_inspection_are_added_by_who_may_change_it(client, season, actors, visit, who, expected):
    assert add(client, actors[who], season, "inspection", visit) == expected


@pytest.mark.parametrize("who", ["head", "interested"])
def test_files_of_an_inspection_are_the_teams_own(client, season, actors, visit, who):
    """They may show what a waiting line is about; what the department is to see is attached to the deduction."""
    path = reverse("campaigns:attachment", args=["2009", Attachment.objects.get().uuid])
    login(client, actors[who])
    page = client.get(reverse("scoring:inspection", args=["2009", visit.uuid]))
    assert page.status_code == 200
    assert "现场.jpg" not in page.content.decode()
    assert client.get(path).status_code == 404
    login(client, actors["office"])
    assert client.get(path).status_code == 200
