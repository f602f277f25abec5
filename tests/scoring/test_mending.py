"""What a department can mend before it costs points: sums, sight, places, pages."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from campaigns.enums import RegisterCode, Role
from campaigns.models import Interest, Responsibility
from scoring.detectors import DETECTORS
from scoring.enums import FindingState, Proof
from scoring.facts import Detector
from scoring.models import Finding, Rule
from scoring.queries import mending_places
from scoring.queries.mending import MendingSums, load_mending, mending_sums, most_expensive, spared_by_all
from tests.factories import NOON, department, make_actor, make_deduction, rule
from tests.scoring.finding_working import make_finding, paper
from tests.scoring.reading import page, parsed, reader, table_rows, words

GONE, CHARGED, DISMISSED = FindingState.GONE, FindingState.CHARGED, FindingState.DISMISSED
NONE = MendingSums()


@pytest.fixture
def home(season):
    return department(season)


@pytest.fixture
def head(season, home):
    return make_actor(season, Role.HEAD, department=home)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def sums(actor, home):
    return mending_sums(actor, [home]).get(home.pk, NONE)


def loaded(actor, home, number=1):
    return load_mending(home, actor=actor, number=number)


def read_from(monkeypatch, season, code, source):
    """Have the rule's detector read from this source."""
    name = rule(season, code).detector
    own = Detector(name, source, lambda facts, terms: iter(()), {"missing": "It is missing."})
    monkeypatch.setitem(DETECTORS, name, own)


# --- what is told, and what is not


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("S1a", {}),  # not mendable
        ("P3", {"proof": Proof.NO_RECORD}),
        ("P3", {"proof": Proof.CONTRADICTED}),
        ("P3", {"charged": "体育部"}),
    ],
)
def test_a_department_is_not_told_what_it_cannot_mend_or_nobody_proved(season, home, head, code, fields):
    make_finding(season, code, **fields)
    assert sums(head, home) == NONE
    assert loaded(head, home).rows == ()


def test_what_is_decided_is_neither_open_nor_spared(season, home, head, office):
    assessor = make_actor(season, Role.ASSESSOR)
    line = make_deduction(season, "P3", by=assessor)
    make_finding(season, "P3", state=CHARGED, deduction=line)
    make_finding(season, "P3", state=DISMISSED, because="误报", decided_by_id=assessor.user_id)
    assert [sums(actor, home) for actor in (head, office)] == [NONE, NONE]
    assert spared_by_all(season, office) == NONE


def test_sums_count_open_and_gone_and_what_is_mended_in_part(season, home, head):
    make_finding(season, "P2", quantity=2)  # 2.00
    make_finding(season, "P2", quantity=1, peak=Decimal("3.00"))  # two of three parts mended
    make_finding(season, "P2", quantity=4, state=GONE)
    make_finding(season, "P2", state=GONE, proof=Proof.NO_RECORD)
    make_finding(season, "P2", state=GONE, peak=Decimal("0.00"))  # never proposed points
    assert sums(head, home) == MendingSums(open=2, amount=Decimal("3.00"), mended=1, spared=Decimal("6.00"))


def test_sums_of_the_college_are_those_of_all_departments(season, office):
    make_finding(season, "P2", "体育部", quantity=2, state=GONE)
    make_finding(season, "P2", "图书馆", quantity=1, state=GONE)
    make_finding(season, "S1a", "工会", state=GONE)
    assert spared_by_all(season, office) == MendingSums(mended=2, spared=Decimal("3.00"))


def test_an_overseer_of_own_interest_reads_what_the_department_reads(season, home):
    make_finding(season, "P2")
    make_finding(season, "S1a")
    lead = make_actor(season, Role.TEAM_LEAD, department=home)
    assert sums(lead, home).open == 1
    assert [row.code for row in loaded(lead, home).rows] == ["P2"]


def test_the_dearest_come_first(season, home, head):
    make_finding(season, "P2")
    make_finding(season, "P2", quantity=3)
    make_finding(season, "S3b")
    found = most_expensive(head, [home], few=2)
    assert [(row.code, row.amount) for row in found] == [("S3b", rule_price(season, "S3b")), ("P2", Decimal("3.00"))]


def rule_price(season, code):
    return rule(season, code).versions.get().points


