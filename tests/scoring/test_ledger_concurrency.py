"""Many at once, each with a connection of its own: one fact, one line, exact tallies, and no untrue answer."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from campaigns import hooks
from campaigns.enums import ImportKind, Role
from campaigns.imports.sheet import read_sheets
from campaigns.models import Department
from campaigns.services.imports import Upload, withdraw_import
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from scoring.enums import DeductionState
from scoring.models import Deduction, Inspection, Tally
from scoring.services.imports import import_deductions
from scoring.services.inspections import InspectionDraft, create_inspection
from scoring.services.ledger import confirm_deductions, record_deduction, withdraw_deduction
from tests.factories import NOON, department, make_actor, make_deduction, make_draft, make_person, make_subject
from tests.sheets import make_sheet

THREADS = 16


def at_once(*acts):
    """Run the acts in threads that start together; return each one's result or exception, in order."""
    gate = threading.Barrier(len(acts))

    def run(act):
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            return act()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(run, acts))


def tally(season, department, category):
    row = Tally.objects.get(campaign=season, department__name=department, category__code=category)
    return (row.charged, row.absorbed, row.pending, row.confirmed_lines, row.pending_lines)


@pytest.fixture
def team(committed_season):
    return [make_actor(committed_season, Role.ASSESSOR) for _number in range(THREADS)]


def test_same_fact_recorded_by_sixteen_at_once_is_charged_once(committed_season, team):
    drafts = [make_draft(committed_season, "S3b") for _actor in team]
    results = at_once(
        *(
            lambda draft=draft, by=by: record_deduction(draft, by=by, at=NOON)
            for draft, by in zip(drafts, team, strict=True)
        )
    )

    lines = [result for result in results if isinstance(result, Deduction)]
    refusals = [result for result in results if isinstance(result, Refused)]
    assert (len(lines), len(refusals)) == (1, 15)
    assert {(refusal.refusal_code, refusal.existing) for refusal in refusals} == {("charged", lines[0])}
    assert list(Deduction.objects.all()) == lines
    assert tally(committed_season, "图书馆", "study") == (0, 0, 10, 0, 1)
    assert AuditEntry.objects.filter(act="deduction.record").count() == 1


def test_same_person_charged_under_twin_lines_at_once_is_charged_once(committed_season, team):
    """A5 and B5 at two departments lock two rows; only the index stands between them."""
    make_person(committed_season, "张伟")
    subject = make_subject(committed_season, "A5", "张伟")
    drafts = [
        make_draft(
            committed_season,
            "A5" if number % 2 else "B5",
            charged="工会" if number % 2 else "图书馆",
            subject=subject,
        )
        for number in range(THREADS)
    ]
    results = at_once(
        *(
            lambda draft=draft, by=by: record_deduction(draft, by=by, at=NOON)
            for draft, by in zip(drafts, team, strict=True)
        )
    )

    lines = [result for result in results if isinstance(result, Deduction)]
    assert len(lines) == 1
    assert {result.existing for result in results if isinstance(result, Refused)} == set(lines)
    assert len([result for result in results if isinstance(result, Refused)]) == 15
    pending = [tally(committed_season, name, "execution")[2] for name in ("工会", "图书馆")]
    assert sorted(pending) == [0, 1]


def test_different_lines_of_one_department_at_once_all_count(committed_season, team):
    """Quantities 1…16 of 0.10 are 13.60 together."""
    drafts = [make_draft(committed_season, "P1", quantity=number) for number in range(1, THREADS + 1)]
    results = at_once(
        *(
            lambda draft=draft, by=by: record_deduction(draft, by=by, at=NOON)
            for draft, by in zip(drafts, team, strict=True)
        )
    )

    assert [type(result) for result in results] == [Deduction] * THREADS
    assert tally(committed_season, "图书馆", "plan") == (0, 0, Decimal("13.60"), 0, 16)


def test_different_lines_confirmed_at_once_all_count(committed_season, team):
    lines = [make_deduction(committed_season, "P1", by=team[0], quantity=number) for number in range(1, THREADS)]
    results = at_once(
        *(
            lambda line=line, by=by: confirm_deductions([line], by=by, at=NOON)
            for line, by in zip(lines, team[1:], strict=True)
        )
    )

    assert [result.refused for result in results] == [[]] * 15
    assert tally(committed_season, "图书馆", "plan") == (12, 0, 0, 15, 0)  # 120 × 0.10


def test_line_confirmed_by_many_at_once_has_one_confirmer(committed_season, team):
    line = make_deduction(committed_season, "P3", by=team[0])
    results = at_once(*(lambda by=by: confirm_deductions([line], by=by, at=NOON) for by in team[1:]))

    assert sorted(len(result.confirmed) for result in results) == [0] * 14 + [1]
    assert tally(committed_season, "图书馆", "plan") == (Decimal("0.50"), 0, 0, 1, 0)
    assert AuditEntry.objects.filter(act="deduction.confirm").count() == 1


