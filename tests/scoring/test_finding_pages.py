"""The queue of findings and the page of one: what is shown, to whom, in which order."""

import uuid
from datetime import date, timedelta

import pytest

from campaigns.enums import Role
from scoring.enums import FindingState, Proof
from scoring.facts import FileFact
from scoring.models import Finding
from scoring.queries import findings
from scoring.queries.finding_filters import FindingFilters, tab_of
from scoring.queries.findings import list_findings
from scoring.services.findings import dismiss_findings
from tests.factories import DAY, NOON, department, make_actor, make_deduction, make_person, make_subject
from tests.scoring.finding_working import make_finding, paper, picked, say
from tests.scoring.reading import page, parsed, reader, table_rows, turn_clock, words


@pytest.fixture
def season(season, monkeypatch):
    turn_clock(season, NOON)
    for code in ("A1", "A6", "B1", "P1", "P2", "S5"):
        say(monkeypatch, season, code)
    return season


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR, username="assessor")


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def codes(actor, **filters):
    return [(row.code, row.department) for row in list_findings(actor, FindingFilters(**filters)).rows]


def queue(season, actor, **query):
    return parsed(reader(actor).get(page("findings", season), query))


def tabs(tree):
    return [words(link) for link in tree.xpath('//ul[@class="tabs"]//a')]


# --- the queue


def test_findings_shows_why_and_what_it_costs(season, assessor):
    make_finding(
        season, "B1", quantity=3, subject="第三项", parameters={"parts": ["measure", "standard"], "day": "2009-12-22"}
    )
    assert table_rows(queue(season, assessor)) == [
        ["B1 职责未认真履行或记录不全"],
        [
            "",
            "图书馆 B1 职责未认真履行或记录不全",
            "第三项 No measures, standards by 2009-12-22.",
            "3 × 0.20 = −0.60",
            "2009-11-20",
            "2009-12-28",
        ],
    ]


def test_findings_are_grouped_by_rule_then_department_then_day(season, assessor):
    make_finding(season, "B1", "体育部")
    make_finding(season, "B1", "图书馆")
    make_finding(season, "A1", "工会")
    late = make_finding(season, "P2", "图书馆", happened_on=date(2009, 11, 9))
    early = make_finding(season, "P2", "图书馆", happened_on=date(2009, 11, 8))
    make_finding(season, "P2", "保卫处")
    assert codes(assessor) == [
        ("P2", "保卫处"),
        ("P2", "图书馆"),
        ("P2", "图书馆"),
        ("A1", "工会"),
        ("B1", "图书馆"),
        ("B1", "体育部"),
    ]
    rows = list_findings(assessor, FindingFilters()).rows
    assert [row.uuid for row in rows[1:3]] == [early.uuid, late.uuid]


def test_findings_tabs_by_state_and_proof(season, assessor):
    make_finding(season, "B1")
    make_finding(season, "P2", proof=Proof.NO_RECORD, silence="plan")
    make_finding(season, "A6", "工会", proof=Proof.CONTRADICTED)
    make_finding(season, "B1", state=FindingState.GONE)
    make_finding(season, "B1", state=FindingState.DISMISSED, because="已补", decided_by_id=assessor.user_id)
    line = make_deduction(season, "S5", by=assessor)
    make_finding(season, "S5", state=FindingState.CHARGED, deduction=line, decided_by_id=assessor.user_id)
    assert tabs(queue(season, assessor)) == [
        "To decide 1",
        "No record on the portal 1",
        "Contradictory records 1",
        "Charged 1",
        "Dismissed 1",
        "Gone by itself 1",
    ]
    assert codes(assessor, tab=tab_of("no-record")) == [("P2", "图书馆")]
    assert codes(assessor, tab=tab_of("contradicted")) == [("A6", "工会")]
    assert codes(assessor, tab=tab_of("charged")) == [("S5", "图书馆")]
    assert codes(assessor, tab=tab_of("nonsense")) == [("B1", "图书馆")]
    row = table_rows(queue(season, assessor, tab="dismissed"))[1]
    assert ("Reason: 已补" in row[1], row[-1]) == (True, "2009-12-28 assessor")


