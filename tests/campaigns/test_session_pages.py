"""Pages of study sessions: list, form, page, roll, leave; who sees what."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Attendance, DepartmentLeader, Invitation, Obligation, StudySession, Suggestion
from campaigns.services.invitations import record_remark
from campaigns.services.roll import RollDraft, keep_roll
from campaigns.services.sessions import cancel_session
from tests.campaigns.handing_in import make_attachment
from tests.campaigns.session_working import (
    FIRST,
    HOME,
    NOW,
    SECOND,
    announced,
    approved,
    at,
    entered,
    five_people,
    invited,
    kept_roll,
    liaison,
    make_upload,
    signed_in,
)
from tests.factories import department, make_actor

WITH_RECORDS = [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP]


@pytest.fixture(autouse=True)
def _on_the_day():
    """Let it be 23 October 2009, 9:00."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(season):
    return liaison(season)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def session_form(response=None, **values):
    """Return what a browser sends for a new session of one sitting and one leader."""
    form = {
        "uuid": response.context["form"]["uuid"].value() if response else uuid4(),
        "entry": "announce",
        "topic": "学习方案",
        "sittings-TOTAL_FORMS": "2",
        "sittings-INITIAL_FORMS": "0",
        "sittings-0-day": "2009.11.5",
        "sittings-0-time": "下午3点半",
        "sittings-0-place": "三楼",
        "invitations-TOTAL_FORMS": "2",
        "invitations-INITIAL_FORMS": "0",
        "invitations-0-post": "in-charge",
        "invitations-0-name": "李岳彪",
        "invitations-0-invited_on": "",
    }
    return form | values


# --- the list


@pytest.mark.parametrize("sessions", [1, 3])
def test_list_asks_the_same_queries(client, season, person, sessions, django_assert_num_queries):
    five_people(season)
    for number in range(sessions):
        session = announced(season, at(10, 15 + number, 15), by=person, invitations=(invited(),))
        kept_roll(session, [], [], by=person, rest_present=True)
    signed_in(client, season, Role.ASSESSOR)
    with django_assert_num_queries(16):
        assert len(client.get(url("sessions")).context["list"].rows) == sessions


def test_list_says_state_figures_and_leaders(client, season, person):
    people = five_people(season)
    held = announced(season, FIRST, by=person, invitations=(invited(), invited("郭朝雄", "liaison")))
    kept_roll(held, people, ["present", "present", "absent", "sick", ""], by=person)
    Invitation.objects.filter(name="李岳彪").update(came=True)
    make_attachment(season, department(season), kind="study-session", owner=held, by_id=person.pk, at=NOW)
    coming = announced(season, at(3, 1, year=2010), by=person)
    later = entered(season, SECOND, by=person)
    cancel_session(later, because="填错", by_id=person.pk, at=NOW)
    signed_in(client, season, Role.STAFF, HOME)
    rows = {row.uuid: row for row in client.get(url("sessions")).context["list"].rows}
    row = rows[held.uuid]
    assert (row.state, row.present, row.of, row.invited, row.came, row.files) == ("held", 2, 5, 2, 1, 1)
    assert (row.is_announced, row.is_told, row.is_outside) == (True, True, False)
    assert (rows[coming.uuid].state, rows[coming.uuid].is_outside) == ("announced", True)
    assert (rows[later.uuid].state, rows[later.uuid].is_told) == ("cancelled", False)


def listed(client, **query):
    found = client.get(url("sessions"), query).context["list"]
    return [row.department for row in found.rows], [place.name for place in found.without]


def test_overseers_filter_and_see_who_has_none(client, season, person):
    announced(season, FIRST, by=person)
    other = announced(season, FIRST, by=person, home="工会")
    cancel_session(other, because="填错", by_id=person.pk, at=NOW)
    signed_in(client, season, Role.TEAM_LEAD)
    rows, without = listed(client)
    assert (sorted(rows), len(without)) == (["图书馆", "工会"], 23)  # of 24; a cancelled session is none
    assert listed(client, block="A") == (["工会"], [name for name in without if name in names_of(season, "A")])
    assert listed(client, department=str(department(season).uuid)) == (["图书馆"], [])
    assert listed(client, state="held") == (["图书馆"], [])
    assert listed(client, state="without") == ([], without)


