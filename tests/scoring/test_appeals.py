"""Making appeals and taking them back: who, until when, how often, and what refuses to move meanwhile."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from campaigns.enums import Role
from campaigns.models import Delegation
from campaigns.queries.actors import load_actor
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from scoring.enums import AppealState
from scoring.models import Appeal
from scoring.services.appeals import WordOfMouth, take_back_appeal
from scoring.services.ledger import confirm_deductions, withdraw_deduction
from tests.factories import NOON, department, make_actor, make_deduction, make_subject
from tests.scoring.appeal_working import LATER, Cast, fresh, states


@pytest.fixture
def cast(season):
    return Cast(season)


def test_head_appeals_a_told_line_once_however_often_it_is_sent(cast):
    line, key = cast.charge(), uuid.uuid4()
    first = cast.appeal(line, uuid=key)
    assert cast.appeal(line, uuid=key) == first
    assert (first.state, first.is_late, first.spoken_by, first.department) == ("pending", False, "", line.charged)
    assert AuditEntry.objects.filter(act="appeal.make").count() == 1
    with pytest.raises(Refused) as refused:
        cast.appeal(line, uuid=key, reason="别的理由")
    assert refused.value.refusal_code == "reused"


@pytest.mark.parametrize(("reason", "code"), [("", "empty"), ("  ", "empty"), ("字" * 2001, "long")])
def test_appeal_without_a_fitting_reason_is_refused_at_it(cast, reason, code):
    with pytest.raises(Refused) as refused:
        cast.appeal(cast.charge(), reason=reason)
    assert (refused.value.field, refused.value.refusal_code) == ("reason", code)


def test_window_counts_from_the_telling_and_its_last_day_is_in_time(season, cast):
    line = cast.charge()
    assert line.appeal_until == date(2009, 12, 28) + timedelta(days=season.appeal_days)
    last = NOON + timedelta(days=season.appeal_days)
    assert cast.appeal(line, at=last.replace(hour=23, minute=59)).is_late is False


def test_appeal_after_the_last_day_is_refused_with_the_date_and_the_office_enters_it(season, cast):
    line = cast.charge()
    after = NOON + timedelta(days=season.appeal_days + 1)
    with pytest.raises(Refused) as refused:
        cast.appeal(line, at=after)
    assert refused.value.refusal_code == "late"
    assert line.appeal_until.isoformat() in str(refused.value.sentence)
    late = cast.appeal(line, by=cast.office, at=after, spoken=WordOfMouth("李主任", after.date()))
    assert (late.is_late, late.spoken_by, late.appealed_on) == (True, "李主任", after.date())


def test_appeal_said_in_time_and_entered_later_is_in_time(season, cast):
    line = cast.charge()
    said = WordOfMouth("李主任", line.appeal_until)
    made = cast.appeal(line, by=cast.office, at=NOON + timedelta(days=season.appeal_days + 5), spoken=said)
    assert made.is_late is False


@pytest.mark.parametrize(
    ("name", "on", "field", "code"),
    [
        ("", NOON.date(), "name", "name"),
        ("长" * 51, NOON.date(), "name", "name"),
        ("李主任", NOON.date() + timedelta(days=1), "on", "future"),
        ("李主任", NOON.date() - timedelta(days=1), "on", "before"),
    ],
)
def test_word_of_mouth_that_cannot_be_is_refused_at_its_field(cast, name, on, field, code):
    line = cast.charge()
    with pytest.raises(Refused) as refused:
        cast.appeal(line, by=cast.office, spoken=WordOfMouth(name, on))
    assert (refused.value.field, refused.value.refusal_code) == (field, code)


def test_head_who_appeals_an_unopened_line_is_told_of_it_by_that(cast):
    line = cast.charge(told=False)
    cast.appeal(line)
    assert fresh(line).told_by_id == cast.head.user_id


def test_line_appealed_already_is_refused_with_the_day_and_the_appeal(cast):
    line = cast.charge()
    first = cast.appeal(line)
    for values in ({}, {"by": cast.office, "spoken": WordOfMouth("李主任", NOON.date())}):
        with pytest.raises(Refused) as refused:
            cast.appeal(line, **values)
        assert (refused.value.refusal_code, refused.value.existing) == ("again", first)
        assert "2009-12-28" in str(refused.value.sentence)


def test_withdrawn_and_unconfirmed_lines_are_not_appealed(season, cast):
    line = cast.charge()
    withdraw_deduction(line, by=cast.lead, at=LATER, because="看错")
    recorded = make_deduction(season, "P1", by=cast.recorder)
    for one, code in ((line, "withdrawn"), (recorded, "unconfirmed")):
        with pytest.raises(Refused) as refused:
            cast.appeal(one)
        assert refused.value.refusal_code == code


def test_who_does_not_answer_for_the_department_does_not_appeal(season, cast):
    line = cast.charge()
    other = make_actor(season, Role.HEAD, department=department(season, "工会"))
    for actor in (cast.liaison, cast.recorder, cast.lead, other, cast.office):
        with pytest.raises(PermissionDenied):
            cast.appeal(line, by=actor)
    spoken = WordOfMouth("李主任", NOON.date())
    for actor in (cast.head, cast.lead):
        with pytest.raises(PermissionDenied):
            cast.appeal(line, by=actor, spoken=spoken)
    own = make_actor(season, Role.OFFICE, department=line.charged)
    with pytest.raises(ConflictOfInterest):
        cast.appeal(line, by=own, spoken=spoken)
    assert states() == []


def test_liaison_to_whom_the_head_handed_it_appeals_on_these_days(season, cast):
    line = cast.charge()
    Delegation.objects.create(
        campaign=season,
        department=line.charged,
        head_id=cast.head.user_id,
        delegate_id=cast.liaison.user_id,
        starts_on=NOON.date(),
        ends_on=NOON.date(),
        given_at=NOON,
    )
    user = User.objects.get(pk=cast.liaison.user_id)
    assert cast.appeal(line, by=load_actor(user, season, on=NOON.date())).appealed_by == user
    with pytest.raises(PermissionDenied):
        cast.appeal(cast.charge(), by=load_actor(user, season, on=NOON.date() + timedelta(days=1)))


def test_appeal_taken_back_leaves_the_line_and_may_be_made_again_within_the_window(cast):
    line = cast.charge()
    first = cast.appeal(line)
    for _time in range(2):
        assert take_back_appeal(first, by=cast.head, at=LATER).state == AppealState.WITHDRAWN
    assert AuditEntry.objects.filter(act="appeal.take-back").count() == 1
    assert fresh(line).withdrawn_at is None
    cast.appeal(line)
    assert states() == ["withdrawn", "pending"]


def test_ruled_appeal_is_not_taken_back(cast):
    appeal = cast.rule(cast.appeal(cast.charge()))
    with pytest.raises(Refused) as refused:
        take_back_appeal(appeal, by=cast.head, at=LATER)
    assert refused.value.refusal_code == "ruled"


def test_office_takes_back_what_it_entered_and_nothing_else(season, cast):
    written = cast.appeal(cast.charge())
    spoken = cast.appeal(cast.charge(), by=cast.office, spoken=WordOfMouth("李主任", NOON.date()))
    for actor in (cast.office, cast.liaison, cast.lead):
        with pytest.raises(PermissionDenied):
            take_back_appeal(written, by=actor, at=LATER)
    with pytest.raises(ConflictOfInterest):
        take_back_appeal(spoken, by=make_actor(season, Role.OFFICE, department=written.department), at=LATER)
    assert take_back_appeal(spoken, by=cast.office, at=LATER).state == AppealState.WITHDRAWN
    assert take_back_appeal(written, by=cast.head, at=LATER).state == AppealState.WITHDRAWN


def test_line_under_appeal_is_left_to_the_ruling(cast):
    line = cast.charge()
    cast.appeal(line)
    with pytest.raises(Refused) as refused:
        withdraw_deduction(line, by=cast.lead, at=LATER, because="看错")
    assert refused.value.refusal_code == "appealed"
    assert fresh(line).withdrawn_at is None


def test_line_that_would_replace_one_under_appeal_waits_for_the_ruling(season):
    cast = Cast(season, "工会")
    subject = make_subject(season, "A11a", "报表")
    late = cast.charge("A11a", subject=subject)
    worse = make_deduction(season, "A11b", by=cast.recorder, charged="工会", subject=subject, replaces=late)
    appeal = cast.appeal(late)
    done = confirm_deductions([worse], by=cast.confirmer, at=LATER)
    assert (done.confirmed, [line for line, _sentence in done.refused]) == ([], [worse])
    cast.rule(appeal)
    assert confirm_deductions([worse], by=cast.confirmer, at=LATER).confirmed == [worse]


def test_appeal_is_never_rewritten_nor_deleted_in_the_database(cast):
    appeal = cast.appeal(cast.charge())
    for act in (
        lambda: Appeal.objects.filter(pk=appeal.pk).update(reason="改"),
        lambda: Appeal.objects.filter(pk=appeal.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
