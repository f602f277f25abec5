"""What was altered behind the portal's back after it was frozen is found."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from scoring.enums import Basis, PaperKind
from scoring.models import Publication, Rulebook, Snapshot
from scoring.queries.results import freeze, result_of
from scoring.services.ledger import withdraw_deduction
from scoring.services.printed_copies import copy_code
from scoring.services.publication_invariants import check_publications
from scoring.services.snapshots import sha256_of
from tests.factories import department
from tests.scoring.publishing import AFTER, Press
from tests.scoring.reading import Pair
from tests.scoring.tampering import tamper

LATER = AFTER + timedelta(days=3)


@pytest.fixture
def press(season):
    return Press(season)


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def published(season, press, pair):
    for code in ("S3a", "S3b", "S4", "B1"):
        pair.charge(code)
    line = pair.charge("B2", charged="体育部")
    first = press.publish()
    withdraw_deduction(line, by=press.lead, at=AFTER, because="误记")
    pair.charge("P2", charged="工会", quantity=3)
    press.publish(at=LATER)
    pair.charge("P2", charged="教务处")  # after both
    return first


def alter(snapshot, change, *, with_sha=False):
    """Write another content into a snapshot, past triggers, and perhaps its sha256 too."""
    said = json.loads(snapshot.content)
    change(said)
    content = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    sha256 = sha256_of(content) if with_sha else snapshot.sha256
    tamper(
        "UPDATE scoring_snapshot SET content = %s, sha256 = %s WHERE id = %s",
        content,
        sha256,
        snapshot.pk,
        table="scoring_snapshot",
    )


def first_row(said):
    return said["ranking"]["blocks"][0]["rows"][0]


def test_all_is_in_order_after_publication_correction_and_more(season, published):
    assert list(check_publications(season)) == []


def test_a_frozen_result_is_read_again_as_it_was_written(published):
    for snapshot in Snapshot.objects.all():
        assert freeze(result_of(snapshot)) == snapshot.content


def test_a_basis_changed_later_does_not_touch_what_was_frozen(season, published):
    Rulebook.objects.filter(campaign=season).update(basis=Basis.BEST_IS_FULL)
    assert list(check_publications(season)) == []


@pytest.mark.parametrize("table", ["snapshot", "publication", "display", "printedcopy"])
def test_the_database_refuses_to_delete(published, press, table):
    copy_code(published.snapshot, kind=PaperKind.BULLETIN, at=AFTER)
    sql = f"DELETE FROM scoring_{table}"  # noqa: S608  # our own table names
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_refuses_another_content(published):
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.update(content="{}")


def test_an_altered_content_is_found(season, published):
    alter(published.snapshot, lambda said: said.update(college="别处"))
    assert len(list(check_publications(season))) == 1


def test_content_and_fingerprint_altered_together_are_found(season, published):
    def change(said):
        first_row(said)["charged"][0] = "0.10"

    alter(published.snapshot, change, with_sha=True)
    found = "\n".join(check_publications(season))
    assert str(published.snapshot.uuid) in found
    assert str(published.uuid) in found  # the audit log knows the first fingerprint
    assert first_row(json.loads(published.snapshot.content))["department"] in found


def test_a_rank_that_does_not_follow_is_found(season, published):
    def change(said):
        first_row(said)["rank"] = 2

    before = len(list(check_publications(season)))
    alter(published.snapshot, change, with_sha=True)
    assert len(list(check_publications(season))) > before + 1


def test_content_that_is_nothing_is_found(season, published):
    for content in ("", "[]", "{}", '{"ranking": 3}'):
        tamper(
            "UPDATE scoring_snapshot SET content = %s WHERE id = %s",
            content,
            published.snapshot.pk,
            table="scoring_snapshot",
        )
        assert len(list(check_publications(season))) >= 2


def test_a_line_altered_after_it_was_frozen_is_found(season, published):
    charged = department(season).pk
    tamper(
        "UPDATE scoring_deduction SET quantity = 2, amount = points * 2 WHERE charged_id = %s AND points = 20", charged
    )
    found = list(check_publications(season))
    assert len(found) == 3  # on public notice and in both publications
    assert all("图书馆" in sentence for sentence in found)


def test_an_audit_log_that_lost_an_entry_is_found(season, published):
    second = Publication.objects.get(campaign=season, number=2)
    sql = "DELETE FROM qualityseason_auditentry WHERE act = 'deduction.withdraw'"
    tamper(sql, table="qualityseason_auditentry", event="DELETE")
    found = "\n".join(check_publications(season))
    assert str(second.snapshot.uuid) in found
    assert str(published.snapshot.uuid) not in found  # it was frozen before


def test_numbers_people_and_changes_altered_are_found(season, published):
    for sql in (
        "UPDATE scoring_publication SET number = 7 WHERE number = 2",
        "UPDATE scoring_publication SET decided_by_id = (SELECT MAX(id) FROM qualityseason_user)",
        "UPDATE scoring_publication SET changes = '[]'",
        "UPDATE scoring_publication SET replaces_id = NULL",
        "UPDATE scoring_display SET number = 4",
    ):
        with transaction.atomic():
            save = transaction.savepoint()
            tamper(sql, table=sql.split()[1])
            assert list(check_publications(season)) != [], sql
            transaction.savepoint_rollback(save)
    assert list(check_publications(season)) == []


def test_a_code_that_is_not_its_papers_is_found(season, published):
    code = copy_code(published.snapshot, kind=PaperKind.STATEMENT, department=department(season), at=AFTER)
    assert list(check_publications(season)) == []
    tamper("UPDATE scoring_printedcopy SET code = %s WHERE code = %s", "AAAA-2222", code, table="scoring_printedcopy")
    [sentence] = check_publications(season)
    assert "AAAA-2222" in sentence


def test_figures_rest_on_what_stood_then(season, published):
    first, second = Publication.objects.confirmed().filter(campaign=season).order_by("number")
    totals = [
        result_of(one.snapshot).statement_of(department(season, name).uuid).total
        for one in (first, second)
        for name in ("体育部", "工会", "教务处", "图书馆")
    ]
    assert totals[3] == Decimal("89.80")
    assert totals[0] < Decimal(100) == totals[4]
    assert (totals[1], totals[5]) == (Decimal(100), Decimal(97))
    assert totals[2] == totals[6] == Decimal(100)
