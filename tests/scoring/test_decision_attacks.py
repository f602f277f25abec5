"""Attacks on appeals, supplements and publications: what nobody may learn, and what the ledger must survive."""

import importlib
import random
import uuid
from datetime import timedelta

import pytest
from django.apps import apps

from campaigns.enums import Role
from campaigns.models import Attachment, Interest, Obligation
from campaigns.queries.actors import load_actor
from campaigns.services.people import add_interest
from qualityseason.errors import Refused
from qualityseason.models import User
from scoring.enums import AppealState
from scoring.models import Appeal, Deduction, Display, Publication
from scoring.queries.statement import load_statement
from scoring.queries.still_open import matters_of
from scoring.services.appeals import WordOfMouth, make_appeal, rule_appeal, take_back_appeal
from scoring.services.invariants import Checked, check_invariants
from scoring.services.ledger import confirm_deductions, record_deduction, withdraw_deduction
from scoring.services.notices import hand_over_notice, open_notices
from scoring.services.publication_invariants import check_publications
from scoring.services.publications import confirm_publication
from tests.campaigns.honours_working import upload
from tests.factories import NOON, department, make_actor, make_draft
from tests.scoring.appeal_working import Cast, fresh
from tests.scoring.publishing import AFTER, Press
from tests.scoring.reading import Pair, page, reader, turn_clock
from tests.scoring.supplement_working import adopt, drafted, reprice
from tests.scoring.tampering import tamper

DAYS_LATER = NOON + timedelta(days=3)


def differences():
    """Return what check_invariants finds, remarks aside."""
    return [found.sentence for found in check_invariants(Checked()) if not found.is_remark]


# --- figures and evidence


def test_reduced_line_keeps_its_evidence(season):
    cast = Cast(season)
    line = cast.charge("B1", quantity=3, files=(upload(season, cast.recorder),))
    names = [one.name for one in _files(season, cast)[line.uuid]]
    ruled = cast.rule(cast.appeal(line), AppealState.REDUCED, quantity=1)
    assert names
    assert [one.name for one in _files(season, cast)[ruled.outcome.uuid]] == names
    assert Attachment.objects.of_owner("deduction", line.uuid).count() == 1
    assert [sentence for sentence in differences() if names[0] not in sentence] == []  # its content is not in the store


def _files(season, cast):
    found = load_statement(department(season, cast.home), actor=cast.head)
    return {line.uuid: line.files for part in found.categories for line in part.lines}


def test_recorder_whose_interest_came_later_did_not_record_the_line_again(season):
    pair, office, leader = Pair(season), make_actor(season, Role.OFFICE), make_actor(season, Role.LEADERSHIP)
    pair.record("B1", charged="体育部")
    add_interest(
        season,
        user=User.objects.get(pk=pair.first.user_id),
        department=department(season, "体育部"),
        reason="调入该部门",
        by_id=None,
        at=NOON,
        starts_on=NOON.date() + timedelta(days=1),
    )
    adopt(drafted(season, office, reprice(season, "B1", "0.90")), leader, at=DAYS_LATER)
    assert Deduction.objects.standing().get().recorded_at == DAYS_LATER
    assert differences() == []


@pytest.mark.parametrize("seed", range(6))
def test_random_acts_leave_nothing_to_complain_about(season, seed):
    chance = random.Random(seed)
    cast = Cast(season)
    leads = [cast.lead, make_actor(season, Role.TEAM_LEAD), make_actor(season, Role.TEAM_LEAD)]
    leader = make_actor(season, Role.LEADERSHIP)
    price = 10
    for step in range(70):
        at = NOON + timedelta(minutes=step)
        lines = list(Deduction.objects.select_related("replaces").order_by("pk"))
        act = chance.choice("rrrrccccooaaaaaaRRRRRRwthss")
        wanted = {"c": [one for one in lines if not one.confirmed_at], "a": [one for one in lines if one.confirmed_at]}
        among = wanted.get(act) or lines
        line = fresh(chance.choice(among)) if among else None
        try:
            if act == "r":
                code, quantity = chance.choice([("B1", 3), ("B4", 1), ("S3a", 1), ("S3b", 1), ("S4", 1), ("P2", 4)])
                month = {"month": "2009-11"} if code == "B4" else {}
                draft = make_draft(season, code, charged=cast.home, quantity=quantity, **month)
                record_deduction(draft, by=cast.recorder, at=at)
            elif act == "s":
                price += 1
                draft = drafted(season, cast.office, reprice(season, "B1", f"0.{price}"))
                adopt(draft, leader, at=at)
            elif line is None:
                continue
            elif act == "c":
                confirm_deductions([line], by=cast.confirmer, at=at)
            elif act == "o":
                open_notices([line], by=chance.choice([cast.head, cast.liaison]), at=at)
            elif act == "a":
                spoken = chance.choice([None, WordOfMouth("王明", at.date())])
                by = cast.head if spoken is None else cast.office
                make_appeal(line, uuid=uuid.uuid4(), reason="不符", spoken=spoken, by=by, at=at)
            elif act == "w":
                withdraw_deduction(line, by=cast.lead, at=at, because="误记")
            elif act == "h":
                untold = [one.uuid for one in Deduction.objects.confirmed().filter(told_at=None)]
                hand_over_notice(
                    department(season, cast.home), uuid=uuid.uuid4(), lines=untold, handed_on=at.date(),
                    received_by="李", by=cast.office, at=at,
                )  # fmt: skip
            else:
                _rule_or_take_back(chance, act, cast, leads, at)
        except Refused:
            pass
    assert Appeal.objects.filter(ruled_at__isnull=False).exists()
    assert differences() == []


