from datetime import date
from decimal import Decimal

import pytest

from campaigns.enums import Role
from campaigns.models import Department
from scoring.enums import Basis
from scoring.models import Rulebook, Tally
from scoring.queries.ranking import load_ranking
from scoring.views.ranking import ranking_context
from tests.factories import department, make_actor
from tests.scoring.reading import SPRING, Pair, page, parsed, reader, table_rows, turn_clock, words

PAGE = 13  # queries: session, user, campaign, three for the actor, six for the ranking, one for the ends of phases
PAGE_AS_OF = 14


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


def lines(ranking, block):
    rows = next(found.rows for found in ranking.blocks if found.code == block)
    return [(row.rank, row.department, str(row.total)) for row in rows]


def test_ranking_of_an_untouched_season_gives_everybody_the_first_place(season):
    ranking = load_ranking(season)
    assert [(block.code, len(block.rows)) for block in ranking.blocks] == [("A", 14), ("B", 10)]
    assert {(row.rank, row.total) for block in ranking.blocks for row in block.rows} == {(1, Decimal("100.00"))}
    assert ranking.full == Decimal("100.00")


def test_ranking_shares_a_place_and_leaves_the_next_out(season, pair):
    pair.charge("B1", charged="图书馆", quantity=2)  # 2 × 0.20
    pair.charge("P2", charged="体育部")  # 1.00
    pair.charge("S1a", charged="实训中心")  # 1.00
    pair.charge("S3b", charged="基础部")  # 10.00, with S4 absorbed
    pair.charge("S4", charged="基础部")
    pair.charge("S1a", charged="基础部")  # 1.00 beyond the ten of its category
    assert lines(load_ranking(season), "B") == [
        (1, "财会金融系", "100.00"),
        (1, "工业自动化系", "100.00"),
        (1, "工商管理系", "100.00"),
        (1, "计算机与信息管理系", "100.00"),
        (1, "旅游文法建筑工程系", "100.00"),
        (1, "成人教育部", "100.00"),
        (7, "图书馆", "99.60"),
        (8, "实训中心", "99.00"),
        (8, "体育部", "99.00"),
        (10, "基础部", "90.00"),
    ]


def test_ranking_counts_confirmed_lines_only_and_names_the_pending(season, pair):
    pair.charge("S1a")
    pair.record("S1b")
    pair.record("B1", quantity=3)
    row = next(row for row in load_ranking(season).blocks[1].rows if row.department == "图书馆")
    assert row.scores == (Decimal("9.00"), Decimal("20.00"), Decimal("70.00"))
    assert row.charged == (Decimal("1.00"), Decimal("0.00"), Decimal("0.00"))
    assert (row.total, row.pending) == (Decimal("99.00"), Decimal("1.10"))


def test_ranking_as_of_a_day_counts_facts_up_to_it_and_calls_nothing_pending(season, pair):
    pair.charge("S1a", happened_on=date(2009, 11, 1))
    pair.charge("S1b", happened_on=date(2009, 11, 2))
    pair.record("S5", happened_on=date(2009, 11, 1))
    before, on, after = (
        next(row for row in load_ranking(season, as_of=day).blocks[1].rows if row.department == "图书馆")
        for day in (date(2009, 10, 31), date(2009, 11, 1), date(2009, 11, 2))
    )
    assert [str(row.total) for row in (before, on, after)] == ["100.00", "99.00", "98.50"]
    assert [row.pending for row in (before, on, after)] == [None, None, None]


def test_ranking_as_of_today_equals_the_stored_tallies(season, pair):
    pair.charge("S3a", charged="工会")
    pair.charge("S4", charged="工会")
    pair.charge("A10", charged="工会", quantity=2)
    now, then = load_ranking(season), load_ranking(season, as_of=season.facts_until)
    assert lines(now, "A") == lines(then, "A")
    assert lines(now, "A")[-1] == (14, "工会", "92.00")


