"""The pages of public notices and publications: who reads what, and forms that come back whole."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.enums import Role
from campaigns.models import Interest
from qualityseason.models import User
from scoring.enums import PublicationState
from scoring.models import Display, Objection, Publication
from scoring.services.displays import make_objection, withdraw_display
from scoring.services.publications import refuse_publication
from tests.factories import NOON, department, make_actor
from tests.scoring.publishing import AFTER, START, Press
from tests.scoring.reading import Pair, page, parsed, reader, table_rows, turn_clock, words
from tests.scoring.working import errors

LIST = 8  # queries: session, user, campaign, three for the actor, publications, public notices
PAGE = 9  # the same six, the publication, its correction, who signed
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def press(season):
    return Press(season)


@pytest.fixture
def head(season):
    return make_actor(season, Role.HEAD, department=department(season))


@pytest.fixture
def noon(season):
    turn_clock(season, SOON)


@pytest.fixture
def after(season):
    turn_clock(season, AFTER)


def text_of(client, name, season, *args):
    return words(parsed(client.get(page(name, season, *args))).xpath("//main")[0])


def display_form(**values):
    return {
        "uuid": str(uuid.uuid4()),
        "starts_on": "2009-12-28",
        "days": "5",
        "visibility": "block",
        "note": "",
    } | values


def proposal_form(**values):
    return {"uuid": str(uuid.uuid4()), "visibility": "all", "sign_until": "2010-01-15", "note": ""} | values


# --- the list


@pytest.mark.parametrize("amount", [1, 3])
@pytest.mark.parametrize("role", [Role.OFFICE, Role.HEAD])
def test_the_list_asks_the_same_queries(season, press, pair, after, head, amount, role, django_assert_num_queries):
    for number in range(amount):
        press.publish()
        pair.charge("B1", quantity=number + 1)
    client = reader(press.office if role == Role.OFFICE else head)
    with django_assert_num_queries(LIST):
        tree = parsed(client.get(page("publications", season)))
    assert len(table_rows(tree)) == amount


def test_departments_read_of_what_is_published_or_up_and_of_nothing_else(season, press, noon, head):
    client = reader(head)
    assert "Nothing has been put up or published yet" in text_of(client, "publications", season)
    display = press.display(starts_on=START + timedelta(days=1), days=4)
    assert "Nothing has been put up" in text_of(client, "publications", season)
    assert client.get(page("display", season, display.uuid)).status_code == 404
    turn_clock(season, AFTER)
    proposal = press.propose()
    assert client.get(page("publication", season, proposal.uuid)).status_code == 404
    place = department(season).uuid
    assert client.get(page("publication-statement", season, proposal.uuid, place)).status_code == 404
    assert "Proposal" not in text_of(client, "publications", season)
    withdraw_display(_recalled(proposal, press).display, because="另行公示", by=press.office, at=AFTER)
    assert client.get(page("display", season, display.uuid)).status_code == 404


def _recalled(proposal, press):
    return refuse_publication(proposal, because="先核对", by=press.leader, at=AFTER)


# --- a publication, read


@pytest.mark.parametrize(
    ("visibility", "blocks"), [("own", []), ("block", ["block-B"]), ("all", ["block-A", "block-B"])]
)
def test_a_department_reads_what_the_visibility_lets(season, press, pair, after, head, visibility, blocks):
    pair.charge("B1", quantity=3)
    pair.charge("B1", charged="体育部", quantity=7)
    pair.charge("A3", charged="工会")
    publication = press.publish(visibility=visibility)
    tree = parsed(reader(head).get(page("publication", season, publication.uuid)))
    assert [section.get("id") for section in tree.xpath("//section[starts-with(@id, 'block-')]")] == blocks
    said = words(tree.xpath("//main")[0])
    assert "99.40" in said
    assert ("体育部" in said, "98.60" in said) == ((bool(blocks)),) * 2
    assert ("工会" in said) == (len(blocks) == 2)
    assert publication.snapshot.sha256 not in said
    assert len(tree.xpath("//main//a[contains(@href, '/departments/')]")) == (2 if blocks else 1)  # the own statement


def test_overseers_read_all_and_where_each_figure_comes_from(season, press, pair, after):
    publication = press.publish(visibility="own")
    tree = parsed(reader(press.leader).get(page("publication", season, publication.uuid)))
    assert len(tree.xpath("//section[starts-with(@id, 'block-')]")) == 2
    assert len(tree.xpath("//tbody//a[contains(@href, '/departments/')]")) == 24
    assert publication.snapshot.sha256 in words(tree.xpath("//main")[0])


@pytest.mark.parametrize("visibility", ["own", "block", "all"])
def test_another_departments_statement_is_never_read(season, press, after, head, visibility):
    publication = press.publish(visibility=visibility)
    client = reader(head)
    for name, status in (("图书馆", 200), ("体育部", 404), ("工会", 404)):
        address = page("publication-statement", season, publication.uuid, department(season, name).uuid)
        assert client.get(address).status_code == status
        assert reader(press.leader).get(address).status_code == 200
    assert client.get(page("publication-statement", season, publication.uuid, uuid.uuid4())).status_code == 404


def test_the_frozen_statement_stays_when_the_ledger_moves(season, press, pair, after, head):
    pair.charge("B1", quantity=3)
    first = press.publish(visibility="own")
    pair.charge("B2")
    address = ("publication-statement", season, first.uuid, department(season).uuid)
    said = text_of(reader(head), *address)
    assert "99.40" in said
    assert "Rank" not in said
    second = press.publish(visibility="block")
    said = text_of(reader(head), *address)
    assert "replaced by No. 2" in said
    assert "99.40" in said
    assert "Rank 10" in text_of(reader(head), "publication-statement", season, second.uuid, department(season).uuid)


def test_what_was_open_is_listed_for_overseers_and_only_said_to_departments(season, press, pair, after, head):
    pair.record("A3", charged="工会")
    publication = press.publish()
    assert "工会 1" in text_of(reader(press.leader), "publication", season, publication.uuid)
    tree = parsed(reader(head).get(page("publication", season, publication.uuid)))
    assert "工会" not in words(tree.xpath("//*[@id='still-open']")[0])


def test_a_correction_shows_a_department_only_its_own_change(season, press, pair, after, head):
    press.publish(visibility="own")
    pair.charge("B1")
    pair.charge("B1", charged="体育部")
    second = press.publish(visibility="all")
    tree = parsed(reader(head).get(page("publication", season, second.uuid)))
    assert table_rows(tree, "//*[@id='changes']//table") == [["图书馆", "100.00", "99.80", "–", "–"]]
    tree = parsed(reader(press.leader).get(page("publication", season, second.uuid)))
    assert len(table_rows(tree, "//*[@id='changes']//table")) == 2


@pytest.mark.parametrize("amount", [1, 3])
def test_a_publication_asks_the_same_queries(season, press, pair, after, head, amount, django_assert_num_queries):
    for number in range(amount):
        pair.charge("P2", quantity=number + 1)
    publication = press.publish()
    statement = page("publication-statement", season, publication.uuid, department(season).uuid)
    for actor in (head, press.leader):
        client = reader(actor)
        with django_assert_num_queries(PAGE):
            client.get(page("publication", season, publication.uuid))
        with django_assert_num_queries(PAGE - 1):
            client.get(statement)


def test_a_reader_with_an_interest_reads_what_staff_read(season, press, pair, after):
    """A frozen result holds confirmed figures and no names, so that nothing has to be kept back."""
    pair.charge("B1")
    pair.record("B2")
    publication = press.publish()
    user = User.objects.get(pk=press.leader.user_id)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="亲属", starts_on=season.facts_from
    )
    client = reader(press.leader)
    said = text_of(client, "publication-statement", season, publication.uuid, department(season).uuid)
    assert user.display_name not in said
    assert "Assessment team" in said


# --- proposing and deciding


def test_proposing_on_the_page_and_confirming_it(season, press, pair, after):
    press.display()
    pair.record("B1")
    client = reader(press.office)
    keys = parsed(client.get(page("publication-new", season))).xpath("//input[@name='ticked']/@value")
    assert {"lines:1", "percentages:2"} <= set(keys)
    form = proposal_form(note="补充说明", ticked=keys[:1])
    answer = client.post(page("publication-new", season), form)
    assert list(errors(answer)) == ["ticked"]
    tree = parsed(answer)
    assert "补充说明" in words(tree.xpath("//textarea")[0])
    assert tree.xpath("//input[@name='ticked'][@checked]/@value") == keys[:1]
    assert not Publication.objects.exists()
    for _time in range(2):
        assert client.post(page("publication-new", season), form | {"ticked": keys}).status_code == 302
    proposal = Publication.objects.get()
    address = page("publication", season, proposal.uuid)
    assert parsed(client.get(address)).xpath("//form[contains(@action, '/recall/')]")
    assert not parsed(client.get(address)).xpath("//form[contains(@action, '/confirm/')]")
    leader = reader(press.leader)
    assert parsed(leader.get(address)).xpath("//form[contains(@action, '/confirm/')]")
    assert leader.post(page("publication-confirm", season, proposal.uuid)).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.number) == (PublicationState.CONFIRMED, 1)


def test_before_the_notice_has_ended_the_page_says_until_when(season, press, noon):
    client = reader(press.office)
    assert "Put the result on public notice first" in text_of(client, "publication-new", season)
    press.display()
    assert "until 2010-01-01" in text_of(client, "publication-new", season)
    answer = client.post(page("publication-new", season), proposal_form())
    assert answer.status_code == 200
    assert not Publication.objects.exists()


def test_figures_that_moved_are_shown_and_the_confirmation_is_told_why_not(season, press, pair, after):
    press.display()
    proposal = press.propose()
    pair.charge("B1", charged="体育部")
    client = reader(press.leader)
    tree = parsed(client.get(page("publication", season, proposal.uuid)))
    assert table_rows(tree)[0][:3] == ["体育部", "100.00", "99.80"]
    answer = client.post(page("publication-confirm", season, proposal.uuid), follow=True)
    assert "体育部 from 100.00 to 99.80" in words(parsed(answer))
    proposal.refresh_from_db()
    assert proposal.state == PublicationState.PROPOSED


def test_a_refusal_without_reason_comes_back_and_one_with_reason_stands(season, press, after):
    press.display()
    proposal = press.propose()
    client = reader(press.leader)
    answer = client.post(page("publication-refuse", season, proposal.uuid), {"because": " "})
    assert list(errors(answer)) == ["because"]
    assert client.post(page("publication-refuse", season, proposal.uuid), {"because": "先核对"}).status_code == 302
    assert "先核对" in text_of(reader(press.office), "publication", season, proposal.uuid)
    answer = client.post(page("publication-refuse", season, proposal.uuid), {"because": "再核对"})
    assert [str(error) for error in errors(answer)["__all__"]] == ["It waits no longer: Refused."]


def test_who_proposed_cannot_confirm_and_reads_why(season, press, after):
    from tests.factories import make_membership

    make_membership(season, User.objects.get(pk=press.leader.user_id), Role.OFFICE)
    press.display()
    client = reader(press.leader)
    keys = parsed(client.get(page("publication-new", season))).xpath("//input[@name='ticked']/@value")
    client.post(page("publication-new", season), proposal_form(ticked=keys))
    proposal = Publication.objects.get()
    assert "another leader must confirm it" in text_of(client, "publication", season, proposal.uuid)
    assert client.post(page("publication-confirm", season, proposal.uuid)).status_code == 403


def test_taking_a_proposal_back(season, press, after):
    press.display()
    proposal = press.propose()
    assert reader(press.lead).post(page("publication-recall", season, proposal.uuid)).status_code == 403
    assert reader(press.office).post(page("publication-recall", season, proposal.uuid)).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == PublicationState.RECALLED


# --- public notice and objections


def test_putting_up_a_result_on_the_page_comes_back_whole_when_refused(season, press, noon):
    client = reader(press.office)
    answer = client.post(page("display-new", season), display_form(starts_on="2009.12.27", note="请核对"))
    assert list(errors(answer)) == ["starts_on"]
    assert "请核对" in words(parsed(answer).xpath("//textarea")[0])
    form = display_form(starts_on="2009年12月28日", days="５")
    for _time in range(2):
        assert client.post(page("display-new", season), form).status_code == 302
    display = Display.objects.get()
    assert (display.ends_on.isoformat(), display.visibility) == ("2010-01-01", "block")
    answer = client.post(page("display-new", season), display_form())
    assert "No. 1" in str(errors(answer)["__all__"][0])


def test_a_notice_shows_a_department_its_block_and_its_own_objections(season, press, pair, noon, head):
    pair.charge("B1", quantity=3)
    display = press.display(visibility="block")
    other = make_actor(season, Role.HEAD, department=department(season, "体育部"))
    make_objection(
        display, uuid=uuid.uuid4(), text="另有说法", department=department(season, "体育部"), by=other, at=SOON
    )
    client = reader(head)
    tree = parsed(client.get(page("display", season, display.uuid)))
    assert [section.get("id") for section in tree.xpath("//section[starts-with(@id, 'block-')]")] == ["block-B"]
    assert "另有说法" not in words(tree)
    form = {"uuid": str(uuid.uuid4()), "text": "总分有误"}
    for _time in range(2):
        assert client.post(page("objection-new", season, display.uuid), form).status_code == 302
    assert Objection.objects.filter(department=department(season)).count() == 1
    assert "总分有误" in text_of(client, "display", season, display.uuid)
    assert "另有说法" in text_of(reader(press.office), "display", season, display.uuid)


def test_an_objection_of_another_department_is_not_known_to_exist(season, press, noon, head):
    display = press.display()
    other = make_actor(season, Role.HEAD, department=department(season, "体育部"))
    number = uuid.uuid4()
    make_objection(display, uuid=number, text="异议", department=department(season, "体育部"), by=other, at=SOON)
    assert reader(head).get(page("objection-answer", season, number)).status_code == 403
    client = reader(press.lead)
    assert list(errors(client.post(page("objection-answer", season, number), {"answer": ""}))) == ["answer"]
    assert client.post(page("objection-answer", season, number), {"answer": "已核对"}).status_code == 302
    assert "已核对" in text_of(reader(other), "display", season, display.uuid)
    answer = client.post(page("objection-answer", season, number), {"answer": "别的"})
    assert (len(errors(answer)), "别的" in words(parsed(answer))) == (1, True)


def test_the_office_enters_an_objection_by_name(season, press, noon):
    display = press.display()
    client = reader(press.office)
    form = {"uuid": str(uuid.uuid4()), "text": "有误", "name": "", "objected_on": "2009-12-28", "department": ""}
    answer = client.post(page("objection-new", season, display.uuid), form)
    assert list(errors(answer)) == ["name"]
    assert client.post(page("objection-new", season, display.uuid), form | {"name": "李四"}).status_code == 302
    assert reader(press.leader).get(page("objection-new", season, display.uuid)).status_code == 403


@pytest.mark.parametrize("amount", [1, 3])
def test_a_notice_asks_the_same_queries(season, press, noon, head, amount, django_assert_num_queries):
    display = press.display()
    for _number in range(amount):
        make_objection(display, uuid=uuid.uuid4(), text="异议", department=department(season), by=head, at=SOON)
    for actor in (head, press.office):
        client = reader(actor)
        with django_assert_num_queries(PAGE - 1):
            client.get(page("display", season, display.uuid))


def test_taking_a_notice_down_needs_the_reason(season, press, noon):
    display = press.display()
    client = reader(press.lead)
    assert list(errors(client.post(page("display-withdraw", season, display.uuid), {"because": ""}))) == ["because"]
    assert client.post(page("display-withdraw", season, display.uuid), {"because": "另行公示"}).status_code == 302
    assert "另行公示" in text_of(client, "display", season, display.uuid)


def test_home_leads_to_what_is_up_waits_or_is_published(season, press, noon, head):
    home = f"/campaigns/{season.slug}/"
    clients = [reader(head), reader(press.leader)]
    assert not any(parsed(client.get(home)).xpath("//*[contains(@class, 'panel-publications')]") for client in clients)
    press.display()
    for client in clients:
        assert "until 2010-01-01" in words(
            parsed(client.get(home)).xpath("//*[contains(@class, 'panel-publications')]")[0]
        )
    turn_clock(season, AFTER)
    press.propose()
    panels = [parsed(client.get(home)).xpath("//*[contains(@class, 'panel-publications')]") for client in clients]
    assert panels[0] == []
    assert "waits for a leader" in words(panels[1][0])


def test_totals_are_those_of_the_frozen_result(season, press, pair, after):
    pair.charge("B1", quantity=3)
    publication = press.publish()
    tree = parsed(reader(press.leader).get(page("publication", season, publication.uuid)))
    [row] = [row for row in table_rows(tree, "//*[@id='block-B']//table") if "图书馆" in row[1]]
    assert Decimal(row[-1]) == Decimal("99.40")


def test_only_who_proposes_is_led_from_what_counts_to_a_correction(season, press, after, head):
    publication = press.publish()
    led = {
        name: page("publication-new", season)
        in reader(actor).get(page("publication", season, publication.uuid)).content.decode()
        for name, actor in (("office", press.office), ("leader", press.leader), ("head", head))
    }
    assert led == {"office": True, "leader": False, "head": False}
