from datetime import date
from decimal import Decimal

import pytest

from campaigns.enums import Role
from scoring.queries.heatmap import load_heatmap
from scoring.services.ledger import withdraw_deduction
from tests.factories import DAY, NOON, department, make_actor
from tests.scoring.reading import SPRING, Pair, page, parsed, reader, table_rows, turn_clock, words

PAGE = 11  # queries: session, user, campaign, three for the actor, five for the heat map


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


def row(heat, name):
    return next(row for row in heat.rows if row.department == name)


def spent(row):
    return [(cell.code, str(cell.amount), cell.level, cell.is_absorbed) for cell in row.cells if cell.amount]


def test_heatmap_colours_by_what_counts_and_strikes_what_was_absorbed(season, pair, leader):
    pair.charge("P1", quantity=4)  # 0.40 of 100: under half a percent
    pair.charge("P3")  # 0.50
    pair.charge("B12", quantity=2)  # 1.00
    pair.charge("P2", quantity=3)  # 3.00
    pair.charge("S3a")  # 5.00, absorbed
    pair.charge("S3b")  # 10.00
    found = row(load_heatmap(season, actor=leader, on=DAY, block="B"), "图书馆")
    assert spent(found) == [
        ("S3a", "5.00", 0, True),
        ("S3b", "10.00", 5, False),
        ("P1", "0.40", 1, False),
        ("P2", "3.00", 4, False),
        ("P3", "0.50", 2, False),
        ("B12", "1.00", 3, False),
    ]
    assert found.total == Decimal("14.90")


def test_heatmap_sums_its_columns(season, pair, leader):
    pair.charge("P2", charged="图书馆", quantity=2)
    pair.charge("P2", charged="体育部")
    pair.charge("P2", charged="工会")
    heat = load_heatmap(season, actor=leader, on=DAY, block="B")
    assert [(column.code, str(column.amount)) for column in heat.columns if column.amount] == [("P2", "3.00")]
    assert heat.total == Decimal("3.00")
    assert [column.code for column in heat.columns if column.starts] == ["S1a", "P1", "B1"]
    assert heat.groups == (("学习讨论", 7), ("活动方案", 5), ("执行效果", 16))


def test_heatmap_leaves_recorded_and_withdrawn_lines_out(season, pair, leader):
    pair.record("P2")
    withdrawn = pair.charge("P2")
    withdraw_deduction(withdrawn, by=make_actor(season, Role.TEAM_LEAD), at=NOON, because="重复")
    assert load_heatmap(season, actor=leader, on=DAY, block="B").total == Decimal("0.00")


def test_heatmap_shows_an_interested_assessor_confirmed_figures(season, pair):
    pair.charge("P2", charged="教务处")
    pair.record("P2", charged="教务处")
    actor = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    assert spent(row(load_heatmap(season, actor=actor, on=DAY), "教务处")) == [("P2", "1.00", 3, False)]


def test_heatmap_of_the_first_block_unless_another_is_asked_for(season, leader):
    assert [load_heatmap(season, actor=leader, on=DAY, block=code).block for code in ("", "A", "B")] == ["A", "A", "B"]
    assert load_heatmap(season, actor=leader, on=DAY, block="X") is None


@pytest.mark.parametrize("amount", [1, 3])
def test_heatmap_page_asks_the_same_queries_at_any_size(season, pair, leader, amount, django_assert_num_queries):
    for code in ("P1", "P2", "P3")[:amount]:
        pair.charge(code, charged="工会")
    client = reader(leader)
    with django_assert_num_queries(PAGE):
        assert client.get(page("heatmap", season)).status_code == 200


def test_heatmap_page_links_a_cell_to_its_lines(season, pair, leader):
    pair.charge("P2", charged="工会", quantity=2)
    tree = parsed(reader(leader).get(page("heatmap", season)))
    rows = table_rows(tree)
    assert len(rows) == 14
    assert [cell for cell in rows[1] if cell] == ["工会", "2.00", "2.00"]
    [link] = tree.xpath("//td[@class='heat-4']/a/@href")
    union = department(season, "工会").uuid
    assert link == f"{page('deductions', season)}?department={union}&rule=P2&state=confirmed"
    assert reader(leader).get(link).status_code == 200


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_heatmap_is_refused_to_departments(season, role):
    actor = make_actor(season, role, department=department(season))
    assert reader(actor).get(page("heatmap", season)).status_code == 403


def test_heatmap_of_a_block_the_season_has_not_is_not_there(season, leader):
    assert reader(leader).get(page("heatmap", season), {"block": "Z"}).status_code == 404


def test_heatmap_of_an_invented_season(other_season):
    turn_clock(other_season, SPRING)
    Pair(other_season).charge("Z1", charged="灯塔馆", quantity=2, happened_on=date(2031, 4, 2), at=SPRING)
    actor = make_actor(other_season, Role.OFFICE)
    tree = parsed(reader(actor).get(page("heatmap", other_season), {"block": "Z"}))
    assert [words(head) for head in tree.xpath("//thead//th")] == [
        "Department", "Sum", "M1a", "M1b", "M2", "M3", "N1", "N2", "Z1", "Z2",
    ]  # fmt: skip
    assert [[cell for cell in row if cell] for row in table_rows(tree)] == [
        ["灯塔馆", "24.50", "24.50"],
        ["温室园", "0.00"],
    ]
