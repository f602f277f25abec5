from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from campaigns.enums import Role
from campaigns.models import Department
from scoring.queries.ranking import load_ranking
from scoring.queries.trend import load_trend
from scoring.views.trend import draw
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import SPRING, Pair, page, parsed, reader, table_rows, turn_clock

PAGE = 11  # queries: session, user, campaign, three for the actor, the department and four of the trend
TODAY = date(2009, 12, 28)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def leader(season):
    turn_clock(season, NOON)
    return make_actor(season, Role.LEADERSHIP)


def test_trend_of_every_week_equals_the_ranking_as_of_that_day(season, pair):
    pair.charge("S3a", happened_on=date(2009, 10, 20))
    pair.charge("S4", happened_on=date(2009, 10, 28))  # absorbs the one before
    pair.charge("B1", quantity=3, happened_on=date(2009, 11, 20))
    pair.charge("S1a", happened_on=date(2009, 12, 28))
    pair.charge("S3b", happened_on=date(2009, 12, 28))  # down to zero
    pair.record("S5", happened_on=date(2009, 11, 1))
    trend = load_trend(department(season), on=TODAY)
    assert (trend.points[0].on, trend.points[-1].on) == (date(2009, 9, 7), TODAY)
    for point in trend.points:
        rows = load_ranking(season, as_of=point.on).blocks[1].rows
        row = next(row for row in rows if row.department == "图书馆")
        assert (point.scores, point.total) == (row.scores, row.total)
    assert {point.total for point in trend.points} > {Decimal("100.00"), Decimal("95.00"), Decimal("93.00")}
    assert sum(point.lines for point in trend.points) == 5


def test_trend_ends_with_the_facts_that_count_and_names_phases_that_are_over(season):
    assert load_trend(department(season), on=date(2010, 5, 1)).points[-1].on == season.facts_until
    assert load_trend(department(season), on=date(2009, 1, 1)).points[-1].on == season.facts_from
    phases = load_trend(department(season), on=date(2009, 11, 1)).phases
    assert [phase.on for phase in phases] == [date(2009, 10, 31), date(2009, 10, 31)]


def test_trend_of_one_day_and_of_nothing_lost_is_drawn(season):
    trend = load_trend(department(season), on=season.facts_from)
    chart = draw(trend, [point.total for point in trend.points], 640, 200)
    assert len(chart.dots) == 1
    assert [chart.scale[0][1], chart.scale[-1][1]] == ["99.00", "100.00"]


@pytest.mark.parametrize("amount", [1, 3])
def test_trend_page_asks_the_same_queries_at_any_size(season, pair, leader, amount, django_assert_num_queries):
    for day in range(1, amount + 1):
        pair.charge("P2", happened_on=date(2009, 11, 7 * day))
    client, address = reader(leader), page("trend", season, department(season).uuid)
    with django_assert_num_queries(PAGE):
        assert client.get(address).status_code == 200


def test_trend_page_says_the_line_as_a_table(season, pair, leader):
    pair.charge("P2", happened_on=date(2009, 12, 28))
    tree = parsed(reader(leader).get(page("trend", season, department(season).uuid)))
    rows = table_rows(tree, "//section[@id='weeks']//table")
    assert rows[-1] == ["2009-12-28", "10.00", "19.00", "70.00", "99.00", "1"]
    assert rows[0] == ["2009-09-07", "10.00", "20.00", "70.00", "100.00", ""]
    assert f"{page('ranking', season)}?at=2009-12-28" in tree.xpath("//section[@id='weeks']//a/@href")
    assert len(tree.xpath("//section[@id='total']//*[local-name()='circle']")) == len(rows)


def test_trend_page_link_to_the_lines_of_a_week_shows_those(season, pair, leader):
    pair.charge("P2", happened_on=date(2009, 12, 28))
    pair.charge("P2", happened_on=date(2009, 12, 1))
    client = reader(leader)
    tree = parsed(client.get(page("trend", season, department(season).uuid)))
    link = tree.xpath("//section[@id='weeks']//tbody/tr[last()]//a/@href")[-1]
    assert len(table_rows(parsed(client.get(link)), "//main//table")) == 1


def test_trend_of_another_or_no_department_is_not_there(season, other_season, leader):
    client = reader(leader)
    foreign = Department.objects.filter(campaign=other_season).first()
    assert client.get(page("trend", season, foreign.uuid)).status_code == 404
    assert client.get(page("trend", season, uuid4())).status_code == 404


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_trend_is_refused_to_departments(season, role):
    actor = make_actor(season, role, department=department(season))
    assert reader(actor).get(page("trend", season, department(season).uuid)).status_code == 403


def test_trend_of_own_interest_shows_confirmed_figures(season, pair):
    pair.charge("P2")
    pair.record("S4")
    actor = make_actor(season, Role.TEAM_LEAD, department=department(season))
    tree = parsed(reader(actor).get(page("trend", season, department(season).uuid)))
    assert table_rows(tree, "//section[@id='weeks']//table")[-1][4] == "99.00"


def test_trend_of_an_invented_season(other_season):
    turn_clock(other_season, SPRING)
    pair = Pair(other_season)
    pair.charge("M1a", charged="云务处", happened_on=date(2031, 4, 2), at=SPRING)
    trend = load_trend(department(other_season, "云务处"), on=SPRING.date())
    assert trend.points[-1].total == Decimal("94.00")
