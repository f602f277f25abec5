"""Recording, confirming, withdrawing: what each does, what each refuses, and what it writes down."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from scoring.enums import DeductionState
from scoring.models import Deduction, Tally
from scoring.services.ledger import confirm_deductions, record_deduction, withdraw_deduction
from tests.factories import (
    NOON,
    department,
    make_actor,
    make_deduction,
    make_draft,
    make_subject,
)


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def second(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def lead(season):
    return make_actor(season, Role.TEAM_LEAD)


def tally(line_or_department, category):
    """Return (charged, absorbed, pending, confirmed lines, pending lines) of a department in a category."""
    charged = getattr(line_or_department, "charged", line_or_department)
    row = Tally.objects.get(department=charged, category__code=category)
    return (row.charged, row.absorbed, row.pending, row.confirmed_lines, row.pending_lines)


def acts(line):
    """Return the audited acts about a line, oldest first, each with who did it."""
    entries = AuditEntry.objects.filter(object_type="scoring.Deduction", object_id=str(line.uuid)).order_by("pk")
    return [(entry.act, entry.by_id) for entry in entries]


# --- recording


def test_record_deduction_copies_text_and_price_and_waits(season, assessor):
    line = make_deduction(season, "P2", by=assessor, quantity=3, note="无服务举措")
    line.refresh_from_db()

    assert (line.points, line.quantity, line.amount) == (Decimal("1.00"), 3, Decimal("3.00"))
    assert line.text == line.rule.versions.get().text
    assert (line.charged.name, line.visited.name, line.note) == ("图书馆", "图书馆", "无服务举措")
    assert (line.recorded_by_id, line.recorded_at, line.state) == (assessor.user_id, NOON, DeductionState.RECORDED)
    assert tally(line, "plan") == (0, 0, 3, 0, 1)
    assert tally(line, "study") == (0, 0, 0, 0, 0)


def test_record_deduction_with_tenths_stays_exact(season, assessor, second):
    """3 × 0.10 is 0.30 and not a float beside it, on the line and in the sum."""
    line = make_deduction(season, "P1", by=assessor, confirmed_by=second, quantity=3)
    make_deduction(season, "P4", by=assessor, confirmed_by=second, quantity=7)
    assert line.amount == Decimal("0.30")
    assert tally(line, "plan") == (Decimal("1.00"), 0, 0, 2, 0)


def test_record_deduction_with_the_same_uuid_and_body_returns_the_first_line(season, assessor):
    draft = make_draft(season, "P1", quantity=2)
    first = record_deduction(draft, by=assessor, at=NOON)
    again = record_deduction(draft, by=assessor, at=NOON + timedelta(hours=1))

    assert again == first
    assert Deduction.objects.filter(uuid=draft.uuid).count() == 1
    assert tally(first, "plan") == (0, 0, Decimal("0.20"), 0, 1)
    assert acts(first) == [("deduction.record", assessor.user_id)]


@pytest.mark.parametrize(
    "change",
    [{"quantity": 3}, {"note": "别的"}, {"happened_on": date(2009, 11, 21)}, {"charged": "体育部"}, {"code": "P4"}],
    ids=lambda change: next(iter(change)),
)
def test_record_deduction_with_a_uuid_used_for_another_body_is_refused(season, assessor, change):
    same = {"uuid": uuid.uuid4(), "code": "P1", "quantity": 2, "note": "甲"}
    first = make_deduction(season, by=assessor, **same)
    with pytest.raises(Refused) as refusal:
        make_deduction(season, by=assessor, **(same | change))
    assert (refusal.value.refusal_code, refusal.value.existing) == ("uuid_reused", first)
    assert Deduction.objects.count() == 1


def test_record_deduction_with_a_uuid_of_somebody_else_is_refused_and_shows_nothing(season, assessor, second):
    draft = make_draft(season, "P1")
    record_deduction(draft, by=assessor, at=NOON)
    with pytest.raises(Refused) as refusal:
        record_deduction(draft, by=second, at=NOON)
    assert (refusal.value.refusal_code, refusal.value.existing) == ("uuid_reused", None)


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.OFFICE, Role.LEADERSHIP])
def test_record_deduction_by_somebody_outside_the_team_is_denied(season, role):
    home = department(season, "体育部") if role in (Role.HEAD, Role.STAFF) else None
    outsider = make_actor(season, role, department=home)
    with pytest.raises(PermissionDenied) as denial:
        make_deduction(season, "P1", by=outsider)
    assert not isinstance(denial.value, ConflictOfInterest)
    assert Deduction.objects.count() == 0


@pytest.mark.parametrize(("charged", "visited"), [("教务处", "教务处"), ("教务处", "工会"), ("工会", "教务处")])
def test_record_deduction_for_or_at_a_department_of_own_interest_is_a_conflict(season, charged, visited):
    interested = make_actor(season, Role.ASSESSOR, department=department(season, "教务处"))
    with pytest.raises(ConflictOfInterest):
        make_deduction(season, "P1", by=interested, charged=charged, visited=department(season, visited))
    assert Deduction.objects.count() == 0


def test_record_deduction_by_the_team_of_another_season_is_denied(season, other_season):
    stranger = make_actor(other_season, Role.TEAM_LEAD)
    with pytest.raises(PermissionDenied):
        make_deduction(season, "P1", by=stranger)


def test_record_deduction_refused_writes_nothing(season, assessor):
    before = AuditEntry.objects.count()
    with pytest.raises(Refused):
        make_deduction(season, "P1", by=assessor, quantity=100)
    assert (Deduction.objects.count(), AuditEntry.objects.count()) == (0, before)
    assert tally(department(season), "plan") == (0, 0, 0, 0, 0)


# --- confirming


def test_confirm_deductions_moves_pending_to_charged(season, assessor, second):
    line = make_deduction(season, "B1", by=assessor, quantity=4)
    assert tally(line, "execution") == (0, 0, Decimal("0.80"), 0, 1)

    result = confirm_deductions([line], by=second, at=NOON)

    line.refresh_from_db()
    assert (result.confirmed, result.refused) == ([line], [])
    assert (line.confirmed_by_id, line.confirmed_at, line.state) == (second.user_id, NOON, DeductionState.CONFIRMED)
    assert tally(line, "execution") == (Decimal("0.80"), 0, 0, 1, 0)


def test_confirm_deductions_takes_what_it_may_and_says_why_not_the_rest(season, assessor, second):
    mine = make_deduction(season, "P1", by=second)
    done = make_deduction(season, "P3", by=assessor, confirmed_by=second)
    fine = make_deduction(season, "P4", by=assessor)

    result = confirm_deductions([mine, done, fine], by=second, at=NOON)

    assert result.confirmed == [fine]
    assert [line for line, _sentence in result.refused] == [mine, done]
    assert all(sentence for _line, sentence in result.refused)
    mine.refresh_from_db()
    assert mine.state == DeductionState.RECORDED
    assert tally(fine, "plan") == (Decimal("0.60"), 0, Decimal("0.10"), 2, 1)


def test_confirm_deductions_of_own_interest_is_refused(season, assessor):
    line = make_deduction(season, "P1", by=assessor, charged="工会", visited=department(season, "教务处"))
    interested = make_actor(season, Role.TEAM_LEAD, department=department(season, "教务处"))
    assert confirm_deductions([line], by=interested, at=NOON).confirmed == []
    line.refresh_from_db()
    assert line.state == DeductionState.RECORDED


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADERSHIP])
def test_confirm_deductions_by_somebody_outside_the_team_is_refused(season, assessor, role):
    line = make_deduction(season, "P1", by=assessor)
    result = confirm_deductions([line], by=make_actor(season, role), at=NOON)
    assert (result.confirmed, [refused for refused, _why in result.refused]) == ([], [line])


def test_confirm_deductions_by_the_team_of_another_season_is_refused(season, other_season, assessor):
    line = make_deduction(season, "P1", by=assessor)
    assert confirm_deductions([line], by=make_actor(other_season, Role.TEAM_LEAD), at=NOON).confirmed == []


def test_confirm_deductions_withdrawn_meanwhile_is_refused(season, assessor, second):
    line = make_deduction(season, "P1", by=assessor)
    withdraw_deduction(Deduction.objects.get(pk=line.pk), by=assessor, at=NOON, because="重复")
    assert confirm_deductions([line], by=second, at=NOON).confirmed == []
    assert tally(line, "plan") == (0, 0, 0, 0, 0)


# --- withdrawing


def test_withdraw_deduction_gives_the_points_back_and_keeps_the_line(season, assessor, second, lead):
    line = make_deduction(season, "P3", by=assessor, confirmed_by=second, quantity=2)
    assert tally(line, "plan") == (1, 0, 0, 1, 0)

    line = withdraw_deduction(line, by=lead, at=NOON, because="  记错部门  ")

    stored = Deduction.objects.get(pk=line.pk)
    assert (stored.state, stored.withdrawn_by_id, stored.withdrawn_at) == (
        DeductionState.WITHDRAWN,
        lead.user_id,
        NOON,
    )
    assert (stored.withdrawn_because, stored.confirmed_by_id) == ("记错部门", second.user_id)
    assert tally(line, "plan") == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("because", ["", "  ", "\n"])
def test_withdraw_deduction_without_a_reason_is_refused(season, assessor, because):
    line = make_deduction(season, "P1", by=assessor)
    with pytest.raises(Refused) as refusal:
        withdraw_deduction(line, by=assessor, at=NOON, because=because)
    assert (refusal.value.field, refusal.value.refusal_code) == ("because", "reason")


def test_withdraw_deduction_twice_is_refused(season, assessor):
    line = make_deduction(season, "P1", by=assessor)
    withdraw_deduction(line, by=assessor, at=NOON, because="甲")
    with pytest.raises(Refused) as refusal:
        withdraw_deduction(line, by=assessor, at=NOON, because="乙")
    assert (refusal.value.refusal_code, refusal.value.existing) == ("withdrawn", line)
    line.refresh_from_db()
    assert line.withdrawn_because == "甲"


@pytest.mark.parametrize(
    ("state", "who", "may"),
    [
        ("recorded", "recorder", True),
        ("recorded", "lead", True),
        ("recorded", "another", False),
        ("recorded", "office", False),
        ("recorded", "lead with interest", False),
        ("confirmed", "recorder", False),
        ("confirmed", "confirmer", False),
        ("confirmed", "lead", True),
        ("confirmed", "office", False),
        ("confirmed", "leader", False),
        ("confirmed", "lead with interest", False),
        ("confirmed", "lead elsewhere", False),
    ],
)
def test_withdraw_deduction_is_for_recorder_or_team_lead(season, other_season, assessor, second, state, who, may):
    line = make_deduction(season, "P1", by=assessor, confirmed_by=second if state == "confirmed" else None)
    people = {
        "recorder": lambda: assessor,
        "confirmer": lambda: second,
        "another": lambda: make_actor(season, Role.ASSESSOR),
        "lead": lambda: make_actor(season, Role.TEAM_LEAD),
        "office": lambda: make_actor(season, Role.OFFICE),
        "leader": lambda: make_actor(season, Role.LEADERSHIP),
        "lead with interest": lambda: make_actor(season, Role.TEAM_LEAD, department=department(season)),
        "lead elsewhere": lambda: make_actor(other_season, Role.TEAM_LEAD),
    }
    actor = people[who]()
    if may:
        withdraw_deduction(line, by=actor, at=NOON, because="记错")
    else:
        with pytest.raises(PermissionDenied) as denial:
            withdraw_deduction(line, by=actor, at=NOON, because="记错")
        assert isinstance(denial.value, ConflictOfInterest) == (who == "lead with interest")
    line.refresh_from_db()
    assert (line.state == DeductionState.WITHDRAWN) == may


def test_withdrawn_fact_can_be_charged_again(season, assessor):
    first = make_deduction(season, "S5", by=assessor)
    withdraw_deduction(first, by=assessor, at=NOON, because="看错")
    second = make_deduction(season, "S5", by=assessor)
    assert first.charge_key == second.charge_key
    assert tally(second, "study") == (0, 0, 1, 0, 1)


# --- tiers and floor


def test_heaviest_tier_counts_and_the_others_are_absorbed(season, assessor, second, lead):
    """S3a 5, S4 7 and S3b 10 exclude each other; S5 beside them counts."""
    five = make_deduction(season, "S3a", by=assessor, confirmed_by=second)
    make_deduction(season, "S5", by=assessor, confirmed_by=second)
    assert tally(five, "study") == (6, 0, 0, 2, 0)

    make_deduction(season, "S4", by=assessor, confirmed_by=second)
    assert tally(five, "study") == (8, 5, 0, 3, 0)

    ten = make_deduction(season, "S3b", by=assessor)
    assert tally(five, "study") == (8, 5, 10, 3, 1)
    confirm_deductions([ten], by=second, at=NOON)
    assert tally(five, "study") == (11, 12, 0, 4, 0)

    withdraw_deduction(ten, by=lead, at=NOON, because="补交了记录")
    assert tally(five, "study") == (8, 5, 0, 3, 0)


def test_tally_keeps_what_exceeds_the_full_mark(season, assessor, second):
    """The floor is read, not stored: 10 + 1 + 1 of 10 points stay 12 in the tally."""
    for code in ("S3b", "S1a", "S5"):
        line = make_deduction(season, code, by=assessor, confirmed_by=second)
    assert tally(line, "study") == (12, 0, 0, 3, 0)


# --- b after a


def test_replacing_line_waits_without_a_key_and_takes_the_place_when_confirmed(season, assessor, second):
    subject = make_subject(season, "A11a", "校庆展板")
    late = make_deduction(season, "A11a", by=assessor, confirmed_by=second, charged="团委", subject=subject)
    undone = make_deduction(season, "A11b", by=assessor, charged="团委", subject=subject, replaces=late)

    assert late.charge_key is not None
    assert undone.charge_key is None
    assert tally(late, "execution") == (Decimal("0.50"), 0, 1, 1, 1)

    confirm_deductions([undone], by=second, at=NOON)

    late.refresh_from_db()
    undone.refresh_from_db()
    assert (late.state, undone.state) == (DeductionState.WITHDRAWN, DeductionState.CONFIRMED)
    assert undone.charge_key == late.charge_key
    assert tally(late, "execution") == (1, 0, 0, 1, 0)
    assert acts(late) == [
        ("deduction.record", assessor.user_id),
        ("deduction.confirm", second.user_id),
        ("deduction.withdraw", second.user_id),
    ]
    assert acts(undone) == [("deduction.record", assessor.user_id), ("deduction.confirm", second.user_id)]
    with pytest.raises(Refused) as refusal:
        make_deduction(season, "A11a", by=assessor, charged="团委", subject=subject)
    assert refusal.value.existing == undone


def test_replacing_line_withdrawn_leaves_the_old_one_standing(season, assessor, second):
    subject = make_subject(season, "A11a", "校庆展板")
    late = make_deduction(season, "A11a", by=assessor, confirmed_by=second, charged="团委", subject=subject)
    undone = make_deduction(season, "A11b", by=assessor, charged="团委", subject=subject, replaces=late)
    withdraw_deduction(undone, by=assessor, at=NOON, because="已补做")
    late.refresh_from_db()
    assert late.state == DeductionState.CONFIRMED
    assert tally(late, "execution") == (Decimal("0.50"), 0, 0, 1, 0)


def test_replacing_a_line_of_another_fact_is_refused(season, assessor):
    late = make_deduction(season, "A11a", by=assessor, charged="团委", subject=make_subject(season, "A11a", "校庆展板"))
    with pytest.raises(Refused) as refusal:
        make_deduction(
            season,
            "A11b",
            by=assessor,
            charged="团委",
            subject=make_subject(season, "A11b", "迎新展板"),
            replaces=late,
        )
    assert (refusal.value.field, refusal.value.refusal_code) == ("replaces", "other_fact")


def test_replacing_a_withdrawn_line_is_refused(season, assessor):
    subject = make_subject(season, "A11a", "校庆展板")
    late = make_deduction(season, "A11a", by=assessor, charged="团委", subject=subject)
    withdraw_deduction(late, by=assessor, at=NOON, because="没有迟")
    with pytest.raises(Refused) as refusal:
        make_deduction(season, "A11b", by=assessor, charged="团委", subject=subject, replaces=late)
    assert (refusal.value.field, refusal.value.refusal_code) == ("replaces", "withdrawn")


def test_replacing_a_line_by_the_same_rule_is_refused(season, assessor, second):
    """Two assessors would withdraw a confirmed line, which only a team lead may."""
    first = make_deduction(season, "S1a", by=assessor, confirmed_by=second)
    with pytest.raises(Refused) as refusal:
        make_deduction(season, "S1a", by=second, replaces=first)
    assert (refusal.value.field, refusal.value.refusal_code) == ("replaces", "same_rule")


def test_replacing_the_same_line_twice_is_refused(season, assessor):
    subject = make_subject(season, "A11a", "校庆展板")
    late = make_deduction(season, "A11a", by=assessor, charged="团委", subject=subject)
    waiting = make_deduction(season, "A11b", by=assessor, charged="团委", subject=subject, replaces=late)
    with pytest.raises(Refused) as refusal:
        make_deduction(season, "A11b", by=assessor, charged="团委", subject=subject, replaces=late)
    assert (refusal.value.refusal_code, refusal.value.existing) == ("replaced", waiting)


def test_replacing_line_whose_place_was_taken_meanwhile_is_not_confirmed(season, assessor, second):
    """The old line is withdrawn and the fact charged anew before the replacing line is confirmed."""
    subject = make_subject(season, "A11a", "校庆展板")
    late = make_deduction(season, "A11a", by=assessor, charged="团委", subject=subject)
    undone = make_deduction(season, "A11b", by=assessor, charged="团委", subject=subject, replaces=late)
    withdraw_deduction(late, by=assessor, at=NOON, because="重记")
    anew = make_deduction(season, "A11a", by=assessor, confirmed_by=second, charged="团委", subject=subject)

    result = confirm_deductions([undone], by=second, at=NOON)

    assert ([line for line, _why in result.refused], result.confirmed) == ([undone], [])
    undone.refresh_from_db()
    assert (undone.state, undone.charge_key) == (DeductionState.RECORDED, None)
    assert tally(anew, "execution") == (Decimal("0.50"), 0, 1, 1, 1)


# --- the audit log


def test_every_act_is_audited_with_what_was_done(season, assessor, second, lead):
    line = make_deduction(season, "B1", by=assessor, quantity=2)
    confirm_deductions([line], by=second, at=NOON)
    withdraw_deduction(line, by=lead, at=NOON, because="记错")

    entries = list(AuditEntry.objects.filter(object_id=str(line.uuid)).order_by("pk"))
    assert [(entry.act, entry.by_id) for entry in entries] == [
        ("deduction.record", assessor.user_id),
        ("deduction.confirm", second.user_id),
        ("deduction.withdraw", lead.user_id),
    ]
    assert {(entry.campaign_id, entry.department_id, entry.campaign_at) for entry in entries} == {
        (season.pk, line.charged_id, NOON)
    }
    assert entries[0].after == {
        "charged": "图书馆",
        "rule": "B1",
        "quantity": 2,
        "amount": "0.40",
        "happened_on": "2009-11-20",
        "charge_key": None,
    }
    assert entries[2].after == {"because": "记错"}


# --- how many queries


def test_record_deduction_asks_thirteen_queries_whatever_stands_already(season, assessor, django_assert_num_queries):
    """Savepoint, lock, uuid, version, fact charged?, line, sums, their rules, tally, audit, release."""
    for _round in range(2):
        draft = make_draft(season, "S1a" if _round else "S1b")
        with django_assert_num_queries(13):
            record_deduction(draft, by=assessor, at=NOON)


def test_confirm_deductions_asks_five_queries_and_two_for_each_line(
    season, assessor, second, django_assert_num_queries
):
    """Savepoint, lock, lines; per line its update and its audit; per department sums, rules, tally, what it has to open
    (the oldest line, what is owed); release.
    """
    make_deduction(season, "P1", by=assessor, confirmed_by=second)
    for count in (1, 3):
        lines = [make_deduction(season, "P1", by=assessor) for _line in range(count)]
        with django_assert_num_queries(3 + 2 * count + 5 + 1):
            confirm_deductions(lines, by=second, at=NOON)


def test_withdraw_deduction_asks_eleven_queries(season, assessor, django_assert_num_queries):
    """Savepoint, lock, line, whether it is appealed, its update, audit, sums, their rules, tally, release."""
    for _round in range(2):
        make_deduction(season, "P1", by=assessor)
        line = make_deduction(season, "P1", by=assessor)
        with django_assert_num_queries(11):
            withdraw_deduction(line, by=assessor, at=NOON, because="记错")


def test_recording_leaves_other_departments_and_categories_alone(season, assessor, second):
    other = make_deduction(season, "P1", by=assessor, confirmed_by=second, charged="体育部")
    make_deduction(season, "B1", by=assessor, confirmed_by=second, charged="图书馆")
    assert tally(other, "plan") == (Decimal("0.10"), 0, 0, 1, 0)
    assert tally(department(season), "plan") == (0, 0, 0, 0, 0)
    assert tally(department(season), "execution") == (Decimal("0.20"), 0, 0, 1, 0)
