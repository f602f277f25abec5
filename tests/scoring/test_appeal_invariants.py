"""check_invariants sees appeals and the ledger tell different stories, and nothing where they tell one."""

from datetime import timedelta

import pytest

from campaigns.enums import Role
from campaigns.services.people import add_interest
from qualityseason.models import AuditEntry, User
from scoring.enums import AppealState
from scoring.services.appeal_invariants import check_appeals
from scoring.services.appeals import WordOfMouth, take_back_appeal
from scoring.services.invariants import Checked, check_invariants
from tests.factories import NOON, department, make_actor, make_membership, rule
from tests.scoring.appeal_working import LATER, Cast
from tests.scoring.tampering import tamper


@pytest.fixture
def cast(season):
    return Cast(season)


def told(season):
    """Return what check_invariants says of departments, remarks apart."""
    return [one.sentence for one in check_invariants(Checked()) if one.department and not one.is_remark]


@pytest.fixture
def story(season, cast):
    """One appeal of each state: upheld, reduced twice, revoked, taken back, pending and late."""
    second = make_actor(season, Role.TEAM_LEAD)
    upheld = cast.rule(cast.appeal(cast.charge()))
    reduced = cast.rule(cast.appeal(cast.charge(quantity=5)), AppealState.REDUCED, quantity=3)
    again = cast.rule(cast.appeal(reduced.outcome), AppealState.REDUCED, quantity=1, by=second)
    lighter = cast.rule(cast.appeal(cast.charge("S3b")), AppealState.REDUCED, rule=rule(season, "S3a"), quantity=1)
    revoked = cast.rule(cast.appeal(cast.charge("P2")), AppealState.REVOKED)
    back = take_back_appeal(cast.appeal(cast.charge()), by=cast.head, at=LATER)
    after = LATER + timedelta(days=season.appeal_days + 1)
    late = cast.appeal(cast.charge(), by=cast.office, at=after, spoken=WordOfMouth("李主任", after.date()))
    return {
        "upheld": upheld, "reduced": reduced, "again": again, "lighter": lighter, "revoked": revoked, "back": back,
        "late": late,
    }  # fmt: skip


def test_story_told_alike_is_in_order(season, story):
    assert told(season) == []


TAMPERINGS = {
    "pending though its line is withdrawn": (
        "late",
        "UPDATE scoring_deduction SET withdrawn_by_id = recorded_by_id, withdrawn_at = recorded_at, "
        "withdrawn_because = 'x' WHERE id = (SELECT deduction_id FROM scoring_appeal WHERE id = %s)",
        "scoring_deduction",
    ),
    "revoked though its line stands": (
        "upheld",
        "UPDATE scoring_appeal SET state = 'revoked' WHERE id = %s",
        "scoring_appeal",
    ),
    "ruled by the recorder": (
        "upheld",
        "UPDATE scoring_appeal SET ruled_by_id = (SELECT recorded_by_id FROM scoring_deduction "
        "WHERE id = scoring_appeal.deduction_id) WHERE id = %s",
        "scoring_appeal",
    ),
    "the line that stands instead is another": (
        "reduced",
        "UPDATE scoring_appeal SET outcome_id = deduction_id WHERE id = %s",
        "scoring_appeal",
    ),
    "no line that stands instead": (
        "lighter",
        "UPDATE scoring_appeal SET outcome_id = NULL WHERE id = %s",
        "scoring_appeal",
    ),
    "earlier appeal forgotten": (
        "again",
        "UPDATE scoring_appeal SET earlier_id = NULL WHERE id = %s",
        "scoring_appeal",
    ),
    "late though in time": (
        "upheld",
        "UPDATE scoring_appeal SET is_late = (1 = 1) WHERE id = %s",
        "scoring_appeal",
    ),
    "taken back, says nobody": (
        "late",
        "UPDATE scoring_appeal SET state = 'withdrawn', withdrawn_at = appealed_at, withdrawn_by_id = appealed_by_id "
        "WHERE id = %s",
        "scoring_appeal",
    ),
    "another department's": (
        "upheld",
        "UPDATE scoring_appeal SET deduction_id = (SELECT id FROM scoring_deduction WHERE charged_id <> "
        "scoring_appeal.department_id ORDER BY id LIMIT 1) WHERE id = %s",
        "scoring_appeal",
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampered_appeal_is_found_with_its_id(season, story, what):
    which, sql, table = TAMPERINGS[what]
    Cast(season, "工会").charge()
    tamper(sql, story[which].pk, table=table)
    assert any(str(story[which].uuid) in sentence for sentence in told(season))


def test_ruling_of_somebody_with_a_known_interest_is_a_difference_and_a_later_one_a_remark(season, cast):
    user = User.objects.get(pk=cast.lead.user_id)
    appeal = cast.rule(cast.appeal(cast.charge()))
    make_membership(season, user, Role.STAFF, department=appeal.department)
    [remark] = [one for one in check_invariants(Checked()) if str(appeal.uuid) in one.sentence]
    assert remark.is_remark
    known = make_actor(season, Role.TEAM_LEAD)
    add_interest(
        season,
        user=User.objects.get(pk=known.user_id),
        department=department(season),
        reason="亲属",
        starts_on=NOON.date(),
        by_id=cast.office.user_id,
        at=NOON,
    )
    breach = cast.rule(cast.appeal(cast.charge()), by=known)
    assert any(str(breach.uuid) in sentence for sentence in told(season))


def test_recorder_who_joined_the_department_later_is_no_breach_of_the_line_a_ruling_made(season, cast):
    appeal = cast.appeal(cast.charge(quantity=3))
    user = User.objects.get(pk=cast.recorder.user_id)
    add_interest(
        season,
        user=user,
        department=department(season),
        reason="亲属",
        starts_on=NOON.date(),
        by_id=cast.office.user_id,
        at=NOON,
    )
    made = cast.rule(appeal, AppealState.REDUCED, quantity=1).outcome
    assert [sentence for sentence in told(season) if str(made.uuid) in sentence] == []


def test_ruling_the_audit_log_does_not_know_is_found(season, story):
    tamper(
        "DELETE FROM qualityseason_auditentry WHERE act = 'appeal.rule' AND object_id = %s",
        str(story["upheld"].uuid),
        table="qualityseason_auditentry",
        event="DELETE",
    )
    assert AuditEntry.objects.filter(object_id=str(story["upheld"].uuid)).count() == 1
    assert any(str(story["upheld"].uuid) in sentence for sentence in told(season))


def test_appeals_of_a_department_are_read_with_two_queries(season, cast, django_assert_num_queries):
    for number in (1, 3):
        for _one in range(number):
            cast.rule(cast.appeal(cast.charge(quantity=3)), AppealState.REDUCED, quantity=1)
        home = department(season)
        with django_assert_num_queries(2):
            assert list(check_appeals(home, {})) == []