def test_ranking_reads_the_basis_of_the_rulebook(season, pair):
    pair.charge("S1a")
    Rulebook.objects.filter(campaign=season).update(basis=Basis.BEST_IS_FULL)
    ranking = load_ranking(season)
    assert ranking.basis == Basis.BEST_IS_FULL
    assert lines(ranking, "B")[-1] == (10, "图书馆", "99.00")


@pytest.mark.parametrize("amount", [1, 3])
def test_ranking_page_asks_the_same_queries_at_any_size(season, pair, leader, amount, django_assert_num_queries):
    for quantity in range(1, amount + 1):
        pair.charge("P2", charged="工会", quantity=quantity)
    client = reader(leader)
    with django_assert_num_queries(PAGE):
        assert client.get(page("ranking", season)).status_code == 200
    with django_assert_num_queries(PAGE_AS_OF):
        assert client.get(page("ranking", season), {"at": "2009-12-01"}).status_code == 200


def test_ranking_page_asks_the_same_queries_for_more_departments(season, leader, django_assert_num_queries):
    block = department(season).block
    Department.objects.bulk_create(
        [Department(campaign=season, block=block, name=f"{n}", kind="support", order=n) for n in range(100, 160)]
    )
    client = reader(leader)
    with django_assert_num_queries(PAGE):
        assert len(table_rows(parsed(client.get(page("ranking", season))), "//section[@id='block-B']//table")) == 70


def test_ranking_page_shows_place_scores_total_and_pending(season, pair, leader):
    pair.charge("S1a")
    pair.record("S1b")
    tree = parsed(reader(leader).get(page("ranking", season)))
    rows = table_rows(tree, "//section[@id='block-B']//table")
    assert rows[-1] == [
        "10",
        "图书馆",
        "学习讨论: 9.00 / 10.00活动方案: 20.00 / 20.00执行效果: 70.00 / 70.00",
        "9.00",
        "20.00",
        "70.00",
        "99.00",
        "−0.50",
    ]
    assert rows[0][:2] == ["1", "财会金融系 tied"]
    assert rows[0][-1] == ""
    link = tree.xpath("//section[@id='block-B']//tbody/tr[last()]//a/@href")
    assert link == [page("statement", season, department(season).uuid)]
    assert "Full mark less deductions" in words(tree.xpath("//main//div[@class='page-title']")[0])


def test_ranking_page_says_when_nothing_counts_yet(season, leader):
    note = "No deduction counts yet: every department keeps the full mark."
    assert note in words(parsed(reader(leader).get(page("ranking", season))))


def test_ranking_page_hides_what_is_pending_for_a_department_of_own_interest(season, pair):
    pair.record("S1b", charged="教务处")
    pair.record("S1b", charged="工会")
    actor = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    rows = table_rows(parsed(reader(actor).get(page("ranking", season))), "//section[@id='block-A']//table")
    pending = {row[1].removesuffix(" tied"): row[-1] for row in rows}
    assert (pending["教务处"], pending["工会"], pending["团委"]) == ("–", "−0.50", "")


@pytest.mark.parametrize(("typed", "day"), [("2009-11-01", "2009-11-01"), ("２００９年11月1日", "2009-11-01")])
def test_ranking_page_as_of_a_day_written_as_people_do(season, pair, leader, typed, day):
    pair.charge("S1a", happened_on=date(2009, 11, 2))
    tree = parsed(reader(leader).get(page("ranking", season), {"at": typed}))
    assert f"Facts up to {day}" in words(tree.xpath("//main//div[@class='page-title']")[0])
    assert table_rows(tree, "//section[@id='block-B']//table")[-1][-1] == "100.00"  # the pending column is gone
    assert tree.xpath("//input[@name='at' and @type='hidden']/@value") == [day, day]


