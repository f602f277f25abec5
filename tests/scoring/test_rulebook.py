from datetime import date
from decimal import Decimal

import pytest

from campaigns.enums import RegisterCode, Role, StaffCategory
from scoring.detectors import DETECTORS
from scoring.enums import Attribution, FindingState, Once, Proof, Sight
from scoring.queries.rulebook import find_rules, load_rulebook
from scoring.queries.rulebook_sight import RECORDS, FindingCounts, seen_how
from tests.factories import DAY, department, make_actor
from tests.scoring.finding_working import make_finding
from tests.scoring.reading import SPRING, Pair, about, page, parsed, reader, table_rows, turn_clock, words

PAGE = 14  # queries: session, user, campaign, three for the actor, seven for the rulebook, one for findings


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def book(season, office):
    return load_rulebook(season, actor=office, on=DAY)


def rule(page, code):
    return next(rule for section in page.sections for rule in section.rules if rule.code == code)


def codes(page):
    return [rule.code for section in page.sections for rule in section.rules]


def test_rulebook_holds_every_priced_line_in_printed_order(book):
    assert [
        (part.anchor, str(part.full), part.block, len(part.rules), len(part.remarks)) for part in book.sections
    ] == [
        ("study", "10.00", "", 7, 2),
        ("plan", "20.00", "", 5, 2),
        ("execution-A", "70.00", "A板块", 15, 5),
        ("execution-B", "70.00", "B板块", 16, 6),
    ]
    assert codes(book)[:7] == ["S1a", "S1b", "S2", "S3a", "S3b", "S4", "S5"]


def test_rulebook_says_of_a_rule_how_it_is_charged(book):
    absent = rule(book, "A5")
    assert (absent.points, absent.unit, absent.maximum) == (Decimal("1.00"), "人次学期", 1)
    assert (absent.once, absent.attribution) == (Once.TERM.label, Attribution.HOME.label)
    assert (absent.twins, absent.is_excusable) == (("B5",), True)
    assert [one.code for section in book.sections for one in section.rules if one.exempt] == ["A8", "B10"]
    assert rule(book, "A8").exempt == (StaffCategory.EXTERNAL.label,)
    assert rule(book, "S4").tiers == ("S3a", "S3b")
    assert rule(book, "A11a").twins == ()
    assert rule(book, "B8").twins == ()
    assert len(rule(book, "S3a").asks) == 2


def test_rulebook_flags_flaws_and_readings_at_their_rule(book):
    assert rule(book, "S5").flaws == ("“言讨论状况”疑缺字，按“发言讨论状况”理解，正文照录。",)
    assert len(rule(book, "P2").readings) == 1
    assert rule(book, "A13").flaws == ()
    assert {flaw.where for flaw in book.flaws if flaw.code} == {"S5", "P2", "A14", "B16", "B7"}


def test_rulebook_before_the_season_begins_is_that_of_its_first_day(season, office):
    assert len(codes(load_rulebook(season, actor=office, on=date(2009, 1, 1)))) == 43


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("s3", ["S3a", "S3b"]),
        ("Ｓ３ａ", ["S3a"]),
        ("假条", ["S2"]),
        ("兼职 教学工作", ["A5", "B5"]),
        ("没有的词", []),
    ],
)
def test_find_rules_by_code_or_words(book, typed, found):
    assert codes(find_rules(book, typed)) == found


def test_rulebook_counts_what_the_reader_may_see(season, office):
    pair = Pair(season)
    pair.charge("P2", charged="图书馆", quantity=2)
    pair.charge("P2", charged="体育部")
    pair.record("P2", charged="图书馆")
    head = make_actor(season, Role.HEAD, department=department(season))
    seen = [rule(load_rulebook(season, actor=actor, on=DAY), "P2") for actor in (office, head, pair.first)]
    assert [(found.times, str(found.amount)) for found in seen] == [(2, "3.00"), (1, "2.00"), (2, "3.00")]


@pytest.mark.parametrize("amount", [1, 3])
def test_rulebook_page_asks_the_same_queries_at_any_size(season, office, amount, django_assert_num_queries):
    pair = Pair(season)
    for quantity in range(1, amount + 1):
        pair.charge("P2", quantity=quantity)
        make_finding(season, "P2")
        make_finding(season, ("P3", "S2", "A5")[quantity - 1])
    client = reader(office)
    with django_assert_num_queries(PAGE):
        assert client.get(page("rulebook", season)).status_code == 200


def test_rulebook_page_shows_clause_price_and_cost(season, office):
    Pair(season).charge("S2", subject=about("王芳"))
    tree = parsed(reader(office).get(page("rulebook", season)))
    [row] = tree.xpath("//tr[@id='rule-S2']")
    assert words(row.xpath("./th")[0]) == "S2"
    clause = "2、所属本部门人员缺席，扣0.5分/人，病、公假人员没有有效批准的假条及书面讨论建议视同缺席。"
    assert words(row.xpath(".//p")[0]) == clause
    assert [words(cell) for cell in row.xpath("./td[contains(@class, 'num')]")] == ["0.50 / 人", "once −0.50"]
    assert row.xpath("./td[contains(@class, 'num')]//a/@href") == [
        page("deductions", season) + "?rule=S2&state=confirmed"
    ]
    text = words(tree)
    for part in (
        "What is assessed",
        "How it is assessed",
        "What the scheme leaves unpriced",
        "Appendix",
        "1、本方案由考核工作组解释说明。",
    ):
        assert part in text


