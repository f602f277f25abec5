"""The pages of appeals: who reads what, the forms as they come back, and how many queries they ask."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Attachment, Membership
from scoring.enums import AppealState
from scoring.models import Appeal
from scoring.services.appeals import WordOfMouth
from tests.campaigns.files_working import make_picture
from tests.factories import NOON, department, make_actor, make_deduction
from tests.scoring.appeal_working import LATER, Cast, fresh, states
from tests.scoring.reading import page, parsed, reader, table_rows, turn_clock, words


@pytest.fixture
def season(season):
    turn_clock(season, LATER)
    return season


@pytest.fixture
def cast(season):
    return Cast(season)


def ruling(state="upheld", **values):
    return {"state": state, "ruling": "核对佐证", "to": ""} | values


# --- making one


def test_head_appeals_from_the_deduction_with_a_file_and_finds_it_again(season, cast, portal_files):
    line, client = cast.charge(told=False), reader(cast.head)
    form_page = page("appeal-new", season, line.uuid)
    assert client.get(form_page)["Location"] == page("deduction", season, line.uuid)
    tree = parsed(client.get(page("deduction", season, line.uuid)))
    assert form_page in tree.xpath("//a/@href")
    shown = client.get(form_page)
    typed = {
        "uuid": str(shown.context["form"]["uuid"].value()),
        "reason": "记录与事实不符",
        "files": SimpleUploadedFile("签到表.png", make_picture("PNG")),
    }
    first = client.post(form_page, typed)
    again = client.post(form_page, typed | {"files": SimpleUploadedFile("签到表.png", make_picture("PNG"))})
    assert first["Location"] == again["Location"] == page("appeal", season, Appeal.objects.get().uuid)
    assert Attachment.objects.filter(owner_kind="appeal").count() == 1
    assert "签到表.png" in words(parsed(client.get(first["Location"])))
    assert first["Location"] in parsed(client.get(page("deduction", season, line.uuid))).xpath("//a/@href")


def test_form_with_an_error_comes_back_whole_with_its_file(season, cast, portal_files):
    line, client = cast.charge(), reader(cast.office)
    typed = {"uuid": str(uuid.uuid4()), "name": "李主任", "on": "2009.12.27", "reason": "字" * 20}
    answer = client.post(
        page("appeal-new", season, line.uuid), typed | {"files": SimpleUploadedFile("签到表.png", make_picture("PNG"))}
    )
    form = answer.context["form"]
    assert list(form.errors) == ["on"]
    assert {name: form[name].value() for name in typed} == typed
    assert [file.name for file in form["files"].value()] == ["签到表.png"]
    assert states() == []


def test_office_enters_what_was_said_late_and_it_is_marked(season, cast):
    turn_clock(season, LATER + timedelta(days=season.appeal_days + 3))
    line, client = cast.charge(), reader(cast.office)
    typed = {"uuid": str(uuid.uuid4()), "name": "李主任", "on": "", "reason": "理由"}
    address = page("appeal-new", season, line.uuid)
    typed["on"] = client.get(address).context["form"]["on"].value()
    tree = parsed(client.get(client.post(address, typed)["Location"]))
    assert ("李主任" in words(tree), "late" in words(tree)) == (True, True)
    assert Appeal.objects.get().is_late


def test_head_who_comes_late_reads_the_last_day(season, cast):
    line = cast.charge()
    turn_clock(season, LATER + timedelta(days=season.appeal_days + 1))
    client = reader(cast.head)
    deduction = words(parsed(client.get(page("deduction", season, line.uuid))))
    assert line.appeal_until.isoformat() in deduction
    answer = client.post(page("appeal-new", season, line.uuid), {"uuid": str(uuid.uuid4()), "reason": "理由"})
    assert [line.appeal_until.isoformat() in str(error) for error in answer.context["form"].non_field_errors()] == [
        True
    ]


def test_liaison_reads_that_the_head_appeals_and_others_find_nothing(season, cast):
    line = cast.charge()
    address = page("appeal-new", season, line.uuid)
    assert parsed(reader(cast.liaison).get(address)).xpath("//main//form[@method='post']") == []
    assert reader(cast.liaison).post(address, {"uuid": str(uuid.uuid4()), "reason": "理由"}).status_code == 200
    stranger = make_actor(season, Role.HEAD, department=department(season, "工会"))
    own = make_actor(season, Role.OFFICE)
    Membership.objects.create(campaign=season, user_id=own.user_id, role=Role.ASSESSOR, starts_on=season.facts_from)
    assert reader(stranger).get(address).status_code == 404
    assert [reader(actor).get(address).status_code for actor in (cast.lead, own)] == [403, 200]
    assert states() == []


def test_office_with_an_interest_leaves_it_to_another_with_the_sentence(season, cast):
    line = cast.charge()
    own = make_actor(season, Role.OFFICE, department=None)
    Membership.objects.create(
        campaign=season,
        user_id=own.user_id,
        role=Role.STAFF,
        department=line.charged,
        starts_on=season.facts_from,
        ends_on=NOON.date() - timedelta(days=1),
    )
    answer = reader(own).get(page("appeal-new", season, line.uuid))
    assert answer.status_code == 403
    assert "You have an interest in this department" in answer.content.decode()


def test_office_looking_as_the_department_does_not_appeal(season, cast):
    line, client = cast.charge(), reader(cast.office)
    session = client.session
    session["seeing_as"] = {season.slug: str(line.charged.uuid)}
    session.save()
    client.post(page("appeal-new", season, line.uuid), {"uuid": str(uuid.uuid4()), "reason": "理由"})
    assert states() == []


# --- reading one


def test_appeal_is_read_by_overseers_own_department_and_its_author_alone(season, cast):
    appeal = cast.appeal(cast.charge())
    address = page("appeal", season, appeal.uuid)
    other = make_actor(season, Role.HEAD, department=department(season, "工会"))
    readers = (cast.head, cast.liaison, cast.office, cast.lead, cast.recorder, other)
    assert [reader(actor).get(address).status_code for actor in readers] == [200] * 5 + [404]
    Membership.objects.filter(user_id=cast.head.user_id).update(ends_on=NOON.date() - timedelta(days=1))
    elsewhere = Membership.objects.create(
        campaign=season,
        user_id=cast.head.user_id,
        role=Role.HEAD,
        department=department(season, "工会"),
        starts_on=season.facts_from,
    )
    text = words(parsed(reader(cast.head).get(address)))
    assert ("记录与事实不符" in text, elsewhere.department.name in text) == (True, True)


def test_names_of_recorder_confirmer_and_ruler_are_for_the_team_and_the_office(season, cast):
    appeal = cast.rule(cast.appeal(cast.charge()))
    leader = make_actor(season, Role.LEADERSHIP)
    interested = make_actor(season, Role.ASSESSOR, department=appeal.department)
    acted = [Membership.objects.get(user_id=one.user_id).user for one in (cast.recorder, cast.confirmer, cast.lead)]
    seen = {}
    for who, actor in (("team", cast.recorder), ("office", cast.office), ("head", cast.head), ("leader", leader)):
        text = words(parsed(reader(actor).get(page("appeal", season, appeal.uuid))).xpath("//main")[0])
        seen[who] = [user.display_name in text for user in acted]
    text = words(parsed(reader(interested).get(page("appeal", season, appeal.uuid))).xpath("//main")[0])
    assert seen == {"team": [True] * 3, "office": [True] * 3, "head": [False] * 3, "leader": [False] * 3}
    assert [user.display_name in text for user in acted] == [False] * 3


def test_changed_line_and_both_appeals_lead_to_one_another(season, cast):
    first = cast.rule(cast.appeal(cast.charge(quantity=5)), AppealState.REDUCED, quantity=3)
    second = cast.appeal(first.outcome)
    client = reader(cast.head)
    links = {
        one: parsed(client.get(page("appeal", season, one.uuid))).xpath("//main//a/@href") for one in (first, second)
    }
    assert page("appeal", season, second.uuid) in links[first]
    assert page("appeal", season, first.uuid) in links[second]
    assert page("deduction", season, first.outcome.uuid) in links[first]
    assert page("appeal", season, second.uuid) in parsed(
        client.get(page("deduction", season, first.outcome.uuid))
    ).xpath("//main//a/@href")


# --- ruling and taking back


def test_ruler_sees_every_reduction_with_its_amount_and_rules_once(season, cast):
    line = cast.charge(quantity=3)
    appeal, client = cast.appeal(line), reader(cast.lead)
    form = client.get(page("appeal", season, appeal.uuid)).context["form"]
    assert [key for key, _label in form.fields["to"].choices] == ["", "P1:2", "P1:1"]
    assert "0.20" in dict(form.fields["to"].choices)["P1:2"]
    address = page("appeal-rule", season, appeal.uuid)
    for _time in range(2):
        assert client.post(address, ruling("reduced", to="P1:2"))["Location"] == page("appeal", season, appeal.uuid)
    outcome = fresh(appeal).outcome
    assert (outcome.quantity, outcome.confirmed_by_id) == (2, cast.lead.user_id)


def test_line_that_cannot_be_reduced_is_upheld_or_revoked(season, cast):
    appeal = cast.appeal(cast.charge())
    form = reader(cast.lead).get(page("appeal", season, appeal.uuid)).context["form"]
    assert ([state for state, _label in form.fields["state"].choices], "to" in form.fields) == (
        ["upheld", "revoked"],
        False,
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ruling": " "}, "ruling"),
        ({"state": ""}, "state"),
        ({"state": "withdrawn"}, "state"),
        ({"state": "reduced"}, "to"),
        ({"state": "reduced", "to": "P1:9"}, "to"),
    ],
)
def test_ruling_with_an_error_comes_back_whole(season, cast, values, field):
    appeal = cast.appeal(cast.charge(quantity=3))
    typed = ruling() | values
    form = reader(cast.lead).post(page("appeal-rule", season, appeal.uuid), typed).context["form"]
    assert field in form.errors
    assert {name: form[name].value() for name in typed} == typed
    assert states() == ["pending"]


def test_ruling_that_comes_too_late_keeps_its_text_and_says_so(season, cast):
    appeal = cast.appeal(cast.charge())
    cast.rule(appeal, by=make_actor(season, Role.TEAM_LEAD))
    answer = reader(cast.lead).post(page("appeal-rule", season, appeal.uuid), ruling("revoked", ruling="我的理由"))
    tree = parsed(answer)
    assert len(answer.context["form"].non_field_errors()) == 1
    assert [box.text_content().strip() for box in tree.xpath("//textarea[@name='ruling']")] == ["我的理由"]
    assert states() == ["upheld"]


def test_who_may_not_rule_reads_why_and_an_interest_is_refused(season, cast):
    appeal = cast.appeal(cast.charge())
    leader = make_actor(season, Role.LEADERSHIP)
    own = make_actor(season, Role.TEAM_LEAD, department=appeal.department)
    for actor, form, why in ((leader, False, True), (own, False, True), (cast.lead, True, False)):
        shown = reader(actor).get(page("appeal", season, appeal.uuid)).context
        assert (shown["form"] is not None, bool(shown["page"].why_not)) == (form, why)
    address = page("appeal-rule", season, appeal.uuid)
    assert reader(own).post(address, ruling()).status_code == 403
    assert len(reader(leader).post(address, ruling()).context["form"].non_field_errors()) == 1
    assert reader(cast.office).post(address, ruling()).status_code == 403
    assert states() == ["pending"]


def test_appeal_nobody_is_free_to_rule_says_so_to_overseers(season, cast):
    cast.recorder = cast.lead
    appeal = cast.appeal(cast.charge())
    assert reader(cast.office).get(page("appeal", season, appeal.uuid)).context["page"].is_stuck
    assert not reader(cast.head).get(page("appeal", season, appeal.uuid)).context["page"].is_stuck
    [row] = reader(cast.office).get(page("appeals", season)).context["part"].rows
    assert (row.is_stuck, row.is_mine) == (True, False)


def test_head_takes_back_on_the_page_and_the_team_may_not(season, cast):
    appeal = cast.appeal(cast.charge())
    address = page("appeal-take-back", season, appeal.uuid)
    assert address in parsed(reader(cast.head).get(page("appeal", season, appeal.uuid))).xpath("//form/@action")
    assert [reader(actor).post(address).status_code for actor in (cast.lead, cast.liaison, cast.office)] == [403] * 3
    for _time in range(2):
        assert reader(cast.head).post(address).status_code == 302
    assert states() == ["withdrawn"]


def test_files_of_an_appeal_are_changed_while_it_waits_by_who_may_take_it_back(season, cast):
    appeal = cast.appeal(cast.charge())
    address = reverse("campaigns:attachment-add", args=[season.slug, "appeal", appeal.uuid])
    assert [reader(actor).get(address).status_code for actor in (cast.head, cast.lead)] == [200, 403]
    cast.rule(appeal)
    assert reader(cast.head).get(address).status_code == 403


# --- the list and home


def test_list_keeps_three_tabs_and_filters_by_department(season, cast):
    other = Cast(season, "工会")
    waits = [cast.appeal(cast.charge()), other.appeal(other.charge())]
    ruled = cast.rule(cast.appeal(cast.charge(quantity=2)), AppealState.REDUCED, quantity=1)
    client = reader(make_actor(season, Role.LEADERSHIP))
    part = client.get(page("appeals", season)).context["part"]
    assert [row.uuid for row in part.rows] == [one.uuid for one in waits]
    assert part.counts == {"pending": 2, "ruled": 1, "taken-back": 0}
    tree = parsed(client.get(page("appeals", season) + f"?department={other.charge().charged.uuid}"))
    assert [row[1] for row in table_rows(tree)] == ["工会"]
    [row] = client.get(page("appeals", season) + "?tab=ruled&department=x&after=y").context["part"].rows
    assert (row.uuid, str(row.amount), str(row.left)) == (ruled.uuid, "0.20", "0.10")
    own = reader(cast.liaison).get(page("appeals", season)).context["part"]
    assert [row.department for row in own.rows] == ["图书馆"]


def test_long_list_goes_on_and_back(season, cast, monkeypatch):
    monkeypatch.setattr("scoring.queries.appeals.PAGE", 2)
    made = [cast.appeal(cast.charge(), at=LATER + timedelta(minutes=number)).uuid for number in range(5)]
    client, address = reader(cast.lead), page("appeals", season)
    shown = []
    for _page in range(3):
        context = client.get(address).context
        shown += [row.uuid for row in context["part"].rows]
        address = context["after_url"]
    assert (shown, address) == (made, "")
    back = client.get(context["before_url"]).context
    assert [row.uuid for row in back["part"].rows] == made[2:4]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("lead", 13), ("head", 9)])
def test_list_asks_the_same_queries(season, cast, who, queries, number, django_assert_num_queries):
    for _one in range(number):
        cast.appeal(cast.charge())
    client = reader(getattr(cast, who))
    with django_assert_num_queries(queries):
        answer = client.get(page("appeals", season))
    assert len(answer.context["part"].rows) == number


@pytest.mark.parametrize(("who", "queries"), [("lead", (20, 19)), ("head", (15, 15))])
def test_page_of_an_appeal_asks_fixed_queries(season, cast, who, queries, django_assert_num_queries):
    """One less for who ruled on the line before: there is nothing to choose."""
    first = cast.rule(cast.appeal(cast.charge(quantity=5)), AppealState.REDUCED, quantity=3)
    for appeal, number in zip((cast.appeal(cast.charge(quantity=2)), cast.appeal(first.outcome)), queries, strict=True):
        client = reader(getattr(cast, who))
        with django_assert_num_queries(number):
            assert client.get(page("appeal", season, appeal.uuid)).status_code == 200


def test_home_says_what_waits_for_whom_and_what_was_ruled(season, cast):
    home = f"/campaigns/{season.slug}/"
    leader = make_actor(season, Role.LEADERSHIP)
    assert [panel_of(actor, home) for actor in (cast.lead, cast.head, leader)] == [None] * 3
    cast.appeal(cast.charge())
    cast.rule(cast.appeal(cast.charge()))
    cast.recorder = cast.lead
    cast.appeal(cast.charge(), by=cast.office, spoken=WordOfMouth("李主任", NOON.date()))
    lead, head = panel_of(cast.lead, home), panel_of(cast.head, home)
    assert (lead["mine_number"], lead["stuck"]) == (1, 0)
    assert (panel_of(leader, home)["mine_number"], panel_of(cast.office, home)) == (1, None)
    assert (head["waiting"], [row.state for row in head["ruled"]], head["mine_number"]) == (2, ["upheld"], 0)
    turn_clock(season, LATER + timedelta(days=20))
    assert panel_of(cast.head, home)["ruled"] == []


def panel_of(actor, home):
    """Return the data of the panel of appeals on the actor's home page, None where it is not there."""
    shown = reader(actor).get(home).context["panels"]
    return next((one["data"] for one in shown if one["template"] == "scoring/panel_appeals.html"), None)


def test_deduction_not_told_or_not_confirmed_offers_no_appeal(season, cast):
    recorded = make_deduction(season, "P1", by=cast.recorder)
    for actor in (cast.office, cast.lead):
        assert not reader(actor).get(page("deduction", season, recorded.uuid)).context["standing"].may_enter
