"""Proposing, confirming, refusing, recalling and correcting a published result."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import ObligationKind, Role
from campaigns.models import Obligation
from campaigns.services.obligations import meet_obligations
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry, User
from scoring.enums import PublicationState
from scoring.models import Publication, Snapshot
from scoring.queries.published import changes_of
from scoring.queries.results import result_of
from scoring.queries.still_open import load_still_open
from scoring.services.ledger import withdraw_deduction
from scoring.services.publication_invariants import check_publications
from scoring.services.publications import confirm_publication, recall_publication, refuse_publication
from tests.factories import NOON, department, make_actor, make_membership
from tests.scoring.publishing import AFTER, Press
from tests.scoring.reading import Pair

LATER = AFTER + timedelta(days=3)
SIGN = ObligationKind.CONFIRMATION


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def press(season):
    return Press(season)


def code_of(refusal):
    return refusal.value.refusal_code


def owing(publication):
    rows = Obligation.objects.filter(kind=SIGN, key=str(publication.uuid), dropped_at__isnull=True)
    return set(rows.values_list("department__name", flat=True))


def sign(publication, name, by):
    place = department(publication.campaign, name)
    meet_obligations(
        place,
        SIGN,
        key=str(publication.uuid),
        met_at=AFTER,
        by_kind="obligation",
        by_uuid=uuid.uuid4(),
        by_id=by.user_id,
        at=AFTER,
    )


# --- proposing


def test_nothing_is_proposed_before_a_public_notice(press):
    with pytest.raises(Refused) as refusal:
        press.propose()
    assert code_of(refusal) == "no_display"
    assert not Snapshot.objects.exists()


def test_nothing_is_proposed_on_the_last_day_of_the_notice_and_the_day_is_named(press):
    press.display(days=5)
    with pytest.raises(Refused) as refusal:
        press.propose(at=NOON + timedelta(days=4))
    assert code_of(refusal) == "running"
    assert "2010-01-01" in str(refusal.value.sentence)
    assert press.propose(at=NOON + timedelta(days=5)).state == PublicationState.PROPOSED


def test_what_is_open_must_be_ticked_as_it_stands(season, press, pair):
    press.display()
    pair.charge("B1")  # nobody told the department
    pair.record("B2")
    keys = {matter.key for matter in load_still_open(season, press.office, display=None)}
    assert {"lines:1", "notices:1"} <= keys
    for ticked in ([], ["lines:1"], [*keys, "appeals:1"]):
        with pytest.raises(Refused) as refusal:
            press.propose(ticked=ticked)
        assert (code_of(refusal), refusal.value.field) == ("open", "ticked")
    pair.record("B3")  # one more meanwhile: the old tick no longer says it
    with pytest.raises(Refused):
        press.propose(ticked=keys)
    proposal = press.propose()
    assert {(entry["kind"], entry["count"]) for entry in proposal.still_open} >= {("lines", 2), ("notices", 1)}


def test_the_same_form_again_is_one_proposal_and_another_body_is_refused(press):
    press.display()
    number = uuid.uuid4()
    assert press.propose(uuid=number) == press.propose(uuid=number)
    assert Publication.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        press.propose(uuid=number, visibility="own")
    assert code_of(refusal) == "reused"


def test_one_proposal_waits_at_a_time(press):
    press.display()
    first = press.propose()
    with pytest.raises(Refused) as refusal:
        press.propose(by=press.lead)
    assert (code_of(refusal), refusal.value.existing) == ("waiting", first)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"visibility": "everything"}, "visibility"), ({"sign_until": date(2010, 1, 1)}, "sign_until")],
)
def test_terms_that_cannot_be_are_refused_at_their_field(press, values, field):
    press.display()
    with pytest.raises(Refused) as refusal:
        press.propose(**values)
    assert refusal.value.field == field


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.LEADERSHIP, Role.HEAD, Role.STAFF])
def test_only_office_and_team_lead_propose(season, press, role):
    press.display()
    place = department(season) if role in (Role.HEAD, Role.STAFF) else None
    with pytest.raises(PermissionDenied):
        press.propose(by=make_actor(season, role, department=place), ticked=[])


# --- confirming


def test_a_confirmed_publication_is_numbered_and_every_department_signs(season, press, pair):
    pair.charge("B1")
    publication = press.publish()
    assert (publication.number, publication.state) == (1, PublicationState.CONFIRMED)
    assert publication.decided_by_id == press.leader.user_id
    assert len(owing(publication)) == 24
    assert set(Obligation.objects.filter(kind=SIGN).values_list("due_on", flat=True)) == {date(2010, 1, 15)}
    assert list(check_publications(season)) == []
    acts = AuditEntry.objects.filter(object_id=str(publication.uuid)).order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["publication.propose", "publication.confirm"]


def test_confirmed_twice_by_one_leader_is_one_publication(press):
    publication = press.publish()
    assert confirm_publication(publication, by=press.leader, at=LATER).decided_at == AFTER
    assert len(owing(publication)) == 24


def test_who_proposed_does_not_confirm_even_as_a_leader(season, press):
    make_membership(season, User.objects.get(pk=press.leader.user_id), Role.OFFICE)
    press.display()
    from campaigns.queries.actors import load_actor

    both = load_actor(User.objects.get(pk=press.leader.user_id), season, on=season.facts_until)
    proposal = press.propose(by=both)
    for act in (confirm_publication, lambda *args, **rest: refuse_publication(*args, because="不", **rest)):
        with pytest.raises(PermissionDenied, match=r".+"):
            act(proposal, by=both, at=AFTER)
    assert confirm_publication(proposal, by=make_actor(season, Role.LEADERSHIP), at=AFTER).number == 1


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEAM_LEAD, Role.ASSESSOR])
def test_only_leaders_confirm(season, press, role):
    press.display()
    proposal = press.propose()
    with pytest.raises(PermissionDenied):
        confirm_publication(proposal, by=make_actor(season, role), at=AFTER)


def test_figures_that_moved_since_the_proposal_stop_it_and_are_named(season, press, pair):
    press.display()
    proposal = press.propose()
    pair.charge("B1", charged="体育部")
    with pytest.raises(Refused) as refusal:
        confirm_publication(proposal, by=press.leader, at=AFTER)
    assert code_of(refusal) == "moved"
    assert all(word in str(refusal.value.sentence) for word in ("体育部", "100.00", "99.80"))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.number) == (PublicationState.PROPOSED, None)
    assert not Obligation.objects.filter(kind=SIGN).exists()


def test_another_line_for_the_same_points_stops_it_too(season, press, pair):
    line = pair.charge("B1")
    press.display()
    proposal = press.propose()
    withdraw_deduction(line, by=press.lead, at=AFTER, because="误记")
    pair.charge("B1")
    with pytest.raises(Refused) as refusal:
        confirm_publication(proposal, by=press.leader, at=AFTER)
    assert code_of(refusal) == "moved"


def test_a_line_that_only_waits_stops_nothing(press, pair):
    press.display()
    proposal = press.propose()
    pair.record("B1")
    assert confirm_publication(proposal, by=press.leader, at=AFTER).number == 1


def test_a_day_to_sign_by_that_is_over_is_refused(press):
    press.display()
    proposal = press.propose(sign_until=date(2010, 1, 5))
    with pytest.raises(Refused) as refusal:
        confirm_publication(proposal, by=press.leader, at=NOON + timedelta(days=9))
    assert code_of(refusal) == "sign_until"


# --- refusing, recalling


def test_a_refused_proposal_keeps_its_reason_and_another_may_follow(press):
    press.display()
    proposal = press.propose()
    for because in ("  ", "长" * 301):
        with pytest.raises(Refused) as refusal:
            refuse_publication(proposal, because=because, by=press.leader, at=AFTER)
        assert refusal.value.field == "because"
    refused = refuse_publication(proposal, because="先核对", by=press.leader, at=AFTER)
    assert (refused.state, refused.because, refused.number) == (PublicationState.REFUSED, "先核对", None)
    with pytest.raises(Refused) as refusal:
        confirm_publication(proposal, by=press.leader, at=AFTER)
    assert code_of(refusal) == "decided"
    assert press.publish().number == 1


def test_only_who_proposed_takes_it_back(press):
    press.display()
    proposal = press.propose()
    with pytest.raises(PermissionDenied):
        recall_publication(proposal, by=press.lead, at=AFTER)
    assert recall_publication(proposal, by=press.office, at=AFTER).state == PublicationState.RECALLED
    assert recall_publication(proposal, by=press.office, at=AFTER).state == PublicationState.RECALLED
    assert press.propose(by=press.lead).state == PublicationState.PROPOSED


# --- correcting


def test_a_correction_says_what_changed_and_replaces(season, press, pair):
    first = press.publish()
    line = pair.charge("B1", charged="体育部", quantity=2)
    second = press.publish(at=LATER)
    assert (second.number, second.replaces) == (2, first)
    [change] = [change for change in changes_of(second.changes) if change.is_own]
    assert (change.name, change.total_from, change.total_to) == ("体育部", Decimal("100.00"), Decimal("99.60"))
    assert (change.rank_from, change.rank_to) == (1, 10)
    assert list(Publication.objects.current()) == [second]
    withdraw_deduction(line, by=press.lead, at=LATER, because="误记")
    third = press.publish(at=LATER)
    assert [(entry["from"], entry["to"]) for entry in third.changes] == [("99.60", "100.00")]
    assert list(check_publications(season)) == []


def test_a_correction_of_nothing_is_refused_unless_others_may_read_it(press):
    press.publish()
    with pytest.raises(Refused) as refusal:
        press.propose(at=LATER)
    assert code_of(refusal) == "same"
    assert press.publish(at=LATER, visibility="own").number == 2


def test_after_a_correction_those_sign_whose_figures_are_others_and_those_who_had_not(season, press, pair):
    pair.charge("B1", charged="基础部")
    first = press.publish()
    for name in owing(first) - {"图书馆"}:
        sign(first, name, press.office)
    pair.charge("B1", charged="体育部", quantity=2)  # 基础部 is no longer the last: its rank alone is another
    second = press.publish(at=LATER)
    assert {change.name for change in changes_of(second.changes)} == {"体育部", "基础部"}
    assert owing(second) == {"体育部", "图书馆"}
    assert owing(first) == {place.name for place in season.departments.all()} - {"图书馆"}  # what was signed stays
    pair.charge("B1", charged="实训中心")
    third = press.publish(at=LATER)
    assert owing(third) == {"体育部", "图书馆", "实训中心"}
    assert owing(second) == set()


def test_a_proposal_made_before_another_publication_is_refused(season, press, pair):
    """Nothing of the kind can be proposed; a row that says so all the same is not confirmed."""
    press.display()
    stale = press.propose()
    Publication.objects.filter(pk=stale.pk).update(state=PublicationState.RECALLED)
    press.publish()
    Publication.objects.filter(pk=stale.pk).update(state=PublicationState.PROPOSED)
    with pytest.raises(Refused) as refusal:
        confirm_publication(stale, by=press.leader, at=LATER)
    assert code_of(refusal) == "not_current"


def test_what_was_frozen_names_nobody_and_nothing_that_waits(press, pair):
    pair.charge("B1")
    pair.record("B2")
    publication = press.publish()
    result = result_of(publication.snapshot)
    assert {row.pending for block in result.ranking.blocks for row in block.rows} == {None}
    assert {one.pending for found in result.statements for one in found.categories} == {()}
    content = publication.snapshot.content
    for actor in (pair.first, pair.second):
        assert User.objects.get(pk=actor.user_id).username not in content
