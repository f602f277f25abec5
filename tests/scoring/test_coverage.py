"""What was looked at, and how even-handedly."""

from datetime import date
from decimal import Decimal

import pytest

from campaigns.enums import Role
from campaigns.models import Interest
from scoring.calculations.evenness import mean, median, stands_out
from scoring.enums import MarkResult, Proof, Sight
from scoring.enums.outlook import Cover
from scoring.facts import Subject
from scoring.models import Detection, Inspection, InspectionMark, Rule
from scoring.queries.coverage import load_coverage
from scoring.queries.coverage_warnings import load_coverage_page, warnings
from scoring.queries.evenness import load_assessors, load_conflicts
from tests.factories import NOON, department, make_actor, make_deduction, rule
from tests.scoring.finding_working import make_finding
from tests.scoring.reading import SPRING, Pair, page, parsed, reader, table_rows, turn_clock, words

PAGE = 22  # queries: session, user, campaign, three for the actor, sixteen of the page


@pytest.fixture
def pair(season):
    turn_clock(season, NOON)
    return Pair(season)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


def visit(season, pair, name="图书馆", *, ended=True, **marks):
    """Return an inspection with marks by the codes of rules."""
    made = Inspection.objects.create(
        campaign=season,
        kind="regular",
        department=department(season, name),
        started_at=NOON,
        ended_at=NOON if ended else None,
        entered_at=NOON,
        entered_by_id=pair.first.user_id,
    )
    for code, result in marks.items():
        InspectionMark.objects.create(inspection=made, rule=rule(season, code), result=result)
    return made


def cells(season, actor, name="图书馆"):
    """Return what was seen at a department by the code of the rule."""
    for block in load_coverage(season, actor=actor, on=NOON.date()):
        for row in block.rows:
            if row.department == name:
                return {column.code: cell for column, cell in zip(block.columns, row.cells, strict=True)}
    return None


def test_coverage_of_an_untouched_season_says_that_nothing_was_examined(season, lead):
    blocks = load_coverage(season, actor=lead, on=NOON.date())
    assert [(block.code, block.pairs, dict(block.counts)) for block in blocks] == [
        ("A", 14 * 27, {Cover.NOT_EXAMINED: 14 * 27}),
        ("B", 10 * 28, {Cover.NOT_EXAMINED: 10 * 28}),
    ]


def test_coverage_takes_the_strongest_of_marks_lines_and_detection(season, pair, lead):
    automatic = Rule.objects.filter(campaign=season, sight=Sight.AUTOMATIC, block=None).first()
    Detection.objects.create(campaign=season, department=department(season), detected_at=NOON)
    visit(season, pair, P2=MarkResult.NOT_APPLICABLE, P3=MarkResult.NOT_APPLICABLE, P4=MarkResult.NOT_EXAMINED)
    visit(season, pair, P2=MarkResult.NO_FAULT, P5=MarkResult.NO_FAULT)
    pair.record("P5")
    found = cells(season, lead)
    assert [found[code] for code in ("P2", "P3", "P4", "P5", automatic.code)] == [
        Cover.NO_FAULT,
        Cover.NOT_APPLICABLE,
        Cover.NOT_EXAMINED,
        Cover.DEDUCTED,
        Cover.PORTAL,
    ]
    assert Cover.PORTAL not in cells(season, lead, "体育部").values()


def test_coverage_does_not_count_what_the_portal_could_not_conclude(season, pair, lead):
    failed, silent, other = Rule.objects.filter(campaign=season, sight=Sight.AUTOMATIC, block=None)[:3]
    Detection.objects.create(
        campaign=season,
        department=department(season),
        detected_at=NOON,
        troubles=[{"detector": failed.detector, "trace": ""}],
    )
    make_finding(season, silent.code, proof=Proof.NO_RECORD)
    found = cells(season, lead)
    assert [found[one.code] for one in (failed, silent, other)] == [
        Cover.NOT_EXAMINED,
        Cover.NOT_EXAMINED,
        Cover.PORTAL,
    ]


