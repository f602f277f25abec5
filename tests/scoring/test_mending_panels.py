"""Panels about findings: on the homes of heads and liaisons, on a department's page, in the standing."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.enums import Role
from qualityseason.models import User
from scoring.enums import FindingState, Proof, RecordKind
from scoring.models import Announcement
from scoring.queries.mending_panels import findings_panel, mending_panel
from scoring.queries.panels import standing_panel
from tests.factories import NOON, department, make_actor, make_membership
from tests.scoring.finding_working import make_finding
from tests.scoring.reading import page, parsed, reader, turn_clock, words


@pytest.fixture
def home(season):
    turn_clock(season, NOON)
    return department(season)


@pytest.fixture
def head(season, home):
    return make_actor(season, Role.HEAD, department=home)


def announce(season, kind, day=date(2009, 12, 30)):
    user = make_actor(season, Role.OFFICE).user_id
    return Announcement.objects.create(
        campaign=season, kind=kind, starts_on=day, announced_by_id=user, announced_at=NOON
    )


def home_text(season, actor):
    return words(parsed(reader(actor).get(reverse("campaigns:campaign-home", args=[season.slug]))))


# --- the home of a department


def test_a_home_without_anything_to_say_has_no_panel(season, head):
    make_finding(season, "P3", proof=Proof.NO_RECORD)
    make_finding(season, "S1a")
    assert mending_panel(season, head, None, NOON) is None


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_who_answers_for_no_department_has_no_panel(season, home, role):
    make_finding(season, "P3")
    announce(season, RecordKind.PLAN)
    assert mending_panel(season, make_actor(season, role, department=None), None, NOON) is None


def test_a_home_shows_the_five_dearest_and_the_sum_of_all(season, head):
    for quantity in (1, 2, 3, 4, 3, 2):
        make_finding(season, "P2", quantity=quantity)
    make_finding(season, "P2", state=FindingState.GONE)
    panel = mending_panel(season, head, None, NOON)
    assert [row.quantity for row in panel["rows"]] == [4, 3, 3, 2, 2]
    assert (panel["open"], panel["amount"], panel["spared"]) == (6, Decimal("15.00"), Decimal("1.00"))
    text = home_text(season, head)
    assert "Points will be deducted unless this is mended 6" in text
    assert "6 findings, 15.00 points together." in text
    assert "Mending in time has spared 1.00 points so far." in text


def test_who_answers_for_two_departments_reads_of_which(season, home, head):
    other = department(season, "体育部")
    make_membership(season, User.objects.get(pk=head.user_id), Role.STAFF, department=other)
    make_finding(season, "P3", "体育部")
    make_finding(season, "P3")
    tree = parsed(reader(head).get(reverse("campaigns:campaign-home", args=[season.slug])))
    links = tree.xpath("//section[contains(@class, 'panel-mending')]//@href")
    assert {page("mending", season, one.uuid) for one in (home, other)} <= set(links)
    assert "体育部" in words(tree.xpath("//section[contains(@class, 'panel-mending')]//tbody")[0])


def test_a_home_says_from_when_records_count_and_no_price_of_what_is_not_proven(season, head):
    announce(season, RecordKind.SUMMARY)
    announce(season, RecordKind.PLAN, date(2009, 11, 20))
    announce(season, RecordKind.SERVICE)
    make_finding(season, "P3", subject="未公布的职责", proof=Proof.NO_RECORD)
    text = home_text(season, head)
    count = "from 2009-11-20 on: Plans; from 2009-12-30 on: Service work, Closing summaries."
    assert f"The portal's records count {count} For other kinds and earlier days" in text
    assert "Nothing is to be mended" in text
    assert "未公布的职责" not in text


@pytest.mark.parametrize("amount", [1, 3])
def test_the_panel_of_a_home_asks_the_same_queries(season, head, amount, django_assert_num_queries):
    for _number in range(amount):
        make_finding(season, "P3")
        make_finding(season, "P2", state=FindingState.GONE)
    with django_assert_num_queries(4):
        mending_panel(season, head, None, NOON)


# --- a department's page


@pytest.mark.parametrize(
    ("role", "of", "undecided"),
    [
        (Role.OFFICE, None, 2),
        (Role.LEADERSHIP, None, 2),
        (Role.ASSESSOR, None, 2),
        (Role.ASSESSOR, "体育部", 2),
        (Role.ASSESSOR, "图书馆", None),
        (Role.HEAD, "图书馆", None),
    ],
)
def test_the_undecided_are_counted_for_overseers_without_interest(season, home, role, of, undecided):
    make_finding(season, "P3")
    make_finding(season, "S1a")
    make_finding(season, "P3", proof=Proof.NO_RECORD)
    make_finding(season, "P3", state=FindingState.GONE)
    make_finding(season, "P3", "工会")
    actor = make_actor(season, role, department=department(season, of) if of else None)
    panel = findings_panel(season, actor, home, NOON)
    assert (panel["undecided"], panel["unproven"]) == ((undecided, 1) if undecided else (None, None))
    assert (panel["sums"].open, panel["sums"].mended) == (1, 1)


def test_other_departments_have_no_panel_of_findings(season, home):
    make_finding(season, "P3")
    other = make_actor(season, Role.HEAD, department=department(season, "工会"))
    assert findings_panel(season, other, home, NOON) is None
    assert findings_panel(season, make_actor(season, Role.OFFICE), None, NOON) is None


def test_the_page_of_a_department_links_the_queue_for_who_may_open_it(season, home, head):
    make_finding(season, "P3")
    queue = f"{page('findings', season)}?department={home.uuid}"
    links = {}
    for name, actor in (
        ("office", make_actor(season, Role.OFFICE)),
        ("leader", make_actor(season, Role.LEADERSHIP)),
        ("head", head),
    ):
        tree = parsed(reader(actor).get(reverse("campaigns:department", args=[season.slug, home.uuid])))
        links[name] = set(tree.xpath("//section[contains(@class, 'panel-findings')]//a/@href"))
    mending = page("mending", season, home.uuid)
    assert links == {"office": {queue, mending}, "leader": {mending}, "head": {mending}}


@pytest.mark.parametrize("amount", [1, 3])
def test_the_panel_of_a_department_asks_two_queries(season, home, amount, django_assert_num_queries):
    for _number in range(amount):
        make_finding(season, "P3")
    office = make_actor(season, Role.OFFICE)
    with django_assert_num_queries(2):
        findings_panel(season, office, home, NOON)


# --- the standing


@pytest.mark.parametrize(
    ("role", "spared"),
    [(Role.LEADERSHIP, Decimal("3.00")), (Role.OFFICE, Decimal("3.00")), (Role.ASSESSOR, None), (Role.TEAM_LEAD, None)],
)
def test_leading_group_and_office_read_what_mending_has_spared(season, home, role, spared):
    make_finding(season, "P2", quantity=2, state=FindingState.GONE)
    make_finding(season, "P2", "工会", state=FindingState.GONE)
    make_finding(season, "P2", "工会")
    actor = make_actor(season, role)
    found = standing_panel(season, actor, None, NOON)["spared"]
    assert (found.spared if found else None) == spared
    sentence = "What departments mended in time has spared the college 3.00 points (2 findings gone by themselves)."
    assert (sentence in home_text(season, actor)) == (spared is not None)


def test_nothing_spared_is_not_told(season, home):
    make_finding(season, "P2")
    assert "has spared the college" not in home_text(season, make_actor(season, Role.LEADERSHIP))


@pytest.mark.parametrize("amount", [1, 3])
def test_the_standing_of_a_leader_asks_one_query_more(season, home, amount, django_assert_num_queries):
    for _number in range(amount):
        make_finding(season, "P2", state=FindingState.GONE)
    leader = make_actor(season, Role.LEADERSHIP)
    with django_assert_num_queries(8):
        standing_panel(season, leader, None, NOON)