def test_mended_come_latest_first_with_what_they_spared(season, home, head):
    make_finding(season, "P2", subject="第一项", state=GONE, gone_at=NOON.replace(day=20))
    make_finding(season, "P2", subject="第二项", quantity=3, state=GONE, gone_at=NOON)
    found = loaded(head, home).mended
    assert [(row.subject, row.spared) for row in found] == [("第二项", Decimal("3.00")), ("第一项", Decimal("1.00"))]


# --- where it is mended


def test_a_finding_leads_to_the_page_of_its_record(season, home, head, monkeypatch):
    monkeypatch.setitem(mending_places.LINKS, "test-paper", "campaigns:session")
    place = uuid.uuid4()
    make_finding(season, "P3", facts=[paper(), paper(page=place)])
    make_finding(season, "P2", facts=[paper(uuid=place)])
    urls = {row.code: row.url for row in loaded(head, home).rows}
    assert urls["P2"] == f"/campaigns/2009/sessions/{place}/"
    assert urls["P3"].startswith("/campaigns/2009/sessions/")


def test_a_page_the_reader_may_not_open_is_not_linked(season, home, head, office, monkeypatch):
    monkeypatch.setitem(mending_places.LINKS, "test-paper", "scoring:finding")
    make_finding(season, "P3")
    assert loaded(head, home).rows[0].url == "/campaigns/2009/plans/"
    assert loaded(office, home).rows[0].url.startswith("/campaigns/2009/findings/")


@pytest.mark.parametrize(
    ("code", "url"),
    [
        ("S2", "/campaigns/2009/sessions/"),
        ("P3", "/campaigns/2009/plans/"),
        ("A1", "/campaigns/2009/evidence/duties/"),
        ("A2", "/campaigns/2009/months/service/"),
        ("A14", "/campaigns/2009/summaries/"),
    ],
)
def test_what_is_missing_altogether_leads_to_where_such_records_are_made(season, home, head, code, url):
    make_finding(season, code, facts=[])
    assert loaded(head, home).rows[0].url == url


def test_a_page_that_is_only_read_is_passed_over(season, home, head, monkeypatch):
    monkeypatch.setitem(mending_places.LINKS, "test-paper", "campaigns:department")
    make_finding(season, "A1", facts=[paper(page=home.uuid)])
    assert loaded(head, home).rows[0].url == "/campaigns/2009/evidence/duties/"


def test_every_mendable_rule_leads_a_head_to_a_page_that_opens_or_to_a_keeper(season, home, head):
    client = reader(head)
    for mendable in Rule.objects.filter(campaign=season, mendable=True):
        finding = make_finding(season, mendable.code, facts=[])
        place = mending_places.place_of(head, finding, rows=())
        assert (mending_places.register_of(finding) is not None) != bool(place)
        assert not place or client.get(place).status_code == 200


def test_what_stands_in_a_register_names_its_keepers(season, home, head, monkeypatch):
    read_from(monkeypatch, season, "B14", "violation")
    make_finding(season, "B14")
    [nobody] = loaded(head, home).rows
    assert (nobody.url, nobody.register, nobody.keepers) == ("", RegisterCode.VIOLATION.label, ())
    for name in ("学生工作处", "监察审计室"):
        Responsibility.objects.update_or_create(
            campaign=season, code="register-violation", department=department(season, name)
        )
    Responsibility.objects.get_or_create(campaign=season, code="register-workload", department=home)
    [kept] = loaded(head, home).rows
    assert kept.keepers == ("监察审计室", "学生工作处")
    text = words(parsed(reader(head).get(page("mending", season, home.uuid))))
    assert "The register “Serious violations” is kept by 监察审计室、学生工作处." in text


# --- the page