def test_coverage_of_own_interest_shows_confirmed_deductions_alone(season, pair):
    visit(season, pair, P3=MarkResult.NO_FAULT)
    pair.charge("P2")
    pair.record("P5")
    actor = make_actor(season, Role.TEAM_LEAD, department=department(season))
    found = cells(season, actor)
    assert found["P2"] == Cover.DEDUCTED
    assert {found[code] for code in found if code != "P2"} == {Cover.UNTOLD}


def test_inspections_by_department_and_who_is_seldom_visited(season, pair, lead):
    for block in load_coverage(season, actor=lead, on=NOON.date()):
        for row in block.rows:
            for _time in range(0 if row.department == "工会" else 1 if row.department == "图书馆" else 3):
                visit(season, pair, row.department)
    blocks = load_coverage(season, actor=lead, on=NOON.date())
    rows = {row.department: row for block in blocks for row in block.rows}
    assert blocks[0].median == 3
    assert [(rows[name].inspections, rows[name].is_seldom) for name in ("工会", "图书馆", "体育部")] == [
        (0, True),
        (1, True),
        (3, False),
    ]
    assert [one.code for one in warnings(season, lead)] == ["not_examined", "not_examined", "never", "seldom"]


def test_points_of_an_inspection_stand_with_its_department(season, pair, lead):
    made = visit(season, pair)
    visit(season, pair)
    pair.charge("P2", quantity=3, inspection=made)
    row = next(row for row in load_coverage(season, actor=lead, on=NOON.date())[1].rows if row.department == "图书馆")
    assert (row.inspections, row.last_on, row.lines, row.points, row.per_inspection) == (
        2,
        date(2009, 12, 28),
        1,
        Decimal("3.00"),
        Decimal("1.50"),
    )


def test_inspection_that_led_to_far_more_than_the_others_is_warned_of(season, pair, lead):
    hard, soft = visit(season, pair), visit(season, pair, "体育部")
    for number in range(5):
        pair.charge("B1", inspection=hard, subject=_item(number))
    pair.charge("B1", charged="体育部", inspection=soft)
    found = load_coverage_page(season, actor=lead, on=NOON.date())
    assert [(one.department, one.lines, one.stands_out) for one in found.inspections] == [
        ("图书馆", 5, True),
        ("体育部", 1, False),
    ]
    assert "inspection" in [one.code for one in found.warnings]


def _item(number):
    return Subject(f"第{number}项", key=f"第{number}项")


def test_assessor_who_takes_far_more_than_the_others_is_warned_of(season, pair, lead):
    for _time in range(5):
        pair.charge("P2", quantity=4)
        make_deduction(season, "P2", by=pair.second, confirmed_by=pair.first)
    found = load_assessors(lead)
    assert [(one.lines, one.mean, one.rest, one.stands_out) for one in found] == [
        (5, Decimal(4), Decimal(1), True),
        (5, Decimal(1), Decimal(4), True),
    ]
    assert [one.code for one in warnings(season, lead)].count("assessor") == 2


def test_assessors_are_named_to_the_team_and_numbered_to_leaders(season, pair, lead):
    pair.charge("P2")
    assert [one.name for one in load_assessors(lead)] == [f"first-{season.slug}"]
    assert f"first-{season.slug}" not in load_assessors(make_actor(season, Role.LEADERSHIP))[0].name
    sentences = [one.sentence for one in warnings(season, lead)]
    assert not any(f"first-{season.slug}" in sentence for sentence in sentences)


def test_assessors_leave_out_lines_of_own_interest_and_of_findings(season, pair):
    pair.charge("P2")
    pair.charge("P2", charged="体育部", quantity=2)
    actor = make_actor(season, Role.TEAM_LEAD, department=department(season))
    assert [(one.lines, one.points) for one in load_assessors(actor)] == [(1, Decimal("2.00"))]


