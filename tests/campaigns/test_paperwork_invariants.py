"""What must be true of the paperwork: in order as the services write it, and every kind of broken row is told."""

import uuid
from datetime import timedelta

import pytest

from campaigns.enums import ObligationKind, ReceiptKind
from campaigns.models import (
    Attachment,
    ContestEntry,
    Interest,
    Obligation,
    Plan,
    PlanVersion,
    Receipt,
    StudySession,
)
from campaigns.services.invariants import check_files, check_paperwork
from campaigns.services.obligations import meet_obligations
from qualityseason.services.files import path_of, store_file
from tests.campaigns.contest_working import SIX, awarded_contest, make_approved_plan
from tests.campaigns.handing_in import make_attachment
from tests.factories import NOON, department, make_user

LIBRARY = "图书馆"


@pytest.fixture
def writer(db):
    return make_user("writer")


@pytest.fixture
def session(season, writer):
    """A session that meets what the library owes."""
    place = department(season, LIBRARY)
    made = StudySession.objects.create(
        campaign=season, department=place, topic="学习", entered_by=writer, entered_at=NOON
    )
    meet_obligations(
        place,
        ObligationKind.SESSION,
        met_at=NOON,
        by_kind="study-session",
        by_uuid=made.uuid,
        by_id=writer.pk,
        at=NOON,
    )
    return made


@pytest.fixture
def version(season):
    return make_approved_plan(season, LIBRARY).versions.get()


def receive(season, version, number, writer, kind=ReceiptKind.ELECTRONIC):
    return Receipt.objects.create(
        campaign=season,
        number=number,
        kind=kind,
        department=version.plan.department,
        version=version,
        received_on=NOON.date(),
        received_by=writer,
        entered_at=NOON,
    )


def found(season):
    """Return (department, is it a remark) of everything that is told."""
    return [(difference.department, difference.is_remark) for difference in check_paperwork(season)]


def test_paperwork_as_the_services_write_it_is_in_order(season, session, version, writer):
    receive(season, version, 1, writer)
    receive(season, version, 2, writer, ReceiptKind.PAPER)
    make_attachment(season, version.plan.department, kind="plan", owner=version.plan, by_id=writer.pk, at=NOON)
    assert Obligation.objects.filter(met_at__isnull=False).count() == 1
    assert list(check_paperwork(season)) == []


@pytest.mark.parametrize("break_it", ["gone", "cancelled", "another kind", "another department"])
def test_obligation_met_by_what_is_not_there(season, session, break_it):
    if break_it == "gone":
        Obligation.objects.filter(met_at__isnull=False).update(met_by_uuid=uuid.uuid4())
    elif break_it == "cancelled":
        StudySession.objects.update(cancelled_at=NOON)
    elif break_it == "another kind":
        Obligation.objects.filter(met_at__isnull=False).update(met_by_kind="receipt")
    else:
        StudySession.objects.update(department=department(season, "工会"))
    assert found(season) == [(LIBRARY, False)]


def test_receipt_that_is_missing_is_named(season, version, writer):
    receive(season, version, 1, writer)
    receive(season, version, 4, writer, ReceiptKind.PAPER)
    (told,) = check_paperwork(season)
    assert "2、3" in told.sentence


@pytest.mark.parametrize("content", ["other words", "unreadable"])
def test_version_that_says_something_else_than_its_sum(season, version, content):
    changed = version.content | {"title": "改过的"} if content == "other words" else {"title": "方案"}
    PlanVersion.objects.update(content=changed)
    (told,) = check_paperwork(season)
    assert told.department == LIBRARY
    assert version.code in told.sentence


@pytest.mark.parametrize("submitted_at", [NOON + timedelta(seconds=1), None])
def test_plan_whose_submission_is_not_that_of_its_first_version(season, version, submitted_at):
    again = make_approved_plan(season, LIBRARY)  # a second version, later
    PlanVersion.objects.filter(number=2).update(submitted_at=NOON + timedelta(days=1))
    assert again.versions.count() == 2
    assert found(season) == []
    Plan.objects.update(submitted_at=submitted_at)
    assert found(season) == [(LIBRARY, False)]


def test_awarded_contest_recomputes_from_its_ballots(season):
    awarded_contest(season)
    assert found(season) == []
    ContestEntry.objects.filter(plan__department__name=SIX[0]).update(rank=2)
    assert found(season) == [(SIX[0], False)]


def test_mean_no_ballots_give_is_told_with_the_place_it_moves(season):
    awarded_contest(season)
    ContestEntry.objects.filter(plan__department__name=SIX[5]).update(mean="99.00")
    told = [
        (each.department, "mean of" in each.sentence or "平均" in each.sentence) for each in check_paperwork(season)
    ]
    assert len(told) == 7  # the mean, and all six places
    assert {name for name, _mean in told} == set(SIX)


def test_prize_that_does_not_follow_from_the_rank(season):
    awarded_contest(season)
    ContestEntry.objects.filter(plan__department__name=SIX[0]).update(prize="")
    assert found(season) == [(SIX[0], False)]


def test_judges_interest_found_after_the_award_is_worth_a_look(season):
    _office, voters, contest = awarded_contest(season)
    entry = ContestEntry.objects.get(plan__department__name=SIX[0])
    entry.ballots.filter(judge_id=voters[0].user_id).update(points={"全面": 95, "可行": 95, "有特色": 98})
    ContestEntry.objects.filter(pk=entry.pk).update(mean="95.50")  # (96 + 95) / 2
    assert found(season) == []
    Interest.objects.create(
        campaign=season,
        user_id=voters[0].user_id,
        department=department(season, SIX[0]),
        reason="配偶",
        starts_on=contest.awarded_at.date() - timedelta(days=30),
    )
    assert found(season) == [(SIX[0], True)]


@pytest.mark.parametrize("kind", ["plan", "deduction", "unheard-of"])
def test_attachment_of_a_record_that_is_not_there(season, version, writer, kind):
    make_attachment(season, version.plan.department, kind="plan", owner=version.plan, by_id=writer.pk, at=NOON)
    assert found(season) == []
    Attachment.objects.update(owner_kind=kind, owner_uuid=uuid.uuid4() if kind == "plan" else version.plan.uuid)
    (told,) = check_paperwork(season)
    assert "a.pdf" in told.sentence


def test_content_that_is_not_in_the_store(db, portal_files):
    stored = store_file([b"12345"], name="方案.pdf", media_type="application/pdf", by_id=None)
    assert list(check_files()) == []
    path_of(stored).write_bytes(b"1234")
    (told,) = check_files()
    assert stored.sha256 in told.sentence
    path_of(stored).unlink()
    (told,) = check_files()
    assert "方案.pdf" in told.sentence


def test_number_of_queries_does_not_grow_with_the_paperwork(season, version, writer, django_assert_num_queries):
    receive(season, version, 1, writer)
    for rows in (1, 3):
        for _number in range(rows):
            make_attachment(season, version.plan.department, kind="plan", owner=version.plan, by_id=writer.pk, at=NOON)
        with django_assert_num_queries(9):
            assert list(check_paperwork(season)) == []


def test_another_seasons_paperwork_is_not_this_ones(season, other_season, version):
    PlanVersion.objects.update(content={})
    assert list(check_paperwork(other_season)) == []
