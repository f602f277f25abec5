"""The outlook against the ledger itself: every combination of rulings, confirmations and findings carried out."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from campaigns.enums import DecisionKind, Role
from campaigns.models import Decision, Department
from qualityseason.errors import Refused
from scoring.enums import AppealState, Basis, Proof
from scoring.facts import Subject
from scoring.facts.outlook import Places, Range
from scoring.models import Appeal, Benchmark, Deduction, Finding, Rulebook, RuleVersion
from scoring.queries.outlook import load_outlook
from scoring.queries.ranking import load_ranking
from scoring.services.appeals import rule_appeal
from scoring.services.findings import charge_findings, dismiss_findings
from scoring.services.ledger import confirm_deductions, withdraw_deduction
from tests.factories import NOON, department, make_actor, rule
from tests.scoring.finding_working import make_finding, picked
from tests.scoring.reading import Pair, page, parsed, reader, table_rows, words

PAGE = 24  # queries: session, user, campaign, three for the actor, the ranking's and those of what is open


class Undone(Exception):
    """Raised to take back what was tried."""


@dataclass
class Working:
    """A season in which matters can be left open and then be settled in every way."""

    season: object

    def __post_init__(self):
        self.pair = Pair(self.season)
        self.lead = make_actor(self.season, Role.TEAM_LEAD)
        self.head = make_actor(self.season, Role.HEAD, department=department(self.season))
        self.open = []

    def appeal(self, code, *, lighter=(), **values):
        """Leave a confirmed line appealed; `lighter` are codes that may take its place."""
        line = self.pair.charge(code, **values)
        appeal = Appeal.objects.create(
            campaign=self.season,
            department=line.charged,
            deduction=line,
            reason="有误",
            appealed_by_id=self.head.user_id,
            appealed_at=NOON,
            appealed_on=NOON.date(),
        )

        def ruling(state, **said):
            return lambda: rule_appeal(appeal, state=state, ruling="核实", by=self.lead, at=NOON, **said)

        smaller = [ruling(AppealState.REDUCED, quantity=n) for n in range(1, line.quantity)]
        others = [ruling(AppealState.REDUCED, rule=rule(self.season, other), quantity=1) for other in lighter]
        self.open.append([ruling(AppealState.UPHELD), *smaller, *others, ruling(AppealState.REVOKED)])
        return line

    def wait(self, code, **values):
        """Leave a line unconfirmed."""
        line = self.pair.record(code, **values)
        self.open.append([lambda: self.confirm(line), lambda: self.withdraw(line)])
        return line

    def find(self, code, charged="图书馆", **values):
        """Leave a proven finding undecided."""
        finding = make_finding(self.season, code, charged, **values)
        self.open.append([lambda: self.charge(finding), lambda: self.dismiss(finding)])
        return finding

    def confirm(self, line):
        fresh = Deduction.objects.get(pk=line.pk)
        if confirm_deductions([fresh], by=self.pair.second, at=NOON).refused:
            raise Undone

    def withdraw(self, line):
        withdraw_deduction(Deduction.objects.get(pk=line.pk), by=self.pair.first, at=NOON, because="重复")

    def charge(self, finding):
        charged = charge_findings([picked(finding)], by=self.pair.first, at=NOON)
        if charged.refused:
            raise Undone
        self.confirm(Finding.objects.get(pk=finding.pk).deduction)

    def dismiss(self, finding):
        dismiss_findings([picked(finding)], because="不属实", by=self.pair.first, at=NOON)

    def outcomes(self):
        """Return (total, rank) by department of every combination that the portal lets happen."""
        found = []
        for acts in product(*self.open):
            for order in (acts, acts[::-1]):
                try:
                    with transaction.atomic():
                        for act in order:
                            act()
                        ranking = load_ranking(self.season)
                        rows = [row for block in ranking.blocks for row in block.rows]
                        found.append({row.department: (row.total, row.rank) for row in rows})
                        raise Undone
                except (Undone, Refused, IntegrityError):
                    pass
        return found


@pytest.fixture
def working(season):
    return Working(season)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


def rows_of(outlook):
    return {row.department: row for block in outlook.blocks for row in block.rows}


def assert_equals_every_outcome(working, lead, *, least=2):
    """Compare totals and ranks of all departments with every combination carried out."""
    outcomes = working.outcomes()
    assert len(outcomes) >= least
    for name, row in rows_of(load_outlook(working.season, actor=lead)).items():
        totals = [one[name][0] for one in outcomes]
        places = [one[name][1] for one in outcomes]
        assert row.range == Range(min(totals), max(totals)), name
        assert row.places == Places(min(places), max(places)), name


def test_outlook_of_a_group_equals_every_outcome(working, lead):
    working.appeal("S3b", lighter=["S3a"])
    working.wait("S4")
    working.find("S2")
    assert_equals_every_outcome(working, lead, least=24)


def test_outlook_knows_that_a_lighter_line_may_be_taken(working, lead):
    RuleVersion.objects.filter(rule=rule(working.season, "S3b")).update(points=Decimal(9))  # less than S3a twice
    working.pair.charge("S3a")  # holds the fact already: the appealed line cannot become it
    working.appeal("S3b", lighter=["S3a"])
    working.appeal("S4")
    assert_equals_every_outcome(working, lead, least=8)


def test_outlook_of_two_appeals_of_which_one_may_become_the_other(working, lead):
    working.appeal("S3a")
    working.appeal("S3b", lighter=["S3a"])
    assert_equals_every_outcome(working, lead, least=8)


def test_outlook_of_a_line_that_would_replace_another_equals_every_outcome(working, lead):
    old = working.pair.charge("A11a", charged="工会", subject=_assignment("报送材料"))
    working.wait("A11b", charged="工会", subject=_assignment("报送材料"), replaces=old)
    working.wait("A10", charged="工会", quantity=2)
    assert_equals_every_outcome(working, lead, least=8)


def test_outlook_of_an_appealed_line_that_another_would_replace(working, lead):
    old = working.appeal("A11a", charged="工会", subject=_assignment("报送材料"))
    working.wait("A11b", charged="工会", subject=_assignment("报送材料"), replaces=old)
    assert_equals_every_outcome(working, lead)


def test_outlook_of_a_finding_that_would_replace_a_line(working, lead):
    old = working.pair.charge("A11a", charged="工会", subject=_assignment("报送材料"))
    working.find("A11b", "工会", subject=_assignment("报送材料"), charge_key=old.charge_key)
    assert_equals_every_outcome(working, lead)


def test_outlook_of_smaller_quantities_beyond_the_floor_and_across_departments(working, lead):
    working.appeal("P2", quantity=3)
    working.wait("S3b")
    working.wait("S1a")  # beyond the ten points of its category
    working.find("B1", "体育部")
    assert_equals_every_outcome(working, lead, least=48)


def test_outlook_on_the_basis_of_the_best_case(working, lead):
    place = department(working.season)
    Rulebook.objects.filter(campaign=working.season).update(basis=Basis.BEST_IS_FULL)
    Benchmark.objects.create(
        campaign=working.season,
        block=place.block,
        category=rule(working.season, "P2").category,
        department=place,
        amount="1.00",
        reason="最好",
        named_by_id=lead.user_id,
        named_at=NOON,
    )
    working.appeal("P2", quantity=2)
    working.wait("P2", charged="体育部")
    assert_equals_every_outcome(working, lead, least=6)


def test_outlook_leaves_out_what_no_record_proves_and_what_is_decided(working, lead):
    working.find("S2", proof=Proof.NO_RECORD)
    working.open.clear()
    assert not any(row.is_open for row in rows_of(load_outlook(working.season, actor=lead)).values())


def test_outlook_of_own_interest_is_what_is_confirmed(working):
    working.pair.charge("S1a")
    working.appeal("P2", quantity=2)
    working.wait("S4")
    working.find("S2")
    working.wait("S4", charged="体育部")
    actor = make_actor(working.season, Role.TEAM_LEAD, department=department(working.season))
    row = rows_of(load_outlook(working.season, actor=actor))["图书馆"]
    assert (row.is_own, row.is_open, row.range) == (True, False, Range(row.total, row.total))
    assert rows_of(load_outlook(working.season, actor=actor))["体育部"].lines == 1


def test_outlook_names_margins_and_the_line_of_commendation(working, lead):
    working.pair.charge("S1a", charged="体育部")
    working.pair.charge("P2")
    working.pair.charge("S1b")
    Decision.objects.create(
        campaign=working.season,
        kind=DecisionKind.COMMENDED_NUMBER,
        decided_on=NOON.date(),
        text="表彰",
        data={"numbers": {"B": 9}},
        recorded_by_id=lead.user_id,
        recorded_at=NOON,
    )
    working.wait("S1b", charged="体育部")
    rows = rows_of(load_outlook(working.season, actor=lead))
    assert [str(rows["图书馆"].to_next), str(rows["图书馆"].to_line)] == ["0.50", "-0.50"]
    assert [str(rows["体育部"].to_next), str(rows["体育部"].to_line)] == ["1.00", "0.00"]
    assert rows["基础部"].to_next is None
    assert [rows[name].chance for name in ("基础部", "体育部", "图书馆", "工会")] == ["sure", "sure", "possible", ""]


def _assignment(label):
    return Subject(label, key=label)


# --- the page


@pytest.mark.parametrize("amount", [1, 3])
def test_outlook_page_asks_the_same_queries_at_any_size(working, lead, amount, django_assert_num_queries):
    names = ["图书馆", "体育部", "基础部"]
    for name in names[:amount]:
        working.appeal("P2", quantity=2, charged=name)
        working.wait("S4", charged=name)
        working.find("S2", name)
    client, asked = reader(lead), {"department": department(working.season).uuid}
    for query in ({}, asked):
        with django_assert_num_queries(PAGE):
            assert client.get(page("outlook", working.season), query).status_code == 200


def test_outlook_page_shows_ranges_and_links_what_is_open(working, lead):
    appealed = working.appeal("P2", quantity=2)
    waiting = working.wait("S4")
    finding = working.find("S2")
    client = reader(lead)
    own = department(working.season)
    tree = parsed(client.get(page("outlook", working.season)))
    row = next(row for row in table_rows(tree, "//section[@id='block-B']//table") if "图书馆" in row[1])
    assert row[2:5] == ["98.00", "90.50–100.00", "1–10"]
    assert f"?department={own.uuid}#matters" in tree.xpath("//section[@id='block-B']//a/@href")
    tree = parsed(client.get(page("outlook", working.season), {"department": own.uuid}))
    links = tree.xpath("//section[@id='matters']//a/@href")
    assert page("appeal", working.season, Appeal.objects.get(deduction=appealed).uuid) in links
    assert page("deduction", working.season, waiting.uuid) in links
    assert page("finding", working.season, finding.uuid) in links


def test_outlook_page_marks_a_department_of_own_interest(working):
    working.wait("S4")
    actor = make_actor(working.season, Role.LEADERSHIP, department=department(working.season))
    tree = parsed(reader(actor).get(page("outlook", working.season), {"department": department(working.season).uuid}))
    row = next(row for row in table_rows(tree, "//section[@id='block-B']//table") if "图书馆" in row[1])
    assert row[3:5] == ["100.00", "1"]
    assert tree.xpath("//section[@id='matters']//tbody/tr") == []


@pytest.mark.parametrize("asked", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_outlook_page_of_no_department_shows_the_whole(working, lead, asked):
    response = reader(lead).get(page("outlook", working.season), {"department": asked})
    assert parsed(response).xpath("//section[@id='matters']") == []


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ASSESSOR, Role.HEAD, Role.STAFF])
def test_outlook_is_for_team_lead_and_leaders_only(season, role):
    place = department(season) if role in (Role.HEAD, Role.STAFF) else None
    assert reader(make_actor(season, role, department=place)).get(page("outlook", season)).status_code == 403


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.LEADERSHIP])
def test_outlook_escapes_a_name(season, role):
    Department.objects.filter(pk=department(season).pk).update(name="<b>图书馆</b>")
    body = reader(make_actor(season, role)).get(page("outlook", season)).content.decode()
    assert "&lt;b&gt;图书馆" in body
    assert "<b>图书馆" not in body
    assert words(parsed(reader(make_actor(season, role)).get(page("outlook", season))).xpath("//main")[0])