def test_the_page_says_price_sentence_and_what_was_spared(season, home, head, monkeypatch):
    read_from(monkeypatch, season, "P2", "plan")
    make_finding(season, "P2", subject="第一项", quantity=2, peak=Decimal("3.00"), parameters={})
    make_finding(season, "P2", subject="第二项", state=GONE, parameters={})
    tree = parsed(reader(head).get(page("mending", season, home.uuid)))
    assert [words(figure) for figure in tree.xpath("//*[contains(@class, 'figure-value')]")] == [
        "1",
        "2.00points",
        "1",
        "2.00points",
    ]
    [heading, row] = table_rows(tree)
    assert heading[0].startswith("P2 ")
    assert heading[0].endswith("1.00 / 缺一项")
    assert row == ["It is missing.", "第一项", "2009-11-20", "−2.00 1.00 spared", "Mend it here"]
    assert table_rows(tree, "//section[@aria-labelledby='mended-title']//table") == [
        ["P2 It is missing.", "第二项", "2009-12-28", "1.00"]
    ]


def test_the_page_of_a_department_without_anything_says_so(season, home, head):
    text = words(parsed(reader(head).get(page("mending", season, home.uuid))))
    assert "Nothing is to be mended" in text
    assert "It is not announced yet" in text


@pytest.mark.parametrize(
    ("role", "of", "status"),
    [
        (Role.HEAD, "图书馆", 200),
        (Role.STAFF, "图书馆", 200),
        (Role.HEAD, "体育部", 404),
        (Role.STAFF, "体育部", 404),
        (Role.OFFICE, None, 200),
        (Role.ASSESSOR, None, 200),
        (Role.ASSESSOR, "图书馆", 200),
        (Role.LEADERSHIP, None, 200),
    ],
)
def test_who_reads_the_page(season, home, role, of, status):
    actor = make_actor(season, role, department=department(season, of) if of else None)
    assert reader(actor).get(page("mending", season, home.uuid)).status_code == status


def test_the_page_never_names_who_decided_or_what_no_record_shows(season, home, office):
    make_finding(season, "P3", subject="未公布的职责", proof=Proof.NO_RECORD)
    assessor = make_actor(season, Role.ASSESSOR, username="zhang-san")
    make_finding(season, "P3", state=DISMISSED, because="误报", decided_by_id=assessor.user_id)
    Interest.objects.create(
        campaign=season, user_id=assessor.user_id, department=home, starts_on=season.facts_from, reason="配偶"
    )
    for actor in (office, make_actor(season, Role.HEAD, department=home)):
        text = words(parsed(reader(actor).get(page("mending", season, home.uuid))))
        assert "未公布的职责" not in text
        assert "zhang-san" not in text


def test_a_sentence_whose_detector_is_gone_gives_way_to_the_rule(season, home, head):
    make_finding(season, "P3", reason="unknown-reason", parameters={})
    tree = parsed(reader(head).get(page("mending", season, home.uuid)))
    assert table_rows(tree)[1][0] == rule(season, "P3").versions.get().label


def test_a_long_list_comes_in_pages(season, home, head, monkeypatch):
    monkeypatch.setattr("scoring.queries.mending.PAGE", 2)
    for number in range(5):
        make_finding(season, "P3", subject=f"职责{number}", happened_on=date(2009, 11, 20 + number))
    pages = [loaded(head, home, number) for number in (1, 3, 9)]
    assert [[row.subject for row in one.rows] for one in pages] == [["职责0", "职责1"], ["职责4"], ["职责4"]]
    assert [one.has_more for one in pages] == [True, False, False]
    tree = parsed(reader(head).get(page("mending", season, home.uuid), {"page": "2"}))
    assert tree.xpath("//nav[contains(@class, 'pager')]//a/@href") == ["?page=1", "?page=3"]
    for typed in ("0", "x", "-1", "²", "99999999999999999999"):
        assert reader(head).get(page("mending", season, home.uuid), {"page": typed}).status_code == 200


@pytest.mark.parametrize("amount", [1, 3])
def test_the_page_asks_the_same_queries_at_any_size(season, home, head, amount, django_assert_num_queries, monkeypatch):
    read_from(monkeypatch, season, "B14", "violation")
    for _number in range(amount):
        make_finding(season, "P3")
        make_finding(season, "B14")
        make_finding(season, "P2", state=GONE)
    client = reader(head)
    with django_assert_num_queries(12):  # six for session and actor, the department, four to load, what is announced
        client.get(page("mending", season, home.uuid))
    with django_assert_num_queries(2):
        most_expensive(head, [home], few=5)
    with django_assert_num_queries(1):
        spared_by_all(season, head)
    assert Finding.objects.count() == 3 * amount