def names_of(season, block):
    return set(season.departments.filter(block__code=block).values_list("name", flat=True))


def test_departments_see_their_own_alone(client, season, person):
    announced(season, FIRST, by=person, home="工会")
    signed_in(client, season, Role.STAFF, HOME)
    assert listed(client) == ([], ["图书馆"])
    assert "There are no study sessions yet." in client.get(url("sessions")).content.decode()


# --- announcing and entering by the form


def test_form_is_filled_with_the_departments_leaders(client, season):
    for post, name in (("in-charge", "李岳彪"), ("liaison", "郭朝雄")):
        DepartmentLeader.objects.create(campaign=season, department=department(season), post=post, name=name)
    signed_in(client, season, Role.STAFF, HOME)
    entry = client.get(url("session-new")).context["entry"]
    assert [form["name"].value() for form in entry.invitations.forms] == ["李岳彪", "郭朝雄", None, None]


def test_leader_typed_who_was_put_on_the_list_meanwhile_is_invited(client, season):
    signed_in(client, season, Role.STAFF, HOME)
    form = session_form(client.get(url("session-new")))
    DepartmentLeader.objects.create(campaign=season, department=department(season), post="in-charge", name="李岳彪")
    assert client.post(url("session-new"), form).status_code == 302
    assert Invitation.objects.get().name == "李岳彪"


def test_announcement_by_the_page_sent_twice_is_one(client, season):
    signed_in(client, season, Role.STAFF, HOME)
    form = session_form(client.get(url("session-new")))
    first = client.post(url("session-new"), form)
    session = StudySession.objects.get()
    assert first.url == client.post(url("session-new"), form).url == url("session", session.uuid)
    assert (session.sittings.get().starts_at, session.notified_at) == (at(11, 5, 15, 30), NOW)
    assert session.invitations.get().invited_on == date(2009, 10, 23)
    page = client.get(first.url).content.decode()
    assert "Announced here on 2009-10-23 09:00, before it was held." in page


def test_past_date_comes_back_whole_and_goes_as_entered_later(client, season):
    signed_in(client, season, Role.STAFF, HOME)
    past = {"sittings-0-day": "２００９年10月15日", "invitations-0-invited_on": "2009-10-14"}
    form = session_form(client.get(url("session-new")), **past)
    response = client.post(url("session-new"), form)
    assert list(response.context["form"].errors) == ["entry"]
    assert "２００９年10月15日" in response.content.decode()
    form |= {"entry": "later"}
    errors = client.post(url("session-new"), form).context["form"].errors
    assert set(errors) == {"told", "witness"}
    form |= {"told": "yes"}
    assert set(client.post(url("session-new"), form).context["form"].errors) == {"notified_on", "witness"}
    form |= {"notified_on": "2009-10-14"}
    assert list(client.post(url("session-new"), form).context["form"].errors) == ["witness"]
    page = client.post(url("session-new"), form | {"witness": "王馆长"}, follow=True).content.decode()
    assert "Entered later, on 2009-10-23 09:00" in page
    assert "Told on 2009-10-14, by the word of 王馆长." in page


def test_all_that_a_session_entered_later_lacks_is_asked_at_once(client, season):
    signed_in(client, season, Role.STAFF, HOME)
    form = session_form(
        entry="later", topic="", **{"sittings-0-day": "", "sittings-0-time": "", "sittings-0-place": ""}
    )
    context = client.post(url("session-new"), form).context
    assert set(context["form"].errors) == {"topic", "told", "witness", "__all__"}
    assert context["form"].non_field_errors() == ["Say when the session sits: at least one date with its time."]
    assert context["entry"].row_errors == ["Row 1, Invited on: Say on which day 李岳彪 was invited."]


