"""Publishing, deducting and publishing again at the same moment, each with a connection of its own."""

import uuid
from datetime import timedelta

import pytest

from campaigns.enums import ObligationKind, Role
from campaigns.models import Obligation
from qualityseason.errors import Refused
from scoring.enums import PaperKind, PublicationState
from scoring.models import Display, PrintedCopy, Publication
from scoring.queries.results import result_of
from scoring.services.ledger import confirm_deductions, withdraw_deduction
from scoring.services.printed_copies import copy_code
from scoring.services.publication_invariants import check_publications
from scoring.services.publications import confirm_publication, recall_publication, refuse_publication
from tests.at_once import at_once
from tests.factories import NOON, department, make_actor
from tests.scoring.publishing import AFTER, Press
from tests.scoring.reading import Pair

NAMES = ("图书馆", "体育部", "基础部", "成人教育部")


@pytest.fixture
def press(committed_season):
    return Press(committed_season)


@pytest.fixture
def pair(committed_season):
    return Pair(committed_season)


def failures(results):
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]


def test_frozen_and_deducted_at_once_is_what_the_ledger_says_up_to_one_entry(committed_season, press, pair):
    press.display()
    waiting = [pair.record("B1", charged=name, quantity=number) for number, name in enumerate(NAMES, 1)]
    standing = pair.charge("B2", charged="图书馆")
    results = at_once(
        lambda: press.propose(ticked=_ticked(committed_season, press)),
        *(lambda line=line: confirm_deductions([line], by=pair.second, at=AFTER) for line in waiting),
        lambda: withdraw_deduction(standing, by=press.lead, at=AFTER, because="误记"),
    )
    assert failures(results) == []
    if isinstance(results[0], Refused):  # what was open had moved on: it is ticked anew
        assert results[0].refusal_code == "open"
        press.propose()
    assert list(check_publications(committed_season)) == []


def _ticked(season, press):
    from scoring.queries.still_open import load_still_open

    display = Display.objects.get(campaign=season)
    return [matter.key for matter in load_still_open(season, press.office, display=display)]


def test_published_and_deducted_at_once_is_published_with_or_without_it(committed_season, press, pair):
    press.display()
    for _round in range(3):
        line = pair.record("B1", charged="体育部")
        proposal = press.propose()
        published, confirmation = at_once(
            lambda proposal=proposal: confirm_publication(proposal, by=press.leader, at=AFTER),
            lambda line=line: confirm_deductions([line], by=pair.second, at=AFTER),
        )
        assert confirmation.confirmed == [line]
        if isinstance(published, Refused):
            assert published.refusal_code == "moved"
            refuse_publication(proposal, because="另行核对", by=press.leader, at=AFTER)
        frozen = result_of(proposal.snapshot).statement_of(department(committed_season, "体育部").uuid)
        assert line.uuid not in {one.uuid for part in frozen.categories for one in part.lines}
    assert list(check_publications(committed_season)) == []


def test_two_publications_at_once_are_one_after_the_other_or_one(committed_season, press):
    press.display()
    results = at_once(
        *(
            lambda by=by: press.propose(by=by, ticked=_ticked(committed_season, press))
            for by in (press.office, press.lead, press.office, press.lead)
        )
    )
    made = [result for result in results if isinstance(result, Publication)]
    assert (failures(results), len(made)) == ([], 1)
    assert {result.refusal_code for result in results if isinstance(result, Refused)} == {"waiting"}


def test_confirmed_refused_and_recalled_at_once_ends_in_one_of_them(committed_season, press):
    press.display()
    leaders = [press.leader, make_actor(committed_season, Role.LEADERSHIP)]
    proposal = press.propose()
    results = at_once(
        *(lambda by=by: confirm_publication(proposal, by=by, at=AFTER) for by in leaders),
        lambda: refuse_publication(proposal, because="先核对", by=leaders[1], at=AFTER),
        lambda: recall_publication(proposal, by=press.office, at=AFTER),
    )
    done = [result for result in results if isinstance(result, Publication)]
    assert (failures(results), len(done)) == ([], 1)
    owed = Obligation.objects.filter(kind=ObligationKind.CONFIRMATION).count()
    proposal.refresh_from_db()
    assert owed == (24 if proposal.state == PublicationState.CONFIRMED else 0)
    assert (proposal.number == 1) == (proposal.state == PublicationState.CONFIRMED)


def test_two_notices_at_once_are_one(committed_season, press):
    results = at_once(*[lambda: press.display(uuid=uuid.uuid4())] * 3)
    assert failures(results) == []
    assert [display.number for display in Display.objects.filter(campaign=committed_season)] == [1]
    assert [result.refusal_code for result in results if isinstance(result, Refused)] == ["standing"] * 2


def test_one_paper_printed_by_many_at_once_has_one_code(committed_season, press):
    publication = press.publish()
    place = department(committed_season)
    codes = at_once(
        *[lambda: copy_code(publication.snapshot, kind=PaperKind.STATEMENT, department=place, at=NOON)] * 4,
        *[lambda: copy_code(publication.snapshot, kind=PaperKind.BULLETIN, at=NOON + timedelta(hours=1))] * 4,
    )
    assert [len(set(codes[:4])), len(set(codes[4:])), len(set(codes))] == [1, 1, 2]
    assert PrintedCopy.objects.count() == 2