def test_findings_without_proof_propose_no_points_and_offer_no_charging(season, assessor):
    make_finding(season, "P2", quantity=2, proof=Proof.NO_RECORD, silence="plan")
    tree = queue(season, assessor, tab="no-record")
    row = table_rows(tree)[1]
    assert (row[3], "Plans" in row[2]) == ("—", True)
    assert tree.xpath('//button[@name="act"]/@value') == ["dismiss"]


def test_findings_filters_and_counts(season, assessor):
    make_finding(season, "B1")
    make_finding(season, "P2")
    make_finding(season, "A1", "工会")
    make_finding(season, "P2", "工会", proof=Proof.NO_RECORD)
    assert codes(assessor, rule="P2") == [("P2", "图书馆")]
    assert codes(assessor, department=department(season, "工会").uuid) == [("A1", "工会")]
    assert codes(assessor, block="A") == [("A1", "工会")]
    assert codes(assessor, category="plan") == [("P2", "图书馆")]
    facets = queue(season, assessor, rule="P2").xpath('//*[@class="finding-facets"]//ul')
    assert [[words(link) for link in one.xpath(".//a")] for one in facets] == [
        ["P2 举措、标准、效果、奖惩缺项 1", "A1 职责未认真履行或记录不全 1", "B1 职责未认真履行或记录不全 1"],
        ["图书馆 1"],
    ]
    links = facets[0].xpath(".//a/@href")
    assert (links[0], links[1]) == (page("findings", season), page("findings", season) + "?rule=A1")


def test_findings_pages_to_the_end_and_back(season, assessor, monkeypatch):
    monkeypatch.setattr(findings, "PAGE_FINDINGS", 3)
    made = [
        make_finding(season, "B1", happened_on=DAY + timedelta(days=day % 2), record=f"r:{day}") for day in range(7)
    ]
    expected = [one.uuid for one in sorted(made, key=lambda one: (one.happened_on, one.pk))]
    first = list_findings(assessor, FindingFilters())
    second = list_findings(assessor, FindingFilters(), after=first.after)
    third = list_findings(assessor, FindingFilters(), after=second.after)
    assert [row.uuid for part in (first, second, third) for row in part.rows] == expected
    assert (first.before, third.after, first.total) == (None, None, 7)
    back = list_findings(assessor, FindingFilters(), before=third.before)
    assert [row.uuid for row in back.rows] == expected[3:6]
    assert (back.before, back.after) == (expected[3], expected[5])
    begin = list_findings(assessor, FindingFilters(), before=back.before)
    assert ([row.uuid for row in begin.rows], begin.before) == (expected[:3], None)


def test_a_page_emptied_by_decisions_starts_again(season, assessor, monkeypatch):
    monkeypatch.setattr(findings, "PAGE_FINDINGS", 2)
    made = [make_finding(season, "B1", record=f"r:{number}") for number in range(3)]
    dismiss_findings([picked(made[2])], because="已补", by=assessor, at=NOON)
    again = list_findings(assessor, FindingFilters(), after=made[1].uuid)
    assert [row.uuid for row in again.rows] == [made[0].uuid, made[1].uuid]
    on = list_findings(assessor, FindingFilters(), after=made[0].uuid)
    assert [row.uuid for row in on.rows] == [made[1].uuid]


def test_findings_keeps_filters_from_page_to_page_and_into_a_finding(season, assessor, monkeypatch):
    monkeypatch.setattr(findings, "PAGE_FINDINGS", 1)
    first = make_finding(season, "B1", record="r:1")
    make_finding(season, "B1", record="r:2")
    tree = queue(season, assessor, block="B")
    assert tree.xpath('//a[@rel="next"]/@href') == [page("findings", season) + f"?block=B&after={first.uuid}"]
    assert tree.xpath('//a[@class="cell-link"]/@href') == [page("finding", season, first.uuid) + "?block=B"]


@pytest.mark.parametrize("number", [1, 3])
def test_findings_asks_the_same_queries_at_any_size(season, assessor, number, django_assert_num_queries):
    for one in range(number):
        make_finding(season, "B1", record=f"r:{one}")
        make_finding(season, "P2", "工会", record=f"r:{one}")
    client = reader(assessor)
    with django_assert_num_queries(14):
        client.get(page("findings", season))


