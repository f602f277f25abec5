"""Findings brought in line with records: opened, kept, changed, returned, gone; none beside a line for the fact."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from campaigns.enums import Role
from campaigns.models import Department, EvaluationRow, Posting, Term
from scoring.detectors import DETECTORS
from scoring.enums import FindingState, Proof, RecordKind
from scoring.models import Announcement, Deduction, Detection, Finding, RuleVersion
from scoring.queries.detection import know_season, look_at
from scoring.services.detection import detect_campaign, detect_department, detect_wanted, want_detection
from scoring.services.findings import Picked, charge_findings, dismiss_findings
from scoring.services.ledger import withdraw_deduction
from tests.factories import NOON, SHANGHAI, department, make_actor, make_deduction, make_person, make_subject, make_user

LATER = NOON + timedelta(days=1)
ENTERED = datetime(2009, 12, 20, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def keeper(db):
    return make_user("keeper")


@pytest.fixture
def evaluate(season, keeper):
    """Return a function that writes a row of the student evaluation."""

    def write(person, score, home="图书馆"):
        return EvaluationRow.objects.create(
            campaign=season,
            department=department(season, home),
            person=person,
            term=Term.objects.get(campaign=season),
            score=Decimal(score),
            entered_by=keeper,
            entered_at=ENTERED,
        )

    return write


def detect(season, name="图书馆", at=NOON):
    return detect_department(department(season, name), at=at)


def only(**values):
    return Finding.objects.get(rule__detector="evaluation", **values)


def picked(finding):
    return [Picked(finding.uuid, finding.fingerprint)]


def test_60_00_is_silent_and_59_99_is_a_finding_priced_by_the_rule_in_force(season, evaluate):
    row = evaluate(make_person(season), "60.00")
    detect(season)
    assert not Finding.objects.filter(rule__detector="evaluation").exists()
    EvaluationRow.objects.filter(pk=row.pk).update(score=Decimal("59.99"))
    outcome = detect(season)
    finding = only()
    assert (outcome.opened, outcome.returned, outcome.gone) == (1, 0, 0)
    assert (finding.rule.code, finding.amount, finding.peak) == ("B6", Decimal("1.00"), Decimal("1.00"))
    assert finding.charge_key == f"A6B6|person:{row.person.uuid}|{row.term.code}"
    assert (finding.proof, finding.state, finding.first_seen_at) == (Proof.PROVEN, FindingState.OPEN, NOON)
    assert finding.facts[0]["values"]["score"] == "59.99"


def test_same_records_again_change_nothing_but_when_they_were_last_seen(season, evaluate):
    evaluate(make_person(season), "59")
    detect(season)
    before = Finding.objects.order_by("pk").values_list("pk", "fingerprint", "first_seen_at")
    before = list(before)
    outcome = detect(season, at=LATER)
    assert (outcome.opened, outcome.returned, outcome.gone) == (0, 0, 0)
    assert list(Finding.objects.order_by("pk").values_list("pk", "fingerprint", "first_seen_at")) == before
    assert only().last_seen_at == LATER


def test_finding_goes_with_its_ground_and_comes_back_with_it(season, evaluate):
    row = evaluate(make_person(season), "59")
    detect(season)
    EvaluationRow.objects.filter(pk=row.pk).update(score=Decimal("61"))
    assert detect(season, at=LATER).gone == 1
    assert (only().state, only().gone_at) == (FindingState.GONE, LATER)
    EvaluationRow.objects.filter(pk=row.pk).update(score=Decimal("59"))
    assert detect(season, at=LATER).returned == 1
    assert (only().state, only().gone_at) == (FindingState.OPEN, None)


def test_dismissed_finding_returns_only_when_its_facts_change_and_keeps_what_was_dismissed(season, evaluate, assessor):
    row = evaluate(make_person(season), "59")
    detect(season)
    dismiss_findings(picked(only()), because="评价人数不足", by=assessor, at=NOON)
    assert detect(season, at=LATER).returned == 0
    assert only().state == FindingState.DISMISSED
    EvaluationRow.objects.filter(pk=row.pk).update(score=Decimal("41.50"))
    assert detect(season, at=LATER).returned == 1
    finding = only()
    assert (finding.state, finding.because, finding.decided_by) == (FindingState.OPEN, "", None)
    assert finding.earlier["because"] == "评价人数不足"
    assert (finding.earlier["facts"][0]["values"]["score"], finding.facts[0]["values"]["score"]) == ("59.00", "41.50")


def test_facts_of_a_charged_finding_stay_as_they_were_though_the_record_is_corrected(season, evaluate, assessor):
    row = evaluate(make_person(season), "59")
    detect(season)
    charge_findings(picked(only()), by=assessor, at=NOON)
    EvaluationRow.objects.filter(pk=row.pk).update(score=Decimal("58"))
    detect(season, at=LATER)
    assert (only().state, only().facts[0]["values"]["score"]) == (FindingState.CHARGED, "59.00")
    EvaluationRow.objects.filter(pk=row.pk).update(score=Decimal("90"))
    assert detect(season, at=LATER).gone == 0
    assert only().state == FindingState.CHARGED
    assert Deduction.objects.count() == 1


@pytest.mark.parametrize("text", ["张伟", "张 伟"])
def test_fact_charged_by_hand_raises_no_finding(season, evaluate, assessor, text):
    evaluate(make_person(season), "59")
    make_deduction(season, "B6", by=assessor, subject=make_subject(season, "B6", text))
    detect(season)
    assert not Finding.objects.filter(rule__detector="evaluation").exists()


def test_fact_charged_by_hand_for_a_name_alone_raises_no_finding(season, evaluate, assessor):
    make_deduction(season, "B6", by=assessor, subject=make_subject(season, "B6", "张伟"))
    evaluate(make_person(season), "59")
    detect(season)
    assert not Finding.objects.filter(rule__detector="evaluation").exists()


def test_withdrawing_a_line_recorded_by_hand_lets_the_finding_rise(season, evaluate, assessor):
    line = make_deduction(season, "B6", by=assessor, subject=make_subject(season, "B6", "张伟"))
    evaluate(make_person(season), "59")
    detect(season)
    withdraw_deduction(line, by=assessor, at=NOON, because="记错了人")
    detect(season, at=LATER)
    assert only().state == FindingState.OPEN


def test_twin_of_the_other_block_serves_the_person_who_moved_there(season, evaluate):
    person = make_person(season, home="教务处")
    evaluate(person, "59", home="教务处")
    detect(season, "教务处")
    detect(season)
    assert (only().rule.code, only().charged.name) == ("A6", "教务处")


def test_fact_moves_with_its_record_to_another_department(season, evaluate):
    person = make_person(season)
    evaluate(person, "59")
    detect(season)
    Posting.objects.filter(staff_member=person).update(department=department(season, "教务处"))
    detect(season, "教务处", at=LATER)  # before the first is looked at again, which cannot show the same row any more
    detect(season)
    assert (only().charged.name, only().rule.code, only().state) == ("教务处", "A6", FindingState.OPEN)


def test_version_in_force_on_the_day_of_the_fact_gives_the_price_and_that_of_today_the_threshold(season, evaluate):
    evaluate(make_person(season), "64")
    rule = season.rules.get(code="B6")
    RuleVersion.objects.create(
        rule=rule,
        number=2,
        text="补充",
        label="补充",
        points=Decimal("2.50"),
        thresholds={"score_below": 65},
        valid_from=date(2009, 12, 24),
    )
    detect(season, at=datetime(2009, 12, 23, 23, 59, tzinfo=SHANGHAI))
    assert not Finding.objects.filter(rule=rule).exists()
    detect(season, at=datetime(2009, 12, 24, 0, 0, tzinfo=SHANGHAI))
    assert only().amount == Decimal("1.00")


def test_detector_that_raises_stops_no_other_and_leaves_what_it_had_found(season, evaluate, monkeypatch):
    evaluate(make_person(season), "59")
    detect(season)

    def fail(facts, terms):
        raise ZeroDivisionError

    good = DETECTORS["evaluation"]
    broken = type(good)(good.name, source=good.source, detect=fail, reasons=good.reasons, thresholds=good.thresholds)
    monkeypatch.setitem(DETECTORS, "evaluation", broken)
    outcome = detect(season, at=LATER)
    assert (outcome.troubles, outcome.gone) == (1, 0)
    [trouble] = Detection.objects.get(department__name="图书馆").troubles
    assert trouble["detector"] == "evaluation"
    assert len(trouble["trace"]) >= 8
    assert only().state == FindingState.OPEN
    monkeypatch.setitem(DETECTORS, "evaluation", good)
    detect(season, at=LATER)
    assert Detection.objects.get(department__name="图书馆").troubles == []


def test_silence_proves_nothing_before_the_announced_day(season):
    """A department that records nothing: no study session, no plan, no months, no duties."""
    place = department(season, "图书馆")
    known = know_season(season, on=date(2010, 1, 20))
    silent = [seen for seen in look_at(place, known).seen if seen.suspicion.silence]
    assert silent
    assert {seen.proof for seen in silent} == {Proof.NO_RECORD}
    detect(season, at=datetime(2010, 1, 20, 12, 0, tzinfo=SHANGHAI))
    assert not Finding.objects.proposed().exists()
    assert Finding.objects.filter(proof=Proof.NO_RECORD, peak=0).count() == len(silent)


def test_announced_day_itself_is_the_first_on_which_silence_proves(season):
    office = make_user("office")
    due = date(2009, 10, 31)  # the first phase ends
    row = Announcement.objects.create(
        campaign=season,
        kind=RecordKind.SESSION,
        starts_on=due + timedelta(days=1),
        announced_by=office,
        announced_at=NOON,
    )
    detect(season)
    finding = Finding.objects.get(rule__detector="study-not-held")
    assert (finding.proof, finding.happened_on) == (Proof.NO_RECORD, due)
    row.starts_on = due
    row.save()
    detect(season, at=LATER)
    finding.refresh_from_db()
    assert (finding.proof, finding.peak) == (Proof.PROVEN, Decimal("10.00"))


def test_phase_ends_at_midnight_in_shanghai(season):
    detect(season, at=datetime(2009, 10, 31, 23, 59, tzinfo=SHANGHAI))
    assert not Finding.objects.filter(rule__detector="study-not-held").exists()
    detect(season, at=datetime(2009, 11, 1, 0, 0, tzinfo=SHANGHAI))
    assert Finding.objects.filter(rule__detector="study-not-held").count() == 1


def test_closed_department_is_charged_nothing_from_its_last_day_on(season):
    Department.objects.filter(campaign=season, name="图书馆").update(closed_on=date(2009, 10, 31))
    detect(season)
    assert not Finding.objects.filter(rule__detector="study-not-held").exists()


def test_wanted_departments_are_looked_at_once_however_often_asked(season):
    ids = [department(season, name).pk for name in ("图书馆", "教务处")]
    assert want_detection(season.pk, ids)
    assert not want_detection(season.pk, ids)
    assert detect_wanted(season, at=NOON) == 2
    assert set(Detection.objects.filter(detected_at=NOON).values_list("department_id", flat=True)) == set(ids)
    assert detect_wanted(season, at=LATER) == 0


def test_all_departments_of_one_season_are_looked_at_and_none_of_another(season, other_season):
    told = []
    detect_campaign(season, at=NOON, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (24, 24)
    assert not Finding.objects.filter(campaign=other_season).exists()
    assert Detection.objects.filter(detected_at=NOON).count() == 24


def test_other_rulebook_uses_the_same_detectors_under_its_own_codes(other_season):
    codes = dict(other_season.rules.exclude(detector="").values_list("code", "detector"))
    assert codes["M1a"] == "study-not-held"
    place = Department.objects.filter(campaign=other_season).select_related("block", "campaign").first()
    known = know_season(other_season, on=other_season.facts_until)
    looked = look_at(place, known)
    assert looked.troubles == ()
    assert "M1a" in {seen.rule.code for seen in looked.seen}


QUERIES = 48


@pytest.mark.parametrize("rows", [1, 3])
def test_one_department_asks_the_same_number_of_queries_whatever_it_has(
    season, evaluate, rows, django_assert_num_queries
):
    for number in range(rows):
        evaluate(make_person(season, number=f"{number:05}"), "59")
    place, known = department(season), know_season(season, on=NOON.date())
    detect_department(place, known=known, at=NOON)
    with django_assert_num_queries(QUERIES):
        detect_department(place, known=known, at=LATER)
