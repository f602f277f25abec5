"""Supplements: what may be drafted, what an adoption does to rules and waiting lines, and what it refuses."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import DecisionKind, Role
from campaigns.models import Attachment, Decision, Interest
from qualityseason.models import AuditEntry
from scoring.enums import FindingState, SupplementState
from scoring.models import Deduction, Finding, Rule, RuleVersion, Supplement, Tally
from scoring.queries.rule_versions import latest_versions, standing_mark
from scoring.services.findings import charge_findings
from scoring.services.invariants import Checked, check_invariants
from scoring.services.ledger import confirm_deductions
from scoring.services.supplement_drafts import change_supplement, discard_supplement
from tests.campaigns.handing_in import make_file
from tests.campaigns.honours_working import refusal, upload
from tests.factories import DAY, NOON, department, make_actor, make_deduction, make_person, rule
from tests.scoring.finding_working import make_finding, picked
from tests.scoring.reading import Pair, about
from tests.scoring.supplement_working import FROM, adopt, draft_of, drafted, minutes_of, new_line, publish, reprice


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def pair(season):
    return Pair(season)


def differences():
    """Return what is wrong with tallies, lines and findings of a department."""
    return [difference for difference in check_invariants(Checked()) if difference.department]


def standing_lines():
    return Deduction.objects.standing().order_by("pk")


# --- drafts


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEAM_LEAD])
def test_draft_changes_no_rule(season, role):
    before = RuleVersion.objects.count()
    draft = drafted(season, make_actor(season, role), reprice(season, "B1", "0.80"), new_line(season))
    assert (draft.state, draft.number) == (SupplementState.DRAFT, None)
    assert [change.code or change.rule.code for change in draft.changes.all()] == ["B1", "B17"]
    assert RuleVersion.objects.count() == before


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.ASSESSOR, Role.HEAD])
def test_draft_is_written_by_office_and_lead_alone(season, role):
    place = department(season) if role == Role.HEAD else None
    with pytest.raises(PermissionDenied):
        drafted(season, make_actor(season, role, department=place), reprice(season, "B1", "0.80"))


def test_draft_sent_twice_is_one(season, office):
    key = uuid.uuid4()
    first = drafted(season, office, reprice(season, "B1", "0.80"), key=key)
    assert drafted(season, office, reprice(season, "B1", "0.80"), key=key) == first
    said = refusal(drafted, season, office, reprice(season, "B1", "0.80"), key=key, title="另一份")
    assert said.refusal_code == "reused"


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"title": " "}, "title", "title"),
        ({"text": ""}, "text", "text"),
        ({"applies_from": date(2009, 8, 31)}, "applies_from", "outside"),
        ({"applies_from": date(2010, 2, 1)}, "applies_from", "outside"),
    ],
)
def test_draft_is_refused_at_its_field(season, office, values, field, code):
    said = refusal(drafted, season, office, reprice(season, "B1", "0.80"), **values)
    assert (said.field, said.refusal_code) == (field, code)


def test_draft_is_refused_at_the_field_of_its_line(season, office):
    b1 = reprice(season, "B1", "0.80")
    same = reprice(season, "P1", latest_versions([rule(season, "P1").pk])[rule(season, "P1").pk].points)
    wrong = [
        ((), None, "no_lines"),
        ((b1, b1), "text_1", "twice"),
        ((b1, same), "points_1", "same"),
        ((reprice(season, "B1", "0.80", label=""),), "label_0", "label"),
        ((reprice(season, "B1", "0"),), "points_0", "price"),
        ((new_line(season, "a11A"),), "code_0", "code_taken"),
        ((new_line(season, "B 17"),), "code_0", "code"),
        ((new_line(season), new_line(season)), "code_1", "code_taken"),
        ((new_line(season, category=None),), "category_0", "category"),
        ((new_line(season, maximum=0),), "maximum_0", "maximum"),
        ((new_line(season, unit="长" * 33),), "unit_0", "unit"),
    ]
    for changes, field, code in wrong:
        said = refusal(drafted, season, office, *changes)
        assert (said.field, said.refusal_code) == (field, code)


def test_draft_changed_by_two_keeps_the_first_and_tells_the_second(season, office, lead):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    change_supplement(draft, draft_of(reprice(season, "B1", "0.90")), version=1, by=lead, at=NOON)
    said = refusal(change_supplement, draft, draft_of(new_line(season)), version=1, by=office, at=NOON)
    assert said.refusal_code == "stale"
    assert [change.points for change in draft.changes.all()] == [Decimal("0.90")]


def test_discarded_draft_is_neither_changed_nor_adopted(season, office, leader):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    discard_supplement(draft, by=office, at=NOON)
    discard_supplement(draft, by=office, at=NOON)
    assert AuditEntry.objects.filter(act="supplement.discard").count() == 1
    assert refusal(adopt, draft, leader).refusal_code == "discarded"
    changed = draft_of(reprice(season, "B1", "0.90"))
    said = refusal(change_supplement, draft, changed, version=1, by=office, at=NOON)
    assert said.refusal_code == "discarded"


# --- adoption


def test_adoption_numbers_it_decides_it_and_makes_versions(season, office, leader):
    draft = drafted(season, office, reprice(season, "B1", "0.80", text="新的文字。"), new_line(season))
    adopted = adopt(draft, leader)
    decision = Decision.objects.get(kind=DecisionKind.SUPPLEMENT)
    assert (adopted.number, adopted.state, adopted.decision) == (1, SupplementState.ADOPTED, decision)
    assert (decision.present, decision.data) == ("王院长、李副院长", {"supplement": str(draft.uuid)})
    made = {version.rule.code: version for version in RuleVersion.objects.filter(supplement=adopted)}
    assert (made["B1"].number, made["B1"].points, made["B1"].valid_from) == (2, Decimal("0.80"), FROM)
    assert (made["B17"].number, made["B17"].rule.family) == (1, "B17")
    second = adopt(drafted(season, office, reprice(season, "B1", "0.90")), leader)
    assert second.number == 2
    assert latest_versions([rule(season, "B1").pk])[rule(season, "B1").pk].points == Decimal("0.90")
    assert differences() == []


def test_new_line_stands_after_its_list_and_may_be_recorded_from_its_day_on(season, office, leader, pair):
    adopt(drafted(season, office, new_line(season, "S6", block=None, category=rule(season, "S1a").category)), leader)
    codes = list(Rule.objects.filter(campaign=season).values_list("code", flat=True))
    assert codes[codes.index("S5") : codes.index("S5") + 3] == ["S5", "S6", "P1"]
    orders = Rule.objects.filter(campaign=season).values_list("order", flat=True)
    assert len(set(orders)) == len(orders)
    assert pair.record("S6", quantity=9).amount == Decimal("2.70")
    early = refusal(pair.record, "S6", happened_on=FROM - timedelta(days=1))
    assert early.refusal_code == "not_in_force"
    assert refusal(pair.record, "S6", quantity=10).refusal_code == "quantity"


def test_threshold_of_a_rule_stays_with_its_new_price(season, office, leader):
    before = latest_versions([rule(season, "P2").pk])[rule(season, "P2").pk].thresholds
    adopt(drafted(season, office, reprice(season, "P2", "0.70")), leader)
    assert before == latest_versions([rule(season, "P2").pk])[rule(season, "P2").pk].thresholds != {}


def test_adoption_sent_twice_is_one_and_other_words_are_refused(season, office, leader):
    draft, key = drafted(season, office, reprice(season, "B1", "0.80")), uuid.uuid4()
    mark = standing_mark(draft)
    first = adopt(draft, leader, key=key, standing=mark)
    assert adopt(draft, leader, key=key, standing=mark) == first
    assert refusal(adopt, draft, leader, standing=mark).refusal_code == "adopted"
    assert Decision.objects.filter(kind=DecisionKind.SUPPLEMENT).count() == 1


def test_office_attaches_the_minutes_and_a_leader_need_not(season, office):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    assert refusal(adopt, draft, office).field == "files"
    adopted = adopt(draft, office, minutes=minutes_of(upload(season, office)))
    assert Attachment.objects.get(owner_uuid=adopted.decision.uuid).owner_kind == "decision"


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.ASSESSOR])
def test_adoption_is_entered_by_leaders_and_office_alone(season, office, role):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    with pytest.raises(PermissionDenied):
        adopt(draft, make_actor(season, role))


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"decided_on": date(2009, 12, 29)}, "decided_on", "future"),
        ({"present": " "}, "present", "present"),
        ({"text": ""}, "text", "text"),
    ],
)
def test_adoption_is_refused_at_its_field(season, office, leader, values, field, code):
    draft = drafted(season, office, reprice(season, "B1", "0.80"))
    said = refusal(adopt, draft, leader, minutes=minutes_of(**values))
    assert (said.field, said.refusal_code) == (field, code)


def test_draft_or_rule_that_moved_since_it_was_read_is_not_adopted(season, office, lead, leader):
    first, second = (drafted(season, office, reprice(season, "B1", price)) for price in ("0.80", "0.90"))
    mark = standing_mark(first)
    change_supplement(first, draft_of(reprice(season, "B1", "0.70")), version=1, by=lead, at=NOON)
    assert refusal(adopt, first, leader, standing=mark).refusal_code == "stale"
    mark = standing_mark(first)
    adopt(second, leader)
    assert refusal(adopt, first, leader, standing=mark).refusal_code == "stale"


def test_supplement_begins_after_the_day_published(season, office, leader):
    early = drafted(season, office, reprice(season, "B1", "0.80"), applies_from=date(2009, 12, 20))
    publish(season, by=office, confirmed_by=leader, taken_at=NOON.replace(day=20))
    said = refusal(adopt, early, leader)
    assert (said.field, said.refusal_code) == ("applies_from", "published")
    assert "2009-12-20" in str(said.sentence)
    late = drafted(season, office, reprice(season, "B1", "0.80"), applies_from=date(2009, 12, 21))
    assert adopt(late, leader).number == 1


def test_supplement_does_not_begin_before_a_version_of_its_rule(season, office, leader):
    adopt(drafted(season, office, reprice(season, "B1", "0.80")), leader)
    said = refusal(drafted, season, office, reprice(season, "B1", "0.90"), applies_from=FROM - timedelta(days=1))
    assert (said.field, said.refusal_code) == ("applies_from", "later_version")


# --- waiting lines


def test_waiting_lines_are_recorded_again_and_confirmed_ones_stay(season, office, leader, pair):
    confirmed = pair.charge("P1")
    early = pair.record("P1", happened_on=FROM - timedelta(days=1))
    waiting = pair.record("P1", happened_on=DAY, quantity=1, note="见照片")
    adopted = adopt(drafted(season, office, reprice(season, "P1", "0.80")), leader)
    waiting.refresh_from_db()
    [again] = standing_lines().exclude(pk__in=[confirmed.pk, early.pk])
    assert waiting.withdrawn_by_id == leader.user_id
    assert (again.points, again.amount, again.recorded_by_id) == (Decimal("0.80"), Decimal("0.80"), pair.first.user_id)
    assert (again.happened_on, again.note, again.rule_version.supplement) == (DAY, "见照片", adopted)
    assert Tally.objects.get(department=again.charged, category=again.category).pending == again.amount + early.amount
    [entry] = AuditEntry.objects.filter(act="deduction.record", object_id=str(again.uuid))
    assert entry.by_id == leader.user_id
    assert confirm_deductions([again], by=pair.second, at=NOON).confirmed == [again]
    assert refusal_of_own(again, pair) is not None
    assert differences() == []


def refusal_of_own(line, pair):
    return confirm_deductions([line], by=pair.first, at=NOON).refused[0][1]


def test_waiting_lines_stay_where_the_decision_does_not_say_so(season, office, leader, pair):
    waiting = pair.record("P1")
    adopt(drafted(season, office, reprice(season, "P1", "0.80"), rerecords=False), leader)
    assert list(standing_lines()) == [waiting]
    assert pair.record("P1").points == Decimal("0.80")


def test_person_key_and_files_go_along(season, office, leader, pair):
    person = make_person(season)
    line = pair.record("B6", subject=about(person))
    file = Attachment.objects.create(
        campaign=season,
        owner_kind="deduction",
        owner_uuid=line.uuid,
        file=make_file(by_id=pair.first.user_id),
        added_by_id=pair.first.user_id,
        added_at=NOON,
    )
    adopt(drafted(season, office, reprice(season, "B6", "0.80")), leader)
    [again] = standing_lines()
    assert (again.charge_key, again.subject_person) == (line.charge_key, person)
    carried = Attachment.objects.get(owner_uuid=again.uuid)
    assert (carried.file, carried.added_by, carried.added_at) == (file.file, file.added_by, file.added_at)
    assert refusal(pair.record, "B6", subject=about(person)).refusal_code == "charged"
    assert differences() == []


def test_finding_stays_charged_by_the_line_recorded_again(season, office, leader, pair):
    finding = make_finding(season, "B1", department(season))
    charge_findings([picked(finding)], by=pair.first, at=NOON)
    adopt(drafted(season, office, reprice(season, "B1", "0.80")), leader)
    finding = Finding.objects.get(pk=finding.pk)
    [again] = standing_lines()
    assert (finding.state, finding.deduction) == (FindingState.CHARGED, again)
    assert (again.finding, again.points) == (finding, Decimal("0.80"))


@pytest.mark.parametrize("repriced", [["A11a"], ["A11b"], ["A11a", "A11b"]])
@pytest.mark.parametrize("is_confirmed", [True, False])
def test_line_that_takes_anothers_place_still_does(season, office, leader, pair, repriced, is_confirmed):
    task = about("评估材料")
    record = pair.charge if is_confirmed else pair.record
    first = record("A11a", charged="教务处", subject=task)
    make_deduction(season, "A11b", by=pair.first, charged="教务处", subject=task, replaces=first)
    adopt(drafted(season, office, *(reprice(season, code, "1.30") for code in repriced)), leader)
    later = standing_lines().get(rule__code="A11b")
    assert later.replaces == standing_lines().get(rule__code="A11a")
    assert later.points == (Decimal("1.30") if "A11b" in repriced else later.rule_version.points)
    assert differences() == []
    confirm_deductions([later], by=pair.second, at=NOON)
    later.refresh_from_db()
    assert later.charge_key == first.charge_key
    assert list(standing_lines()) == [later]
    assert differences() == []


def test_interest_in_a_department_keeps_nobody_from_adopting(season, office, leader, pair):
    interested = make_actor(season, Role.LEADERSHIP)
    Interest.objects.create(
        campaign=season,
        user_id=interested.user_id,
        department=department(season),
        reason="亲属",
        starts_on=season.facts_from,
    )
    pair.record("P1")
    assert adopt(drafted(season, office, reprice(season, "P1", "0.80")), interested).number == 1
    assert standing_lines().get().points == Decimal("0.80")
    assert differences() == []


def test_adoption_refused_halfway_changes_nothing(season, office, leader, pair):
    line = pair.record("P1")
    draft = drafted(season, office, reprice(season, "P1", "0.80"))
    said = refusal(adopt, draft, leader, minutes=minutes_of(uuid.uuid4()))
    assert said.refusal_code == "gone"
    assert list(standing_lines()) == [line]
    assert not RuleVersion.objects.filter(supplement__isnull=False).exists()
    assert Supplement.objects.get().state == SupplementState.DRAFT
