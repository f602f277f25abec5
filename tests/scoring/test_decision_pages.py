"""The pages of benchmarks and decisions: what they show to whom, forms that come back whole, queries at any size."""

import uuid
from datetime import timedelta

import pytest
from django.utils.http import urlencode

from campaigns.enums import DecisionKind, Role
from campaigns.models import Attachment, Decision, Interest
from scoring.enums import Visibility
from scoring.models import Benchmark, Rulebook
from scoring.services.decisions import decide_visibility
from tests.campaigns.honours_working import stop_clock, upload
from tests.campaigns.people_working import url as campaign_url
from tests.factories import NOON, department, make_actor
from tests.scoring.decision_working import name, posted, publish, said
from tests.scoring.reading import Pair, page, parsed, reader, table_rows, words

BENCHMARKS = 11  # queries: session, user, campaign, three for the actor, five for the page
REGISTER = 9
DECISION = 12


@pytest.fixture(autouse=True)
def at_noon(season):
    stop_clock(season)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def naming(season, who="图书馆", **query):
    return {"block": "B", "category": "study", "department": str(department(season, who).uuid)} | query


def send(client, address, query, form, **values):
    """Return the answer to a form sent to an address with a query."""
    return client.post(f"{address}?{urlencode(query)}", posted(form, **values))


def declare(season, actor, name):
    """Declare that the actor has an interest in a department."""
    Interest.objects.create(
        campaign=season,
        user_id=actor.user_id,
        department=department(season, name),
        reason="亲属",
        starts_on=season.facts_from,
    )


def tie_two(pair):
    pair.charge("S1a")
    pair.charge("S1a", charged="体育部")


def new(season, kind):
    return page("decision-new", season, kind)


# --- benchmarks


def test_benchmark_is_named_after_both_rankings_were_seen(season, pair, lead):
    pair.charge("S1a")
    client, address = reader(lead), page("benchmark-name", season)
    chosen = parsed(client.get(address, {"block": "B", "category": "study"}))
    assert len(chosen.xpath("//ul[@class='links']/li/a")) == 10
    answer = client.get(address, naming(season))
    rows = {row[0]: row[1:5] for row in table_rows(parsed(answer))}
    assert rows["图书馆"] == ["10", "99.00", "1", "100.00"]
    form = answer.context["form"]
    sent = send(client, address, naming(season), form, reason="讨论充分。")
    assert sent.url == page("benchmarks", season)
    assert send(client, address, naming(season), form, reason="讨论充分。").status_code == 302  # pressed twice
    assert (Benchmark.objects.get().reason, str(Benchmark.objects.get().amount)) == ("讨论充分。", "1.00")


def test_figure_that_moved_comes_back_with_what_was_typed_and_is_named_when_sent_again(season, pair, lead):
    client, address = reader(lead), page("benchmark-name", season)
    form = client.get(address, naming(season)).context["form"]
    pair.charge("S1a")
    stale = send(client, address, naming(season), form, reason="讨论充分。")
    again = stale.context["form"]
    assert (stale.status_code, again["reason"].value(), again["amount"].value()) == (200, "讨论充分。", "1.00")
    assert send(client, address, naming(season), again, reason="讨论充分。").status_code == 302
    assert str(Benchmark.objects.get().amount) == "1.00"


def test_page_warns_with_both_figures(season, pair, lead):
    name(season, by=lead)
    client = reader(lead)
    assert not parsed(client.get(page("benchmarks", season))).xpath("//*[@role='status']")
    pair.charge("S1a")
    alert = parsed(client.get(page("benchmarks", season))).xpath("//*[@role='status']")[0]
    assert all(said in words(alert) for said in ("图书馆", "0.00", "1.00"))
    assert alert.xpath(".//a/@href")[0].endswith(str(department(season).uuid))


