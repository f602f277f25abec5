"""The stored sums are what the ledger says, per department and category, tiers applied."""

from decimal import Decimal

import pytest
from django.db import transaction

from campaigns.enums import Role
from scoring.models import Category, Tally
from scoring.services.ledger import withdraw_deduction
from scoring.services.rulebook import open_tallies
from scoring.services.tallies import CategorySum, recompute_tallies, sum_ledger
from tests.factories import NOON, department, make_actor, make_deduction, make_subject


@pytest.fixture
def assessor(season):
    return make_actor(season, Role.ASSESSOR)


@pytest.fixture
def second(season):
    return make_actor(season, Role.TEAM_LEAD)


def category(season, code):
    return Category.objects.get(campaign=season, code=code).pk


def test_every_department_has_an_empty_tally_in_every_category(season):
    """24 departments by 3 categories."""
    tallies = Tally.objects.filter(campaign=season)
    assert tallies.count() == 72
    assert set(tallies.values_list("charged", "absorbed", "pending", "confirmed_lines", "pending_lines")) == {
        (0, 0, 0, 0, 0)
    }


def test_open_tallies_twice_adds_none_and_keeps_sums(season, assessor, second):
    make_deduction(season, "P3", by=assessor, confirmed_by=second)
    open_tallies(season)
    assert Tally.objects.filter(campaign=season).count() == 72
    assert Tally.objects.get(department=department(season), category__code="plan").charged == Decimal("0.50")


def test_sum_ledger_splits_counted_absorbed_and_waiting(season, assessor, second):
    """Of 3a 5, 4 7, 3b waiting 10 and two absences at 0.50, one waiting: 7 + 0.50 count, 5 is absorbed, 10.50 waits."""
    for code in ("S3a", "S4"):
        make_deduction(season, code, by=assessor, confirmed_by=second)
    make_deduction(season, "S3b", by=assessor)
    absent = [make_subject(season, "S2", name) for name in ("甲", "乙", "丙")]
    make_deduction(season, "S2", by=assessor, confirmed_by=second, subject=absent[0])
    make_deduction(season, "S2", by=assessor, subject=absent[1])
    gone = make_deduction(season, "S2", by=assessor, subject=absent[2])
    withdraw_deduction(gone, by=assessor, at=NOON, because="请了假")
    make_deduction(season, "P3", by=assessor, confirmed_by=second)
    make_deduction(season, "S5", by=assessor, confirmed_by=second, charged="体育部")

    assert sum_ledger(department(season).pk) == {
        category(season, "study"): CategorySum(Decimal("7.50"), Decimal("5.00"), Decimal("10.50"), 3, 2),
        category(season, "plan"): CategorySum(Decimal("0.50"), Decimal("0.00"), Decimal("0.00"), 1, 0),
    }


def test_sum_ledger_of_a_department_without_lines_is_empty(season):
    assert sum_ledger(department(season).pk) == {}


def test_sum_ledger_asks_two_queries_at_any_size(season, assessor, second, django_assert_num_queries):
    here = department(season).pk
    for count in (1, 3):
        for _number in range(count):
            make_deduction(season, "P1", by=assessor, confirmed_by=second)
        with django_assert_num_queries(2):
            sum_ledger(here)


def test_recompute_tallies_mends_what_was_falsified(season, assessor, second):
    make_deduction(season, "P3", by=assessor, confirmed_by=second, quantity=3)
    Tally.objects.filter(campaign=season).update(charged=99, absorbed=99, pending=99, pending_lines=9)

    with transaction.atomic():
        recompute_tallies(department(season).pk, category_ids=[category(season, "plan"), category(season, "study")])

    rows = Tally.objects.filter(department=department(season)).order_by("category__order")
    assert list(rows.values_list("charged", "absorbed", "pending", "confirmed_lines", "pending_lines")) == [
        (0, 0, 0, 0, 0),
        (Decimal("1.50"), 0, 0, 1, 0),
        (99, 99, 99, 0, 9),  # not asked for
    ]


def test_recompute_tallies_makes_a_missing_one(season, assessor):
    Tally.objects.filter(department=department(season)).delete()
    make_deduction(season, "P3", by=assessor)
    tally = Tally.objects.get(department=department(season))
    assert (tally.category.code, tally.campaign, tally.pending) == ("plan", season, Decimal("0.50"))


def test_tier_that_costs_more_together_counts_together(other_season):
    """In the invented season M2 may be charged several times: 4 × 1.50 equals M1a, 5 × 1.50 exceeds it."""
    team = [make_actor(other_season, Role.ASSESSOR) for _number in range(2)]
    at = NOON.replace(year=2031, month=6)

    def add(code, **values):
        return make_deduction(
            other_season,
            code,
            charged="灯塔馆",
            by=team[0],
            confirmed_by=team[1],
            happened_on=other_season.starts_on,
            at=at,
            **values,
        )

    add("M1a")
    add("M2", quantity=4)
    tally = Tally.objects.get(department__name="灯塔馆", category__code="meeting")
    assert (tally.charged, tally.absorbed) == (6, 6)
    add("M2")
    tally.refresh_from_db()
    assert (tally.charged, tally.absorbed) == (Decimal("7.50"), 6)
