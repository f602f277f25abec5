"""The pages of proposed changes: choosing, typing, the list, the decision."""

from datetime import timedelta

import pytest
from django.utils import translation

from campaigns.enums import Role
from campaigns.models import Attachment, Proposal, StaffMember
from qualityseason.models import User
from tests.campaigns.handing_in import make_file
from tests.campaigns.people_working import make_duty, make_member, signed_in, url
from tests.factories import NOON, department, make_membership, make_person

JOIN = {
    "number": "００１２３",
    "name": "张 伟",
    "category": "full_time",
    "starts_on": "2009年12月1日",
    "reason": "新调入",
    "uuid": "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11",
}


@pytest.fixture
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def liaison(client, season, at_noon):
    return signed_in(client, season, Role.STAFF, "图书馆")


def make_proposal(season, by, *, home="图书馆", number="1", state="proposed", **values):
    return Proposal.objects.create(
        campaign=season,
        department=department(season, home),
        kind="staff-join",
        values={"number": number, "name": "张伟", "category": "full_time", "starts_on": "2009-12-01", "before": {}},
        reason="新调入",
        state=state,
        proposed_by=by,
        proposed_at=NOON,
        **values,
    )


# --- proposing


def test_join_is_proposed_as_people_type_and_twice_is_once(client, season, liaison):
    first = client.post(url("proposal-new", "staff-join"), JOIN)
    proposal = Proposal.objects.get()
    assert first.url == url("proposal", proposal.uuid)
    assert proposal.values == {
        "number": "00123",
        "name": "张 伟",
        "category": "full_time",
        "starts_on": "2009-12-01",
        "before": {},
    }
    assert (proposal.department.name, str(proposal.uuid)) == ("图书馆", JOIN["uuid"])
    assert client.post(url("proposal-new", "staff-join"), JOIN).url == first.url
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": "明天"}, "starts_on"),
        ({"starts_on": "2009-13-01"}, "starts_on"),
        ({"starts_on": "2909-12-01"}, "starts_on"),
        ({"number": ""}, "number"),
        ({"category": ""}, "category"),
        ({"reason": ""}, "reason"),
        ({"name": "名" * 65}, "name"),
    ],
)
def test_bad_join_keeps_what_was_typed(client, season, liaison, values, field):
    typed = JOIN | values
    form = client.post(url("proposal-new", "staff-join"), typed).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in JOIN} == typed
    assert not Proposal.objects.exists()


def test_proposal_waiting_already_is_linked(client, season, liaison):
    client.post(url("proposal-new", "staff-join"), JOIN)
    page = client.post(url("proposal-new", "staff-join"), JOIN | {"uuid": ""})
    assert url("proposal", JOIN["uuid"]) in page.content.decode()


def test_person_is_chosen_first_and_then_filled_in(client, season, liaison):
    own, stranger = make_person(season), make_person(season, "李敏", number="00124", home="工会")
    page = client.get(url("proposal-new", "staff-correct")).content.decode()
    assert (str(own.uuid) in page, str(stranger.uuid) in page) == (True, False)
    path = f"{url('proposal-new', 'staff-correct')}?person={own.uuid}"
    form = client.get(path).context["form"]
    assert (form["number"].value(), form["name"].value()) == ("00123", "张伟")
    values = {"number": "00123", "name": "张玮", "category": "full_time", "reason": "写错"}
    assert client.post(path, values).status_code == 302
    assert Proposal.objects.get().staff_member == own
    assert client.get(f"{url('proposal-new', 'staff-leave')}?person={stranger.uuid}").status_code == 404
    assert client.get(f"{url('proposal-new', 'staff-leave')}?person=x").status_code == 404


def test_duty_is_chosen_first_and_a_strangers_is_not_there(client, season, liaison):
    own, stranger = make_duty(season), make_duty(season, "工会")
    for kind in ("duty-change", "duty-end"):
        page = client.get(url("proposal-new", kind)).content.decode()
        assert (str(own.uuid) in page, str(stranger.uuid) in page) == (True, False)
        assert client.get(f"{url('proposal-new', kind)}?duty={stranger.uuid}").status_code == 404
    assert client.post(f"{url('proposal-new', 'duty-end')}?duty={own.uuid}", {"reason": "划归他处"}).status_code == 302
    assert Proposal.objects.get().duty == own


def test_whoever_belongs_to_two_departments_names_one_of_them(client, season, liaison):
    make_membership(season, liaison, Role.HEAD, department=department(season, "工会"))
    assert "department" in client.post(url("proposal-new", "staff-join"), JOIN).context["form"].errors
    sport = JOIN | {"department": department(season, "体育部").uuid}
    assert "department" in client.post(url("proposal-new", "staff-join"), sport).context["form"].errors
    assert client.post(url("proposal-new", "staff-join"), JOIN | {"department": department(season, "工会").uuid}).url
    assert Proposal.objects.get().department.name == "工会"


def test_document_is_attached_to_the_proposal(client, season, liaison):
    stored = make_file(by_id=liaison.pk, is_upload=True)
    type(stored).objects.update(campaign_id=season.pk)
    client.post(url("proposal-new", "staff-join"), JOIN | {"files": [str(stored.uuid)]})
    attachment = Attachment.objects.get()
    assert (attachment.owner_kind, str(attachment.owner_uuid)) == ("proposal", JOIN["uuid"])
    assert "a.pdf" in client.get(url("proposal", JOIN["uuid"])).content.decode()


def test_unknown_kind_is_404(client, season, liaison):
    assert client.get(url("proposal-new", "coup")).status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_departments_alone_propose(client, season, role):
    signed_in(client, season, role)
    assert client.post(url("proposal-new", "staff-join"), JOIN).status_code == 403
    assert not Proposal.objects.exists()