def _rule_or_take_back(chance, act, cast, leads, at):
    pending = list(Appeal.objects.pending())
    if not pending:
        return
    appeal = chance.choice(pending)
    if act == "t":
        take_back_appeal(appeal, by=cast.office if appeal.spoken_by else cast.head, at=at)
        return
    state = chance.choice([AppealState.UPHELD, AppealState.REVOKED, AppealState.REDUCED, AppealState.REDUCED])
    rule_appeal(
        appeal, state=state, ruling="核对", quantity=appeal.deduction.quantity - 1, by=chance.choice(leads), at=at
    )


# --- what is open when a result is published


def test_list_of_what_is_open_names_the_departments_of_the_proposer_too(season):
    press, pair = Press(season), Pair(season)
    place = department(season, "体育部")
    Interest.objects.create(
        campaign=season,
        user_id=press.lead.user_id,
        department=place,
        reason="配偶",
        starts_on=season.facts_from,
    )
    lead = load_actor(User.objects.get(pk=press.lead.user_id), season, on=NOON.date())
    pair.record("B1", charged="体育部")
    pair.record("B1", charged="图书馆")
    press.display()
    proposal = press.propose(by=lead)

    def lines(actor):
        return [matter.count for matter in matters_of(proposal.still_open, actor) if matter.kind == "lines"]

    assert (lines(lead), lines(press.leader)) == ([1], [2])


def test_appeal_made_since_the_proposal_keeps_it_from_being_published(season):
    press, cast = Press(season), Cast(season)
    line = cast.charge("B1")
    press.display()
    proposal = press.propose()
    appeal = cast.appeal(line, at=AFTER)
    with pytest.raises(Refused) as refused:
        confirm_publication(proposal, by=press.leader, at=AFTER)
    assert refused.value.refusal_code == "open"
    take_back_appeal(appeal, by=cast.head, at=AFTER)
    assert confirm_publication(proposal, by=press.leader, at=AFTER).number == 1


# --- what is changed behind the portal's back


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scoring_publication SET state = 'recalled', number = NULL",
        "UPDATE scoring_publication SET visibility = 'own'",
        "UPDATE scoring_display SET ends_on = '2009-12-28'",
        "UPDATE scoring_display SET visibility = 'own'",
    ],
)
def test_publication_changed_in_the_database_is_noticed(season, sql):
    press = Press(season)
    Pair(season).charge("B1")
    press.publish()
    assert list(check_publications(season)) == []
    tamper(sql, table=sql.split()[1])
    assert list(check_publications(season)) != []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scoring_appeal SET state = 'revoked'",
        "UPDATE scoring_appeal SET state = 'pending', ruled_at = NULL, ruled_by_id = NULL",
        "UPDATE scoring_appeal SET state = 'withdrawn', withdrawn_at = ruled_at, ruled_at = NULL, ruled_by_id = NULL",
    ],
)
def test_ruling_turned_round_in_the_database_is_noticed(season, sql):
    cast = Cast(season)
    cast.rule(cast.appeal(cast.charge("B1")))
    assert differences() == []
    tamper(sql, table="scoring_appeal")
    assert differences() != []


# --- what a department may read


def test_result_put_up_ahead_is_not_to_be_known_by_its_papers(season):
    press = Press(season)
    turn_clock(season, NOON)
    display = press.display(starts_on=NOON.date() + timedelta(days=2))
    head = make_actor(season, Role.HEAD, department=department(season))
    for name in ("display", "papers"):
        assert reader(press.office).get(page(name, season, display.uuid)).status_code == 200
        assert reader(head).get(page(name, season, display.uuid)).status_code == 404


def test_own_visibility_yields_nothing_about_others_on_any_page(season):
    press, pair = Press(season), Pair(season)
    pair.charge("B1", charged="体育部", quantity=3)
    pair.charge("B1", charged="图书馆")
    press.display(visibility="own")
    first = confirm_publication(press.propose(visibility="own"), by=press.leader, at=AFTER)
    pair.charge("B2", charged="体育部", at=AFTER)
    second = confirm_publication(press.propose(visibility="own"), by=press.leader, at=AFTER)
    head, other = make_actor(season, Role.HEAD, department=department(season)), department(season, "体育部")
    turn_clock(season, AFTER)
    client, display = reader(head), Display.objects.get(campaign=season)
    addresses = [
        page("publications", season),
        *(page(name, season, one.uuid) for one in (first, second) for name in ("publication", "papers")),
        page("display", season, display.uuid),
        page("appeals", season),
        page("supplements", season),
        page("rulebook", season),
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "体育部" not in answer.content.decode(), address
        assert str(other.uuid) not in answer.content.decode(), address
    for one in (first, second):
        assert client.get(page("publication-statement", season, one.uuid, other.uuid)).status_code == 404
    assert Publication.objects.confirmed().count() == 2


# --- an installation that has confirmed lines already


def test_migration_owes_the_notices_of_lines_confirmed_before(season):
    pair = Pair(season)
    pair.charge("B1", charged="体育部", at=NOON + timedelta(days=1))
    pair.charge("B1", charged="体育部")
    pair.charge("B1", charged="图书馆")
    pair.record("B1", charged="基础部")
    Obligation.objects.filter(kind="notice").delete()
    assert differences() != []
    owe = importlib.import_module("scoring.migrations.0007_notices_owed").owe
    for _again in range(2):
        owe(apps, None)
        assert differences() == []
    assert Obligation.objects.filter(kind="notice").count() == 2