def test_rulebook_page_links_twins_to_their_anchor(season, office):
    tree = parsed(reader(office).get(page("rulebook", season)))
    assert "#rule-B5" in tree.xpath("//tr[@id='rule-A5']//a/@href")
    anchors = set(tree.xpath("//@id"))
    assert {link[1:] for link in tree.xpath("//main//a/@href") if link.startswith("#")} <= anchors


def test_rulebook_page_filtered_keeps_what_was_typed(season, office):
    tree = parsed(reader(office).get(page("rulebook", season), {"q": " 假条 "}))
    assert tree.xpath("//input[@name='q']/@value") == ["假条"]
    assert [row[0] for row in table_rows(tree)] == ["S2"]
    nothing = parsed(reader(office).get(page("rulebook", season), {"q": "<b>"}))
    assert "No rule holds these words." in words(nothing)


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.LEADERSHIP])
def test_rulebook_is_open_to_every_role(season, role):
    home = department(season) if role in (Role.HEAD, Role.STAFF) else None
    assert reader(make_actor(season, role, department=home)).get(page("rulebook", season)).status_code == 200


def test_rulebook_of_an_invented_season(other_season):
    turn_clock(other_season, SPRING)
    tree = parsed(reader(make_actor(other_season, Role.ASSESSOR)).get(page("rulebook", other_season)))
    heads = [words(head) for head in tree.xpath("//div[@class='section-head']/h2")]
    assert heads == ["启动会议", "书面计划", "日常落实 · X板块", "日常落实 · Y板块", "日常落实 · Z板块"]
    assert len(tree.xpath("//tr[starts-with(@id, 'rule-')]")) == 17


def test_rulebook_page_says_who_is_never_charged(season, office):
    row = parsed(reader(office).get(page("rulebook", season))).xpath('//tr[@id="rule-B10"]')[0]
    assert "Never charged: External teacher" in words(row)


# --- how rules come to be seen, and what became of findings


def test_every_rule_says_how_it_is_seen(book):
    seen = {
        sight.label: [one.code for part in book.sections for one in part.rules if one.sight == sight.label]
        for sight in Sight
    }
    assert seen[Sight.EYE.label] == ["S3a", "A3", "B2"]
    assert seen[Sight.ASSISTED.label] == ["P1", "P4", "A1", "A4", "A13", "B1", "B3", "B15"]
    assert len(seen[Sight.AUTOMATIC.label]) == 32


def test_every_detector_says_which_records_it_looks_at():
    assert {detector.source for detector in DETECTORS.values()} == set(RECORDS) | set(RegisterCode.values)
    by_eye = seen_how(Sight.EYE, "")
    assert by_eye not in {seen_how(Sight.AUTOMATIC, name) for name in DETECTORS}
    assert seen_how(Sight.AUTOMATIC, "a-detector-that-is-gone") == by_eye


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "S2",
            "Automatic – the portal finds it in study sessions with invitations, roll and minutes; a person decides",
        ),
        (
            "P1",
            "Assisted – the portal points it out from the plan as submitted last, and the marks on it; a person judges",
        ),
        ("S3a", "By eye – only by people who look"),
        ("A5", "Automatic – the portal finds it in the register “Teaching workload”; a person decides"),
    ],
)
def test_the_page_says_how_a_rule_is_seen(season, office, code, said):
    row = parsed(reader(office).get(page("rulebook", season))).xpath(f"//tr[@id='rule-{code}']")[0]
    assert f"How it is seen: {said}" in words(row)


def test_findings_are_counted_by_what_became_of_them(season, office):
    pair = Pair(season)
    line = pair.record("P3")
    make_finding(season, "P3")
    make_finding(season, "P3", proof=Proof.NO_RECORD)
    make_finding(season, "P3", state=FindingState.GONE)
    make_finding(season, "P3", state=FindingState.CHARGED, deduction=line)
    for subject in ("甲", "乙"):
        make_finding(
            season,
            "P3",
            subject=subject,
            state=FindingState.DISMISSED,
            because="误报",
            decided_by_id=pair.first.user_id,
        )
    assert rule(load_rulebook(season, actor=office, on=DAY), "P3").findings == FindingCounts(1, 1, 2)
    [row] = parsed(reader(office).get(page("rulebook", season))).xpath("//tr[@id='rule-P3']")
    assert "Findings: 1 undecided · 1 charged · 2 dismissed" in words(row)
    assert page("findings", season) + "?rule=P3" in row.xpath(".//a/@href")


def test_findings_of_an_own_department_and_those_of_departments_stay_uncounted(season):
    make_finding(season, "S1a")
    home = department(season)
    actors = [
        make_actor(season, Role.ASSESSOR, department=home),
        make_actor(season, Role.HEAD, department=home),
        make_actor(season, Role.ASSESSOR),
    ]
    counts = [rule(load_rulebook(season, actor=actor, on=DAY), "S1a").findings.undecided for actor in actors]
    assert counts == [0, 0, 1]
    make_finding(season, "P3")
    assert rule(load_rulebook(season, actor=actors[1], on=DAY), "P3").findings == FindingCounts()


def test_who_may_not_open_the_queue_gets_no_link_to_it(season):
    make_finding(season, "P3")
    leader = make_actor(season, Role.LEADERSHIP)
    [row] = parsed(reader(leader).get(page("rulebook", season))).xpath("//tr[@id='rule-P3']")
    assert "Findings: 1 undecided" in words(row)
    assert row.xpath(".//a[contains(@href, 'findings')]") == []
