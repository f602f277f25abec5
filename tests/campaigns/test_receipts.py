"""Copies received: numbers, lateness, what a newer version changes, who receives; and codes typed from paper."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.codes import nearest_code
from campaigns.calculations.plans import CODE_LETTERS, understood_code
from campaigns.enums import ObligationKind, ReceiptKind, ResponsibilityCode, Role
from campaigns.models import Interest, Obligation, Receipt
from campaigns.queries.paper_codes import find_near_code, find_paper
from campaigns.queries.receipts import receipts_page
from campaigns.services.receipts import receive_electronic, receive_paper
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.people_working import actor_of, make_receiver, make_version, on
from tests.factories import NOON, department, make_actor

ELECTRONIC, PAPER = ResponsibilityCode.ELECTRONIC_RECEIVER, ResponsibilityCode.PAPER_RECEIVER


@pytest.fixture
def personnel(season):
    """A liaison of the office that receives e-copies."""
    return actor_of(make_receiver(season, ELECTRONIC, "组织人事处", username="personnel"), season)


@pytest.fixture
def supervision(season):
    """A liaison of the office that receives paper."""
    return actor_of(make_receiver(season, PAPER, "督导室", username="supervision"), season)


@pytest.fixture
def take(supervision):
    def run(version, day=date(2009, 11, 6), *, at=NOON, newest=None, pages=12, note="", by=None):
        newest = newest or version.plan.versions.count()
        return receive_paper(
            version, pages=pages, received_on=day, note=note, newest=newest, by=by or supervision, at=at
        )

    return run


def owed(season, home="图书馆", kind=ObligationKind.PLAN_PAPER):
    return Obligation.objects.get(department=department(season, home), kind=kind)


# --- the e-copy


def test_confirmed_ecopy_is_received_on_the_day_it_was_submitted(season, personnel):
    version = make_version(season, at=on(11, 9, 23))
    receipt = receive_electronic(version, by=personnel, at=NOON)
    assert (receipt.number, receipt.kind, receipt.received_on) == (1, ReceiptKind.ELECTRONIC, date(2009, 11, 9))
    assert (receipt.entered_at, receipt.obligation.kind, receipt.is_own) == (NOON, "plan-electronic", False)
    assert AuditEntry.objects.get(act="receipt.add").after["code"] == "7KQM-2X9A"


def test_ecopy_confirmed_twice_is_one_receipt(season, personnel):
    version = make_version(season)
    assert receive_electronic(version, by=personnel, at=NOON) == receive_electronic(version, by=personnel, at=NOON)
    assert Receipt.objects.count() == 1


def test_superseded_ecopy_is_not_confirmed_any_more(season, personnel):
    first = make_version(season)
    make_version(season, number=2, code="AAAA-2222")
    with pytest.raises(Refused) as refusal:
        receive_electronic(first, by=personnel, at=NOON)
    assert refusal.value.refusal_code == "superseded"
    assert not Receipt.objects.exists()


# --- paper


def test_paper_meets_what_is_owed_at_noon_of_its_day(season, take):
    receipt = take(make_version(season))
    assert (receipt.number, receipt.kind, receipt.pages, receipt.received_on) == (1, "paper", 12, date(2009, 11, 6))
    obligation = owed(season)
    assert (obligation.met_at, obligation.recorded_at) == (on(11, 6), NOON)
    assert (obligation.met_by_kind, obligation.met_by_uuid) == ("receipt", receipt.uuid)
    assert owed(season, kind=ObligationKind.PLAN_ELECTRONIC).met_at is None


def test_paper_of_today_is_received_now(season, take):
    take(make_version(season), NOON.date(), at=NOON + timedelta(hours=3))
    assert owed(season).met_at == NOON + timedelta(hours=3)


def test_late_paper_is_taken_and_marked(season, take, supervision):
    take(make_version(season), date(2009, 11, 10))
    [row] = receipts_page(supervision, on=NOON.date()).rows
    assert row.days_late == 4  # due on the 6th


def test_extension_counts_for_the_lateness(season, take, supervision):
    Obligation.objects.filter(pk=owed(season).pk).update(extended_to=date(2009, 11, 10))
    take(make_version(season), date(2009, 11, 10))
    assert receipts_page(supervision, on=NOON.date()).rows[0].days_late == 0


def test_paper_entered_later_that_came_earlier_decides_the_lateness(season, take):
    first = make_version(season, at=on(11, 4))
    second = make_version(season, number=2, code="AAAA-2222", at=on(11, 9))
    take(second, date(2009, 11, 10))
    earlier = take(first, date(2009, 11, 5))
    obligation = owed(season)
    assert (day_of(obligation.met_at), obligation.met_by_uuid) == (date(2009, 11, 5), earlier.uuid)
    third = make_version(season, number=3, code="AAAA-3333", at=on(11, 11))
    take(third, date(2009, 11, 12))
    assert owed(season).met_by_uuid == earlier.uuid


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": date(2009, 12, 29)}, "received_on"),  # tomorrow
        ({"day": date(2999, 1, 1)}, "received_on"),
        ({"day": date(2009, 11, 4)}, "received_on"),  # before the version was submitted
        ({"pages": 0}, "pages"),
        ({"pages": -1}, "pages"),
        ({"pages": 99999}, "pages"),
        ({"note": "长" * 301}, "note"),
    ],
)
def test_nonsense_is_refused_at_its_field(season, take, values, field):
    with pytest.raises(Refused) as refusal:
        take(make_version(season), **values)
    assert refusal.value.field == field
    assert (Receipt.objects.count(), owed(season).met_at) == (0, None)


def test_same_paper_twice_links_to_the_receipt_there_is(season, take):
    version = make_version(season)
    first = take(version)
    assert take(version) == first  # the same click again
    with pytest.raises(Refused) as refusal:
        take(version, date(2009, 11, 7))
    assert (refusal.value.field, refusal.value.existing) == ("code", first)
    assert Receipt.objects.count() == 1


def test_version_submitted_in_between_is_looked_at_again(season, take):
    version = make_version(season)
    make_version(season, number=2, code="AAAA-2222")
    with pytest.raises(Refused) as refusal:
        take(version, newest=1)
    assert refusal.value.refusal_code == "stale"
    assert take(version, newest=2).version == version  # the older paper, knowingly


def test_numbers_are_consecutive_over_both_kinds_and_per_season(season, other_season, personnel, take):
    first, second = make_version(season), make_version(season, "工会", code="AAAA-2222")
    numbers = [
        receive_electronic(first, by=personnel, at=NOON).number,
        take(first).number,
        receive_electronic(second, by=personnel, at=NOON).number,
    ]
    assert numbers == [1, 2, 3]


def test_numbers_stay_consecutive_when_three_are_received_at_once(committed_season):
    season = committed_season
    by = actor_of(make_receiver(season, ELECTRONIC, "组织人事处"), season)
    homes = ("图书馆", "工会", "体育部")
    versions = [make_version(season, home, code=f"AAAA-222{n}") for n, home in enumerate(homes)]
    problems = []

    def confirm(version):
        try:
            receive_electronic(version, by=by, at=NOON)
        except Exception as error:  # told below
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[version]) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2, 3]


# --- who


@pytest.mark.parametrize("role", list(Role))
def test_only_who_has_the_responsibility_receives(season, role):
    home = department(season, "图书馆") if role in (Role.HEAD, Role.STAFF) else None
    actor, version = make_actor(season, role, department=home), make_version(season)
    with pytest.raises(PermissionDenied):
        receive_electronic(version, by=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        receive_paper(version, pages=1, received_on=NOON.date(), note="", newest=1, by=actor, at=NOON)


def test_each_receiver_takes_the_own_sort_alone(season, personnel, supervision, take):
    version = make_version(season)
    with pytest.raises(PermissionDenied):
        receive_electronic(version, by=supervision, at=NOON)
    with pytest.raises(PermissionDenied):
        take(version, by=personnel)


def test_own_departments_paper_is_taken_and_marked(season, take, supervision):
    assert take(make_version(season, "督导室")).is_own
    user = supervision.user_id
    Interest.objects.create(
        campaign=season, user_id=user, department=department(season), reason="亲属", starts_on=season.facts_from
    )
    from qualityseason.models import User

    interested = actor_of(User.objects.get(pk=user), season)
    assert take(make_version(season, code="AAAA-2222"), by=interested).is_own


# --- what waits


def test_newest_version_alone_waits_and_says_what_it_supersedes(season, personnel, take):
    first = make_version(season, at=on(11, 5))
    receive_electronic(first, by=personnel, at=NOON)
    make_version(season, number=2, code="AAAA-2222", at=on(11, 9))
    make_version(season, number=3, code="AAAA-3333", at=on(11, 10))
    page = receipts_page(personnel, on=NOON.date())
    [row] = page.electronic
    assert (row.number, [(each.number, each.is_received) for each in row.earlier]) == (3, [(1, True), (2, False)])
    assert row.days_late == 0  # the first complete submission decides
    take(first)
    [row] = receipts_page(personnel, on=NOON.date()).paper
    assert [(each.number, each.is_received) for each in row.earlier] == [(1, True), (2, False)]


def test_first_submission_after_the_day_waits_as_late(season, personnel):
    make_version(season, at=on(11, 9))
    assert receipts_page(personnel, on=NOON.date()).electronic[0].days_late == 3


def test_departments_see_their_own_receipts_and_nothing_that_waits(season, take):
    take(make_version(season))
    take(make_version(season, "工会", code="AAAA-2222"))
    page = receipts_page(make_actor(season, Role.STAFF, department=department(season)), on=NOON.date())
    assert ([row.department for row in page.rows], page.electronic, page.paper) == (["图书馆"], (), ())
    assert len(receipts_page(make_actor(season, Role.LEADERSHIP), on=NOON.date()).rows) == 2


# --- codes


@pytest.mark.parametrize("typed", ["7KQM-2X9A", "7kqm2x9a", " 7kqm – 2x9a ", "7 K Q M 2 X 9 A"])
def test_code_is_found_as_people_type_it(season, supervision, typed):
    version = make_version(season)
    found = find_paper(supervision, understood_code(typed))
    assert (found.version, found.newest, found.is_newest, found.existing) == (version, 1, True, None)


def test_paper_of_an_older_version_says_which_is_the_newest(season, supervision, take):
    first = make_version(season)
    make_version(season, number=2, code="AAAA-2222")
    receipt = take(first)
    found = find_paper(supervision, "7KQM-2X9A")
    assert (found.version, found.newest, found.is_newest, found.existing) == (first, 2, False, receipt)


def test_near_code_of_a_newest_version_is_offered(season, supervision):
    make_version(season)
    make_version(season, "工会", code="AAAA-2222")
    near = find_near_code(supervision, "7KQN-2X9A")
    assert (near.code, near.department, near.number) == ("7KQM-2X9A", "图书馆", 1)
    assert find_near_code(supervision, "ZZZZ-ZZZZ") is None
    make_version(season, number=2, code="BBBB-3333")
    assert find_near_code(supervision, "7KQN-2X9A") is None


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("7KQM-2X9A", ["7KQM-2X9A"], "7KQM-2X9A"),
        ("7KMQ-2X9A", ["7KQM-2X9A", "AAAA-2222"], "7KQM-2X9A"),  # two neighbours exchanged
        ("7KQM-2XAA", ["7KQM-2XBA", "7KQM-2XCA"], ""),  # two as near as each other
        ("7KXX-XX9A", ["7KQM-2X9A"], ""),
        ("7KQM-2X9A", [], ""),
        ("7KQM", ["7KQM-2X9A"], ""),
    ],
)
def test_nearest_code_is_offered_when_it_is_the_only_one(typed, known, meant):
    assert nearest_code(typed, known) == meant


codes = st.text(alphabet=CODE_LETTERS, min_size=8, max_size=8)


@given(codes, st.integers(0, 7), st.sampled_from(CODE_LETTERS))
def test_code_with_one_wrong_letter_is_recognised(code, place, letter):
    typed = code[:place] + letter + code[place + 1 :]
    assert nearest_code(typed, [code]) == code


@given(codes, st.sampled_from(["", " ", "-", "　"]), st.booleans())
def test_every_spelling_of_a_code_is_understood(code, between, lower):
    typed = between.join(code.lower() if lower else code)
    assert understood_code(typed) == f"{code[:4]}-{code[4:]}"