@pytest.mark.parametrize("typed", ["昨天", "2009-02-30", "2009-13-01", "<script>", "1" * 500, "0"])
def test_ranking_page_of_no_date_says_so_and_stays(season, leader, typed):
    tree = parsed(reader(leader).get(page("ranking", season), {"at": typed}))
    assert "is not a date; write it as 2009-11-06." in words(tree.xpath("//p[@role='alert']")[0])
    assert tree.xpath("//input[@id='id_at']/@value") == [typed]
    assert len(table_rows(tree, "//section[@id='block-A']//table")) == 14


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF])
def test_ranking_is_refused_to_departments(season, role):
    actor = make_actor(season, role, department=department(season))
    assert reader(actor).get(page("ranking", season)).status_code == 403


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_ranking_is_open_to_overseers(season, role):
    assert reader(make_actor(season, role)).get(page("ranking", season)).status_code == 200


def test_ranking_of_another_season_is_not_there(season, other_season):
    actor = make_actor(season, Role.LEADERSHIP)
    assert reader(actor).get(page("ranking", other_season)).status_code == 404


def test_ranking_of_an_invented_season_has_its_own_blocks_and_categories(other_season):
    turn_clock(other_season, SPRING)
    pair = Pair(other_season)
    pair.charge("M1a", charged="云务处", happened_on=date(2031, 4, 2), at=SPRING)  # 6.00, heavier than M2
    pair.charge("M2", charged="云务处", quantity=3, happened_on=date(2031, 4, 2), at=SPRING)  # 4.50 absorbed
    pair.charge("Z1", charged="灯塔馆", quantity=6, happened_on=date(2031, 4, 2), at=SPRING)  # 73.50 of 70
    ranking = load_ranking(other_season)
    assert lines(ranking, "X") == [(1, "雾务处", "100.00"), (1, "信使室", "100.00"), (3, "云务处", "94.00")]
    assert lines(ranking, "Z") == [(1, "温室园", "100.00"), (2, "灯塔馆", "30.00")]
    tree = parsed(reader(make_actor(other_season, Role.OFFICE)).get(page("ranking", other_season)))
    assert [words(head) for head in tree.xpath("//main//h2")] == ["X板块", "Y板块", "Z板块"]
    assert [words(head) for head in tree.xpath("(//table)[1]/thead//th")] == [
        "Rank",
        "Department",
        "Kept and lost",
        "启动会议",
        "书面计划",
        "日常落实",
        "Total",
        "Pending",
    ]


def test_ranking_context_draws_what_was_lost_even_when_it_is_little(season, leader):
    Tally.objects.filter(department=department(season), category__code="execution").update(charged=Decimal("0.10"))
    blocks = ranking_context(load_ranking(season, actor=leader), slug=season.slug)["blocks"]
    parts = blocks[1]["rows"][-1][5]
    assert [(kind, hint, score) for kind, *_lengths, hint, score in parts] == [
        ("kept-1", "学习讨论: 10.00 / 10.00", "10.00"),
        ("kept-2", "活动方案: 20.00 / 20.00", "20.00"),
        ("kept-3", "执行效果: 69.90 / 70.00", "69.90"),
    ]
    assert [part[1:5] for part in parts] == [
        ("0.00", "9.88", "9.88", "0.00"),
        ("10.48", "19.76", "30.24", "0.00"),
        ("30.84", "68.26", "99.10", "0.90"),
    ]


def test_ranking_context_holds_strings_only_in_its_rows(season, leader):
    blocks = ranking_context(load_ranking(season, actor=leader), slug=season.slug)["blocks"]
    cells = [cell for block in blocks for row in block["rows"] for cell in row]
    assert {type(cell) for cell in cells} == {str, tuple}
    assert {type(item) for cell in cells if isinstance(cell, tuple) for part in cell for item in part} == {str}


def test_ranking_page_escapes_a_department_name(season, leader):
    Department.objects.filter(pk=department(season).pk).update(name="<b>图书馆</b>")
    body = reader(leader).get(page("ranking", season)).content.decode()
    assert "&lt;b&gt;图书馆&lt;/b&gt;" in body
    assert "<b>图书馆" not in body
