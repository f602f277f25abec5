"""The story of findings as its readers live it: the team decides, departments are led to what they can mend."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import resolve, reverse

from campaigns.enums import PlanState, RegisterCode, Role
from campaigns.models import Interest, Responsibility, Summary
from campaigns.services.register_drafts import RegisterDraft
from campaigns.services.registers import enter_row, withdraw_row
from scoring.facts import papers
from scoring.models import Detection
from scoring.queries.mending import load_mending
from scoring.queries.record_pages import open_rows, page_of
from scoring.queries.sources import LINKS
from tests.campaigns.owed_working import make_plan
from tests.factories import NOON, department, make_actor, make_deduction, make_person, make_subject
from tests.scoring.finding_working import make_finding, say
from tests.scoring.reading import about, page, parsed, reader, turn_clock, words

KEEPER, OTHER, HOME = "学生工作处", "基础部", "图书馆"
ROSTER, VIOLATION = RegisterCode.DUTY_ROSTER, RegisterCode.VIOLATION


@pytest.fixture
def season(season):
    turn_clock(season, NOON)
    Responsibility.objects.get_or_create(
        campaign=season, code=VIOLATION.responsibility, department=department(season, KEEPER), user=None
    )
    return season


@pytest.fixture
def home(season):
    return department(season, HOME)


@pytest.fixture
def head(season, home):
    return make_actor(season, Role.HEAD, department=home)


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR, username="assessor")


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD, username="lead")


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP, username="leader")


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE, username="office")


def enter(season, office, register, *, home=HOME, number="T1", **values):
    """Return a row of a register about somebody of a department, entered by the office."""
    values = {"person": make_person(season, f"教师{number}", number=number, home=home)} | values
    values |= {"happened_on": date(2009, 11, 6)}
    return enter_row(season, register, RegisterDraft(values, None), uuid=uuid4(), by=office, at=NOON)


def violation(season, office, **values):
    return enter(season, office, VIOLATION, kind="旷工", **values)


def roster(season, office, **values):
    return enter(season, office, ROSTER, missed=True, **values)


def fact(kind, uuid, **values):
    """Return a record as it is kept with a finding."""
    return {"kind": kind, "uuid": str(uuid), "page": str(uuid), "values": values, "files": []}


def url_of(season, actor, row):
    """Return where a row of a register leads the actor."""
    one = fact(row.REGISTER.value, row.uuid)
    return page_of(actor, season.slug, one, rows=open_rows(actor, [one]))


def mending(season, actor, home):
    """Return what the page of mending says and the addresses in its table."""
    tree = parsed(reader(actor).get(page("mending", season, home.uuid)))
    return words(tree), tree.xpath("//td//a[contains(@class, 'btn')]/@href")


# --- the record behind a finding


@pytest.mark.parametrize("register", list(RegisterCode))
def test_every_register_leads_to_its_rows(season, register):
    address = reverse(LINKS[register.value], args=[season.slug, register.value, uuid4()])
    assert resolve(address).kwargs["register"] == register.value


def test_a_row_opens_for_team_office_its_department_and_its_organiser_alone(season, head, assessor, leader, office):
    row = roster(season, office, organiser=department(season, OTHER))
    address = f"/campaigns/2009/registers/duty-roster/{row.uuid}/"
    organiser = make_actor(season, Role.STAFF, department=department(season, OTHER))
    for actor in (assessor, office, head, organiser):
        assert url_of(season, actor, row) == address
        assert reader(actor).get(address).status_code == 200
    for actor in (leader, make_actor(season, Role.HEAD, department=department(season, "体育部"))):
        assert url_of(season, actor, row) == ""
        assert reader(actor).get(address).status_code in (403, 404)


def test_a_withdrawn_row_opens_for_its_keeper_alone(season, head, assessor, office):
    row = violation(season, office)
    withdraw_row(row, because="录入有误", by=office, at=NOON)
    assert [bool(url_of(season, actor, row)) for actor in (office, assessor, head)] == [True, False, False]
    assert reader(assessor).get(f"/campaigns/2009/registers/violation/{row.uuid}/").status_code == 404


def test_pages_of_finding_and_deduction_link_the_rows_they_rest_on(season, home, head, assessor, lead, office):
    row = roster(season, office)
    other = roster(season, office, home=OTHER, number="T2")
    facts = [fact("duty-roster", one.uuid, happened_on="2009-11-06") for one in (row, other)]
    line = make_deduction(season, "B9", by=assessor, confirmed_by=lead, subject=about("李四"))
    made = make_finding(season, "B9", facts=facts, state="charged", deduction=line, decided_by_id=assessor.user_id)
    addresses = [f"/campaigns/2009/registers/duty-roster/{one.uuid}/" for one in (row, other)]
    links = "//main//a[contains(@href, '/registers/')]/@href"
    assert parsed(reader(lead).get(page("finding", season, made.uuid))).xpath(links) == addresses
    assert parsed(reader(lead).get(page("deduction", season, line.uuid))).xpath(links) == addresses
    assert parsed(reader(head).get(page("deduction", season, line.uuid))).xpath(links) == addresses[:1]


@pytest.mark.parametrize("amount", [1, 3])
def test_rows_of_a_register_are_asked_for_together(season, head, office, amount, django_assert_num_queries):
    rows = [violation(season, office, number=f"T{number}") for number in range(amount)]
    facts = [fact("violation", row.uuid) for row in rows] + [fact("plan-item", uuid4())]
    with django_assert_num_queries(1):
        assert open_rows(head, facts) == {str(row.uuid) for row in rows}


# --- where it is mended


def test_what_stands_in_a_register_is_read_by_the_department_and_mended_by_its_keeper(season, home, head, office):
    row = violation(season, office)
    make_finding(season, "B14", facts=[fact("violation", row.uuid)])
    text, links = mending(season, head, home)
    assert links == [f"/campaigns/2009/registers/violation/{row.uuid}/"]
    assert "Open the record The register “Serious violations” is kept by 学生工作处." in text
    assert "Mend it here" not in text


def test_who_may_not_open_the_row_reads_who_keeps_the_register(season, home, leader, office):
    make_finding(season, "B14", facts=[fact("violation", violation(season, office).uuid)])
    text, links = mending(season, leader, home)
    assert links == []
    assert "The register “Serious violations” is kept by 学生工作处." in text


@pytest.mark.parametrize("state", [PlanState.SUBMITTED, PlanState.APPROVED])
def test_a_paper_handed_in_is_first_to_be_returned(season, home, head, state):
    plan = make_plan(season, HOME, state=state)
    make_finding(season, "P5", facts=[fact(papers.ItemFact.kind, uuid4()) | {"page": str(plan.uuid)}])
    text, links = mending(season, head, home)
    assert links == [f"/campaigns/2009/plans/{plan.uuid}/"]
    assert "Handed in. To change it, ask the campaign office to return it." in text
    assert "Mend it here" not in text


def test_a_paper_in_the_hands_of_the_department_is_mended_there(season, home, head):
    plan = make_plan(season, HOME, state=PlanState.RETURNED)
    summary = Summary.objects.create(
        campaign=season, department=home, kind="summary", title="总结", state="draft", created_at=NOON, changed_at=NOON
    )
    make_finding(season, "P5", facts=[fact(papers.ItemFact.kind, uuid4()) | {"page": str(plan.uuid)}])
    make_finding(season, "B16", facts=[fact(papers.SummaryFact.kind, summary.uuid)])
    text, links = mending(season, head, home)
    assert links == [f"/campaigns/2009/plans/{plan.uuid}/", f"/campaigns/2009/summaries/{summary.uuid}/"]
    assert text.count("Mend it here") == 2
    assert "Handed in." not in text


@pytest.mark.parametrize("amount", [1, 3])
def test_places_of_papers_and_rows_ask_the_same_queries(season, home, head, office, amount, django_assert_num_queries):
    plan = make_plan(season, HOME, state=PlanState.SUBMITTED)
    for number in range(amount):
        row = violation(season, office, number=f"T{number}")
        make_finding(season, "B14", facts=[fact("violation", row.uuid)], subject=f"教师{number}")
        make_finding(season, "P5", facts=[fact(papers.ItemFact.kind, uuid4()) | {"page": str(plan.uuid)}])
    with django_assert_num_queries(6):  # sums, open ones, rows, papers, keepers, mended
        assert len(load_mending(home, actor=head, number=1).rows) == 2 * amount


# --- the home


def home_of(actor):
    return parsed(reader(actor).get("/campaigns/2009/"))


def test_the_home_of_the_team_counts_what_may_be_decided(season, home, assessor):
    make_finding(season, "A1", "工会")
    make_finding(season, "B1", proof="no-record")
    make_finding(season, "B1", OTHER)
    own = {"department": department(season, OTHER), "user_id": assessor.user_id, "starts_on": season.starts_on}
    Interest.objects.create(campaign=season, **own)
    link = home_of(assessor).xpath("//a[contains(., 'Findings to decide')]")
    assert [words(one) for one in link] == ["Findings to decide 1"]
    assert link[0].get("href") == page("findings", season)


def test_a_home_with_nothing_to_decide_says_nothing_of_it(season, assessor):
    assert not home_of(assessor).xpath("//a[contains(., 'Findings to decide')]")


def test_the_office_reads_on_its_home_that_a_detector_failed(season, home, office, leader):
    row, _made = Detection.objects.get_or_create(campaign=season, department=home)
    sentence = "A detector failed in one department: nothing new of it is found there."
    assert sentence not in words(home_of(office))
    row.troubles = [{"detector": "evaluation", "trace": "4711"}]
    row.save()
    assert sentence in words(home_of(office))
    assert home_of(office).xpath("//a[@href='/campaigns/2009/detection/']")
    assert sentence not in words(home_of(leader))


# --- deciding


def test_ticks_are_not_brought_back_on_other_rows(season, assessor, lead):
    """A browser that goes back restores ticks by place, and the rows have moved on by then."""
    make_finding(season, "B1")
    make_deduction(season, "B1", by=lead)
    for name, box in (("findings", "finding"), ("deductions", "line")):
        tree = parsed(reader(assessor).get(page(name, season)))
        assert tree.xpath(f"//form[.//input[@name='{box}']]/@autocomplete") == ["off"]


def test_who_decides_nothing_is_told_no_keys_for_it(season, monkeypatch, assessor, office):
    say(monkeypatch, season, "B1")
    made = make_finding(season, "B1")
    for name, *args in (("findings",), ("finding", made.uuid)):
        keys = {
            actor: parsed(reader(actor).get(page(name, season, *args))).xpath("//dialog//kbd/text()")
            for actor in (assessor, office)
        }
        assert {"c", "d", "j"} <= set(keys[assessor])
        assert "j" in keys[office]
        assert not {"c", "d", "x", "a", "Esc"} & set(keys[office])


def test_a_line_about_another_person_of_the_lists_is_no_match(season, assessor, lead):
    one, two = (make_person(season, name, number=name) for name in ("甲", "乙"))
    made = make_finding(season, "B14", subject=one)
    make_deduction(season, "B14", by=lead, subject=about(two), note="另一人")
    make_deduction(season, "B14", by=lead, subject=make_subject(season, "B14", "甲某"), note="可能同一人")
    text = words(parsed(reader(assessor).get(page("finding", season, made.uuid))))
    assert ("另一人" in text, "可能同一人" in text) == (False, True)


def test_the_item_of_a_line_that_rests_on_records_is_not_called_mere_text(season, assessor):
    lines = [make_deduction(season, "B1", by=assessor, subject=make_subject(season, "B1", name)) for name in "甲乙"]
    made = {"state": "charged", "deduction": lines[0], "decided_by_id": assessor.user_id}
    make_finding(season, "B1", subject="甲", **made)
    texts = [words(parsed(reader(assessor).get(page("deduction", season, line.uuid)))) for line in lines]
    assert ["text: no record here matches it" in text for text in texts] == [False, True]


def test_finding_without_a_parameter_its_sentence_asks_for_does_not_break_the_page(season):
    finding = make_finding(season, "P3", parameters={})
    client = reader(make_actor(season, Role.TEAM_LEAD))
    assert client.get(page("findings", season)).status_code == 200
    assert client.get(page("finding", season, finding.uuid)).status_code == 200
