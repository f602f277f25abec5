"""Findings when something goes wrong, moves, is said twice, or is seen by two: nothing lost, nothing charged twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from campaigns import hooks
from campaigns.enums import Role
from campaigns.models import Department
from qualityseason.clock import wall_now
from qualityseason.errors import Refused
from scoring.calculations import fact_key, fingerprint_of
from scoring.detectors import DETECTORS
from scoring.enums import FindingState, Proof, RecordKind, SubjectKind
from scoring.facts import Subject, Suspicion
from scoring.models import Announcement, Deduction, Detection, Finding, RuleVersion
from scoring.queries.detection import Looked, Seen
from scoring.queries.finding_words import why
from scoring.queries.subjects import subject_of
from scoring.services import findings
from scoring.services.detection import PATIENCE, detect_campaign, detect_department, detect_wanted, want_detection
from scoring.services.finding_invariants import check_findings
from scoring.services.findings import charge_findings, dismiss_findings, match_finding
from scoring.services.ledger import confirm_deductions, withdraw_deduction
from scoring.services.reconciling import Reconciling
from tests.factories import (
    DAY,
    NOON,
    department,
    make_actor,
    make_deduction,
    make_person,
    make_subject,
    make_user,
    rule,
)
from tests.scoring.finding_working import make_finding, paper, picked

LATER = NOON + timedelta(days=1)
QUERIES_TO_WANT = 5


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


@pytest.fixture
def detecting(season, monkeypatch):
    """Return a function that lets one detector see by a function of the test's; all others see nothing."""

    def install(detect):
        for name, detector in DETECTORS.items():
            monkeypatch.setitem(DETECTORS, name, replace(detector, detect=lambda facts, terms: iter(())))
        own = replace(DETECTORS["plan-duties"], detect=detect, thresholds=())
        monkeypatch.setitem(DETECTORS, "plan-duties", own)

    return install


def suspect(season, code, place="图书馆", *, subject=None, record="r:1", quantity=1, facts=None, period=""):
    """Return what a detector says of a department, as looking at it passes it on."""
    one, where = rule(season, code), department(season, place)
    like = make_finding(season, code, place)  # for a reason and what its sentence names
    like.delete()
    suspicion = Suspicion(
        like.reason,
        like.parameters,
        DAY,
        facts or (paper(),),
        record="" if one.once and one.subject == SubjectKind.PERSON else record,
        quantity=quantity,
        period=period,
        subject=subject or Subject(),
    )
    return Seen(
        rule=one,
        version=RuleVersion.objects.in_force(on=DAY).get(rule=one),
        suspicion=suspicion,
        charge_key=fact_key(one.family, one.once, department=f"department:{where.uuid}", suspicion=suspicion),
        proof=Proof.PROVEN,
        fingerprint=fingerprint_of(code, suspicion, Proof.PROVEN, department=str(where.uuid)),
    )


def reconcile(season, *seen, place="图书馆", at=NOON, failed=()):
    looked = Looked(seen, (), frozenset(one.pk for one in failed))
    with transaction.atomic():
        return Reconciling(department(season, place), looked, at=at).run()


def the(key):
    return Finding.objects.get(charge_key=getattr(key, "charge_key", key))


def charge(finding, by, at=NOON):
    [(_done, refused)] = [
        (result.done, result.refused) for result in [charge_findings([picked(finding)], by=by, at=at)]
    ]
    return [sentence for _finding, sentence in refused]


# --- one department's trouble


def poison(season, name):
    """Return a detector that finds for one department what no table takes, and for the others something."""

    def detect(facts, terms) -> Iterator[Suspicion]:
        quantity = -1 if terms.department.name == name else 1
        reason = next(iter(DETECTORS["plan-duties"].reasons))
        yield Suspicion(reason, {}, DAY, (), record=f"r:{terms.department.id}", quantity=quantity)

    return detect


def test_department_that_cannot_be_written_stops_no_other_and_is_not_tried_for_ever(season, detecting):
    detecting(poison(season, "图书馆"))
    names = ("工会", "图书馆", "体育部")
    want_detection(season.pk, [department(season, name).pk for name in names])
    assert detect_wanted(season, at=NOON) == 3
    assert set(Finding.objects.values_list("charged__name", flat=True)) == {"工会", "体育部"}
    row = Detection.objects.get(department__name="图书馆")
    assert (row.wanted_at, row.taken_at, [sorted(one) for one in row.troubles]) == (None, None, [["detector", "trace"]])
    assert want_detection(season.pk, [row.department_id])