@pytest.mark.parametrize("query", [{}, {"block": "Q", "category": "study"}, {"block": "B", "category": "x"}])
def test_place_that_is_none_is_404(season, lead, query):
    assert reader(lead).get(page("benchmark-name", season), query).status_code == 404


def test_department_of_another_block_is_404_and_one_of_own_interest_403(season, lead):
    client, address = reader(lead), page("benchmark-name", season)
    assert client.get(address, naming(season, "工会")).status_code == 404
    assert client.get(address, naming(season) | {"department": "x"}).status_code == 404
    declare(season, lead, "图书馆")
    assert client.get(address, naming(season)).status_code == 403
    assert client.post(f"{address}?block=B&category=study&department={department(season).uuid}", {}).status_code == 403
    assert len(parsed(client.get(address, {"block": "B", "category": "study"})).xpath("//ul[@class='links']//a")) == 9


@pytest.mark.parametrize("amount", [1, 3])
def test_benchmarks_page_asks_the_same_queries_at_any_size(season, lead, leader, amount, django_assert_num_queries):
    for number in range(amount):
        who = ("图书馆", "体育部", "基础部")[number]
        name(season, who, by=lead, at=NOON + timedelta(minutes=number))
    client = reader(leader)
    with django_assert_num_queries(BENCHMARKS):
        assert client.get(page("benchmarks", season)).status_code == 200


def test_basis_is_decided_with_both_rankings_shown(season, pair, lead, leader):
    pair.charge("S1a")
    name(season, by=lead)
    client, address = reader(leader), page("basis-decide", season)
    answer = client.get(address)
    assert answer.context["form"]["basis"].value() == "best_is_full"
    assert [block.rescored for block in answer.context["moves"]] == [0, 1]
    assert send(client, address, {}, answer.context["form"]).url == page("benchmarks", season)
    assert Rulebook.objects.get(campaign=season).basis == "best_is_full"
    assert client.get(address).context["form"]["basis"].value() == "absolute"


# --- recording


def test_percentages_are_typed_as_people_do_and_prefilled_next_time(season, leader):
    client = reader(leader)
    form = client.get(new(season, "conversion")).context["form"]
    sent = send(client, new(season, "conversion"), {}, form, party="１５％", work=" 12.5 ")
    made = Decision.objects.get()
    assert (sent.url, made.data["percentages"]) == (
        page("decision", season, made.uuid),
        {"party": "15.00", "work": "12.50"},
    )
    assert client.get(new(season, "conversion")).context["form"]["party"].value() == "15.00"


@pytest.mark.parametrize("typed", ["0", "101", "a", "1.234", "-3", "NaN", "1e999999"])
def test_percentage_that_is_none_is_told_at_its_field(season, leader, typed):
    client = reader(leader)
    form = client.get(new(season, "conversion")).context["form"]
    answer = send(client, new(season, "conversion"), {}, form, party=typed)
    assert list(answer.context["form"].errors) == ["party"]
    assert answer.context["form"]["present"].value() == "支校衡"


def test_numbers_are_by_block_and_refused_at_their_field(season, leader):
    client, address = reader(leader), new(season, "commended-number")
    form = client.get(address).context["form"]
    too_many = send(client, address, {}, form, number_0="3", number_1="11")
    assert list(too_many.context["form"].errors) == ["number_1"]
    assert send(client, address, {}, too_many.context["form"], number_1="").status_code == 302
    assert Decision.objects.get().data == {"numbers": {"A": 3}}
    assert client.get(address).context["form"]["number_0"].value() == 3


def test_visibility_needs_a_choice_and_the_minutes_from_the_office(season, office):
    client, address = reader(office), new(season, "visibility")
    form = client.get(address).context["form"]
    without = send(client, address, {}, form)
    assert set(without.context["form"].errors) == {"visibility", "files"}
    file = str(upload(season, office))
    early = send(client, address, {}, form, visibility="own", files=[file], decided_on="2009-12-29")
    again = early.context["form"]
    assert (list(again.errors), [str(one.uuid) for one in again["files"].value()]) == (["decided_on"], [file])
    assert send(client, address, {}, form, visibility="own", files=[file]).status_code == 302
    assert Attachment.objects.get().owner_uuid == Decision.objects.get().uuid


