"""The pages on which evidence is filed and changed: steps, guesses, files filed before, two people at once."""

import pytest

from campaigns.enums import Role
from campaigns.models import Attachment, Evidence
from qualityseason.models import StoredFile, User
from tests.campaigns.evidence_working import filed, links_of, make_duty, make_task, make_upload
from tests.campaigns.people_working import actor_of, make_member, signed_in, url
from tests.factories import NOON, PASSWORD, department, make_membership

FORM = {
    "uuid": "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11",
    "text": "读者服务周墙报",
    "happened_on": "2009年11月20日",
    "shown": "1",
    "act": "file",
}


@pytest.fixture(autouse=True)
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def liaison(client, season):
    return signed_in(client, season, Role.STAFF, "图书馆")


def ticked(page):
    return [row.value for group in page.context["groups"] for row in group.rows if row.is_ticked]


# --- filing


def test_two_steps_without_script_end_with_what_was_guessed_and_ticked(client, season, liaison):
    duty = make_duty(season, text="组织读者服务周")
    first = client.get(url("evidence-new"))
    assert (first.context["is_shown"], first.context["form"]["happened_on"].value()) == (False, "2009-12-28")
    second = client.post(url("evidence-new"), FORM | {"act": "guess", "shown": ""})
    assert ticked(second) == [f"duty:{duty.uuid}", "month:2009-11", "publicity:墙报"]
    assert not Evidence.objects.exists()
    sent = FORM | {"targets": [*ticked(second)[:2], "have:有活动"], "guessed": ticked(second)}
    answer = client.post(url("evidence-new"), sent)
    evidence = Evidence.objects.get()
    assert answer.url == url("evidence-record", evidence.uuid)
    assert links_of(evidence) == [("duty", str(duty.uuid)), ("have", "有活动"), ("month", "2009-11")]
    assert client.post(url("evidence-new"), sent).url == answer.url
    assert Evidence.objects.count() == 1


def test_file_pressed_before_the_boxes_were_seen_shows_them_first(client, season, liaison):
    values = {name: value for name, value in FORM.items() if name != "shown"}
    page = client.post(url("evidence-new"), values)
    assert (page.context["is_shown"], ticked(page)) == (True, ["month:2009-11", "publicity:墙报"])
    assert not Evidence.objects.exists()


def test_later_puts_it_into_the_inbox_and_nothing_ticked_is_told(client, season, liaison):
    page = client.post(url("evidence-new"), FORM)
    assert page.context["form"].non_field_errors()
    assert page.context["form"]["text"].value() == FORM["text"]
    assert client.post(url("evidence-new"), FORM | {"act": "later"}).url == url("evidence-inbox")
    assert Evidence.objects.unfiled().count() == 1


def test_guess_again_keeps_what_was_ticked_and_unticked_by_hand(client, season, liaison):
    sent = FORM | {
        "text": "黑板报一期",
        "targets": ["have:有典型", "publicity:墙报"],
        "guessed": ["publicity:墙报", "month:2009-11"],
    }
    for path in (url("evidence-new"), url("evidence-guess")):
        page = client.post(path, sent | {"act": "guess"})
        assert ticked(page) == ["have:有典型", "publicity:黑板报"]
        assert (page.context["guessed"], page.context["declined"]) == (["publicity:黑板报"], ["month:2009-11"])
    again = client.post(
        url("evidence-guess"), sent | {"targets": ["have:有典型"], "guessed": [], "declined": ["month:2009-11"]}
    )
    assert "month:2009-11" not in ticked(again)
    assert "<html" not in again.content.decode()