def test_detection_of_all_goes_on_after_a_department_that_cannot_be_written(season, detecting):
    detecting(poison(season, "图书馆"))
    assert detect_campaign(season, at=NOON).troubles == 1
    assert Finding.objects.count() == Department.objects.filter(campaign=season).count() - 1


def test_department_deleted_meanwhile_is_passed_over(season, detecting):
    block = department(season).block
    gone = Department.objects.create(campaign=season, block=block, name="临时办", kind="teaching", order=99)
    want_detection(season.pk, [gone.pk, department(season).pk])
    detecting(lambda facts, terms: iter(Department.objects.filter(pk=gone.pk).delete()[1:1]))
    detect_wanted(season, at=NOON)
    assert not Detection.objects.filter(wanted_at__isnull=False).exists()
    assert Detection.objects.get(department=department(season)).detected_at == NOON


def test_what_a_worker_had_taken_that_died_is_taken_up_again(season, detecting):
    def die(facts, terms):
        raise SystemExit

    place = department(season)
    detecting(die)
    want_detection(season.pk, [place.pk])
    with pytest.raises(SystemExit):
        detect_wanted(season, at=NOON)
    detecting(lambda facts, terms: iter(()))
    other = department(season, "工会")
    assert want_detection(season.pk, [other.pk])
    assert detect_wanted(season, at=NOON) == 1  # somebody else may still be looking at the first
    Detection.objects.filter(department=place).update(taken_at=wall_now() - PATIENCE - timedelta(seconds=1))
    assert detect_wanted(season, at=LATER) == 1
    assert Detection.objects.get(department=place).detected_at == LATER


def test_somebody_is_asked_again_when_nobody_has_come_for_long(season):
    place = department(season)
    assert want_detection(season.pk, [place.pk])
    assert not want_detection(season.pk, [place.pk])
    Detection.objects.filter(department=place).update(wanted_at=wall_now() - PATIENCE - timedelta(seconds=1))
    assert want_detection(season.pk, [place.pk])


def test_change_while_the_records_are_read_has_them_read_again(season, detecting):
    reads = []

    def detect(facts, terms):
        reads.append(terms.department.name)
        if len(reads) == 1:
            want_detection(season.pk, [terms.department.id])
        return iter(())

    detecting(detect)
    want_detection(season.pk, [department(season).pk])
    assert (detect_wanted(season, at=NOON), reads) == (2, ["图书馆", "图书馆"])


def test_what_was_read_first_is_never_written_last(season, detecting):
    """While the records are read they change, and somebody else looks at them anew."""
    state = {"figure": "old", "nested": False}

    def detect(facts, terms):
        figure = state["figure"]
        if not state["nested"]:
            state.update(nested=True, figure="new")
            detect_department(department(season), at=LATER)
        reason = next(iter(DETECTORS["plan-duties"].reasons))
        yield Suspicion(reason, {}, DAY, (paper(figure=figure),), record="r:1")

    detecting(detect)
    detect_department(department(season), at=NOON)
    assert Finding.objects.get().facts[0]["values"]["figure"] == "new"


def test_announcement_made_while_others_are_looked_at_counts_for_those_that_follow(season, detecting):
    first, *_others = Department.objects.filter(campaign=season).order_by("order")

    def detect(facts, terms):
        if terms.department.id == first.pk:
            Announcement.objects.create(
                campaign=season,
                kind=RecordKind.PLAN,
                starts_on=DAY,
                announced_by=make_user("office"),
                announced_at=NOON,
            )
        reason = next(iter(DETECTORS["plan-duties"].reasons))
        yield Suspicion(reason, {}, DAY, (), record=f"r:{terms.department.id}", silence=RecordKind.PLAN)

    detecting(detect)
    detect_campaign(season, at=NOON)
    proofs = dict(Finding.objects.values_list("charged_id", "proof"))
    assert proofs.pop(first.pk) == Proof.NO_RECORD
    assert set(proofs.values()) == {Proof.PROVEN}


@pytest.mark.parametrize("number", [1, 24])
def test_wanting_one_and_all_asks_the_same_number_of_queries(season, number, django_assert_num_queries):
    ids = list(Department.objects.filter(campaign=season).values_list("pk", flat=True)[:number])
    want_detection(season.pk, None)
    Detection.objects.update(wanted_at=None)
    with django_assert_num_queries(QUERIES_TO_WANT):
        want_detection(season.pk, ids)


def test_what_is_told_in_a_savepoint_rolled_back_is_not_heard_and_who_fails_to_hear_undoes_nothing(
    season, monkeypatch, django_capture_on_commit_callbacks
):
    heard = []

    def fail(campaign_id, departments):
        raise DatabaseError

    monkeypatch.setattr(hooks, "facts_changed", [lambda campaign_id, departments: heard.append(departments), fail])
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with transaction.atomic():
            hooks.tell_facts_changed(season.pk, frozenset({1}))
        with transaction.atomic():
            hooks.tell_facts_changed(season.pk, frozenset({2}))
            transaction.set_rollback(True)
        assert heard == []
    assert heard == [frozenset({1})]