# --- who sees what


def test_the_office_sees_all_and_decides_nothing(season, office):
    made = make_finding(season, "B1")
    tree = queue(season, office)
    assert len(table_rows(tree)) == 2
    assert tree.xpath('//main//input[@type="checkbox"]|//button[@name="act"]') == []
    shown = parsed(reader(office).get(page("finding", season, made.uuid)))
    assert shown.xpath('//button[@name="act"]') == []
    assert reader(office).post(page("findings-decide", season)).status_code == 403


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.LEADERSHIP])
def test_findings_are_closed_to_departments_and_the_leading_group(season, role):
    made = make_finding(season, "B1")
    home = department(season) if role != Role.LEADERSHIP else None
    client = reader(make_actor(season, role, department=home))
    assert client.get(page("findings", season)).status_code == 403
    assert client.get(page("finding", season, made.uuid)).status_code == 403


def test_with_an_interest_one_sees_what_its_staff_see_and_decides_nothing(season, assessor):
    mendable, other = make_finding(season, "B1"), make_finding(season, "A6", "图书馆")
    make_finding(season, "B1", proof=Proof.NO_RECORD, record="r:x")
    Finding.objects.filter(pk=mendable.pk).update(earlier=earlier(assessor))
    own = make_actor(season, Role.ASSESSOR, department=department(season))
    tree = queue(season, own)
    assert [row[0][:3] for row in table_rows(tree)] == ["B1 ", "图书馆"]
    assert tree.xpath('//input[@name="finding"]') == []
    assert reader(own).get(page("finding", season, other.uuid)).status_code == 404
    shown = words(parsed(reader(own).get(page("finding", season, mendable.uuid))).xpath("//main")[0])
    hidden = ("assessor", "太早", "Charge", "What has changed")
    assert [word for word in hidden if word in shown] == []
    assert reader(own).get(page("finding", season, uuid.uuid4())).status_code == 404


# --- one finding


def earlier(actor, **values):
    return {
        "state": "dismissed",
        "rule": "B1",
        "quantity": 1,
        "proof": "proven",
        "parameters": {},
        "facts": [],
        "because": "太早",
        "by": actor.user_id,
        "at": NOON.isoformat(),
    } | values


def main(season, actor, finding):
    return parsed(reader(actor).get(page("finding", season, finding.uuid))).xpath("//main")[0]


def test_finding_shows_clause_price_sentence_and_frozen_records(season, assessor):
    record = paper("岗位三", on=date(2009, 12, 1), files=[FileFact("台账.pdf", "ab" * 32)])
    made = make_finding(
        season, "B1", quantity=2, facts=[record], parameters={"parts": ["measure"], "day": "2009-12-22"}
    )
    tree = main(season, assessor, made)
    text = words(tree)
    assert "No measures by 2009-12-22." in text
    assert "1、必须认真履行每项岗位职责" in text
    assert "2 项 × 0.20 = −0.40" in text
    facts = [words(one) for one in tree.xpath('//*[contains(@class, "finding-facts")]//dl/*')]
    assert facts == ["Title", "岗位三", "Written on", "2009-12-01", "Figure", "—", "Files", "台账.pdf key abababababab"]
    pages = [main(season, assessor, make_finding(season, code)) for code in ("B6", "B4")]
    periods = [words(tree.xpath('//dt[.="Period"]/following-sibling::dd')[0]) for tree in pages]
    assert periods == ["2009—2010学年第一学期", "2009-11"]


def test_finding_shows_several_records_of_a_kind_as_one_table(season, assessor):
    made = make_finding(season, "B1", facts=[paper("一", figure="59.50"), paper("二", figure="58.00")])
    rows = table_rows(main(season, assessor, made), '//*[contains(@class, "finding-facts")]//table')
    assert rows == [["一", "2009-11-20", "59.50"], ["二", "2009-11-20", "58.00"]]


def test_finding_shows_records_of_a_kind_it_does_not_know_any_more(season, assessor):
    row = {"kind": "lost", "uuid": "1", "page": "1", "values": {"size": ["a", None]}, "files": []}
    facts = main(season, assessor, make_finding(season, "B1", facts=[row])).xpath(
        '//*[contains(@class, "finding-facts")]//dl/*'
    )
    assert [words(one) for one in facts] == ["size", "a, —"]