@pytest.mark.parametrize(
    "values",
    [
        {"sittings-0-day": "2009-13-45"},
        {"sittings-0-time": "25:00"},
        {"sittings-0-time": ""},
        {"sittings-0-day": ""},
        {"sittings-0-day": "", "sittings-0-time": "", "sittings-0-place": ""},
        {"invitations-0-post": ""},
        {"topic": ""},
        {"sittings-TOTAL_FORMS": "x"},
    ],
)
def test_nonsense_comes_back_with_what_was_typed(client, season, values):
    signed_in(client, season, Role.STAFF, HOME)
    response = client.post(url("session-new"), session_form(**values))
    assert response.status_code == 200
    assert "李岳彪" in response.content.decode() or "x" in values.values()
    assert StudySession.objects.count() == 0


def test_office_chooses_a_department_without_own_interest(client, season):
    signed_in(client, season, Role.OFFICE, HOME)
    response = client.get(url("session-new"))
    assert len(response.context["departments"]) == 23
    assert client.get(url("session-new"), {"department": department(season).uuid}).status_code == 403
    page = f"{url('session-new')}?department={department(season, '工会').uuid}"
    assert client.post(page, session_form()).status_code == 302
    assert StudySession.objects.get().department.name == "工会"
    assert client.get(url("session-new"), {"department": "x"}).status_code == 404


def test_stale_change_shows_both(client, season, person):
    session = announced(season, at(11, 5, 15), by=person)
    signed_in(client, season, Role.STAFF, HOME)
    response = client.get(url("session-edit", session.uuid))
    was = response.context["entry"].sittings.forms[0]["was"].value()
    form = session_form(topic="我的题目", version=response.context["form"]["version"].value())
    form |= {"invitations-0-invited_on": "2009-10-23", "sittings-0-was": was, "sittings-INITIAL_FORMS": "1"}
    StudySession.objects.update(topic="别人的题目", version=2)
    stale = client.post(url("session-edit", session.uuid), form)
    text = stale.content.decode()
    assert "我的题目" in text
    assert "别人的题目" in text
    again = form | {"version": stale.context["form"]["version"].value()}
    assert client.post(url("session-edit", session.uuid), again).status_code == 302
    session.refresh_from_db()
    assert (session.topic, session.sittings.get().starts_at) == ("我的题目", at(11, 5, 15, 30))


# --- roll and leave by their pages


def roll_form(response, **statuses):
    form = {"version": response.context["roll"].version, "person": []}
    for entry in response.context["roll"].entries:
        form["person"].append(str(entry.line.person))
        form[f"status-{entry.line.person}"] = statuses.get(entry.line.name, "")
        form[f"idea-{entry.line.person}"] = ""
    return form


def test_roll_is_saved_and_says_at_once_who_counts_as_absent(client, season, person):
    five_people(season)
    session = announced(season, FIRST, SECOND, by=person, invitations=(invited(),))
    invitation = session.invitations.get()
    signed_in(client, season, Role.STAFF, HOME)
    page = url("session-roll", session.uuid)
    form = roll_form(client.get(page), 王二="absent", 张三="sick")
    form |= {f"came-{invitation.uuid}": "no", "rest": "present"}
    text = client.post(page, form, follow=True).content.decode()
    assert "counts as absent: without leave" in text
    assert "Sick leave, counts as absent: no leave slip" in text
    assert Attendance.objects.filter(status="present").count() == 3
    assert "Leaders were invited, and none of them came." in client.get(url("session", session.uuid)).content.decode()