def test_confirmed_and_withdrawn_at_once_ends_in_one_story(committed_season, team):
    """A recorder withdraws while another confirms: either the line never counted, or the withdrawal came too late."""
    for _round in range(4):
        line = make_deduction(committed_season, "P3", by=team[0])
        confirmation, withdrawal = at_once(
            lambda line=line: confirm_deductions([line], by=team[1], at=NOON),
            lambda line=line: withdraw_deduction(line, by=team[0], at=NOON, because="看错"),
        )
        line.refresh_from_db()
        acts = list(AuditEntry.objects.filter(object_id=str(line.uuid)).order_by("pk").values_list("act", flat=True))
        if confirmation.confirmed:
            assert type(withdrawal).__name__ == "PermissionDenied"
            assert line.state == DeductionState.CONFIRMED
            assert acts == ["deduction.record", "deduction.confirm"]
        else:
            assert isinstance(withdrawal, Deduction)
            assert (line.state, line.confirmed_at) == (DeductionState.WITHDRAWN, None)
            assert acts == ["deduction.record", "deduction.withdraw"]
    confirmed = Deduction.objects.confirmed().count()
    assert tally(committed_season, "图书馆", "plan") == (confirmed * Decimal("0.50"), 0, 0, confirmed, 0)


def test_same_uuid_sent_twice_at_once_is_one_line(committed_season, team):
    draft = make_draft(committed_season, "P1", quantity=2)
    results = at_once(*[lambda: record_deduction(draft, by=team[0], at=NOON)] * THREADS)

    assert len(set(results)) == 1
    assert isinstance(results[0], Deduction)
    assert tally(committed_season, "图书馆", "plan") == (0, 0, Decimal("0.20"), 0, 1)
    assert AuditEntry.objects.filter(act="deduction.record").count() == 1


def test_same_uuid_for_two_departments_at_once_is_one_line_and_a_refusal(committed_season, team):
    shared = uuid.uuid4()
    here = make_draft(committed_season, "P1", uuid=shared)
    there = make_draft(committed_season, "P1", uuid=shared, charged="体育部")
    results = at_once(
        lambda: record_deduction(here, by=team[0], at=NOON), lambda: record_deduction(there, by=team[0], at=NOON)
    )

    (line,) = [result for result in results if isinstance(result, Deduction)]
    (refusal,) = [result for result in results if isinstance(result, Refused)]
    assert (refusal.refusal_code, refusal.existing) == ("uuid_reused", line)
    assert Deduction.objects.count() == 1


def test_replacing_line_confirmed_twice_at_once_leaves_one_standing(committed_season, team):
    subject = make_subject(committed_season, "A11a", "展板")
    late = make_deduction(committed_season, "A11a", by=team[0], confirmed_by=team[1], charged="团委", subject=subject)
    undone = make_deduction(committed_season, "A11b", by=team[0], charged="团委", subject=subject, replaces=late)
    results = at_once(
        *(lambda by=by: confirm_deductions([Deduction.objects.get(pk=undone.pk)], by=by, at=NOON) for by in team[1:5])
    )

    assert sorted(len(result.confirmed) for result in results) == [0, 0, 0, 1]
    assert list(Deduction.objects.standing()) == [undone]
    assert tally(committed_season, "团委", "execution") == (1, 0, 0, 1, 0)


def test_two_departments_each_charged_from_a_visit_to_the_other_do_not_wait_in_a_circle(committed_season, team):
    """A line holds the department charged and points at the one visited, whose row the other line holds."""
    names = ("图书馆", "体育部")
    drafts = [
        make_draft(committed_season, "P1", charged=names[number % 2], visited=department(committed_season, other))
        for number in range(THREADS)
        for other in [names[(number + 1) % 2]]
    ]
    results = at_once(
        *(
            lambda draft=draft, by=by: record_deduction(draft, by=by, at=NOON)
            for draft, by in zip(drafts, team, strict=True)
        )
    )

    assert [type(result) for result in results] == [Deduction] * THREADS
    assert [tally(committed_season, name, "plan")[2] for name in names] == [Decimal("0.80")] * 2


def test_two_imports_withdrawn_at_once_whose_lines_cross_are_both_withdrawn(committed_season, team, portal_files):
    """Ten departments in one order and in the other."""
    names = list(Department.objects.filter(campaign=committed_season).values_list("name", flat=True))[:10]
    batches = []
    for by, code, order in ((team[0], "S1a", names), (team[1], "S1b", names[::-1])):
        file = make_sheet(*((name, code, 1, "2009-11-20", None, None) for name in order))
        content = read_sheets(file, hooks.import_kinds[ImportKind.DEDUCTIONS].columns)
        upload = Upload([file.getvalue()], "deductions.xlsx")
        batches.append(import_deductions(committed_season, content, upload=upload, by=by, at=NOON).batch)
    results = at_once(
        *(
            lambda batch=batch, by=by: withdraw_import(batch, by=by, at=NOON, because="重来")
            for batch, by in zip(batches, team[:2], strict=True)
        )
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    assert not Deduction.objects.standing().exists()
    assert not Tally.objects.exclude(pending=0).exists()


def test_same_uuid_for_inspections_of_two_departments_at_once_is_one_and_a_refusal(committed_season, team):
    shared = uuid.uuid4()
    drafts = [
        InspectionDraft(
            uuid=shared,
            kind="regular",
            department=department(committed_season, name),
            assessor_ids=frozenset({team[0].user_id}),
            started_at=NOON - timedelta(days=1),
            ended_at=None,
        )
        for name in ("图书馆", "体育部")
    ]
    results = at_once(
        *(lambda draft=draft: create_inspection(draft, by=team[0], at=NOON) for draft in drafts * (THREADS // 2))
    )

    (kept,) = {result for result in results if isinstance(result, Inspection)}
    refusals = [result for result in results if isinstance(result, Refused)]
    assert {(refusal.refusal_code, refusal.existing) for refusal in refusals} == {("uuid_reused", kept)}
    assert len(refusals) == THREADS // 2
    assert list(Inspection.objects.all()) == [kept]