@pytest.mark.parametrize(
    ("first", "last", "met"),
    [(date(2009, 12, 1), None, True), (date(2009, 12, 29), None, False), (date(2009, 9, 1), date(2009, 12, 1), False)],
)
def test_conflict_is_an_act_on_a_day_of_the_interest(season, pair, lead, first, last, met):
    line = pair.charge("P2")
    pair.charge("P2", charged="体育部")
    Interest.objects.create(
        campaign=season,
        user_id=pair.second.user_id,
        department=department(season),
        reason="亲属",
        starts_on=first,
        ends_on=last,
    )
    found = load_conflicts(season, actor=lead)
    assert [(one.uuid, one.is_confirmer, one.person) for one in found] == (
        [(line.uuid, True, f"second-{season.slug}")] if met else []
    )
    assert [one.person for one in load_conflicts(season, actor=make_actor(season, Role.LEADERSHIP))] == [""] * met
    assert ("conflict" in [one.code for one in warnings(season, lead)]) == met


def test_median_mean_and_what_stands_out():
    assert [median(values) for values in ([], [3], [4, 1], [1, 9, 2])] == [None, 3, Decimal("2.5"), 2]
    assert (mean(Decimal(3), 2), mean(Decimal(3), 0)) == (Decimal("1.5"), None)
    one, two = Decimal(1), Decimal(2)
    assert [
        stands_out(own, rest, lines=lines, both_ways=both)
        for own, rest, lines, both in (
            (two + one, one, 5, False),
            (two, one, 5, True),
            (two + one, one, 4, True),
            (one, two + one, 5, False),
            (one, two + one, 5, True),
            (None, one, 5, True),
            (one, None, 5, True),
            (one, Decimal(0), 5, True),
        )
    ] == [True, False, False, False, True, False, False, False]


# --- the page


@pytest.mark.parametrize("amount", [1, 3])
def test_coverage_page_asks_the_same_queries_at_any_size(season, pair, lead, amount, django_assert_num_queries):
    for name in ["图书馆", "体育部", "基础部"][:amount]:
        made = visit(season, pair, name, P3=MarkResult.NO_FAULT)
        pair.charge("P2", charged=name, inspection=made)
    client = reader(lead)
    with django_assert_num_queries(PAGE):
        assert client.get(page("coverage", season)).status_code == 200


def test_coverage_page_shows_signs_figures_and_links(season, pair, lead):
    made = visit(season, pair, P3=MarkResult.NO_FAULT)
    pair.charge("P2", inspection=made)
    tree = parsed(reader(lead).get(page("coverage", season), {"block": "B"}))
    row = next(row for row in table_rows(tree, "//section[@id='rules']//table") if row[0] == "图书馆")
    assert row[1] == "26"
    link = f"{page('deductions', season)}?department={department(season).uuid}&rule=P2"
    assert link in tree.xpath("//section[@id='rules']//td/a/@href")
    row = next(row for row in table_rows(tree, "//section[@id='departments']//table") if row[0].startswith("图书馆"))
    assert row[1:] == ["1", "2009-12-28", "1", "−1.00", "1.00"]
    assert page("inspection", season, made.uuid) in tree.xpath("//section[@id='inspections']//a/@href")
    assert len(tree.xpath("//section[@id='warnings']//li")) == 3


def test_coverage_page_of_no_block_is_not_there(season, lead):
    assert reader(lead).get(page("coverage", season), {"block": "Q"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OFFICE, 200), (Role.TEAM_LEAD, 200), (Role.LEADERSHIP, 200), (Role.ASSESSOR, 403), (Role.HEAD, 403)],
)
def test_coverage_is_for_office_lead_and_leaders(season, role, status):
    actor = make_actor(season, role, department=department(season) if role == Role.HEAD else None)
    assert reader(actor).get(page("coverage", season)).status_code == status


def test_coverage_of_an_invented_season(other_season):
    turn_clock(other_season, SPRING)
    lead = make_actor(other_season, Role.TEAM_LEAD)
    tree = parsed(reader(lead).get(page("coverage", other_season)))
    assert [words(one) for one in tree.xpath("//ul[@class='tabs']//a")] == ["X板块", "Y板块", "Z板块"]