# --- one fact, whoever says it


def test_twin_line_recorded_by_hand_for_another_department_raises_no_finding(season, assessor):
    person = make_person(season, home="教务处")
    line = make_deduction(season, "B6", by=assessor, subject=subject_of(person))
    seen = suspect(season, "A6", "教务处", subject=subject_of(person), period=line.period)
    assert seen.charge_key == line.charge_key
    reconcile(season, seen, place="教务处")
    assert not Finding.objects.exists()


def test_charged_finding_whose_record_moves_to_the_other_block_stays_charged(season, assessor):
    person = subject_of(make_person(season))
    period = make_finding(season, "B6", subject=person).period
    finding = Finding.objects.get()
    charge(finding, assessor)
    reconcile(season, suspect(season, "A6", "教务处", subject=person, period=period), place="教务处", at=LATER)
    assert (the(finding).state, the(finding).charged.name) == (FindingState.CHARGED, "图书馆")


def test_fact_moves_at_once_with_its_very_record_and_nothing_was_mended_by_that(season):
    person, row = subject_of(make_person(season)), paper()
    reconcile(season, before := suspect(season, "B6", subject=person, facts=(row,), period="t"))
    Finding.objects.update(peak=Decimal(9))
    other = suspect(season, "A6", "教务处", subject=person, facts=(paper(),), period="t")
    reconcile(season, other, place="教务处", at=LATER)
    assert the(before).charged.name == "图书馆"  # another record of the same fact
    reconcile(
        season, suspect(season, "A6", "教务处", subject=person, facts=(row,), period="t"), place="教务处", at=LATER
    )
    assert (the(before).charged.name, the(before).rule.code, the(before).peak) == ("教务处", "A6", the(before).amount)


def test_another_price_spares_nothing(season):
    seen = suspect(season, "P1", quantity=3)
    reconcile(season, seen)
    version = RuleVersion.objects.create(
        rule=seen.rule, number=2, text="补充", label="补充", points=Decimal("0.05"), valid_from=DAY
    )
    reconcile(season, replace(seen, version=version), at=LATER)
    assert (the(seen).amount, the(seen).peak) == (Decimal("0.15"), Decimal("0.15"))


def test_dismissed_finding_returns_when_another_department_would_be_charged(season, assessor):
    person, row = subject_of(make_person(season)), paper()
    reconcile(season, seen := suspect(season, "B6", subject=person, facts=(row,), period="t"))
    dismiss_findings([picked(the(seen))], because="不是本部门的人", by=assessor, at=NOON)
    reconcile(
        season, suspect(season, "B6", "体育部", subject=person, facts=(row,), period="t"), place="体育部", at=LATER
    )
    assert (the(seen).state, the(seen).charged.name) == (FindingState.OPEN, "体育部")


def test_fact_shown_by_two_departments_and_dismissed_twice_does_not_return_for_ever(season, assessor):
    person = subject_of(make_person(season))
    two = {name: suspect(season, "B6", name, subject=person, period="t") for name in ("图书馆", "体育部")}
    for place, seen in two.items():
        reconcile(season, seen, place=place)
        dismiss_findings([picked(the(seen))], because="已核", by=assessor, at=NOON)
    for place, seen in two.items():
        assert reconcile(season, seen, place=place, at=LATER).returned == 0
    assert Finding.objects.get().state == FindingState.DISMISSED


def test_failing_detector_leaves_what_another_rule_of_its_family_had_found(season):
    reconcile(season, late := suspect(season, "A11a", "工会", record="assignment:1"), place="工会")
    reconcile(season, place="工会", at=LATER, failed=[rule(season, "A11b")])
    assert the(late).state == FindingState.OPEN


# --- one rule takes the place of another


def undone(season, seen):
    """Return the same fact as the rule sees it that is charged instead."""
    facts = seen.suspicion.rests_on
    return suspect(season, "A11b", "工会", subject=seen.suspicion.subject, record=seen.suspicion.record, facts=facts)


@pytest.fixture
def late(season):
    return suspect(season, "A11a", "工会", subject=make_subject(season, "A11a", "展板"), record="assignment:1")