def test_finding_returned_says_field_by_field_what_changed(season, assessor):
    one, gone, new = paper("岗位三", figure="1"), paper("旧"), paper("新")
    later = paper("岗位三", figure="2", uuid=one.uuid, files=[FileFact("x.pdf", "cd" * 32)])
    made = make_finding(
        season,
        "B1",
        quantity=2,
        facts=[later, new],
        earlier=earlier(assessor, facts=[one.frozen(), gone.frozen()], proof="contradicted"),
    )
    rows = table_rows(main(season, assessor, made))
    assert rows == [
        ["", "Quantity", "1", "2"],
        ["", "What it rests on", "The records contradict each other", "Proven by the records"],
        ["岗位三", "Figure", "1", "2"],
        ["岗位三", "Files", "—", "x.pdf cdcdcdcdcdcd"],
        ["旧", "Record", "there", "not there"],
        ["新", "Record", "not there", "there"],
    ]
    assert "2009-12-28 12:00 assessor太早" in words(main(season, assessor, made))
    assert "Returned: the facts have changed" in words(queue(season, assessor))


def test_finding_offers_lines_that_may_charge_the_same_fact(season, assessor):
    near = make_deduction(
        season, "B1", by=assessor, subject=make_subject(season, "B1", "别的"), happened_on=date(2009, 12, 4)
    )
    same = make_deduction(
        season, "B1", by=assessor, subject=make_subject(season, "B1", "第三项"), happened_on=date(2009, 9, 5)
    )
    make_deduction(season, "B1", by=assessor, subject=make_subject(season, "B1", "太远"), happened_on=date(2009, 12, 5))
    make_deduction(season, "P1", by=assessor)
    make_deduction(season, "A1", charged="工会", by=assessor, subject=make_subject(season, "A1", "第三项"))
    taken = make_deduction(season, "B1", by=assessor, subject=make_subject(season, "B1", "已占"))
    make_finding(season, "B1", state=FindingState.CHARGED, deduction=taken, decided_by_id=assessor.user_id)
    made = make_finding(season, "B1", subject="第三项")
    offered = main(season, assessor, made).xpath('//input[@name="line"]/@value')
    assert offered == [str(same.uuid), str(near.uuid)]


def test_finding_offers_lines_about_the_same_person(season, assessor):
    person, namesake = make_person(season), make_person(season, number="00999")
    of_other = make_deduction(
        season, "B6", by=assessor, subject=make_subject(season, "B6", str(namesake)), happened_on=date(2009, 9, 5)
    )
    made = make_finding(season, "B6", subject=person)
    assert main(season, assessor, made).xpath('//input[@name="line"]') == []
    Finding.objects.filter(pk=made.pk).update(subject_person=namesake, subject_label=str(namesake))
    assert main(season, assessor, made).xpath('//input[@name="line"]/@value') == [str(of_other.uuid)]


def test_finding_leads_to_the_undecided_before_and_after(season, assessor):
    one, two, three = (make_finding(season, "B1", record=f"r:{number}") for number in range(3))
    make_finding(season, "P2", "工会")
    tree = parsed(reader(assessor).get(page("finding", season, two.uuid), {"block": "B"}))
    around = [tree.xpath(f'//a[@rel="{which}"]/@href') for which in ("prev", "next")]
    assert around == [[page("finding", season, place.uuid) + "?block=B"] for place in (one, three)]
    first = parsed(reader(assessor).get(page("finding", season, one.uuid), {"block": "B"}))
    assert first.xpath('//a[@rel="prev"]') == []


@pytest.mark.parametrize("number", [1, 3])
def test_finding_asks_the_same_queries_at_any_size(season, assessor, number, django_assert_num_queries):
    facts = [paper(str(one)) for one in range(number)]
    made = make_finding(season, "B1", facts=facts, earlier=earlier(assessor))
    for one in range(number):
        make_deduction(season, "B1", by=assessor, subject=make_subject(season, "B1", f"第{one}项"))
        make_finding(season, "B1", record=f"r:{one}")
    client = reader(assessor)
    with django_assert_num_queries(14):
        client.get(page("finding", season, made.uuid))