def test_another_decision_meanwhile_is_shown_and_replaced_when_sent_again(season, leader):
    client, address = reader(leader), new(season, "visibility")
    mine = client.get(address).context["form"]
    theirs = decide_visibility(season, said(season, leader), visibility=Visibility.ALL, by=leader, at=NOON)
    stale = send(client, address, {}, mine, visibility="own")
    assert (stale.status_code, stale.context["standing"]) == (200, theirs)
    assert send(client, address, {}, stale.context["form"], visibility="own").status_code == 302
    assert Decision.objects.first().data == {"visibility": "own"}


def test_tie_is_decided_from_the_ranking(season, pair, leader):
    tie_two(pair)
    client = reader(leader)
    links = parsed(client.get(page("ranking", season))).xpath("//main//a[contains(@href, 'rank-tie')]/@href")
    address = new(season, "rank-tie")
    assert f"{address}?block=B&total=99.00" in links
    form = client.get(address, {"block": "B", "total": "99.00"}).context["form"]
    first, second = form.rank_names  # 图书馆 stands before 体育部 in the scheme
    twice = send(client, address, {"block": "B", "total": "99.00"}, form, **{first: "9", second: "9"})
    assert list(twice.context["form"].errors) == [first]
    sent = send(client, address, {"block": "B", "total": "99.00"}, form, **{first: "10", second: "9"})
    assert sent.url == page("decision", season, Decision.objects.get().uuid)
    rows = table_rows(parsed(client.get(page("ranking", season))), "//section[@id='block-B']//table")
    assert [row[:2] for row in rows[-2:]] == [["9", "体育部 by decision"], ["10", "图书馆 by decision"]]


def test_tie_that_changed_comes_back_with_what_was_typed(season, pair, leader):
    tie_two(pair)
    client, address, query = reader(leader), new(season, "rank-tie"), {"block": "B", "total": "99.00"}
    form = client.get(address, query).context["form"]
    first, second = form.rank_names
    pair.charge("S1a", charged="基础部")
    answer = send(client, address, query, form, **{first: "10", second: "9"})
    again = answer.context["form"]
    assert (answer.status_code, again[first].value(), again["text"].value()) == (200, "10", "一致同意。")
    assert "基础部" in again.non_field_errors()[0]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("total", ["98.00", "x", "NaN", "sNaN", "1e9999999", "-1", ""])
def test_tie_that_is_none_is_404(season, pair, leader, total):
    tie_two(pair)
    assert reader(leader).get(new(season, "rank-tie"), {"block": "B", "total": total}).status_code == 404


def test_tie_of_an_own_department_is_refused_when_opened(season, pair, leader):
    tie_two(pair)
    declare(season, leader, "图书馆")
    client = reader(leader)
    assert client.get(new(season, "rank-tie"), {"block": "B", "total": "99.00"}).status_code == 403
    assert not parsed(client.get(page("ranking", season))).xpath("//a[contains(@href, 'total=99.00')]")


def test_departments_are_commended_from_the_publication(season, leader):
    client, address = reader(leader), new(season, "commended")
    assert client.get(address).context["page"] is None
    first = publish(season)
    answer = client.get(address)
    tree = parsed(answer)
    assert len(tree.xpath("//input[@name='chosen']")) == 24
    chosen = [str(department(season, "教务处").uuid)]
    second = publish(season, number=2, replaces=first)
    stale = send(client, address, {}, answer.context["form"], chosen=chosen)
    again = stale.context["form"]
    assert (again["publication"].value(), again.ticks) == (str(second.uuid), frozenset(chosen))
    assert send(client, address, {}, again, chosen=chosen).status_code == 302
    made = Decision.objects.get()
    assert (made.data["publication"], made.data["departments"]) == (str(second.uuid), chosen)
    assert "教务处" in words(parsed(client.get(page("decision", season, made.uuid))))