def test_stale_roll_shows_both_and_loses_neither(client, season, person):
    people = five_people(season)
    session = announced(season, FIRST, by=person)
    signed_in(client, season, Role.STAFF, HOME)
    page = url("session-roll", session.uuid)
    form = roll_form(client.get(page), 丁一="absent", 王二="present")
    keep_roll(
        session,
        {people[0].uuid: RollDraft("present"), people[2].uuid: RollDraft("official", idea="我的想法")},
        by_id=person.pk,
        at=NOW,
    )
    stale = client.post(page, form)
    entries = {entry.line.name: entry for entry in stale.context["roll"].entries}
    mine = {name: next((one.value for one in entry.statuses if one.is_chosen), "") for name, entry in entries.items()}
    assert mine == {"丁一": "absent", "王二": "present", "张三": "official", "李四": "", "赵五": ""}
    assert (entries["丁一"].theirs, entries["张三"].theirs, entries["张三"].idea) == ("Present", "", "我的想法")
    again = roll_form(stale, **{name: status for name, status in mine.items() if status})
    again[f"idea-{people[2].uuid}"] = "我的想法"
    assert client.post(page, again).status_code == 302
    rows = dict(Attendance.objects.values_list("person__name", "status"))
    assert rows == {"丁一": "absent", "王二": "present", "张三": "official"}


def sick(season, person):
    people = five_people(season)
    session = announced(season, FIRST, by=person)
    kept_roll(session, people[:2], ["sick", "present"], by=person)
    return session, Attendance.objects.get(person=people[0]), Attendance.objects.get(person=people[1])


def test_leave_page_saves_and_a_stale_one_shows_both(client, season, person, portal_files):
    session, row, present = sick(season, person)
    signed_in(client, season, Role.STAFF, HOME)
    assert client.get(url("leave", present.uuid)).status_code == 404
    page = url("leave", row.uuid)
    form = {"version": client.get(page).context["version"], "approved_by": "刘馆长", "approved_on": "2009.10.14"}
    assert client.post(page, form | {"suggestion": "多买书"}).status_code == 302
    stale = client.post(page, form | {"suggestion": "我的建议"}).content.decode()
    assert "我的建议" in stale
    assert "多买书" in stale
    assert [suggestion.text for suggestion in Suggestion.objects.all()] == ["多买书"]
    assert "no leave slip" in client.get(url("session", session.uuid)).content.decode()


# --- who sees what


@pytest.mark.parametrize(
    ("role", "home", "seen", "written"),
    [
        (Role.STAFF, HOME, 200, 200),
        (Role.HEAD, HOME, 200, 200),
        (Role.STAFF, "工会", 404, 404),
        (Role.OFFICE, None, 200, 200),
        (Role.OFFICE, HOME, 200, 403),
        (Role.ASSESSOR, None, 200, 403),
        (Role.LEADERSHIP, None, 200, 403),
    ],
)
def test_who_reads_and_who_writes(client, season, person, role, home, seen, written):
    session, row, _present = sick(season, person)
    signed_in(client, season, role, home)
    assert client.get(url("session", session.uuid)).status_code == seen
    for name in ("session-edit", "session-cancel", "session-roll", "session-minutes"):
        assert client.get(url(name, session.uuid)).status_code == written, name
        if written != 200:
            assert client.post(url(name, session.uuid), {}).status_code == written, name
    assert client.get(url("leave", row.uuid)).status_code == written


def test_head_of_one_who_assesses_others_writes_for_no_other(client, season, person):
    from tests.factories import make_membership

    session, _row, _present = sick(season, person)
    user = signed_in(client, season, Role.HEAD, "工会")
    make_membership(season, user, Role.ASSESSOR)
    assert client.get(url("session", session.uuid)).status_code == 200
    assert client.get(url("session-roll", session.uuid)).status_code == 403


