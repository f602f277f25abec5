from datetime import date, datetime
from decimal import Decimal

import pytest

from campaigns.enums import Role
from scoring.enums import InspectionKind
from scoring.models import Inspection
from scoring.queries.statement import load_statement
from scoring.services.ledger import withdraw_deduction
from tests.factories import NOON, SHANGHAI, department, make_actor, make_person
from tests.scoring.reading import SPRING, Pair, about, page, parsed, reader, table_rows, turn_clock, words

PAGE = 15  # queries: session, user, campaign, three for the actor, the department, seven for the statement, notices
VISIT = datetime(2009, 11, 12, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def head(season):
    return make_actor(season, Role.HEAD, department=department(season))


def make_inspection(pair, charged, *, ended_at=VISIT):
    return Inspection.objects.create(
        campaign=pair.season,
        kind=InspectionKind.REGULAR,
        department=charged,
        started_at=VISIT,
        ended_at=ended_at,
        entered_at=NOON,
        entered_by_id=pair.first.user_id,
    )


def sums(statement):
    return [
        tuple(str(amount) for amount in (part.deducted, part.absorbed, part.excess, part.score))
        for part in statement.categories
    ]


def statement_page(actor, charged):
    return reader(actor).get(page("statement", charged.campaign, charged.uuid))


def folds(tree, within="//main"):
    return [words(line) for line in tree.xpath(f"{within}//details[contains(@class, 'fold')]/summary")]


def test_statement_of_a_department_without_lines_keeps_everything(season, head):
    statement = load_statement(department(season), actor=head)
    assert sums(statement) == [
        ("0.00", "0.00", "0.00", "10.00"),
        ("0.00", "0.00", "0.00", "20.00"),
        ("0.00", "0.00", "0.00", "70.00"),
    ]
    assert (statement.total, statement.lost) == (Decimal("100.00"), Decimal("0.00"))


def test_statement_adds_up_tiers_and_floor(season, pair, head):
    for code in ("S1a", "S1b", "S3a", "S3b", "S4"):
        pair.charge(code)
    pair.charge("P2", quantity=3)
    statement = load_statement(department(season), actor=head)
    # 1.00 + 0.50 + 5.00 + 10.00 + 7.00; S3a and S4 absorbed by S3b; 1.50 beyond the ten
    assert sums(statement) == [
        ("23.50", "12.00", "1.50", "0.00"),
        ("3.00", "0.00", "0.00", "17.00"),
        ("0.00", "0.00", "0.00", "70.00"),
    ]
    lines = [(line.code, str(line.amount), str(line.counted)) for line in statement.categories[0].lines]
    assert lines == [
        ("S1a", "1.00", "1.00"),
        ("S1b", "0.50", "0.50"),
        ("S3a", "5.00", "0.00"),
        ("S3b", "10.00", "10.00"),
        ("S4", "7.00", "0.00"),
    ]
    assert statement.total == Decimal("87.00")


def test_statement_leaves_withdrawn_lines_out(season, pair, head):
    line = pair.charge("S1a")
    withdraw_deduction(line, by=make_actor(season, Role.TEAM_LEAD), at=NOON, because="重复")
    assert load_statement(department(season), actor=head).confirmed_lines == 0


@pytest.mark.parametrize("amount", [1, 3])
def test_statement_page_asks_the_same_queries_at_any_size(season, pair, amount, django_assert_num_queries):
    inspection = make_inspection(pair, department(season))
    for quantity in range(1, amount + 1):
        pair.charge("P2", quantity=quantity, inspection=inspection)
        pair.record("P3", quantity=quantity)
    client = reader(make_actor(season, Role.TEAM_LEAD))
    path = page("statement", season, department(season).uuid)
    with django_assert_num_queries(PAGE):
        tree = parsed(client.get(path))
    assert len(folds(tree)) == 2 * amount


def test_statement_page_opens_every_line_to_its_clause_and_inspection(season, pair, head):
    person = make_person(season)
    inspection = make_inspection(pair, department(season))
    pair.charge("S2", subject=about(person), inspection=inspection, note="没有请假条", happened_on=date(2009, 11, 12))
    tree = parsed(statement_page(head, department(season)))
    assert folds(tree) == [f"2009-11-12 S2 人员缺席学习讨论 · {person} 0.50 × 1 −0.50"]
    [fold] = tree.xpath("//details[contains(@class, 'fold')]")
    assert words(fold.xpath(".//blockquote")[0]).startswith("2、所属本部门人员缺席，扣0.5分/人")
    facts = dict(zip(map(words, fold.xpath(".//dt")), map(words, fold.xpath(".//dd")), strict=True))
    assert facts == {
        "Calculation": "0.50 / 人 × 1 = 0.50",
        "Subject": str(person),
        "Inspection": "Regular 2009-11-12",
        "What was seen": "没有请假条",
        "Recorded and confirmed by": "Assessment team · 2009-12-28",
    }
    assert page("inspection", season, inspection.uuid) in fold.xpath(".//a/@href")


def test_statement_page_shows_absorbed_and_floor_lines(season, pair, head):
    pair.charge("S3b")
    pair.charge("S4")
    pair.charge("S1a")
    tree = parsed(statement_page(head, department(season)))
    assert [line for line in folds(tree) if "Absorbed" in line] == [
        "2009-11-20 S4 有学习没有讨论 Absorbed 7.00 × 1 −7.00 0"
    ]
    assert [words(line) for line in tree.xpath("//div[@class='ledger-floor']")] == [
        "Down to zero 11.00 points are charged of 10.00; a category never falls below zero. +1.00"
    ]
    assert table_rows(tree)[0] == ["学习讨论", "10.00", "−18.00", "+7.00", "+1.00", "0.00", "学习讨论: 0.00 / 10.00"]


def test_statement_page_shows_the_term_and_month_of_a_line(season, pair):
    pair.charge("A2", charged="工会", month="2009-11")
    pair.charge("A5", charged="工会", subject=about("王芳"))
    tree = parsed(statement_page(make_actor(season, Role.OFFICE), department(season, "工会")))
    periods = tree.xpath("//dt[.='Period']/following-sibling::dd[1]")
    assert [words(period) for period in periods] == ["2009-11", season.terms.get().name]


def test_statement_page_does_not_link_an_inspection_the_reader_may_not_open(season, pair, head):
    inspection = make_inspection(pair, department(season, "体育部"))
    pair.charge("S1a", inspection=inspection)
    tree = parsed(statement_page(head, department(season)))
    facts = [words(fact) for fact in tree.xpath("//main//dd")]
    assert "体育部" in facts
    assert "Regular 2009-11-12" in facts
    assert page("inspection", season, inspection.uuid) not in tree.xpath("//a/@href")


def test_statement_page_keeps_recorded_lines_from_the_department(season, pair, head):
    pair.charge("S1a")
    pair.record("S1b")
    tree = parsed(statement_page(head, department(season)))
    assert [line.split()[1] for line in folds(tree)] == ["S1a"]
    assert not tree.xpath("//section[@id='pending']")
    assert "Pending" not in words(tree)


def test_statement_page_shows_the_team_what_waits_and_who_acted(season, pair):
    pair.charge("S1a")
    pair.record("S1b")
    tree = parsed(statement_page(make_actor(season, Role.TEAM_LEAD), department(season)))
    assert [line.split()[1] for line in folds(tree, "//section[@id='pending']")] == ["S1b"]
    authors = [words(dd) for dd in tree.xpath("//dt[contains(., 'by')]/following-sibling::dd[1]")]
    assert authors == ["first-2009, second-2009 · 2009-12-28", "first-2009"]


def test_statement_page_names_nobody_to_the_leading_group(season, pair):
    pair.charge("S1a")
    pair.record("S1b")
    tree = parsed(statement_page(make_actor(season, Role.LEADERSHIP), department(season)))
    authors = [words(dd) for dd in tree.xpath("//dt[contains(., 'by')]/following-sibling::dd[1]")]
    assert authors == ["Assessment team · 2009-12-28", "Assessment team"]
    assert "first-2009" not in words(tree)


def test_statement_page_shows_an_interested_assessor_what_the_department_sees(season, pair):
    pair.charge("S1a")
    pair.record("S1b")
    actor = make_actor(season, Role.ASSESSOR, department=department(season))
    tree = parsed(statement_page(actor, department(season)))
    assert [line.split()[1] for line in folds(tree)] == ["S1a"]
    assert not tree.xpath("//section[@id='pending']")
    assert "first-2009" not in words(tree)


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_statement_of_another_department_is_not_there(season, role):
    actor = make_actor(season, role, department=department(season))
    answers = [statement_page(actor, department(season, name)).status_code for name in ("图书馆", "体育部")]
    assert answers == [200, 404]


def test_statement_of_another_season_s_department_is_not_there(season, other_season):
    actor = make_actor(season, Role.OFFICE)
    foreign = department(other_season, "灯塔馆")
    assert reader(actor).get(page("statement", season, foreign.uuid)).status_code == 404


def test_statement_in_an_invented_season(other_season):
    turn_clock(other_season, SPRING)
    pair = Pair(other_season)
    pair.charge("Z1", charged="灯塔馆", quantity=6, happened_on=date(2031, 4, 2), at=SPRING)  # 73.50 of 70.00
    pair.charge("M2", charged="灯塔馆", quantity=5, happened_on=date(2031, 4, 2), at=SPRING)  # 7.50
    pair.charge("M1a", charged="灯塔馆", happened_on=date(2031, 4, 2), at=SPRING)  # 6.00, lighter than M2 together
    actor = make_actor(other_season, Role.HEAD, department=department(other_season, "灯塔馆"))
    statement = load_statement(department(other_season, "灯塔馆"), actor=actor)
    assert sums(statement) == [
        ("13.50", "6.00", "0.00", "5.00"),
        ("0.00", "0.00", "0.00", "17.50"),
        ("73.50", "0.00", "3.50", "0.00"),
    ]
    tree = parsed(statement_page(actor, department(other_season, "灯塔馆")))
    assert [words(part) for part in tree.xpath("//table/tfoot//th|//table/tfoot//td[.!='']")] == [
        "Total",
        "100.00",
        "22.50",
    ]