@pytest.mark.parametrize("how", ["charged", "same text", "matched"])
def test_undone_takes_the_place_of_late_however_that_was_charged(season, assessor, lead, late, how):
    if how != "same text":
        reconcile(season, late, place="工会")
    if how == "charged":
        charge(the(late), assessor)
    else:
        text = "展 板" if how == "same text" else "展板一块"
        line = make_deduction(season, "A11a", by=assessor, charged="工会", subject=make_subject(season, "A11a", text))
    if how == "matched":
        match_finding(the(late), line, fingerprint=the(late).fingerprint, by=assessor, at=NOON)
    reconcile(season, late, place="工会", at=LATER)
    assert Finding.objects.exclude(state=FindingState.CHARGED).count() == 0
    reconcile(season, undone(season, late), place="工会", at=LATER)
    finding = the(late)
    assert (finding.state, finding.rule.code) == (FindingState.OPEN, "A11b")
    assert charge(finding, assessor, at=LATER) == []
    [after] = confirm_deductions([finding.deductions.latest("pk")], by=lead, at=LATER).confirmed
    assert list(Deduction.objects.standing()) == [after]
    assert (after.rule.code, after.charge_key, the(late).deduction) == ("A11b", the(late).charge_key, after)
    assert list(check_findings(department(season, "工会"))) == []


def test_withdrawing_the_line_that_was_to_replace_leaves_the_first_one_charging(season, assessor, late):
    reconcile(season, late, place="工会")
    charge(the(late), assessor)
    reconcile(season, undone(season, late), place="工会", at=LATER)
    charge(the(late), assessor, at=LATER)
    first, second = Deduction.objects.order_by("pk")
    withdraw_deduction(second, by=assessor, at=LATER, because="看错")
    assert (the(late).state, the(late).deduction) == (FindingState.CHARGED, first)


# --- who may decide, and when


def test_finding_that_moved_since_it_was_read_is_not_decided(season, assessor, monkeypatch):
    """The actor's own department may be the one it has moved to."""
    own = make_actor(season, Role.ASSESSOR, department=department(season, "体育部"))
    finding = make_finding(season, "B1")

    def move(ids):
        Finding.objects.update(charged=department(season, "体育部"))

    monkeypatch.setattr(findings, "lock_departments", move)
    [refusal] = [sentence for _one, sentence in charge_findings([picked(finding)], by=own, at=NOON).refused]
    Finding.objects.update(charged=department(season))
    result = dismiss_findings([picked(finding)], because="误", by=own, at=NOON)
    assert [sentence for _one, sentence in result.refused] == [refusal]
    assert Finding.objects.get().state == FindingState.OPEN
    Finding.objects.update(charged=department(season))
    with pytest.raises(Refused, match=refusal):
        match_finding(finding, Deduction(), fingerprint=finding.fingerprint, by=own, at=NOON)


def test_dismissing_twice_for_the_same_reason_is_one_answer(season, assessor, lead):
    finding = make_finding(season, "B1")
    for _time in range(2):
        assert dismiss_findings([picked(finding)], because="误", by=assessor, at=NOON).refused == []
    assert dismiss_findings([picked(finding)], because="误", by=lead, at=NOON).done == []
    assert dismiss_findings([picked(finding)], because="别的", by=assessor, at=NOON).done == []


def test_silence_is_not_charged_once_its_announcement_is_withdrawn(season, assessor):
    finding = make_finding(season, "P3", silence=RecordKind.PLAN)
    row = Announcement.objects.create(
        campaign=season, kind=RecordKind.PLAN, starts_on=DAY, announced_by=make_user("office"), announced_at=NOON
    )
    row.withdrawn_at, row.withdrawn_by = NOON, row.announced_by
    row.save()
    assert len(charge(finding, assessor)) == 1
    Announcement.objects.update(withdrawn_at=None, withdrawn_by=None)
    assert charge(finding, assessor) == []


def test_line_is_noted_in_the_language_of_the_portal_and_pressed_twice_in_two_is_one(season, assessor):
    finding = make_finding(season, "P3")
    with translation.override("en"):
        assert charge(finding, assessor) == []
    assert Deduction.objects.get().note == why(finding)
    assert charge(finding, assessor) == []


# --- the migration


def test_ledger_stays_append_only_back_and_forth(committed_season):
    """SQLite makes the table anew to take a column away, and triggers go with a table."""
    make_deduction(committed_season, "P1", by=make_actor(committed_season, Role.ASSESSOR))

    def refuses():
        for sql in ("UPDATE scoring_deduction SET note = 'x'", "DELETE FROM scoring_deduction"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)

    last = max(name for app, name in MigrationExecutor(connection).loader.graph.leaf_nodes("scoring"))
    for name in ("0004_findings", "0003_rule_exempt", last):
        executor = MigrationExecutor(connection)
        executor.migrate([("scoring", name)])
        refuses()
    assert Deduction.objects.get().finding is None