@pytest.mark.parametrize(
    ("role", "home", "button", "line"),
    [
        (Role.HEAD, HOME, "file", True),
        (Role.STAFF, HOME, "", True),
        (Role.ASSESSOR, None, "open", True),
        (Role.ASSESSOR, HOME, "", True),
        (Role.OFFICE, None, "", True),
        (Role.LEADERSHIP, None, "", True),
    ],
)
def test_slip_is_for_uploader_head_and_the_teams_logged_click(client, season, person, role, home, button, line):
    session, row, _present = sick(season, person)
    approved(row, by=person)
    signed_in(client, season, role, home)
    response = client.get(url("session", session.uuid))
    ((_line, slips),) = response.context["leaves"]
    assert [("file" if slip.url else "open") for slip in slips] == ([button] if button else [])
    text = response.content.decode()
    assert ("刘馆长" in text and "2009-10-14" in text and "present" in text) is line
    assert ("each opening is logged" in text) is (button == "open")
    assert "slip.jpg" in text or not button


@pytest.mark.parametrize(
    ("role", "home", "reads"),
    [(Role.STAFF, HOME, False), (Role.ASSESSOR, HOME, False), *((role, None, True) for role in WITH_RECORDS)],
)
def test_what_a_leader_says_is_read_by_overseers_without_interest(client, season, person, role, home, reads):
    session = announced(season, FIRST, by=person, invitations=(invited(),))
    record_remark(session.invitations.get(), remark="流于形式", actor=make_actor(season, Role.ASSESSOR), at=NOW)
    signed_in(client, season, role, home)
    assert ("流于形式" in client.get(url("session", session.uuid)).content.decode()) is reads


def test_remark_page_is_for_team_and_office_without_interest(client, season, person):
    invitation = announced(season, FIRST, by=person, invitations=(invited(),)).invitations.get()
    page = url("invitation-remark", invitation.uuid)
    for role, home, status in ((Role.STAFF, HOME, 403), (Role.OFFICE, HOME, 403), (Role.LEADERSHIP, None, 403)):
        signed_in(client, season, role, home)
        assert client.post(page, {"remark": "很好", "version": ""}).status_code == status
    signed_in(client, season, Role.ASSESSOR)
    assert client.post(page, {"remark": "流于形式", "version": ""}).status_code == 302
    stale = client.post(page, {"remark": "很好", "version": ""})
    assert "流于形式" in stale.content.decode()
    again = {"remark": "改口", "version": stale.context["form"]["version"].value()}
    assert client.post(page, again).status_code == 302
    invitation.refresh_from_db()
    assert invitation.remark == "改口"


def test_calling_off_opens_what_was_owed(client, season, person):
    from campaigns.services.minutes import MinutesDraft, keep_minutes

    session = entered(season, FIRST, by=person)
    keep_minutes(session, MinutesDraft(False, "学习方案"), by_id=person.pk, at=NOW)
    signed_in(client, season, Role.STAFF, HOME)
    assert "because" in client.post(url("session-cancel", session.uuid), {"because": ""}).context["form"].errors
    for _time in range(2):
        assert client.post(url("session-cancel", session.uuid), {"because": "填错"}).status_code == 302
    assert Obligation.objects.get(department=department(season), kind="session").met_at is None
    assert "填错" in client.get(url("session", session.uuid)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_session_page_asks_the_same_queries(client, season, person, rows, django_assert_num_queries):
    people = five_people(season)
    names = ["李岳彪", "郭朝雄", "刘扩军"][:rows]
    session = announced(season, FIRST, by=person, invitations=tuple(invited(name) for name in names))
    kept_roll(session, people[:rows], ["sick"] * rows, by=person)
    for row in Attendance.objects.all():
        approved(row, by=person)
    signed_in(client, season, Role.ASSESSOR)
    with django_assert_num_queries(20):
        assert len(client.get(url("session", session.uuid)).context["leaves"]) == rows


def test_unused_upload_of_another_is_not_taken_as_a_slip(client, season, person, portal_files):
    _session, row, _present = sick(season, person)
    signed_in(client, season, Role.STAFF, HOME)
    page = url("leave", row.uuid)
    form = {"version": client.get(page).context["version"], "suggestion": "多买书", "files": make_upload(person)}
    response = client.post(page, form)
    assert response.status_code == 200
    assert Suggestion.objects.count() == 0