def test_names_of_files_help_to_guess(client, season, liaison):
    upload = make_upload(season, liaison.pk, name="广播稿.docx")
    page = client.post(url("evidence-guess"), FORM | {"text": "", "files": [str(upload.uuid)]})
    assert "publicity:广播" in ticked(page)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"happened_on": "昨天"}, "happened_on"), ({"happened_on": "2009-12-29"}, "happened_on"), ({"text": " "}, "text")],
)
def test_error_keeps_everything_typed_and_ticked(client, season, liaison, values, field):
    upload = make_upload(season, liaison.pk)
    sent = FORM | {"targets": ["have:有记录"], "files": [str(upload.uuid)]} | values
    page = client.post(url("evidence-new"), sent)
    form = page.context["form"]
    assert list(form.errors) == [field]
    assert (form["text"].value(), form["happened_on"].value()) == (sent["text"], sent["happened_on"])
    assert (ticked(page), [file.uuid for file in form["files"].value()]) == (["have:有记录"], [upload.uuid])
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("value", ["month:2009-10", "duty:x", "assignment:00000000-0000-0000-0000-000000000000", "x"])
def test_tick_that_is_none_is_refused(client, season, liaison, value):
    page = client.post(url("evidence-new"), FORM | {"targets": [value]})
    assert page.context["form"].non_field_errors()
    assert not Evidence.objects.exists()


def test_where_one_came_from_is_ticked_and_gone_back_to(client, season, liaison):
    task = make_task(season, liaison.pk)
    query = f"?target=assignment&key={task.uuid}&next=/campaigns/2009/duties/"
    page = client.get(url("evidence-new") + query)
    assert ticked(page) == ["month:2009-12", f"assignment:{task.uuid}"]
    sent = FORM | {"targets": ticked(page)}
    assert client.post(url("evidence-new") + query, sent).url == "/campaigns/2009/duties/"
    away = url("evidence-new") + "?next=https://example.org/"
    assert client.post(away, sent | {"uuid": ""}).url.startswith("/campaigns/2009/evidence/")
    strange = client.get(url("evidence-new") + "?target=assignment&key=x")
    assert strange.context["is_shown"] is False


def test_file_filed_already_is_told_once_and_that_record_may_count_instead(client, season, liaison):
    old = make_upload(season, liaison.pk, content="同一张")
    existing = filed(season, actor_of(liaison, season), uploads=[old.uuid], text="早先的照片")
    upload = make_upload(season, liaison.pk, content="同一张", name="又一次.jpg")
    sent = FORM | {"targets": ["have:有记录"], "files": [str(upload.uuid)]}
    page = client.post(url("evidence-new"), sent)
    assert [(twin.evidence, twin.name) for twin in page.context["twins"]] == [(existing.uuid, "又一次.jpg")]
    assert url("evidence-record", existing.uuid) in page.content.decode()
    assert Evidence.objects.count() == 1
    answer = client.post(url("evidence-new"), sent | {"act": f"link:{existing.uuid}"})
    assert answer.url == url("evidence-record", existing.uuid)
    assert links_of(existing) == [("have", "有记录")]
    assert client.post(url("evidence-new"), sent | {"twin": str(existing.uuid)}).status_code == 302
    assert Evidence.objects.count() == 2


def test_equal_content_betrays_no_other_department(client, season, liaison):
    union = make_member(season, Role.STAFF, "工会")
    stranger = filed(
        season,
        actor_of(union, season),
        home="工会",
        uploads=[make_upload(season, union.pk, content="同一张").uuid],
    )
    upload = make_upload(season, liaison.pk, content="同一张")
    sent = FORM | {"targets": ["have:有记录"], "files": [str(upload.uuid)]}
    page = client.post(url("evidence-guess"), sent)
    assert page.context["twins"] == []
    assert client.post(url("evidence-new"), sent | {"act": f"link:{stranger.uuid}"}).status_code == 404
    assert client.post(url("evidence-new"), sent).status_code == 302


@pytest.mark.parametrize("name", ["evidence-new", "evidence-guess"])
def test_typing_survives_the_end_of_the_session(client, season, name):
    from datetime import timedelta

    user = make_member(season, Role.STAFF, "图书馆")
    User.objects.filter(pk=user.pk).update(last_login=NOON + timedelta(days=1))
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    client.cookies.pop("sessionid")
    assert client.post(url(name), FORM | {"targets": ["have:有记录"]}).status_code == 302
    client.post(f"/login/?next={url('evidence-new')}", {"username": user.username, "password": PASSWORD})
    page = client.get(url("evidence-new"))
    assert (page.context["form"]["text"].value(), ticked(page)) == (FORM["text"], ["have:有记录"])