@pytest.mark.parametrize("kind", ["honours", "contest-tie", "departments", "supplement", "x"])
def test_kinds_that_other_pages_record_are_404_here(season, leader, kind):
    assert reader(leader).get(new(season, kind)).status_code == 404


def test_basis_leads_to_its_page(season, leader):
    assert reader(leader).get(new(season, "basis")).url == page("basis-decide", season)


# --- the register


def test_register_narrows_by_kind_and_opens_each(season, pair, leader):
    tie_two(pair)
    first = decide_visibility(season, said(season, leader), visibility=Visibility.ALL, by=leader, at=NOON)
    draft = said(season, leader, standing=first.uuid)
    second = decide_visibility(season, draft, visibility=Visibility.OWN, by=leader, at=NOON)
    client = reader(leader)
    assert len(table_rows(parsed(client.get(page("decisions", season))))) == 2
    assert not parsed(client.get(page("decisions", season), {"kind": "basis"})).xpath("//table")
    assert len(table_rows(parsed(client.get(page("decisions", season), {"kind": "visibility"})))) == 2
    shown = client.get(page("decision", season, first.uuid)).context["page"]
    assert (shown.replaced_by, shown.replaces) == (second, None)
    assert client.get(page("decision", season, uuid.uuid4())).status_code == 404


def test_contest_tie_is_not_for_assessors(season, leader):
    made = Decision.objects.create(
        campaign=season,
        kind=DecisionKind.CONTEST_TIE,
        decided_on=NOON.date(),
        present="甲",
        text="乙",
        data={"order": [], "rank": 1, "mean": "90.00"},
        recorded_by_id=leader.user_id,
        recorded_at=NOON,
    )
    assert reader(leader).get(page("decision", season, made.uuid)).status_code == 200
    assessor = reader(make_actor(season, Role.ASSESSOR))
    assert assessor.get(page("decision", season, made.uuid)).status_code == 404
    assert assessor.get(page("decisions", season)).context["register"].total == 0


def test_decision_about_an_own_department_is_refused_and_its_paper_not_opened(season, office, leader):
    publication = publish(season)
    client, address = reader(office), new(season, "commended")
    chosen = [str(department(season, "教务处").uuid)]
    file = str(upload(season, office))
    send(client, address, {}, client.get(address).context["form"], chosen=chosen, files=[file])
    made, attached = Decision.objects.get(), Attachment.objects.get()
    assert made.data["publication"] == str(publication.uuid)
    declare(season, leader, "教务处")
    theirs = reader(leader)
    assert theirs.get(page("decision", season, made.uuid)).status_code == 403
    assert theirs.get(campaign_url("attachment", attached.uuid)).status_code == 404
    assert "一致同意" not in words(parsed(theirs.get(page("decisions", season))))


@pytest.mark.parametrize("amount", [1, 3])
def test_register_asks_the_same_queries_at_any_size(season, leader, amount, django_assert_num_queries):
    standing = None
    for _number in range(amount):
        draft = said(season, leader, standing=standing)
        made = decide_visibility(season, draft, visibility=Visibility.ALL, by=leader, at=NOON)
        standing = made.uuid
    client = reader(make_actor(season, Role.TEAM_LEAD))
    with django_assert_num_queries(REGISTER):
        assert len(table_rows(parsed(client.get(page("decisions", season))))) == amount
    with django_assert_num_queries(DECISION):
        assert client.get(page("decision", season, standing)).status_code == 200


@pytest.mark.parametrize("name", ["benchmarks", "decisions"])
def test_departments_do_not_read_them(season, name):
    actor = make_actor(season, Role.HEAD, department=department(season))
    assert reader(actor).get(page(name, season)).status_code == 403