# --- the list


def test_list_shows_waiting_first_and_own_ones_to_departments(client, season, liaison):
    other = make_member(season, Role.STAFF, "工会")
    make_proposal(season, liaison)
    make_proposal(season, other, home="工会", number="2")
    make_proposal(season, liaison, number="3", state="withdrawn", decided_by=liaison, decided_at=NOON)
    page = client.get(url("proposals")).context["page"]
    assert ([row.department for row in page.waiting], [row.subject for row in page.settled]) == (
        ["图书馆"],
        ["张伟(3)"],
    )
    signed_in(client, season, Role.OFFICE)
    page = client.get(url("proposals")).context["page"]
    assert [row.department for row in page.waiting] == ["图书馆", "工会"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    by = make_member(season, Role.STAFF, "图书馆")
    for number in range(rows):
        make_proposal(season, by, number=f"{number}")
        make_proposal(season, by, number=f"1{number}", state="refused", decided_by=by, decided_at=NOON)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(8):
        client.get(url("proposals"))


def test_settled_ones_go_page_by_page(client, season, at_noon):
    by = make_member(season, Role.STAFF, "图书馆")
    for number in range(60):
        make_proposal(season, by, number=f"{number}", state="refused", decided_by=by, decided_at=NOON)
    signed_in(client, season, Role.OFFICE)
    first = client.get(url("proposals"))
    second = client.get(url("proposals") + first.context["older_url"])
    pages = [[row.subject for row in page.context["page"].settled] for page in (first, second)]
    assert (len(pages[0]), len(pages[1]), pages[1][-1]) == (50, 10, "张伟(0)")
    assert client.get(url("proposals"), {"older": "x"}).status_code == 200


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_others_have_no_proposals(client, season, role):
    proposal = make_proposal(season, make_member(season, Role.STAFF, "图书馆"))
    signed_in(client, season, role)
    assert client.get(url("proposals")).status_code == 403
    assert client.get(url("proposal", proposal.uuid)).status_code == 403


# --- deciding


def test_office_accepts_and_another_finds_it_decided(client, season, at_noon):
    proposal = make_proposal(season, make_member(season, Role.STAFF, "图书馆"), number="00123")
    signed_in(client, season, Role.OFFICE, name="钟敏")
    path = url("proposal", proposal.uuid)
    for _click in range(2):
        assert client.post(path, {"decision": "accept", "note": ""}).url == path
    assert StaffMember.objects.count() == 1
    signed_in(client, season, Role.OFFICE, username="other")
    page = client.post(path, {"decision": "refuse", "note": "不符"})
    assert page.context["form"]["note"].value() == "不符"
    assert "钟敏" in page.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_refusal_without_a_note_comes_back(client, season, at_noon):
    proposal = make_proposal(season, make_member(season, Role.STAFF, "图书馆"))
    signed_in(client, season, Role.OFFICE)
    page = client.post(url("proposal", proposal.uuid), {"decision": "refuse", "note": ""})
    assert "note" in page.context["form"].errors
    assert client.post(url("proposal", proposal.uuid), {"decision": "x"}).status_code == 200
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_own_interest_is_told_and_refused(client, season, at_noon):
    proposal = make_proposal(season, make_member(season, Role.STAFF, "图书馆"))
    office = signed_in(client, season, Role.OFFICE)
    make_membership(season, office, Role.STAFF, department=department(season))
    page = client.get(url("proposal", proposal.uuid))
    assert (page.context["may_decide"], page.context["is_barred"]) == (False, True)
    with translation.override("en"):
        answer = client.post(url("proposal", proposal.uuid), {"decision": "accept"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_department_withdraws_and_decides_nothing(client, season, liaison):
    proposal = make_proposal(season, liaison)
    path = url("proposal", proposal.uuid)
    assert client.post(path, {"decision": "accept", "note": ""}).status_code == 403
    assert client.post(path, {"decision": "withdraw"}).url == path
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by_id) == ("withdrawn", liaison.pk)


def test_another_departments_proposal_is_not_there(client, season, liaison):
    proposal = make_proposal(season, make_member(season, Role.STAFF, "工会"), home="工会")
    for answer in (client.get(url("proposal", proposal.uuid)), client.post(url("proposal", proposal.uuid), {})):
        assert answer.status_code == 404


def test_office_is_told_of_a_known_number_and_of_a_change_since(client, season, at_noon):
    by = make_member(season, Role.STAFF, "图书馆")
    make_person(season, home="工会")
    join = make_proposal(season, by, number="00123")
    signed_in(client, season, Role.OFFICE)
    assert "工会" in client.get(url("proposal", join.uuid)).context["detail"].remark
    person = make_person(season, "李敏", number="7")
    leave = make_proposal(season, by, number="7", staff_member=person)
    Proposal.objects.filter(pk=leave.pk).update(
        kind="staff-correct",
        values={"number": "7", "name": "李明", "category": "full_time", "before": {"number": "6"}},
    )
    assert "李敏" in client.get(url("proposal", leave.uuid)).context["detail"].remark


def test_what_was_typed_survives_the_end_of_the_session(client, season, at_noon):
    user = make_member(season, Role.STAFF, "图书馆")
    User.objects.filter(pk=user.pk).update(last_login=NOON + timedelta(days=1))
    from tests.factories import PASSWORD

    path = url("proposal-new", "staff-join")
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    client.cookies.pop("sessionid")
    assert client.post(path, JOIN).status_code == 302
    client.post(f"/login/?next={path}", {"username": user.username, "password": PASSWORD})
    assert client.get(path).context["form"]["name"].value() == "张 伟"
