from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Department, Membership, Obligation
from scoring.queries.panels import department_panel, own_panel, standing_panel, work_panel
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import Pair, page, parsed, reader, words

PANELS = (work_panel, standing_panel, own_panel, department_panel)


@pytest.fixture
def pair(season):
    return Pair(season)


def shown(panel, season, actor, home=None):
    return panel(season, actor, home, NOON)


def codes(lines):
    return [line.code for line in lines]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.HEAD, [False, False, True]),
        (Role.STAFF, [False, False, True]),
        (Role.ASSESSOR, [True, True, False]),
        (Role.TEAM_LEAD, [True, True, False]),
        (Role.OFFICE, [False, True, False]),
        (Role.LEADERSHIP, [False, True, False]),
    ],
)
def test_home_panels_by_role(season, role, expected):
    home = department(season) if role in (Role.HEAD, Role.STAFF) else None
    actor = make_actor(season, role, department=home)
    assert [shown(panel, season, actor) is not None for panel in PANELS[:3]] == expected


def test_work_panel_names_what_waits_for_me_and_what_i_recorded(season, pair):
    for quantity in (1, 2, 3, 4):
        pair.record("P2", quantity=quantity)
    pair.record("P3")
    pair.record("P1", charged="体育部")
    pair.charge("S1a")
    first, second = (shown(work_panel, season, actor) for actor in (pair.first, pair.second))
    assert (first["waiting_lines"], first["waiting"]) == (0, [])
    assert codes(first["mine"]) == ["S1a", "P1", "P3", "P2", "P2"]
    assert [line.state for line in first["mine"]][:2] == ["confirmed", "recorded"]
    assert second["waiting_lines"] == 6
    assert codes(second["waiting"]) == ["P1", "P3", "P2", "P2", "P2"]
    assert second["mine"] == []


def test_work_panel_leaves_out_a_department_of_own_interest(season, pair):
    pair.record("P2", charged="教务处")
    actor = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    assert shown(work_panel, season, actor)["waiting_lines"] == 0


def test_standing_panel_shows_both_ends_of_every_block(season, pair):
    pair.charge("S3b", charged="工会")
    pair.charge("S1a", charged="图书馆")
    pair.record("P2")
    panel = shown(standing_panel, season, make_actor(season, Role.LEADERSHIP))
    ends = [
        ([row.department for row in block.top], [(row.rank, row.department) for row in block.bottom])
        for block in panel["blocks"]
    ]
    assert ends == [
        (["监察审计室", "党院办", "组织人事处"], [(1, "基建办"), (1, "保卫处"), (14, "工会")]),
        (["财会金融系", "工业自动化系", "工商管理系"], [(1, "实训中心"), (1, "体育部"), (10, "图书馆")]),
    ]
    assert panel["pending_lines"] == 1


def test_standing_panel_of_a_small_block_shows_it_once(season):
    Obligation.objects.filter(campaign=season).delete()
    Department.objects.filter(campaign=season, name__in=["工会", "团委"]).delete()
    block = department(season).block
    for small in block.departments.all()[6:]:
        small.delete()
    panel = shown(standing_panel, season, make_actor(season, Role.OFFICE))
    assert (len(panel["blocks"][1].top), panel["blocks"][1].bottom) == (6, ())


def test_own_panel_shows_the_department_its_scores_and_confirmed_lines(season, pair):
    pair.charge("S1a")
    pair.charge("P2", quantity=2)
    pair.record("P3")
    pair.charge("S1a", charged="体育部")
    panel = shown(own_panel, season, make_actor(season, Role.HEAD, department=department(season)))
    [home] = panel["departments"]
    assert [(item.category, str(item.score), item.percent) for item in home.scores] == [
        ("学习讨论", "9.00", 90),
        ("活动方案", "18.00", 90),
        ("执行效果", "70.00", 100),
    ]
    assert (home.total, home.pending, home.pending_lines) == (Decimal("97.00"), None, 0)
    assert codes(panel["lines"]) == ["P2", "S1a"]


def test_department_panel_is_for_who_may_read_the_statement(season, pair):
    pair.record("P2")
    home, other = department(season), department(season, "体育部")
    head = make_actor(season, Role.HEAD, department=home)
    assessor = make_actor(season, Role.ASSESSOR, department=home)
    assert shown(department_panel, season, head, other) is None
    assert shown(department_panel, season, head, home)["departments"][0].pending is None
    assert shown(department_panel, season, assessor, home)["departments"][0].pending is None
    seen = shown(department_panel, season, pair.second, home)
    assert (seen["departments"][0].pending, seen["may_record"]) == (Decimal("1.00"), True)
    assert shown(department_panel, season, assessor, home)["may_record"] is False


@pytest.mark.parametrize("amount", [1, 3])
@pytest.mark.parametrize(("panel", "queries"), [(work_panel, 4), (standing_panel, 7), (department_panel, 9)])
def test_panels_of_an_assessor_ask_the_same_queries_at_any_size(
    season, pair, panel, queries, amount, django_assert_num_queries
):
    for quantity in range(1, amount + 1):
        pair.charge("P2", quantity=quantity)
        pair.record("P3", quantity=quantity)
    home = department(season)
    with django_assert_num_queries(queries):
        panel(season, pair.second, home, NOON)


def test_department_panel_counts_nothing_as_pending_that_was_found_at_an_own_department(season, pair):
    pair.record("P2", quantity=2)
    pair.record("P3", visited=department(season, "教务处"))
    own = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    panels = [shown(department_panel, season, actor, department(season)) for actor in (pair.second, own)]
    assert [(panel["departments"][0].pending, panel["departments"][0].pending_lines) for panel in panels] == [
        (Decimal("2.50"), 2),
        (Decimal("2.00"), 1),
    ]


def test_department_panel_says_when_too_few_may_act_to_who_sees_all(season, pair):
    home = department(season)
    leadership, head = make_actor(season, Role.LEADERSHIP), make_actor(season, Role.HEAD, department=home)
    assert shown(department_panel, season, leadership, home)["short"] is None
    Membership.objects.filter(user_id=pair.second.user_id).update(ends_on=season.facts_from)
    assert shown(department_panel, season, leadership, home)["short"].names == ("first-2009",)
    assert shown(department_panel, season, head, home)["short"] is None
    text = words(parsed(reader(leadership).get(reverse("campaigns:department", args=[season.slug, home.uuid]))))
    assert "Only one member of the assessment team may act for 图书馆" in text


@pytest.mark.parametrize("amount", [1, 3])
def test_own_panel_asks_the_same_queries_at_any_size(season, pair, amount, django_assert_num_queries):
    for quantity in range(1, amount + 1):
        pair.charge("P2", quantity=quantity)
    head = make_actor(season, Role.HEAD, department=department(season))
    with django_assert_num_queries(5):
        own_panel(season, head, None, NOON)


def test_home_and_department_pages_show_the_panels(season, pair):
    line = pair.record("P2", charged="图书馆")
    tree = parsed(reader(pair.second).get(reverse("campaigns:campaign-home", args=[season.slug])))
    assert page("deduction", season, line.uuid) in tree.xpath("//a/@href")
    assert page("deductions", season) + "?state=recorded&awaiting=me" in tree.xpath("//a/@href")
    home = parsed(reader(pair.second).get(reverse("campaigns:department", args=[season.slug, department(season).uuid])))
    assert "1 line of 1.00 points waits for confirmation." in words(home)
    assert page("deduction-new", season) + f"?charged={department(season).uuid}" in home.xpath("//a/@href")