# --- for whom


def test_whoever_has_several_departments_chooses_one_first(client, season, liaison):
    make_membership(season, liaison, Role.HEAD, department=department(season, "工会"))
    page = client.get(url("evidence-new"))
    assert [place.name for place in page.context["departments"]] == ["工会", "图书馆"]
    path = f"{url('evidence-new')}?department={department(season, '工会').uuid}"
    client.post(path, FORM | {"targets": ["have:有记录"]})
    assert Evidence.objects.get().department.name == "工会"


def test_office_files_on_behalf_and_not_with_an_interest(client, season):
    office = signed_in(client, season, Role.OFFICE)
    path = f"{url('evidence-new')}?department={department(season).uuid}"
    assert client.post(path, FORM | {"targets": ["have:有记录"]}).status_code == 302
    make_membership(season, office, Role.STAFF, department=department(season), ends_on=season.facts_from)
    assert client.get(path).status_code == 403
    assert client.post(path, FORM).status_code == 403
    assert len(client.get(url("evidence-new")).context["departments"]) == 23
    assert client.get(url("evidence-edit", Evidence.objects.get().uuid)).status_code == 403


def test_another_departments_form_is_not_there(client, season, liaison):
    path = f"?department={department(season, '工会').uuid}"
    assert client.post(url("evidence-new") + path, FORM).status_code in (403, 404)
    assert client.get(url("evidence-new") + "?department=x").status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_others_have_no_form(client, season, role):
    signed_in(client, season, role)
    for name in ("evidence-new", "evidence-inbox"):
        assert client.get(url(name)).status_code == 403
    assert client.post(url("evidence-guess"), FORM).status_code == 403


# --- changing


def test_sentence_day_ticks_and_files_are_changed(client, season, liaison):
    evidence = filed(season, actor_of(liaison, season), targets=[("have", "有记录")])
    page = client.get(url("evidence-edit", evidence.uuid))
    assert ticked(page) == ["have:有记录"]
    upload = make_upload(season, liaison.pk)
    sent = {"version": "1", "text": "改过", "happened_on": "2009.11.21", "targets": ["month:2009-11"]}
    answer = client.post(url("evidence-edit", evidence.uuid), sent | {"files": [str(upload.uuid)]})
    assert answer.url == url("evidence-record", evidence.uuid)
    evidence.refresh_from_db()
    assert (evidence.text, str(evidence.happened_on), links_of(evidence)) == (
        "改过",
        "2009-11-21",
        [("month", "2009-11")],
    )
    assert Attachment.objects.get().file == StoredFile.objects.get(pk=upload.pk)


def test_stale_change_shows_both_and_loses_neither(client, season, liaison):
    evidence = filed(season, actor_of(liaison, season), targets=[("have", "有记录")])
    path = url("evidence-edit", evidence.uuid)
    sent = {"version": "1", "happened_on": "2009-11-20"}
    client.post(path, sent | {"text": "别人的话", "targets": ["month:2009-11"]})
    page = client.post(path, sent | {"text": "我的话", "targets": ["have:有典型"]})
    shown = page.content.decode()
    assert "别人的话" in shown
    assert (page.context["form"]["text"].value(), ticked(page)) == ("我的话", ["have:有典型"])
    assert [row.target for row in page.context["now_proves"]] == ["month"]
    client.post(path, sent | {"text": "我的话", "targets": ["have:有典型"], "version": page.context["version"]})
    evidence.refresh_from_db()
    assert (evidence.text, links_of(evidence)) == ("我的话", [("have", "有典型")])


def test_unfiled_evidence_is_opened_with_the_guesses_ticked(client, season, liaison):
    evidence = filed(season, actor_of(liaison, season), text="墙报一期")
    assert ticked(client.get(url("evidence-edit", evidence.uuid))) == ["month:2009-11", "publicity:墙报"]
